"""What time does to prints and film: scratches, dust, folds, fading."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.random import Generator

from engine.photo import FloatArray, floats


def scratches(
    image: FloatArray, rng: Generator, *, count: float, width: float, opacity: float
) -> tuple[FloatArray, FloatArray]:
    """Draw about `count` scratches up to `width` pixels wide, and some dust.

    Returns the damaged picture and the mask (height, width), 1 where something was destroyed.
    """
    cover = np.zeros(image.shape[:2], np.float32)
    result = image
    for _ in range(round(count)):
        layer = np.zeros_like(cover)
        _line(layer, rng, width) if rng.random() < 0.7 else _dust(layer, rng, width)
        layer = floats(cv2.GaussianBlur(layer, (0, 0), rng.uniform(0.25, 0.7)))
        alpha = np.clip(layer * rng.uniform(opacity, 1.0), 0, 1)
        light = rng.uniform(0.75, 1.0) if rng.random() < 0.75 else rng.uniform(0.0, 0.25)
        colour = np.clip(light + rng.normal(0, 0.03, 3), 0, 1).astype(np.float32)
        result = result * (1 - alpha[..., None]) + colour * alpha[..., None]
        cover = 1 - (1 - cover) * (1 - alpha)
    return floats(result), (cover > 0.15).astype(np.float32)


def _line(layer: FloatArray, rng: Generator, width: float) -> None:
    """A wandering line with gaps, as a hair, a film scratch or a fold leaves."""
    height, breadth = layer.shape
    angle = rng.uniform(0, 2 * np.pi) if rng.random() < 0.5 else np.pi / 2 + rng.normal(0, 0.05)
    place = rng.random(2) * (breadth, height)
    reach = rng.uniform(0.2, 1.6) * max(height, breadth)
    bend = rng.choice((0.0, 0.02, 0.2))
    points = [place]
    for _ in range(12):
        angle += rng.normal(0, bend)
        place = place + reach / 12 * np.array((np.cos(angle), np.sin(angle)))
        points.append(place)
    thick = max(1, round(rng.uniform(0.3, 1.0) * width))
    path = np.rint(np.array(points) * 16).astype(np.int32)
    for start, end in pairwise(path):
        if rng.random() < 0.92:
            cv2.line(layer, start.tolist(), end.tolist(), 1.0, thick, cv2.LINE_AA, 4)
    if rng.random() < 0.4:
        layer *= rng.random(layer.shape, np.float32) < rng.uniform(0.5, 0.95)


def _dust(layer: FloatArray, rng: Generator, width: float) -> None:
    """A few specks of uneven outline."""
    height, breadth = layer.shape
    for _ in range(int(rng.integers(1, 7))):
        radius = rng.uniform(0.3, 1.2) * width
        turn = np.sort(rng.uniform(0, 2 * np.pi, 7))
        ring = radius * rng.uniform(0.4, 1.3, 7)[:, None] * np.c_[np.cos(turn), np.sin(turn)]
        outline = np.rint((ring + rng.random(2) * (breadth, height)) * 16).astype(np.int32)
        cv2.fillPoly(layer, [outline], 1.0, cv2.LINE_AA, 4)


def fade(image: FloatArray, rng: Generator, *, loss: float, cast: float) -> FloatArray:
    """Dyes that bleached: `loss` (0 to 1) of the contrast gone, black lifted, a colour `cast`."""
    black = loss * rng.uniform(0.1, 0.6) + cast * rng.normal(0, 0.1, 3)
    white = 1 - loss * rng.uniform(0.0, 0.4) - cast * np.abs(rng.normal(0, 0.12, 3))
    gamma = np.exp(rng.normal(0, 0.15 * loss) + rng.normal(0, 0.15 * cast, 3))
    black = np.clip(black, 0, 0.5)
    white = np.clip(white, black + 0.25, 1)
    faded = black + (white - black) * np.clip(image, 0, 1) ** gamma
    gray = faded.mean(2, keepdims=True)
    saturation = 1 - loss * rng.uniform(0, 0.5)
    return floats(np.clip(gray + (faded - gray) * saturation, 0, 1))


def monochrome(image: FloatArray, rng: Generator, *, tone: float) -> FloatArray:
    """Black and white, toned by up to `tone` (0 to 1) towards sepia; the clean picture too.

    One in four is deeply toned: brown or olive from its shadows on, not only in its paper.
    """
    warm = np.array([1.07, 0.99, 0.86]) ** (tone * rng.random())
    gray = np.clip(image @ np.array([0.2126, 0.7152, 0.0722], np.float32), 0, 1)[..., None]
    deep = tone * rng.random() if rng.random() < 0.25 else 0.0
    return floats(np.clip(gray ** (np.array([0.8, 1.0, 1.8]) ** deep) * warm, 0, 1))
