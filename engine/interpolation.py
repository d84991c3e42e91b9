"""Three colours at each pixel of a Bayer mosaic, of which the sensor saw one.

By residual interpolation (Kiku, Monno, Tanaka and Okutomi 2013): one colour is taken for a line of
another in the surroundings of each pixel (the guided filter of He, Sun and Tang 2010), and what
that leaves is interpolated, for it is smoother than either. Green is estimated along rows and along
columns, each counted by how sure it is, as Zhang and Wu have it ("Color demosaicking via
directional linear minimum mean square-error estimation", 2005). What the sensor saw stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.photo import FloatArray, floats

REACH = 28
"""Pixels on each side of a mosaic that are seen alone, and have no colours in the end."""

# Filters along a row; the smooth one is Zhang and Wu's.
_BETWEEN = floats([[0.5, 1, 0.5]])
_SMOOTH = floats(np.array([[4, 9, 15, 23, 26, 23, 15, 9, 4]]) / 128)
_AROUND = floats(np.ones((1, 9)) / 9)
_EVENLY = floats([[0.25, 0.5, 0.25], [0.5, 1, 0.5], [0.25, 0.5, 0.25]])
"""From every second pixel of every second row to all, by the nearest of them."""
_ALONG, _SQUARE = (11, 1), (7, 7)
"""Width and height of the places in which one colour is taken for a line of the other."""
_STEEP_ALONG, _STEEP_SQUARE = np.float32(1e-5), np.float32(1e-4)
"""Variance of the other colour below which such lines are held flat."""
_LEAST = np.float32(1e-9)
"""Variance that is taken for some, so that nothing is divided by 0."""
_EVEN, _ODD = slice(0, None, 2), slice(1, None, 2)
_OTHERS = ((_EVEN, _EVEN), (_ODD, _ODD))
"""Where red and blue were seen."""

Filter = Callable[[NDArray[np.floating], FloatArray], FloatArray]


def interpolated(mosaic: FloatArray) -> FloatArray:
    """The colours (h, w, 3) of a mosaic (h + 56, w + 56) whose first pixel is red.

    Values are about 0 to 1: rather tones, in which noise is about even, than light.
    """
    turned = _line_difference(np.ascontiguousarray(mosaic.T))
    difference = _surest(_line_difference(mosaic), np.ascontiguousarray(turned.T))
    green = _with_green(mosaic, difference)
    red, blue = (_by_green(mosaic, green, at) for at in _OTHERS)
    inner = slice(REACH, -REACH)
    return np.stack((red[inner, inner], green[inner, inner], blue[inner, inner]), 2)


def _along(image: NDArray[np.floating], row: FloatArray) -> FloatArray:
    return floats(cv2.filter2D(image, -1, row))


def _across(image: NDArray[np.floating], row: FloatArray) -> FloatArray:
    return floats(cv2.filter2D(image, -1, row.T))


def _line_difference(mosaic: FloatArray) -> FloatArray:
    """Green less the other colour of each pixel's row."""
    other = np.zeros_like(mosaic)
    for at in _OTHERS:
        other[at] = 1
    green = 1 - other
    two = [_along(mosaic * seen, _BETWEEN) for seen in (green, other)]
    found = (
        _by_line(mosaic, guide, seen, _ALONG, _STEEP_ALONG, _BETWEEN)
        for guide, seen in ((two[1], green), (two[0], other))
    )
    return next(found) - next(found)


def _by_green(mosaic: FloatArray, green: FloatArray, at: tuple[slice, slice]) -> FloatArray:
    """Red or blue, which were seen `at` these pixels."""
    seen = np.zeros_like(mosaic)
    seen[at] = 1
    return _by_line(mosaic, green, seen, _SQUARE, _STEEP_SQUARE, _EVENLY)


def _by_line(
    mosaic: FloatArray,
    guide: FloatArray,
    seen: FloatArray,
    size: tuple[int, int],
    steep: np.float32,
    between: FloatArray,
) -> FloatArray:
    """A colour at all pixels, that of `mosaic` where it was `seen` (1, or 0 elsewhere), as a line
    of `guide` within `size`, and what that leaves spread by `between`."""
    line = as_line(mosaic, guide, seen, size, steep)
    return line + floats(cv2.filter2D((mosaic - line) * seen, -1, between))


def as_line(
    mosaic: FloatArray,
    guide: FloatArray,
    seen: FloatArray,
    size: tuple[int, int],
    steep: np.float32,
) -> FloatArray:
    """The guided filter (He, Sun and Tang 2010) of a colour that `mosaic` (h, w) shows where it was
    `seen` (1, or 0 elsewhere): around each pixel, within `size`, a line of `guide`, held flat where
    the variance of that is far below `steep`."""

    def total(image: NDArray[np.floating]) -> FloatArray:
        return floats(cv2.boxFilter(image, -1, size, normalize=False))

    there, known = total(seen), mosaic * seen
    mean, guides = total(known) / there, total(guide * seen) / there
    covariance = total(guide * known) / there - guides * mean
    variance = total(guide * guide * seen) / there - guides * guides
    slope = covariance / (variance + steep)
    start = mean - slope * guides
    return floats((total(slope) * guide + total(start)) / (size[0] * size[1]))


def _surest(along: FloatArray, across: FloatArray) -> FloatArray:
    """One difference of two, each counted by the variance of the error that is left in it."""
    (one, unsure), (other, as_unsure) = _estimate(along, _along), _estimate(across, _across)
    return floats((one * as_unsure + other * unsure) / (unsure + as_unsure))


def _estimate(difference: FloatArray, filtered: Filter) -> tuple[FloatArray, FloatArray]:
    """The linear estimate of least squares (Zhang and Wu 2005, section III), and its variance: the
    smooth part of what is interpolated is signal, and what differs from it noise."""
    smooth = filtered(difference, _SMOOTH)
    mean, left = filtered(smooth, _AROUND), difference - smooth
    signal = np.maximum(filtered(smooth * smooth, _AROUND) - mean * mean, 0) + _LEAST
    noise = filtered(left * left, _AROUND) + _LEAST
    share = signal / (signal + noise)
    return floats(mean + share * (difference - mean)), floats(share * noise)


def _with_green(mosaic: FloatArray, difference: FloatArray) -> FloatArray:
    green = mosaic.copy()
    for at in _OTHERS:
        green[at] += difference[at]
    return green
