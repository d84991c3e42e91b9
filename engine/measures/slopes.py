"""Slopes of a picture, and how two measurements of it compare: what the second looks share."""

from __future__ import annotations

import cv2
import numpy as np

from engine.photo import FloatArray

_NOTHING = 0.01
"""Levels squared below which there is nothing, so that ratios stay finite."""


def squared_slopes(luma: FloatArray) -> FloatArray:
    """Squared slope at every pixel of (h, w), 0 to 255: levels a pixel, squared."""
    across = cv2.Sobel(luma, cv2.CV_32F, 1, 0, scale=1 / 8)
    down = cv2.Sobel(luma, cv2.CV_32F, 0, 1, scale=1 / 8)
    return np.asarray(np.square(across) + np.square(down), np.float32)


def log_ratio(before: float, after: float) -> float:
    """Natural logarithm of the ratio of two root mean squares in levels, given as squares."""
    return float(np.log((after + _NOTHING) / (before + _NOTHING))) / 2


def beside(plane: FloatArray, distance: int) -> float:
    """Mean product of the pixels of (h, w) that lie so far apart, across and down."""
    across = (plane[:, distance:] * plane[:, :-distance]).mean()
    down = (plane[distance:] * plane[:-distance]).mean()
    return float(across + down) / 2
