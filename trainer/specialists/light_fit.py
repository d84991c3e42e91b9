"""The training of the light estimators, one for each task."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from engine.diffusion.devices import compute_dtype, pick_device
from engine.diffusion.runner import keep_freed_memory
from engine.diffusion.specialists.light_network import LightNetwork, LightSizes, ShadeMaps
from engine.errors import WrongWeights
from engine.progress import Progress
from engine.relight import LEAST_TRANSMISSION, MOST_LIFTED
from trainer.checkpoint import Origin, sign_of
from trainer.loop import Loop, Pace
from trainer.recipe import Recipe
from trainer.specialists.light_pairs import LightBatch, LightPairs, well_lit
from trainer.supply import batches

Photos = list[NDArray[np.uint8]]
"""(h, w, 3) each, RGB."""

VEILED = frozenset({"dehaze"})
"""Tasks whose estimators also take a veil away."""
_STRIDE = 2
"""Every so many rows and columns of a thumbnail are compared: tones show in few pixels."""
_HAZE = 1.0
"""What errors of haze count beside those of the picture."""
_SHADE = 0.5
"""Likewise, errors of how much shadows are to be lifted."""
_BLACK, _WHITE = 0.02, 0.98
"""Bounds of the values of which it is told."""
_HELD_OUT = 16
"""One photo of this many is never trained on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LightPlan:
    """How one training is run."""

    recipe: Recipe
    """Of one task."""
    run: Path
    """Folder of checkpoints and log; a run found there is continued."""
    pace: Pace
    sizes: LightSizes
    start: LightNetwork | None = None
    """Weights a new run starts from."""
    seed: int = 0
    workers: int = 0
    device: str = "auto"
    fine: float = 0.05
    """Error of a picture above which it counts by its logarithm: one in dense haze, of which little
    can be known, would else outweigh a dozen in which a small error shows."""

    def __post_init__(self) -> None:
        start = self.start and self.start.sizes
        if start and (start.veil, start.shade) != (self.sizes.veil, self.sizes.shade):
            raise WrongWeights(
                "A training starts from weights that set the same: tones, haze or shadows.",
                "Name with --start a file of the same task, and of shadows only with --shade.",
            )
        if not self.fine > 0:
            raise ValueError(f"fine is above 0, not {self.fine}")


def sizes_for(task: str, *, shade: bool = False) -> LightSizes:
    """The shipped sizes of a task's estimator, or of what lifts shadows behind it."""
    if shade:
        return LightSizes(shade=True)
    return LightSizes((16, 32, 64, 80), veil=True) if task in VEILED else LightSizes()


def train_light(photos: Photos, plan: LightPlan, progress: Progress) -> LightNetwork:
    """Train on all but the held-out photos and return the averaged weights.

    The log shows the mean PSNR of the running batches, too. `Cancelled` from `progress` leaves a
    checkpoint behind.
    """
    keep_freed_memory()
    torch.manual_seed(plan.seed)
    device = pick_device(plan.device)
    network = plan.start or LightNetwork(plan.sizes)
    network = network.requires_grad_(True).train().to(device)
    for weight in network.parameters():
        weight.data = weight.data.contiguous(memory_format=_layout(weight))
    origin = Origin(pairs=sign_of(plan.recipe, plan.seed))
    loop = Loop(network, plan.pace, plan.run, origin=origin)
    pairs = LightPairs(parted(photos, lit=plan.sizes.shade)[0], plan.recipe, plan.seed)
    first = loop.state.position.step
    source = batches(
        pairs, first, plan.workers, None if plan.pace.hours else plan.pace.steps - first
    )

    def loss(step: int) -> Tensor:
        error, decibels = light_loss(network, next(source), device, plan.fine)
        loop.note(decibels, "psnr")
        return loop.note(error, plan.recipe.tasks[0].id)

    loop.run(loss, progress, plan.recipe.batch)
    average = loop.average
    assert isinstance(average, LightNetwork)
    return average


def parted(photos: Photos, *, lit: bool = False) -> tuple[Photos, Photos]:
    """Photos to train on, and those held out to measure on; few photos are all trained on.

    With `lit` only those that are lit well, where there are any.
    """
    if lit:
        photos = [photo for photo in photos if well_lit(photo)] or photos
    held = photos[_HELD_OUT // 2 :: _HELD_OUT]
    kept = [photo for i, photo in enumerate(photos) if i % _HELD_OUT != _HELD_OUT // 2]
    return kept, held


def light_loss(
    network: LightNetwork, batch: LightBatch, device: torch.device, fine: float
) -> tuple[Tensor, Tensor]:
    """The loss of a batch, and its mean PSNR in dB; `fine` as in `LightPlan`.

    A picture's own error is its mean absolute one plus the root of its mean square, which PSNR is
    made of and which grows where a whole picture's tone is wrong. Where the haze over it is known,
    the network is also told that: pictures alone do not say which of airlight and transmission
    was wrong. How much shadows are to be lifted follows from the pictures; told, it learns it in a
    fraction of the time.
    """
    degraded, clean = (
        torch.from_numpy(part).to(device, memory_format=torch.channels_last)
        for part in (batch.degraded, batch.clean)
    )
    dtype = compute_dtype(device)
    with torch.autocast(device.type, dtype, enabled=dtype != torch.float32):
        light = network(degraded)
    few = slice(None, None, _STRIDE)
    lit = light.apply(degraded[..., few, few], leak=network.training)
    error = lit - clean[..., few, few]
    square = error.square().mean((1, 2, 3))
    own = error.abs().mean((1, 2, 3)) + (square + 1e-6).sqrt()
    loss = torch.log1p(own / fine)
    if light.veil is not None:
        seen = degraded[..., few, few]
        share = light.veil.transmission(seen, leak=network.training)
        loss = loss + _HAZE * _haze_error(share, light.veil.air(seen), batch)
    if light.shade is not None:
        loss = loss + _SHADE * _shade_error(light.shade, degraded, clean)
    return loss.mean(), (-10 * torch.log10(square.detach() + 1e-7)).mean()


def _haze_error(share: Tensor, airlight: Tensor, batch: LightBatch) -> Tensor:
    """(b): mean absolute errors of optical depth and of what the airlight adds to the picture,
    0 where the truth isn't known. A transmission below the least counts as that."""
    few = slice(None, None, _STRIDE)
    truth, air, known = (
        torch.from_numpy(part).to(share.device)
        for part in (*(x[..., few, few] for x in (batch.transmission, batch.airlight)), batch.known)
    )
    truth = truth.clamp_min(LEAST_TRANSMISSION)
    depth = (share.log() - truth.log()).abs().mean((1, 2, 3))
    added = ((airlight - air).abs() * (1 - truth)).mean((1, 2, 3))
    return known * (depth + 2 * added)


def _shade_error(shade: ShadeMaps, degraded: Tensor, clean: Tensor) -> Tensor:
    """(b): error of the lift, root mean square, of pictures at half size: what is lifted by m has
    odds x / (1 - x) of its strongest colour that are m times as large. Of squares, for whether a
    dark thing lies in shadow is often uncertain, and absolute errors would leave it where it is."""
    before, after = (F.avg_pool2d(picture, 2) for picture in (degraded, clean))
    odds = [
        torch.logit(half.amax(1, keepdim=True).clamp(_BLACK, _WHITE)) for half in (before, after)
    ]
    truth = (odds[1] - odds[0]).clamp(0, MOST_LIFTED)
    square = (shade.lift(before, leak=True) - truth).square().mean((1, 2, 3))
    return (square + 1e-4).sqrt()


def _layout(weight: Tensor) -> torch.memory_format:
    return torch.channels_last if weight.ndim == 4 else torch.contiguous_format
