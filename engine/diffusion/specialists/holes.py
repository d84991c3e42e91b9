"""Holes in a picture: how far they reach, and what stands in them before they are filled."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.photo import FloatArray, floats

_MARGIN = 1
"""Pixels by which found damage is widened to each side: its rim is mixed with what is beside it and
looks intact."""
_RIM = 4
"""Pixels, at most, by which the soft rim goes beyond the hole."""
_RINGS = 4
"""Pixels by which found damage grows at most into what looks like it."""
_INSIDE, _OUTSIDE = 2.0, 5.0
"""Standard deviations, in pixels, of what is a mark's light and that of its surroundings."""
_ALIKE = 0.6
"""How far a pixel's light is from that of the surroundings, of the mark's distance, to be its."""
_EVEN = 4.0
"""Standard deviation from which on a mean hardly differs from one pixel to the next."""
_AWAY = 5
"""Pixels from found damage on in which its surroundings begin."""
_CLEAR = 20 / 255
"""Least contrast of a mark that grows."""
_CALM = 4.0
"""Least contrast of one over the standard deviation of its surroundings."""
_SOMETHING = 1e-3
"""Share that surroundings have in what lies around a pixel at least: less tells nothing of them."""
_NEIGHBOURS = np.ones((3, 3), np.uint8)
_SMALLEST = 4
"""Side below which a picture is not halved any more to find colours for a hole."""


def grown(found: NDArray[np.bool_], pixels: FloatArray, times: int = 1) -> NDArray[np.bool_]:
    """Found damage (h, w) with what of its rim is nearer to it in colour than to what lies around.

    `pixels` (h, w, 3) are the picture. A finder is unsure of rims, and what is left of one is what
    a hole is filled from. Only where the surroundings are calm beside the mark's contrast: else as
    much of the picture looks like it. `times` is how many times smaller the picture was looked at.
    """
    if not found.any():
        return found
    marks = found.astype(np.uint8)
    side = 2 * _AWAY * times + 1
    around = floats(cv2.dilate(marks, np.ones((side, side), np.uint8)) == 0)
    inside = _mean(pixels, floats(marks), _INSIDE * times)
    outside = _mean(pixels, around, _OUTSIDE * times)
    spread = np.maximum(_mean(pixels**2, around, _OUTSIDE * times) - outside**2, 0).sum(2)
    step = inside - outside
    contrast = (step**2).sum(2)
    alike = ((pixels - outside) * step).sum(2) > _ALIKE * contrast
    told = cv2.GaussianBlur(around, (0, 0), _OUTSIDE * times) > _SOMETHING
    clear = told & (contrast > np.maximum(3 * _CLEAR**2, _CALM**2 * spread))
    for _ in range(_RINGS * times):
        marks |= cv2.dilate(marks, _NEIGHBOURS) & (alike & clear)
    return marks > 0


def _mean(pixels: FloatArray, counted: FloatArray, reach: float) -> FloatArray:
    """The mean of a picture (h, w, 3) around each pixel, of what counts, (h, w), 0 or 1; 0 where
    nothing does."""
    if reach >= _EVEN:  # as good, and four times as fast
        height, width = counted.shape
        size = -(-width // 2), -(-height // 2)
        light = cv2.resize(pixels * counted[..., None], size, interpolation=cv2.INTER_AREA)
        share = cv2.resize(counted, size, interpolation=cv2.INTER_AREA)
        return floats(cv2.resize(_quotient(light, share, reach / 2), (width, height)))
    return floats(_quotient(pixels * counted[..., None], counted, reach))


def _quotient(light: ArrayLike, share: ArrayLike, reach: float) -> FloatArray:
    counted = np.maximum(cv2.GaussianBlur(floats(share), (0, 0), reach), 1e-6)[..., None]
    return floats(cv2.GaussianBlur(floats(light), (0, 0), reach) / counted)


def widened(found: NDArray[np.bool_], times: int = 1) -> FloatArray:
    """Found damage (h, w), true or false, grown by a margin; 0 or 1. `times` is how many times
    smaller the picture was looked at: a pixel there is as many here."""
    side = 2 * _MARGIN * times + 1
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return floats(cv2.dilate(found.astype(np.uint8), around))


def soft_rim(hole: FloatArray) -> FloatArray:
    """How much of the filling is taken (h, w): 1 in the hole, falling to exactly 0 around it."""
    wider = cv2.dilate(floats(hole > 0), _NEIGHBOURS)
    wider = cv2.GaussianBlur(wider, (2 * _RIM - 1, 2 * _RIM - 1), 0.8)
    return np.maximum(hole, floats(np.where(wider > 1e-3, wider, 0)))


def blanked(pixels: FloatArray, hole: FloatArray) -> FloatArray:
    """The picture (h, w, channels) with its holes (h, w), 0 or 1, painted over from around them;
    with 0.5 far from all that is known.

    Pull-push (Gortler et al. 1996): the known pixels are halved until they cover all, then what
    is missing at each size is taken from the size below.
    """
    known = 1 - hole[..., None]
    return floats(np.where(known > 0, pixels, _pulled(pixels * known, known)))


def _pulled(light: FloatArray, known: FloatArray) -> FloatArray:
    """`light` is colour times `known`, (h, w, channels) and (h, w, 1); gives colour everywhere."""
    colour = floats(np.where(known > 1e-6, light / np.maximum(known, 1e-6), 0.5))
    if known.min() > 0.999 or min(known.shape[:2]) < _SMALLEST:
        return colour
    height, width = known.shape[:2]
    small = _pulled(_with_channels(cv2.pyrDown(light)), _with_channels(cv2.pyrDown(known)))
    below = _with_channels(cv2.pyrUp(small, dstsize=(width, height)))
    # where a quarter of what the filter reaches is known, the colour at this size is
    sure = np.minimum(1, 4 * known)
    return floats(below + sure * (colour - below))


def _with_channels(picture: ArrayLike) -> FloatArray:
    """(h, w, channels), also of a single channel, for which OpenCV gives (h, w)."""
    return np.atleast_3d(floats(picture))
