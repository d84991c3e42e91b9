"""The degradations a recipe can name, and how one is applied.

To add one, write a function of `(image, rng, *, parameters)` in `trainer/degradations` and name it
in the table below; images are (height, width, 3) float32, sRGB-encoded, around 0 to 1.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from engine.photo import FloatArray
from trainer.degradations import (
    blur,
    compression,
    damage,
    flaking,
    motion,
    mount,
    noise,
    sensor,
    shade,
    texture,
    things,
    tone,
    wear,
    weather,
)
from trainer.degradations.haze import Haze


@dataclass(frozen=True, slots=True)
class Degraded:
    """A picture on its way down: `pixels` (h, w, 3), and `damage` (h, w), 1 where destroyed.

    `haze` is the one over it, None where no transmission undoes it.
    """

    pixels: FloatArray
    damage: FloatArray
    haze: Haze | None


def untouched(image: FloatArray) -> Degraded:
    """The clean picture, before anything happened to it."""
    shape = image.shape[:2]
    return Degraded(image, np.zeros(shape, np.float32), Haze.none(shape))


def degrade(state: Degraded, name: str, rng: Generator, parameters: dict[str, float]) -> Degraded:
    """Apply the degradation `name` with its drawn parameters."""
    if name in DAMAGES:
        pixels, hit = DAMAGES[name](state.pixels, rng, **parameters)
        return replace(state, pixels=pixels, damage=np.maximum(state.damage, hit))
    if name in HAZES:
        pixels, haze = HAZES[name](state.pixels, rng, **parameters)
        return replace(state, pixels=pixels, haze=haze)
    return replace(state, pixels=DEGRADATIONS[name](state.pixels, rng, **parameters))


def parameters_of(name: str) -> tuple[set[str], set[str]]:
    """What the degradation `name` must be told, and what it may be told besides; raises
    `ValueError` if there is none."""
    function = DEGRADATIONS.get(name) or DAMAGES.get(name) or HAZES.get(name)
    if function is None:
        raise ValueError(f"no degradation is called “{name}”")
    parameters = list(inspect.signature(function).parameters.values())[2:]
    needed = {one.name for one in parameters if one.default is one.empty}
    return needed, {one.name for one in parameters} - needed


DEGRADATIONS: dict[str, Callable[..., FloatArray]] = {
    "backlit": shade.backlit,
    "bleached": tone.bleached,
    "camera_colours": sensor.camera_colours,
    "camera_noise": noise.camera_noise,
    "coarse_noise": noise.coarse_noise,
    "defocus": blur.defocus,
    "fade": damage.fade,
    "fibrous": texture.fibrous,
    "film_grain": noise.film_grain,
    "framed": mount.framed,
    "straight_things": things.straight_things,
    "gaussian_blur": blur.gaussian_blur,
    "gaussian_noise": noise.gaussian_noise,
    "graded": tone.graded,
    "gray_noise": noise.gray_noise,
    "haze": weather.haze,
    "jpeg": compression.jpeg,
    "lamplit": tone.lamplit,
    "low_light": weather.low_light,
    "monochrome": damage.monochrome,
    "mosaic": sensor.mosaic,
    "motion_blur": blur.motion_blur,
    "plateau_blur": blur.plateau_blur,
    "poisson_noise": noise.poisson_noise,
    "rain": weather.rain,
    "reduce_bicubic": blur.reduce_bicubic,
    "reduce_mixed": blur.reduce_mixed,
    "ringing": blur.ringing,
    "rounded": compression.rounded,
    "scene_motion": motion.scene_motion,
    "sharpened": blur.sharpened,
    "snow": weather.snow,
    "underexposed": tone.underexposed,
    "woven": texture.woven,
    "x_trans": sensor.x_trans,
}

DAMAGES: dict[str, Callable[..., tuple[FloatArray, FloatArray]]] = {
    "scratches": damage.scratches,
    "wear": wear.wear,
    "flaked": flaking.flaked,
}

HAZES: dict[str, Callable[..., tuple[FloatArray, Haze | None]]] = {"veil": tone.veil}
