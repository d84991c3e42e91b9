"""The training loop of the predictor: one network, one adapter per task, learned together."""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from engine.diffusion.devices import compute_dtype, pick_device
from engine.diffusion.network import Network, TaskAdapter, beside
from engine.diffusion.predictor import NETWORK_FILE
from engine.diffusion.runner import keep_freed_memory
from engine.diffusion.weight_files import load_adapter, load_network
from engine.progress import Progress
from engine.weights import sha256
from trainer.checkpoint import Position, TrainState, load_state, save_state
from trainer.config import TrainConfig
from trainer.degrade import DAMAGES
from trainer.loss import TaskBalance, damage_loss, restoration_loss
from trainer.pairs import Batch, Pairs
from trainer.recipe import Recipe, load_recipe

log = logging.getLogger(__name__)

_FOLLOW_EVERY = 5
_ADAPTER_RATE = 0.5
"""Learning rate of the adapters over the network's: their two factors move as a product."""


class Learner(nn.Module):
    """The network with an adapter for each task; the plain task "" runs without one."""

    def __init__(self, network: Network, adapters: dict[str, TaskAdapter]) -> None:
        super().__init__()
        self.network = network
        self.adapters = nn.ModuleDict(adapters)

    def forward(
        self, tasks: Sequence[str], degraded: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Restored pictures (b, 3, h, w), each by its task, and damage logits (b, 1, h, w)."""
        adapters = [self.adapter(task) if task else None for task in tasks]
        change, logits = self.network(degraded, mask, beside(self.network, adapters))
        return degraded + change.float(), logits.float()

    def adapter(self, task: str) -> TaskAdapter:
        adapter = self.adapters[task]
        assert isinstance(adapter, TaskAdapter)
        return adapter


def _learner(config: TrainConfig, recipe: Recipe) -> Learner:
    """Fresh weights, those of the model `config.start`, or adapters for a frozen `config.onto`."""
    tasks = [task.id for task in recipe.tasks if task.id]
    source = config.onto or config.start
    if source is None:
        adapters = {task: TaskAdapter(config.sizes, config.rank) for task in tasks}
        return Learner(Network(config.sizes), adapters)
    network = load_network(source / NETWORK_FILE)
    checksum = sha256(source / NETWORK_FILE)
    adapters = {}
    for task in tasks:
        path = source / f"{task}.safetensors"
        fresh = TaskAdapter(network.sizes, config.rank)
        adapters[task] = load_adapter(path, network, checksum)[0] if path.exists() else fresh
        adapters[task].requires_grad_(True)
    network.requires_grad_(config.onto is None)
    return Learner(network, adapters)


class _Stream(Dataset[Batch]):
    """Batches from `start` on, as a dataset so that worker processes can make them ahead."""

    def __init__(self, pairs: Pairs, start: int, count: int) -> None:
        self.pairs, self.start, self.count = pairs, start, count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> Batch:
        return self.pairs.batch(self.start + index)


@dataclass(slots=True)
class Trainer:
    """One training of the predictor."""

    config: TrainConfig
    recipe: Recipe
    pairs: Pairs
    device: torch.device
    state: TrainState
    balance: TaskBalance

    @property
    def average(self) -> Learner:
        """The moving average of the weights, the ones to export."""
        assert isinstance(self.state.average, Learner)
        return self.state.average

    @property
    def damaging(self) -> frozenset[str]:
        """The tasks that teach where a picture is destroyed."""
        return frozenset(
            task.id
            for task in self.recipe.tasks
            if any(step.use in DAMAGES for chain in task.chains for step in chain.steps)
        )

    @staticmethod
    def prepared(config: TrainConfig, tasks: Sequence[str] = ()) -> Trainer:
        """Read recipe and photos, build the network, continue a run where there is one.

        `tasks` limits the recipe to these. Raises `BadRecipe`, and with `config.onto` the errors
        of the weights there.
        """
        keep_freed_memory()
        torch.manual_seed(config.seed)
        recipe = load_recipe(config.recipe)
        if tasks:
            recipe = recipe.only(tasks)
        device = pick_device(config.device)
        learner = _learner(config, recipe).to(device)
        for weight in learner.network.parameters():
            weight.data = weight.data.contiguous(memory_format=torch.channels_last)
        average = deepcopy(learner)
        optimiser = torch.optim.AdamW(
            [{"params": learner.network.parameters()}, {"params": learner.adapters.parameters()}],
            config.learning_rate,
            weight_decay=config.weight_decay,
            fused=device.type in ("cpu", "cuda"),
        )
        state = TrainState(learner, average, optimiser, Position())
        if load_state(state, config.run):
            log.info("continuing at step %d", state.position.step)
        pairs = Pairs(config.photos, recipe, config.seed)
        emphasis = {task.id: task.weight for task in recipe.tasks}
        balance = TaskBalance(emphasis, means=state.position.means)
        return Trainer(config, recipe, pairs, device, state, balance)

    def run(self, progress: Progress) -> Learner:
        """Train to the end and return the averaged weights.

        `Cancelled` from `progress` leaves a checkpoint behind.
        """
        config, position = self.config, self.state.position
        self.state.position.means = self.balance.means
        started = time.perf_counter() - position.seconds
        try:
            for batch in self._batches():
                done = self._done()
                if done >= 1:
                    break
                self._step(batch, done)
                position.step += 1
                position.crops += len(batch.clean)
                position.seconds = time.perf_counter() - started
                if position.step % config.log_every == 0:
                    self._log(done)
                    progress.report(min(done, 1.0), f"step {position.step}")
                if position.step % config.save_every == 0:
                    save_state(self.state, config.run)
        finally:
            save_state(self.state, config.run)
        return self.average

    def _done(self) -> float:
        """Share of the training that lies behind, 0 to 1."""
        position = self.state.position
        if self.config.hours:
            return position.seconds / (self.config.hours * 3600)
        return position.step / self.config.steps

    def _batches(self) -> Iterator[Batch]:
        left = 10**9 if self.config.hours else self.config.steps - self.state.position.step
        stream = _Stream(self.pairs, self.state.position.step, max(left, 1))
        workers = self.config.workers
        ahead = {"prefetch_factor": 6, "multiprocessing_context": "fork"} if workers else {}
        loader = DataLoader(
            stream,
            batch_size=None,
            collate_fn=_same,  # type: ignore[arg-type]  # without batches of batches, one item
            num_workers=workers,
            worker_init_fn=_calm_worker,
            **ahead,  # type: ignore[arg-type]  # two options of different types
        )
        return iter(loader)

    def _step(self, batch: Batch, done: float) -> None:
        """One update of the weights."""
        optimiser, learner = self.state.optimiser, self.state.weights
        for group, share in zip(optimiser.param_groups, (1.0, _ADAPTER_RATE), strict=True):
            group["lr"] = share * self._rate(done)
        degraded, clean, damage, mask = (
            torch.from_numpy(a).to(self.device, memory_format=torch.channels_last)
            for a in (batch.degraded, batch.clean, batch.damage, batch.mask)
        )
        dtype = compute_dtype(self.device)
        with torch.autocast(self.device.type, dtype, enabled=dtype != torch.float32):
            restored, logits = learner(batch.tasks, degraded, mask)
        loss = self._loss(batch.tasks, restored, clean, logits, damage)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.clip_grad_norm_(learner.parameters(), self.config.clip)
        if bool(torch.isfinite(norm)):
            optimiser.step()
            self._follow()
        else:
            log.warning("step %d gave no finite gradient", self.state.position.step)

    def _loss(
        self, tasks: Sequence[str], restored: Tensor, clean: Tensor, logits: Tensor, damage: Tensor
    ) -> Tensor:
        own = restoration_loss(restored, clean, damage)
        weights = [
            self.balance.weight(task, value)
            for task, value in zip(tasks, own.detach().tolist(), strict=True)
        ]
        loss = (own * own.new_tensor(weights)).mean()
        marked = [i for i, task in enumerate(tasks) if task in self.damaging]
        if marked:
            share = len(marked) / len(tasks)
            loss = loss + share * damage_loss(logits[marked], damage[marked])
        return loss

    def _rate(self, done: float) -> float:
        """Cosine from the full rate to none, after a linear warm-up."""
        warm = min(1.0, (self.state.position.step + 1) / max(self.config.warm_up, 1))
        return self.config.learning_rate * warm * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))

    @torch.no_grad()
    def _follow(self) -> None:
        """Move the average towards the weights; faster while there is little to average.

        Done every few steps with the decay of as many, for it costs as much memory traffic as
        the optimiser.
        """
        step = self.state.position.step
        if step % _FOLLOW_EVERY:
            return
        decay = min(self.config.average, (1 + step) / (10 + step)) ** _FOLLOW_EVERY
        pairs = zip(self.state.average.parameters(), self.state.weights.parameters(), strict=True)
        for mean, now in pairs:
            mean.lerp_(now, 1 - decay)

    def _log(self, done: float) -> None:
        position = self.state.position
        entry = {
            "step": position.step,
            "done": round(done, 5),
            "hours": round(position.seconds / 3600, 4),
            "crops": position.crops,
            "rate": self._rate(done),
            "loss": {task or "plain": round(mean, 5) for task, mean in self.balance.means.items()},
        }
        self.config.run.mkdir(parents=True, exist_ok=True)
        with (self.config.run / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")


def _same(batch: Batch) -> Batch:
    return batch


def _calm_worker(number: int) -> None:
    """Pairs are made on one thread a worker, so that they do not fight the network for cores."""
    import cv2

    del number
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
