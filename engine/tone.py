"""How bright light is shown: a curve with two numbers, and its way back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.light import linear_to_srgb, srgb_to_linear
from engine.photo import FloatArray, floats


@dataclass(frozen=True, slots=True)
class Tone:
    """Light x, 0 to 1, becomes ((g x) (1 + x / g) / (1 + g x)) ** contrast, g being the gain.

    That is Reinhard's curve with a white point (Reinhard et al. 2002, eq. 4), chosen so that white
    stays white, and a power for contrast. A gain and contrast of 1 change nothing.
    """

    gain: float = 1.0
    contrast: float = 1.0
    white: float = 1.0
    """The share of its file's white that light of 1 has: less than 1 where the brightest that the
    sensor saw was taken for white. It changes nothing of the curve."""

    def of(self, light: NDArray[np.floating]) -> NDArray[np.floating]:
        """The tones of light, both linear, 0 to 1."""
        lifted = self.gain * light
        rolled = lifted * (1 + light / self.gain) / (1 + lifted)
        return np.asarray(rolled**self.contrast)

    def light(self, tones: NDArray[np.floating]) -> NDArray[np.floating]:
        """The light that has these tones: the way back from `of`."""
        rolled = tones ** (1 / self.contrast)
        half = self.gain * (1 - rolled) / 2
        # of the two roots the one above 0, in the form that cancels nothing
        return np.asarray(rolled / (half + np.sqrt(half * half + rolled) + 1e-30))

    def table(self) -> NDArray[np.uint16]:
        """For each of 65536 steps of light the step of sRGB's curve."""
        light = np.arange(65536) / 65535
        return np.asarray(np.rint(linear_to_srgb(floats(self.of(light))) * 65535), np.uint16)

    def shown(self, light: NDArray[np.floating]) -> FloatArray:
        """Light up to 1 as it is shown, in sRGB's curve; below 0, where noise takes it, the mirror
        image of what is above."""
        return np.sign(floats(light)) * linear_to_srgb(floats(self.of(np.abs(light))))

    def seen(self, shown: NDArray[np.floating]) -> FloatArray:
        """The light that is shown like this, 0 to 1: the way back from `shown`."""
        return floats(self.light(srgb_to_linear(floats(shown)).astype(np.float64)))
