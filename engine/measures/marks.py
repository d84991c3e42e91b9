"""Things that lie over the picture: rain streaks, snow flakes, scratches, dust.

All are narrower than what a scene is made of, brighter or darker than what is behind them, and
all over the place. Grey-scale openings with lines take them apart by shape: what an opening with
a disc removes is narrow; of that, what survives an opening with some line is long, the rest is
round (Serra, "Image Analysis and Mathematical Morphology", 1982, chapters XII and V).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.photo import FloatArray

Levels = NDArray[np.uint8]

_DIRECTIONS = 12
_STREAK = 15
_SCRATCH = 45
_DISC = 7
_CELLS = 8
_THICKEST = 5
"""Pixels of area for each pixel of length up to which something is a line."""
_VISIBLE = 12
"""Levels of 255 above which a mark is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Strengths are mean heights above the surroundings, in levels of 255."""

    bright_streaks: float
    dark_streaks: float
    bright_spots: float
    dark_spots: float
    bright_scratches: float
    dark_scratches: float
    """Lines thrice as long as a streak."""
    bright_line: float
    dark_line: float
    """Length of the longest thin line over the picture's long side, 0 to about 1."""
    bright_lines: float
    dark_lines: float
    """Length of all thin lines together, likewise."""
    streak_cover: float
    """Share of the picture's 8 x 8 cells in which bright streaks outweigh dark ones clearly."""
    spot_cover: float
    """Likewise for bright spots."""
    aligned: float
    """How far the streaks all run one way, 0 to 1."""
    angle: float
    """The way they run, degrees counter-clockwise from horizontal, 0 to 180."""
    whiteness: float
    """Mean luma of the bright spots, 0 to 1."""

    @property
    def rain(self) -> float:
        """0 to 1: bright streaks that outnumber dark ones and run one way."""
        excess = self.bright_streaks - self.dark_streaks
        return float(np.clip(excess / 6, 0, 1) * self.streak_cover)

    @property
    def snow(self) -> float:
        """0 to 1: bright spots that outnumber dark ones, all over the picture."""
        excess = self.bright_spots - self.dark_spots
        return float(np.clip(excess / 6, 0, 1) * self.spot_cover)

    @property
    def scratches(self) -> float:
        """0 to 1: long thin lines of either kind."""
        return float(np.clip(max(self.bright_scratches, self.dark_scratches) / 2, 0, 1))


def measure_marks(luma: Levels) -> Marks:
    """The marks on a small copy (height, width), 0 to 255."""
    inverse: Levels = 255 - luma
    bright, dark = _take_apart(luma), _take_apart(inverse)
    aligned, angle = _alignment(bright.by_direction)
    spots = bright.spots > _VISIBLE
    return Marks(
        bright_streaks=float(bright.streaks.mean()),
        dark_streaks=float(dark.streaks.mean()),
        bright_spots=float(bright.spots.mean()),
        dark_spots=float(dark.spots.mean()),
        bright_scratches=float(bright.scratches.mean()),
        dark_scratches=float(dark.scratches.mean()),
        bright_line=bright.longest,
        dark_line=dark.longest,
        bright_lines=bright.lines,
        dark_lines=dark.lines,
        streak_cover=_cover(bright.streaks, dark.streaks),
        spot_cover=_cover(bright.spots, dark.spots),
        aligned=aligned,
        angle=angle,
        whiteness=float(luma[spots].mean() / 255) if spots.any() else 0.0,
    )


@dataclass(frozen=True, slots=True)
class _Apart:
    streaks: FloatArray
    spots: FloatArray
    scratches: FloatArray
    by_direction: list[float]
    longest: float
    lines: float


def _take_apart(luma: Levels) -> _Apart:
    """Split what is narrow and bright into streaks, spots and long scratches."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_DISC, _DISC))
    broad = cv2.morphologyEx(luma, cv2.MORPH_OPEN, disc)
    streak_tops = np.zeros_like(luma)
    scratch_tops = np.zeros_like(luma)
    by_direction = []
    for index in range(_DIRECTIONS):
        angle = index * 180 / _DIRECTIONS
        streak = cv2.morphologyEx(luma, cv2.MORPH_OPEN, line(_STREAK, angle))
        by_direction.append(float(cv2.subtract(streak, broad).mean()))
        np.maximum(streak_tops, streak, out=streak_tops)
        long = cv2.morphologyEx(streak, cv2.MORPH_OPEN, line(_SCRATCH, angle))
        np.maximum(scratch_tops, long, out=scratch_tops)
    scratches = cv2.subtract(scratch_tops, broad)
    longest, lines = _lines(scratches)
    return _Apart(
        streaks=cv2.subtract(streak_tops, broad).astype(np.float32),
        spots=cv2.subtract(luma, np.maximum(streak_tops, broad)).astype(np.float32),
        scratches=scratches.astype(np.float32),
        by_direction=by_direction,
        longest=longest,
        lines=lines,
    )


def _lines(scratches: Levels) -> tuple[float, float]:
    """Longest and total length of the thin lines, as shares of the long side.

    Dense texture grows together into patches, which are told from lines by their area.
    """
    visible = (scratches > _VISIBLE).astype(np.uint8)
    _, _, found, _ = cv2.connectedComponentsWithStats(visible, connectivity=8)
    width = found[1:, cv2.CC_STAT_WIDTH].astype(np.float64)
    height = found[1:, cv2.CC_STAT_HEIGHT].astype(np.float64)
    length = np.hypot(width, height)
    thin = found[1:, cv2.CC_STAT_AREA] < _THICKEST * length
    lengths = length[thin] / max(scratches.shape)
    return float(lengths.max(initial=0)), float(lengths.sum())


def line(length: int, angle: float) -> Levels:
    """A structuring element: a line one pixel wide through the middle of a square of odd side."""
    kernel = np.zeros((length, length), np.uint8)
    middle = length // 2
    reach = middle * np.array([np.cos(np.radians(angle)), -np.sin(np.radians(angle))])
    start = tuple(int(round(middle - part)) for part in reach)
    end = tuple(int(round(middle + part)) for part in reach)
    cv2.line(kernel, start, end, 1, 1)
    return kernel


def _alignment(by_direction: list[float]) -> tuple[float, float]:
    """Length and direction of the mean of the double-angle vectors of all directions."""
    weights = np.array(by_direction) - min(by_direction)
    if weights.sum() <= 1e-6:
        return 0.0, 0.0
    double = np.exp(2j * np.pi * np.arange(_DIRECTIONS) / _DIRECTIONS)
    mean = complex((weights * double).sum() / weights.sum())
    return abs(mean), float(np.degrees(np.angle(mean)) / 2 % 180)


def _cover(bright: FloatArray, dark: FloatArray) -> float:
    """Share of the cells in which `bright` is stronger than 1.5 times `dark`, and visible."""
    side = (_CELLS, _CELLS)
    over = cv2.resize(bright, side, interpolation=cv2.INTER_AREA)
    under = cv2.resize(dark, side, interpolation=cv2.INTER_AREA)
    return float(((over > 1.5 * under) & (over > 1)).mean())
