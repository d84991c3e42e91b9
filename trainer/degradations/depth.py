"""Made-up distances for whole scenes, for the air between them and the camera.

A photograph comes without its depth. These are the shapes that depth takes in photographs: ground
up to a horizon, layer behind layer, streets, rooms, steps where the picture itself has edges.
Depths are (h, w), 0 to 1, where 1 is as far as one sees.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from engine.photo import FloatArray, floats


def scene_depth(image: FloatArray, rng: Generator) -> FloatArray:
    """A depth for the picture (h, w, 3): one of the shapes, or two mixed, sometimes a bare sky."""
    shapes = (_ground, _layers, _street, _field, _objects)
    first, second = rng.choice(len(shapes), 2, replace=False, p=(0.27, 0.22, 0.13, 0.16, 0.22))
    depth = shapes[first](image, rng)
    if rng.random() < 0.4:
        share = np.float32(rng.uniform(0.2, 0.6))
        depth = (1 - share) * depth + share * shapes[second](image, rng)
    if rng.random() < 0.35:
        depth = np.maximum(depth, _sky(image, rng))
    near = np.float32(rng.uniform(0, 1) ** 2 * 0.95)
    blur = max(0.4, image.shape[1] / 400 * rng.uniform(0.3, 3))
    soft = floats(cv2.GaussianBlur(depth, (0, 0), blur))
    return floats(near + (1 - near) * _spanned(soft))


def _grid(image: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Rows and columns as coordinates, 0 to 1, (h, 1) and (1, w)."""
    height, width = image.shape[:2]
    return np.linspace(0, 1, height, dtype=np.float32)[:, None], np.linspace(
        0, 1, width, dtype=np.float32
    )[None]


def _ground(image: FloatArray, rng: Generator) -> FloatArray:
    """A plane that recedes to a horizon, level or leaning, far above it or just below the top."""
    y, x = _grid(image)
    horizon = rng.uniform(-0.4, 0.6) + rng.normal(0, 0.15) * (x - 0.5)
    below = np.maximum(y - horizon, 0.004)
    depth = np.minimum(1, rng.uniform(0.03, 0.3) / below)
    return floats(depth ** rng.uniform(0.6, 1.2))


def _layers(image: FloatArray, rng: Generator) -> FloatArray:
    """Outlines one before another, each nearer and lower: hills, woods, houses."""
    y, x = _grid(image)
    depth = np.ones(image.shape[:2], np.float32)
    count = int(rng.integers(1, 6))
    heights = np.sort(rng.uniform(-0.1, 1.0, count))
    distances = np.sort(rng.uniform(0.0, 0.95, count))[::-1]
    for height, distance in zip(heights, distances, strict=True):
        points = int(rng.integers(3, 14))
        outline = rng.normal(0, rng.uniform(0.01, 0.12), points).astype(np.float32)
        way = cv2.INTER_CUBIC if rng.random() < 0.7 else cv2.INTER_NEAREST
        crest = height + cv2.resize(outline[None], (image.shape[1], 1), interpolation=way)
        falls = np.float32(distance * rng.uniform(0.4, 1.0)) * np.ones_like(x)
        behind = np.float32(distance) + (falls - np.float32(distance)) * (y - crest)
        depth = np.where(y > crest, np.maximum(behind, 0), depth)
    return floats(depth)


def _street(image: FloatArray, rng: Generator) -> FloatArray:
    """Walls and floor that meet in a vanishing point; a room, where the end is near."""
    y, x = _grid(image)
    across = np.abs(x - rng.uniform(0.1, 0.9)) * rng.uniform(0.6, 1.6)
    along = np.abs(y - rng.uniform(0.1, 0.7)) * rng.uniform(0.6, 1.6)
    away = np.maximum(across, along) if rng.random() < 0.6 else np.hypot(across, along)
    return floats(np.minimum(1, rng.uniform(0.04, 0.25) / np.maximum(away, 0.01)))


def _field(image: FloatArray, rng: Generator) -> FloatArray:
    """Banks of mist: a smooth random field over a slope."""
    y, x = _grid(image)
    cells = int(rng.integers(2, 7))
    size = image.shape[1], image.shape[0]
    banks = cv2.resize(rng.random((cells, cells), np.float32), size, interpolation=cv2.INTER_CUBIC)
    return floats(banks + rng.uniform(0, 2) * (1 - y) + rng.uniform(-0.5, 0.5) * x)


def _objects(image: FloatArray, rng: Generator) -> FloatArray:
    """Depth in the picture's own shapes: brightness or colour smoothed within its edges, over a
    slope that rises to the top as distance mostly does."""
    height, width = image.shape[:2]
    small = (max(8, width // 3), max(8, height // 3))
    weights = rng.dirichlet((1, 1, 1)).astype(np.float32)
    gray = floats(cv2.resize(image @ weights, small, interpolation=cv2.INTER_AREA))
    gray = floats(cv2.bilateralFilter(gray, 9, rng.uniform(0.05, 0.3), 5))
    if rng.random() < 0.4:
        steps = int(rng.integers(2, 6))
        gray = floats(np.floor(gray * steps) / steps)
    shapes = _spanned(floats(cv2.resize(gray, (width, height), interpolation=cv2.INTER_LINEAR)))
    if rng.random() < 0.3:
        shapes = 1 - shapes
    y, _ = _grid(image)
    return floats(shapes + rng.uniform(0, 1.5) * (1 - y))


def _sky(image: FloatArray, rng: Generator) -> FloatArray:
    """1 where the picture is bright and even in its upper part, as a sky is; else 0."""
    y, _ = _grid(image)
    bright = cv2.blur(image.min(2), (9, 9))
    limit = np.quantile(bright, rng.uniform(0.6, 0.9))
    return floats((bright > max(limit, 0.35)) & (y < rng.uniform(0.3, 0.8)))


def _spanned(depth: FloatArray) -> FloatArray:
    low, high = float(depth.min()), float(depth.max())
    return floats((depth - low) / max(high - low, 1e-3))
