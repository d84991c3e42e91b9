"""How much sharper a deblurring network makes a photo, and how.

The counterpart of `engine.measures.method_noise`. Edges alone do not tell a blurred photo from one
of soft things: both have none that is sharp. A network that learned to undo blur has seen what
things look like behind it, doubled contours and discs above all. Given a photo that was soft from
the start it changes little; given a blurred one it raises the fine detail along the edges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from engine.measures.sharpness import Sharpness, measure_sharpness
from engine.measures.slopes import log_ratio, squared_slopes
from engine.photo import LUMA, FloatArray

_NOTHING = 0.01
"""Levels squared below which there is nothing, so that ratios stay finite."""
_FINE, _COARSE = 0.6, 1.5
"""Standard deviations in pixels at which slopes are measured."""
_DETAIL = 2.0
"""Likewise of what is not detail."""
_STEEPEST = 0.1
"""Share of the pixels that count as edges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodBlur:
    """Of all crops together, in luma; logarithms are natural, ratios of after over before."""

    change: float = 0.0
    """Root mean square over all pixels and channels, levels of 255."""
    fine: float = 0.0
    """Logarithm of the ratio of the slopes' root mean square, nearly unsmoothed."""
    coarse: float = 0.0
    """The same of slopes smoothed over some pixels."""
    edges: float = 0.0
    """The same as `fine` in the steepest tenth of the pixels alone."""
    along: float = 0.0
    """Correlation of the change with the detail there was: above 0 where detail was raised."""
    soft: float = 0.0
    """Logarithm of the width of edges before (`Sharpness.width`), in pixels; 0 without edges."""
    soft_across: float = 0.0
    """The same of `Sharpness.width_across`."""
    width: float = 0.0
    """Logarithm of the ratio of the edges' widths, in the direction of the sharpest; 0 where there
    are no edges before or after."""
    width_across: float = 0.0
    """The same in the direction of the softest."""


def measure_method_blur(crops: Sequence[FloatArray], sharpened: Sequence[FloatArray]) -> MethodBlur:
    """Compare full-size crops (height, width, 3), 0 to 255, with what a network made of them.

    Without a crop of at least 16 x 16 pixels nothing is measured.
    """
    rows, sizes = [], []
    before, after = [], []
    for crop, sharp in zip(crops, sharpened, strict=True):
        if min(crop.shape[:2]) < 16:
            continue
        before.append(np.asarray(crop @ LUMA, np.float32))
        after.append(np.asarray(sharp @ LUMA, np.float32))
        rows.append([float(np.square(sharp - crop).mean()), *_moments(before[-1], after[-1])])
        sizes.append(crop.shape[0] * crop.shape[1])
    if not rows:
        return MethodBlur()
    means = np.average(np.array(rows), axis=0, weights=np.array(sizes, np.float64))
    change, luma, detail, along, *slopes = (float(value) for value in means)
    fine, coarse, edges = (log_ratio(*slopes[i : i + 2]) for i in (0, 2, 4))
    were, are = measure_sharpness(before, 0.0), measure_sharpness(after, 0.0)
    return MethodBlur(
        change=change**0.5,
        fine=fine,
        coarse=coarse,
        edges=edges,
        along=along / ((luma + _NOTHING) * (detail + _NOTHING)) ** 0.5,
        soft=_logarithm(were.width, were),
        soft_across=_logarithm(were.width_across, were),
        width=_logarithm(are.width / were.width, were, are),
        width_across=_logarithm(are.width_across / were.width_across, were, are),
    )


def _moments(before: FloatArray, after: FloatArray) -> list[float]:
    """Means over one crop of the products that the measures are made of, in the order above."""
    change = after - before
    detail = before - cv2.GaussianBlur(before, (0, 0), _DETAIL)
    found = [np.square(change).mean(), np.square(detail).mean(), (change * detail).mean()]
    for sigma in (_FINE, _COARSE):
        found += [_slopes(before, sigma).mean(), _slopes(after, sigma).mean()]
    steep = _slopes(before, _COARSE)
    edge = steep >= np.quantile(steep, 1 - _STEEPEST)
    found += [_slopes(before, _FINE)[edge].mean(), _slopes(after, _FINE)[edge].mean()]
    return [float(value) for value in found]


def _slopes(luma: FloatArray, sigma: float) -> FloatArray:
    """Squared slope at every pixel, levels a pixel."""
    return squared_slopes(np.asarray(cv2.GaussianBlur(luma, (0, 0), sigma), np.float32))


def _logarithm(width: float, *measured: Sharpness) -> float:
    """0 unless all of `measured` had edges."""
    return float(np.log(width)) if all(one.has_edges for one in measured) else 0.0
