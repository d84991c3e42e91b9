"""The training loop of the predictor: one network, one adapter per task, learned together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.diffusion.blocks import residuals
from engine.diffusion.devices import compute_dtype, pick_device
from engine.diffusion.network import Network, TaskAdapter
from engine.diffusion.networks import NETWORK_FILE, network_files
from engine.diffusion.runner import keep_freed_memory
from engine.diffusion.weight_files import load_adapter, load_network, network_of
from engine.errors import WrongAdapter
from engine.progress import Progress
from engine.weights import sha256
from trainer.checkpoint import Origin, TrainState, sign_of
from trainer.config import TrainConfig
from trainer.degrade import DAMAGES
from trainer.loop import Group, Loop
from trainer.loss import BLOCK, TaskBalance, blotch_loss, damage_loss, restoration_loss
from trainer.pairs import Batch, Pairs
from trainer.recipe import Recipe
from trainer.recipe_files import load_recipe
from trainer.supply import batches

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
        order: list[int] = []
        parts: list[tuple[Tensor, Tensor]] = []
        for task in dict.fromkeys(tasks):
            rows = [row for row, other in enumerate(tasks) if other == task]
            order += rows
            blocks = residuals(self.adapter(task).fold(self.network)) if task else None
            parts.append(self.network(_rows(degraded, rows), _rows(mask, rows), blocks))
        back = torch.tensor(order).argsort()
        change, logits = (torch.cat(part)[back].float() for part in zip(*parts, strict=True))
        return degraded + change, logits

    def adapter(self, task: str) -> TaskAdapter:
        adapter = self.adapters[task]
        assert isinstance(adapter, TaskAdapter)
        return adapter


def _rows(pictures: Tensor, rows: Sequence[int]) -> Tensor:
    return pictures[rows].contiguous(memory_format=torch.channels_last)


def _recipe(config: TrainConfig, tasks: Sequence[str]) -> Recipe:
    """What of the recipe is trained; raises `BadRecipe`."""
    recipe = load_recipe(config.recipe)
    if tasks:
        recipe = recipe.only(tasks)
    return recipe if config.onto is None else recipe.adapted()


def _learner(config: TrainConfig, recipe: Recipe) -> tuple[Learner, str]:
    """Fresh weights, those of the model `config.start`, or adapters for a frozen `config.onto`; and
    of that the checksum, else ""."""
    tasks = [task.id for task in recipe.tasks if task.id]
    source = config.onto or config.start
    if source is None:
        adapters = {task: TaskAdapter(config.sizes, config.rank) for task in tasks}
        return Learner(Network(config.sizes), adapters), ""
    file = network_file(source, tasks)
    network, checksum = load_network(file), sha256(file)
    adapters = {}
    for task in tasks:
        path = source / f"{task}.safetensors"
        if path.exists():
            adapters[task] = load_adapter(path, network, checksum)[0].requires_grad_(True)
        else:
            adapters[task] = TaskAdapter(network.sizes, config.rank)
    network.requires_grad_(config.onto is None)
    return Learner(network, adapters), checksum if config.onto is not None else ""


def network_file(folder: Path, tasks: Iterable[str]) -> Path:
    """Of a model's networks the one that these tasks' adapters were made for, the main one where
    they have none yet.

    Raises `WrongAdapter` where they are for several networks, or for one that is not there.
    """
    paths = [folder / f"{task}.safetensors" for task in tasks if task]
    named = {network_of(path) for path in paths if path.exists()}
    if len(named) > 1:
        raise WrongAdapter("The tasks are of several networks.", "Name those of one with --tasks.")
    there = {sha256(path): path for path in network_files(folder) if path.exists()}
    for checksum in named:
        if checksum not in there:
            raise WrongAdapter(
                "The tasks' adapters were made for another version of the network.",
                "Name the model that they were made for, or remove their files.",
            )
        return there[checksum]
    return folder / NETWORK_FILE


@dataclass(slots=True)
class Trainer:
    """One training of the predictor."""

    config: TrainConfig
    recipe: Recipe
    pairs: Pairs
    device: torch.device
    loop: Loop
    balance: TaskBalance

    @property
    def state(self) -> TrainState:
        """Weights, their average, the optimiser, and how far the training is."""
        return self.loop.state

    @property
    def average(self) -> Learner:
        """The moving average of the weights, the ones to export."""
        assert isinstance(self.loop.average, Learner)
        return self.loop.average

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

        `tasks` limits the recipe to these, `config.onto` to those that have adapters. Raises
        `BadRecipe`, and with `config.onto` or `config.start` the errors of the weights there.
        """
        keep_freed_memory()
        torch.manual_seed(config.seed)
        recipe, device = _recipe(config, tasks), pick_device(config.device)
        learner, network = _learner(config, recipe)
        recipe.in_multiples(max(BLOCK, learner.network.sizes.multiple_of))
        learner = learner.to(device)
        for weight in learner.network.parameters():
            weight.data = weight.data.contiguous(memory_format=torch.channels_last)
        groups = [
            Group(list(learner.network.parameters())),
            Group(list(learner.adapters.parameters()), _ADAPTER_RATE),
        ]
        origin = Origin(network, sign_of(recipe, config.seed))
        loop = Loop(learner, config.pace, config.run, groups, origin)
        pairs = Pairs(config.photos, recipe, config.seed)
        balance = TaskBalance(
            emphasis={task.id: task.weight for task in recipe.tasks},
            evenness={task.id: task.evenness for task in recipe.tasks},
            means=loop.state.position.means,
        )
        return Trainer(config, recipe, pairs, device, loop, balance)

    def run(self, progress: Progress) -> Learner:
        """Train to the end and return the averaged weights.

        `Cancelled` from `progress` leaves a checkpoint behind.
        """
        pace, step = self.config.pace, self.state.position.step
        left = None if pace.hours else pace.steps - step
        source = batches(self.pairs, step, self.config.workers, left)
        self.loop.run(lambda step: self._loss(next(source)), progress, self.recipe.batch)
        return self.average

    def _loss(self, batch: Batch) -> Tensor:
        learner = self.state.weights
        degraded, clean, damage, mask = (
            torch.from_numpy(a).to(self.device, memory_format=torch.channels_last)
            for a in (batch.degraded, batch.clean, batch.damage, batch.mask)
        )
        dtype = compute_dtype(self.device)
        with torch.autocast(self.device.type, dtype, enabled=dtype != torch.float32):
            restored, logits = learner(batch.tasks, degraded, mask)
        return self._balanced(batch.tasks, restored, clean, logits, damage)

    def _balanced(
        self, tasks: Sequence[str], restored: Tensor, clean: Tensor, logits: Tensor, damage: Tensor
    ) -> Tensor:
        own = restoration_loss(restored, clean, damage) + blotch_loss(restored, clean)
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
