"""The one sampling loop, the solvers it takes its steps with, and guidance.

A solver sees a velocity, a state and two sigmas; what the network is, where the state came from
and what it was conditioned on are settled before. Adding a solver is a function and its line in
`SAMPLERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import torch
from torch import Tensor

from engine.diffusion.backbone import Backbone, Conditioning
from engine.progress import Progress, Silent
from engine.trajectory import Trajectory, clean_at, renoised

Velocity = Callable[[Tensor, float], Tensor]
"""(state, sigma) -> velocity of the state's shape."""
Step = Callable[[Velocity, Tensor, float, float], Tensor]
"""(velocity, state, here, there) -> state at the sigma `there` < `here`."""
Noise = Callable[[int], Tensor]
"""Standard normal noise of the state's shape: 0 for the start, i + 1 for step i. The same number
gives the same noise, so that a request and a seed fix the picture."""


@dataclass(frozen=True, slots=True)
class Visited:
    """Where a sampling is after a step."""

    index: int
    """Of the step, from 0."""
    sigma: float
    state: Tensor
    clean: Tensor
    """The clean latent the step pointed to: a preview once decoded, the result at the end."""


def euler(velocity: Velocity, x: Tensor, here: float, there: float) -> Tensor:
    """One evaluation, first order: along the velocity. Exact where the path is straight."""
    return x + (there - here) * velocity(x, here)


def heun(velocity: Velocity, x: Tensor, here: float, there: float) -> Tensor:
    """Two evaluations, second order: along the mean of the velocities at both ends.

    The last step is Euler's, as in Karras et al. (2022), algorithm 1: networks are least reliable
    at sigma 0, where the state says nothing about the noise.
    """
    slope = velocity(x, here)
    guess = x + (there - here) * slope
    if there == 0:
        return guess
    return x + (there - here) * 0.5 * (slope + velocity(guess, there))


def midpoint(velocity: Velocity, x: Tensor, here: float, there: float) -> Tensor:
    """Two evaluations, second order up to and including the last step: along the velocity in the
    middle."""
    half = (here + there) / 2
    return x + (there - here) * velocity(euler(velocity, x, here, half), half)


def sample(
    velocity: Velocity,
    x: Tensor,
    sigmas: Sequence[float],
    progress: Progress | None = None,
    *,
    step: Step = euler,
    trajectory: Trajectory | None = None,
    noise: Noise | None = None,
    watch: Callable[[Visited], None] | None = None,
) -> Tensor:
    """Lead the state `x` from the first sigma to the last; every sampling of the program.

    The state is kept in float32 at least: in bfloat16 the small steps near the clean end would be
    lost. With a `trajectory` whose `renoise` is above 0, `noise` is mixed in before each step.
    Raises `Cancelled` from `progress`, and `FloatingPointError` as soon as a state is not finite.
    """
    progress = progress or Silent()
    x = x.to(torch.promote_types(x.dtype, torch.float32))
    for index, (here, there) in enumerate(pairwise(sigmas)):
        progress.report(index / (len(sigmas) - 1), "sampling")
        start = here if trajectory is None else trajectory.raised(here)
        if start > here:
            if noise is None:
                raise ValueError("a trajectory that mixes in fresh noise needs it")
            x = renoised(x, here, start, noise(index + 1).to(x))
        after = step(velocity, x, start, there)
        if not bool(torch.isfinite(after).all()):
            raise FloatingPointError(f"the network's answer at sigma {start:.4f} is not finite")
        if watch is not None:
            # What any one-step solver did is what one velocity would have done.
            mean = (after - x) / (there - start)
            watch(Visited(index, there, after, clean_at(after, mean, there)))
        x = after
    progress.report(1.0, "sampling")
    return x


@dataclass(frozen=True, slots=True)
class Guidance:
    """How strongly the result is pushed towards the prompt; what it means is in the spec."""

    strength: float
    below: float = 1.0
    """Classifier-free guidance acts at this sigma and below. Early on it would push the whole
    picture, and each evaluation it saves counts."""


def velocity_of(
    backbone: Backbone, given: Conditioning, guidance: Guidance | None = None
) -> Velocity:
    """The backbone as a solver sees it.

    Guidance is an input of a distilled network, and a second evaluation of a classifier-free one:
    negative + strength (positive - negative), Ho and Salimans (2022). Raises `ValueError` where
    the backbone takes none, or where the prompt to move away from is missing.
    """
    kind = backbone.spec.guided
    if guidance is not None and kind == "none":
        raise ValueError(f"{backbone.spec.id} takes no guidance")
    if guidance is not None and kind == "distilled":
        given, guidance = replace(given, guidance=guidance.strength), None
    if guidance is None or guidance.strength == 1:
        return lambda x, sigma: backbone.velocity(x, _each(sigma, x), given).to(x.dtype)
    if given.negative is None:
        raise ValueError("classifier-free guidance needs a prompt to move away from")
    return _guided(backbone, given, given.negative, guidance)


def sample_latent(
    backbone: Backbone,
    given: Conditioning,
    trajectory: Trajectory,
    noise: Noise,
    progress: Progress | None = None,
    *,
    sampler: str = "euler",
    guidance: Guidance | None = None,
    draft: Tensor | None = None,
    watch: Callable[[Visited], None] | None = None,
) -> Tensor:
    """The restored latent (b, channels, h, w) of a degraded one, along a trajectory.

    `noise(0)` starts it, so its shape, device and precision are the result's. `draft` is a latent
    to start from in place of the degraded one: a first restoration is nearer to the clean picture.
    """
    with torch.inference_mode():
        first = noise(0)
        origin = given.degraded if draft is None else draft
        x = trajectory.first(first, origin.to(first))
        sigmas = trajectory.schedule.sigmas(backbone.spec.tokens(*x.shape[-2:]))
        velocity = velocity_of(backbone, given, guidance)
        return sample(
            velocity,
            x,
            sigmas,
            progress,
            step=SAMPLERS[sampler],
            trajectory=trajectory,
            noise=noise,
            watch=watch,
        )


def asked_sigmas(trajectory: Trajectory, tokens: int, sampler: str = "euler") -> tuple[float, ...]:
    """The sigma of each evaluation a sampling of this many image tokens will make, in order.

    For what is made ready beforehand (tables of modulation), and for telling how long it takes.
    """
    asked: list[float] = []
    nothing = torch.zeros(1)

    def listen(x: Tensor, sigma: float) -> Tensor:
        asked.append(sigma)
        return nothing

    sample(
        listen,
        nothing,
        trajectory.schedule.sigmas(tokens),
        step=SAMPLERS[sampler],
        trajectory=trajectory,
        noise=lambda draw: nothing,
    )
    return tuple(asked)


def _guided(
    backbone: Backbone, given: Conditioning, negative: Conditioning, guidance: Guidance
) -> Velocity:
    def velocity(x: Tensor, sigma: float) -> Tensor:
        towards = backbone.velocity(x, _each(sigma, x), given).to(x.dtype)
        if sigma > guidance.below:
            return towards
        away = backbone.velocity(x, _each(sigma, x), negative).to(x.dtype)
        return away + guidance.strength * (towards - away)

    return velocity


def _each(sigma: float, x: Tensor) -> Tensor:
    """The sigma for each latent of a batch, (b,)."""
    return torch.full((len(x),), sigma, dtype=x.dtype, device=x.device)


SAMPLERS: dict[str, Step] = {
    "euler": euler,
    "heun": heun,
    "midpoint": midpoint,
}
"""Solvers by the name that presets and the command line use."""
