"""Boxes of a photo, and of a part of it."""

from dataclasses import replace

import numpy as np
import pytest

from engine.photo import Box, Photo
from engine.views import View

PART = Box(17, 9, 40, 33)


def _view(scale: int) -> View:
    rng = np.random.default_rng(0)
    pixels, mask = rng.random((40, 52, 3), np.float32), rng.random((40, 52), np.float32)
    return View(Photo(pixels=pixels), scale, mask)


@pytest.mark.parametrize("scale", [1, 2, 4])
@pytest.mark.parametrize("box", [Box(0, 0, 23, 24), Box(3, 0, 9, 24)])
def test_a_part_shows_what_the_whole_shows_there(scale: int, box: Box) -> None:
    view, box = _view(scale), box.times(scale)
    part = replace(view, part=PART)
    there = box.moved(*part.corner)
    assert part.size == (23 * scale, 24 * scale)
    assert np.array_equal(part.pixels(box), view.pixels(there))
    assert np.array_equal(part.holes(box), view.holes(there))
    assert np.array_equal(part.small(26), view.small(26))
    assert part.whole == view


def test_a_widened_part_stays_within_the_photo() -> None:
    part = replace(_view(2), part=PART)
    assert part.widened(4, 1).here == Box(13, 5, 44, 37)
    assert part.widened(4, 8).here == Box(8, 0, 44, 37)
    assert part.widened(100, 16).here == Box(0, 0, 52, 40)
