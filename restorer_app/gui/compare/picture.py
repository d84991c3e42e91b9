"""A picture to be looked at: the source, or one of the results made from it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.photo import SRGB, FloatArray, Photo, Profile, floats
from restorer_app.gui.compare.display_colour import Pixels, encoded_srgb
from restorer_app.gui.compare.viewport import Size


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Pixels (h, w, 3) with the name that stands in the corner; two are equal if they are one.

    uint8 0..255, uint16 0..65535 (a memory map is fine: only what is seen is read) or float32
    0..1, in `profile`. The array must not change while the picture is shown. `bits` is the depth
    of the file that floats were read from; it decides only how values are told. `gray` are results
    whose colour, a trace that a network left, is not saved. `alpha` is the photo's, (h, w), 0 to 1,
    also of a result larger than it.
    """

    name: str
    pixels: Pixels
    profile: Profile = SRGB
    bits: int = 16
    gray: bool = False
    alpha: FloatArray | None = None

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 3 or 0 in self.pixels.shape:
            raise ValueError(f"pixels are (height, width, 3), not {self.pixels.shape}")
        if self.pixels.dtype not in (np.uint8, np.uint16, np.float32):
            raise ValueError(f"pixels are uint8, uint16 or float32, not {self.pixels.dtype}")

    @classmethod
    def of_photo(cls, name: str, photo: Photo) -> Picture:
        """The photo as it is, sharing its pixels."""
        return cls(name, photo.pixels, photo.profile, photo.bits, alpha=seen_through(photo))

    @classmethod
    def of_result(cls, name: str, pixels: Pixels, photo: Photo) -> Picture:
        """What a run made of a photo, as it will be saved."""
        return cls(name, pixels, gray=photo.gray, alpha=seen_through(photo))

    @property
    def size(self) -> Size:
        return Size(self.pixels.shape[1], self.pixels.shape[0])

    @property
    def full_scale(self) -> int:
        """What white reads as: 255, or 65535 where the pixels hold more than 8 bits."""
        return 255 if self.pixels.dtype == np.uint8 or self.bits == 8 else 65535

    def value(self, x: int, y: int) -> tuple[int, int, int]:
        """Red, green, blue of one pixel in sRGB, 0 to `full_scale`."""
        seen = encoded_srgb(self.part(slice(y, y + 1), slice(x, x + 1)), self.profile)
        factor = self.full_scale if seen.dtype == np.float32 else 1
        red, green, blue = (round(float(value) * factor) for value in seen[0, 0])
        return red, green, blue

    def part(self, rows: slice, columns: slice) -> Pixels:
        """Some of the pixels, contiguous."""
        pixels = np.ascontiguousarray(self.pixels[rows, columns])
        if not self.gray or not pixels.size:
            return pixels
        mean = cv2.transform(pixels, np.full((1, 3), 1 / 3, np.float32))
        return np.repeat(mean.reshape(*pixels.shape[:2], 1), 3, axis=2).astype(pixels.dtype)

    def alpha_part(self, rows: slice, columns: slice) -> FloatArray | None:
        """How much of these pixels is seen, (h, w), 0 to 1; None where they are seen wholly."""
        if self.alpha is None:
            return None
        size, (height, width) = self.size, self.alpha.shape
        if (size.width, size.height) == (width, height):
            return np.ascontiguousarray(self.alpha[rows, columns])
        upper, lower, down = _between(rows, size.height, height)
        left, right, across = _between(columns, size.width, width)
        low, high = self.alpha[upper], self.alpha[lower]
        both = low + (high - low) * down[:, None]
        return floats(both[:, left] + (both[:, right] - both[:, left]) * across)


def seen_through(photo: Photo) -> FloatArray | None:
    """The photo's alpha; None where nothing of it is transparent."""
    return None if photo.alpha is None or photo.alpha.min() == 1 else photo.alpha


def _between(
    places: slice, length: int, given: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], FloatArray]:
    """Between which of `given` pixels those of a line of `length` lie, and how far from the
    first."""
    middles = (np.arange(length)[places] + 0.5) * given / length - 0.5
    middles = np.clip(middles, 0, given - 1)
    first = middles.astype(np.intp)
    return first, np.minimum(first + 1, given - 1), floats(middles - first)
