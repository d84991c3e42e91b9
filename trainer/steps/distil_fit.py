"""Distilling an adapter's sampling of many steps into 1, 2 or 4, placed where they cost least.

After the cost-aware distillation of FLUX-IR (arXiv 2410.04811): the teacher's ways tell which few
sigmas lose least (`trainer.steps.step_allocation`); then a student, which starts as a copy, learns
to be at each of them where the teacher is.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import copy, deepcopy
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from engine.diffusion.flux.flux_adapter import FluxAdapter
from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.errors import CannotSave, WrongAdapter, WrongWeights
from engine.progress import Progress
from engine.trajectory import Trajectory, load_trajectory, trajectory_table
from engine.whole_file import whole_file
from trainer.flux.flow_fit import (
    FlowPlan,
    Parts,
    asked,
    drawn,
    flow_error,
    origin_of,
    steered,
    taught,
)
from trainer.flux.flow_loss import as_velocity
from trainer.flux.latent_pool import LatentPool
from trainer.loop import Pace
from trainer.steps.distil import distil_loss, distilled, states_at
from trainer.steps.step_allocation import Costs, TeacherPath, allocate, mean_costs, teacher_path
from trainer.steps.trajectory_fit import first_state
from trainer.steps.trajectory_search import way_of

_WAYS = 16
"""Batches whose ways the costs are a mean of."""
_KEPT = "trajectory.json"
"""In the folder of a run: the student's trajectory."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """Places of a teacher's sigmas that a student visits, and what that costs."""

    places: tuple[int, ...]
    sigmas: tuple[float, ...]
    cost: float
    """Sum over the jumps, see `jump_costs`."""


class Teacher:
    """A backbone with a trained adapter that stays as it is, sampled in many steps."""

    def __init__(
        self, backbone: FluxBackbone, adapter: FluxAdapter, trajectory: Trajectory
    ) -> None:
        """`trajectory` is the adapter's own in many steps; its sigmas fit all windows.

        Raises `WrongAdapter` if it mixes in fresh noise, which no student can foresee.
        """
        if trajectory.renoise:
            raise WrongAdapter(
                "An adapter that takes fresh noise at each step cannot be distilled.",
                "Start from one without.",
            )
        self.backbone = copy(backbone)
        self.backbone.adapter = deepcopy(adapter).eval().requires_grad_(False)
        self.trajectory = trajectory
        self.sigmas = trajectory.schedule.sigmas(0)

    def costs(self, pool: LatentPool, plan: FlowPlan, progress: Progress) -> Costs:
        """Of every jump between its sigmas, over the first batches of a training."""
        paths: list[TeacherPath] = []
        for step in range(_WAYS):
            progress.report(step / _WAYS, "costs")
            seen, rng = drawn(pool, plan, step, self.backbone)
            predict = steered(self.backbone, seen.degraded)
            first = first_state(self.trajectory, seen, rng)
            paths.append(teacher_path(as_velocity(predict), first, self.sigmas))
        progress.report(1.0, "costs")
        return mean_costs(paths)


def cheapest(sigmas: Sequence[float], costs: Costs, steps: int) -> Allocation:
    """The cheapest way in `steps` steps through a teacher's sigmas."""
    return _along(sigmas, costs, allocate(costs, steps))


def even(sigmas: Sequence[float], costs: Costs, steps: int) -> Allocation:
    """The way with as many of the teacher's steps in each of the student's, or nearly."""
    last = len(sigmas) - 1
    return _along(sigmas, costs, tuple(round(last * i / steps) for i in range(steps + 1)))


def student_trajectory(teacher: Teacher, allocation: Allocation) -> Trajectory:
    """What the student is trained for and run with."""
    return distilled(teacher.trajectory, allocation.sigmas)


def kept_trajectory(run: Path, steps: int, teacher: Teacher) -> Trajectory | None:
    """What a student in `run` is being trained for, if there is one.

    Raises `WrongWeights` if it has another number of steps, or another teacher's sigmas.
    """
    path = run / _KEPT
    if not path.exists():
        return None
    found = load_trajectory(path)
    listed = found.schedule.listed
    if len(listed) != steps + 1 or not set(listed) <= set(teacher.sigmas):
        raise WrongWeights(
            f"{run} holds another training, in {len(listed) - 1} steps.", "Name another --run."
        )
    return found


def keep_trajectory(run: Path, trajectory: Trajectory) -> None:
    """Remember what a student is trained for; raises `CannotSave`."""
    text = json.dumps(trajectory_table(trajectory)) + "\n"
    try:
        run.mkdir(parents=True, exist_ok=True)
        with whole_file(run / _KEPT, overwrite=True) as file:
            file.write(text.encode())
    except OSError as error:
        raise CannotSave(
            f"The state of the training cannot be written to {run}: {error}.",
            "Make room there, or name another --run.",
        ) from error


def train_student(
    backbone: FluxBackbone,
    adapter: FluxAdapter,
    teacher: Teacher,
    trajectory: Trajectory,
    pool: LatentPool,
    plan: FlowPlan,
    pace: Pace,
    run: Path,
    progress: Progress,
) -> FluxAdapter:
    """`adapter`, which starts as the teacher's, trained to keep up with it along `trajectory`.

    That visits 1, 2 or 4 of the teacher's sigmas. The teacher's way is sampled for each batch.
    """
    sigmas = trajectory.schedule.listed
    places = [teacher.sigmas.index(sigma) for sigma in sigmas]

    def parts(step: int) -> Parts:
        seen, rng = drawn(pool, plan, step, backbone)
        predict = steered(backbone, seen.degraded)
        flow = flow_error(backbone, plan, predict, asked(trajectory, plan, seen, rng, sigmas))
        first = first_state(trajectory, seen, rng)
        shown = as_velocity(steered(teacher.backbone, seen.degraded))
        wanted = states_at(teacher_path(shown, first, teacher.sigmas), places)
        states = way_of(as_velocity(predict), first, sigmas)[1:]
        return {"flow": flow, "distil": distil_loss(states, wanted, seen.clean).mean()}

    origin = origin_of(pool, plan, trajectory, teacher.sigmas)
    return taught(backbone, adapter, parts, origin, pace, run, progress, plan.crops)


def _along(sigmas: Sequence[float], costs: Costs, places: tuple[int, ...]) -> Allocation:
    cost = sum(float(costs[jump]) for jump in pairwise(places))
    return Allocation(places, tuple(sigmas[place] for place in places), cost)
