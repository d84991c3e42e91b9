"""Thumbnails of whole scenes, (degraded, clean), for the light estimators."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.photo import LUMA, FloatArray, floats
from trainer.degradations.haze import Haze
from trainer.degrade import Degraded
from trainer.recipe import Recipe, TaskRecipe

_KEPT = 2.6
"""Photos are kept at this many times the thumbnail's side: a crop of half of it still shrinks."""
_MULTIPLE = 16
_SLIMMEST = 0.5
"""Shortest side of a thumbnail over its longest."""
_DARK, _PLACE = 0.2, 9
"""Mean brightness, 0..1, below which a place is dark, and its pixels across in a photo of 192."""
_DARK_SHARE = 0.12
"""Most of a photo that is dark where it is lit well."""
_STRETCH = 0.12
"""Most by which a crop's shape, as a logarithm, may differ from the thumbnail's."""


@dataclass(frozen=True, slots=True)
class LightBatch:
    """Thumbnails (b, 3, h, w), 0..1, and the haze that was laid over them."""

    degraded: FloatArray
    clean: FloatArray
    transmission: FloatArray
    """(b, 1, h, w), 0..1"""
    airlight: FloatArray
    """(b, 3, h, w), 0..1"""
    known: FloatArray
    """(b): 1 where these two undo it, 0 where nothing is known of it."""


class LightPairs:
    """An endless, indexable supply of batches; equal (photos, recipe, seed) give equal batches."""

    def __init__(self, photos: list[NDArray[np.uint8]], recipe: Recipe, seed: int) -> None:
        """`photos` (h, w, 3) are kept small; `recipe` is for the one task that is drawn."""
        self.recipe, self.seed = recipe, seed
        (self.task,) = recipe.tasks
        self.photos = [_kept(photo, recipe.size) for photo in photos]

    def batch(self, index: int) -> LightBatch:
        """The batch number `index`, the same whenever it is asked for."""
        rng = np.random.default_rng((self.seed, index))
        shape = _shape(self.recipe.size, rng)
        pairs = [self._pair(shape, rng) for _ in range(self.recipe.batch)]
        states, clean = zip(*pairs, strict=True)
        hazes = [state.haze or Haze.none(shape) for state in states]
        return LightBatch(
            _channels_first(np.stack([state.pixels for state in states])),
            _channels_first(np.stack(clean)),
            np.stack([haze.transmission for haze in hazes])[:, None],
            _channels_first(np.stack([haze.airlight for haze in hazes])),
            floats([state.haze is not None for state in states]),
        )

    def _pair(self, shape: tuple[int, int], rng: Generator) -> tuple[Degraded, FloatArray]:
        photo = self.photos[int(rng.integers(len(self.photos)))]
        clean = self.task.clean(scene(photo, shape, self.task, rng), rng)
        return self.task.degraded(clean, rng), np.clip(clean, 0, 1)


def well_lit(photo: NDArray[np.uint8]) -> bool:
    """Whether hardly any place of a photo (h, w, 3) is dark.

    Only such photos can teach what to do with shadows: of others, and photographers like them
    moody, it would be learnt that deep shadows are as they should be.
    """
    height, width = photo.shape[:2]
    shrink = 192 / max(height, width)
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    small = floats(cv2.resize(photo, size, interpolation=cv2.INTER_AREA)) / np.float32(255)
    places = cv2.blur(small @ LUMA, (_PLACE, _PLACE))
    return float((places < _DARK).mean()) <= _DARK_SHARE


def scene(
    photo: NDArray[np.uint8], shape: tuple[int, int], task: TaskRecipe, rng: Generator
) -> FloatArray:
    """A large part of a photo at `shape` (h, w), mirrored at random, (h, w, 3), 0..1."""
    height, width = photo.shape[:2]
    aspect = shape[1] / shape[0] * np.exp(rng.uniform(-_STRETCH, _STRETCH))
    share = task.shrink.draw(rng)
    across = share * min(width, height * aspect)
    wide, high = min(width, max(2, round(across))), min(height, max(2, round(across / aspect)))
    left, top = (int(rng.integers(0, n + 1)) for n in (width - wide, height - high))
    part = photo[top : top + high, left : left + wide]
    if rng.random() < 0.5:
        part = part[:, ::-1]
    part = np.ascontiguousarray(part)
    way = cv2.INTER_AREA if wide > shape[1] else cv2.INTER_LINEAR
    return floats(cv2.resize(part, shape[::-1], interpolation=way)) / np.float32(255)


def _kept(photo: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    height, width = photo.shape[:2]
    shrink = _KEPT * side / max(height, width)
    if shrink >= 1:
        return photo
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    return np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_AREA), np.uint8)


def _shape(side: int, rng: Generator) -> tuple[int, int]:
    """Height and width of a batch's thumbnails: one side at most `side`, multiples of 16."""
    most = max(1, side // _MULTIPLE)
    least = max(1, round(_SLIMMEST * most))
    other = int(rng.integers(least, most + 1)) * _MULTIPLE
    longest = most * _MULTIPLE
    return (other, longest) if rng.random() < 0.7 else (longest, other)


def _channels_first(pictures: FloatArray) -> FloatArray:
    return np.ascontiguousarray(pictures.transpose(0, 3, 1, 2))
