"""The training of the repairer: a task adapter and a network that find, and one that fills."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.diffusion.blocks import residuals
from engine.diffusion.devices import compute_dtype, pick_device
from engine.diffusion.network import Network, NetworkSizes, TaskAdapter
from engine.diffusion.runner import keep_freed_memory
from engine.diffusion.specialists.finder import SUREST
from engine.photo import FloatArray
from engine.progress import Progress
from trainer.checkpoint import Origin, sign_of
from trainer.loop import Loop, Pace
from trainer.recipe import Recipe
from trainer.specialists.repair_pairs import RepairBatch, RepairPairs
from trainer.supply import batches

SIZES = NetworkSizes(widths=(32, 64, 64, 96), blocks=1)
"""Of the filler, and of the finder's reader."""
_DICE = 0.2
"""What Dice counts beside the cross entropy. Little, and no pixel counts more than another: the
answers are to be probabilities, for they are corrected as such for each picture."""
_SMALLEST = 1e-3
"""Error, of 1, below which a crop's pull fades: the root has no slope at zero."""
_WIDER = 2
"""Side of the finder's crops over the filler's: whether a line is a scratch or a wire shows in
where it comes from and where it goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairPlan:
    """How one training of a finder or a filler is run."""

    run: Path
    """Folder of checkpoints and log; a run found there is continued."""
    pace: Pace
    seed: int = 0
    workers: int = 1
    device: str = "auto"
    network: str = ""
    """sha256 of the network that a finder is put onto, and a reader told by; "" for a filler."""


def train_finder(
    base: Network, finder: TaskAdapter, pairs: RepairPairs, plan: RepairPlan, progress: Progress
) -> TaskAdapter:
    """`finder`, trained to see damage with the frozen `base`; the averaged weights.

    `Cancelled` from `progress` leaves a checkpoint behind.
    """
    base = _laid_out(base.requires_grad_(False), plan)

    def loss(batch: RepairBatch) -> Tensor:
        worn, damage = _tensors(plan, batch.worn, batch.damage)
        with _fast(worn):
            blocks = residuals(finder.fold(base))
            logits = base.damage(worn, torch.zeros_like(damage), blocks)
        return finding_loss(logits.float(), damage)

    average = _trained(finder, loss, pairs, plan, progress)
    assert isinstance(average, TaskAdapter)
    return average


def train_reader(
    base: Network,
    finder: TaskAdapter,
    reader: Network,
    pairs: RepairPairs,
    plan: RepairPlan,
    progress: Progress,
) -> Network:
    """`reader`, trained to see damage, told what the frozen `base` with `finder` says of it; the
    averaged weights.

    `Cancelled` from `progress` leaves a checkpoint behind.
    """
    base = _laid_out(base.requires_grad_(False), plan)
    finder = finder.to(pick_device(plan.device)).requires_grad_(False)
    reader = _laid_out(reader, plan)
    first = residuals(finder.fold(base))

    def loss(batch: RepairBatch) -> Tensor:
        worn, damage = _tensors(plan, batch.worn, batch.damage)
        with torch.no_grad(), _fast(worn):
            said = base.damage(worn, torch.zeros_like(damage), first)
            told = (said.float() / SUREST).clamp(-1, 1)
        with _fast(worn):
            logits = reader.damage(worn, told)
        return finding_loss(logits.float(), damage)

    average = _trained(reader, loss, pairs, plan, progress)
    assert isinstance(average, Network)
    return average


def train_filler(
    filler: Network, pairs: RepairPairs, plan: RepairPlan, progress: Progress
) -> Network:
    """`filler`, trained to fill blanked holes; the averaged weights.

    `Cancelled` from `progress` leaves a checkpoint behind.
    """
    filler = _laid_out(filler, plan)

    def loss(batch: RepairBatch) -> Tensor:
        parts = _tensors(plan, batch.holed, batch.hole, batch.share, batch.clean)
        holed, hole, share, clean = parts
        with _fast(holed):
            change, _ = filler(holed, hole)
        return filling_loss(holed + change.float(), clean, share)

    average = _trained(filler, loss, pairs, plan, progress)
    assert isinstance(average, Network)
    return average


def _trained(
    module: nn.Module,
    loss: Callable[[RepairBatch], Tensor],
    pairs: RepairPairs,
    plan: RepairPlan,
    progress: Progress,
) -> nn.Module:
    keep_freed_memory()
    torch.manual_seed(plan.seed)
    module.to(pick_device(plan.device)).train().requires_grad_(True)
    origin = Origin(plan.network, sign_of(pairs.recipe, pairs.seed))
    loop = Loop(module, plan.pace, plan.run, origin=origin)
    left = None if plan.pace.hours else plan.pace.steps - loop.state.position.step
    source = batches(pairs, loop.state.position.step, plan.workers, left)
    loop.run(lambda step: loop.note(loss(next(source))), progress, pairs.recipe.batch)
    return loop.average.eval().requires_grad_(False)


def finding_loss(logits: Tensor, damage: Tensor) -> Tensor:
    """Cross entropy plus a little Dice over the batch.

    (b, 1, h, w) each, `damage` 0 or 1. Dice after Milletari et al. (2016); over a whole batch,
    because a crop without damage has no overlap to speak of.
    """
    entropy = F.binary_cross_entropy_with_logits(logits, damage)
    found = torch.sigmoid(logits)
    overlap = 2 * (found * damage).sum() + 1
    return entropy + _DICE * (1 - overlap / ((found + damage).sum() + 1))


def for_finding(recipe: Recipe) -> Recipe:
    """A repairer's recipe with crops for the finder: wider, and fewer a step."""
    batch = max(1, round(1.5 * recipe.batch / _WIDER**2))
    return replace(recipe, size=_WIDER * recipe.size, batch=batch)


def filling_loss(filled: Tensor, clean: Tensor, share: Tensor) -> Tensor:
    """Mean over the crops of the root mean square error of what is taken over.

    filled, clean (b, 3, h, w), 0 to 1; `share` (b, 1, h, w). Squares, because what a hole held is
    uncertain, and of all that it may have been the mean is nearest to the truth, not the median.
    """
    square = ((filled - clean).square() * share).sum((1, 2, 3)) / (3 * share.sum((1, 2, 3)) + 1)
    return (square + _SMALLEST**2).sqrt().mean()


def _laid_out(network: Network, plan: RepairPlan) -> Network:
    network = network.to(pick_device(plan.device))
    for weight in network.parameters():
        weight.data = weight.data.contiguous(memory_format=torch.channels_last)
    return network


def _tensors(plan: RepairPlan, *parts: FloatArray) -> list[Tensor]:
    device = pick_device(plan.device)
    return [torch.from_numpy(p).to(device, memory_format=torch.channels_last) for p in parts]


def _fast(like: Tensor) -> torch.autocast:
    """The device's fast number format."""
    dtype = compute_dtype(like.device)
    return torch.autocast(like.device.type, dtype, enabled=dtype != torch.float32)
