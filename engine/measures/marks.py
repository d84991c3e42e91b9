"""Things that lie over the picture: rain streaks, snow flakes, scratches, dust.

All are narrower than what a scene is made of, without colour, and spread over the whole picture.
Bright ones are therefore looked for in the darkest channel of each pixel, where coloured texture
is low, and dark ones in the brightest. Grey-scale openings take them apart by shape: what an
opening with a disc removes is narrow; of that, what survives an opening with some short line is
long, the rest is round (Serra, "Image Analysis and Mathematical Morphology", 1982, chapter XII).
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
_DISC = 7
_CELLS = 8
_VISIBLE = 12
"""Levels of 255 above its surroundings from which a mark counts."""
_CLEAR = 25
_NEIGHBOURHOOD = 41
_SPOT_AREA = (4, 200)
_THICKEST = 6
"""Pixels of area for each pixel of length up to which something is a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """Narrow things of one kind, bright or dark; heights in levels of 255, lengths over the
    picture's long side."""

    streaks: float
    """Mean height of what is long."""
    spots: float
    """Mean height of what is round."""
    flakes: float
    """Separate clear spots for each 10 000 pixels."""
    cover: tuple[float, float]
    """Shares of the picture's 8 x 8 cells that streaks and spots reach into."""
    curve: float
    """Length of the longest unbroken line, straight or bent."""
    straight: float
    """Length of the longest straight line."""
    aligned: float
    """How far the streaks run one way, 0 to 1."""
    angle: float
    """The way they run, degrees counter-clockwise from horizontal, 0 to 180."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    bright: Shapes
    dark: Shapes

    @property
    def rain(self) -> float:
        """0 to 1: many bright streaks that run one way."""
        many = np.clip((self.bright.streaks - 3) / 17, 0, 1)
        return float(many * np.clip(2 * self.bright.aligned, 0, 1))

    @property
    def snow(self) -> float:
        """0 to 1: bright spots that outnumber dark ones."""
        excess = self.bright.flakes - self.dark.flakes
        return float(np.clip(excess / 10, 0, 1))

    @property
    def scratches(self) -> float:
        """0 to 1: thin lines across much of the picture."""
        longest = max(self.bright.straight, self.bright.curve, self.dark.straight)
        return float(np.clip((longest - 0.1) / 0.4, 0, 1))


def measure_marks(small: FloatArray) -> Marks:
    """The marks on a small copy (height, width, 3), 0 to 1."""
    red, green, blue = small[..., 0], small[..., 1], small[..., 2]
    darkest = np.minimum(np.minimum(red, green), blue)
    brightest = np.maximum(np.maximum(red, green), blue)
    return Marks(
        bright=_shapes(np.rint(darkest * 255).astype(np.uint8)),
        dark=_shapes(np.rint((1 - brightest) * 255).astype(np.uint8)),
    )


def _shapes(levels: Levels) -> Shapes:
    """What is narrow and bright in `levels` (height, width)."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_DISC, _DISC))
    broad = cv2.morphologyEx(levels, cv2.MORPH_OPEN, disc)
    tops = broad
    by_direction = []
    for index in range(_DIRECTIONS):
        kernel = _line(_STREAK, index * 180 / _DIRECTIONS)
        long = cv2.morphologyEx(levels, cv2.MORPH_OPEN, kernel)
        by_direction.append(cv2.mean(cv2.subtract(long, broad))[0])
        tops = cv2.max(tops, long)
    streaks = np.asarray(cv2.subtract(tops, broad), np.uint8)
    spots = np.asarray(cv2.subtract(levels, tops), np.uint8)
    curve, straight = _lines(streaks)
    aligned, angle = _alignment(by_direction)
    return Shapes(
        streaks=cv2.mean(streaks)[0],
        spots=cv2.mean(spots)[0],
        flakes=_flakes(spots),
        cover=(_cover(streaks), _cover(spots)),
        curve=curve,
        straight=straight,
        aligned=aligned,
        angle=angle,
    )


def _line(length: int, angle: float) -> Levels:
    """A structuring element: a line one pixel wide through the middle of a square of odd side."""
    kernel = np.zeros((length, length), np.uint8)
    middle = length // 2
    across = round(middle * float(np.cos(np.radians(angle))))
    up = round(middle * float(np.sin(np.radians(angle))))
    cv2.line(kernel, (middle - across, middle + up), (middle + across, middle - up), 1, 1)
    return kernel


def _alignment(by_direction: list[float]) -> tuple[float, float]:
    """Length and direction of the mean of the double-angle vectors of all directions."""
    weights = np.array(by_direction) - min(by_direction)
    if weights.sum() <= 1e-6:
        return 0.0, 0.0
    double = np.exp(2j * np.pi * np.arange(_DIRECTIONS) / _DIRECTIONS)
    mean = complex((weights * double).sum() / weights.sum())
    return abs(mean), float(np.degrees(np.angle(mean)) / 2 % 180)


def _flakes(spots: Levels) -> float:
    """Separate clear spots of a flake's size, for each 10 000 pixels."""
    clear = (spots > _CLEAR).astype(np.uint8)
    _, _, found, _ = cv2.connectedComponentsWithStats(clear, connectivity=8)
    area = found[1:, cv2.CC_STAT_AREA]
    smallest, largest = _SPOT_AREA
    return float(((area >= smallest) & (area <= largest)).sum() * 10_000 / spots.size)


def _cover(heights: Levels) -> float:
    """Share of the cells in which the mean height is visible at all."""
    cells = cv2.resize(heights.astype(np.float32), (_CELLS, _CELLS), interpolation=cv2.INTER_AREA)
    return float((cells > 1).mean())


def _lines(streaks: Levels) -> tuple[float, float]:
    """Longest bent and longest straight line, as shares of the long side.

    A line stands alone: streaks among many like them are texture.
    """
    around = cv2.blur(streaks.astype(np.float32), (_NEIGHBOURHOOD, _NEIGHBOURHOOD))
    side = max(streaks.shape)
    alone = ((streaks > _VISIBLE) & (streaks > 4 * around)).astype(np.uint8)
    _, _, found, _ = cv2.connectedComponentsWithStats(alone, connectivity=8)
    length = np.hypot(found[1:, cv2.CC_STAT_WIDTH], found[1:, cv2.CC_STAT_HEIGHT])
    thin = found[1:, cv2.CC_STAT_AREA] < _THICKEST * length
    curve = float(length[thin].max(initial=0)) / side
    apart = ((streaks > _VISIBLE) & (streaks > 2.5 * around)).astype(np.uint8)
    segments = cv2.HoughLinesP(
        apart, 1, np.pi / 180, 40, minLineLength=max(10.0, 0.1 * side), maxLineGap=4
    )
    if segments is None:
        return curve, 0.0
    ends = np.asarray(segments, np.float64).reshape(-1, 4)
    straight = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    return curve, float(straight.max()) / side
