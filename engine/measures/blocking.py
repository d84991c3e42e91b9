"""The mark of JPEG: its grid of 8 x 8 blocks and the steps its coefficients were rounded to.

Both are read from pixels alone, so that a JPEG which was later cropped and saved as PNG is still
known for what it is. The grid shows in low qualities as steps between blocks; the rounding shows
as a comb in the histograms of the coefficients and gives the quality (the likelihood of a comb
after Fan and de Queiroz, "Identification of bitmap compression history: JPEG detection and
quantizer estimation", IEEE Trans. Image Processing 12, 2003, section IV).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from engine.measures.cosine import SIDE, cut_blocks, transform
from engine.photo import FloatArray

LUMA_STEPS: NDArray[np.int64] = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ]
)
"""Luminance table of the JPEG standard (ITU-T T.81, table K.1), quality 50."""

UNCOMPRESSED = 100.0
_LOOKED_AT = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1), (0, 3), (3, 0))
_LARGEST_STEP = 255
_ROUNDING = 0.7
"""Spread that saving 8-bit RGB adds to a coefficient, in levels."""
_MOST_BLOCKS = 3000
_FEWEST_VALUES = 30
_LARGEST_VALUE = 400
_BINS_PER_LEVEL = 4
_JUMP_CAP = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocking:
    grid: float
    """Steps across the grid over steps elsewhere, as a share of the latter; 0 for no grid."""
    quality: float
    """Estimated JPEG quality, 1 to 100 as libjpeg counts; 100 where no rounding was found."""
    certainty: float
    """Share of the looked-at coefficients whose histogram is a comb, 0 to 1."""
    left: int
    """Columns before the first whole block, 0 to 7."""
    top: int


def measure_blocking(crops: Sequence[FloatArray]) -> Blocking:
    """The blocking of luma crops (height, width), 0 to 255.

    Each crop must begin at a multiple of 8 pixels, so that all share one grid.
    """
    large = [crop for crop in crops if min(crop.shape) >= 3 * SIDE]
    if not large:
        return Blocking(grid=0.0, quality=UNCOMPRESSED, certainty=0.0, left=0, top=0)
    left, across = _phase(large)
    top, down = _phase([crop.T for crop in large])
    found = [(*_quality(large, x, y), x, y) for x, y in dict.fromkeys([(left, top), (0, 0)])]
    quality, certainty, left, top = max(found, key=lambda item: item[1])
    return Blocking(
        grid=(across + down) / 2, quality=quality, certainty=certainty, left=left, top=top
    )


def grid_of(crops: Sequence[FloatArray], side: int) -> float:
    """Steps across a grid of squares of `side` pixels over steps elsewhere, as a share of the
    latter, in luma crops (height, width), 0 to 255; 0 for no grid.

    Each crop must begin at a multiple of `side` pixels; those below 3 squares tell nothing.
    """
    large = [crop for crop in crops if min(crop.shape) >= 3 * side]
    if not large:
        return 0.0
    return (_phase(large, side)[1] + _phase([crop.T for crop in large], side)[1]) / 2


def _phase(crops: Sequence[FloatArray], side: int = SIDE) -> tuple[int, float]:
    """First column of a block, 0 to below `side`, and how much steeper the picture is there."""
    steps, counts = np.zeros(side), np.zeros(side)
    for crop in crops:
        slope = np.minimum(np.abs(np.diff(crop, axis=1)), _JUMP_CAP)
        # A real edge is steep beside the grid as well; what is left is the jump on the grid.
        jump = slope[:, 1:-1] - 0.5 * (slope[:, :-2] + slope[:, 2:])
        columns = jump.mean(axis=0)
        places = (np.arange(len(columns)) + 2) % side
        steps += np.bincount(places, columns, side)
        counts += np.bincount(places, minlength=side)
    means = steps / np.maximum(counts, 1)
    best = int(means.argmax())
    elsewhere = float(np.median(np.delete(means, best)))
    usual = float(
        np.mean([np.minimum(np.abs(np.diff(c, axis=1)), _JUMP_CAP).mean() for c in crops])
    )
    return best, max(0.0, float(means[best]) - elsewhere) / (usual + 0.25)


def _quality(crops: Sequence[FloatArray], left: int, top: int) -> tuple[float, float]:
    """Quality and certainty for the grid that begins at (`left`, `top`)."""
    blocks = np.concatenate([cut_blocks(crop, left, top) for crop in crops])
    blocks = blocks[:: max(1, len(blocks) // _MOST_BLOCKS)]
    flat = blocks.reshape(-1, SIDE * SIDE)
    blocks = blocks[(flat.min(axis=1) > 1) & (flat.max(axis=1) < 254)]
    coefficients = transform(blocks)
    scales, looked_at = [], 0
    for row, column in _LOOKED_AT:
        values = np.abs(coefficients[:, row, column])
        step = _comb(values)
        looked_at += step >= 0
        if step > 1:
            scales.append(step / float(LUMA_STEPS[row, column]))
    if not scales or looked_at < 3:
        return UNCOMPRESSED, 0.0
    scale = 100 * float(np.median(scales))
    quality = (200 - scale) / 2 if scale <= 100 else 5000 / scale
    return float(np.clip(quality, 1, 100)), len(scales) / looked_at


def _comb(values: FloatArray) -> int:
    """The step whose multiples `values` (all at or above 0) are; 0 for none, -1 for too few.

    Values near 0 fit any step and say nothing, so they are left out.
    """
    bins = np.bincount(
        (values * _BINS_PER_LEVEL).astype(np.int64).clip(max=_LARGEST_VALUE * _BINS_PER_LEVEL),
        minlength=_LARGEST_VALUE * _BINS_PER_LEVEL + 1,
    )[:-1]
    bins[: int(2.5 * _BINS_PER_LEVEL)] = 0
    told = int(bins.sum())
    if told < _FEWEST_VALUES:
        return -1
    gain = _gains() @ (bins / told)
    best = int(gain.argmax())
    return best + 1 if gain[best] > 0.3 and best > 0 else 0


@cache
def _gains() -> NDArray[np.float64]:
    """What a value in a bin tells for each step: (steps, bins).

    Gain in log likelihood over values spread evenly; one bad value costs no more than 4.
    """
    values = (np.arange(_LARGEST_VALUE * _BINS_PER_LEVEL) + 0.5) / _BINS_PER_LEVEL
    steps = np.arange(1, _LARGEST_STEP + 1)[:, None]
    away = values - steps * np.round(values / steps)
    gain = np.log(steps / (_ROUNDING * np.sqrt(2 * np.pi))) - np.square(away / _ROUNDING) / 2
    return np.asarray(np.maximum(gain, -4), np.float64)
