"""The training objective of generative backbones and their adapters.

It is made of the same path, velocity and clean estimate as the sampler (`engine.trajectory`), so
that what is trained is what is run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.diffusion.sampling import Velocity
from engine.trajectory import Trajectory, clean_at, state_at, velocity_along

Predict = Callable[[Tensor, Tensor], Tensor]
"""(states (b, ...), sigmas (b,)) -> velocities of the states' shape."""
Decode = Callable[[Tensor], Tensor]
"""Latents -> pictures (b, 3, h, w)."""


@dataclass(frozen=True, slots=True)
class FlowPoint:
    """Where a batch is asked for its velocity: one place on each latent's path."""

    clean: Tensor
    far: Tensor
    sigma: Tensor
    """(b,) in 0..1."""

    def __post_init__(self) -> None:
        if self.clean.shape != self.far.shape or self.sigma.shape != self.clean.shape[:1]:
            raise ValueError("one sigma for each pair of clean and far end")

    @property
    def spread_sigma(self) -> Tensor:
        """The sigmas, shaped to broadcast over the latents."""
        return self.sigma.reshape(-1, *[1] * (self.clean.ndim - 1))

    @property
    def state(self) -> Tensor:
        return state_at(self.clean, self.far, self.spread_sigma)

    @property
    def velocity(self) -> Tensor:
        """What is to be predicted."""
        return velocity_along(self.clean, self.far)


def as_velocity(predict: Predict) -> Velocity:
    """A learner as the solvers see it; gradients pass."""
    return lambda x, sigma: predict(x, torch.full((len(x),), sigma).to(x))


def draw_sigmas(count: int, rng: torch.Generator, margin: float = 0.05, top: float = 1.0) -> Tensor:
    """Sigmas (count,) in 0..top, even but for `margin / (1 + 2 margin)` of them at each end.

    Drawn from -margin to 1 + margin, then clamped (FluxIR, arXiv 2504.15159). A sampling starts at
    exactly `top`, and a first step that was never trained spoils all that follow.
    """
    if margin < 0 or not 0 < top <= 1:
        raise ValueError(f"margin is 0 or more and top in 0..1, not {margin} and {top}")
    even = torch.rand(count, generator=rng, device=rng.device)
    return top * (even * (1 + 2 * margin) - margin).clamp(0, 1)


def draw_listed(sigmas: Sequence[float], count: int, rng: torch.Generator) -> Tensor:
    """Sigmas (count,) among those a few-step sampling asks the network at, 0 excluded.

    Keeps a step-distilled backbone such as FLUX.1-schnell where its distillation left it.
    """
    asked = torch.tensor(sigmas[:-1], dtype=torch.float32, device=rng.device)
    return asked[torch.randint(len(asked), (count,), generator=rng, device=rng.device)]


def flow_point(
    trajectory: Trajectory, clean: Tensor, degraded: Tensor, noise: Tensor, sigma: Tensor
) -> FlowPoint:
    """A place on the trajectory's own path, whatever state a sampling starts in."""
    return FlowPoint(clean, trajectory.far(noise, degraded), sigma)


def travelled_point(
    trajectory: Trajectory, clean: Tensor, degraded: Tensor, noise: Tensor, sigma: Tensor
) -> FlowPoint:
    """A place on the way a sampling really takes: straight from its first state to clean.

    From the noised degraded latent that way is not the path, since the first state holds a share
    of the degradation. A network trained here learns to remove it; sigmas are drawn up to the
    schedule's start. For a start at the far end it is the same as `flow_point`.
    """
    first = trajectory.first(noise, degraded)
    return FlowPoint(clean, clean + (first - clean) / trajectory.schedule.start, sigma)


def velocity_loss(predict: Predict, point: FlowPoint) -> Tensor:
    """Mean squared error of the velocity, (b,); Lipman et al. (2023), Liu et al. (2022)."""
    return mean_square(predict(point.state, point.sigma) - point.velocity)


def flow_loss(
    predict: Predict, point: FlowPoint, decode: Decode | None = None, weight: float = 1.0
) -> Tensor:
    """Velocity error plus `weight` times the L1 error of the decoded clean estimate, (b,).

    After FluxIR (arXiv 2504.15159), which prints the second term with the noisy states decoded.
    The autoencoder never saw those; the clean estimates differ by the same latent error and are
    what it was made for.
    """
    state = point.state
    velocity = predict(state, point.sigma)
    loss = mean_square(velocity - point.velocity)
    if decode is None:
        return loss
    estimate = clean_at(state, velocity, point.spread_sigma)
    with torch.no_grad():
        wanted = decode(point.clean)
    return loss + weight * (decode(estimate) - wanted).abs().flatten(1).mean(1)


def mean_square(error: Tensor) -> Tensor:
    """(b, ...) to (b,), in float32 at least."""
    error = error.to(torch.promote_types(error.dtype, torch.float32))
    return error.square().flatten(1).mean(1)
