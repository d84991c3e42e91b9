"""Writing a RAW file: what a Bayer sensor saw, as a DNG (Adobe DNG 1.4) without compression."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.ifd import Directory, Entry, Layout, written

_LAYOUT = Layout("<")
_MOSAIC_PICTURE = 32803
_PIXELS_AT = 273
_VERSION = bytes((1, 4, 0, 0))
_RED_FIRST = bytes((0, 1, 1, 2))
_D65 = 21


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor:
    """How a camera's sensor tells light and colours."""

    black: int
    white: int
    """What it writes for no light, and for as much as it holds."""
    of_xyz: NDArray[np.float64]
    """(3, 3): from XYZ to the sensor's red, green and blue, 1 being white."""

    @property
    def neutral(self) -> NDArray[np.float64]:
        """What it sees of daylight (D65), (3), the largest of them 1."""
        seen = self.of_xyz @ np.array((0.95047, 1.0, 1.08883))
        return np.asarray(seen / seen.max())


def write_dng(values: NDArray[np.uint16], sensor: Sensor, path: Path) -> None:
    """Write a mosaic (h, w) whose first pixel is red, in daylight, without a small picture."""
    height, width = values.shape
    pixels = values.astype("<u2").tobytes()
    entries = {
        254: _longs(0),
        256: _longs(width),
        257: _longs(height),
        258: _shorts(16),
        259: _shorts(1),  # uncompressed
        262: _shorts(_MOSAIC_PICTURE),
        _PIXELS_AT: _longs(0),
        274: _shorts(1),
        277: _shorts(1),
        278: _longs(height),
        279: _longs(len(pixels)),
        33421: _shorts(2, 2),
        33422: Entry(1, 4, _RED_FIRST),
        50706: Entry(1, 4, _VERSION),
        50708: Entry(2, 6, b"Bench\0"),
        50714: _shorts(sensor.black),
        50717: _shorts(sensor.white),
        50721: _fractions(10, sensor.of_xyz),
        50728: _fractions(5, sensor.neutral),
        50778: _shorts(_D65),
    }
    start = len(_LAYOUT.header)
    place = start + len(written(Directory(entries), start, _LAYOUT))
    entries[_PIXELS_AT] = _longs(place)
    path.write_bytes(_LAYOUT.header + written(Directory(entries), start, _LAYOUT) + pixels)


def _shorts(*values: int) -> Entry:
    return Entry(3, len(values), struct.pack(f"<{len(values)}H", *values))


def _longs(*values: int) -> Entry:
    return Entry(4, len(values), struct.pack(f"<{len(values)}I", *values))


def _fractions(kind: int, values: NDArray[np.float64]) -> Entry:
    """Signed (10) or unsigned (5) fractions."""
    found = [Fraction(float(value)).limit_denominator(10**6) for value in values.flat]
    pairs = [number for value in found for number in (value.numerator, value.denominator)]
    code = "i" if kind == 10 else "I"
    return Entry(kind, len(found), struct.pack(f"<{len(pairs)}{code}", *pairs))
