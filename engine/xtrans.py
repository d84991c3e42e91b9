"""Three colours at each pixel of an X-Trans mosaic, Fujifilm's, of which the sensor saw one.

Its pattern repeats every six pixels: three by three, green in the corners and in the middle, red
and blue between them, in every other such square changed over. As with a Bayer mosaic
(`interpolation`) red and blue are taken for lines of green in the surroundings of each pixel, and
what that leaves is spread. Green is found twice, along rows and along columns: between the next
green pixels first, then by what green and the others differ there, which is smoother; the direction
counts more in which that changes less. What the sensor saw stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.interpolation import REACH, as_line
from engine.photo import FloatArray, floats

PERIOD = 6
RED, GREEN, BLUE = range(3)
_SQUARE = np.array([(GREEN, BLUE, GREEN), (RED, GREEN, RED), (GREEN, BLUE, GREEN)], np.uint8)
PATTERN = np.block([[_SQUARE, _SQUARE.T], [_SQUARE.T, _SQUARE]])
"""(6, 6): what the pixels see, red 0, green 1 and blue 2. Turned or mirrored it is the same, but
for where it begins."""

_WITHIN = (7, 7)
"""Size of the places in which a colour is taken for a line of green."""
_STEEP = np.float32(3e-5)
"""Variance of green below which such lines are held flat."""
_SPREAD = floats(np.outer(*2 * (np.array([1, 2, 3, 4, 3, 2, 1]) / 4,)))
"""What is left is spread by these weights, over as many of them as there is something to spread."""
_AROUND = (5, 5)
"""Size of the places in which changes are added up."""
_LEAST = np.float32(1e-6)
"""Square of a change that is taken for some, so that nothing is divided by 0."""
_FARTHEST = 2
"""Pixels to the next green one along a row or a column, at most."""

Along = Callable[[FloatArray], FloatArray]
"""Gives what is not green of a picture (h, w) what lies between the green pixels of its line."""


def interpolated(mosaic: FloatArray, start: tuple[int, int]) -> FloatArray:
    """The colours (h, w, 3) of a mosaic (h + 56, w + 56) whose first pixel is that in row and
    column `start` of `PATTERN`.

    Values are about 0 to 1: rather tones, in which noise is about even, than light.
    """
    pattern = np.roll(PATTERN, (-start[0], -start[1]), (0, 1))
    repeats = [-(-side // PERIOD) for side in mosaic.shape]
    seen = np.tile(pattern, repeats)[: mosaic.shape[0], : mosaic.shape[1]]
    green = np.where(seen == GREEN, mosaic, _green(mosaic, seen, pattern))
    red, blue = (_by_green(mosaic, floats(green), seen, colour) for colour in (RED, BLUE))
    inner = slice(REACH, -REACH)
    return np.stack([floats(c[inner, inner]) for c in (red, green, blue)], 2)


def _green(mosaic: FloatArray, seen: NDArray[np.uint8], pattern: NDArray[np.uint8]) -> FloatArray:
    """Green at all pixels: that along rows and that along columns, by how little they change."""
    total, weights = np.zeros_like(mosaic), np.zeros_like(mosaic)
    for axis in (0, 1):
        green, change = _along_lines(mosaic, seen, pattern, axis)
        weight = 1 / (change * change + _LEAST)
        total += weight * green
        weights += weight
    return total / weights


def _along_lines(
    mosaic: FloatArray, seen: NDArray[np.uint8], pattern: NDArray[np.uint8], axis: int
) -> tuple[FloatArray, FloatArray]:
    """Green, and how much its differences from red and from blue change along the axis."""
    first = _by_difference(mosaic, _between_greens(mosaic, pattern, axis), seen, pattern, axis)
    second = _by_difference(mosaic, first, seen, pattern, axis)
    green = floats((first + second) / 2)  # the first is better where colours change, else the other
    change = np.zeros_like(mosaic)
    for colour in (RED, BLUE):
        difference = green - _by_green(mosaic, green, seen, colour)
        change += _steps(difference, axis)
    return green, floats(cv2.blur(change, _AROUND))


def _steps(values: FloatArray, axis: int) -> FloatArray:
    """How far each of (h, w) is from its neighbours along an axis, together."""
    first, last = values.take([0], axis), values.take([-1], axis)
    steps = np.abs(np.diff(values, axis=axis, prepend=first, append=last))
    return floats(steps[:-1] + steps[1:] if axis == 0 else steps[:, :-1] + steps[:, 1:])


def _by_difference(
    mosaic: FloatArray,
    green: FloatArray,
    seen: NDArray[np.uint8],
    pattern: NDArray[np.uint8],
    axis: int,
) -> FloatArray:
    """Green at all pixels: what was seen there, and by how much `green` differs from that colour
    beside it."""
    better = mosaic.copy()
    for colour in (RED, BLUE):
        here = seen == colour
        difference = mosaic - _by_green(mosaic, green, seen, colour)
        better[here] += _between_greens(difference, pattern, axis)[here]
    return better


def _by_green(
    mosaic: FloatArray, green: FloatArray, seen: NDArray[np.uint8], colour: int
) -> FloatArray:
    """Red or blue at all pixels."""
    here = floats(seen == colour)
    line = as_line(mosaic, green, here, _WITHIN, _STEEP)
    left = cv2.filter2D((mosaic - line) * here, -1, _SPREAD)
    return floats(np.where(here > 0, mosaic, line + left / cv2.filter2D(here, -1, _SPREAD)))


def _between_greens(values: FloatArray, pattern: NDArray[np.uint8], axis: int) -> FloatArray:
    """`values` (h, w) at green pixels, and at others what lies between the next two along an axis:
    of what is nearer more."""
    turned = values if axis else values.T
    colours = pattern if axis else pattern.T
    found = np.array(turned, order="C")  # a copy
    wide = np.pad(found, ((0, 0), (_FARTHEST, _FARTHEST)), "reflect")
    for row, column in np.argwhere(colours != GREEN):
        line = np.roll(colours[row], -column)
        before, behind = (1 if line[at] == GREEN else 2 for at in (-1, 1))
        share = np.float32(before / (before + behind))
        rows, length = slice(row, None, PERIOD), found[0, column::PERIOD].size
        one, other = (
            wide[rows, column + _FARTHEST + at :: PERIOD][:, :length] for at in (-before, behind)
        )
        found[rows, column::PERIOD] = one + share * (other - one)
    return found if axis else np.ascontiguousarray(found.T)
