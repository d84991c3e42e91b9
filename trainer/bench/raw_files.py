"""Writing a RAW file: what a sensor saw, as a DNG (Adobe DNG 1.4) without compression."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.filter_array import BAYER, FilterArray
from engine.formats.fields import Fields
from engine.ifd import Directory, Layout, written

_LAYOUT = Layout("<")
_MOSAIC_PICTURE = 32803
_PIXELS_AT = 273
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


def write_dng(
    values: NDArray[np.uint16], sensor: Sensor, path: Path, array: FilterArray = BAYER
) -> None:
    """Write a mosaic (h, w) that begins where the array does, in daylight, without a small
    picture."""
    height, width = values.shape
    pixels = values.astype("<u2").tobytes()
    fields = Fields(_LAYOUT)
    fields.long(254, 0)
    fields.long(256, width)
    fields.long(257, height)
    fields.short(258, 16)
    fields.short(259, 1)  # uncompressed
    fields.short(262, _MOSAIC_PICTURE)
    fields.long(_PIXELS_AT, 0)
    fields.short(274, 1)
    fields.short(277, 1)
    fields.long(278, height)
    fields.long(279, len(pixels))
    fields.short(33421, array.period, array.period)
    fields.byte(33422, *(int(colour) for colour in array.colours.flat))
    fields.byte(50706, 1, 4, 0, 0)
    fields.text(50708, "Bench")
    fields.short(50714, sensor.black)
    fields.short(50717, sensor.white)
    fields.ratios(50721, sensor.of_xyz.flat, signed=True)
    fields.ratios(50728, sensor.neutral)
    fields.short(50778, _D65)
    start = len(_LAYOUT.header)
    fields.long(_PIXELS_AT, start + len(written(Directory(fields.entries), start, _LAYOUT)))
    head = written(Directory(fields.entries), start, _LAYOUT)
    path.write_bytes(_LAYOUT.header + head + pixels)
