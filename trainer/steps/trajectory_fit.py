"""Trajectory reinforcement: a trained adapter learns from the better ones of its own ways.

After FLUX-IR (arXiv 2410.04811). Its training of FLUX is not published; the objective here is that
of its pixel-space version, in three equal parts: the ordinary loss, the lesson of
`trainer.steps.trajectory_search`, and how far the learner's own result is from the clean latent.
That last distance is the reward, too, by which ways are chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from engine.diffusion.flux.flux_adapter import FluxAdapter
from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.diffusion.modulated import drawn_overshoot
from engine.errors import WrongAdapter
from engine.progress import Progress
from engine.trajectory import Trajectory
from trainer.flux.flow_fit import (
    FlowPlan,
    Parts,
    asked,
    drawn,
    flow_error,
    fresh,
    origin_of,
    steered,
    taught,
)
from trainer.flux.flow_loss import Predict, as_velocity
from trainer.flux.latent_pool import LatentBatch, LatentPool
from trainer.loop import Pace
from trainer.steps.trajectory_search import (
    Lesson,
    best_branch,
    latent_distance,
    lesson_loss,
    way_of,
)

REWARD = "small squared error in the latent"
"""What `latent_distance` is called in a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How better ways are looked for."""

    branches: int = 2
    """Ways beside the plain one, in a step of training."""
    save_memory: bool = False
    """Whether the steps of the learner's way are computed anew in the backward pass."""

    def __post_init__(self) -> None:
        if self.branches < 1:
            raise ValueError(f"a search has 1 branch or more, not {self.branches}")


def train_trajectory(
    backbone: FluxBackbone,
    adapter: FluxAdapter,
    trajectory: Trajectory,
    pool: LatentPool,
    plan: FlowPlan,
    search: Search,
    pace: Pace,
    run: Path,
    progress: Progress,
) -> FluxAdapter:
    """`adapter`, trained on by what it finds on `trajectory`, whose sigmas fit all windows.

    Raises `WrongAdapter` for a trajectory without other ways, see `check_ways`.
    """
    check_ways(trajectory)
    sigmas = trajectory.schedule.sigmas(0)

    def parts(step: int) -> Parts:
        seen, rng = drawn(pool, plan, step, backbone)
        predict = steered(backbone, seen.degraded)
        flow = flow_error(backbone, plan, predict, asked(trajectory, plan, seen, rng))
        travelled = _recomputed(predict) if search.save_memory else predict
        way = way_of(as_velocity(travelled), first_state(trajectory, seen, rng), sigmas)
        lesson = searched(predict, way, sigmas, seen.clean, search.branches, rng)
        return {
            "flow": flow,
            "lesson": lesson_loss(predict, lesson).mean(),
            "result": latent_distance(way[-1], seen.clean).mean(),
        }

    origin = origin_of(pool, plan, trajectory, search.branches)
    return taught(backbone, adapter, parts, origin, pace, run, progress, plan.crops)


def check_ways(trajectory: Trajectory) -> None:
    """Raises `WrongAdapter` where no modulated step is possible.

    The last step allows none (`overshoot_limit`), so there have to be two; and the far end has to
    be pure noise, which a modulated step brings in.
    """
    if trajectory.schedule.steps < 2:
        raise WrongAdapter(
            "An adapter of 1 step has only one way to go.", "Start from one of 2 steps or more."
        )
    if (trajectory.noise, trajectory.degraded, trajectory.renoise) != (1, 0, 0):
        raise WrongAdapter(
            "Only a flow from plain noise has ways to choose from.",
            "Start from an adapter without bridge and fresh noise.",
        )


def first_state(trajectory: Trajectory, seen: LatentBatch, rng: torch.Generator) -> Tensor:
    """Where a restoration of these latents begins: noised, from the draft, as a prior does it."""
    origin = seen.draft if trajectory.start == "degraded" else seen.degraded
    return trajectory.first(fresh(seen.clean, rng), origin)


def searched(
    predict: Predict,
    way: Sequence[Tensor],
    sigmas: Sequence[float],
    clean: Tensor,
    branches: int,
    rng: torch.Generator,
) -> Lesson:
    """The lesson of a step drawn by chance, any but the last, of a plain way."""
    at = int(torch.randint(len(sigmas) - 2, (), generator=rng))
    draws = []
    for _ in range(branches):
        share = float(torch.rand((), generator=rng))
        overshoot = drawn_overshoot(sigmas[at], sigmas[at + 1], share)
        draws.append((overshoot, fresh(clean, rng)))
    plain = [state.detach() for state in way]
    return best_branch(as_velocity(predict), plain, sigmas, at, draws, clean)


def _recomputed(predict: Predict) -> Predict:
    """The same, keeping nothing of its inside for the backward pass."""

    def again(state: Tensor, sigma: Tensor) -> Tensor:
        found: Tensor = checkpoint(predict, state, sigma, use_reentrant=False)
        return found

    return again
