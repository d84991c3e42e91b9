"""Blur of a scene in which camera and things move, as the mean of many sharp moments."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.light import linear_to_srgb, srgb_to_linear
from engine.photo import FloatArray, floats

_PER_MOMENT = 1.5
"""Most pixels between two moments; wider steps would show as copies."""
_MOST = 49


def scene_motion(
    image: FloatArray, rng: Generator, *, reach: float, turn: float, thing: float
) -> FloatArray:
    """The mean of moments along a path of about `reach` pixels, centred on the picture itself.

    The camera shifts, turns by up to `turn` radians about any point and comes nearer, so that the
    blur differs from place to place; with probability `thing` something in the picture moves
    its own way, and its outline with it. As in the making of GoPro (Nah et al. 2017), where the
    truth is the middle moment; half of the time the mean is one of linear light, as a shutter
    takes it.
    """
    farthest = reach + turn * max(image.shape[:2]) / 2
    count = min(_MOST, max(3, int(farthest / _PER_MOMENT) | 1))
    own = _path(rng, count, reach, turn, image.shape[:2])
    moments = _moments(image, own)
    if rng.random() < thing:
        its = _path(rng, count, reach, 0.0, image.shape[:2])
        other, covers = _moments(image, its), _moments(_blob(rng, image.shape[:2]), its)
        moments = [a + c * (b - a) for a, b, c in zip(moments, other, covers, strict=True)]
    if rng.random() < 0.5:
        return floats(np.mean(moments, 0))
    light = np.mean([srgb_to_linear(np.clip(moment, 0, 1)) for moment in moments], 0)
    return linear_to_srgb(floats(light))


def _path(
    rng: Generator, count: int, reach: float, turn: float, size: tuple[int, int]
) -> NDArray[np.float64]:
    """Matrices (count, 2, 3) from moment to picture; the one in the middle is the identity."""
    t = np.linspace(-0.5, 0.5, count)
    bend = rng.normal(0, 0.6)
    direction = rng.uniform(0, 2 * np.pi) + bend * t
    pace = 1 + 0.5 * rng.normal() * t
    steps = reach / count * pace
    along = np.cumsum(steps * np.cos(direction)), np.cumsum(steps * np.sin(direction))
    angle = rng.uniform(-turn, turn) * t
    zoom = np.exp(rng.normal(0, 0.3 * turn) * t)
    centre = rng.random(2) * (size[1], size[0])
    path = np.zeros((count, 2, 3))
    path[:, 0, 0] = path[:, 1, 1] = zoom * np.cos(angle)
    path[:, 0, 1], path[:, 1, 0] = -zoom * np.sin(angle), zoom * np.sin(angle)
    shift = np.stack(along, 1) - np.stack(along, 1)[count // 2]
    path[:, :, 2] = centre + shift - np.einsum("nij,j->ni", path[:, :, :2], centre)
    return path


def _moments(image: FloatArray, path: NDArray[np.float64]) -> list[FloatArray]:
    height, width = image.shape[:2]
    return [
        floats(
            cv2.warpAffine(image, matrix, (width, height), borderMode=cv2.BORDER_REFLECT)
        ).reshape(image.shape)
        for matrix in path
    ]


def _blob(rng: Generator, size: tuple[int, int]) -> FloatArray:
    """A soft-rimmed shape (h, w, 1), 0..1, over a part of the picture."""
    height, width = size
    few = rng.random((4, 4), np.float32)
    field = cv2.resize(few, (width, height), interpolation=cv2.INTER_CUBIC)
    return floats(np.clip((field - rng.uniform(0.45, 0.7)) * 12, 0, 1))[..., None]
