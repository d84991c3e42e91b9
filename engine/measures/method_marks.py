"""What a network takes off a photo that learned to take off rain, or snow.

The counterpart of `engine.measures.method_noise`. Streaks and flakes of many sizes lie before a
scene that has streaks and flakes of its own: grass, reeds, lamps, blossom. A network that learned
to undo rain has seen such scenes with and without; given a dry one it changes little, and what it
takes by mistake is edges. What it takes of rain is light, without colour, in few places, as much of
it everywhere, and, of streaks, all one way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from engine.measures.slopes import beside, log_ratio
from engine.photo import LUMA, FloatArray

_NOTHING = 0.01
"""Levels squared below which nothing was taken, so that shares stay finite."""
_FAR = 4
"""Pixels between neighbours that are farther apart."""
_CELL = 32
"""Side in pixels of the cells by which it is told whether something lies everywhere."""
_FEW = 0.25
"""The share of the cells with the least in them."""
_DETAIL = 1.0
"""Standard deviation, in pixels, of what is not detail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodMarks:
    """Of all crops together; of luma, where nothing else is said."""

    change: float = 0.0
    """Root mean square over all pixels and channels, levels of 255."""
    bright: float = 0.0
    """Share, 0 to 1, of its power where the photo was brighter than what it became."""
    colour: float = 0.0
    """Logarithm of the root mean square of the colour taken, which is what differs from gray of its
    luma, over that of the luma."""
    spread: float = 0.0
    """Mean of its absolute value over its root mean square: less where much is taken in few
    places."""
    likeness: float = 0.0
    """Correlation of a pixel with its neighbour, -1 to 1."""
    likeness_far: float = 0.0
    """The same at four pixels' distance."""
    aligned: float = 0.0
    """How far its slopes run one way, 0 to 1."""
    upright: float = 0.0
    """The same, for streaks from above; below 0 for level ones."""
    everywhere: float = 0.0
    """Root mean square in the quarter of the cells that has least, over that of all."""
    structure: float = 0.0
    """Correlation with the detail that is left."""
    ground: float = 0.0
    """Mean luma of what lay behind it, 0 to 1, each place by the power of what was taken there."""


def measure_method_marks(crops: Sequence[FloatArray], cleared: Sequence[FloatArray]) -> MethodMarks:
    """Compare full-size crops (height, width, 3), 0 to 255, with what a network made of them.

    Without a crop of at least 32 x 32 pixels nothing is measured.
    """
    pairs = [(a, b) for a, b in zip(crops, cleared, strict=True) if min(a.shape[:2]) >= _CELL]
    if not pairs:
        return MethodMarks()
    rows = np.stack([_moments(before - after, after @ LUMA) for before, after in pairs])
    sizes = np.array([before.shape[0] * before.shape[1] for before, _ in pairs], np.float64)
    mean = [float(value) for value in np.average(rows, axis=0, weights=sizes)]
    (
        change,
        power,
        colour,
        bright,
        absolute,
        near,
        far,
        across,
        down,
        both,
        along,
        detail,
        ground,
    ) = mean
    cells = np.sort(np.concatenate([_cells(before - after) for before, after in pairs]))
    least = float(cells[: max(1, round(_FEW * len(cells)))].mean())
    rest, total = power + _NOTHING, across + down + _NOTHING
    return MethodMarks(
        change=change**0.5,
        bright=bright / rest,
        colour=log_ratio(power, colour),
        spread=absolute / rest**0.5,
        likeness=near / rest,
        likeness_far=far / rest,
        aligned=float(np.hypot(across - down, 2 * both)) / total,
        upright=(across - down) / total,
        everywhere=(least / rest) ** 0.5,
        structure=along / (rest * (detail + _NOTHING)) ** 0.5,
        ground=ground / rest / 255,
    )


def _moments(taken: FloatArray, behind: FloatArray) -> FloatArray:
    """Means over one crop of all products that the measures are made of, in the order above."""
    luma = np.asarray(taken @ LUMA, np.float32)
    power = np.square(luma)
    across, down = (cv2.Sobel(luma, cv2.CV_32F, *way, scale=1 / 8) for way in ((1, 0), (0, 1)))
    detail = behind - cv2.GaussianBlur(behind, (0, 0), _DETAIL)
    means = (
        np.square(taken).mean(),
        power.mean(),
        np.square(taken - luma[..., None]).mean(),
        power[luma > 0].sum() / luma.size,
        np.abs(luma).mean(),
        beside(luma, 1),
        beside(luma, _FAR),
        np.square(across).mean(),
        np.square(down).mean(),
        (across * down).mean(),
        (luma * detail).mean(),
        np.square(detail).mean(),
        (power * behind).mean(),
    )
    return np.array(means, np.float64)


def _cells(taken: FloatArray) -> FloatArray:
    """Mean power of the luma in each whole cell."""
    power = np.square(taken @ LUMA)
    rows, columns = (n // _CELL for n in power.shape)
    whole = power[: rows * _CELL, : columns * _CELL].reshape(rows, _CELL, columns, _CELL)
    return np.asarray(whole.mean(axis=(1, 3)).ravel(), np.float32)
