"""How much haze a network finds in a photo, and the second look at haze that rests on it."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from engine.advice import advise
from engine.analysis import Analysis, analyse, look_again
from engine.diagnosis import Judge
from engine.measures.method_blur import MethodBlur
from engine.measures.method_haze import MethodHaze, measure_method_haze
from engine.measures.method_noise import MethodNoise
from engine.photo import FloatArray
from engine.proposal import Proposal, propose_again, second_looks
from engine.reasons import NOTHING_FOUND
from tests.engine.test_analysis import OF_A_CAMERA, PRESETS, scene

NOTHING = Proposal(preset_id="", strength=0.0, reasons=(NOTHING_FOUND,))


def veiled(picture: FloatArray, near: float, far: float) -> FloatArray:
    """Under a white veil of these optical depths, at its lower and its upper end."""
    depth = np.linspace(far, near, picture.shape[0], dtype=np.float32)[:, None, None]
    share = np.exp(-depth)
    return np.asarray(picture * share + 0.9 * (1 - share), np.float32)


def measured(before: FloatArray, after: FloatArray) -> MethodHaze:
    return measure_method_haze(255 * before, 255 * after)


def judge(task: str, odds: float) -> Judge:
    """One that always gives the same odds."""
    one = np.ones(1, np.float32)
    weights = np.array([odds, 0, 0], np.float32)
    return Judge(
        task=task, traits=("contrast",), centre=0 * one, spread=one, weights=weights, threshold=0.0
    )


def looked_at(change: float) -> Analysis:
    """A hazy scene which a network changed by so much, in levels."""
    hazy = analyse(veiled(scene(), 0.3, 1.5))
    return replace(hazy, method_haze=MethodHaze(change=change))


def test_nothing_changed_is_nothing() -> None:
    found = measured(scene(), scene())
    assert found == MethodHaze(floor=found.floor)


def test_an_even_veil_is_measured_as_deep_as_it_is() -> None:
    found = measured(veiled(scene(), 0.7, 0.7), scene())
    assert found.depth == pytest.approx(0.7, abs=0.02)
    assert found.contrast == pytest.approx(0.7, abs=0.02)
    assert found.colour == pytest.approx(0.7, abs=0.02)
    assert found.spread < 0.05
    assert found.darkening > 10


def test_a_veil_over_the_distance_is_uneven() -> None:
    found = measured(veiled(scene(), 0.1, 1.6), scene())
    assert found.spread > 0.3
    assert found.farthest > found.depth + 0.2


def test_a_flat_picture_and_a_tiny_one_tell_nothing() -> None:
    flat = np.full((64, 64, 3), 200.0, np.float32)
    found = measure_method_haze(flat, flat - 50)
    assert (found.depth, found.spread, found.darkening) == (0, 0, pytest.approx(50, abs=0.01))
    assert measure_method_haze(flat[:20], flat[:20] - 9) == MethodHaze()


def test_looking_again_shows_the_whole_photo_made_small() -> None:
    seen: list[tuple[int, ...]] = []

    def dehaze(crop: FloatArray) -> FloatArray:
        seen.append(crop.shape)
        return crop

    photo = np.asarray(cv2.resize(scene(), (1600, 1200)), np.float32)
    first = analyse(photo)
    again = look_again(first, photo, "dehaze", dehaze)
    assert seen == [(480, 640, 3)]
    assert again.method_haze is not None
    assert again.method_haze.change == 0
    assert replace(again, method_haze=None) == first


@pytest.mark.parametrize(
    ("noise", "haze", "blur", "chosen"),
    [
        (2.0, 0.6, 5.0, "dehaze"),  # all are sure
        (2.0, 0.4, 5.0, "denoise"),
        (1.0, 0.4, 5.0, "deblur"),
        (1.0, 0.4, 2.0, "denoise"),  # all are in doubt
        (-1.0, 0.4, -1.0, "denoise"),  # of which there may be some
        (-2.0, 0.4, -1.0, ""),
        (-2.0, -1.0, -1.0, ""),
    ],
)
def test_haze_comes_before_noise_and_blur(
    noise: float, haze: float, blur: float, chosen: str
) -> None:
    seen = replace(
        looked_at(20.0), method_noise=MethodNoise(change=3.0), method_blur=MethodBlur(change=6.0)
    )
    # no edge of the scene is sharp, so that blur is open
    seen = replace(seen, sharpness=replace(seen.sharpness, width_across=2.0))
    judges = (judge("denoise", noise), judge("dehaze", haze), judge("deblur", blur))
    assert propose_again(NOTHING, seen, PRESETS, judges).preset_id == chosen


def test_a_veil_so_light_that_it_may_be_a_pale_wall_is_left() -> None:
    surely = (judge("dehaze", 5),)
    assert propose_again(NOTHING, looked_at(14.5), PRESETS, surely) == NOTHING
    assert propose_again(NOTHING, looked_at(15.5), PRESETS, surely).preset_id == "dehaze"


def test_dense_fog_is_taken_away_in_part() -> None:
    """Whichever look finds it."""
    full = PRESETS["dehaze"].strength
    found = Proposal(preset_id="dehaze", strength=full, reasons=("Fog.",))
    for change, most in ((40.0, full), (120.0, full / 2)):
        again = propose_again(found, looked_at(change), PRESETS, (judge("dehaze", 5),))
        second = propose_again(NOTHING, looked_at(change), PRESETS, (judge("dehaze", 5),))
        assert again == replace(found, strength=pytest.approx(most))
        assert second.strength == pytest.approx(most)
    weak = replace(found, strength=0.1)
    assert propose_again(weak, looked_at(120.0), PRESETS, ()) == weak


def test_what_is_found_at_the_first_look_is_looked_at_again_only_for_haze() -> None:
    hazy = analyse(veiled(scene(), 1.0, 1.5))
    for task in ("denoise", "deblur", "derain"):
        found = Proposal(preset_id=task, strength=1.0, reasons=("So it is.",))
        assert second_looks(found, hazy, OF_A_CAMERA) == ()
    for task in ("dehaze", "artifacts"):
        found = Proposal(preset_id=task, strength=1.0, reasons=("So it is.",))
        assert second_looks(found, hazy, OF_A_CAMERA) == ("dehaze",)


@pytest.mark.parametrize(
    ("odds", "chosen"), [(5.0, "dehaze"), (0.4, "artifacts"), (-1.0, "artifacts")]
)
def test_haze_that_is_sure_comes_before_compression(odds: float, chosen: str) -> None:
    compressed = Proposal(preset_id="artifacts", strength=0.7, reasons=("Compressed.",))
    again = propose_again(compressed, looked_at(30.0), PRESETS, (judge("dehaze", odds),))
    assert again.preset_id == chosen
    assert "Compressed." in again.reasons
    assert (again == compressed) == (chosen == "artifacts")


def test_a_veil_that_the_network_sees_is_proposed_to_be_taken_away() -> None:
    clear = np.asarray(cv2.resize(scene(), (480, 360)), np.float32)
    photo = veiled(clear, 0.1, 0.6)  # too little for the first look

    def dehaze(crop: FloatArray) -> FloatArray:
        assert crop.shape == clear.shape
        return clear

    analysis, proposal = advise(photo, {"dehaze": PRESETS["dehaze"]}, {"dehaze": dehaze})
    assert analysis.method_haze is not None
    assert (proposal.preset_id, proposal.strength) == ("dehaze", PRESETS["dehaze"].strength)
    unchanged, alone = advise(clear, {"dehaze": PRESETS["dehaze"]}, {"dehaze": lambda x: x})
    assert unchanged.method_haze is not None
    assert not alone.preset_id
