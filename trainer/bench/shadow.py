"""The bench's own shadows against the light, built otherwise than those of the training: whole
things of a picture, found by mean shift (Comaniciu and Meer 2002), lie in shadow or do not."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.light import linear_to_srgb, srgb_to_linear
from engine.photo import FloatArray, floats
from trainer.bench.trial import eight_bit

_SIDE = 256
"""Longest side of the copy in which things are told apart."""
_REACH, _ALIKE = 8, 20
"""Mean shift: pixels of that copy, and levels of 255, that belong together."""
_STEPS = 12
"""Levels of a colour, 0 to 255, by which its things differ."""


def against_the_light(
    image: FloatArray, rng: Generator, stops: float, photons: float
) -> FloatArray:
    """A third to two thirds of the picture `stops` darker, with a white of `photons` counts and
    the reader's noise of two: what is darker, lower in the picture and nearer to one side."""
    shade = _shade(image, rng)
    light = srgb_to_linear(image) * np.exp2(-np.float32(stops) * shade)[..., None]
    counted = rng.poisson(light * photons) + rng.normal(0, 2, image.shape)
    return eight_bit(linear_to_srgb(np.asarray(np.clip(counted / photons, 0, 1), np.float32)))


def _shade(image: FloatArray, rng: Generator) -> FloatArray:
    """(h, w), 1 in shadow and 0 beside it, with rims about a pixel of the small copy wide."""
    height, width = image.shape[:2]
    shrink = _SIDE / max(height, width)
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    small = np.asarray(
        np.rint(255 * cv2.resize(image, size, interpolation=cv2.INTER_AREA)), np.uint8
    )
    things = _things(small)
    counts = np.maximum(np.bincount(things.ravel()), 1)
    down, across = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    lean = rng.uniform(-1, 1)
    place = down / size[1] + lean * across / size[0]
    score = small.mean(2) / 255 - rng.uniform(0.2, 0.8) * place
    mean = (np.bincount(things.ravel(), score.ravel()) / counts)[things]
    shade = mean <= np.quantile(mean, rng.uniform(0.35, 0.65))
    soft = cv2.GaussianBlur(shade.astype(np.float32), (0, 0), rng.uniform(0.4, 1.5))
    return floats(cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC).clip(0, 1))


def _things(small: NDArray[np.uint8]) -> NDArray[np.intp]:
    """A number for each pixel (h, w): the same for those of one even, connected thing."""
    even = cv2.pyrMeanShiftFiltering(small, _REACH, _ALIKE) // _STEPS
    kinds = even.astype(np.int32) @ np.array((1, 32, 1024), np.int32)
    numbers = np.zeros(kinds.shape, np.intp)
    for kind in np.unique(kinds):
        _, parts = cv2.connectedComponents((kinds == kind).astype(np.uint8), connectivity=4)
        numbers = np.where(parts > 0, parts + numbers.max(), numbers)
    return numbers
