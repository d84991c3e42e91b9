"""How dark a photo is to a network that brightens what is underexposed.

The counterpart of `engine.measures.method_haze`. A low mean is underexposure, or a night, or a
black cat; a network that learned to undo underexposure has seen what such things look like as they
should be and too dark. What it leaves as it is was meant so, and what it makes of the others looks
like a photo.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.measures.slopes import log_ratio
from engine.photo import LUMA, FloatArray

_LEAST_SIDE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodLight:
    """Of a small copy; values of luma are those after, sRGB-encoded, 0 to 1."""

    change: float = 0.0
    """Root mean square over all pixels and channels, levels of 255."""
    gain: float = 0.0
    """Natural logarithm of the ratio of the values' root mean squares, after over before."""
    mean: float = 0.0
    dark: float = 0.0
    """5th percentile."""
    middle: float = 0.0
    """50th percentile."""
    bright: float = 0.0
    """99th percentile."""


def measure_method_light(before: FloatArray, after: FloatArray) -> MethodLight:
    """Compare a small copy (height, width, 3), 0 to 255, with what a network made of it.

    Below 32 pixels nothing is measured.
    """
    if min(before.shape[:2]) < _LEAST_SIDE:
        return MethodLight()
    luma = after @ LUMA / np.float32(255)
    dark, middle, bright = (float(value) for value in np.percentile(luma, (5, 50, 99)))
    return MethodLight(
        change=float(np.square(after - before).mean()) ** 0.5,
        gain=log_ratio(float(np.square(before).mean()), float(np.square(after).mean())),
        mean=float(luma.mean()),
        dark=dark,
        middle=middle,
        bright=bright,
    )
