"""What every training has in common: steps, a rate that falls, an average of the weights, a log,
and checkpoints from which an interrupted run goes on as if nothing had happened."""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from torch import Tensor, nn

from engine.errors import WrongWeights
from engine.progress import Progress
from trainer.checkpoint import Origin, Position, TrainState, load_state, save_state
from trainer.muon import Muon

log = logging.getLogger(__name__)

Loss = Callable[[int], Tensor]
"""The mean loss of the batch with this number; gradients pass."""

OPTIMISERS = ("adamw", "muon")
"""What convolutions can learn by; all else learns by AdamW."""

_FOLLOW_EVERY = 5
_LATE = 10.0
"""Seconds after which somebody who watches is told more, however few steps that were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A training is `steps` long or, where `hours` is set, as long as that many hours of work."""

    steps: int = 100_000
    hours: float = 0.0
    learning_rate: float = 8e-4
    warm_up: int = 300
    """Steps over which the learning rate rises from zero."""
    muon: bool = False
    """Whether convolutions learn by orthogonalised momentum (`trainer.muon`), not by AdamW."""
    weight_decay: float = 1e-4
    average: float = 0.999
    """Decay of the moving average of the weights, which is what is exported."""
    clip: float = 1.0
    """Largest norm of the gradient."""
    save_every: int = 500
    """Steps between checkpoints."""
    log_every: int = 50

    def __post_init__(self) -> None:
        finite = math.isfinite(self.hours) and math.isfinite(self.learning_rate)
        if not finite or self.steps < 1 or self.hours < 0 or self.learning_rate <= 0:
            raise ValueError("steps and learning_rate are positive, hours not negative")
        if not 0 < self.average < 1:
            raise ValueError(f"average is between 0 and 1, not {self.average}")


@dataclass(frozen=True, slots=True)
class Group:
    """Weights that learn at a rate of their own."""

    weights: Sequence[nn.Parameter]
    share: float = 1.0
    """Of the learning rate."""


class Loop:
    """One training on its way from the first step to the last."""

    def __init__(
        self,
        weights: nn.Module,
        pace: Pace,
        run: Path,
        groups: Sequence[Group] = (),
        origin: Origin | None = None,
    ) -> None:
        """Trains `groups`, or what of `weights` asks for gradients where there are none.

        A state found in `run` is continued. Raises `WrongWeights` if it is of other weights or put
        onto another network than `origin` says, or if its training is over and was of other pairs.
        """
        self.pace, self.run_folder = pace, run
        if not groups:
            groups = [Group([w for w in weights.parameters() if w.requires_grad])]
        optimiser = _optimiser(pace, groups)
        origin = origin or Origin()
        self.state = TrainState(weights, deepcopy(weights), optimiser, Position(), origin)
        if _continued(self.state, run):
            log.info("continuing at step %d", self.state.position.step)
            self._compare(origin)

    def _compare(self, origin: Origin) -> None:
        """Tell where what is asked for is not what was begun."""
        begun, over = self.state.origin, self._done() >= 1
        self.state.origin = origin
        if begun.pairs and origin.pairs and begun.pairs != origin.pairs:
            if over:
                raise WrongWeights(
                    f"{self.run_folder} holds a training that is over, of another recipe, pool or "
                    "seed.",
                    "Name another --run, or the options it was begun with.",
                )
            log.warning("it was begun with another recipe, pool or seed and goes on with these")
        if over:
            log.info("it is over: nothing more is trained; a new training takes another --run")

    @property
    def average(self) -> nn.Module:
        """The moving average of the weights, the ones to export."""
        return self.state.average

    def note(self, loss: Tensor, name: str = "loss") -> Tensor:
        """`loss`, once it is in the running mean that the log shows under this name.

        One that is not finite is left out: a mean with NaN in it would never be a number again.
        """
        means, value = self.state.position.means, float(loss.detach())
        if math.isfinite(value):
            means[name] = 0.99 * means.get(name, value) + 0.01 * value
        return loss

    def run(self, loss: Loss, progress: Progress, crops: int) -> nn.Module:
        """Train to the end and return the averaged weights; `crops` is the size of a batch.

        `Cancelled` from `progress` leaves a checkpoint behind.
        """
        position = self.state.position
        started = time.perf_counter() - position.seconds
        told = position.seconds
        try:
            while (done := self._done()) < 1:
                self._step(loss(position.step), done)
                position.step += 1
                position.crops += crops
                position.seconds = time.perf_counter() - started
                if position.step % self.pace.log_every == 0 or position.seconds - told > _LATE:
                    told = position.seconds
                    self._log(done)
                    progress.report(min(done, 1.0), f"step {position.step}")
                if position.step % self.pace.save_every == 0:
                    save_state(self.state, self.run_folder)
        finally:
            save_state(self.state, self.run_folder)
        return self.average

    def _done(self) -> float:
        """Share of the training that lies behind, 0 to 1."""
        position = self.state.position
        if self.pace.hours:
            return position.seconds / (self.pace.hours * 3600)
        return position.step / self.pace.steps

    def _step(self, loss: Tensor, done: float) -> None:
        """One update of the weights."""
        optimiser = self.state.optimiser
        for group in optimiser.param_groups:
            group["lr"] = group["share"] * self._rate(done)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.clip_grad_norm_(
            [weight for group in optimiser.param_groups for weight in group["params"]],
            self.pace.clip,
        )
        if not bool(torch.isfinite(norm)):
            log.warning("step %d gave no finite gradient", self.state.position.step)
            return
        optimiser.step()
        self._follow()

    def _rate(self, done: float) -> float:
        """Cosine from the full rate to none, after a linear warm-up."""
        warm = min(1.0, (self.state.position.step + 1) / max(self.pace.warm_up, 1))
        return self.pace.learning_rate * warm * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))

    @torch.no_grad()
    def _follow(self) -> None:
        """Move the average towards the weights; faster while there is little to average.

        Done every few steps with the decay of as many, for it costs as much memory traffic as
        the optimiser.
        """
        step = self.state.position.step
        if step % _FOLLOW_EVERY:
            return
        decay = min(self.pace.average, (1 + step) / (10 + step)) ** _FOLLOW_EVERY
        pairs = zip(self.state.average.parameters(), self.state.weights.parameters(), strict=True)
        for mean, now in pairs:
            if now.requires_grad:
                mean.lerp_(now, 1 - decay)

    def _log(self, done: float) -> None:
        position = self.state.position
        entry = {
            "step": position.step,
            "done": round(done, 5),
            "hours": round(position.seconds / 3600, 4),
            "crops": position.crops,
            "rate": self._rate(done),
            "loss": {name or "plain": round(mean, 5) for name, mean in position.means.items()},
        }
        self.run_folder.mkdir(parents=True, exist_ok=True)
        with (self.run_folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")


def _optimiser(pace: Pace, groups: Sequence[Group]) -> torch.optim.Optimizer:
    rows = [{"params": list(group.weights), "share": group.share} for group in groups]
    if pace.muon:
        return Muon(rows, pace.learning_rate, pace.weight_decay)
    return torch.optim.AdamW(
        rows,
        pace.learning_rate,
        weight_decay=pace.weight_decay,
        fused=groups[0].weights[0].device.type in ("cpu", "cuda"),
    )


def _continued(state: TrainState, run: Path) -> bool:
    """Whether there was a state to go on from; raises `WrongWeights`."""
    try:
        return load_state(state, run)
    except (RuntimeError, SafetensorError, ValueError, KeyError, TypeError, OSError) as error:
        raise WrongWeights(
            f"{run} holds the state of another training, or a damaged one.",
            "Name another --run, or the options it was begun with, or remove that one.",
        ) from error
