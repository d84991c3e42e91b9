"""How dark a photo is to a network, and the second look at darkness that rests on it."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from engine.advice import advise
from engine.analysis import Analysis, analyse, look_again
from engine.measures.method_haze import MethodHaze
from engine.measures.method_light import MethodLight, measure_method_light
from engine.measures.method_noise import MethodNoise
from engine.photo import FloatArray
from engine.proposal import Proposal, propose_again, second_looks
from engine.reasons import NOTHING_FOUND, about_underexposure
from tests.engine.test_analysis import OF_A_CAMERA, PRESETS, scene
from tests.engine.test_method_haze import judge

NOTHING = Proposal(preset_id="", strength=0.0, reasons=(NOTHING_FOUND,))


def dark() -> FloatArray:
    return np.asarray(scene() * 0.25, np.float32)


def looked_at(change: float) -> Analysis:
    """A dark scene which a network changed by so much, in levels."""
    return replace(analyse(dark()), method_light=MethodLight(change=change))


def measured(before: FloatArray, after: FloatArray) -> MethodLight:
    return measure_method_light(255 * before, 255 * after)


def test_what_became_brighter_is_measured() -> None:
    found = measured(dark(), scene())
    luma = scene().mean(axis=2)
    assert found.gain == pytest.approx(np.log(4), abs=0.01)
    assert found.change == pytest.approx(255 * 0.75 * np.sqrt(np.square(scene()).mean()), rel=1e-3)
    assert found.mean == pytest.approx(luma.mean(), abs=0.05)
    assert 0 <= found.dark < found.middle < found.bright <= 1


def test_what_stays_as_it_is_has_no_gain() -> None:
    found = measured(dark(), dark())
    assert (found.change, found.gain) == (0, 0)
    assert found.bright < 0.3


def test_a_tiny_picture_tells_nothing() -> None:
    tiny = np.full((20, 64, 3), 9.0, np.float32)
    assert measure_method_light(tiny, 4 * tiny) == MethodLight()


def test_looking_again_shows_the_whole_photo_made_small() -> None:
    seen: list[tuple[int, ...]] = []

    def brighten(crop: FloatArray) -> FloatArray:
        seen.append(crop.shape)
        return np.asarray(2 * crop, np.float32)

    photo = np.asarray(cv2.resize(dark(), (1600, 1200)), np.float32)
    first = analyse(photo)
    again = look_again(first, photo, "low-light", brighten)
    assert seen == [(480, 640, 3)]
    assert again.method_light is not None
    assert again.method_light.gain == pytest.approx(np.log(2), abs=0.01)
    assert replace(again, method_light=None) == first


@pytest.mark.parametrize(
    ("darkness", "haze", "noise", "chosen"),
    [
        (3.0, 1.0, 5.0, "dehaze"),
        (3.0, -1.0, 5.0, "low-light"),
        (3.0, -1.0, -5.0, "low-light"),
        (2.0, -1.0, 5.0, "denoise"),
        (2.0, -1.0, -5.0, ""),
    ],
)
def test_darkness_comes_behind_haze_and_before_noise(
    darkness: float, haze: float, noise: float, chosen: str
) -> None:
    seen = replace(
        looked_at(50.0), method_noise=MethodNoise(change=3.0), method_haze=MethodHaze(change=20.0)
    )
    judges = (judge("denoise", noise), judge("dehaze", haze), judge("low-light", darkness))
    assert propose_again(NOTHING, seen, PRESETS, judges).preset_id == chosen


def test_what_is_dark_is_brightened_as_the_preset_does_it() -> None:
    found = propose_again(NOTHING, looked_at(90.0), PRESETS, (judge("low-light", 2.6),))
    assert found.strength == PRESETS["low-light"].strength
    assert found.reasons[0] == about_underexposure(looked_at(90.0))


def test_only_what_may_be_dark_is_looked_at() -> None:
    assert "low-light" in second_looks(NOTHING, analyse(dark()), PRESETS)
    assert "low-light" not in second_looks(NOTHING, analyse(scene()), PRESETS)


def test_a_photo_that_the_network_leaves_is_meant_to_be_dark() -> None:
    preset, blind = {"low-light": PRESETS["low-light"]}, (judge("low-light", -5.0),)
    analysis, proposal = advise(dark(), preset, {"low-light": lambda x: x}, blind)
    assert analysis.method_light is not None
    assert not proposal.preset_id


def test_a_photo_that_the_network_makes_natural_is_proposed_to_be_brightened() -> None:
    preset, blind = {"low-light": PRESETS["low-light"]}, (judge("low-light", -5.0),)
    _, proposal = advise(dark(), preset, {"low-light": lambda _: scene()}, blind)
    assert proposal.preset_id == "low-light"


@pytest.mark.parametrize(("odds", "chosen"), [(3.0, "low-light"), (1.0, "denoise")])
def test_darkness_that_is_sure_comes_before_noise_that_was_found(odds: float, chosen: str) -> None:
    noisy = Proposal(preset_id="denoise", strength=1.0, reasons=("Noisy.",))
    assert second_looks(noisy, analyse(dark()), OF_A_CAMERA) == ("low-light",)
    again = propose_again(noisy, looked_at(50.0), PRESETS, (judge("low-light", odds),))
    assert again.preset_id == chosen
    assert "Noisy." in again.reasons


def test_noise_found_in_part_is_looked_at_last() -> None:
    weak = Proposal(preset_id="denoise", strength=0.4, reasons=("Noisy.",))
    assert second_looks(weak, analyse(dark()), OF_A_CAMERA) == ("low-light", "denoise")
    assert second_looks(weak, analyse(scene()), OF_A_CAMERA) == ("denoise",)
    seen = replace(looked_at(50.0), method_noise=MethodNoise(change=5.0, luma=5.0))
    judges = (judge("low-light", 1.0), judge("denoise", 5.0))
    assert propose_again(weak, seen, PRESETS, judges).strength == PRESETS["denoise"].strength
