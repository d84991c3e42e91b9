"""`restorer train trajectory|distil`: a trained FluxIR adapter on better ways, in fewer steps."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from engine.diffusion.devices import pick_device
from engine.diffusion.flux.flux_adapter import FluxAdapter
from engine.diffusion.flux.flux_adapter_files import FluxAdapterHeader, save_flux_adapter
from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.progress import Progress
from engine.trajectory import Trajectory
from trainer.export import make_room, written_to
from trainer.flux.flow_fit import FlowPlan
from trainer.flux.flux_options import (
    add_model,
    add_pace,
    add_windows,
    model_of,
    pace_of,
    plan_of,
    pool_of,
)
from trainer.flux.latent_pool import LatentPool
from trainer.option_values import count
from trainer.steps.distil import DISTIL_WEIGHTS
from trainer.steps.distil_fit import (
    Allocation,
    Teacher,
    cheapest,
    even,
    keep_trajectory,
    kept_trajectory,
    student_trajectory,
    train_student,
)
from trainer.steps.trajectory_fit import REWARD, Search, train_trajectory

_RATE = 1e-4
_WARM_UP = 20
"""Steps; what is trained already needs no long one."""
_FEWEST = 2 * max(DISTIL_WEIGHTS)
"""Steps of a teacher, so that any student has places to choose from."""


@dataclass(frozen=True, slots=True)
class _Start:
    """What is trained on."""

    backbone: FluxBackbone
    adapter: FluxAdapter
    header: FluxAdapterHeader
    trajectory: Trajectory
    """The adapter's own, as it is run."""
    pool: LatentPool
    plan: FlowPlan


def trajectory(options: argparse.Namespace, progress: Progress) -> None:
    """Let an adapter learn from the better ones of its own ways."""
    start = _started(options)
    trained = train_trajectory(
        start.backbone,
        start.adapter,
        start.trajectory,
        start.pool,
        start.plan,
        Search(branches=options.branches, save_memory=options.save_memory),
        pace_of(options, _WARM_UP),
        options.run,
        progress,
    )
    words = f"reinforced by the best of {options.branches + 1} ways, reward: {REWARD}"
    _write(trained, options.out, _taught(start.header, words))


def distil(options: argparse.Namespace, progress: Progress) -> None:
    """Teach an adapter to do in few steps what it does in many."""
    start = _started(options, options.teacher_steps)
    teacher = Teacher(start.backbone, start.adapter, start.trajectory)
    fewer = kept_trajectory(options.run, options.steps, teacher)
    if fewer is None:
        costs = teacher.costs(start.pool, start.plan, progress)
        chosen = cheapest(teacher.sigmas, costs, options.steps)
        _say_costs(chosen, even(teacher.sigmas, costs, options.steps))
        fewer = student_trajectory(teacher, chosen)
        keep_trajectory(options.run, fewer)
    trained = train_student(
        start.backbone,
        start.adapter,
        teacher,
        fewer,
        start.pool,
        start.plan,
        pace_of(options, _WARM_UP),
        options.run,
        progress,
    )
    words = f"distilled from {options.teacher_steps} steps"
    _write(trained, options.out, replace(_taught(start.header, words), trajectory=fewer))


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The two commands and their options."""
    reinforced = commands.add_parser("trajectory", help="an adapter on better ways of its own")
    _add_start(reinforced)
    add_pace(reinforced, _RATE, steps=1000)
    add = reinforced.add_argument
    add("--branches", type=count, default=2, help="ways tried beside the plain one")
    distilled = commands.add_parser("distil", help="an adapter in 1, 2 or 4 steps")
    _add_start(distilled)
    add_pace(distilled, _RATE, steps=1000, named="--updates")
    add = distilled.add_argument
    known = tuple(DISTIL_WEIGHTS)
    add("--steps", type=int, default=2, choices=known, help="steps of a restoration with it")
    words = f"those it learns from, {_FEWEST} or more"
    add("--teacher-steps", type=_many, default=16, help=words)


def _add_start(parser: argparse.ArgumentParser) -> None:
    add_model(parser)
    add_windows(parser)
    add = parser.add_argument
    add("--start", type=Path, required=True, help="file of the adapter to start from")
    add("--out", type=Path, required=True, help="file of the new one")
    add("--save-memory", action="store_true", help="compute blocks anew in the backward pass")


def _started(options: argparse.Namespace, steps: int = 0) -> _Start:
    """All that a training starts from; `steps` other than 0 is how often its way is sampled."""
    model, device = model_of(options), pick_device(options.device)
    make_room(options.out)
    adapter, header = model.trained_adapter(options.start, device)
    pool = pool_of(options, model.autoencoder_file)
    backbone = model.backbone(device, header.text_tokens)
    if options.save_memory:
        setattr(backbone.transformer, "gradient_checkpointing", True)  # noqa: B010
    own = model.run_as(header.trajectory, max(options.sides), steps)
    return _Start(backbone, adapter, header, own, pool, plan_of(options, model))


def _say_costs(chosen: Allocation, spaced: Allocation) -> None:
    """What the steps cost where they are, and where they would be if evenly spaced."""
    rows = (("cheapest", chosen), ("evenly spaced", spaced))
    for name, way in rows:
        sys.stdout.write(f"{name}: sigmas {_listed(way.sigmas)}, cost {way.cost:.4f}\n")


def _listed(sigmas: Sequence[float]) -> str:
    return ", ".join(f"{sigma:.4g}" for sigma in sigmas)


def _taught(header: FluxAdapterHeader, words: str) -> FluxAdapterHeader:
    """The header of what was trained on from this one."""
    return replace(header, taught=f"{header.taught}; {words}" if header.taught else words)


def _write(adapter: FluxAdapter, path: Path, header: FluxAdapterHeader) -> None:
    with written_to(path):
        save_flux_adapter(adapter, path, header, torch.float16)
    sys.stdout.write(f"{path}\n")


def _many(text: str) -> int:
    steps = int(text)
    if steps < _FEWEST:
        raise argparse.ArgumentTypeError(f"{_FEWEST} or more, not {text}")
    return steps
