"""Texture laid over a photo: regular, as of cloth, bricks, windows, or fibrous, as of felt and fur.

A network that sees little of it takes it for noise. It belongs to the scene, so a recipe names it
there, and the clean picture holds it too.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.random import Generator

from engine.photo import FloatArray, floats

_TILE = 64
"""Side of the tile that is repeated, in its own pixels."""
_DIRECTIONS = 8
"""In which threads can lie; those in between are a mix of two or three."""
_FINER = 3
"""How much finer it is laid than the picture, so that what is left is as soft as a lens leaves
it."""


def woven(image: FloatArray, rng: Generator, *, contrast: float, period: float) -> FloatArray:
    """Texture that repeats every `period` pixels, on a part of the picture or on all of it.

    It makes light stronger and weaker by the share `contrast`, somewhat differently in each colour.
    Turned, stretched and seen at an angle.
    """
    height, width = image.shape[:2]
    field = _laid(_tile(rng), height, width, period, rng)
    tint = rng.uniform(0.8, 1.0, 3).astype(np.float32)
    strength = np.float32(contrast) * _where(height, width, rng)
    factor = 1 + (strength * field)[..., None] * tint
    return floats(np.clip(image * factor, 0, 1))


def fibrous(
    image: FloatArray, rng: Generator, *, contrast: float, width: float, length: float
) -> FloatArray:
    """Short threads that lie this way and that, as in felt, fur, wool and grass.

    Each is about `width` pixels wide and `length` pixels long. They make light stronger and weaker
    by the share `contrast`, their standard deviation, and alike in all colours but for a tint: that
    is what sets them apart from a camera's noise.
    """
    height, across = image.shape[:2]
    field = _threads(height, across, width, length, rng)
    field += np.float32(rng.uniform(-0.15, 0.3)) * (field * field - 1)  # glints, or dark gaps
    tint = rng.uniform(0.85, 1.0, 3).astype(np.float32)
    strength = np.float32(contrast) * _where(height, across, rng)
    factor = 1 + (strength * np.clip(field, -3, 3))[..., None] * tint
    return floats(np.clip(image * np.maximum(factor, 0), 0, 1))


def _threads(height: int, across: int, width: float, length: float, rng: Generator) -> FloatArray:
    """Threads in directions that turn slowly from place to place, of standard deviation 1."""
    noise = rng.standard_normal((height, across), np.float32)
    coarse = rng.normal(0, 1, (2, 4, 4)).astype(np.float32) + rng.normal(0, 1.5, (2, 1, 1))
    x, y = (
        cv2.resize(c.astype(np.float32), (across, height), interpolation=cv2.INTER_CUBIC)
        for c in coarse
    )
    field = np.zeros((height, across), np.float32)
    for turn in np.arange(_DIRECTIONS) * math.pi / _DIRECTIONS:
        along = (x * math.cos(2 * turn) + y * math.sin(2 * turn)) / np.hypot(x, y).clip(1e-6)
        share = (
            np.maximum(along, 0) ** 2
        )  # of two neighbours at most: squares of one sine and cosine
        field += np.sqrt(share) * cv2.filter2D(
            noise, -1, _thread(width, length, turn), borderType=cv2.BORDER_REFLECT
        )
    return floats(field / max(1e-6, float(field.std())))


def _thread(width: float, length: float, turn: float) -> FloatArray:
    """A kernel that draws noise out to threads, its squares adding up to 1."""
    reach = math.ceil(1.5 * length)
    rows, columns = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    along = columns * math.cos(turn) + rows * math.sin(turn)
    beside = rows * math.cos(turn) - columns * math.sin(turn)
    kernel = np.exp(-2 * (along / length) ** 2 - 2 * (beside / width) ** 2)
    return floats(kernel / np.sqrt((kernel * kernel).sum()))


def _tile(rng: Generator) -> FloatArray:
    """What is repeated, (_TILE, _TILE), its mean 0 and its largest value about 1."""
    across, down = np.meshgrid(*(np.arange(_TILE, dtype=np.float32) / _TILE,) * 2)
    kind = int(rng.integers(4))
    if kind == 0:  # threads over and under each other
        threads = np.sin(2 * np.pi * across) * np.sin(2 * np.pi * down)
        tile = np.sign(threads) * np.abs(threads) ** rng.uniform(0.3, 1.5)
    elif kind == 1:  # windows, bricks or meshes
        left, top = rng.uniform(0.15, 0.8, 2)
        shifted = (across + 0.5 * (rng.random() < 0.3) * (np.floor(2 * down) % 2)) % 1
        tile = np.where((shifted < left) & ((down * rng.integers(1, 3)) % 1 < top), 1.0, -1.0)
    elif kind == 2:  # stripes
        tile = np.sin(2 * np.pi * across) + rng.uniform(0, 0.6) * np.sin(4 * np.pi * across)
    else:  # any ornament
        coarse = rng.normal(0, 1, (int(rng.integers(3, 9)),) * 2).astype(np.float32)
        wrapped = cv2.copyMakeBorder(coarse, 2, 2, 2, 2, cv2.BORDER_WRAP)
        step = _TILE // coarse.shape[0]
        large = cv2.resize(wrapped, None, fx=step, fy=step, interpolation=cv2.INTER_CUBIC)
        tile = cv2.resize(large[2 * step : -2 * step, 2 * step : -2 * step], (_TILE, _TILE))
    soft = cv2.GaussianBlur(np.tile(tile.astype(np.float32), (3, 3)), (0, 0), rng.uniform(0.8, 6))
    middle = soft[_TILE : 2 * _TILE, _TILE : 2 * _TILE]
    middle = middle - middle.mean()
    return floats(middle / max(1e-6, float(np.abs(middle).max())))


def _laid(tile: FloatArray, height: int, width: int, period: float, rng: Generator) -> FloatArray:
    """The tile all over (height, width), each of its copies `period` pixels wide."""
    rows, columns = np.mgrid[0 : height * _FINER, 0 : width * _FINER].astype(np.float32) / _FINER
    tilt = rng.uniform(-0.6, 0.6, 2) / max(height, width)
    near = 1 + tilt[0] * (columns - width / 2) + tilt[1] * (rows - height / 2)
    x, y = (columns - width / 2) / near, (rows - height / 2) / near
    turn = rng.normal(0, 0.15) if rng.random() < 0.6 else rng.uniform(0, math.pi)
    cos, sin = math.cos(turn), math.sin(turn)
    scale, stretch = _TILE / period, rng.uniform(0.6, 1.6)
    start = rng.uniform(0, _TILE, 2)
    u = (scale * (cos * x + sin * y) + start[0]) % _TILE
    v = (scale * stretch * (cos * y - sin * x) + start[1]) % _TILE
    fine = cv2.remap(
        tile, u.astype(np.float32), v.astype(np.float32), cv2.INTER_LINEAR, None, cv2.BORDER_WRAP
    )
    return floats(cv2.resize(fine, (width, height), interpolation=cv2.INTER_AREA))


def _where(height: int, width: int, rng: Generator) -> FloatArray:
    """How much of it is at each place, (height, width), 0..1: everywhere or in a few patches."""
    if rng.random() < 0.4:
        return np.ones((height, width), np.float32)
    hills = cv2.resize(
        rng.normal(0, 1, (4, 4)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC
    )
    sharpness = math.exp(rng.uniform(math.log(1), math.log(40)))
    return floats(1 / (1 + np.exp(-np.clip(sharpness * hills, -30, 30))))
