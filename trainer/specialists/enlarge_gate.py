"""The fit of the gates that choose between the enlarger and its expert for clean pictures.

Both are tried on crops of every kind the recipe makes; the gate of a factor learns to tell from
what the first one sees which of them will come closer. A crop counts by how far they are apart:
where both do alike, either choice is right.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.diffusion.devices import compute_dtype, pick_device
from engine.diffusion.specialists.enlarger import EnlargeNetwork
from engine.diffusion.specialists.enlarger_expert import Expert, levels
from engine.diffusion.specialists.guide import Guide
from engine.errors import WrongWeights
from engine.progress import Progress
from trainer.loss import restoration_loss
from trainer.specialists.enlarge_pairs import EnlargeBatch, EnlargePairs
from trainer.supply import batches

_DECIBELS = 20 / math.log(10)
"""Of a ratio of amplitudes whose natural logarithm is 1."""
_SMALLEST = 1e-4
"""Error, of 1, below which two are not told apart."""
_PULL = 3e-4
"""Of the squared weights beside the loss: features are alike among themselves."""
_TESTED = 4
"""One batch in so many is kept from the fit."""
_ROUNDS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class GateScore:
    """On crops kept from the fit, mean decibels over the first network alone."""

    always: float
    """With the expert for every crop."""
    chosen: float
    """With the gate's choice."""
    best: float
    """With the better one in hindsight."""


@dataclass(frozen=True, slots=True)
class _Trials:
    """`seen` (n, width) of the gates' measures, what the expert `gained` (n), decibels, and the
    `factors` (n) by which pictures grew."""

    seen: Tensor
    gained: Tensor
    factors: Tensor

    def of(self, which: Tensor) -> _Trials:
        """Those that are true in `which` (n)."""
        return _Trials(self.seen[which], self.gained[which], self.factors[which])


def fitted(
    general: EnlargeNetwork,
    network: EnlargeNetwork,
    pairs: EnlargePairs,
    progress: Progress,
    *,
    guide: Guide | None = None,
    count: int = 300,
    workers: int = 1,
    device: str = "auto",
) -> tuple[Expert, GateScore]:
    """`network` with a gate that tells from the features of `general` when it is the better one.

    `guide` is that of `general`. Fitted on `count` batches of `pairs`. Raises `WrongWeights` if the
    two are not of one size, and `BadRecipe` for factors that one of them has not.
    """
    if general.sizes.width != network.sizes.width:
        raise WrongWeights(
            "The expert and the enlarger must be of the same width.",
            "Name two that were trained with the same sizes.",
        )
    for each in (general, network):
        pairs.recipe.within(each.sizes.scales)
    expert = Expert(network.sizes)
    expert.network.load_state_dict(network.state_dict())
    place = pick_device(device)
    guide = None if guide is None else guide.on(place)
    source = batches(pairs, 0, workers, count)
    trials = _trials(_Rivals(general.to(place), guide, network.to(place)), source, progress, count)
    taught, kept = _parted(trials, pairs.recipe.batch)
    expert.requires_grad_(False)
    chosen = 0.0
    for scale, gate in expert.gates.items():
        seen, unseen = (part.of(part.factors == int(scale)) for part in (taught, kept))
        if len(seen.gained):
            _fit(gate, seen)
            chosen += float(unseen.gained[gate(unseen.seen)[:, 0] > 0].sum())
            _fit(gate, trials.of(trials.factors == int(scale)))  # once scored, by all of them
    expert = expert.eval()
    score = GateScore(
        always=float(kept.gained.mean()),
        chosen=chosen / len(kept.gained),
        best=float(kept.gained.clamp_min(0).mean()),
    )
    return expert, score


@dataclass(frozen=True, slots=True)
class _Rivals:
    """The enlarger for any picture with its guide, and the expert, on one device."""

    general: EnlargeNetwork
    guide: Guide | None
    expert: EnlargeNetwork

    @torch.no_grad()
    def tried(self, batch: EnlargeBatch) -> tuple[Tensor, Tensor]:
        """What the gate sees of the crops, and the decibels that the expert gains."""
        device = self.general.head.weight.device
        dtype = compute_dtype(device)
        small, plain, large = (
            torch.from_numpy(part).to(device) for part in (batch.small, batch.plain, batch.large)
        )
        with torch.autocast(device.type, dtype, enabled=dtype != torch.float32):
            told = None if self.guide is None else self.guide.told(small)
            seen = levels(self.general.features(small, told))
            changes = [
                self.general(small, batch.factor, told),
                self.expert(small, batch.factor),
            ]
        nowhere = torch.zeros_like(large[:, :1])
        errors = [restoration_loss((plain + c).clamp(0, 1), large, nowhere) for c in changes]
        old, new = (error.clamp_min(_SMALLEST).log() for error in errors)
        return seen.cpu(), ((old - new) * _DECIBELS).cpu()


def _trials(
    rivals: _Rivals, source: Iterable[EnlargeBatch], progress: Progress, count: int
) -> _Trials:
    seen: list[Tensor] = []
    gained: list[Tensor] = []
    factors: list[Tensor] = []
    for number, batch in enumerate(source):
        progress.report(number / count, "training")
        for each, part in zip((seen, gained), rivals.tried(batch), strict=True):
            each.append(part)
        factors.append(torch.full((len(batch.small),), batch.factor))
    return _Trials(torch.cat(seen), torch.cat(gained), torch.cat(factors))


def _parted(trials: _Trials, batch: int) -> tuple[_Trials, _Trials]:
    """What is taught and what is kept for the score."""
    kept = (torch.arange(len(trials.gained)) // batch) % _TESTED == 0
    return trials.of(~kept), trials.of(kept)


def _fit(gate: nn.Module, trials: _Trials) -> None:
    """Logistic regression on measures of mean 0 and deviation 1, folded into the gate."""
    middle, width = trials.seen.mean(0), trials.seen.std(0).clamp_min(1e-4)
    seen = (trials.seen - middle) / width
    better = (trials.gained > 0).float()
    weight = trials.gained.abs() / trials.gained.abs().mean()
    slope = torch.zeros(seen.shape[1], requires_grad=True)
    offset = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.LBFGS([slope, offset], max_iter=_ROUNDS, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimiser.zero_grad()
        odds = seen @ slope + offset
        entropy = F.binary_cross_entropy_with_logits(odds, better, weight=weight)
        total = entropy + _PULL * slope.square().sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    assert isinstance(gate, nn.Linear)
    with torch.no_grad():
        gate.weight.copy_((slope / width)[None])
        gate.bias.copy_(offset - (slope * middle / width).sum())
