"""Training in latents: a backbone from nothing, or a FluxIR adapter onto a frozen one."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from engine.diffusion.devices import compute_dtype
from engine.diffusion.evaluation import PATCH
from engine.diffusion.flux.flux_adapter import FluxAdapter
from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.diffusion.runner import keep_freed_memory
from engine.progress import Progress
from engine.trajectory import Trajectory
from trainer.checkpoint import Origin, sign_of
from trainer.flux.flow_loss import (
    FlowPoint,
    Predict,
    draw_listed,
    draw_sigmas,
    flow_loss,
    flow_point,
    travelled_point,
)
from trainer.flux.latent_pool import LatentBatch, LatentPool
from trainer.loop import Loop, Pace

Parts = Mapping[str, Tensor]
"""What a batch's loss is the sum of, by the names that the log shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowPlan:
    """What a training in latents sees."""

    tokens: int = 1024
    """Image tokens of a batch: small windows come in larger batches."""
    sides: tuple[int, ...] = (32, 16, 16)
    """Sides of the windows in latent pixels, drawn by step. Small ones show more pictures in the
    same time; the largest is that of a tile."""
    travelled: float = 0.5
    """Share of the crops asked on the way from a noised start, the others from pure noise: one
    adapter then knows both. Counts for trajectories that start from the degraded latent."""
    drafted: float = 0.5
    """Share of those whose start is the predictor's draft and not the degraded picture."""
    pixels: float = 0.0
    """Weight of the L1 error of the decoded picture; FluxIR has 1. It costs a decoding, with
    gradients, of each crop."""
    seed: int = 0
    network: str = ""
    """Checksum of the frozen backbone, which a run that is continued has to have been put onto."""

    @property
    def crops(self) -> int:
        """Windows of a batch, in the mean over the sides."""
        return round(sum(self.windows(side) for side in self.sides) / len(self.sides))

    def windows(self, side: int) -> int:
        """Windows of this side in a batch."""
        return max(1, self.tokens // (side // PATCH) ** 2)


def train_backbone(
    backbone: FluxBackbone,
    pool: LatentPool,
    plan: FlowPlan,
    pace: Pace,
    run: Path,
    progress: Progress,
) -> nn.Module:
    """The transformer of `backbone`, trained to paint clean latents out of noise."""
    keep_freed_memory()
    transformer = backbone.transformer.train().requires_grad_(True)
    trajectory = Trajectory()
    loop = Loop(transformer, pace, run, origin=origin_of(pool, plan, trajectory))

    def loss(step: int) -> Tensor:
        seen, rng = drawn(pool, plan, step, backbone)
        noise = fresh(seen.clean, rng)
        sigma = draw_sigmas(len(noise), rng).to(noise)
        point = flow_point(trajectory, seen.clean, seen.degraded, noise, sigma)
        predict = steered(backbone, torch.zeros_like(seen.clean))
        return loop.note(flow_loss(predict, point).mean())

    return loop.run(loss, progress, plan.crops).eval().requires_grad_(False)


def train_adapter(
    backbone: FluxBackbone,
    adapter: FluxAdapter,
    trajectory: Trajectory,
    pool: LatentPool,
    plan: FlowPlan,
    pace: Pace,
    run: Path,
    progress: Progress,
) -> FluxAdapter:
    """`adapter`, trained to steer the frozen `backbone` along `trajectory` (FluxIR's objective).

    The backbone computes in its own format, the adapter in float32.
    """

    def parts(step: int) -> Parts:
        seen, rng = drawn(pool, plan, step, backbone)
        point = asked(trajectory, plan, seen, rng)
        return {"loss": flow_error(backbone, plan, steered(backbone, seen.degraded), point)}

    origin = origin_of(pool, plan, trajectory)
    return taught(backbone, adapter, parts, origin, pace, run, progress, plan.crops)


def taught(
    backbone: FluxBackbone,
    adapter: FluxAdapter,
    parts: Callable[[int], Parts],
    origin: Origin,
    pace: Pace,
    run: Path,
    progress: Progress,
    crops: int,
) -> FluxAdapter:
    """`adapter`, trained on the frozen `backbone` by the loss whose parts a step has.

    Raises `WrongWeights` if `run` holds a state of other weights or of another backbone, or a
    training that is over and was of another `origin`.
    """
    keep_freed_memory()
    backbone.transformer.requires_grad_(False)
    adapter.train().requires_grad_(True)
    loop = Loop(adapter, pace, run, origin=origin)
    backbone.adapter = adapter

    def loss(step: int) -> Tensor:
        found = parts(step).items()
        return torch.stack([loop.note(part, name) for name, part in found]).sum()

    average = loop.run(loss, progress, crops)
    assert isinstance(average, FluxAdapter)
    return average.eval().requires_grad_(False)


def origin_of(pool: LatentPool, plan: FlowPlan, *way: object) -> Origin:
    """What a training is of; `way` are frozen records or numbers that say how a pair is asked."""
    return Origin(plan.network, sign_of((pool.sign(), plan, *way), plan.seed))


def flow_error(
    backbone: FluxBackbone, plan: FlowPlan, predict: Predict, point: FlowPoint
) -> Tensor:
    """The ordinary objective of an adapter, the mean over a batch."""
    decode: Callable[[Tensor], Tensor] | None = backbone.decode if plan.pixels else None
    return flow_loss(predict, point, decode, plan.pixels).mean()


def asked(
    trajectory: Trajectory,
    plan: FlowPlan,
    seen: LatentBatch,
    rng: torch.Generator,
    listed: Sequence[float] = (),
) -> FlowPoint:
    """Where each crop of a batch is asked: on the path, or on the way from a noised start.

    At one of the `listed` sigmas where there are some, as a sampling visits them; else anywhere.
    """
    count = len(seen.clean)
    noise = fresh(seen.clean, rng)

    def sigmas(top: float) -> Tensor:
        found = draw_listed(listed, count, rng) if listed else draw_sigmas(count, rng, top=top)
        return found.to(noise)

    on_path = flow_point(trajectory, seen.clean, seen.degraded, noise, sigmas(1.0))
    if trajectory.start == "far" or not plan.travelled:
        return on_path
    drafted = _chosen(plan.drafted, seen.clean, rng)
    origin = torch.where(drafted, seen.draft, seen.degraded)
    sigma = sigmas(trajectory.schedule.start)
    travelled = travelled_point(trajectory, seen.clean, origin, noise, sigma)
    chosen = _chosen(plan.travelled, seen.clean, rng)
    far = torch.where(chosen, travelled.far, on_path.far)
    sigma = torch.where(chosen.flatten(), travelled.sigma, on_path.sigma)
    return FlowPoint(seen.clean, far, sigma)


def fresh(like: Tensor, rng: torch.Generator) -> Tensor:
    """Standard normal noise of this shape, drawn on the processor and put where `like` is."""
    return torch.randn(like.shape, generator=rng).to(like)


def drawn(
    pool: LatentPool, plan: FlowPlan, step: int, backbone: FluxBackbone
) -> tuple[LatentBatch, torch.Generator]:
    """The batch of a step, the same whenever it is asked for, and chance for what follows."""
    chance = np.random.default_rng((plan.seed, step))
    side = plan.sides[int(chance.integers(len(plan.sides)))]
    seen = pool.batch(plan.windows(side), side, chance)
    place = next(backbone.transformer.parameters()).device
    moved = LatentBatch(*(part.to(place) for part in (seen.clean, seen.degraded, seen.draft)))
    return moved, torch.Generator().manual_seed(int(chance.integers(2**62)))


def steered(backbone: FluxBackbone, degraded: Tensor) -> Predict:
    """The backbone as the losses ask it, in the device's fast format."""
    given = backbone.condition_on(degraded)
    kind, dtype = degraded.device.type, compute_dtype(degraded.device)

    def predict(state: Tensor, sigma: Tensor) -> Tensor:
        with (
            warnings.catch_warnings(),
            torch.autocast(kind, dtype, enabled=dtype != torch.float32),
        ):
            # Normalising has no fused form for weights of another format, which costs nothing here.
            warnings.filterwarnings("ignore", "Mismatch dtype between input and weight")
            return backbone.velocity(state, sigma, given)

    return predict


def _chosen(share: float, like: Tensor, rng: torch.Generator) -> Tensor:
    """(b, 1, 1, 1) bool, each true with this chance."""
    return (torch.rand(len(like), 1, 1, 1, generator=rng) < share).to(like.device)
