"""One picture of a test set, and who may be asked to restore it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from engine.photo import FloatArray
from engine.resize import upscaled

if TYPE_CHECKING:
    from numpy.random import Generator


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
    """What the bench needs of the predictor."""

    def restore(self, srgb: FloatArray, task: str, mask: FloatArray | None = None) -> FloatArray:
        """Restore (h, w, 3) 0 to 1; `mask` (h, w) marks places to fill."""

    def scratch_mask(self, srgb: FloatArray) -> FloatArray:
        """(h, w), 0 to 1: how surely a place is damaged."""


Tool = Callable[[Trial], FloatArray]
"""A classical tool: gives (h, w, 3) of the clean picture's size."""


class Untouched:
    """A model that returns what it was given; stands in where no weights are at hand."""

    def restore(self, srgb: FloatArray, task: str, mask: FloatArray | None = None) -> FloatArray:
        return srgb

    def scratch_mask(self, srgb: FloatArray) -> FloatArray:
        return np.zeros(srgb.shape[:2], np.float32)


def rng_for(set_name: str, picture: str) -> Generator:
    """The generator that degrades `picture` in this set: the same on every machine and run."""
    digest = hashlib.sha256(f"{set_name}/{picture}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "little"))


def eight_bit(image: FloatArray) -> FloatArray:
    """Clipped to 0..1 and rounded to steps of 1/255, as a saved file has it."""
    return np.asarray(np.rint(np.clip(image, 0, 1) * 255) / 255, np.float32)


def at_clean_size(trial: Trial) -> FloatArray:
    """The degraded picture, enlarged as the program enlarges it where the set asks for that."""
    if trial.scale == 1:
        return trial.degraded
    height, width = trial.clean.shape[:2]
    return upscaled(trial.degraded, width, height)
