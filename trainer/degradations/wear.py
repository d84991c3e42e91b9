"""What lies on a scanned print or tears through it: scratches, hairs, dust, folds, cracks, stains.

Each kind of mark is a function that draws on a `Sheet`. To add one, write it and name it, with
how often it comes, in `_MARKS`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from engine.photo import FloatArray, floats
from trainer.degradations.worn_sheet import Sheet, blot, path_over, stroke


def wear(
    image: FloatArray, rng: Generator, *, count: float, width: float, opacity: float
) -> tuple[FloatArray, FloatArray]:
    """About `count` marks with lines up to `width` pixels wide, `opacity` (0 to 1) at the least.

    Returns the damaged picture and the mask (h, w), 1 where a pixel is `DESTROYED`.
    """
    sheet = Sheet(image, np.zeros(image.shape[:2], np.float32), rng, width, opacity)
    kinds, weights = list(_MARKS), np.array(list(_MARKS.values()))
    for _ in range(round(count)):
        kinds[int(rng.choice(len(kinds), p=weights / weights.sum()))](sheet)
    return sheet.pixels, sheet.destroyed


def _scratches(sheet: Sheet) -> None:
    """One line, or some beside each other as of one slip; straight, swaying or bent."""
    rng, layer = sheet.rng, sheet.blank()
    path = path_over(sheet, rng.uniform(0.15, 1.9), rng.choice((0.0, 0.01, 0.04, 0.15)))
    across = np.array((path[0] - path[-1])[::-1]) * (1, -1)
    across = across / max(float(np.hypot(*across)), 1e-3)
    for _ in range(int(rng.choice((1, 1, 1, 2, 3, 5)))):
        beside = floats(path + across * rng.normal(0, rng.uniform(2, 12)))
        first = int(rng.integers(0, 6))
        stroke(layer, beside[first : len(path) - int(rng.integers(0, 6))], sheet.thickness())
    if rng.random() < 0.15:
        layer *= rng.random(layer.shape, np.float32) < rng.uniform(0.5, 0.95)
    sheet.lay(layer, sheet.ink())


def _film_lines(sheet: Sheet) -> None:
    """What a projector or a scanner leaves: dead straight along a side of the picture, thin."""
    rng, layer = sheet.rng, sheet.blank()
    upright, (x, y) = rng.random() < 0.7, sheet.place()
    lean, long = rng.normal(0, 1.5), rng.uniform(0.3, 2.0) * sheet.side
    for offset in np.cumsum(rng.uniform(1, 14, int(rng.integers(1, 4)))):
        along, beside = np.array((-long / 2, long / 2)), np.array((offset, offset + lean))
        line = np.stack((beside, along) if upright else (along, beside), 1)
        stroke(layer, floats(line + np.array((x, y))), sheet.thickness(0.4))
    sheet.lay(layer, sheet.ink())


def _hair(sheet: Sheet) -> None:
    """Thin and curled, dark or light."""
    rng, layer = sheet.rng, sheet.blank()
    curl = rng.normal(0, 0.25)
    path = path_over(sheet, rng.uniform(0.1, 1.0), rng.uniform(0.05, 0.35), curl)
    stroke(layer, path, sheet.thickness(0.4))
    sheet.lay(layer, sheet.ink(0.5))


def _dust(sheet: Sheet) -> None:
    """Specks and crumbs of uneven outline."""
    rng, layer = sheet.rng, sheet.blank()
    largest = 0.6 * sheet.width if rng.random() < 0.75 else 1.6 * sheet.width
    for _ in range(int(rng.integers(1, 10))):
        blot(layer, rng, sheet.place(), rng.uniform(0.6, max(0.8, largest)))
    sheet.lay(layer, sheet.ink())


def _fold(sheet: Sheet) -> None:
    """A crease: bare paper along its ridge, flaked off here and there, a shadow on one side."""
    rng, ridge, shade = sheet.rng, sheet.blank(), sheet.blank()
    path, wide = path_over(sheet, rng.uniform(0.6, 2.0), 0.01), sheet.thickness()
    stroke(ridge, path, wide)
    for index in rng.integers(0, len(path), int(rng.integers(0, 12))):
        blot(ridge, rng, path[index] + rng.normal(0, wide / 2, 2), rng.uniform(0.5, 0.5 + wide))
    slope = (path[-1] - path[0])[::-1] * (1, -1) / max(float(np.hypot(*(path[-1] - path[0]))), 1)
    away = slope * rng.choice((-1, 1)) * rng.uniform(0.5, 1.2) * (wide + 1)
    stroke(shade, floats(path + away), wide + rng.uniform(0, 3))
    soft = rng.uniform(0.6, 2.0)
    if rng.random() < 0.7:
        sheet.lay(shade, floats(rng.uniform(0.0, 0.2, 1).repeat(3)), soft=soft, most=0.7)
    sheet.lay(ridge, sheet.ink(0.95))


def _cracks(sheet: Sheet) -> None:
    """Emulsion that broke: jagged lines that branch, with flakes gone beside them."""
    rng, layer = sheet.rng, sheet.blank()
    ends = [(sheet.place(), rng.uniform(0, 2 * np.pi))]
    wide, rough = sheet.thickness(0.5), rng.uniform(0, 0.12)
    flakes = int(rng.choice((0, 0, 2, 6)))
    for _ in range(int(rng.integers(3, 14))):
        start, angle = ends[int(rng.integers(len(ends)))]
        turn = angle + rng.normal(0, 0.9)
        step = np.array((np.cos(turn), np.sin(turn))) * rng.uniform(0.05, 0.3) * sheet.side
        share = np.sort(np.concatenate((rng.random(5), (0, 1))))[:, None]
        jag = rng.normal(0, rough, (7, 1)) * np.sin(np.pi * share)
        path = floats(start + share * step + jag * (step[::-1] * (1, -1)))
        stroke(layer, path, wide * rng.uniform(0.5, 1.2))
        for index in rng.integers(0, 7, flakes):
            blot(layer, rng, floats(path[index] + rng.normal(0, wide / 2, 2)), 0.4 + wide / 2)
        ends.append((floats(start + step), turn))
    sheet.lay(layer, sheet.ink(0.85))


def _specks(sheet: Sheet) -> None:
    """What years in a drawer leave all over a print: tiny specks and nicks, all of one kind."""
    rng, layer = sheet.rng, sheet.blank()
    for _ in range(round(float(np.exp(rng.uniform(np.log(8), np.log(90)))))):
        if rng.random() < 0.7:
            blot(layer, rng, sheet.place(), rng.uniform(0.5, 1.4))
        else:
            stroke(layer, path_over(sheet, rng.uniform(0.01, 0.06), 0.1), 1.0)
    sheet.lay(layer, sheet.ink(0.8), soft=rng.uniform(0.25, 0.6))


def _tear(sheet: Sheet) -> None:
    """A jagged rip, wider than a scratch, that shows the paper."""
    rng, layer = sheet.rng, sheet.blank()
    path = path_over(sheet, rng.uniform(0.3, 1.4), 0.1)
    path = floats(path + rng.normal(0, rng.uniform(0.3, 2.0), path.shape))
    stroke(layer, path, rng.uniform(0.5, 1.6) * sheet.width)
    sheet.lay(layer, sheet.ink(0.95))


def _stain(sheet: Sheet) -> None:
    """The rim that a drop left when it dried."""
    rng, layer = sheet.rng, sheet.blank()
    turns = np.linspace(0, 2 * np.pi, 40)
    waves = [rng.normal(0, 0.12) * np.cos(k * turns + rng.uniform(0, 6)) for k in (1, 2, 3)]
    radius = rng.uniform(0.06, 0.5) * sheet.side * (1 + np.sum(waves, 0))
    ring = sheet.place() + radius[:, None] * np.stack((np.cos(turns), np.sin(turns)), 1)
    stroke(layer, floats(ring), sheet.thickness(0.6))
    brown = floats(np.array((0.4, 0.27, 0.15)) * rng.uniform(0.3, 1.6))
    sheet.lay(layer, brown, soft=rng.uniform(0.5, 1.5))


_MARKS: dict[Callable[[Sheet], None], float] = {
    _scratches: 0.5,
    _film_lines: 0.08,
    _hair: 0.1,
    _dust: 0.18,
    _fold: 0.14,
    _cracks: 0.12,
    _specks: 0.1,
    _tear: 0.08,
    _stain: 0.04,
}
