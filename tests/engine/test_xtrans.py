"""Colours of an X-Trans mosaic."""

from __future__ import annotations

import numpy as np
import pytest

from engine.interpolation import REACH
from engine.photo import FloatArray, floats
from engine.xtrans import GREEN, PATTERN, PERIOD, interpolated


def mosaic(light: FloatArray, start: tuple[int, int] = (0, 0)) -> FloatArray:
    """What an X-Trans sensor sees of (h, w, 3), from this place of its pattern on."""
    rows, columns = np.mgrid[: light.shape[0], : light.shape[1]]
    seen = PATTERN[(rows + start[0]) % PERIOD, (columns + start[1]) % PERIOD]
    return np.ascontiguousarray(np.take_along_axis(light, seen[..., None], 2)[..., 0])


def inner(picture: FloatArray) -> FloatArray:
    return picture[REACH:-REACH, REACH:-REACH]


def slope(height: int = 96, width: int = 110) -> FloatArray:
    y, x = np.mgrid[:height, :width] / 110
    return floats(np.stack((0.2 + 0.3 * x, 0.6 - 0.2 * y, 0.3 + 0.2 * x * y), 2))


def test_the_pattern_is_fujifilms() -> None:
    assert [(colour == PATTERN).sum() for colour in range(3)] == [8, 20, 8]
    for axis in (0, 1):  # each line sees all three
        assert all((colour == PATTERN).any(axis).all() for colour in range(3))
    assert np.array_equal(np.roll(PATTERN, (3, 3), (0, 1)), PATTERN)


@pytest.mark.parametrize("turn", [np.rot90, np.flipud, np.fliplr, np.transpose])
def test_turned_it_is_the_same_from_another_start(turn) -> None:  # type: ignore[no-untyped-def]
    turned = turn(PATTERN)
    starts = [(y, x) for y in range(PERIOD) for x in range(PERIOD)]
    assert any(np.array_equal(np.roll(PATTERN, at, (0, 1)), turned) for at in starts)


@pytest.mark.parametrize("start", [(0, 0), (1, 4), (5, 5), (3, 2)])
def test_what_is_smooth_comes_back_wherever_the_pattern_begins(start: tuple[int, int]) -> None:
    light = slope()
    assert np.abs(interpolated(mosaic(light, start), start) - inner(light)).max() < 0.003


def test_what_the_sensor_saw_stays_at_its_place_and_is_not_written_over() -> None:
    values = floats(np.random.default_rng(0).random((90, 100)))
    before = values.copy()
    colours = interpolated(values, (2, 1))
    assert np.array_equal(values, before)
    rows, columns = np.mgrid[REACH : 90 - REACH, REACH : 100 - REACH]
    seen = PATTERN[(rows + 2) % PERIOD, (columns + 1) % PERIOD]
    found = np.take_along_axis(colours, seen[..., None], 2)[..., 0]
    np.testing.assert_allclose(found, inner(values), atol=1e-6)


@pytest.mark.parametrize("axis", [0, 1])
def test_what_is_gray_gets_hardly_any_false_colours(axis: int) -> None:
    """A fine grating, along rows or columns, on a slope."""
    y, x = np.mgrid[:120, :120]
    at = y if axis else x
    gray = floats(0.5 + at / 600 + 0.2 * np.sin(at * 0.9))
    colours = interpolated(mosaic(np.stack([gray] * 3, 2)), (0, 0))
    assert np.ptp(colours, axis=2).mean() < 0.02
    assert np.abs(colours[..., GREEN] - inner(gray)).mean() < 0.01


def test_an_edge_between_two_colours_is_sharp() -> None:
    light = np.full((100, 100, 3), (0.8, 0.1, 0.1), np.float32)
    light[:, 50:] = (0.1, 0.2, 0.7)
    differs = np.abs(interpolated(mosaic(light), (0, 0)) - inner(light))
    middle = 50 - REACH
    assert differs[:, : middle - 7].max() < 0.05 > differs[:, middle + 7 :].max()
    assert differs.mean() < 0.03
