"""Three colours at each pixel of an X-Trans mosaic, Fujifilm's, of which the sensor saw one.

Its pattern repeats every six pixels: three by three, green in the corners and in the middle, red
and blue between them, in every other such square changed over. As with a Bayer mosaic
(`interpolation`) red and blue are taken for lines of green in the surroundings of each pixel, and
what that leaves is spread. Green is found twice, along rows and along columns: between the next
green pixels first, then by what green and the others differ there, which is smoother; the direction
counts more in which that changes less. What the sensor saw stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

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
_SPREAD = floats(np.array([1, 2, 3, 4, 3, 2, 1]) / 4)
"""What is left is spread by these weights, along rows and columns, over as many of them as there is
something to spread."""
_AROUND = (5, 5)
"""Size of the places in which changes are added up."""
_LEAST = np.float32(1e-6)
"""Square of a change that is taken for some, so that nothing is divided by 0."""
_FARTHEST = 2
"""Pixels to the next green one along a row or a column, at most."""


def interpolated(mosaic: FloatArray, start: tuple[int, int]) -> FloatArray:
    """The colours (h, w, 3) of a mosaic (h + 56, w + 56) whose first pixel is that in row and
    column `start` of `PATTERN`.

    Values are about 0 to 1: rather tones, in which noise is about even, than light.
    """
    pattern = np.roll(PATTERN, (-start[0], -start[1]), (0, 1))
    repeats = [-(-side // PERIOD) for side in mosaic.shape]
    seen = np.tile(pattern, repeats)[: mosaic.shape[0], : mosaic.shape[1]]
    others = tuple(_Other(mosaic, floats(seen == colour), colour) for colour in (RED, BLUE))
    green = _green(mosaic, pattern, others)
    inner = slice(REACH, -REACH)
    red, blue = (other.by(green)[inner, inner] for other in others)
    return np.stack((red, green[inner, inner], blue), 2)


class _Other:
    """Red or blue of a mosaic."""

    def __init__(self, mosaic: FloatArray, here: FloatArray, colour: int) -> None:
        """`here` (h, w) is 1 where it was seen, 0 elsewhere."""
        self.colour, self._mosaic, self._here = colour, mosaic, here
        self._shares = _spread(here)

    def by(self, green: FloatArray) -> FloatArray:
        """It at all pixels (h, w), by green there."""
        line = as_line(self._mosaic, green, self._here, _WITHIN, _STEEP)
        spread = line + _spread((self._mosaic - line) * self._here) / self._shares
        return floats(np.where(self._here > 0, self._mosaic, spread))


def _spread(values: NDArray[np.floating]) -> FloatArray:
    return floats(cv2.sepFilter2D(values, -1, _SPREAD, _SPREAD))


def _green(mosaic: FloatArray, pattern: NDArray[np.uint8], others: Sequence[_Other]) -> FloatArray:
    """Green at all pixels: that along rows and that along columns, by how little they change."""
    total, weights = np.zeros_like(mosaic), np.zeros_like(mosaic)
    for axis in (0, 1):
        green = mosaic.copy()
        for other in others:
            _put_between(green, mosaic, pattern, other.colour, axis)
        first = _by_difference(mosaic, green, pattern, others, axis)
        second = _by_difference(mosaic, first, pattern, others, axis)
        # the first is better where colours change, the second elsewhere
        green = floats((first + second) / 2)
        weight = 1 / (_change(green, others, axis) ** 2 + _LEAST)
        total += weight * green
        weights += weight
    return floats(total / weights)


def _by_difference(
    mosaic: FloatArray,
    green: FloatArray,
    pattern: NDArray[np.uint8],
    others: Sequence[_Other],
    axis: int,
) -> FloatArray:
    """Green at all pixels: what was seen there, and by how much `green` differs from that colour
    beside it."""
    better = mosaic.copy()
    for other in others:
        difference = mosaic - other.by(green)
        _put_between(better, difference, pattern, other.colour, axis, added=True)
    return better


def _change(green: FloatArray, others: Sequence[_Other], axis: int) -> FloatArray:
    """How much green's differences from red and from blue change along an axis, around a pixel."""
    total = np.zeros_like(green)
    for other in others:
        steps = np.abs(np.diff(green - other.by(green), axis=axis))
        before, behind = (
            np.pad(steps, [(n, 1 - n) if a == axis else (0, 0) for a in (0, 1)]) for n in (0, 1)
        )
        total += before + behind
    return floats(cv2.blur(total, _AROUND))


def _put_between(
    target: FloatArray,
    values: FloatArray,
    pattern: NDArray[np.uint8],
    colour: int,
    axis: int,
    *,
    added: bool = False,
) -> None:
    """Give (or add to) the pixels of a colour what lies between `values` (h, w) of the next two
    green ones along an axis: of what is nearer more."""
    wide = np.pad(
        values, [(_FARTHEST, _FARTHEST) if a == axis else (0, 0) for a in (0, 1)], "reflect"
    )
    for row, column in np.argwhere(pattern == colour):
        line = np.roll(pattern[row] if axis else pattern[:, column], -(column if axis else row))
        before, behind = (1 if line[at] == GREEN else 2 for at in (-1, 1))
        place = target[row::PERIOD, column::PERIOD]

        def beside(
            away: int, row: int = row, column: int = column, like: FloatArray = place
        ) -> FloatArray:
            top, left = (
                (row, column + _FARTHEST + away) if axis else (row + _FARTHEST + away, column)
            )
            return wide[top::PERIOD, left::PERIOD][: like.shape[0], : like.shape[1]]

        one, other = beside(-before), beside(behind)
        between = one + np.float32(before / (before + behind)) * (other - one)
        place[:] = place + between if added else between
