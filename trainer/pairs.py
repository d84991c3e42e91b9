"""Batches of (degraded, clean) pairs, made on the fly from a folder of clean photographs."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.diffusion.devices import available_memory
from engine.errors import BadRecipe, OutOfMemory
from engine.photo import FloatArray
from trainer.recipe import Recipe, TaskRecipe

log = logging.getLogger(__name__)

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"}
"""Of the photos that are trained on."""
_ROOM = 0.6
"""Most of the free memory that photos take."""
_MARGIN = 12
"""Pixels around a crop that are degraded with it and cut off, 0 to all of them on either side, so
that JPEG grids lie at any offset and blurs seldom see a reflected border."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Crops, each with its task: `degraded` and `clean` (b, 3, s, s), `damage` and `mask`
    (b, 1, s, s).

    `damage` is the truth; `mask` is what the network is told of it.
    """

    tasks: tuple[str, ...]
    degraded: FloatArray
    clean: FloatArray
    damage: FloatArray
    mask: FloatArray


class Pairs:
    """An endless, indexable supply of batches; equal (photos, recipe, seed) give equal batches."""

    def __init__(self, folder: Path, recipe: Recipe, seed: int) -> None:
        """Decode all photos below `folder` into memory; raises `BadRecipe` if there are none."""
        self.recipe, self.seed = recipe, seed
        self.photos = decoded_photos(folder)
        areas = np.array([p.shape[0] * p.shape[1] for p in self.photos], np.float64)
        self._chances = areas / areas.sum()

    def batch(self, index: int) -> Batch:
        """The batch number `index`, the same whenever it is asked for."""
        rng = np.random.default_rng((self.seed, index))
        tasks = [self.recipe.draw(rng) for _ in range(self.recipe.batch)]
        pairs = [self._pair(task, rng) for task in tasks]
        degraded, clean, damage, mask = (np.stack(part) for part in zip(*pairs, strict=True))
        return Batch(
            tuple(task.id for task in tasks),
            np.ascontiguousarray(degraded.transpose(0, 3, 1, 2)),
            np.ascontiguousarray(clean.transpose(0, 3, 1, 2)),
            damage[:, None],
            mask[:, None],
        )

    def _pair(
        self, task: TaskRecipe, rng: Generator
    ) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        photo = self.photos[int(rng.choice(len(self.photos), p=self._chances))]
        side = self.recipe.size + _MARGIN
        crop = cropped(photo, side, task.shrink.draw(rng), rng, upright=task.upright)
        clean = task.clean(crop, rng)
        state = task.degraded(clean, rng)
        top, left = task.grid * rng.integers(0, _MARGIN // task.grid + 1, 2)
        cut = slice(top, top + self.recipe.size), slice(left, left + self.recipe.size)
        degraded = state.pixels[cut]
        damage = state.damage[cut]
        told = damage.any() and rng.random() < 0.5
        mask = _dilated(damage, rng) if told else np.zeros_like(damage)
        return degraded, np.clip(clean[cut], 0, 1), damage, mask


def decoded_photos(folder: Path) -> list[NDArray[np.uint8]]:
    """All photos below `folder` as (h, w, 3) RGB, upright.

    Files that cannot be read are named in the log and left out. Raises `BadRecipe` if there are no
    others, and `OutOfMemory` before they leave too little for the training itself.
    """
    photos = []
    room = _ROOM * available_memory() or math.inf  # where a system does not tell
    for path in photo_files(folder):
        photo = _decoded(path)
        if photo is None:
            log.warning("%s cannot be read and is left out", path)
            continue
        photos.append(photo)
        room -= photo.nbytes
        if room < 0:
            raise OutOfMemory(
                f"The photos below {folder} do not fit into memory, where a training keeps them.",
                f"Name a folder of fewer or smaller ones; {len(photos) - 1} of these would fit.",
            )
    if not photos:
        raise BadRecipe(
            f"There are no photos to train on in {folder}.", "Name their folder with --photos."
        )
    return photos


def photo_files(folder: Path) -> list[Path]:
    """The files below `folder` that a training takes for photos, in order; links too."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)


def _decoded(path: Path) -> NDArray[np.uint8] | None:
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
        image = cv2.imdecode(data, cv2.IMREAD_COLOR)
    except (OSError, cv2.error):  # a folder of that name; nothing in it, or too much
        return None
    return None if image is None else np.ascontiguousarray(image[..., ::-1], np.uint8)


def cropped(
    photo: NDArray[np.uint8],
    side: int,
    shrink: float,
    rng: Generator,
    *,
    upright: bool,
    around: tuple[int, int] | None = None,
) -> FloatArray:
    """A square (side, side, 3) of a photo reduced to the share `shrink`, 0..1.

    Mirrored at random and, unless `upright`, turned. Of anywhere, or `around` a place (row, column)
    of the photo, which lies anywhere in its inner half.
    """
    shortest = min(photo.shape[:2])
    taken = min(shortest, max(side, round(side / shrink)))
    top, left = (
        _start(photo.shape[axis], taken, rng, around and around[axis]) for axis in range(2)
    )
    part = photo[top : top + taken, left : left + taken]
    if taken != side:
        way = cv2.INTER_AREA if taken > side else cv2.INTER_CUBIC
        part = np.asarray(cv2.resize(part, (side, side), interpolation=way), np.uint8)
    if not upright:
        part = np.rot90(part, int(rng.integers(4)))
    if rng.random() < 0.5:
        part = part[:, ::-1]
    return np.ascontiguousarray(part).astype(np.float32) / np.float32(255)


def _start(length: int, taken: int, rng: Generator, around: int | None) -> int:
    """Where `taken` of `length` pixels begin."""
    last = length - taken
    if around is None:
        return int(rng.integers(0, last + 1))
    return min(max(around - int(rng.integers(taken // 4, 3 * taken // 4 + 1)), 0), last)


def _dilated(damage: FloatArray, rng: Generator) -> FloatArray:
    """A mask as a person or a detector would give it: somewhat too wide."""
    size = int(rng.integers(1, 4)) * 2 - 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return np.asarray(cv2.dilate(damage, kernel), np.float32)
