"""How much haze a dehazing network finds in a photo, and where.

The counterpart of `engine.measures.method_noise`. A high dark channel is haze or snow or a white
wall; a network that learned to undo haze has seen what such things look like with a veil before
them and without. Given a clear photo it changes next to nothing; given a hazy one it raises
contrast, more in the distance than near by, and colours with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from engine.measures.slopes import log_ratio, squared_slopes
from engine.photo import LUMA, FloatArray

_NOTHING = 0.01
"""Levels squared below which there is nothing, so that ratios stay finite."""
_PARTS = 12
"""The veil is compared over so many parts of the long side."""
_LEAST = 0.5
"""Slope in levels a pixel below which a part is too flat to show a veil."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodHaze:
    """Of a small copy; logarithms are natural, ratios of after over before."""

    change: float = 0.0
    """Root mean square over all pixels and channels, levels of 255."""
    contrast: float = 0.0
    """Logarithm of the ratio of the luma's standard deviation."""
    depth: float = 0.0
    """Logarithm of the ratio of the slopes' root mean square, which is what the veil took: its
    optical depth."""
    spread: float = 0.0
    """Standard deviation of that between parts of the picture: distance differs."""
    farthest: float = 0.0
    """Its largest value but a tenth of the parts."""
    colour: float = 0.0
    """Logarithm of the ratio of the spread between the largest and the smallest channel."""
    darkening: float = 0.0
    """Mean luma before less that after, levels."""
    floor: float = 0.0
    """5th percentile of the smallest channel after, levels."""


def measure_method_haze(before: FloatArray, after: FloatArray) -> MethodHaze:
    """Compare a small copy (height, width, 3), 0 to 255, with what a network made of it.

    Below 32 pixels nothing is measured.
    """
    if min(before.shape[:2]) < 32:
        return MethodHaze()
    luma, clear = before @ LUMA, after @ LUMA
    slopes, cleared = squared_slopes(luma), squared_slopes(clear)
    depths = _depths(slopes, cleared)
    return MethodHaze(
        change=float(np.square(after - before).mean()) ** 0.5,
        contrast=log_ratio(float(luma.var()), float(clear.var())),
        depth=log_ratio(float(slopes.mean()), float(cleared.mean())),
        spread=float(depths.std()),
        farthest=float(np.quantile(depths, 0.9)),
        colour=log_ratio(*(float(np.square(np.ptp(x, axis=2)).mean()) for x in (before, after))),
        darkening=float((luma - clear).mean()),
        floor=float(np.quantile(after.min(axis=2), 0.05)),
    )


def _depths(slopes: FloatArray, cleared: FloatArray) -> FloatArray:
    """`MethodHaze.depth` of each part of the picture that is not flat; one 0 if all are."""
    side = max(slopes.shape) / _PARTS
    height, width = (max(1, round(n / side)) for n in slopes.shape)
    old, new = (
        cv2.resize(field, (width, height), interpolation=cv2.INTER_AREA)
        for field in (slopes, cleared)
    )
    seen = old > _LEAST**2
    if not seen.any():
        return np.zeros(1, np.float32)
    return np.asarray(np.log((new[seen] + _NOTHING) / (old[seen] + _NOTHING)) / 2, np.float32)
