"""The training of the enlarger, and with it of the adapter by which a network guides it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.diffusion.devices import compute_dtype, pick_device
from engine.diffusion.network import TaskAdapter
from engine.diffusion.runner import keep_freed_memory, layout
from engine.diffusion.specialists.enlarger import EnlargeNetwork, EnlargerSizes, listening
from engine.diffusion.specialists.guide import Guide
from engine.progress import Progress
from trainer.checkpoint import Origin, sign_of
from trainer.loop import Loop, Pace
from trainer.loss import restoration_loss
from trainer.specialists.enlarge_pairs import EnlargeBatch, EnlargePairs
from trainer.supply import batches


@dataclass(frozen=True, slots=True, kw_only=True)
class EnlargerPlan:
    """How one training of the enlarger is run."""

    run: Path
    """Folder of checkpoints and log; a run found there is continued."""
    pace: Pace
    sizes: EnlargerSizes = field(default_factory=EnlargerSizes)
    start: EnlargeNetwork | None = None
    """Weights a new run starts from."""
    guide: Guide | None = None
    """What it is told by; the adapter is trained along, the network is not."""
    network: str = ""
    """Of the guide's network, the checksum."""
    seed: int = 0
    workers: int = 1
    device: str = "auto"


class Enlarging(nn.Module):
    """All that learns: the enlarger, and its guide's adapter where there is one."""

    def __init__(self, enlarger: EnlargeNetwork, adapter: TaskAdapter | None) -> None:
        super().__init__()
        self.enlarger, self.adapter = enlarger, adapter


def train_enlarger(pairs: EnlargePairs, plan: EnlargerPlan, progress: Progress) -> Enlarging:
    """Train on the root mean square error and return the averaged weights.

    `Cancelled` from `progress` leaves a checkpoint behind. Raises `BadRecipe` for factors that the
    network has not.
    """
    keep_freed_memory()
    torch.manual_seed(plan.seed)
    device = pick_device(plan.device)
    guide = None if plan.guide is None else plan.guide.on(device)
    weights = _weights(plan).requires_grad_(True).train()
    pairs.recipe.within(weights.enlarger.sizes.scales)
    for weight in weights.parameters():
        weight.data = weight.data.to(device, memory_format=layout(weight))
    origin = Origin(plan.network, sign_of(pairs.recipe, pairs.seed))
    loop = Loop(weights, plan.pace, plan.run, origin=origin)
    left = None if plan.pace.hours else plan.pace.steps - loop.state.position.step
    source = batches(pairs, loop.state.position.step, plan.workers, left)

    def loss(step: int) -> Tensor:
        batch = next(source)
        return loop.note(_loss(weights.enlarger, guide, batch, device), f"x{batch.factor}")

    loop.run(loss, progress, pairs.recipe.batch)
    average = loop.average
    assert isinstance(average, Enlarging)
    return average.eval().requires_grad_(False)


def _weights(plan: EnlargerPlan) -> Enlarging:
    """What a new run starts from."""
    network = plan.start or EnlargeNetwork(plan.sizes)
    if plan.guide is None:
        return Enlarging(listening(network, 0), None)
    return Enlarging(listening(network, plan.guide.channels), plan.guide.adapter)


def _loss(
    network: EnlargeNetwork, guide: Guide | None, batch: EnlargeBatch, device: torch.device
) -> Tensor:
    small, plain, large = (
        torch.from_numpy(part).to(device, memory_format=torch.channels_last)
        for part in (batch.small, batch.plain, batch.large)
    )
    dtype = compute_dtype(device)
    with torch.autocast(device.type, dtype, enabled=dtype != torch.float32):
        told = None if guide is None else guide.told(small)
        change = network(small, batch.factor, told)
    return restoration_loss(plain + change, large, torch.zeros_like(large[:, :1])).mean()
