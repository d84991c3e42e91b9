"""Where in a large photo to look: a few full-size crops instead of every pixel."""

from __future__ import annotations

import cv2
import numpy as np

from engine.measures.cosine import SIDE
from engine.photo import Box, FloatArray

CROP = 256
_ALONG = 3
_WHOLE = 800_000
"""Pixels up to which the whole photo is looked at."""
_SHARPEST = 5


def spread_places(width: int, height: int) -> list[Box]:
    """Nine crops spread over the photo, or the whole of a small one.

    Each begins at multiples of 8 pixels, so that the JPEG grid lies alike in all.
    """
    if width * height <= _WHOLE:
        return [Box(0, 0, width, height)]
    return [
        Box(left, top, min(left + CROP, width), min(top + CROP, height))
        for top in _starts(height)
        for left in _starts(width)
    ]


def sharp_places(small: FloatArray, width: int, height: int, side: int) -> list[Box]:
    """The crops of `side` pixels with the steepest edges in the small luma copy (any scale)."""
    if width * height <= _WHOLE:
        return [Box(0, 0, width, height)]
    steep = np.hypot(cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1))
    places = [
        Box(left, top, min(left + side, width), min(top + side, height))
        for top in range(0, max(1, height - side // 2), side)
        for left in range(0, max(1, width - side // 2), side)
    ]
    scale_x, scale_y = small.shape[1] / width, small.shape[0] / height

    def steepness(box: Box) -> float:
        top, bottom = int(box.top * scale_y), int(np.ceil(box.bottom * scale_y))
        left, right = int(box.left * scale_x), int(np.ceil(box.right * scale_x))
        return float(np.percentile(steep[top:bottom, left:right], 95))

    return sorted(places, key=steepness, reverse=True)[:_SHARPEST]


def _starts(length: int) -> list[int]:
    """Where crops begin along a side of `length`: both ends and between, without repeats."""
    last = max(0, length - CROP)
    return sorted({round(last * k / (_ALONG - 1)) // SIDE * SIDE for k in range(_ALONG)})
