"""How much sharper a network makes a photo, and the second look at blur that rests on it."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from engine.advice import advise
from engine.analysis import Analysis, analyse, look_again
from engine.damage import LOOKS
from engine.diagnosis import Judge, load_judges, traits_of
from engine.measures.method_blur import MethodBlur, measure_method_blur
from engine.measures.method_noise import MethodNoise
from engine.photo import FloatArray
from engine.preset import Preset
from engine.proposal import Proposal, propose_again
from engine.reasons import NOTHING_FOUND
from tests.engine.test_analysis import PRESETS, scene
from trainer.autopilot.judge_traits import SECOND_LOOK
from trainer.autopilot.second_cases import SECOND_CASES

NOTHING = Proposal(preset_id="", strength=0.0, reasons=(NOTHING_FOUND,))


def blurred(picture: FloatArray, sigma: float) -> FloatArray:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)


def judge(odds: float) -> Judge:
    """One that always gives the same odds."""
    zero, one = np.zeros(1, np.float32), np.ones(1, np.float32)
    return Judge(
        task="deblur",
        traits=("sharper fine",),
        centre=zero,
        spread=one,
        weights=np.array([odds, 0, 0], np.float32),
        threshold=0.0,
    )


def looked_at(change: float) -> Analysis:
    """A blurred scene which a network changed by so much, in levels."""
    soft = analyse(blurred(scene(), 2.0))
    return replace(soft, method_blur=MethodBlur(change=change))


def measured(before: FloatArray, after: FloatArray) -> MethodBlur:
    return measure_method_blur([255 * before], [255 * after])


def test_nothing_changed_is_nothing() -> None:
    found = measured(scene(), scene())
    assert found == MethodBlur(soft=found.soft, soft_across=found.soft_across)
    assert found.soft_across > found.soft


def test_the_sharper_the_more() -> None:
    soft = blurred(scene(), 2.0)
    little, much = (measured(soft, soft + share * (scene() - soft)) for share in (0.3, 1.0))
    assert much.change == pytest.approx(little.change / 0.3, rel=1e-3)
    assert much.fine > little.fine > 0.05
    assert much.edges > little.edges > 0.05
    assert much.width_across < little.width_across < -0.02
    assert little.along > 0.5
    assert much.fine > much.coarse


def test_softening_is_the_opposite() -> None:
    found = measured(scene(), blurred(scene(), 1.5))
    assert found.fine < 0
    assert found.along < -0.5
    assert found.width_across > 0


def test_a_crop_of_a_few_pixels_is_no_evidence() -> None:
    tiny = np.zeros((8, 8, 3), np.float32)
    assert measure_method_blur([tiny], [tiny + 9]) == MethodBlur()


def test_looking_again_adds_to_what_was_seen() -> None:
    first = analyse(scene())
    again = look_again(first, scene(), "deblur", lambda crop: crop)
    assert again.method_blur is not None
    assert again.method_blur.change == 0
    assert replace(again, method_blur=None) == first
    with pytest.raises(KeyError):
        look_again(first, scene(), "upscale", lambda crop: crop)


def test_what_is_surely_blurred_is_deblurred_entirely() -> None:
    proposal = propose_again(NOTHING, looked_at(9.0), PRESETS, (judge(5),))
    assert (proposal.preset_id, proposal.strength) == ("deblur", PRESETS["deblur"].strength)
    assert proposal.reasons[0] != NOTHING_FOUND


def test_in_doubt_the_photo_hardly_changes() -> None:
    proposal = propose_again(NOTHING, looked_at(9.0), PRESETS, (judge(0.5),))
    assert proposal.preset_id == "deblur"
    assert 20 * np.log10(255 / (9 * proposal.strength)) > 40


def test_what_was_not_looked_at_or_not_believed_is_left_alone() -> None:
    soft = analyse(blurred(scene(), 2.0))
    assert propose_again(NOTHING, soft, PRESETS, (judge(5),)) == NOTHING
    assert propose_again(NOTHING, looked_at(9.0), PRESETS, (judge(-1),)) == NOTHING
    assert propose_again(NOTHING, looked_at(2.9), PRESETS, (judge(5),)) == NOTHING  # hardly any


@pytest.mark.parametrize(
    ("noise", "blur", "chosen"),
    [
        (2.0, 5.0, "denoise"),  # both are sure: noise first
        (1.0, 5.0, "deblur"),  # only one is
        (1.0, 2.0, "denoise"),  # both are in doubt
        (-1.0, 2.0, "deblur"),
        (-1.0, -1.0, "denoise"),  # neither is believed, but noise may be there
        (-2.0, -1.0, ""),
    ],
)
def test_noise_comes_first_unless_only_blur_is_sure(noise: float, blur: float, chosen: str) -> None:
    both = replace(looked_at(6.0), method_noise=MethodNoise(change=3.0))
    judges = (replace(judge(noise), task="denoise"), judge(blur))
    assert propose_again(NOTHING, both, PRESETS, judges).preset_id == chosen


def test_where_noise_is_sure_nobody_looks_for_blur() -> None:
    def never(crop: FloatArray) -> FloatArray:
        raise AssertionError("it is noisy, whatever else it is")

    clean = blurred(scene(1), 2.0)
    rng = np.random.default_rng(0)
    grain = blurred(rng.standard_normal(clean.shape).astype(np.float32), 0.7)
    noisy = np.clip(clean + grain * (3 / 255 / grain.std()), 0, 1).astype(np.float32)
    restorers = {"denoise": lambda _: clean, "deblur": never}
    presets = {task: PRESETS[task] for task in LOOKS}
    analysis, proposal = advise(noisy, presets, restorers)
    assert analysis.sharpness.width_across > 1.4, "blur would be looked for"
    assert (proposal.preset_id, proposal.strength) == ("denoise", PRESETS["denoise"].strength)
    assert analysis.method_noise is not None
    assert analysis.method_blur is None


def test_a_change_that_nobody_sees_does_not_compete() -> None:
    both = replace(looked_at(6.0), method_noise=MethodNoise(change=0.2))
    judges = (replace(judge(9.0), task="denoise"), judge(5.0))
    assert propose_again(NOTHING, both, PRESETS, judges).preset_id == "deblur"


def test_a_photo_without_an_edge_may_be_blurred() -> None:
    asked: list[FloatArray] = []

    def deblur(crop: FloatArray) -> FloatArray:
        asked.append(crop)
        return crop

    fog = np.full((200, 300, 3), 0.5, np.float32)
    analysis, _ = advise(fog, {"deblur": PRESETS["deblur"]}, {"deblur": deblur})
    assert not analysis.sharpness.has_edges
    assert asked
    assert analysis.method_blur == MethodBlur()


def test_a_sharp_photo_is_not_looked_at_again_for_blur() -> None:
    def never(crop: FloatArray) -> FloatArray:
        raise AssertionError("its edges are sharp")

    sharp = np.kron(np.indices((12, 16)).sum(0) % 2, np.ones((40, 40)))[..., None]
    photo = np.repeat(0.2 + 0.6 * sharp, 3, 2).astype(np.float32)
    presets: dict[str, Preset] = {"deblur": PRESETS["deblur"]}
    analysis, proposal = advise(photo, presets, {"deblur": never})
    assert analysis.method_blur is None
    assert not proposal.preset_id


def test_every_second_look_has_its_judge_and_its_preset() -> None:
    judges = {one.task: one for one in load_judges(second=True)}
    assert set(judges) == set(LOOKS)
    assert set(LOOKS) <= set(PRESETS)
    assert set(LOOKS) == set(SECOND_CASES) == set(SECOND_LOOK)
    for task, change in (
        ("denoise", "taken"),
        ("deblur", "sharper"),
        ("dehaze", "cleared"),
        ("low-light", "lit"),
        ("derain", "rain"),
        ("desnow", "snow"),
    ):
        assert any(name.startswith(change) for name in judges[task].traits)
    assert all(np.isfinite(value) for value in traits_of(analyse(scene())).values())
