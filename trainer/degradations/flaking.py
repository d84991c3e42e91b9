"""What happens to prints whose emulsion is brittle: it flakes off along cracks, rubs off in drawers
and breaks away from the borders.

Unlike a scratch, which is a line, such a mark is eaten away at its rims and crumbly inside. Each
kind is a function that draws on a `Sheet`. To add one, write it and name it in `_MARKS`.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator

from engine.photo import FloatArray, floats
from trainer.degradations.noise import smooth_field
from trainer.degradations.worn_sheet import Sheet, blot, path_over, stroke

_PAPER = 0.9
"""How often the paper shows, not dirt."""


def flaked(
    image: FloatArray, rng: Generator, *, count: float, width: float, opacity: float
) -> tuple[FloatArray, FloatArray]:
    """About `count` marks up to `width` pixels wide, `opacity` (0 to 1) at the least, all of one
    paper or one dirt, as one print has them.

    Returns the damaged picture and the mask (h, w), 1 where a pixel is destroyed.
    """
    sheet = Sheet(image, np.zeros(image.shape[:2], np.float32), rng, width, opacity)
    kinds, weights = list(_MARKS), np.array(list(_MARKS.values()))
    ink = sheet.ink(_PAPER)
    for _ in range(round(count)):
        layer = kinds[int(rng.choice(len(kinds), p=weights / weights.sum()))](sheet)
        own = ink if rng.random() < 0.8 else sheet.ink(_PAPER)
        sheet.lay(layer, own, soft=rng.uniform(0.25, 0.9))
    return sheet.pixels, sheet.destroyed


def _crack(sheet: Sheet) -> FloatArray:
    """A fold or a crack along which emulsion flaked off, with branches of their own."""
    rng, lines = sheet.rng, sheet.blank()
    main = path_over(sheet, rng.uniform(0.2, 1.8), rng.choice((0.01, 0.05, 0.2)))
    main = floats(main + rng.normal(0, rng.uniform(0, 3), main.shape))
    stroke(lines, main, 1)
    for start in rng.integers(0, len(main), int(rng.choice((0, 0, 1, 2, 5)))):
        branch = path_over(sheet, rng.uniform(0.03, 0.3), rng.uniform(0.05, 0.3))
        stroke(lines, floats(branch - branch[0] + main[start]), 1)
    return _eaten(lines, rng, sheet.thickness(0.7))


def _eaten(lines: FloatArray, rng: Generator, wide: float) -> FloatArray:
    """(h, w), 0 to 1: about `wide` pixels around `lines`, wider here and nothing there, its rims
    crumbling."""
    away = _distance(lines)
    along = smooth_field(lines.shape, rng, rng.uniform(4, 25))
    rims = _crumbly(rng, lines.shape)
    half = wide / 2 * (1 + rng.uniform(0.2, 0.9) * along + rng.uniform(0.2, 1.0) * rims)
    layer = np.clip(half - away + 0.5, 0, 1)
    if rng.random() < 0.5:  # flakes that came off beside it
        loose = (rims > rng.uniform(1.4, 2.2)) & (away < rng.uniform(2, 6) * wide)
        layer = np.maximum(layer, loose)
    return floats(layer)


def _rubbed(sheet: Sheet) -> FloatArray:
    """A place rubbed off: short strokes, most of them one way, dense in the middle."""
    rng = sheet.rng
    grain = _brushed(sheet)
    level = rng.uniform(0.6, 2.0) + 2.5 * (1 - _around(sheet, rng.uniform(0.05, 0.45)))
    return floats(np.clip(2 * (grain - level), 0, 1))


def _brushed(sheet: Sheet) -> FloatArray:
    """(h, w) of standard deviation 1: noise drawn out along one direction."""
    rng, shape = sheet.rng, sheet.cover.shape
    long = int(rng.integers(2, 12))
    kernel = np.zeros((2 * long + 1, 2 * long + 1), np.float32)
    turn = rng.uniform(0, np.pi)
    step = np.array((np.cos(turn), np.sin(turn))) * rng.uniform(0.3, 1.0) * long
    stroke(kernel, floats(np.stack((long - step, long + step))), 1)
    white = rng.standard_normal(shape, np.float32)
    field = floats(cv2.filter2D(cv2.GaussianBlur(white, (0, 0), 0.5), -1, kernel))
    return field / max(float(field.std()), 1e-6)


def _patch(sheet: Sheet) -> FloatArray:
    """A patch that came off, with a ragged outline and islands."""
    rng, shape = sheet.rng, sheet.cover.shape
    size = max(1.5, rng.uniform(0.5, 3.0) * sheet.width)
    field = smooth_field(shape, rng, size) + 0.5 * _crumbly(rng, shape)
    level = rng.uniform(1.6, 2.6) + 2.5 * (1 - _around(sheet, rng.uniform(0.05, 0.3)))
    return floats(np.clip(3 * (field - level), 0, 1))


def _pits(sheet: Sheet) -> FloatArray:
    """Pinholes and nicks all over, a pixel or a few large."""
    rng, layer = sheet.rng, sheet.blank()
    largest = rng.uniform(0.6, max(0.8, 0.4 + 0.35 * sheet.width))
    for _ in range(round(float(np.exp(rng.uniform(np.log(10), np.log(150)))))):
        if rng.random() < 0.75:
            blot(layer, rng, sheet.place(), rng.uniform(0.4, largest))
        else:
            nick = path_over(sheet, rng.uniform(0.01, 0.08), 0.15)
            stroke(layer, nick, 1)
    return layer


def _border(sheet: Sheet) -> FloatArray:
    """Emulsion that broke away along a border or from a corner."""
    rng, shape = sheet.rng, sheet.cover.shape
    down, right = (floats(n) for n in np.indices(shape))
    sides = down, down[::-1], right, right[:, ::-1]
    inside = sides[int(rng.integers(4))]
    if rng.random() < 0.4:  # a corner
        inside = sides[int(rng.integers(2))] + sides[2 + int(rng.integers(2))]
    deep = rng.uniform(0.3, 3.0) * sheet.width
    uneven = 1 + 0.8 * smooth_field(shape, rng, rng.uniform(3, 20)) + 0.4 * _crumbly(rng, shape)
    return floats(np.clip(deep * uneven - inside + 0.5, 0, 1))


def _crumbly(rng: Generator, shape: tuple[int, ...]) -> FloatArray:
    """(h, w) of standard deviation about 1: noise from one to some pixels fine."""
    fine, middle = (smooth_field(shape, rng, size) for size in (0.6, rng.uniform(1.2, 3)))
    return floats(0.7 * (fine + middle))


def _around(sheet: Sheet, reach: float) -> FloatArray:
    """(h, w): 1 at a random place, falling off over `reach` sides."""
    place = sheet.place()
    rows, columns = (np.arange(n, dtype=np.float32) for n in sheet.cover.shape)
    square = (rows[:, None] - place[1]) ** 2 + (columns - place[0]) ** 2
    return floats(np.exp(-square / (2 * (reach * sheet.side) ** 2)))


def _distance(lines: FloatArray) -> FloatArray:
    """(h, w): pixels to the nearest that is drawn."""
    return floats(cv2.distanceTransform((lines < 0.5).astype(np.uint8), cv2.DIST_L2, 5))


_MARKS: dict[Callable[[Sheet], FloatArray], float] = {
    _crack: 0.45,
    _rubbed: 0.15,
    _patch: 0.12,
    _pits: 0.2,
    _border: 0.08,
}
