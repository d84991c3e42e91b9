"""What a network takes off of rain and snow, and the second looks that rest on it."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from engine.advice import advise
from engine.analysis import analyse, look_again
from engine.measures.method_marks import MethodMarks, measure_method_marks
from engine.measures.method_noise import MethodNoise
from engine.photo import FloatArray
from engine.proposal import Proposal, propose_again, second_looks
from engine.reasons import NOTHING_FOUND
from tests.engine.test_analysis import PRESETS, scene
from tests.engine.test_method_haze import judge

NOTHING = Proposal(preset_id="", strength=0.0, reasons=(NOTHING_FOUND,))
SHAPE = (256, 256)


def streaks(*, level: bool = False) -> FloatArray:
    """Light of upright streaks, or of level ones, (h, w, 1), in levels."""
    drops = (np.random.default_rng(0).random(SHAPE) < 0.003).astype(np.float32)
    kernel = np.ones((1, 15) if level else (15, 1), np.float32)
    return np.asarray(40 * np.minimum(cv2.filter2D(drops, -1, kernel), 1)[..., None], np.float32)


def flakes() -> FloatArray:
    """Light of round flakes, (h, w, 1), in levels."""
    drops = (np.random.default_rng(0).random(SHAPE) < 0.003).astype(np.float32)
    return np.asarray(400 * cv2.GaussianBlur(drops, (0, 0), 1.5)[..., None], np.float32)


def ground() -> FloatArray:
    return np.full((*SHAPE, 3), 100.0, np.float32)


def measured(light: FloatArray) -> MethodMarks:
    return measure_method_marks([ground() + light], [ground()])


def test_nothing_taken_is_nothing() -> None:
    found = measured(np.zeros((*SHAPE, 1), np.float32))
    assert (found.change, found.bright, found.aligned, found.likeness) == (0, 0, 0, 0)


def test_streaks_run_one_way_and_flakes_do_not() -> None:
    upright, lying, round_ = measured(streaks()), measured(streaks(level=True)), measured(flakes())
    assert upright.aligned > 0.7
    assert upright.upright == pytest.approx(upright.aligned, abs=0.05)
    assert lying.upright == pytest.approx(-lying.aligned, abs=0.05)
    assert round_.aligned < 0.2
    assert round_.likeness > 0.7 > round_.likeness_far


def test_light_is_told_from_shadow_and_from_colour() -> None:
    assert measured(streaks()).bright == pytest.approx(1, abs=0.01)
    assert measured(-streaks()).bright == 0
    assert measured(streaks()).colour < -3
    for tint in ((1.0, 0.2, -1.0), (0.0, 1.0, 0.0), (1.0, 1.0, 0.0), (0.3, 1.0, 0.2)):
        tinted = streaks() * np.array(tint, np.float32)
        assert measured(tinted).colour > -0.8, "leaves are no rain, nor are lamps"


def test_what_lies_in_one_corner_is_not_everywhere() -> None:
    part = streaks()
    part[64:] = 0
    assert measured(streaks()).everywhere > 0.5
    assert measured(part).everywhere < 0.05
    assert measured(part).spread < measured(streaks()).spread < 0.5


def test_what_lies_behind_counts_where_something_was_taken() -> None:
    halves = ground()
    halves[128:] = 200
    part = streaks()
    part[128:] = 0
    found = measure_method_marks([halves + part], [halves])
    assert found.ground == pytest.approx(100 / 255, abs=0.01)


def test_small_crops_tell_nothing() -> None:
    tiny = np.full((20, 64, 3), 9.0, np.float32)
    assert measure_method_marks([tiny], [tiny - 5]) == MethodMarks()
    both = measure_method_marks([tiny, ground() + streaks()], [tiny - 5, ground()])
    assert both == measured(streaks())


@pytest.mark.parametrize("task", ["derain", "desnow"])
def test_looking_again_shows_crops_of_the_photo(task: str) -> None:
    first = analyse(scene())
    again = look_again(first, scene(), task, lambda crop: np.asarray(crop - 0.1, np.float32))
    looked = again.method_rain if task == "derain" else again.method_snow
    assert looked is not None
    assert looked.change == pytest.approx(25.5, rel=0.1)
    assert replace(again, method_rain=None, method_snow=None) == first


@pytest.mark.parametrize(
    ("rain", "snow", "noise", "chosen"),
    [
        (2.0, 2.0, 5.0, "derain"),
        (0.9, 2.0, 5.0, "desnow"),
        (0.9, 1.0, 5.0, "denoise"),
        (0.9, 1.0, -5.0, ""),  # a little less rain is no use to anyone
    ],
)
def test_rain_and_snow_come_before_noise(
    rain: float, snow: float, noise: float, chosen: str
) -> None:
    seen = replace(
        analyse(scene()),
        method_rain=MethodMarks(change=5.0),
        method_snow=MethodMarks(change=5.0, everywhere=0.4),
        method_noise=MethodNoise(change=3.0),
    )
    judges = (judge("derain", rain), judge("desnow", snow), judge("denoise", noise))
    found = propose_again(NOTHING, seen, PRESETS, judges)
    assert found.preset_id == chosen
    if chosen in ("derain", "desnow"):
        assert found.strength == PRESETS[chosen].strength


def test_rain_that_was_found_in_part_is_taken_away_in_full_where_it_is_sure() -> None:
    weak = Proposal(preset_id="derain", strength=0.3, reasons=("Rain.",))
    seen = replace(analyse(scene()), method_rain=MethodMarks(change=5.0))
    assert second_looks(weak, seen, PRESETS) == ("derain",)
    for odds, strength in ((1.1, PRESETS["derain"].strength), (0.9, 0.3)):
        again = propose_again(weak, seen, PRESETS, (judge("derain", odds),))
        assert again == replace(weak, strength=strength)


def test_a_photo_of_which_nothing_is_taken_stays() -> None:
    asked: list[str] = []

    def leave(task: str):  # type: ignore[no-untyped-def]
        def same(crop: FloatArray) -> FloatArray:
            asked.append(task)
            return crop

        return same

    presets = {task: PRESETS[task] for task in ("derain", "desnow")}
    _, proposal = advise(scene(), presets, {task: leave(task) for task in presets})
    assert set(asked) == set(presets)
    assert not proposal.preset_id


def test_what_is_not_everywhere_is_no_snow() -> None:
    for share, chosen in ((0.25, "desnow"), (0.15, "")):
        seen = replace(analyse(scene()), method_snow=MethodMarks(change=9.0, everywhere=share))
        assert propose_again(NOTHING, seen, PRESETS, (judge("desnow", 9),)).preset_id == chosen
