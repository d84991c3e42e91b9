"""What a finder of scratches sees in a photo that may be a scanned print.

It takes a few things in intact photos for marks: strings, twigs, the bars of a grille. Those lie
where such things are, and are as bright as these, and it is hardly ever sure of them. What lies on
a print lies anywhere, over faces and skies alike, is of one paper or one dirt, and of some of it
the finder is sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.measures.slopes import log_ratio, squared_slopes
from engine.photo import LUMA, FloatArray, floats

_MARK = 1.0
"""Log odds from which a pixel counts as one of a mark."""
_NEVER = -16.0
"""Log odds where nobody looked, as a finder has them at the least."""
_CELL = 32
"""Side in pixels of the cells by which it is told whether marks lie everywhere."""
_THICK = 5
"""Side in pixels of a square that fits into what is no line."""
_GROUND = 11
"""Side in pixels of the square whose median is what lies beneath a mark."""
_AROUND = 9
"""Side in pixels of the square around a mark by which the place where it lies is judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMarks:
    """Of all crops together. What is said of marks is 0 where there is none."""

    surest: float = _NEVER
    """Log odds above which one pixel in a thousand is."""
    sure: float = _NEVER
    """Above which one in a hundred is."""
    usual: float = _NEVER
    """Above which one in ten is."""
    cover: float = 0.0
    """Share, 0 to 1, of the pixels that marks cover."""
    change: float = 0.0
    """Root mean square over all pixels and channels of what marks differ from what lies beneath:
    levels of 255."""
    contrast: float = 0.0
    """The same in marks alone, of luma."""
    bright: float = 0.0
    """Share of it, 0 to 1, by its power, of marks brighter than what lies beneath."""
    colour: float = 0.0
    """Logarithm of the root mean square by which the colour differs, over that of the luma."""
    ink: float = 0.0
    """Mean luma of marks, 0 to 1."""
    ink_spread: float = 0.0
    """Its standard deviation."""
    thick: float = 0.0
    """Share of what marks cover, 0 to 1, that is no line."""
    everywhere: float = 0.0
    """Share of the cells, 0 to 1, in which there is a mark."""
    busy: float = 0.0
    """Logarithm of the mean slope of what lies beneath around marks, over that of all."""


def measure_found_marks(crops: Sequence[FloatArray], said: Sequence[FloatArray]) -> FoundMarks:
    """Crops (height, width, 3), 0 to 255, and the log odds (height, width) that a finder gives each
    pixel of being destroyed.

    Without a crop of at least 32 x 32 pixels nothing is measured.
    """
    pairs = [(a, b) for a, b in zip(crops, said, strict=True) if min(a.shape[:2]) >= _CELL]
    if not pairs:
        return FoundMarks()
    odds = np.concatenate([b.ravel() for _, b in pairs])
    usual, sure, surest = (float(value) for value in np.quantile(odds, (0.9, 0.99, 0.999)))
    of_all = FoundMarks(surest=surest, sure=sure, usual=usual)
    marks = [np.asarray(b > _MARK, np.bool_) for _, b in pairs]
    if not any(where.any() for where in marks):
        return of_all
    return _with_marks(of_all, [crop for crop, _ in pairs], marks)


def _with_marks(
    of_all: FoundMarks, crops: Sequence[FloatArray], marks: Sequence[NDArray[np.bool_]]
) -> FoundMarks:
    grounds = [_beneath(crop) for crop in crops]
    taken = np.concatenate([(c - g)[w] for c, g, w in zip(crops, grounds, marks, strict=True)])
    ink = np.concatenate([c[w] for c, w in zip(crops, marks, strict=True)]) @ LUMA
    luma, pixels = taken @ LUMA, sum(where.size for where in marks)
    power = np.square(luma)
    slopes = [squared_slopes(ground @ LUMA) for ground in grounds]
    near = [s[_around(w)] for s, w in zip(slopes, marks, strict=True)]
    return FoundMarks(
        surest=of_all.surest,
        sure=of_all.sure,
        usual=of_all.usual,
        cover=len(taken) / pixels,
        change=float(np.square(taken).sum() / (3 * pixels)) ** 0.5,
        contrast=float(power.mean()) ** 0.5,
        bright=float(power[luma > 0].sum() / max(power.sum(), 1e-9)),
        colour=log_ratio(float(power.mean()), float(np.square(taken - luma[:, None]).mean())),
        ink=float(ink.mean()) / 255,
        ink_spread=float(ink.std()) / 255,
        thick=sum(_thick(where) for where in marks) / len(taken),
        everywhere=float(np.concatenate([_cells(where) for where in marks]).mean()),
        busy=log_ratio(_mean(slopes), _mean(near)),
    )


def _beneath(crop: FloatArray) -> FloatArray:
    return floats(cv2.medianBlur(np.rint(crop).astype(np.uint8), _GROUND))


def _around(marks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    square = np.ones((_AROUND, _AROUND), np.uint8)
    return np.asarray(cv2.dilate(marks.astype(np.uint8), square) > 0, np.bool_)


def _thick(marks: NDArray[np.bool_]) -> int:
    """How many pixels lie in squares of `_THICK` that are marked as a whole."""
    square = np.ones((_THICK, _THICK), np.uint8)
    return int(cv2.morphologyEx(marks.astype(np.uint8), cv2.MORPH_OPEN, square).sum())


def _cells(marks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which whole cells have a mark in them."""
    rows, columns = (n // _CELL for n in marks.shape)
    whole = marks[: rows * _CELL, : columns * _CELL].reshape(rows, _CELL, columns, _CELL)
    return np.asarray(whole.any(axis=(1, 3)).ravel(), np.bool_)


def _mean(values: Sequence[FloatArray]) -> float:
    return float(np.concatenate([v.ravel() for v in values]).mean())
