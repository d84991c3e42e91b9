"""A picture as a Bayer sensor saw it: in the camera's colours, and as a noisy mosaic."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from engine.interpolation import REACH, interpolated
from engine.light import linear_to_srgb, srgb_to_linear
from engine.photo import FloatArray, floats
from engine.tone import Tone

_LOWEST, _HIGHEST = np.array([-0.9, -0.3, -0.7]), np.array([-0.2, -0.05, -0.2])
"""Off the diagonal of matrices from cameras' colours to sRGB: green in red; red and half of blue in
green; green in blue."""
_FARTHEST = 0.15
"""What red and blue have of one another there, at most."""


def camera_colours(image: FloatArray, rng: Generator, *, amount: float) -> FloatArray:
    """The colours of a camera, white-balanced and as bright as in the picture: paler, for a
    sensor's colours overlap more. `amount` 0 to 1."""
    red, green, blue = amount * rng.uniform(_LOWEST, _HIGHEST)
    far = amount * rng.uniform(-_FARTHEST, _FARTHEST, 2)
    to_srgb = np.array([[0, red, far[0]], [green, 0, 2 * green], [far[1], blue, 0]])
    np.fill_diagonal(to_srgb, 1 - to_srgb.sum(1))
    linear = srgb_to_linear(np.clip(image, 0, 1))
    light = cv2.transform(linear, np.linalg.inv(to_srgb))
    return linear_to_srgb(floats(np.clip(light, 0, 1)))


def mosaic(
    image: FloatArray,
    rng: Generator,
    *,
    gain: float,
    contrast: float,
    shot: float,
    read: float,
    floor: float,
) -> FloatArray:
    """The mosaic of a sensor that saw the picture, whose first pixel is red, interpolated as
    `engine.interpolation` does.

    `gain` and `contrast` are those of the curve (`Tone`) by which the picture was brightened. Noise
    is that of Foi et al. (2008) in linear light before the white balance: of variance
    `shot * x + (read * shot + floor)**2`, 1 being white; `shot` is one over the electrons of a full
    pixel, `read` the noise of reading it in electrons, `floor` what does not grow with the ISO
    number. Colours are told apart by gains of the white balance, drawn as for daylight to lamps.
    """
    tone = Tone(gain, contrast)
    light = tone.seen(np.clip(image, 0, 1))
    red, blue = rng.uniform(1.0, 2.8), rng.uniform(1.0, 3.0)
    planes = light[..., 1].copy()
    planes[0::2, 0::2], planes[1::2, 1::2] = light[0::2, 0::2, 0], light[1::2, 1::2, 2]
    gains = np.ones_like(planes)
    gains[0::2, 0::2], gains[1::2, 1::2] = red, blue
    variance = shot * planes / gains + (read * shot + floor) ** 2
    noise = np.sqrt(variance) * rng.standard_normal(planes.shape, np.float32)
    seen = tone.shown(np.clip(planes + gains * noise, -1, 1))
    wide = cv2.copyMakeBorder(seen, REACH, REACH, REACH, REACH, cv2.BORDER_REFLECT_101)
    return interpolated(floats(wide))
