"""Haze removal by the dark channel prior, the classical yardstick of dehazing.

After "Single Image Haze Removal Using Dark Channel Prior" (He, Sun and Tang 2009, 2011), with the
soft matting replaced by the guided filter (He, Sun and Tang 2010), as its authors advise.
"""

from __future__ import annotations

import cv2
import numpy as np

from engine.photo import FloatArray

PATCH = 15
FLOOR = 0.1
"""Least transmission, so that dense haze is not divided up into noise."""
RADIUS = 60
SMOOTHNESS = 1e-4


def dehazed(image: FloatArray, amount: float = 0.95) -> FloatArray:
    """Take the share `amount` (0 to 1) of the haze out of (h, w, 3); 0 to 1 in, 0 to 1 out."""
    airlight = _airlight(image)
    rough = 1 - np.float32(amount) * _dark(np.asarray(image / airlight, np.float32))
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    transmission = guided_filter(np.asarray(gray, np.float32), rough, RADIUS, SMOOTHNESS)
    share = np.maximum(transmission, FLOOR)[..., None]
    return np.asarray(np.clip((image - airlight) / share + airlight, 0, 1), np.float32)


def guided_filter(
    guide: FloatArray, image: FloatArray, radius: int, smoothness: float
) -> FloatArray:
    """Smooth (h, w) `image` along the edges of `guide` (h, w); both 0 to 1.

    `smoothness` is the variance below which the guide counts as flat.
    """

    def mean(values: FloatArray) -> FloatArray:
        size = (2 * radius + 1, 2 * radius + 1)
        # borders mirrored: the mean stays one of real pixels
        return np.asarray(cv2.blur(values, size, borderType=cv2.BORDER_REFLECT), np.float32)

    mean_guide, mean_image = mean(guide), mean(image)
    covariance = mean(guide * image) - mean_guide * mean_image
    slope = covariance / (mean(guide * guide) - mean_guide**2 + np.float32(smoothness))
    offset = mean_image - slope * mean_guide
    return mean(slope) * guide + mean(offset)


def _airlight(image: FloatArray) -> FloatArray:
    """The colour (3) of the brightest pixel among the haziest thousandth."""
    dark = _dark(image).ravel()
    count = max(1, dark.size // 1000)
    haziest = np.argpartition(dark, -count)[-count:]
    colours = image.reshape(-1, 3)[haziest]
    return np.asarray(np.maximum(colours[colours.sum(1).argmax()], 0.05), np.float32)


def _dark(image: FloatArray) -> FloatArray:
    """The least value of any channel within a patch; near 0 in haze-free photographs."""
    return np.asarray(cv2.erode(image.min(2), np.ones((PATCH, PATCH), np.uint8)), np.float32)
