"""Cut-outs, photos of which a part is transparent: what colours lie where nothing is seen.

Most programs leave black there. Whatever mixes neighbouring pixels, an enlargement before all,
draws it into the edge of what is seen.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.photo import FloatArray, Photo, floats

_REACH = 16
"""Pixels by which colours go on: twice what an enlargement mixes into a pixel that is seen, and
some more for a network to look at."""
_STRIP = 512
"""Rows handled at a time."""
_AROUND = ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))


def with_bleed(photo: Photo, scale: int) -> Photo:
    """The photo with the colours at the edge of what is seen going on, as far as is needed to make
    it `scale` times as large, under what is wholly transparent.

    What can be seen of it, however faintly, stays as it is to the last bit, and so does all of it
    at scale 1.
    """
    alpha = photo.alpha
    if scale == 1 or alpha is None or alpha.min() > 0:
        return photo
    pixels = np.empty_like(photo.pixels)
    for top in range(0, photo.height, _STRIP):
        first, last = max(0, top - _REACH), top + _STRIP + _REACH
        bled = _bled(photo.pixels[first:last], alpha[first:last] > 0)
        pixels[top : top + _STRIP] = bled[top - first : top - first + _STRIP]
    return replace(photo, pixels=pixels)


def _bled(pixels: FloatArray, seen: NDArray[np.bool_]) -> FloatArray:
    """Ring by ring around what is `seen`, (h, w): a pixel is the mean of its neighbours that are
    known by then."""
    colours = np.pad(pixels, ((1, 1), (1, 1), (0, 0)))
    known = np.pad(seen, 1).astype(np.uint8)
    inside = np.pad(np.ones(seen.shape, np.bool_), 1)
    for _ in range(_REACH):
        ring = (cv2.dilate(known, np.ones((3, 3), np.uint8)) > known) & inside
        rows, columns = np.nonzero(ring)
        if len(rows) == 0:
            break
        total = np.zeros((len(rows), 3), np.float32)
        count = np.zeros((len(rows), 1), np.float32)
        for down, right in _AROUND:
            there = rows + down, columns + right
            weight = known[there][:, None]
            total += colours[there] * weight
            count += weight
        colours[rows, columns] = total / count
        known[rows, columns] = 1
    return floats(colours[1:-1, 1:-1])
