"""What is known of a haze that was made: the two things that undo it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.photo import FloatArray


@dataclass(frozen=True, slots=True)
class Haze:
    """I = J t + A (1 - t), of encoded values."""

    transmission: FloatArray
    """t (h, w), 0..1"""
    airlight: FloatArray
    """A (h, w, 3), 0..1: brighter towards the sun or a lamp"""

    @staticmethod
    def none(shape: tuple[int, int]) -> Haze:
        """That of a clear day, for a picture of `shape` (h, w)."""
        return Haze(np.ones(shape, np.float32), np.ones((*shape, 3), np.float32))
