"""A picture as a camera's sensor saw it: in the camera's colours, and as a noisy mosaic."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from engine.filter_array import BAYER, X_TRANS, FilterArray
from engine.interpolation import REACH
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
    """The mosaic of a Bayer sensor that saw the picture, whose first pixel is red, interpolated as
    `engine.interpolation` does.

    `gain` and `contrast` are those of the curve (`Tone`) by which the picture was brightened. Noise
    is that of Foi et al. (2008) in linear light before the white balance: of variance
    `shot * x + (read * shot + floor)**2`, 1 being white; `shot` is one over the electrons of a full
    pixel, `read` the noise of reading it in electrons, `floor` what does not grow with the ISO
    number. Colours are told apart by gains of the white balance, drawn as for daylight to lamps.
    """
    tone, noise = Tone(gain, contrast), _Noise(shot, read, floor)
    shown = _shown(image, BAYER, (0, 0), tone, noise, rng)
    wide = cv2.copyMakeBorder(shown, REACH, REACH, REACH, REACH, cv2.BORDER_REFLECT_101)
    return BAYER.interpolated(floats(wide), (0, 0))


def x_trans(
    image: FloatArray,
    rng: Generator,
    *,
    gain: float,
    contrast: float,
    shot: float,
    read: float,
    floor: float,
) -> FloatArray:
    """The same of an X-Trans sensor, from wherever in its pattern, as `engine.xtrans` does."""
    tone, noise = Tone(gain, contrast), _Noise(shot, read, floor)
    row, column = (int(n) for n in rng.integers(0, X_TRANS.period, 2))
    wide = cv2.copyMakeBorder(image, REACH, REACH, REACH, REACH, cv2.BORDER_REFLECT_101)
    shown = _shown(floats(wide), X_TRANS, (row, column), tone, noise, rng)
    return X_TRANS.interpolated(shown, (row, column))


@dataclass(frozen=True, slots=True)
class _Noise:
    """What `mosaic` is told of it."""

    shot: float
    read: float
    floor: float


def _shown(
    image: FloatArray,
    array: FilterArray,
    start: tuple[int, int],
    tone: Tone,
    noise: _Noise,
    rng: Generator,
) -> FloatArray:
    """What a sensor with this array, from `start` on, saw of a picture (h, w, 3), in tones, below
    black, too."""
    light, colours = tone.seen(np.clip(image, 0, 1)), array.over(image.shape[:2], start)
    red, blue = rng.uniform(1.0, 2.8), rng.uniform(1.0, 3.0)
    gains = floats([red, 1, blue])[colours]
    planes = floats(np.take_along_axis(light, colours[..., None], 2)[..., 0])
    variance = noise.shot * planes / gains + (noise.read * noise.shot + noise.floor) ** 2
    drawn = np.sqrt(variance) * rng.standard_normal(planes.shape, np.float32)
    return tone.shown(np.clip(planes + gains * drawn, -1, 1))
