"""The second look at a photo in which nothing was found: what a denoiser takes out of it."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from engine.advice import advise
from engine.analysis import Analysis, analyse, look_again
from engine.diagnosis import Judge
from engine.measures.method_noise import MethodNoise, measure_method_noise
from engine.photo import FloatArray
from engine.preset import Preset
from engine.proposal import Proposal, propose_again, second_looks
from engine.reasons import NOTHING_FOUND
from tests.engine.test_analysis import OF_A_CAMERA, PRESETS, scene

NOTHING = Proposal(preset_id="", strength=0.0, reasons=(NOTHING_FOUND,))
LEVEL = np.float32(1 / 255)


def grain(shape: tuple[int, ...], sigma: float, reach: float = 0.0, seed: int = 0) -> FloatArray:
    """Noise of `sigma` levels of 255, smoothed over `reach` pixels."""
    noise = np.random.default_rng(seed).standard_normal(shape).astype(np.float32)
    if reach:
        noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), reach), np.float32)
    return np.asarray(noise * (sigma / noise.std()), np.float32)


def judge(odds: float) -> Judge:
    """One that always gives the same odds."""
    zero, one = np.zeros(1, np.float32), np.ones(1, np.float32)
    weights = np.array([odds, 0, 0], np.float32)
    return Judge(
        task="denoise",
        traits=("taken luma",),
        centre=zero,
        spread=one,
        weights=weights,
        threshold=0.0,
    )


def looked_at(change: float) -> Analysis:
    """A clean scene of which a denoiser took so much, in levels."""
    return replace(analyse(scene()), method_noise=MethodNoise(change=change, luma=change))


def measured(taken: FloatArray) -> MethodNoise:
    noisy = 255 * scene() + taken
    return measure_method_noise([noisy], [noisy - taken])


def test_nothing_taken_is_nothing() -> None:
    found = measured(np.zeros(scene().shape, np.float32))
    assert found.change == found.luma == found.chroma == found.likeness == 0


def test_white_noise_is_told_from_smoothed_noise() -> None:
    white, smooth = (measured(grain(scene().shape, 3, reach)) for reach in (0, 0.8))
    for found in (white, smooth):
        assert found.change == pytest.approx(3, rel=0.02)
        assert found.luma == pytest.approx(3 / 3**0.5, rel=0.05), "a mean of three is quieter"
        assert found.evenness == pytest.approx(0, abs=0.05), "there is as much of it everywhere"
        assert found.spread == pytest.approx((2 / np.pi) ** 0.5, abs=0.02)
    assert abs(white.likeness) < 0.02 < 0.5 < smooth.likeness
    assert smooth.likeness_far < smooth.likeness
    assert abs(white.likeness_chroma) < 0.02 < 0.5 < smooth.likeness_chroma


def test_texture_taken_shows_as_uneven_and_as_structure() -> None:
    picture = np.asarray(255 * scene(), np.float32)
    blurred = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.6), np.float32)
    found = measure_method_noise([picture], [blurred])
    assert found.evenness < -0.5
    assert found.structure < -0.3
    assert found.spread < 0.7


def test_crops_count_by_their_size() -> None:
    small, large = np.zeros((16, 16, 3), np.float32), np.zeros((64, 64, 3), np.float32)
    found = measure_method_noise([small, large], [small + 1, large])
    assert found.change == pytest.approx((256 / (256 + 4096)) ** 0.5)


def test_a_crop_of_a_few_pixels_is_no_evidence() -> None:
    tiny = np.zeros((4, 4, 3), np.float32)
    assert measure_method_noise([tiny], [tiny + 9]) == MethodNoise()


def test_looking_again_asks_for_parts_of_the_photo_and_adds_to_what_was_seen() -> None:
    photo = np.tile(scene(), (3, 3, 1))
    asked: list[tuple[int, ...]] = []

    def denoise(crop: FloatArray) -> FloatArray:
        asked.append(crop.shape)
        return np.asarray(crop + 2 * LEVEL, np.float32)

    first = analyse(photo)
    again = look_again(first, photo, "denoise", denoise)
    assert sum(shape[0] * shape[1] for shape in asked) <= 800_000 < photo.shape[0] * photo.shape[1]
    assert again.method_noise is not None
    assert again.method_noise.change == pytest.approx(2, rel=0.05), "less where white is the end"
    assert replace(again, method_noise=None) == first
    assert again.as_numbers()["method_noise.change"] == again.method_noise.change
    assert not any("method_noise" in name for name in first.as_numbers())


def test_what_is_surely_noise_is_taken_out_entirely() -> None:
    proposal = propose_again(NOTHING, looked_at(4), PRESETS, (judge(5),))
    assert (proposal.preset_id, proposal.strength) == ("denoise", PRESETS["denoise"].strength)
    assert proposal.reasons[0] == "Camera noise of about 4 levels of 255."
    (reason,) = propose_again(NOTHING, looked_at(1.2), PRESETS, (judge(5),)).reasons
    assert reason == "Camera noise of about 1 level of 255."


def test_in_doubt_the_photo_hardly_changes() -> None:
    doubtful = propose_again(NOTHING, looked_at(6), PRESETS, (judge(0.5),))
    faint = propose_again(NOTHING, looked_at(1.5), PRESETS, (judge(0.5),))
    assert doubtful.preset_id == faint.preset_id == "denoise"
    assert 20 * np.log10(255 / (6 * doubtful.strength)) > 40
    assert faint.strength == PRESETS["denoise"].strength


def test_what_both_looks_are_sure_of_is_taken_out_in_full() -> None:
    whole = PRESETS["denoise"].strength
    found = Proposal(preset_id="denoise", strength=0.5 * whole, reasons=("Noise.",))
    assert second_looks(found, analyse(scene()), OF_A_CAMERA) == ("denoise",)
    assert propose_again(found, looked_at(6), PRESETS, (judge(5),)).strength == whole
    assert propose_again(found, looked_at(6), PRESETS, (judge(0.5),)) == found
    assert propose_again(found, analyse(scene()), PRESETS, (judge(5),)) == found, "not looked at"
    full = replace(found, strength=whole)
    assert second_looks(full, analyse(scene()), OF_A_CAMERA) == (), "nothing could become of it"


def test_what_is_strong_is_no_texture_however_alike() -> None:
    for luma, strength in ((4.0, 2.3 / 4), (12.0, 1.0)):
        noise = MethodNoise(change=luma, luma=luma, likeness=0.9)
        found = propose_again(
            NOTHING, replace(analyse(scene()), method_noise=noise), PRESETS, (judge(5),)
        )
        assert found.strength == pytest.approx(strength * PRESETS["denoise"].strength)


@pytest.mark.parametrize("change", [0.0, 0.5])
def test_what_nobody_sees_is_not_worth_it(change: float) -> None:
    assert not propose_again(NOTHING, looked_at(change), PRESETS, (judge(5),)).preset_id


def test_what_is_not_noise_is_left_alone() -> None:
    assert not propose_again(NOTHING, looked_at(6), PRESETS, (judge(-1.6),)).preset_id
    assert not propose_again(NOTHING, analyse(scene()), PRESETS, (judge(5),)).preset_id, (
        "not looked at"
    )
    without = {id: preset for id, preset in PRESETS.items() if id != "denoise"}
    assert not propose_again(NOTHING, looked_at(6), without, (judge(5),)).preset_id


def test_noise_that_may_be_there_is_taken_out_so_that_the_photo_hardly_changes() -> None:
    proposal = propose_again(NOTHING, looked_at(6), PRESETS, (judge(-1.4),))
    assert proposal.preset_id == "denoise"
    assert 20 * np.log10(255 / (6 * proposal.strength)) > 40


@pytest.mark.parametrize(("likeness", "whole"), [(0.7, True), (0.78, False)])
def test_what_is_as_alike_as_felt_hardly_changes_the_photo(likeness: float, whole: bool) -> None:
    seen = replace(looked_at(6), method_noise=MethodNoise(change=6.0, luma=6.0, likeness=likeness))
    proposal = propose_again(NOTHING, seen, PRESETS, (judge(5),))
    assert proposal.preset_id == "denoise"
    assert (proposal.strength == PRESETS["denoise"].strength) == whole
    assert whole or 20 * np.log10(255 / (6 * proposal.strength)) > 40


def test_what_else_was_seen_is_still_told() -> None:
    seen = replace(NOTHING, reasons=("Haze or fog.",))
    proposal = propose_again(seen, looked_at(6), PRESETS, (judge(5),))
    assert proposal.reasons[1:] == ("Haze or fog.",)


def test_the_denoiser_is_only_asked_where_nothing_was_found() -> None:
    def never(crop: FloatArray) -> FloatArray:
        raise AssertionError("the first look had found something")

    loud = np.clip(scene() + LEVEL * grain(scene().shape, 25), 0, 1).astype(np.float32)
    analysis, proposal = advise(loud, PRESETS, {"denoise": never})
    assert proposal.preset_id == "denoise"
    assert analysis.method_noise is None


@pytest.mark.parametrize("side", [8, 40])
def test_a_photo_too_small_to_judge_is_not_looked_at_again(side: int) -> None:
    def never(crop: FloatArray) -> FloatArray:
        raise AssertionError("nothing could come of it")

    small = np.ascontiguousarray(scene()[:side, :side])
    presets = {"denoise": PRESETS["denoise"]}
    assert advise(small, presets, {"denoise": never})[0].method_noise is None
    without = {"derain": PRESETS["derain"]}
    assert advise(scene(), without, {"denoise": never})[0].method_noise is None


def test_without_the_shipped_denoiser_there_is_no_second_look() -> None:
    analysis, proposal = advise(scene(), PRESETS, {})
    assert not proposal.preset_id
    assert analysis.method_noise is None


def test_a_photo_the_denoiser_leaves_alone_is_left_alone() -> None:
    analysis, proposal = advise(scene(), PRESETS, {"denoise": lambda crop: crop})
    assert not proposal.preset_id
    assert proposal.reasons
    assert analysis.method_noise == MethodNoise()


def test_faint_smoothed_noise_is_found_at_the_second_look() -> None:
    clean = np.asarray(cv2.GaussianBlur(scene(1), (0, 0), 1.0), np.float32)
    noise = np.stack([grain(clean.shape[:2], 2.5, 0.7, seed) for seed in range(3)], -1)
    colour = np.asarray(cv2.GaussianBlur(grain(clean.shape, 6.0, 0, 9), (0, 0), 1.5), np.float32)
    photo = np.clip(clean + LEVEL * (noise + colour), 0, 1).astype(np.float32)
    presets: dict[str, Preset] = {"denoise": PRESETS["denoise"]}
    _, proposal = advise(photo, presets, {"denoise": lambda _: clean})
    assert proposal.preset_id == "denoise"
    _, proposal = advise(clean, presets, {"denoise": lambda _: clean})
    assert not proposal.preset_id
