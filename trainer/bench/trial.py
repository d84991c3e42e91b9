"""One picture of a test set, and who may be asked to restore it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.random import Generator

from engine.photo import FloatArray
from engine.resize import enlarged


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A degraded picture with its truth. Pictures are (h, w, 3) float32, sRGB-encoded."""

    name: str
    degraded: FloatArray
    """0 to 1 in steps of 1/255, except in the literature's unclipped noise; h/scale x w/scale."""
    clean: FloatArray
    sigma: float = 0.0
    """Standard deviation of the noise, 0 to 1, as far as it is known; 0 where there is none."""
    mask: FloatArray | None = None
    """(h, w), 1 where the picture is destroyed, if it is."""
    scale: int = 1


class Model(Protocol):
    """What the bench needs of the program."""

    def restore(self, srgb: FloatArray, task: str, scale: int = 1) -> FloatArray:
        """Restore (h, w, 3), 0 to 1, to (h * scale, w * scale, 3)."""

    def scratch_mask(self, srgb: FloatArray) -> FloatArray:
        """(h, w), 0 to 1: how surely a place is damaged."""

    def fill(self, srgb: FloatArray, mask: FloatArray) -> FloatArray:
        """Fill (h, w, 3) where `mask` (h, w) says so, and nowhere else."""


Tool = Callable[[Trial], FloatArray]
"""A classical tool: gives (h, w, 3) of the clean picture's size."""


class Untouched:
    """A model that changes nothing but the size; stands in where no weights are at hand."""

    def restore(self, srgb: FloatArray, task: str, scale: int = 1) -> FloatArray:
        return enlarged(srgb, scale)

    def scratch_mask(self, srgb: FloatArray) -> FloatArray:
        return np.zeros(srgb.shape[:2], np.float32)

    def fill(self, srgb: FloatArray, mask: FloatArray) -> FloatArray:
        del mask
        return srgb


def rng_for(set_name: str, picture: str) -> Generator:
    """The generator that degrades `picture` in this set: the same on every machine and run."""
    digest = hashlib.sha256(f"{set_name}/{picture}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "little"))


def eight_bit(image: FloatArray) -> FloatArray:
    """Clipped to 0..1 and rounded to steps of 1/255, as a saved file has it."""
    return np.asarray(np.rint(np.clip(image, 0, 1) * 255) / 255, np.float32)
