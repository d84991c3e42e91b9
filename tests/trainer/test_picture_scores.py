from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import cv2
import numpy as np
import pytest

from engine.photo import FloatArray, floats
from tests.trainer.scenes import (
    compressed,
    grainy,
    in_squares,
    out_of_focus,
    posterised,
    scene,
)
from trainer.fluxgen.likeness import Looks, look_of
from trainer.fluxgen.picture_scores import MEASURES, picture_scores

SEEDS = (0, 1, 2)


@cache
def scores_of(seed: int) -> dict[str, float]:
    return picture_scores(scene(seed))


def half_empty(picture: FloatArray) -> FloatArray:
    """Only a corner keeps what is in it."""
    mean = np.full_like(picture, picture.mean())
    ramp = np.linspace(-0.03, 0.03, picture.shape[1], dtype=np.float32)[None, :, None]
    out = mean + ramp
    out[:64, :64] = picture[:64, :64]
    return floats(out)


def mostly_bokeh(picture: FloatArray) -> FloatArray:
    out = out_of_focus(picture, 5)
    out[:64, :128] = picture[:64, :128]
    return out


def burnt(picture: FloatArray) -> FloatArray:
    return floats(np.clip(picture * 2.2 - 0.6, 0, 1))


SPOILT: list[tuple[str, Callable[[FloatArray], FloatArray]]] = [
    ("sharp", partial(out_of_focus, sigma=3)),
    ("sharp", mostly_bokeh),
    ("sharp", lambda picture: grainy(out_of_focus(picture, 3), 6)),
    ("clean", partial(grainy, levels=8)),
    ("gridless", partial(in_squares, side=8, levels=6)),
    ("gridless", partial(in_squares, side=16, levels=8)),
    ("gridless", partial(compressed, quality=30)),
    ("tones", partial(posterised, steps=12)),
    ("tones", partial(posterised, steps=48)),
    ("tones", burnt),
    ("content", half_empty),
]


@pytest.mark.parametrize(("measure", "spoil"), SPOILT)
@pytest.mark.parametrize("seed", SEEDS)
def test_each_measure_sees_its_own_fault(
    seed: int, measure: str, spoil: Callable[[FloatArray], FloatArray]
) -> None:
    """Below each of several sound pictures, not only below the one that was spoilt."""
    sound = [scores_of(one)[measure] for one in SEEDS]
    assert picture_scores(spoil(scene(seed)))[measure] < min(sound)


def test_a_sharp_part_is_told_by_its_size() -> None:
    picture = scene(0, 512, 384)
    shares = []
    for columns in (128, 256, 512):
        part = out_of_focus(picture, 5)
        part[:, :columns] = picture[:, :columns]
        shares.append(picture_scores(part)["sharp"])
    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(0.25, abs=0.13)
    assert shares[-1] > 0.85


def test_dense_texture_is_hardly_taken_for_grain() -> None:
    rng = np.random.default_rng(0)
    leaves = cv2.GaussianBlur(rng.random((256, 256, 1), np.float32), (0, 0), 0.8)[..., None]
    smooth = np.linspace(0.2, 0.8, 256, dtype=np.float32)[:, None, None]
    picture = np.broadcast_to(smooth, (256, 256, 3)).copy()
    picture[:, :200] = np.clip(picture[:, :200] + leaves[:, :200] - 0.5, 0, 1)
    assert picture_scores(picture)["clean"] > picture_scores(grainy(scene(0), 6))["clean"]


@pytest.mark.parametrize("size", [(1, 1), (7, 5), (8, 8), (40, 3), (64, 64), (2000, 1300)])
def test_every_size_is_measured_in_finite_numbers(size: tuple[int, int]) -> None:
    width, height = size
    scores = picture_scores(cv2.resize(scene(0), (width, height), interpolation=cv2.INTER_AREA))
    assert list(scores) == list(MEASURES)
    assert np.isfinite(list(scores.values())).all()


@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
def test_a_blank_picture_is_measured_too(level: float) -> None:
    scores = picture_scores(np.full((64, 64, 3), level, np.float32))
    assert scores["sharp"] == 0
    assert scores["content"] == pytest.approx(0, abs=1e-3)
    assert np.isfinite(list(scores.values())).all()


@pytest.mark.parametrize(
    "changed",
    [
        lambda picture: picture,
        partial(compressed, quality=50),
        partial(grainy, levels=5),
        lambda picture: cv2.resize(picture, (150, 112), interpolation=cv2.INTER_AREA),
        lambda picture: floats(np.clip(picture * 1.03, 0, 1)),
    ],
)
def test_the_same_picture_in_another_form_is_known(
    changed: Callable[[FloatArray], FloatArray],
) -> None:
    looks = Looks(3)
    for seed in SEEDS:
        looks.add(look_of(scene(seed)))
    for place, seed in enumerate(SEEDS):
        assert looks.like(look_of(changed(scene(seed)))) == place


def test_other_pictures_and_other_light_are_not_taken_for_the_same() -> None:
    looks = Looks(1)
    looks.add(look_of(scene(0)))
    assert looks.like(look_of(scene(9))) is None
    assert looks.like(look_of(floats(scene(0) * 0.7))) is None
    assert looks.like(look_of(floats(scene(0)[:, ::-1]))) is None
    assert Looks(0).like(look_of(scene(0))) is None
