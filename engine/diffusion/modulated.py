"""FLUX-IR's modulated step: a random step that keeps the flow's marginals (arXiv 2410.04811).

The step goes further along the velocity than it should and makes up for it with fresh noise, so
that the state is distributed as after an Euler step while every draw takes another way. Trajectory
search uses it to find ways that end nearer to the clean picture.
"""

from __future__ import annotations

import math

from torch import Tensor

from engine.diffusion.sampling import Step, Velocity, euler
from engine.trajectory import renoised

_SLACK = 1e-9
"""Relative; an overshoot computed to be the limit may be rounded to just above it."""


def overshoot_limit(here: float, there: float) -> float:
    """The largest overshoot of a step from sigma `here` to `there`, 0 <= there < here <= 1.

    The noise to be added has variance >= 0 while there + reached >= 2 there reached, where reached
    = here - overshoot (here - there). Any overshoot will do for `there` >= 1/2, none but 1 for the
    step that ends at 0.
    """
    if not 0 <= there < here <= 1:
        raise ValueError(f"a step leads down within 0 to 1, not from {here} to {there}")
    if there >= 0.5:
        return math.inf
    if there == 0:
        return 1.0
    return (here + there / (1 - 2 * there)) / (here - there)


def drawn_overshoot(here: float, there: float, share: float) -> float:
    """The usual draw 1 + `share` for a share drawn evenly from 0..1, kept within the limit.

    Clamped, not drawn anew: near the clean end no redraw would be valid.
    """
    return min(1 + share, overshoot_limit(here, there))


def modulated(
    velocity: Tensor, x: Tensor, here: float, there: float, overshoot: float, noise: Tensor
) -> Tensor:
    """The state at `there`, reached from `x` at `here` by way of `overshoot` times the step.

    z' = (z - A D v - B e) (1 - s) / (1 - t + A D), with B the noise that gives the state at s the
    marginal N((1 - s) clean, s^2), exactly for the ideal velocity. Overshoot 1 is Euler's step.
    Raises `ValueError` outside 1 to `overshoot_limit`.
    """
    limit = overshoot_limit(here, there)
    if not 1 <= overshoot <= limit * (1 + _SLACK):
        raise ValueError(
            f"from {here:.4f} to {there:.4f} an overshoot is 1 to {limit:.4f}, not {overshoot:.4f}"
        )
    if overshoot == 1:
        return x + (there - here) * velocity
    reached = here - overshoot * (here - there)
    return renoised(x + (reached - here) * velocity, reached, there, noise)


def modulated_at(sigma: float, overshoot: float, noise: Tensor) -> Step:
    """A solver that takes the one step starting at `sigma` modulated and all others as Euler."""

    def step(velocity: Velocity, x: Tensor, here: float, there: float) -> Tensor:
        if here != sigma:
            return euler(velocity, x, here, there)
        return modulated(velocity(x, here), x, here, there, overshoot, noise)

    return step
