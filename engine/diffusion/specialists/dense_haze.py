"""Light for what stands in dense haze, which comes out dark once the haze is gone.

A camera exposes for the haze, and what stands in smog gets less light than on a clear day. What
lifts shadows against the light knows how much such a picture lacks, but its field that changes from
place to place leaves bright rims around what stands before a sky. So the field becomes one curve
for the whole photo: the straight line, over brightness, that is nearest to it where haze is dense.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.photo import LUMA, Box, FloatArray, floats
from engine.relight import Relight, Shade

_DENSE, _DENSEST = 0.3, 0.6
"""Mean share of a photo's light that is haze, 0..1, up to which nothing is lifted, and from which
all that is found is: what stands in light haze is as bright as it should be."""
_LEAST_SPREAD = 1e-4
"""Added to the variance of brightness, 0..1: a flat picture has no line of its own."""


class Shading(Protocol):
    """What knows by how much shadows are to be lifted, a `LightEstimator`."""

    def estimate(self, small: FloatArray, size: tuple[int, int]) -> Relight:
        """For a photo of `size` (width, height) that looks like `small` (h, w, 3), 0..1."""
        ...


def lifted_behind(shading: Shading, clearing: Relight, small: FloatArray) -> Shade | None:
    """How shadows are lifted behind `clearing`, which takes the haze out of a photo that looks like
    `small` (h, w, 3), sRGB-encoded, 0..1: the same everywhere. None where haze is light, or what
    stands in it is bright enough."""
    height, width = small.shape[:2]
    whole = Box(0, 0, width, height)
    here = replace(clearing, size=(width, height))
    haze = here.haze(small, whole).astype(np.float64)
    share = float(np.clip((haze.mean() - _DENSE) / (_DENSEST - _DENSE), 0, 1))
    if share == 0:
        return None
    cleared = here(small, whole)
    found = shading.estimate(cleared, (width, height))
    if found.shade is None:
        return None
    slope, offset = _line(cleared @ LUMA, found.lift(cleared, whole), haze)
    if offset <= 0:
        return None
    return Shade(_everywhere(share * slope), _everywhere(share * offset))


def _line(x: FloatArray, y: FloatArray, weights: NDArray[np.float64]) -> tuple[float, float]:
    """Slope, 0 or less, and offset of the line nearest to `y` over `x`, (h, w) like `weights`, by
    squares: what is bright is not lifted more than what is dark."""
    total = weights.sum()
    mean_x, mean_y = (float((weights * v).sum() / total) for v in (x, y))
    covariance = float((weights * (x - mean_x) * (y - mean_y)).sum() / total)
    variance = float((weights * (x - mean_x) ** 2).sum() / total)
    slope = min(covariance / (variance + _LEAST_SPREAD), 0.0)
    return slope, mean_y - slope * mean_x


def _everywhere(value: float) -> FloatArray:
    return floats(np.full((1, 1), value))
