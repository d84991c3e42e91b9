from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.backbones import find_backbone
from engine.diffusion.flux.flux1 import Flux1
from engine.diffusion.flux.flux_adapter import FluxAdapter
from engine.diffusion.flux.flux_adapter_files import read_header
from engine.diffusion.prior_loading import trajectory_of
from engine.errors import WrongAdapter, WrongWeights
from engine.progress import Cancelled, Progress, Silent
from engine.schedule import Schedule, in_steps
from engine.trajectory import Trajectory
from tests.diffusion import tiny_flux
from tests.trainer.flux_folder import NOISED, FluxFiles, flux_files, pool, steering
from trainer.cli import main
from trainer.flux.flow_fit import FlowPlan, steered
from trainer.flux.flow_loss import as_velocity
from trainer.flux.latent_pool import LatentBatch, LatentPool
from trainer.loop import Pace
from trainer.steps.distil import distilled
from trainer.steps.distil_fit import (
    Teacher,
    cheapest,
    even,
    keep_trajectory,
    kept_trajectory,
    student_trajectory,
    train_student,
)
from trainer.steps.trajectory_fit import first_state
from trainer.steps.trajectory_search import latent_distance, way_of

PLAN = FlowPlan(tokens=16, sides=(4,))
PACE = Pace(steps=12, learning_rate=5e-3, warm_up=2, average=0.9, log_every=2)
BENT = 0.4
"""Of a teacher whose ways few steps do not follow."""
MANY = replace(NOISED, schedule=in_steps(NOISED.schedule, 8))


def _student(
    model: Flux1, steps: int, pairs: LatentPool, run: Path, progress: Progress, pace: Pace
) -> FluxAdapter:
    adapter = steering(BENT)
    teacher = Teacher(model, adapter, MANY)
    fewer = distilled(MANY, in_steps(MANY.schedule, steps).sigmas(0))
    return train_student(model, adapter, teacher, fewer, pairs, PLAN, pace, run, progress)


def _ends(model: Flux1, adapter: FluxAdapter, steps: int, pairs: LatentPool, seed: int) -> Tensor:
    """Where the ways of all pairs end, (n, ...)."""
    model.adapter = adapter
    seen = LatentBatch(pairs.clean.float(), pairs.degraded.float(), pairs.draft.float())
    first = first_state(MANY, seen, tiny_flux.generator(seed))
    velocity = as_velocity(steered(model, seen.degraded))
    with torch.no_grad():
        return way_of(velocity, first, in_steps(MANY.schedule, steps).sigmas(0))[-1]


def _known(model: Flux1) -> LatentPool:
    """Pairs whose clean latents are where the teacher ends, in the mean over the noise."""
    cut = (part[..., :4, :4] for part in (pool().clean, pool().degraded, pool().draft))
    pairs = LatentPool(*cut)
    many = MANY.schedule.steps
    ends = torch.stack([_ends(model, steering(BENT), many, pairs, seed) for seed in range(6)])
    return LatentPool(ends.mean(0).half(), pairs.degraded, pairs.draft)


@pytest.mark.parametrize("steps", [1, 2])
def test_a_student_ends_nearer_to_its_teacher_than_the_teacher_in_as_few_steps(
    tmp_path: Path, steps: int
) -> None:
    model = tiny_flux.tiny_flux1()
    pairs = _known(model)
    student = _student(model, steps, pairs, tmp_path, Silent(), PACE)
    wanted = _ends(model, steering(BENT), MANY.schedule.steps, pairs, 99)
    plain, learnt = (
        float(latent_distance(_ends(model, adapter, steps, pairs, 99), wanted).mean())
        for adapter in (steering(BENT), student)
    )
    assert learnt < 0.5 * plain


def test_a_teacher_stays_as_it_is(tmp_path: Path) -> None:
    model, adapter = tiny_flux.tiny_flux1(), steering()
    teacher = Teacher(model, adapter, MANY)
    fewer = distilled(MANY, (0.5, 0.0))
    pace = replace(PACE, steps=2)
    trained = train_student(model, adapter, teacher, fewer, pool(), PLAN, pace, tmp_path, Silent())
    kept = teacher.backbone.adapter
    assert kept is not None
    before = steering().state_dict()
    assert all(torch.equal(value, before[name]) for name, value in kept.state_dict().items())
    assert not torch.equal(trained.text_offset, kept.text_offset)


def test_the_cheapest_places_cost_no_more_than_even_ones() -> None:
    teacher = Teacher(tiny_flux.tiny_flux1(), steering(), MANY)
    costs = teacher.costs(pool(), PLAN, Silent())
    assert np.array_equal(costs, teacher.costs(pool(), PLAN, Silent()))
    for steps in (1, 2, 4):
        chosen, spaced = (way(teacher.sigmas, costs, steps) for way in (cheapest, even))
        assert 0 < chosen.cost <= spaced.cost
        assert spaced.sigmas == pytest.approx([0.5 * i / steps for i in range(steps, -1, -1)])
        assert len(chosen.sigmas) == steps + 1
        listed = student_trajectory(teacher, chosen).schedule.listed
        assert listed == chosen.sigmas
        assert (listed[0], listed[-1]) == (0.5, 0.0)


def test_fresh_noise_cannot_be_distilled() -> None:
    with pytest.raises(WrongAdapter, match="cannot be distilled"):
        Teacher(tiny_flux.tiny_flux1(), steering(), Trajectory(renoise=0.1))


def test_a_run_goes_on_with_the_steps_it_was_begun_with(tmp_path: Path) -> None:
    teacher = Teacher(tiny_flux.tiny_flux1(), steering(), MANY)
    assert kept_trajectory(tmp_path, 2, teacher) is None
    fewer = distilled(MANY, (teacher.sigmas[0], teacher.sigmas[5], 0.0))
    keep_trajectory(tmp_path, fewer)
    assert kept_trajectory(tmp_path, 2, teacher) == fewer
    with pytest.raises(WrongWeights, match="another training, in 2 steps"):
        kept_trajectory(tmp_path, 1, teacher)
    other = replace(MANY, schedule=Schedule(steps=9, start=0.5))
    with pytest.raises(WrongWeights, match="another training"):
        kept_trajectory(tmp_path, 2, Teacher(tiny_flux.tiny_flux1(), steering(), other))


def test_an_interrupted_training_ends_where_an_uninterrupted_one_does(tmp_path: Path) -> None:
    class Stops:
        def report(self, done: float, stage: str = "") -> None:
            if stage == "step 2":
                raise Cancelled

    def trained(run: str, progress: Progress) -> dict[str, Tensor]:
        pace = replace(PACE, steps=4)
        model = tiny_flux.tiny_flux1()
        student = _student(model, 2, pool(), tmp_path / run, progress, pace)
        return student.state_dict()

    whole = trained("whole", Silent())
    with pytest.raises(Cancelled):
        trained("broken", Stops())
    resumed = trained("broken", Silent())
    assert all(torch.equal(value, resumed[name]) for name, value in whole.items())


@pytest.fixture
def files(tmp_path: Path) -> FluxFiles:
    return flux_files(tmp_path)


@pytest.fixture
def order(files: FluxFiles, tmp_path: Path) -> list[str]:
    made = ["--model", str(files.model), "--pool", str(files.pool), "--start", str(files.adapter)]
    seen = ["--device", "cpu", "--sides", "4", "--tokens", "8", "--updates", "1"]
    run = ["--run", str(tmp_path / "run"), "--out", str(tmp_path / "out.safetensors")]
    return ["distil", *made, *seen, "--teacher-steps", "8", *run]


def test_the_new_file_is_run_in_few_steps_without_being_told(
    order: list[str], files: FluxFiles, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*order, "--steps", "2"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("cheapest: sigmas 0.5, ")
    assert said[1].startswith("evenly spaced: sigmas 0.5, 0.25, 0, cost ")
    out = tmp_path / "out.safetensors"
    header = read_header(out)
    assert header.taught == "distilled from 8 steps"
    listed = header.trajectory.schedule.listed
    assert said[0].split(", cost")[0] == "cheapest: sigmas " + ", ".join(f"{s:g}" for s in listed)
    run = trajectory_of(find_backbone("flux-nano"), out)
    assert (run.start, run.schedule.sigmas(256)) == ("degraded", listed)
    assert trajectory_of(find_backbone("flux-nano"), files.adapter).schedule.steps == 4


def test_a_run_is_not_continued_in_other_steps(
    order: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*order, "--steps", "2"]) == 0
    assert main([*order, "--steps", "2"]) == 0
    assert "costs" not in capsys.readouterr().out.splitlines()[-1]
    assert main([*order, "--steps", "1"]) == 1
    assert "another training, in 2 steps. Name another --run." in capsys.readouterr().err


@pytest.mark.parametrize("option", ["steps=3", "teacher-steps=4", "updates=0", "hours=-1"])
def test_a_number_that_cannot_be_is_wrong_usage(order: list[str], option: str) -> None:
    with pytest.raises(SystemExit) as end:
        main([*order, f"--{option}"])
    assert end.value.code == 2
