"""Colours under what is transparent, for whatever mixes neighbouring pixels."""

from dataclasses import replace

import numpy as np
import pytest

from engine.cut_outs import with_bleed
from engine.photo import Photo

REACH = 16


def _logo(height: int, width: int) -> Photo:
    """Noise that is seen left of the middle, with black under the rest."""
    pixels = np.random.default_rng(0).random((height, width, 3), np.float32)
    alpha = np.zeros((height, width), np.float32)
    alpha[:, : width // 2] = 1
    return Photo(pixels=np.where(alpha[..., None] > 0, pixels, 0), alpha=alpha)


def test_colours_go_on_and_what_is_seen_stays() -> None:
    photo = _logo(40, 100)
    bled = with_bleed(photo, 2)
    assert np.array_equal(bled.pixels[:, :50], photo.pixels[:, :50])
    assert np.allclose(bled.pixels[5, 50], photo.pixels[4:7, 49].mean(0))
    assert (bled.pixels[:, 50 : 50 + REACH] > 0).all()
    assert (bled.pixels[:, 50 + REACH :] == 0).all()
    assert np.array_equal(bled.alpha, photo.alpha)  # type: ignore[arg-type]


def test_what_is_faintly_seen_stays() -> None:
    photo = _logo(40, 100)
    faint = replace(photo, alpha=np.full((40, 100), 1 / 255, np.float32))
    assert with_bleed(faint, 2) is faint


@pytest.mark.parametrize("alpha", [None, np.zeros((40, 100), np.float32)])
def test_where_all_or_nothing_is_seen_nothing_changes(alpha: np.ndarray | None) -> None:
    photo = replace(_logo(40, 100), alpha=alpha)
    assert np.array_equal(with_bleed(photo, 4).pixels, photo.pixels)


def test_at_its_own_size_a_photo_is_left_alone() -> None:
    photo = _logo(40, 100)
    assert with_bleed(photo, 1) is photo


def test_no_seam_is_left_where_rows_are_handled_apart() -> None:
    rng = np.random.default_rng(1)
    alpha = (rng.random((1100, 20)) < 0.004).astype(np.float32)
    tall = replace(_logo(1100, 20), alpha=alpha)
    bled = with_bleed(tall, 2)
    for first in (400, 500, 900):
        rows = slice(first, first + 200)
        part = replace(tall, pixels=tall.pixels[rows], alpha=alpha[rows])
        inner = slice(REACH, -REACH)
        assert np.array_equal(with_bleed(part, 2).pixels[inner], bled.pixels[rows][inner])


def test_bleeding_twice_is_bleeding_once() -> None:
    once = with_bleed(_logo(40, 100), 2)
    assert np.array_equal(with_bleed(once, 2).pixels, once.pixels)
