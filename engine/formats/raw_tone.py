"""How bright a RAW photo is meant to be: a curve from light to tones, by the camera's own picture.

Light alone makes a dark and flat picture. The camera's picture shows how bright the photographer
saw the scene; of its curve the middle tones are taken, while highlights that the camera has cut off
are rolled off instead.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.light import srgb_to_linear
from engine.photo import FloatArray, floats
from engine.tone import Tone

_GAINS = np.geomspace(1, 16, 65)
_CONTRASTS = np.linspace(1, 1.6, 13)
_MIDDLE = np.linspace(0.1, 0.9, 17)
"""Shares of the pixels that are darker than the tones that are compared."""
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
_DARKEST = 1e-4
"""Light below which tones are noise."""


def tone_like(light: NDArray[np.uint16], picture: NDArray[np.uint8]) -> Tone:
    """The curve by which `light`, (h, w, 3) linear, comes nearest in its middle tones to `picture`,
    (h, w, 3) in sRGB or near it, of the same scene."""
    seen = np.quantile(_luminance(light / 65535), _MIDDLE)
    meant = np.quantile(_luminance(srgb_to_linear(floats(picture / 255))), _MIDDLE)
    told = (seen > _DARKEST) & (meant > _DARKEST)
    if not told.any():
        return Tone()
    tones = [Tone(float(gain), float(contrast)) for gain in _GAINS for contrast in _CONTRASTS]
    return min(tones, key=lambda tone: _apart(tone.of(seen[told]), meant[told]))


def _apart(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    return float(np.square(np.log(one / other)).mean())


def _luminance(linear: NDArray[np.floating] | FloatArray) -> NDArray[np.floating]:
    return np.asarray(linear @ _LUMINANCE)
