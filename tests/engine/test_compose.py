from dataclasses import replace

import numpy as np
import pytest

from engine.compose import Blend, compose
from engine.photo import Photo


def _photo(height: int = 700, width: int = 31) -> Photo:
    rng = np.random.default_rng(0)
    return Photo(pixels=rng.random((height, width, 3), np.float32))


def test_strength_zero_gives_the_source_to_the_last_bit() -> None:
    photo = _photo()
    composed = compose(photo, np.zeros((700, 31, 3), np.uint16), Blend(strength=0))
    assert np.array_equal(composed.pixels, photo.pixels)


def test_full_strength_gives_the_prediction() -> None:
    photo = _photo()
    restored = np.random.default_rng(1).integers(0, 65536, (700, 31, 3), np.uint16)
    composed = compose(photo, restored, Blend())
    assert np.abs(composed.pixels - restored / 65535).max() < 1e-6


def test_half_strength_lies_half_way() -> None:
    photo = _photo()
    restored = np.random.default_rng(1).random((700, 31, 3), np.float32)
    composed = compose(photo, restored, Blend(strength=0.5))
    assert np.abs(composed.pixels - (photo.pixels + restored) / 2).max() < 1e-6


def test_a_gray_photo_stays_gray() -> None:
    gray = np.repeat(np.random.default_rng(0).random((20, 20, 1), np.float32), 3, 2)
    photo = Photo(pixels=gray, gray=True)
    tinted = np.random.default_rng(1).random((20, 20, 3), np.float32)
    composed = compose(photo, tinted, Blend())
    assert np.ptp(composed.pixels, axis=2).max() < 1e-6


def test_an_enlarged_prediction_enlarges_photo_and_alpha_without_seams() -> None:
    photo = replace(_photo(1100, 12), alpha=np.ones((1100, 12), np.float32))
    composed = compose(photo, np.zeros((2200, 24, 3), np.uint16), Blend(strength=0))
    assert composed.pixels.shape == (2200, 24, 3)
    assert composed.alpha is not None
    assert composed.alpha.shape == (2200, 24)
    smooth = np.repeat(np.linspace(0, 1, 1100, dtype=np.float32)[:, None, None], 12, 1)
    ramp = Photo(pixels=np.ascontiguousarray(np.repeat(smooth, 3, 2)))
    large = compose(ramp, np.zeros((2200, 24, 3), np.uint16), Blend(strength=0)).pixels
    assert np.abs(np.diff(large[8:-8, 5, 0], n=2)).max() < 1e-4


def test_sizes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="multiple"):
        compose(_photo(), np.zeros((700, 32, 3), np.uint16), Blend())
