"""The shadows slider of photo programs, the classical yardstick of lifting them.

Brightness is smoothed within its edges by the guided filter (He, Sun and Tang 2010), and the darker
it is there, the more light a place gets, as in the "shadows and highlights" tools of darktable and
of others, which use a bilateral filter to the same end.
"""

from __future__ import annotations

import cv2
import numpy as np

from engine.light import linear_to_srgb, srgb_to_linear
from engine.photo import FloatArray
from trainer.dark_channel import guided_filter

RADIUS = 40
SMOOTHNESS = 0.01


def shadows_lifted(image: FloatArray, stops: float, bound: float) -> FloatArray:
    """(h, w, 3), 0 to 1, with up to `stops` more light in black, less the brighter it is around a
    place, and none from a brightness of `bound` (0 to 1) on."""
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.float32)
    even = guided_filter(gray, gray, RADIUS, SMOOTHNESS)
    share = np.clip(1 - even / np.float32(bound), 0, 1)
    gain = np.exp2(np.float32(stops) * share)[..., None]
    light = srgb_to_linear(np.clip(image, 0, 1)) * gain
    return linear_to_srgb(np.asarray(np.clip(light, 0, 1), np.float32))
