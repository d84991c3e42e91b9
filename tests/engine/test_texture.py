"""What is taken of a painted change: light, finer than the draft's structure, and nothing else."""

import numpy as np
import pytest

from engine.bands import reach
from engine.photo import FloatArray
from engine.texture import TEXTURE, texture, textured


def picture(height: int, width: int, seed: int = 0) -> FloatArray:
    return np.random.default_rng(seed).random((height, width, 3), dtype=np.float32)


def test_no_change_gives_the_draft_to_the_last_bit() -> None:
    draft = picture(30, 40)
    assert np.array_equal(textured(draft, np.zeros_like(draft)), draft)


def test_another_tone_or_cast_is_not_taken() -> None:
    draft = picture(60, 80) * np.float32(0.5) + np.float32(0.25)
    y, x = np.mgrid[0:60, 0:80].astype(np.float32)
    cast = np.stack((0.2 + 0.001 * x, np.full_like(x, -0.1), 0.002 * y), 2).astype(np.float32)
    around = reach(TEXTURE)
    inside = (slice(around, -around), slice(around, -around))
    assert np.abs(textured(draft, cast)[inside] - draft[inside]).max() < 1e-3


def test_texture_is_light_without_colour() -> None:
    draft = np.full((60, 60, 3), 0.5, np.float32)
    added = textured(draft, picture(60, 60) * np.float32(0.1)) - draft
    assert np.abs(added).max() > 0.01
    assert np.ptp(added, axis=2).max() < 1e-6


@pytest.mark.parametrize(("length", "kept"), [(4, 0.9), (8, 0.8), (20, 0.4), (80, -0.1)])
def test_fine_waves_come_in_and_coarse_ones_stay_out(length: int, kept: float) -> None:
    x = np.arange(240, dtype=np.float32)
    wave = 0.1 * np.sin(2 * np.pi * x / length)
    change = np.broadcast_to(wave[None, :, None], (60, 240, 3)).astype(np.float32).copy()
    middle = texture(change)[20:40, 60:-60]
    share = float(np.std(middle) / np.std(wave[60:-60]))
    assert share > kept
    assert share < 0.1 or length < 80


def test_a_tile_with_context_has_the_texture_of_the_whole() -> None:
    change = picture(120, 160) - np.float32(0.5)
    whole, around = texture(change), reach(TEXTURE)
    part = texture(np.ascontiguousarray(change[20:90, 30:130]))
    np.testing.assert_allclose(
        part[around:-around, around:-around],
        whole[20 + around : 90 - around, 30 + around : 130 - around],
        atol=1e-5,
    )


def test_what_is_beyond_white_is_cut() -> None:
    draft = np.full((20, 20, 3), 0.99, np.float32)
    out = textured(draft, picture(20, 20))
    assert out.max() == 1
    assert out.min() >= 0
