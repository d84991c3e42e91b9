"""The sRGB transfer curve (IEC 61966-2-1), between encoded and linear light."""

from __future__ import annotations

import numpy as np

from engine.photo import FloatArray


def srgb_to_linear(image: FloatArray) -> FloatArray:
    """Encoded values 0 to 1, any shape, to linear light 0 to 1."""
    low = image / np.float32(12.92)
    high = ((image + np.float32(0.055)) / np.float32(1.055)) ** np.float32(2.4)
    return np.where(image <= 0.04045, low, high).astype(np.float32, copy=False)


def linear_to_srgb(image: FloatArray) -> FloatArray:
    """Linear light 0 to 1, any shape, to encoded values 0 to 1."""
    low = image * np.float32(12.92)
    high = np.float32(1.055) * image ** np.float32(1 / 2.4) - np.float32(0.055)
    return np.where(image <= 0.0031308, low, high).astype(np.float32, copy=False)
