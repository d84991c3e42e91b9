"""Hard negatives for finding: places of intact photos that a finder takes for destroyed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.photo import FloatArray, floats

Look = Callable[[FloatArray], FloatArray]
"""Logits (h, w, 1) of damage for a picture (h, w, 3), as `Finder.look` gives them."""
_SHRINKS = (1.0, 0.7, 0.5)
"""Sizes at which each photo is looked at: what is broad in one is thin in another."""
_CELL = 64
"""Side, in pixels, of the squares by which a photo is judged."""
_MOST = 12
"""Squares that one photo gives at one size, so that no fence outnumbers all other photos."""


@dataclass(frozen=True, slots=True)
class HardPlace:
    """Where a finder is wrong: the middle of a square of photo number `photo`, in pixels."""

    photo: int
    row: int
    column: int
    shrink: float
    """The size, 0..1, to which the photo was reduced when it happened."""


def hard_places(photos: Sequence[NDArray[np.uint8]], look: Look, count: int) -> list[HardPlace]:
    """Up to `count` places of intact `photos` (h, w, 3), the ones most wrongly seen first.

    How wrong is the finder's cross entropy there. Training on what a detector takes for its object
    and is none is hard negative mining (Sung and Poggio 1998).
    """
    found = [
        hard
        for index, photo in enumerate(photos)
        for shrink in _SHRINKS
        for hard in _worst(index, photo, shrink, look)
    ]
    found.sort(key=lambda hard: -hard[0])
    return [place for _, place in found[:count]]


def _worst(
    index: int, photo: NDArray[np.uint8], shrink: float, look: Look
) -> list[tuple[float, HardPlace]]:
    size = tuple(max(round(n * shrink), 1) for n in photo.shape[1::-1])
    small = cv2.resize(photo, size, interpolation=cv2.INTER_AREA) if shrink < 1 else photo
    logits = look(floats(small) / np.float32(255))[..., 0]
    rows, columns = (n // _CELL for n in logits.shape)
    entropy = np.logaddexp(0, logits[: rows * _CELL, : columns * _CELL])
    cells = entropy.reshape(rows, _CELL, columns, _CELL).mean((1, 3))
    order = np.argsort(-cells, axis=None)[:_MOST]
    return [
        (float(cells.flat[i]), HardPlace(index, *_middle(int(i), columns, shrink), shrink))
        for i in order
    ]


def _middle(cell: int, columns: int, shrink: float) -> tuple[int, int]:
    row, column = divmod(cell, columns)
    return round((row + 0.5) * _CELL / shrink), round((column + 0.5) * _CELL / shrink)
