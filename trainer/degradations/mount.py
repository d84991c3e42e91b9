"""What a print is mounted on: its paper's border, and the scanner's lid beyond."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from engine.photo import FloatArray, floats
from trainer.degradations.noise import smooth_field


def framed(image: FloatArray, rng: Generator, *, width: float) -> FloatArray:
    """A border on one to three sides, up to `width` of the picture's side wide.

    Of paper, straight, deckled or chipped, with round corners or square ones; beyond it, on some,
    the lid of the scanner. None of it is a mark, although much of it is thin and bright.
    """
    height, across = image.shape[:2]
    side = max(height, across)
    paper = float(rng.uniform(0.01, max(width, 0.011)) * side)
    distance = _outside(image.shape[:2], rng, paper)
    ragged = rng.choice((0.0, 0.5, 2.0)) * smooth_field((height, across), rng, rng.uniform(1.5, 6))
    result = _beyond(image, distance + ragged, _paper(rng), rng)
    if rng.random() < 0.5:
        lid = floats(np.full(3, rng.choice((0.02, 0.5, 0.97)) * rng.uniform(0.8, 1.0)))
        edge = rng.choice((0.0, 0.6)) * smooth_field((height, across), rng, rng.uniform(1, 4))
        result = _beyond(result, distance - paper * rng.uniform(0.1, 0.9) + edge, lid, rng)
    return result


def _outside(shape: tuple[int, int], rng: Generator, paper: float) -> FloatArray:
    """Distance (h, w) in pixels from a rectangle that ends `paper` before some of the sides,
    negative in it."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    far = 4.0 * max(shape)
    sides = rng.permutation(4)[: int(rng.integers(1, 4))]
    left, top, right, bottom = (paper if i in sides else -far for i in range(4))
    lean = rng.normal(0, 0.01)
    x, y = x + lean * y, y - lean * x
    beside = np.maximum(left - x, x - (shape[1] - 1 - right))
    above = np.maximum(top - y, y - (shape[0] - 1 - bottom))
    corner = paper * rng.choice((0.0, 0.5, 2.0)) * rng.random()
    over = np.hypot(np.maximum(beside + corner, 0), np.maximum(above + corner, 0))
    return floats(over + np.minimum(np.maximum(beside, above) + corner, 0) - corner)


def _paper(rng: Generator) -> FloatArray:
    """The colour (3) of a print's paper, somewhat yellowed."""
    yellow = np.array((0.02, 0.0, -0.06)) * rng.uniform(0, 2)
    return floats(np.clip(rng.uniform(0.7, 1.0) + yellow, 0, 1))


def _beyond(image: FloatArray, distance: FloatArray, ink: FloatArray, rng: Generator) -> FloatArray:
    """`ink` (3) with a little grain where `distance` (h, w) is positive, over a pixel's width."""
    grain = rng.standard_normal(distance.shape, np.float32)[..., None] * np.float32(0.01)
    share = np.clip(distance + 0.5, 0, 1)[..., None]
    return floats(np.clip(image + share * (ink + grain - image), 0, 1))
