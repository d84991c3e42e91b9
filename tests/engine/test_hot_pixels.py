"""Hot and dead pixels of a sensor, and what is none."""

from __future__ import annotations

from math import erf
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.files import load
from engine.filter_array import KNOWN, FilterArray
from engine.hot_pixels import mend
from engine.photo import floats
from tests.engine.made_raw import dng, scene

DARK, NOISE = 612, 20
START = 1, 0
ARRAYS = pytest.mark.parametrize("array", KNOWN, ids=lambda array: array.name)


def night(side: int = 400) -> NDArray[np.float64]:
    """A dark sky, as a sensor tells it."""
    return np.random.default_rng(0).normal(DARK, NOISE, (side, side))


def told(light: NDArray[np.floating]) -> NDArray[np.uint16]:
    return np.rint(np.clip(light, 0, 16000)).astype(np.uint16)


def starry(spread: float, brightness: float, array: FilterArray) -> NDArray[np.uint16]:
    """A star every twenty pixels, wherever in its pixel, by a lens that draws a point as a normal
    distribution of this deviation in pixels; half as bright in red and in blue."""
    light, rng = np.zeros((400, 400)), np.random.default_rng(1)
    for top in range(20, 380, 20):
        for left in range(20, 380, 20):
            y, x = rng.random(2) + 5
            rows, columns = (np.diff([_below(n, at, spread) for n in range(12)]) for at in (y, x))
            light[top : top + 11, left : left + 11] += np.outer(rows, columns) * brightness
    return told(night() + light * np.array([0.5, 1, 0.5])[array.over(light.shape, START)])


def _below(place: float, middle: float, spread: float) -> float:
    return 0.5 * (1 + erf((place - middle) / (spread * 2**0.5)))


@ARRAYS
@pytest.mark.parametrize("more", [600, 5000, 15000, -500])
def test_hot_and_dead_pixels_become_what_lies_around_them(more: int, array: FilterArray) -> None:
    light = night()
    rows, columns = np.mgrid[6:394:11, 5:394:11]
    light[rows, columns] += more
    values = told(light)
    count = mend(values, array, START)
    share = 0.99 if more > 1000 else 0.65  # faint ones hide in the noise of those beside them
    assert count > share * rows.size
    assert np.mean(np.abs(values[rows, columns] - float(DARK)) < 4 * NOISE) > share


@ARRAYS
@pytest.mark.parametrize("spread", [0.4, 0.6, 1.0])
@pytest.mark.parametrize("brightness", [600, 3000, 30000])
def test_stars_stay(spread: float, brightness: float, array: FilterArray) -> None:
    values = starry(spread, brightness, array)
    before = values.copy()
    assert mend(values, array, START) == 0
    assert np.array_equal(values, before)


@ARRAYS
@pytest.mark.parametrize("electrons", [2, 10, 100, 10000])
def test_noise_stays(electrons: float, array: FilterArray) -> None:
    """As photons come, however few."""
    counted = np.random.default_rng(2).poisson(electrons, (600, 600)) * 5
    assert mend(told(512 + counted), array, START) == 0


@ARRAYS
def test_what_is_fine_in_the_scene_stays(array: FilterArray) -> None:
    light = np.full((120, 120), 3000.0)
    light[30, :] = light[:, 50] = 9000  # wires
    light[np.arange(90) + 10, np.arange(90) + 20] = 9000
    light[70:90:2, 70:90] = light[60:80, 20:40:2] = 9000  # railings
    light[100:, :] = 14000  # an edge
    values = told(cv2.GaussianBlur(light, (0, 0), 0.45))  # through a good lens
    assert mend(values, array, START) == 0


def test_a_colour_of_its_own_is_no_fault() -> None:
    """Red, green and blue are as far apart as they like, and hot ones are found among them."""
    for array in KNOWN:
        light = np.random.default_rng(5).normal(0, 10, (300, 300))
        light += np.array([800, 4000, 2000])[array.over(light.shape, START)]
        values = told(light)
        assert mend(values, array, START) == 0
        values[10:290:13, 10:290:13] += 3000
        assert mend(values, array, START) > 0.99 * 22 * 22


@ARRAYS
@pytest.mark.parametrize("place", [(0, 0), (0, 30), (39, 49), (1, 48), (20, 0)])
def test_borders_are_mended_too(place: tuple[int, int], array: FilterArray) -> None:
    values = told(np.random.default_rng(3).normal(1000, 3, (40, 50)))
    values[place] = 9000
    assert mend(values, array, START) == 1
    assert abs(int(values[place]) - 1000) < 20


@ARRAYS
@pytest.mark.parametrize("size", [(1, 1), (2, 3), (1, 9), (5, 5), (13, 14)])
def test_any_size_is_looked_at(size: tuple[int, int], array: FilterArray) -> None:
    assert mend(np.full(size, 700, np.uint16), array, START) == 0


def test_a_raw_file_is_opened_without_them(tmp_path) -> None:  # type: ignore[no-untyped-def]
    clean, spoilt = tmp_path / "clean.dng", tmp_path / "spoilt.dng"
    light = scene() * np.float32(0.5)
    clean.write_bytes(dng(light))
    light[20:40:7, 10:60:9] = 1  # in all colours, of which the sensor sees one
    spoilt.write_bytes(dng(light))
    one, other = load(clean), load(spoilt)
    assert np.abs(one.pixels - other.pixels).max() < 0.02
    assert other.mosaic is not None


@ARRAYS
def test_a_hot_pixel_is_not_taken_for_white(tmp_path: Path, array: FilterArray) -> None:
    """LibRaw goes by the brightest."""
    path = tmp_path / "a.dng"
    light = floats(np.kron(scene(), np.ones((2, 2, 1)))) * np.float32(0.5)
    path.write_bytes(dng(light, array=array))
    clean = load(path)
    light[31, 31] = 0.85
    path.write_bytes(dng(light, array=array))
    spoilt = load(path)
    assert spoilt.mosaic is not None
    assert np.median(np.abs(clean.pixels - spoilt.pixels)) < 1e-4


@ARRAYS
def test_thousands_in_the_dark_leave_the_mosaic_proven(tmp_path: Path, array: FilterArray) -> None:
    path, rng = tmp_path / "a.dng", np.random.default_rng(7)
    light = 0.005 + 0.01 * cv2.resize(rng.random((12, 16, 3)), (640, 480))
    light[rng.random(light.shape[:2]) < 0.003] = 1
    path.write_bytes(dng(light, array=array))
    photo = load(path)
    assert photo.mosaic is not None
    assert (photo.mosaic.values > 30000).mean() < 0.0003


def test_what_libraw_develops_has_none_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.formats.raw.proven", lambda *_: None)
    path, light = tmp_path / "a.dng", np.full((96, 128, 3), 0.2, np.float32)
    light[20:80:7, 10:120:9] = 1
    path.write_bytes(dng(light))
    photo = load(path)
    assert photo.mosaic is None
    assert np.ptp(photo.pixels) < 0.02
