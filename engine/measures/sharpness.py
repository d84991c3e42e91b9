"""How sharp the sharpest edges are, and whether they are softer in one direction.

A step edge of standard deviation s, smoothed by a Gaussian of standard deviation a, has a slope
proportional to 1 / sqrt(s^2 + a^2). The ratio of the slopes at two smoothings gives s whatever
the contrast of the edge (Zhuo and Sim, "Defocus map estimation from a single image", Pattern
Recognition 44, 2011, equations 5 to 8). A shaken camera softens edges that face one way more
than others; a shallow depth of field leaves some sharp, which the sharpest tenth tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from engine.measures.cosine import FREQUENCY, cut_all, transform
from engine.photo import FloatArray

_NARROW, _WIDE = 1.0, 2.0
_DIRECTIONS = 8
_FEWEST = 25
_WIDEST = 8.0
_NO_EDGE = 1.0
"""Width assumed where a picture has no edge to measure: neither sharp nor blurred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharpness:
    """Widths are standard deviations in pixels of edges after a smoothing of one pixel: about 1.2
    for a perfect step, less for thin lines, hardly over 1.6 in a sharp photo."""

    width: float
    """Of the middling edge among those that face the way in which edges are sharpest."""
    width_across: float
    """The same for the way in which they are softest."""
    angle: float
    """Direction of the softening, degrees counter-clockwise from horizontal, 0 to 180."""
    coarse: float
    """`width` in a copy of half the size, where a wide blur can still be told from a wider."""
    coarse_across: float
    """`width_across` in that copy."""
    detail: float
    """Finest over coarsest detail where there is most of it, as a natural logarithm."""
    texture: float
    """Middle over coarsest detail, likewise."""
    coarse_texture: float
    """`texture` of the copy of half the size."""
    least: float
    """Width of the sharpest tenth of the edges, in whatever direction."""
    peak: float
    """`detail` of the blocks with the finest detail: high where anything at all is sharp."""
    has_edges: bool = True
    """Whether there was an edge to measure; the widths say nothing otherwise."""

    @property
    def motion(self) -> float:
        """How far the softening is all in one direction, 0 to 1."""
        return float(1 - self.width / max(self.width_across, 1e-6))

    @property
    def blur(self) -> float:
        """0 for pixel-sharp edges, 1 for edges that are 4 pixels wide and more."""
        spread = (self.width + self.width_across) / 2
        return float(np.clip((spread - 1) / 3, 0, 1))


def measure_sharpness(crops: Sequence[FloatArray], noise: float) -> Sharpness:
    """The sharpness of luma crops (height, width), 0 to 255, with noise of `noise` levels."""
    width, width_across, angle, least, found = _widths(crops, noise)
    halves = [_half(crop) for crop in crops if min(crop.shape) >= 16]
    coarse, coarse_across, *_ = _widths(halves, noise / 2)
    detail, texture, peak = _detail(crops)
    _, coarse_texture, _ = _detail(halves)
    return Sharpness(
        width=width,
        width_across=width_across,
        angle=angle,
        coarse=coarse,
        coarse_across=coarse_across,
        detail=detail,
        texture=texture,
        coarse_texture=coarse_texture,
        least=least,
        peak=peak,
        has_edges=found >= _FEWEST,
    )


def _half(crop: FloatArray) -> FloatArray:
    return cv2.resize(crop, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(
        np.float32, copy=False
    )


def _widths(crops: Sequence[FloatArray], noise: float) -> tuple[float, float, float, float, int]:
    """Width in the sharpest and in the softest direction, the latter in degrees, the width of the
    sharpest tenth, and of how many edges."""
    found = [_edges(crop, noise) for crop in crops if min(crop.shape) >= 8]
    widths = np.concatenate([np.zeros(0, np.float32), *(part[0] for part in found)])
    angles = np.concatenate([np.zeros(0, np.float32), *(part[1] for part in found)])
    by_direction = _by_direction(widths, angles)
    if len(widths) < _FEWEST:
        return _NO_EDGE, _NO_EDGE, 0.0, _NO_EDGE, len(widths)
    least = float(np.percentile(widths, 10))
    if np.isfinite(by_direction).any():
        softest = int(np.nanargmax(by_direction))
        angle = softest * 180 / _DIRECTIONS
        return (
            float(np.nanmin(by_direction)),
            float(by_direction[softest]),
            angle,
            least,
            len(widths),
        )
    width = float(np.median(widths))
    return width, width, 0.0, least, len(widths)


def _edges(luma: FloatArray, noise: float) -> tuple[FloatArray, FloatArray]:
    """Widths and directions (radians, 0 to pi) of the strong edges of a crop."""
    narrow_x, narrow_y = _gradient(luma, _NARROW)
    wide_x, wide_y = _gradient(luma, _WIDE)
    narrow = np.hypot(narrow_x, narrow_y)
    wide = np.hypot(wide_x, wide_y)
    # Noise of 1 level gives slopes of about 0.28 level a pixel at the narrow smoothing.
    floor = max(1.5, 5 * 0.28 * noise, 0.5 * float(np.percentile(narrow, 99)))
    crest = wide >= cv2.dilate(wide, np.ones((1, 3), np.uint8))
    crest |= wide >= cv2.dilate(wide, np.ones((3, 1), np.uint8))
    strong = crest & (narrow > floor)
    ratio = np.square(narrow[strong] / np.maximum(wide[strong], 1e-6))
    variance = (_WIDE**2 - _NARROW**2) / np.maximum(ratio - 1, 1e-3)
    widths = np.sqrt(np.minimum(variance, _WIDEST**2))
    # Rows run downwards; the minus makes angles run counter-clockwise.
    angles = np.mod(np.arctan2(-wide_y[strong], wide_x[strong]), np.pi)
    return widths.astype(np.float32), angles.astype(np.float32)


def _gradient(luma: FloatArray, sigma: float) -> tuple[FloatArray, FloatArray]:
    """Slopes to the right and downwards, levels a pixel."""
    smooth = cv2.GaussianBlur(luma, (0, 0), sigma)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=1 / 8)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=1 / 8)
    return across.astype(np.float32, copy=False), down.astype(np.float32, copy=False)


def _by_direction(widths: FloatArray, angles: FloatArray) -> FloatArray:
    """Median width of edges that face each direction; NaN where there are few."""
    found = np.full(_DIRECTIONS, np.nan, np.float32)
    step = np.pi / _DIRECTIONS
    for index in range(_DIRECTIONS):
        away = np.abs(np.mod(angles - index * step + np.pi / 2, np.pi) - np.pi / 2)
        members = widths[away <= step]
        if len(members) >= _FEWEST:
            found[index] = np.percentile(members, 50)
    return found


def _detail(crops: Sequence[FloatArray]) -> tuple[float, float, float]:
    """Finest and middle detail over the coarsest, of the fifth of blocks with most structure;
    and the finest of the blocks where it is strongest."""
    blocks = cut_all(crops)
    if not len(blocks):
        return 0.0, 0.0, 0.0
    squares = np.square(transform(blocks))
    low = squares[:, (FREQUENCY >= 1) & (FREQUENCY <= 2)].mean(axis=1)
    busy = low >= np.percentile(low, 80)
    coarsest = low[busy] + 1
    middle = squares[busy][:, (FREQUENCY >= 4) & (FREQUENCY <= 7)].mean(axis=1)
    high = squares[busy][:, FREQUENCY >= 9].mean(axis=1)
    detail = np.log((high + 0.1) / coarsest)
    texture = np.log((middle + 0.1) / coarsest)
    return float(np.median(detail)), float(np.median(texture)), float(np.percentile(detail, 95))
