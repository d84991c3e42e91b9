"""Shadows against the light: parts of a scene that the camera exposed for too little."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from engine.light import linear_to_srgb, srgb_to_linear
from engine.photo import LUMA, FloatArray, floats
from trainer.dark_channel import guided_filter
from trainer.degradations.depth import scene_depth

_LUMA = floats([0.2126, 0.7152, 0.0722])
_DARKEST = 0.01
"""Light added before its logarithm is taken."""
_FLAT = 1e-3
"""Variance of the brightness below which a shadow doesn't follow it."""
_LIT = 0.25, 0.5
"""Brightness around a place that lies in shadow: up to the first it is one, from the second on it
is taken for lit, as by what lifts shadows."""
_AROUND = 0.055
"""How far around a place that is asked, as a share of the longer side."""


def backlit(image: FloatArray, rng: Generator, *, stops: float) -> FloatArray:
    """A scene (h, w, 3) of which a part lies in shadow, up to `stops` darker in linear light.

    What is in shadow is dark already, or near, or behind an edge or a cloud, or some of these; its
    rims follow the picture's own as often as not. What would still be bright in it is left lit.
    """
    light = srgb_to_linear(np.clip(image, 0, 1))
    depth = np.float32(stops) * in_shade(image, rng)
    depth = depth * _dark_then(_darkened(light, depth))
    return _darkened(light, depth)


def _darkened(light: FloatArray, depth: FloatArray) -> FloatArray:
    """Linear light (h, w, 3), darker by `depth` stops (h, w), sRGB-encoded."""
    return linear_to_srgb(floats(light * np.exp2(-depth)[..., None]))


def _dark_then(shaded: FloatArray) -> FloatArray:
    """Where a shaded scene is dark, (h, w), 0..1: what stays bright nobody would lift."""
    side = max(1, round(_AROUND * max(shaded.shape[:2])))
    around = cv2.blur(shaded @ LUMA, (side, side))
    full, none = _LIT
    return _below(floats(around), (full + none) / 2, none - full)


def in_shade(image: FloatArray, rng: Generator) -> FloatArray:
    """How much of the shadow lies where in the picture (h, w, 3): (h, w), 0..1."""
    ways = (_dark, _near, _cast, _cloud)
    first, second = rng.choice(len(ways), 2, replace=False, p=(0.5, 0.2, 0.15, 0.15))
    shade = ways[first](image, rng)
    if rng.random() < 0.3:
        other = ways[second](image, rng)
        shade = shade * other if rng.random() < 0.5 else np.maximum(shade, other)
    if rng.random() < 0.6:
        shade = _along_edges(shade, image, rng.uniform(0.015, 0.06))
    return floats(np.clip(shade, 0, 1))


def _dark(image: FloatArray, rng: Generator) -> FloatArray:
    """What is dark already gets darker: a scene with more contrast than a camera holds."""
    light = srgb_to_linear(np.clip(image, 0, 1)) @ _LUMA
    stops = floats(np.log2(light + np.float32(_DARKEST)))
    side = max(3, round(max(image.shape[:2]) * rng.uniform(0.02, 0.08)))
    even = floats(cv2.bilateralFilter(stops, side, rng.uniform(0.5, 2.0), side / 2))
    bound = np.quantile(even, rng.uniform(0.3, 0.95))
    return _below(even, bound, rng.uniform(0.4, 2.5))


def _near(image: FloatArray, rng: Generator) -> FloatArray:
    """What stands in front, before a bright distance."""
    depth = scene_depth(image, rng)
    bound = np.quantile(depth, rng.uniform(0.2, 0.8))
    return _below(depth, bound, rng.uniform(0.02, 0.4))


def _cast(image: FloatArray, rng: Generator) -> FloatArray:
    """The side of a straight edge, sharp or soft: the shadow of a wall or a roof."""
    height, width = image.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / np.float32(max(height, width))
    angle = rng.uniform(0, 2 * np.pi)
    along = floats(np.cos(angle) * x + np.sin(angle) * y)
    bound = np.quantile(along, rng.uniform(0.15, 0.85))
    return _below(along, bound, rng.uniform(0.005, 0.5))


def _cloud(image: FloatArray, rng: Generator) -> FloatArray:
    """Anywhere, with rims of any shape."""
    cells = int(rng.integers(2, 7))
    size = image.shape[1], image.shape[0]
    field = cv2.resize(rng.random((cells, cells), np.float32), size, interpolation=cv2.INTER_CUBIC)
    bound = np.quantile(field, rng.uniform(0.15, 0.85))
    return _below(floats(field), bound, rng.uniform(0.02, 0.6))


def _below(field: FloatArray, bound: float | np.floating, width: float) -> FloatArray:
    """1 where the field is well below `bound`, 0 well above, smooth over `width` between."""
    inside = np.clip((bound - field) / width + 0.5, 0, 1)
    return floats(inside * inside * (3 - 2 * inside))


def _along_edges(shade: FloatArray, image: FloatArray, reach: float) -> FloatArray:
    """The guided filter (He, Sun and Tang 2010) by the picture's brightness, over the share `reach`
    of its longer side."""
    radius = max(1, round(reach * max(image.shape[:2])))
    return guided_filter(floats(image @ _LUMA), shade, radius, _FLAT)
