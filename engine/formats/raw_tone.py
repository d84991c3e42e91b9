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
_BLACK = 10
"""Tone of 255 up to which what lies beside a camera's picture is a black bar."""


def tone_like(light: NDArray[np.uint16], picture: NDArray[np.uint8]) -> Tone:
    """The curve by which `light`, (h, w, 3) linear, comes nearest in its middle tones to `picture`,
    (h, w, 3) in sRGB or near it, of the same scene; bars beside it are left out."""
    picture = _without_bars(picture, light.shape[1] / light.shape[0])
    seen = np.quantile(_luminance(light / 65535), _MIDDLE)
    meant = np.quantile(_luminance(srgb_to_linear(floats(picture / 255))), _MIDDLE)
    told = (seen > _DARKEST) & (meant > _DARKEST)
    if not told.any():
        return Tone()
    tones = [Tone(float(gain), float(contrast)) for gain in _GAINS for contrast in _CONTRASTS]
    return min(tones, key=lambda tone: _apart(tone.of(seen[told]), meant[told]))


def _without_bars(picture: NDArray[np.uint8], ratio: float) -> NDArray[np.uint8]:
    """A picture (h, w, 3) of a scene that is `ratio` times as wide as high, without the black bars
    that make it fit into a size of another ratio."""
    height, width = picture.shape[:2]
    if (ratio > 1) == (width < height):
        ratio = 1 / ratio  # turned, as a camera was
    # of what is square both may be; else dark sides of the scene would be taken for bars
    for wide in (ratio, 1 / ratio) if width == height else (ratio,):
        rows, columns = round((height - width / wide) / 2), round((width - height * wide) / 2)
        for turned, bar in ((picture, rows), (picture.swapaxes(0, 1), columns)):
            if bar > 1 and _is_black(turned[: bar - 1]) and _is_black(turned[1 - bar :]):
                inner = turned[bar:-bar]
                return inner if turned is picture else inner.swapaxes(0, 1)
    return picture


def _is_black(part: NDArray[np.uint8]) -> bool:
    """Nearly all of it, for JPEG is restless where a bar ends."""
    return bool(np.quantile(part, 0.8) <= _BLACK)


def _apart(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    return float(np.square(np.log(one / other)).mean())


def _luminance(linear: NDArray[np.floating] | FloatArray) -> NDArray[np.floating]:
    return np.asarray(linear @ _LUMINANCE)
