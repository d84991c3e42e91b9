"""A picture to be looked at: the source, or one of the results made from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.photo import SRGB, Photo, Profile
from restorer_app.gui.display_colour import Pixels, encoded_srgb
from restorer_app.gui.viewport import Size


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Pixels (h, w, 3) with the name that stands in the corner; two are equal if they are one.

    uint8 0..255, uint16 0..65535 (a memory map is fine: only what is seen is read) or float32
    0..1, in `profile`. The array must not change while the picture is shown. `bits` is the depth
    of the file that floats were read from; it decides only how values are told.
    """

    name: str
    pixels: Pixels
    profile: Profile = SRGB
    bits: int = 16

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 3 or 0 in self.pixels.shape:
            raise ValueError(f"pixels are (height, width, 3), not {self.pixels.shape}")
        if self.pixels.dtype not in (np.uint8, np.uint16, np.float32):
            raise ValueError(f"pixels are uint8, uint16 or float32, not {self.pixels.dtype}")

    @classmethod
    def of_photo(cls, name: str, photo: Photo) -> Picture:
        """The photo as it is, sharing its pixels."""
        return cls(name, photo.pixels, photo.profile, photo.bits)

    @property
    def size(self) -> Size:
        return Size(self.pixels.shape[1], self.pixels.shape[0])

    @property
    def full_scale(self) -> int:
        """What white reads as: 255, or 65535 where the pixels hold more than 8 bits."""
        return 255 if self.pixels.dtype == np.uint8 or self.bits == 8 else 65535

    def value(self, x: int, y: int) -> tuple[int, int, int]:
        """Red, green, blue of one pixel in sRGB, 0 to `full_scale`."""
        seen = encoded_srgb(np.ascontiguousarray(self.pixels[y : y + 1, x : x + 1]), self.profile)
        factor = self.full_scale if seen.dtype == np.float32 else 1
        red, green, blue = (round(float(value) * factor) for value in seen[0, 0])
        return red, green, blue
