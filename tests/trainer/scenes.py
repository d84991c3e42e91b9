"""Pictures that are drawn, sharp and full of things, for tests that judge pictures."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from engine.photo import FloatArray, floats


@lru_cache(maxsize=64)
def scene(seed: int, width: int = 256, height: int = 192) -> FloatArray:
    """A smooth ground with many shapes on it, (height, width, 3), 0..1, read-only; another for each
    seed."""
    rng = np.random.default_rng(seed)
    ground = rng.uniform(0.15, 0.85, (4, 5, 3)).astype(np.float32)
    picture = cv2.resize(ground, (2 * width, 2 * height), interpolation=cv2.INTER_CUBIC)
    for _ in range(120):
        place = tuple(int(value) for value in rng.integers(0, (2 * width, 2 * height)))
        axes = tuple(int(value) for value in rng.integers(6, 40, 2))
        colour = tuple(float(value) for value in rng.uniform(0.1, 0.9, 3))
        cv2.ellipse(picture, (place, axes, float(rng.uniform(0, 180))), colour, -1)
    half = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    rise = np.linspace(-0.08, 0.08, width)[:, None]  # no shape is of one colour
    drawn = floats(np.clip(half + rise + rng.normal(0, 0.008, half.shape), 0, 1))
    drawn.setflags(write=False)
    return drawn


def out_of_focus(picture: FloatArray, sigma: float) -> FloatArray:
    return floats(cv2.GaussianBlur(picture, (0, 0), sigma))


def grainy(picture: FloatArray, levels: float, seed: int = 0) -> FloatArray:
    noise = np.random.default_rng(seed).normal(0, levels / 255, picture.shape)
    return floats(np.clip(picture + noise, 0, 1))


def posterised(picture: FloatArray, steps: int) -> FloatArray:
    return floats(np.floor(picture * (steps - 0.001)) / (steps - 1))


def in_squares(picture: FloatArray, side: int, levels: float) -> FloatArray:
    """With a grid: each square of `side` pixels in a tone of its own."""
    height, width = picture.shape[:2]
    size = -(-height // side), -(-width // side), 3
    tones = np.random.default_rng(0).normal(0, levels / 255, size)
    return floats(np.clip(picture + tones.repeat(side, 0).repeat(side, 1)[:height, :width], 0, 1))


def compressed(picture: FloatArray, quality: int) -> FloatArray:
    levels = np.rint(picture * 255).astype(np.uint8)
    _, data = cv2.imencode(".jpg", levels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return floats(cv2.imdecode(data, cv2.IMREAD_COLOR)) / np.float32(255)
