"""Trajectory search: try random ways, keep those that end nearer to the clean picture, learn them.

After FLUX-IR's trajectory reinforcement (arXiv 2410.04811), whose flow version and reward are not
published. Here: a teacher samples once by plain Euler, then again with one modulated step; where
the second way ends nearer to the clean latent, the learner's step at that place is pulled to it.
The whole objective is `lesson_loss`, the ordinary `trainer.flux.flow_loss`, and `latent_distance`
of the learner's own result (`way_of`, with gradients) from the clean latent, in equal parts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.diffusion.modulated import modulated_at
from engine.diffusion.sampling import Velocity, Visited, euler, sample
from trainer.flux.flow_loss import Predict, as_velocity, mean_square

Distance = Callable[[Tensor, Tensor], Tensor]
"""(results, clean latents) -> how far apart, (b,); smaller is better."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One step of a batch, and where better ways led from there."""

    here: float
    there: float
    state: Tensor
    """At `here`, (b, ...)."""
    wanted: Tensor
    """At `there`: the state of each latent's best way."""
    better: Tensor
    """(b,) bool: whether that way is another than the plain one."""


def way_of(velocity: Velocity, x: Tensor, sigmas: Sequence[float]) -> list[Tensor]:
    """The states at all sigmas of a plain sampling from `x`; gradients pass if asked for."""
    states = [x]

    def keep(visited: Visited) -> None:
        states.append(visited.state)

    sample(velocity, x, sigmas, watch=keep)
    return states


def latent_distance(results: Tensor, clean: Tensor) -> Tensor:
    """Mean squared error in the latent, (b,)."""
    return mean_square(results - clean)


@torch.no_grad()
def best_branch(
    velocity: Velocity,
    way: Sequence[Tensor],
    sigmas: Sequence[float],
    at: int,
    draws: Sequence[tuple[float, Tensor]],
    clean: Tensor,
    distance: Distance = latent_distance,
) -> Lesson:
    """The best, latent by latent, of a plain way and its branches at step `at`.

    Each draw (overshoot, noise) is a branch: one modulated step, then plain ones to the end. The
    overshoots lie within `overshoot_limit`.
    """
    here, there = sigmas[at], sigmas[at + 1]
    wanted, nearest = way[at + 1], distance(way[-1], clean)
    better = torch.zeros_like(nearest, dtype=torch.bool)
    for overshoot, noise in draws:
        seen: list[Tensor] = []

        def keep(visited: Visited, seen: list[Tensor] = seen) -> None:
            seen.append(visited.state)

        step = modulated_at(here, overshoot, noise)
        end = sample(velocity, way[at], sigmas[at:], step=step, watch=keep)
        reached = distance(end, clean)
        won = reached < nearest
        wanted = torch.where(won.reshape(-1, *[1] * (wanted.ndim - 1)), seen[0], wanted)
        nearest = torch.minimum(nearest, reached)
        better |= won
    return Lesson(here, there, way[at], wanted, better)


def lesson_loss(predict: Predict, lesson: Lesson) -> Tensor:
    """Mean squared distance of the learner's own step from the better way's, (b,).

    Zero for latents whose plain way was the best.
    """
    reached = euler(as_velocity(predict), lesson.state, lesson.here, lesson.there)
    return mean_square(reached - lesson.wanted) * lesson.better
