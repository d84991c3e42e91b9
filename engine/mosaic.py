"""The mosaic of a RAW photo: one colour at each pixel, as the sensor wrote them.

Before colours are made of it, noise is independent from pixel to pixel and as strong as the light
there says, and nothing is cut off below black. A network that is given the mosaic can tell noise
from texture where one that is given its development no longer can, and makes the colours itself.
What it is given are three colours all the same, interpolated so that every value of the sensor
stays at its place.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.filter_array import BAYER, FilterArray
from engine.interpolation import REACH
from engine.photo import Box, FloatArray, floats
from engine.tone import Tone

_STEPS = 65535
_STRIP = 256
"""Rows that are interpolated at a time, an even number."""
_AT_ONCE = 4
"""Strips interpolated side by side at most; of a large photo each takes some 200 MB."""


@dataclass(frozen=True, slots=True)
class Mosaic:
    """What a sensor wrote, upright, pixel for pixel the photo that was developed from it.

    A value v of colour c is the light (v - `black[c]`) * `gains[c]`, white-balanced; 1 is white.
    Colours are counted as red, green and blue.
    """

    values: NDArray[np.uint16]
    """(height, width)."""
    start: tuple[int, int]
    """Row and column in `array.colours` of what the first pixel sees."""
    black: tuple[float, float, float]
    gains: tuple[float, float, float]
    matrix: FloatArray
    """(3, 3): from the camera's light to linear light in the photo's profile."""
    tone: Tone
    """How bright that light is shown."""
    array: FilterArray = BAYER

    @property
    def before(self) -> tuple[int, int]:
        """Rows and columns before the photo's first that `tones` gives, too, so that a Bayer mosaic
        begins with red."""
        return self.start if self.array.from_start else (0, 0)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of what `tones` gives."""
        height, width = self.values.shape
        above, before = self.before
        return width + before, height + above

    def cropped(self, box: Box) -> Mosaic:
        """The part of it inside a box of the photo."""
        return replace(self, values=self.values[box.slices], start=self._place(box.top, box.left))

    def turned(self, turn: Callable[[NDArray[Any]], NDArray[Any]]) -> Mosaic:
        """The same turned or mirrored by a function that does so to any (height, width)."""
        period = self.array.period
        sample = 2 * period + np.array(self.values.shape) % period  # ends as the mosaic does
        colours = turn(self.array.over((int(sample[0]), int(sample[1])), self.start))
        start = self.array.start_of(colours)
        assert start is not None
        values = np.ascontiguousarray(turn(self.values))
        return replace(self, values=values, start=start)

    def tones(self, box: Box) -> FloatArray:
        """The camera's colours in a box of `size` that begins at even numbers, (h, w, 3), as they
        are shown: 0 to 1, and below 0 where noise takes them."""
        tones = np.empty((box.height, box.width, 3), np.float32)

        def interpolate(strip: Box) -> None:
            tones[strip.top - box.top : strip.bottom - box.top] = self._tones(strip)

        _side_by_side(interpolate, box)
        return tones

    def developed(self) -> NDArray[np.uint16]:
        """The photo (h, w, 3) in its profile, 0 to 65535, developed plainly."""
        height, width = self.values.shape
        photo = np.empty((height, width, 3), np.uint16)
        above, before = self.before

        def develop(strip: Box) -> None:
            colours = self.colours(self._tones(strip))
            first = max(0, above - strip.top)
            rows = np.rint(colours[first:, before:] * _STEPS)
            photo[strip.top + first - above : strip.bottom - above] = rows

        _side_by_side(develop, Box(0, 0, *self.size))
        return photo

    def colours(self, tones: FloatArray) -> FloatArray:
        """Tones in the camera's colours, (h, w, 3), 0..1, as those of the photo's profile."""
        steps = np.rint(np.clip(tones, 0, 1) * _STEPS).astype(np.uint16)
        light = floats(cv2.transform(_seen(self.tone)[steps], self.matrix))
        roots = floats(np.sqrt(np.clip(light, 0, 1)))
        return _shown(self.tone)[np.rint(roots * _STEPS).astype(np.uint16)]

    def _tones(self, box: Box) -> FloatArray:
        """`tones` in one piece."""
        above, before = self.before
        start = self._place(box.top - above - REACH, box.left - before - REACH)
        return self.array.interpolated(self._around(box, start), start)

    def _around(self, box: Box, start: tuple[int, int]) -> FloatArray:
        """What was seen in a box, and `REACH` around it, from this place of the array on, as it is
        shown."""
        above, before = self.before
        height, width = self.values.shape
        rows = self._mirrored(box.top - above, box.bottom - above, height, self.start[0])
        columns = self._mirrored(box.left - before, box.right - before, width, self.start[1])
        values, tables = self.values[np.ix_(rows, columns)], [self._table(c) for c in range(3)]
        shown, period = np.empty(values.shape, np.float32), self.array.period
        for (row, column), colour in np.ndenumerate(self.array.over((period, period), start)):
            at = slice(row, None, period), slice(column, None, period)
            shown[at] = tables[colour][values[at]]
        return shown

    def _place(self, row: int, column: int) -> tuple[int, int]:
        """What a pixel of the photo sees, as `start`."""
        period = self.array.period
        return (self.start[0] + row) % period, (self.start[1] + column) % period

    def _mirrored(self, first: int, stop: int, length: int, start: int) -> NDArray[np.int_]:
        """The places from `first` to `stop` on an axis of so many pixels, and `REACH` on either
        side; what lies beyond its ends is mirrored where that keeps the colours in turn."""
        axis, every = self.array.axes
        near = (axis - start) % every
        far = max(near, length - 1 - (length - 1 - near) % every)
        span = max(2 * (far - near), 1)
        places = np.arange(first - REACH, stop + REACH)
        back = (places - near) % span
        back = near + np.minimum(back, span - back)
        inside = (places >= 0) & (places < length)
        return np.where(inside, places, np.minimum(back, length - 1))

    def _table(self, colour: int) -> FloatArray:
        """For each value of a colour how it is shown."""
        light = (np.arange(_STEPS + 1) - self.black[colour]) * self.gains[colour]
        return self.tone.shown(np.clip(light, -1, 1))


def _side_by_side(work: Callable[[Box], None], box: Box) -> None:
    """Do `work` on strips of a box that cover it, several at a time."""
    strips = [
        Box(box.left, top, box.right, min(top + _STRIP, box.bottom))
        for top in range(box.top, box.bottom, _STRIP)
    ]
    with ThreadPoolExecutor(min(_AT_ONCE, os.cpu_count() or 1)) as pool:
        list(pool.map(work, strips))


@lru_cache(maxsize=4)
def _seen(tone: Tone) -> FloatArray:
    """For each of 65536 steps of what is shown the light."""
    return tone.seen(np.arange(_STEPS + 1) / _STEPS)


@lru_cache(maxsize=4)
def _shown(tone: Tone) -> FloatArray:
    """For each of 65536 steps of the root of light how it is shown: of light itself they would be
    too few in the shadows."""
    return tone.shown((np.arange(_STEPS + 1) / _STEPS) ** 2)
