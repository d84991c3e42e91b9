"""Holes in a picture: how far they reach, and what stands in them before they are filled."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.photo import FloatArray, floats

_MARGIN = 1
"""Pixels by which found damage is widened to each side: its rim is mixed with what is beside it and
looks intact."""
_RIM = 4
"""Pixels, at most, by which the soft rim goes beyond the hole."""
_SMALLEST = 4
"""Side below which a picture is not halved any more to find colours for a hole."""


def widened(found: NDArray[np.bool_], times: int = 1) -> FloatArray:
    """Found damage (h, w), true or false, grown by a margin; 0 or 1. `times` is how many times
    smaller the picture was looked at: a pixel there is as many here."""
    side = 2 * _MARGIN * times + 1
    return floats(cv2.dilate(found.astype(np.uint8), np.ones((side, side), np.uint8)))


def soft_rim(hole: FloatArray) -> FloatArray:
    """How much of the filling is taken (h, w): 1 in the hole, falling to exactly 0 around it."""
    wider = cv2.GaussianBlur(widened(hole > 0), (2 * _RIM - 1, 2 * _RIM - 1), 0.8)
    return np.maximum(hole, floats(np.where(wider > 1e-3, wider, 0)))


def blanked(pixels: FloatArray, hole: FloatArray) -> FloatArray:
    """The picture (h, w, 3) with its holes (h, w), 0 or 1, painted over from around them.

    Pull-push (Gortler et al. 1996): the known pixels are halved until they cover all, then what
    is missing at each size is taken from the size below.
    """
    known = 1 - hole[..., None]
    return floats(np.where(known > 0, pixels, _pulled(pixels * known, known)))


def _pulled(light: FloatArray, known: FloatArray) -> FloatArray:
    """`light` is colour times `known`, (h, w, 3) and (h, w, 1); gives colour everywhere."""
    colour = floats(np.where(known > 1e-6, light / np.maximum(known, 1e-6), 0.5))
    if known.min() > 0.999 or min(known.shape[:2]) < _SMALLEST:
        return colour
    height, width = known.shape[:2]
    small = _pulled(floats(cv2.pyrDown(light)), floats(cv2.pyrDown(known))[..., None])
    below = floats(cv2.pyrUp(small, dstsize=(width, height)))
    # where a quarter of what the filter reaches is known, the colour at this size is
    sure = np.minimum(1, 4 * known)
    return floats(below + sure * (colour - below))
