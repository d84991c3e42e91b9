"""The degradations a recipe can name, and how one is applied.

To add one, write a function of `(image, rng, *, parameters)` in `trainer/degradations` and name it
in the table below; images are (height, width, 3) float32, sRGB-encoded, around 0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from engine.photo import FloatArray
from trainer.degradations import blur, compression, damage, motion, noise, tone, wear, weather


@dataclass(frozen=True, slots=True)
class Degraded:
    """A picture on its way down: `pixels` (h, w, 3), and `damage` (h, w), 1 where destroyed."""

    pixels: FloatArray
    damage: FloatArray


def untouched(image: FloatArray) -> Degraded:
    """The clean picture, before anything happened to it."""
    return Degraded(image, np.zeros(image.shape[:2], np.float32))


def degrade(state: Degraded, name: str, rng: Generator, parameters: dict[str, float]) -> Degraded:
    """Apply the degradation `name` with its drawn parameters."""
    if name in DAMAGES:
        pixels, hit = DAMAGES[name](state.pixels, rng, **parameters)
        return Degraded(pixels, np.maximum(state.damage, hit))
    return Degraded(DEGRADATIONS[name](state.pixels, rng, **parameters), state.damage)


DEGRADATIONS: dict[str, Callable[..., FloatArray]] = {
    "bleached": tone.bleached,
    "camera_noise": noise.camera_noise,
    "coarse_noise": noise.coarse_noise,
    "defocus": blur.defocus,
    "fade": damage.fade,
    "film_grain": noise.film_grain,
    "gaussian_blur": blur.gaussian_blur,
    "gaussian_noise": noise.gaussian_noise,
    "graded": tone.graded,
    "gray_noise": noise.gray_noise,
    "haze": weather.haze,
    "jpeg": compression.jpeg,
    "low_light": weather.low_light,
    "monochrome": damage.monochrome,
    "motion_blur": blur.motion_blur,
    "plateau_blur": blur.plateau_blur,
    "poisson_noise": noise.poisson_noise,
    "rain": weather.rain,
    "reduce_bicubic": blur.reduce_bicubic,
    "reduce_mixed": blur.reduce_mixed,
    "ringing": blur.ringing,
    "rounded": compression.rounded,
    "scene_motion": motion.scene_motion,
    "snow": weather.snow,
    "underexposed": tone.underexposed,
    "veil": tone.veil,
}

DAMAGES: dict[str, Callable[..., tuple[FloatArray, FloatArray]]] = {
    "scratches": damage.scratches,
    "wear": wear.wear,
}
