"""The trainings of a texture prior: on clean photographs (DTPM's stage I), and of the adapters that
guide it by a draft and the degraded picture, the prior itself frozen (stage II)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.diffusion.devices import compute_dtype
from engine.diffusion.runner import keep_freed_memory, layout
from engine.diffusion.texture_network import GuidanceAdapters, TextureNetworks
from engine.diffusion.texture_prior import NOISE, TexturePrior
from engine.progress import Progress
from engine.request import SEEDS
from engine.schedule import shifted
from engine.trajectory import Trajectory, clean_at
from trainer.checkpoint import Origin
from trainer.flux.flow_loss import draw_sigmas, flow_point, mean_square
from trainer.loop import Loop, Pace
from trainer.supply import Supply, batches
from trainer.texture.pairs import TextureBatch


@dataclass(frozen=True, slots=True, kw_only=True)
class TexturePlan:
    """How one training is run. `origin` is what it is onto and of."""

    run: Path
    """Folder of checkpoints and log; a run found there is continued."""
    pace: Pace
    trajectory: Trajectory
    crops: int
    """Of a batch."""
    origin: Origin
    energy: float = 0.0
    """Weight of `energy_error` beside the error of the velocity."""
    seed: int = 0
    workers: int = 0
    device: torch.device = torch.device("cpu")  # noqa: RUF009  # it cannot be altered


_HAAR = (
    ((1.0, -1.0), (1.0, -1.0)),
    ((1.0, 1.0), (-1.0, -1.0)),
    ((1.0, -1.0), (-1.0, 1.0)),
)
_SCALES = 2
_PLACE = 8
"""Side in pixels of the places whose energies are compared."""
_STILL = 0.002
"""Texture weaker than this, of light 0 to 1, is none."""
_LEAST = 0.05
"""Place on the schedule, 0 to 1, from which on sigmas are drawn: a sampling in 16 steps asks at a
sixteenth last, and right at the clean end nothing can be told of the noise."""


def train_prior(
    networks: TextureNetworks, supply: Supply[TextureBatch], plan: TexturePlan, progress: Progress
) -> TextureNetworks:
    """Stage I: all but the scene's encoder learns. `networks` have no guidance.

    `Cancelled` from `progress` leaves a checkpoint behind.
    """
    networks.requires_grad_(True).scene.requires_grad_(False)
    trained = _trained(networks, networks, supply, plan, progress)
    assert isinstance(trained, TextureNetworks)
    return trained


def train_guidance(
    networks: TextureNetworks, supply: Supply[TextureBatch], plan: TexturePlan, progress: Progress
) -> GuidanceAdapters:
    """Stage II: the guidance adapters of `networks` learn, and nothing else."""
    networks.requires_grad_(False)
    assert networks.guidance is not None
    networks.guidance.requires_grad_(True)
    trained = _trained(networks, networks.guidance, supply, plan, progress)
    assert isinstance(trained, GuidanceAdapters)
    return trained


def _trained(
    networks: TextureNetworks,
    learning: nn.Module,
    supply: Supply[TextureBatch],
    plan: TexturePlan,
    progress: Progress,
) -> nn.Module:
    keep_freed_memory()
    networks.to(plan.device)
    for weight in networks.parameters():
        weight.data = weight.data.contiguous(memory_format=layout(weight))
    prior = TexturePrior("", networks, torch.float32)
    loop = Loop(learning, plan.pace, plan.run, origin=plan.origin)
    first = loop.state.position.step
    source: Iterator[TextureBatch] = batches(
        supply, first, plan.workers, None if plan.pace.hours else plan.pace.steps - first
    )

    def loss(step: int) -> Tensor:
        rng = torch.Generator().manual_seed((plan.seed * 1_000_003 + step) % SEEDS)
        error, energy = texture_errors(prior, next(source), plan.trajectory, rng)
        loop.note(error)
        if not plan.energy:
            return error
        return error + plan.energy * loop.note(energy, "energy")

    return loop.run(loss, progress, plan.crops).eval().requires_grad_(False)


def texture_errors(
    prior: TexturePrior, batch: TextureBatch, trajectory: Trajectory, rng: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Of a batch: the mean square error of the velocity, in units of the noise, and the error of
    the local energies of the texture that it points to (`energy_error`)."""
    place = prior.networks.denoiser.tail.weight.device
    structure, degraded, light = (
        torch.from_numpy(part).to(place) for part in (batch.structure, batch.degraded, batch.light)
    )
    dtype = compute_dtype(place)
    with torch.autocast(place.type, dtype, enabled=dtype != torch.float32):
        given = prior.condition(degraded, structure)
    noise = torch.randn(light.shape, generator=rng).to(place)
    sigma = _sigmas(trajectory, len(light), rng).to(place)
    point = flow_point(trajectory, light, given.degraded, noise, sigma)

    def predict(state: Tensor, sigma: Tensor) -> Tensor:
        with torch.autocast(place.type, dtype, enabled=dtype != torch.float32):
            return prior.velocity(state, sigma, given)

    state = point.state
    velocity = predict(state, point.sigma)
    error = mean_square(velocity - point.velocity).mean() / NOISE**2
    return error, energy_error(clean_at(state, velocity, point.spread_sigma), light)


def energy_error(found: Tensor, true: Tensor) -> Tensor:
    """How far the local energies of a light (b, 1, h, w) are from those of the true one: the mean
    absolute difference of their logarithms.

    The square error alone is least for the mean of all that could be there, which is smooth; in few
    steps a sampling stays near that mean. Moments in a place are what texture is told by (Portilla
    and Simoncelli, "A parametric texture model", 2000), and wanting them right asks for texture,
    wherever it lies.
    """
    pairs = zip(_energies(found), _energies(true), strict=True)
    return torch.stack([(one - other).abs().mean() for one, other in pairs]).mean()


def _energies(light: Tensor) -> Iterator[Tensor]:
    """Logarithms of the energies across, down and crosswise, in places of a finer and a coarser
    scale: undecimated Haar wavelets, their squares averaged."""
    for _ in range(_SCALES):
        kernels = torch.tensor(_HAAR, device=light.device)[:, None] / 2
        squares = F.conv2d(light.float(), kernels).square()
        yield (F.avg_pool2d(squares, _PLACE, _PLACE // 2) + _STILL**2).log()
        light = F.avg_pool2d(light, 2)


def _sigmas(trajectory: Trajectory, count: int, rng: torch.Generator) -> Tensor:
    """Sigmas (count) as FluxIR draws them (`draw_sigmas`), crowded where the schedule's are."""
    mu = trajectory.schedule.shift
    assert isinstance(mu, float)
    return shifted(_LEAST + (1 - _LEAST) * draw_sigmas(count, rng), mu)
