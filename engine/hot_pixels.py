"""Pixels of a sensor that are not what the light was: hot ones, which long exposures show by the
thousand, and dead ones.

No lens draws a point as small as a pixel. What is far brighter or darker than all pixels of its
colour around it, and has left nothing in the four beside it, was not seen through the lens: that
tells a hot pixel from a star.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.photo import FloatArray, floats

_RING = np.array([(1, 1, 1), (1, 0, 1), (1, 1, 1)], np.uint8)
"""The eight pixels of the same colour that lie around one."""
_STEPS = 4
"""By which the darkest sensor's values differ without any reason."""
_SURE = 8
"""Times the noise around it, by which a pixel has to be brighter or darker than its ring."""
_STRANGE, _TRIMMED = 2, 1.4
"""Of the twenty-four around it so many of the brightest and of the darkest are left out, where the
noise is told, for others may be hot; normal noise is so much stronger than what is left of it."""
_LEFT = 0.1
"""Share of a point that each of the four pixels beside it shows at least if it was seen, on average
of the four."""
_UNSURE = 1.2
"""Times the noise, by which that may be misread: two standard deviations of it."""

_AROUND = np.array([(y, x) for y in range(-4, 5, 2) for x in range(-4, 5, 2) if y or x])
"""Places of the same colour, as rows and columns away."""
_NEXT = np.array([(y, x) for y, x in _AROUND if max(abs(y), abs(x)) == 2])
_BESIDE = np.array([(0, 1), (0, -1), (1, 0), (-1, 0)])
_BEYOND = np.array(
    [(y, x) for y in (-2, 2) for x in (-1, 1)]
    + [(y, x) for y in (-1, 1) for x in (-2, 2)]
    + [(0, 3), (0, -3), (3, 0), (-3, 0)]
)
"""Of the colours that lie beside a pixel, those a little farther away: as many of each."""


def mend(values: NDArray[np.uint16]) -> int:
    """Give the hot and the dead pixels of a Bayer mosaic (h, w) what lies around them, in place;
    how many there were."""
    if min(values.shape) < 2:  # a line has no rings
        return 0
    rows, columns = _outliers(values)
    ring = _at(values, rows, columns, _NEXT)
    wrong = _are_wrong(values, rows, columns, ring)
    values[rows[wrong], columns[wrong]] = np.rint(np.median(ring[wrong], 1))
    return int(wrong.sum())


def _outliers(values: NDArray[np.uint16]) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Rows and columns of what lies farther outside its ring than the ring is wide."""
    found = np.zeros(values.shape, bool)
    for row in range(2):
        for column in range(2):
            plane = np.ascontiguousarray(values[row::2, column::2])
            high, low = cv2.dilate(plane, _RING), cv2.erode(plane, _RING)
            outside = cv2.max(cv2.subtract(plane, high), cv2.subtract(low, plane))
            beyond = cv2.subtract(outside, cv2.subtract(high, low))  # 0 where it would be less
            found[row::2, column::2] = np.asarray(beyond) > _STEPS
    rows, columns = np.nonzero(found)
    return rows, columns


def _are_wrong(
    values: NDArray[np.uint16], rows: NDArray[np.int_], columns: NDArray[np.int_], ring: FloatArray
) -> NDArray[np.bool_]:
    """Which of these pixels stand out of the noise, and out of a lens's reach."""
    here, around = floats(values[rows, columns]), _at(values, rows, columns, _AROUND)
    usual = np.sort(around, 1)[:, _STRANGE:-_STRANGE]
    noise = _TRIMMED * usual.std(1)
    sign = np.where(here > usual.mean(1), 1, -1)
    nearest = np.where(sign > 0, ring.max(1), ring.min(1))
    apart = sign * (here - nearest)
    beside = _at(values, rows, columns, _BESIDE).mean(1)
    left = sign * (beside - np.median(_at(values, rows, columns, _BEYOND), 1))
    return np.asarray((apart > _SURE * noise) & (left + _UNSURE * noise < _LEFT * apart))


def _at(
    values: NDArray[np.uint16],
    rows: NDArray[np.int_],
    columns: NDArray[np.int_],
    away: NDArray[np.int_],
) -> FloatArray:
    """Values (n, k) at k places away from n pixels, mirrored at the borders, each in its colour."""
    height, width = values.shape
    y, x = (at[:, None] + by for at, by in zip((rows, columns), away.T, strict=True))
    return floats(values[_inside(y, height), _inside(x, width)])


def _inside(places: NDArray[np.int_], length: int) -> NDArray[np.int_]:
    """Places on a line of so many pixels; those beyond its ends mirrored at the first or the last
    of every other pixel, so that none of its colour is its own neighbour."""
    odd = places % 2
    last = (length - 1 - odd) // 2
    steps = np.abs((places - odd) // 2)
    return np.asarray(2 * np.maximum(np.minimum(steps, 2 * last - steps), 0) + odd)
