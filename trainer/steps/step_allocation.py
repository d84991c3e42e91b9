"""Where to put few steps: the cost of a jump, and the cheapest way of exactly so many jumps.

After the cost-aware distillation of FLUX-IR (arXiv 2410.04811), in its form for flows: the paths of
a teacher with many steps show how wrong one jump between any two of its sigmas would be.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.diffusion.sampling import Velocity, Visited, sample
from engine.schedule import Schedule

Costs = NDArray[np.float64]
"""(n, n): the cost of jumping from place i to place j of a list of sigmas; inf where j <= i."""


@dataclass(frozen=True, slots=True)
class TeacherPath:
    """A sampling of many steps: its sigmas, the state at each, the velocity at all but the last."""

    sigmas: tuple[float, ...]
    states: tuple[Tensor, ...]
    velocities: tuple[Tensor, ...]

    def __post_init__(self) -> None:
        places = len(self.sigmas)
        if places < 2 or len(self.states) != places or len(self.velocities) != places - 1:
            raise ValueError("a path has one state more than velocities, one for each sigma")


@torch.no_grad()
def teacher_path(velocity: Velocity, x: Tensor, sigmas: Sequence[float]) -> TeacherPath:
    """Sample with Euler steps from `x` and keep what was seen on the way."""
    states, velocities = [x], []

    def remembered(state: Tensor, sigma: float) -> Tensor:
        velocities.append(velocity(state, sigma))
        return velocities[-1]

    def keep(visited: Visited) -> None:
        states.append(visited.state)

    sample(remembered, x, sigmas, watch=keep)
    return TeacherPath(tuple(sigmas), tuple(states), tuple(velocities))


def jump_costs(path: TeacherPath) -> Costs:
    """The cost of every jump along a path, (n, n) for its n sigmas.

    cost(i, j) = |z_j - (z_i + (t_j - t_i) v_i)| / |t_i - t_j|: the distance between the teacher's
    mean velocity over the jump and the velocity the jump would take. Distances are root mean
    squares over all elements, so that latents of any size compare. Needs no evaluation.
    """
    places = len(path.sigmas)
    costs = np.full((places, places), np.inf)
    for i in range(places - 1):
        for j in range(i + 1, places):
            stride = path.sigmas[j] - path.sigmas[i]
            mean = (path.states[j] - path.states[i]).double() / stride
            costs[i, j] = float((mean - path.velocities[i].double()).square().mean().sqrt())
    return costs


def mean_costs(paths: Sequence[TeacherPath]) -> Costs:
    """The mean of the costs over several paths with the same sigmas."""
    if not paths or any(path.sigmas != paths[0].sigmas for path in paths):
        raise ValueError("one path or more, all with the same sigmas")
    return np.asarray(np.mean([jump_costs(path) for path in paths], axis=0), np.float64)


def allocate(costs: Costs, steps: int) -> tuple[int, ...]:
    """The places visited by the cheapest way from the first to the last in exactly `steps` jumps.

    Shortest path with a fixed number of edges, by dynamic programming; `steps` + 1 places, the
    first and the last included. Raises `ValueError` if there are not as many jumps to be had.
    """
    last = len(costs) - 1
    if not 1 <= steps <= last:
        raise ValueError(f"between {last + 1} places lie 1 to {last} steps, not {steps}")
    reach = np.full(last + 1, np.inf)
    reach[0] = 0.0
    before: list[NDArray[np.intp]] = []
    for _ in range(steps):
        through = reach[:, None] + costs
        before.append(through.argmin(axis=0))
        reach = through.min(axis=0)
    if not math.isfinite(reach[last]):
        raise ValueError(f"no way of {steps} jumps has a finite cost")
    way = [last]
    for previous in reversed(before):
        way.append(int(previous[way[-1]]))
    return tuple(reversed(way))


def allocated_schedule(sigmas: Sequence[float], costs: Costs, steps: int) -> Schedule:
    """The schedule of the cheapest way in `steps` steps through these sigmas."""
    return Schedule(listed=tuple(sigmas[place] for place in allocate(costs, steps)))
