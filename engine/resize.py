"""Enlarging, the one way in which both training and restoring do it."""

from __future__ import annotations

import math

import cv2
import numpy as np

from engine.photo import FloatArray


def upscaled(image: FloatArray, width: int, height: int) -> FloatArray:
    """Enlarge (h, w, c) to (height, width, c) by Lanczos-4 interpolation, clipped to 0..1."""
    large = cv2.resize(image, (width, height), interpolation=cv2.INTER_LANCZOS4)
    return np.clip(large.reshape(height, width, -1), 0, 1)


def enlarged(image: FloatArray, scale: int) -> FloatArray:
    """(h, w, c) at `scale` times its size by Lanczos-4, clipped to 0..1; itself at scale 1."""
    if scale == 1:
        return image
    return upscaled(image, image.shape[1] * scale, image.shape[0] * scale)


def times_smaller(pixels: float, wanted: float) -> int:
    """How many times smaller, to each side, a picture of so many pixels is at about `wanted` ones;
    1 for smaller pictures."""
    return max(1, round(math.sqrt(pixels / wanted)))


def reduced(image: FloatArray, width: int, height: int) -> FloatArray:
    """Shrink (h, w, c) to (height, width, c) by area averaging."""
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(small.reshape(height, width, -1), np.float32)
