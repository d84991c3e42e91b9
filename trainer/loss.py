"""What the predictor is trained to make small."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional as F

_EASIEST = 6.0
"""A crop's loss is taken for no less than its task's mean over this: what is nearly clean already
would count without bound."""

_SMALLEST = 1e-4
"""Error, of 1, below which a crop's pull fades: the root has no slope at zero."""
BLOCK, _COARSE = 8, 0.5
"""Pixels of a block, and what the error of blocks' mean colours counts."""


@dataclass(slots=True)
class TaskBalance:
    """Divides each task's loss by its own running mean.

    An error of 0.1 is good for low light and hopeless for noise; without this the optimiser's
    step sizes would be ruled by the hardest task.
    """

    emphasis: Mapping[str, float] = field(default_factory=dict)
    """What a task counts in the end; 1 where nothing is said."""
    evenness: Mapping[str, float] = field(default_factory=dict)
    """How far a task's easy crops are brought up to its hard ones, 0 to 1; 0 where nothing is
    said. PSNR is a logarithm, so a mean of decibels asks for crops that count alike, while a
    mean of errors lets the noisiest rule."""
    decay: float = 0.99
    means: dict[str, float] = field(default_factory=dict)

    def weight(self, task: str, loss: float) -> float:
        """The factor for a crop's loss just seen: emphasis / its task's running mean.

        A crop that went far wrong counts no more than as four average ones, and is kept out of the
        mean, so that one bad step does not lead to the next. With evenness e the factor is
        multiplied by (mean / loss)^e, the loss taken for a sixth to four times the mean.

        A loss that is not finite weighs 0 and leaves the mean as it was. That does not rescue its
        batch, for NaN times 0 is NaN: `Loop` skips a step without a finite gradient.
        """
        if not math.isfinite(loss):
            return 0.0
        mean = self.means.get(task, loss)
        mean = self.decay * mean + (1 - self.decay) * min(loss, 4 * mean)
        self.means[task] = max(mean, 1e-4)
        mean = self.means[task]
        bounded = min(max(loss, mean / _EASIEST), 4 * mean)
        even = float((mean / bounded) ** self.evenness.get(task, 0.0))
        return self.emphasis.get(task, 1.0) * even / max(mean, loss / 4)


def restoration_loss(restored: Tensor, clean: Tensor, damage: Tensor) -> Tensor:
    """Root mean square error of each crop (b), destroyed places (damage 1) counted five times.

    restored, clean (b, 3, h, w) in 0..1; damage (b, 1, h, w). Between L1 and the logarithm of the
    squared error (Chen et al., "Simple Baselines for Image Restoration", 2022): every crop pulls
    alike, however wrong it is, and within a crop large errors pull more.
    """
    return _root((restored - clean).square() * (1 + 4 * damage))


def blotch_loss(restored: Tensor, clean: Tensor) -> Tensor:
    """Half the root mean square error of the mean colours of 8 x 8 pixels, of each crop (b).

    restored, clean (b, 3, h, w) in 0..1. Blotches in flat colour hardly weigh in a mean over
    pixels, and are what one sees first.
    """
    return _COARSE * _root(F.avg_pool2d(restored - clean, BLOCK).square())


def _root(square: Tensor) -> Tensor:
    return (square.mean((1, 2, 3)) + _SMALLEST**2).sqrt()


def damage_loss(logits: Tensor, damage: Tensor) -> Tensor:
    """Cross entropy plus Dice of the damage map, (b, 1, h, w) each; Milletari et al. (2016)."""
    entropy = F.binary_cross_entropy_with_logits(logits, damage)
    found = torch.sigmoid(logits)
    overlap = (found * damage).sum((1, 2, 3))
    total = (found + damage).sum((1, 2, 3))
    return entropy + 0.2 * (1 - (2 * overlap + 1) / (total + 1)).mean()
