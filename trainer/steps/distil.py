"""Distilling a sampling of many steps into 1, 2 or 4; losses of FLUX-IR (arXiv 2410.04811).

The weights are those of its released pixel-space version. To each belongs the ordinary training
loss (`trainer.flux.flow_loss`) at the sigmas the student starts its jumps from, which keeps it a
flow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from engine.schedule import Schedule
from engine.trajectory import Trajectory
from trainer.steps.step_allocation import TeacherPath


@dataclass(frozen=True, slots=True)
class DistilWeights:
    """What each distance counts."""

    middle: float
    """Between student and teacher at the sigmas between first and last."""
    teacher: float
    """Between their results."""
    clean: float
    """Between the student's result and the clean latent."""
    squared: bool
    """Whether results are compared by squares; else by absolute differences. Squares for the
    middle always."""


def distil_loss(student: Sequence[Tensor], teacher: Sequence[Tensor], clean: Tensor) -> Tensor:
    """The loss (b,) of a student's states after each step against a teacher's at the same sigmas.

    Both lists end with the result and hold as many states as the student has steps: 1, 2 or 4.
    """
    if len(student) not in DISTIL_WEIGHTS or len(student) != len(teacher):
        counts = ", ".join(str(count) for count in DISTIL_WEIGHTS)
        raise ValueError(f"student and teacher have {counts} states each")
    weights = DISTIL_WEIGHTS[len(student)]
    result = student[-1]
    loss = weights.teacher * _distance(result, teacher[-1], weights.squared)
    loss = loss + weights.clean * _distance(result, clean, weights.squared)
    for mine, theirs in zip(student[:-1], teacher[:-1], strict=True):
        loss = loss + weights.middle * _distance(mine, theirs, squared=True)
    return loss


def states_at(path: TeacherPath, places: Sequence[int]) -> list[Tensor]:
    """The teacher's states where the student is to be after each of its steps.

    places: as `allocate` gives them, from the first place to the last.
    """
    return [path.states[place] for place in places[1:]]


def distilled(trajectory: Trajectory, sigmas: Sequence[float]) -> Trajectory:
    """The trajectory the student is run with: the same path and start, its own few sigmas.

    Deterministic, as the student was trained without fresh noise.
    """
    return Trajectory(
        noise=trajectory.noise,
        degraded=trajectory.degraded,
        start=trajectory.start,
        schedule=Schedule(listed=tuple(sigmas)),
    )


def _distance(one: Tensor, other: Tensor, squared: bool) -> Tensor:
    error = one - other
    error = error.square() if squared else error.abs()
    return error.flatten(1).mean(1)


DISTIL_WEIGHTS: dict[int, DistilWeights] = {
    1: DistilWeights(middle=0, teacher=300, clean=300, squared=False),
    2: DistilWeights(middle=100, teacher=300, clean=300, squared=True),
    4: DistilWeights(middle=100, teacher=300, clean=600, squared=True),
}
"""By the number of steps the student takes."""
