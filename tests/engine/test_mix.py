from dataclasses import replace
from itertools import product

import cv2
import numpy as np
import pytest

from engine.blend import Blend
from engine.compose import compose
from engine.mix import Mixer
from engine.photo import Box, FloatArray, Photo
from engine.regions import Regions
from engine.resize import reduced

STEP = 1.5 / 255


def _pictures(height: int = 130, width: int = 170) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(0)
    coarse = cv2.resize(rng.random((12, 12, 3), np.float32), (width, height))
    source = np.clip(coarse + rng.normal(0, 0.08, coarse.shape), 0, 1).astype(np.float32)
    return source, np.clip(cv2.GaussianBlur(coarse, (0, 0), 1) * 1.2 - 0.05, 0, 1)


def _eight_bits(picture: FloatArray) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.rint(picture * 255).astype(np.uint8)


BLENDS = [
    Blend(strength=s, detail=d, colour=c, grain=g, faces=f)
    for s, d, c, g, f in product(
        (0.0, 0.6, 1.0), (0.0, 0.4, 1.0), (0.0, 0.5, 1.0), (0.0, 0.8), (0, 1)
    )
]


@pytest.mark.parametrize("gray", [False, True])
def test_the_window_shows_what_will_be_saved(gray: bool) -> None:
    source, restored = _pictures()
    if gray:
        source = np.ascontiguousarray(source[..., :1].repeat(3, 2))
    rng = np.random.default_rng(1)
    mask = (cv2.resize(rng.random((5, 5), np.float32), (170, 130)) > 0.6).astype(np.float32)
    regions = Regions(faces=(Box(20, 10, 60, 60),), keep=mask, restore=mask[::-1].copy())
    photo = Photo(pixels=source, gray=gray)
    mixer = Mixer(source, restored, regions, gray=gray)
    for blend in BLENDS:
        saved = compose(photo, restored, blend, regions).pixels
        assert np.abs(mixer.mix(blend) / 255 - saved).max() <= STEP, blend


def test_pictures_of_8_bits_come_back_exactly() -> None:
    source, restored = (_eight_bits(picture) for picture in _pictures())
    mixer = Mixer(source, restored)
    assert np.array_equal(mixer.mix(Blend()), restored)
    assert np.array_equal(mixer.mix(Blend(strength=0, detail=0.2, grain=1)), source)


@pytest.mark.parametrize("zoom", [0.5, 2.0, 8.0])
def test_texture_means_the_same_at_every_zoom(zoom: float) -> None:
    source, restored = _pictures(240, 320)
    blend = Blend(detail=0.0)
    size = (round(320 * zoom), round(240 * zoom))

    def shown(picture: FloatArray) -> FloatArray:
        if zoom < 1:
            return reduced(picture, *size)
        return np.clip(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), 0, 1)

    saved = shown(compose(Photo(pixels=source), restored, blend).pixels)
    mixed = Mixer(shown(source), shown(restored), zoom=zoom).mix(blend) / 255
    wrong = Mixer(shown(source), shown(restored), zoom=1).mix(blend) / 255
    error = np.abs(mixed - saved).mean()
    assert error < 0.01
    assert error < 0.75 * np.abs(wrong - saved).mean()


def test_far_out_there_is_no_texture_left_to_tune() -> None:
    mixer = Mixer(*_pictures(), zoom=0.1)
    assert np.array_equal(mixer.mix(Blend(detail=0.0, grain=1.0)), mixer.mix(Blend()))


def test_mixing_leaves_the_pictures_and_earlier_mixes_alone() -> None:
    source, restored = (_eight_bits(picture) for picture in _pictures())
    kept = source.copy(), restored.copy()
    mixer = Mixer(source, restored)
    mixer.prepare()
    first = mixer.mix(Blend(strength=0.5))
    copy = first.copy()
    mixer.mix(replace(BLENDS[-1], grain=0.5))
    assert np.array_equal(first, copy)
    assert np.array_equal(source, kept[0])
    assert np.array_equal(restored, kept[1])


def test_pictures_that_do_not_fit_are_refused() -> None:
    source, restored = _pictures()
    with pytest.raises(ValueError, match="pair"):
        Mixer(source, restored[1:])
    with pytest.raises(ValueError, match="zoom"):
        Mixer(source, restored, zoom=0)
    with pytest.raises(ValueError, match="mask"):
        Mixer(source, restored, Regions(keep=np.ones((3, 3), np.float32)))
