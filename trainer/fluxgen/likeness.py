"""Pictures that look alike: the same one twice, perhaps in another size, or more compressed."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.photo import LUMA, FloatArray, floats

_SIDE = 32
_WAVES = 8
"""Of the cosine transform of a copy of 32 x 32 pixels, the lowest in either direction."""
_BITS_APART = 8
"""Of 63. Pictures that have nothing to do with each other differ in about half of them."""
_COLOUR_APART = 10.0
"""Mean difference of colours in levels: the same scene in another light is another picture."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture looks from afar."""

    waves: int
    """A bit for each wave but the mean: whether it is above the median of all. Known as pHash
    (Zauner, "Implementation and benchmarking of perceptual image hash functions", 2010)."""
    colours: bytes
    """(8, 8, 3), in levels."""


def look_of(srgb: FloatArray) -> Look:
    """The look of a picture (h, w, 3), sRGB-encoded, 0..1."""
    tiny = floats(cv2.resize(srgb, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA))
    waves = cv2.dct(tiny @ LUMA)[:_WAVES, :_WAVES].reshape(-1)[1:]
    bits = waves > np.median(waves)
    colours = cv2.resize(tiny, (_WAVES, _WAVES), interpolation=cv2.INTER_AREA)
    levels = np.rint(colours.clip(0, 1) * 255).astype(np.uint8)
    return Look(sum(1 << place for place, bit in enumerate(bits) if bit), levels.tobytes())


class Looks:
    """Looks of pictures by number, among which one that is alike is found."""

    def __init__(self, most: int) -> None:
        """For up to `most` pictures."""
        self._waves = np.zeros(most, np.uint64)
        self._colours = np.zeros((most, _WAVES * _WAVES * 3), np.uint8)
        self._count = 0

    def add(self, look: Look) -> None:
        self._waves[self._count] = look.waves
        self._colours[self._count] = np.frombuffer(look.colours, np.uint8)
        self._count += 1

    def like(self, look: Look) -> int | None:
        """The first that looks like this one, in the order in which they were added."""
        apart = np.bitwise_count(self._waves[: self._count] ^ np.uint64(look.waves))
        near: NDArray[np.int64] = np.flatnonzero(apart <= _BITS_APART)
        own = np.frombuffer(look.colours, np.uint8).astype(np.float32)
        differences = np.abs(self._colours[near].astype(np.float32) - own).mean(axis=1)
        found = near[differences <= _COLOUR_APART]
        return int(found[0]) if len(found) else None
