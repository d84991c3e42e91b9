"""The mosaic of a RAW photo: one colour at each pixel, as a Bayer sensor wrote them.

Before colours are made of it, noise is independent from pixel to pixel and as strong as the light
there says, and nothing is cut off below black. A network that is given the mosaic can tell noise
from texture where one that is given its development no longer can, and makes the colours itself.
What it is given are three colours all the same, interpolated by fixed weights, which keeps every
value of the sensor at its place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.photo import Box, FloatArray, floats
from engine.tone import Tone

REACH = 2
"""Pixels around one by which its colours are interpolated."""
_STEPS = 65535

# After Malvar, He and Cutler, "High-quality linear interpolation for demosaicing of Bayer-patterned
# color images" (2004), figure 2, in eighths.
# fmt: off
_GREEN = np.array([
    (0, 0, -1, 0, 0),
    (0, 0, 2, 0, 0),
    (-1, 2, 4, 2, -1),
    (0, 0, 2, 0, 0),
    (0, 0, -1, 0, 0),
], np.float32) / 8
"""Green where the sensor saw red or blue."""
_BESIDE = np.array([
    (0, 0, 0.5, 0, 0),
    (0, -1, 0, -1, 0),
    (-1, 4, 5, 4, -1),
    (0, -1, 0, -1, 0),
    (0, 0, 0.5, 0, 0),
], np.float32) / 8
"""The colour that stands to the left and right, where the sensor saw green."""
_ACROSS = np.array([
    (0, 0, -1.5, 0, 0),
    (0, 2, 0, 2, 0),
    (-1.5, 0, 6, 0, -1.5),
    (0, 2, 0, 2, 0),
    (0, 0, -1.5, 0, 0),
], np.float32) / 8
"""Red where it saw blue, and blue where it saw red."""
# fmt: on


@dataclass(frozen=True, slots=True)
class Mosaic:
    """What a sensor wrote, upright, pixel for pixel the photo that was developed from it.

    A value v of colour c is the light (v - `black[c]`) * `gains[c]`, white-balanced; 1 is white.
    Colours are counted as red, green and blue.
    """

    values: NDArray[np.uint16]
    """(height, width)."""
    red: tuple[int, int]
    """Row and column, each 0 or 1, of the first pixel that is red; blue lies across from it."""
    black: tuple[float, float, float]
    gains: tuple[float, float, float]
    matrix: FloatArray
    """(3, 3): from the camera's light to linear light in the photo's profile."""
    tone: Tone
    """How bright that light is shown."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of what `tones` gives: with a row and a column before the photo's first
        where that is needed for red to come first."""
        height, width = self.values.shape
        return width + self.red[1], height + self.red[0]

    def cropped(self, box: Box) -> Mosaic:
        """The part of it inside a box of the photo."""
        red = (self.red[0] - box.top) % 2, (self.red[1] - box.left) % 2
        return replace(self, values=self.values[box.slices], red=red)

    def turned(self, turn: Callable[[NDArray[Any]], NDArray[Any]]) -> Mosaic:
        """The same turned or mirrored by a function that does so to any (height, width)."""
        height, width = self.values.shape
        reds = np.zeros((2 + height % 2, 2 + width % 2), np.uint8)
        reds[self.red[0] :: 2, self.red[1] :: 2] = 1
        row, column = np.argwhere(turn(reds))[0]
        values = np.ascontiguousarray(turn(self.values))
        return replace(self, values=values, red=(int(row), int(column)))

    def tones(self, box: Box) -> FloatArray:
        """The camera's colours in a box of `size` that starts at even numbers, (h, w, 3), as they
        are shown: 0 to 1, and below 0 where noise takes them."""
        height, width = self.values.shape
        rows = _mirrored(box.top - self.red[0], box.bottom - self.red[0], height)
        columns = _mirrored(box.left - self.red[1], box.right - self.red[1], width)
        return interpolated(self._shown(self.values[np.ix_(rows, columns)]))

    def colours(self, tones: FloatArray) -> FloatArray:
        """Tones in the camera's colours, (h, w, 3), 0..1, as those of the photo's profile."""
        steps = np.rint(np.clip(tones, 0, 1) * _STEPS).astype(np.uint16)
        light = floats(cv2.transform(_seen(self.tone)[steps], self.matrix))
        steps = np.rint(np.clip(light, 0, 1) * _STEPS).astype(np.uint16)
        return _shown(self.tone)[steps]

    def _shown(self, values: NDArray[np.uint16]) -> FloatArray:
        """Values (h, w) of which the first is red, as they are shown."""
        shown = np.empty(values.shape, np.float32)
        for row in range(2):
            for column in range(2):
                at = slice(row, None, 2), slice(column, None, 2)
                shown[at] = self._table(row + column)[values[at]]
        return shown

    def _table(self, colour: int) -> FloatArray:
        """For each value of a colour how it is shown."""
        light = (np.arange(_STEPS + 1) - self.black[colour]) * self.gains[colour]
        return self.tone.shown(np.clip(light, -1, 1))


def interpolated(mosaic: FloatArray) -> FloatArray:
    """Three colours at each pixel of a mosaic (h + 4, w + 4) whose first pixel is red, as
    (h, w, 3): its outermost two pixels on each side are seen alone."""
    inner = slice(REACH, -REACH)
    green, beside, over, across = (
        floats(cv2.filter2D(mosaic, -1, kernel))[inner, inner]
        for kernel in (_GREEN, _BESIDE, _BESIDE.T, _ACROSS)
    )
    colours = np.repeat(mosaic[inner, inner, None], 3, 2)
    even, odd = slice(0, None, 2), slice(1, None, 2)
    colours[even, even, 1], colours[odd, odd, 1] = green[even, even], green[odd, odd]
    colours[even, odd, 0], colours[odd, even, 0] = beside[even, odd], over[odd, even]
    colours[odd, even, 2], colours[even, odd, 2] = beside[odd, even], over[even, odd]
    colours[odd, odd, 0], colours[even, even, 2] = across[odd, odd], across[even, even]
    return colours


def _mirrored(start: int, stop: int, length: int) -> NDArray[np.int_]:
    """The places from `start` to `stop` on an axis of so many pixels, and `REACH` on either side;
    what lies beyond its ends is mirrored, which keeps the colours in turn."""
    period = max(2 * (length - 1), 1)
    places = np.arange(start - REACH, stop + REACH) % period
    return np.minimum(places, period - places)


@lru_cache(maxsize=4)
def _seen(tone: Tone) -> FloatArray:
    """For each of 65536 steps of what is shown the light."""
    return tone.seen(np.arange(_STEPS + 1) / _STEPS)


@lru_cache(maxsize=4)
def _shown(tone: Tone) -> FloatArray:
    """For each of 65536 steps of light how it is shown."""
    return floats(tone.table()) / np.float32(_STEPS)
