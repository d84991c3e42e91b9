"""What is filled of a photo that is looked at as a print: the marks that were found on it.

A network that learnt to find scratches takes a few things in intact photos for them: strings,
twigs, the bars of a grille. Those lie where such things are, and are as bright as these. What lies
on a print lies anywhere, over faces and skies alike, and is of one paper or one dirt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.measures.slopes import log_ratio, squared_slopes
from engine.photo import LUMA, FloatArray

_SEEN = 3.0
"""Levels of 255 by which a pixel has to change to count as filled."""
_CELL = 32
"""Side in pixels of the cells by which it is told whether marks lie everywhere."""
_THICK = 5
"""Side in pixels of a square that fits into what is no line."""
_AROUND = 9
"""Side in pixels of the square around a mark by which the place where it lies is judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodRepair:
    """Of all crops together; all 0 where nothing is filled."""

    cover: float = 0.0
    """Share, 0 to 1, of the pixels that are filled."""
    change: float = 0.0
    """Root mean square over all pixels and channels, levels of 255."""
    contrast: float = 0.0
    """Root mean square of the change of luma in what is filled, levels of 255."""
    bright: float = 0.0
    """Share of it, 0 to 1, by its power, where the photo was brighter than what it became."""
    colour: float = 0.0
    """Logarithm of the root mean square of the change of colour over that of luma."""
    ink: float = 0.0
    """Mean luma, 0 to 1, of what was there."""
    ink_spread: float = 0.0
    """Its standard deviation."""
    thick: float = 0.0
    """Share of what is filled, 0 to 1, that is no line."""
    everywhere: float = 0.0
    """Share of the cells, 0 to 1, in which something is filled."""
    busy: float = 0.0
    """Logarithm of the mean slope around what is filled, once it is, over that of all."""


def measure_method_repair(
    crops: Sequence[FloatArray], filled: Sequence[FloatArray]
) -> MethodRepair:
    """Compare full-size crops (height, width, 3), 0 to 255, with the same, their marks filled.

    Without a crop of at least 32 x 32 pixels, or with nothing filled, all is 0.
    """
    pairs = [(a, b) for a, b in zip(crops, filled, strict=True) if min(a.shape[:2]) >= _CELL]
    found = [np.asarray(np.abs(a - b).max(2) > _SEEN, np.bool_) for a, b in pairs]
    if not any(marks.any() for marks in found):
        return MethodRepair()
    taken = np.concatenate([(a - b)[marks] for (a, b), marks in zip(pairs, found, strict=True)])
    ink = np.concatenate([a[marks] for (a, _), marks in zip(pairs, found, strict=True)]) @ LUMA
    luma, pixels = taken @ LUMA, sum(marks.size for marks in found)
    power = np.square(luma)
    slopes = [squared_slopes(b @ LUMA) for _, b in pairs]
    near = [_around(marks) for marks in found]
    return MethodRepair(
        cover=len(taken) / pixels,
        change=float(np.square(taken).sum() / (3 * pixels)) ** 0.5,
        contrast=float(power.mean()) ** 0.5,
        bright=float(power[luma > 0].sum() / max(power.sum(), 1e-9)),
        colour=log_ratio(float(power.mean()), float(np.square(taken - luma[:, None]).mean())),
        ink=float(ink.mean()) / 255,
        ink_spread=float(ink.std()) / 255,
        thick=sum(_thick(marks) for marks in found) / len(taken),
        everywhere=float(np.concatenate([_cells(marks) for marks in found]).mean()),
        busy=log_ratio(_mean(slopes), _mean([s[n] for s, n in zip(slopes, near, strict=True)])),
    )


def _around(marks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    square = np.ones((_AROUND, _AROUND), np.uint8)
    return np.asarray(cv2.dilate(marks.astype(np.uint8), square) > 0, np.bool_)


def _thick(marks: NDArray[np.bool_]) -> int:
    """How many pixels lie in squares of `_THICK` that are filled as a whole."""
    square = np.ones((_THICK, _THICK), np.uint8)
    return int(cv2.morphologyEx(marks.astype(np.uint8), cv2.MORPH_OPEN, square).sum())


def _cells(marks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which whole cells have a mark in them."""
    rows, columns = (n // _CELL for n in marks.shape)
    whole = marks[: rows * _CELL, : columns * _CELL].reshape(rows, _CELL, columns, _CELL)
    return np.asarray(whole.any(axis=(1, 3)).ravel(), np.bool_)


def _mean(values: Sequence[FloatArray]) -> float:
    return float(np.concatenate([v.ravel() for v in values]).mean())
