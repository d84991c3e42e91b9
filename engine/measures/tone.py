"""Light, haze and the fading of old prints: properties of the scene as a whole.

Everything here is read from a small copy. The haze measure is the dark channel: in clear air
some colour is dark somewhere in every patch of most pictures (He, Sun and Tang, "Single image
haze removal using dark channel prior", CVPR 2009, equation 5).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from engine.photo import LUMA, FloatArray

_PATCH = 15
_PATCH_OF = 256
"""The dark channel's patch is 15 pixels where the long side is 256."""
_SEEN = 0.01
"""Standard deviation of luma from which a window is not empty: more than noise in a small copy."""
_PERCENTILES = (1, 5, 25, 50, 75, 95, 99)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """All of sRGB-encoded values, 0 to 1."""

    mean: float
    percentiles: tuple[float, float, float, float, float, float, float]
    """Of luma: 1, 5, 25, 50, 75, 95 and 99 per cent."""
    dark_channel: float
    """Median of the dark channel."""
    dark_floor: float
    """5th percentile of the dark channel: how dark the darkest patches get."""
    contrast: float
    """Mean standard deviation of luma within windows."""
    detailed: float
    """Share of the windows in which there is anything to see."""
    saturation: float
    """Mean of (largest - smallest channel) over the largest."""
    cast: float
    """Distance of the mean colour from gray."""
    tint_spread: float
    """Spread of the colours around the mean colour; next to 0 for a toned or gray picture."""
    warm: float
    """Mean red less mean blue."""
    yellow: float
    """Black point of red less that of blue: an old print is lifted and yellowed there."""
    white_yellow: float
    """White point of red less that of blue."""

    @property
    def gray(self) -> bool:
        """Whether the picture has no colour at all."""
        return self.tint_spread < 0.004 and self.cast < 0.004

    @property
    def low_light(self) -> float:
        """0 for a normally exposed picture, 1 for one that is all but black."""
        middle = 0.5 * self.mean + 0.5 * self.percentiles[5] / 2
        return float(np.clip((0.25 - middle) / 0.2, 0, 1))

    @property
    def haze(self) -> float:
        """0 where dark places are dark, 1 where a veil lies over everything."""
        return float(np.clip((self.dark_floor - 0.05) / 0.4, 0, 1))

    @property
    def fading(self) -> float:
        """0 where the tones run from black to white, 1 where half of the range is lost."""
        lost = 1 - (self.percentiles[6] - self.percentiles[0])
        return float(np.clip((lost - 0.15) / 0.45, 0, 1))


def measure_tone(small: FloatArray) -> Tone:
    """The tone of a small copy (height, width, 3), 0 to 1."""
    luma = small @ LUMA
    bounds = np.percentile(luma, _PERCENTILES)
    p1, p5, p25, p50, p75, p95, p99 = (float(value) for value in bounds)
    red, green, blue = small[..., 0], small[..., 1], small[..., 2]
    brightest = np.maximum(np.maximum(red, green), blue)
    darkest = np.minimum(np.minimum(red, green), blue)
    dark = _dark_channel(darkest)
    spread = _spread(luma)
    red_green, yellow_blue = red - green, 0.5 * (red + green) - blue
    low_red, high_red = np.percentile(red, (1, 99))
    low_blue, high_blue = np.percentile(blue, (1, 99))
    return Tone(
        mean=float(luma.mean()),
        percentiles=(p1, p5, p25, p50, p75, p95, p99),
        dark_channel=float(np.median(dark)),
        dark_floor=float(np.percentile(dark, 5)),
        contrast=float(spread.mean()),
        detailed=float((spread > _SEEN).mean()),
        saturation=float(((brightest - darkest) / np.maximum(brightest, 0.02)).mean()),
        cast=float(np.hypot(red_green.mean(), yellow_blue.mean())),
        tint_spread=float(np.sqrt(red_green.var() + yellow_blue.var())),
        warm=float(red.mean() - blue.mean()),
        yellow=float(low_red - low_blue),
        white_yellow=float(high_red - high_blue),
    )


def _dark_channel(darkest: FloatArray) -> FloatArray:
    """Smallest value in a patch around each pixel, given each pixel's darkest channel."""
    side = max(1, round(_PATCH * max(darkest.shape) / _PATCH_OF)) | 1
    kernel = np.ones((side, side), np.uint8)
    return cv2.erode(darkest, kernel).astype(np.float32, copy=False)


def _spread(luma: FloatArray) -> FloatArray:
    """Standard deviation within a window of a sixteenth of the long side around each pixel."""
    side = max(3, max(luma.shape) // 16) | 1
    mean = cv2.blur(luma, (side, side))
    variance = cv2.blur(luma * luma, (side, side)) - mean * mean
    return np.sqrt(np.maximum(variance, 0)).astype(np.float32, copy=False)
