from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from engine.errors import BadRecipe
from engine.schedule import (
    SHIFTS,
    Schedule,
    flux1_shift,
    flux2_shift,
    for_tokens,
    in_steps,
    shifted,
    unshifted,
)
from engine.trajectory import (
    Trajectory,
    load_trajectory,
    renoised,
    trajectory_from,
    trajectory_table,
)

# The 21 steps of FLUX-IR's released sampler, whose shift is that of 64 tokens at every size.
RELEASED = """1 .9696 .9381 .9054 .8715 .8363 .7996 .7615 .7217 .6803 .6371 .5920 .5448 .4955 .4438
              .3896 .3328 .2730 .2101 .1438 .0739 0"""
PUBLISHED = [float(sigma) for sigma in RELEASED.split()]


@pytest.mark.parametrize("shift", [0.0, 0.7, -0.5, *SHIFTS])
@pytest.mark.parametrize("steps", [1, 4, 50])
@pytest.mark.parametrize("start", [1.0, 0.6])
def test_every_schedule_falls_from_its_start_to_zero(
    shift: str | float, steps: int, start: float
) -> None:
    sigmas = Schedule(steps=steps, start=start, shift=shift).sigmas(4096)
    assert (sigmas[0], sigmas[-1], len(sigmas)) == (start, 0.0, steps + 1)
    assert all(there < here for here, there in pairwise(sigmas))


def test_without_shift_steps_are_even() -> None:
    assert Schedule(steps=4).sigmas(4096) == (1.0, 0.75, 0.5, 0.25, 0.0)


def test_the_shift_is_the_published_one() -> None:
    assert Schedule(steps=21, shift=0.4675).sigmas(4096) == pytest.approx(PUBLISHED, abs=5e-5)
    assert flux1_shift(64, 21) == pytest.approx(0.4675)


def test_a_later_start_leaves_the_sigmas_below_it_where_they_were() -> None:
    """So FLUX-IR's start from the second of its sigmas is a schedule of one step less."""
    whole = Schedule(steps=21, shift="flux1").sigmas(64)
    later = Schedule(steps=20, start=whole[1], shift="flux1").sigmas(64)
    assert later == pytest.approx(whole[1:], abs=1e-12)


def test_flux1_shift_goes_with_the_pictures_size() -> None:
    assert flux1_shift(256, 4) == pytest.approx(0.5)
    assert flux1_shift(4096, 4) == pytest.approx(1.15)
    middles = [Schedule(steps=2, shift="flux1").sigmas(tokens)[1] for tokens in (256, 1024, 4096)]
    assert middles == sorted(middles)


def test_flux2_shift_mixes_its_two_lines_by_steps() -> None:
    assert flux2_shift(4096, 10) == pytest.approx(8.73809524e-05 * 4096 + 1.89833333)
    assert flux2_shift(4096, 200) == pytest.approx(0.00016927 * 4096 + 0.45666666)
    assert flux2_shift(4096, 105) == pytest.approx(
        (flux2_shift(4096, 10) + flux2_shift(4096, 200)) / 2
    )
    assert flux2_shift(8192, 4) == flux2_shift(8192, 50)


def test_another_number_of_steps_keeps_start_and_shift() -> None:
    assert in_steps(Schedule(steps=4, start=0.6, shift=0.5), 7) == Schedule(
        steps=7, start=0.6, shift=0.5
    )


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 9])
def test_listed_sigmas_are_looked_up_along_their_list(steps: int) -> None:
    listed = Schedule(listed=(0.9, 0.8, 0.2, 0.0))
    sigmas = in_steps(listed, steps).sigmas(64)
    assert len(sigmas) == steps + 1
    assert (sigmas[0], sigmas[-1]) == (0.9, 0.0)
    assert all(there < here for here, there in pairwise(sigmas))
    if steps % 3 == 0:
        assert sigmas[:: steps // 3] == pytest.approx(listed.listed)


@pytest.mark.parametrize("schedule", [Schedule(), Schedule(listed=(1.0, 0.0))])
def test_no_steps_are_no_schedule(schedule: Schedule) -> None:
    with pytest.raises(ValueError, match="1 step"):
        in_steps(schedule, 0)


def test_a_shift_can_be_fixed_to_one_size() -> None:
    schedule = Schedule(steps=5, shift="flux2")
    fixed = for_tokens(schedule, 1024)
    assert fixed.sigmas(16) == fixed.sigmas(1024) == schedule.sigmas(1024)
    assert for_tokens(fixed, 64) == fixed


def test_unshifted_takes_a_shift_back() -> None:
    for sigma in (0.0, 0.1, 0.5, 0.99, 1.0):
        assert shifted(unshifted(sigma, 1.15), 1.15) == pytest.approx(sigma, abs=1e-15)


def test_listed_sigmas_are_taken_as_they_are() -> None:
    schedule = Schedule(listed=(0.9, 0.2, 0.0))
    assert (schedule.steps, schedule.start) == (2, 0.9)
    assert schedule.sigmas(64) == schedule.sigmas(4096) == (0.9, 0.2, 0.0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"steps": 0},
        {"start": 0.0},
        {"start": 1.2},
        {"shift": "flux9"},
        {"shift": math.nan},
        {"listed": (1.0,)},
        {"listed": (1.0, 0.5)},
        {"listed": (0.5, 0.5, 0.0)},
        {"listed": (1.1, 0.0)},
        {"listed": (1.0, math.nan, 0.0)},
    ],
)
def test_no_schedule_of_nonsense(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"schedule|start|shift|sigmas"):
        Schedule(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"noise": 1.5},
        {"noise": 0.0},
        {"degraded": -0.1},
        {"start": "middle"},
        {"schedule": Schedule(start=0.5)},
        {"renoise": 1.0},
        {"renoise": 0.1, "degraded": 0.5},
    ],
)
def test_no_trajectory_of_nonsense(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"far|renoise|start|shares|noise"):
        Trajectory(**wrong)  # type: ignore[arg-type]


MADE = [
    Trajectory(),
    Trajectory(noise=0.3, degraded=0.7, schedule=Schedule(steps=8, shift=0.5)),
    Trajectory(start="degraded", schedule=Schedule(start=0.6, shift="flux2"), renoise=0.25),
    Trajectory(start="degraded", schedule=Schedule(listed=(0.97, 0.3, 0.1, 0.0))),
]


@pytest.mark.parametrize("trajectory", MADE)
def test_a_trajectory_travels_as_json(trajectory: Trajectory, tmp_path: Path) -> None:
    text = json.dumps(trajectory_table(trajectory))
    assert trajectory_from(json.loads(text), "header") == trajectory
    path = tmp_path / "steps.json"
    path.write_text(text, encoding="utf-8")
    assert load_trajectory(path) == trajectory


def test_a_trajectory_can_be_written_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "steps.toml"
    path.write_text(
        'version = 1\nstart = "degraded"\n[schedule]\nlisted = [0.9, 0.4, 0]\n', encoding="utf-8"
    )
    listed = Schedule(listed=(0.9, 0.4, 0.0))
    assert load_trajectory(path) == Trajectory(start="degraded", schedule=listed)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "version"),
        ('{"version": 2}', "version 2"),
        ('{"version": 1, "noize": 1}', "noize"),
        ('{"version": 1, "noise": "much"}', "noise"),
        ('{"version": 1, "noise": true}', "noise"),
        ('{"version": 1, "schedule": [1, 0]}', "table"),
        ('{"version": 1, "schedule": {"steps": 2.5}}', "steps"),
        ('{"version": 1, "schedule": {"shift": [1]}}', "x.json"),
        ('{"version": 1, "schedule": {"listed": "all"}}', "listed"),
        ('{"version": 1, "schedule": {"listed": ["a", 0]}}', "x.json"),
        ('{"version": 1, "schedule": {"listed": [1, 0], "steps": 3}}', "nothing else"),
        ("[1]", "not a table"),
        ("{", "cannot be read"),
    ],
)
def test_a_wrong_file_is_named_with_its_fault(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadRecipe, match=said) as caught:
        load_trajectory(path)
    assert "x.json" in caught.value.message
    assert "trajectory" in caught.value.remedy


def test_a_missing_file_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(BadRecipe, match="cannot be read"):
        load_trajectory(tmp_path / "none.toml")


def test_raised_leads_towards_one_and_no_further() -> None:
    trajectory = Trajectory(renoise=0.25)
    assert trajectory.raised(0.0) == 0.25
    assert trajectory.raised(0.6) == pytest.approx(0.7)
    assert trajectory.raised(1.0) == 1.0
    assert replace(trajectory, renoise=0.0).raised(0.3) == 0.3


def test_no_noise_leads_down() -> None:
    with pytest.raises(ValueError, match="fresh noise"):
        renoised(0.0, 0.5, 0.4, 0.0)  # type: ignore[arg-type]
