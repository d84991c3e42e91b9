"""The training of the enlarger."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from engine.diffusion.devices import compute_dtype, pick_device
from engine.diffusion.enlarger import EnlargeNetwork, EnlargerSizes
from engine.diffusion.runner import keep_freed_memory
from engine.progress import Progress
from trainer.checkpoint import Origin, sign_of
from trainer.enlarge_pairs import EnlargeBatch, EnlargePairs
from trainer.loop import Loop, Pace
from trainer.loss import restoration_loss
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
    seed: int = 0
    workers: int = 1
    device: str = "auto"


def train_enlarger(pairs: EnlargePairs, plan: EnlargerPlan, progress: Progress) -> EnlargeNetwork:
    """Train on the root mean square error and return the averaged weights.

    `Cancelled` from `progress` leaves a checkpoint behind. Raises `BadRecipe` for factors that the
    network has not.
    """
    keep_freed_memory()
    torch.manual_seed(plan.seed)
    device = pick_device(plan.device)
    network = plan.start or EnlargeNetwork(plan.sizes)
    pairs.recipe.within(network.sizes.scales)
    network = network.requires_grad_(True).train().to(device)
    for weight in network.parameters():
        weight.data = weight.data.contiguous(memory_format=torch.channels_last)
    origin = Origin(pairs=sign_of(pairs.recipe, pairs.seed))
    loop = Loop(network, plan.pace, plan.run, origin=origin)
    left = None if plan.pace.hours else plan.pace.steps - loop.state.position.step
    source = batches(pairs, loop.state.position.step, plan.workers, left)

    def loss(step: int) -> Tensor:
        batch = next(source)
        return loop.note(_loss(network, batch, device), f"x{batch.factor}")

    loop.run(loss, progress, pairs.recipe.batch)
    average = loop.average
    assert isinstance(average, EnlargeNetwork)
    return average


def _loss(network: EnlargeNetwork, batch: EnlargeBatch, device: torch.device) -> Tensor:
    small, plain, large = (
        torch.from_numpy(part).to(device, memory_format=torch.channels_last)
        for part in (batch.small, batch.plain, batch.large)
    )
    dtype = compute_dtype(device)
    with torch.autocast(device.type, dtype, enabled=dtype != torch.float32):
        change = network(small, batch.factor)
    return restoration_loss(plain + change, large, torch.zeros_like(large[:, :1])).mean()
