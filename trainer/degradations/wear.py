"""What lies on a scanned print or tears through it: scratches, hairs, dust, folds, cracks, stains.

Each kind of mark is a function that draws on a `_Print`. To add one, write it and name it, with
how often it comes, in `_MARKS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from engine.photo import FloatArray, floats
from trainer.degradations.noise import smooth_field

DESTROYED = 0.1
"""A pixel counts as destroyed where more than this share of it is not the picture any more."""

_FINE = 4
"""Binary digits after the point in coordinates for OpenCV's drawing."""


@dataclass(slots=True)
class _Print:
    """The print so far: `pixels` (h, w, 3), and how much of each is covered, `cover` (h, w)."""

    pixels: FloatArray
    cover: FloatArray
    rng: Generator
    width: float
    """Of the widest scratch, in pixels."""
    opacity: float
    """Of the faintest mark, 0 to 1."""

    @property
    def side(self) -> int:
        height, width = self.cover.shape
        return int(max(height, width))

    def blank(self) -> FloatArray:
        return np.zeros_like(self.cover)

    def place(self) -> FloatArray:
        """A random place (x, y)."""
        return floats(self.rng.random(2) * self.cover.shape[::-1])

    def thickness(self, share: float = 1.0) -> float:
        """A width in pixels, thin ones more often, at most `share` of the widest."""
        return float(np.exp(self.rng.uniform(0, np.log(max(1.0, share * self.width) + 0.5))))

    def lay(
        self, layer: FloatArray, ink: FloatArray, *, soft: float = 0.0, most: float = 1
    ) -> None:
        """Cover the print with `ink` (3) where `layer` (h, w) is drawn, 0 to 1.

        The rim is softened by `soft` pixels, or at random; `most` bounds the opacity.
        """
        rng = self.rng
        sigma = soft or (rng.uniform(0.25, 0.6) if rng.random() < 0.6 else rng.uniform(0.6, 1.8))
        layer = floats(cv2.GaussianBlur(layer, (0, 0), sigma))
        if rng.random() < 0.4:
            layer = layer * _patchy(rng, layer.shape)
        strength = np.float32(most * rng.uniform(self.opacity, 1.0))
        alpha = np.clip(layer * strength, 0, 1)
        if rng.random() < 0.25:
            self._shade(alpha)
        if rng.random() < 0.5:
            grain = rng.standard_normal(layer.shape, np.float32)[..., None]
            ink = ink + grain * np.float32(rng.uniform(0.01, 0.05))
        if rng.random() < 0.3:
            uneven = smooth_field(layer.shape, rng, rng.uniform(1, 4))[..., None]
            ink = ink + uneven * np.float32(rng.uniform(0.03, 0.2))
        self.cover = 1 - (1 - self.cover) * (1 - alpha)
        self.pixels = self.pixels + alpha[..., None] * (ink - self.pixels)

    def _shade(self, alpha: FloatArray) -> None:
        """The shadow of an edge that stands up beside a mark `alpha` (h, w), as torn emulsion."""
        turn, far = self.rng.uniform(0, 2 * np.pi), self.rng.uniform(1, 3)
        move = np.array(((1, 0, far * np.cos(turn)), (0, 1, far * np.sin(turn))), np.float32)
        dark = np.float32(self.rng.uniform(0.3, 0.8))
        cast = cv2.warpAffine(alpha, move, alpha.shape[::-1]) * dark
        self.cover = 1 - (1 - self.cover) * (1 - cast)
        self.pixels = self.pixels * (1 - cast[..., None])

    def ink(self, light: float = 0.65) -> FloatArray:
        """The colour of a mark: bare paper with the chance `light`, else dirt, or any colour."""
        rng = self.rng
        if rng.random() < 0.12:
            return floats(rng.random(3))
        value = rng.uniform(0.75, 1.0) if rng.random() < light else rng.uniform(0.0, 0.3)
        tint = np.array((0.03, 0.0, -0.04)) * rng.uniform(-0.5, 1.5) + rng.normal(0, 0.01, 3)
        return floats(np.clip(value + tint * (rng.random() < 0.6), 0, 1))


def wear(
    image: FloatArray, rng: Generator, *, count: float, width: float, opacity: float
) -> tuple[FloatArray, FloatArray]:
    """About `count` marks with lines up to `width` pixels wide, `opacity` (0 to 1) at the least.

    Returns the damaged picture and the mask (h, w), 1 where a pixel is `DESTROYED`.
    """
    sheet = _Print(image, np.zeros(image.shape[:2], np.float32), rng, width, opacity)
    kinds, weights = list(_MARKS), np.array(list(_MARKS.values()))
    for _ in range(round(count)):
        kinds[int(rng.choice(len(kinds), p=weights / weights.sum()))](sheet)
    return sheet.pixels, (sheet.cover > DESTROYED).astype(np.float32)


def _scratches(sheet: _Print) -> None:
    """One line, or some beside each other as of one slip; straight, swaying or bent."""
    rng, layer = sheet.rng, sheet.blank()
    path = _path(sheet, rng.uniform(0.15, 1.9), rng.choice((0.0, 0.01, 0.04, 0.15)))
    across = np.array((path[0] - path[-1])[::-1]) * (1, -1)
    across = across / max(float(np.hypot(*across)), 1e-3)
    for _ in range(int(rng.choice((1, 1, 1, 2, 3, 5)))):
        beside = floats(path + across * rng.normal(0, rng.uniform(2, 12)))
        first = int(rng.integers(0, 6))
        _stroke(layer, beside[first : len(path) - int(rng.integers(0, 6))], sheet.thickness())
    if rng.random() < 0.15:
        layer *= rng.random(layer.shape, np.float32) < rng.uniform(0.5, 0.95)
    sheet.lay(layer, sheet.ink())


def _film_lines(sheet: _Print) -> None:
    """What a projector or a scanner leaves: dead straight along a side of the picture, thin."""
    rng, layer = sheet.rng, sheet.blank()
    upright, (x, y) = rng.random() < 0.7, sheet.place()
    lean, long = rng.normal(0, 1.5), rng.uniform(0.3, 2.0) * sheet.side
    for offset in np.cumsum(rng.uniform(1, 14, int(rng.integers(1, 4)))):
        along, beside = np.array((-long / 2, long / 2)), np.array((offset, offset + lean))
        line = np.stack((beside, along) if upright else (along, beside), 1)
        _stroke(layer, floats(line + np.array((x, y))), sheet.thickness(0.4))
    sheet.lay(layer, sheet.ink())


def _hair(sheet: _Print) -> None:
    """Thin and curled, dark or light."""
    rng, layer = sheet.rng, sheet.blank()
    curl = rng.normal(0, 0.25)
    path = _path(sheet, rng.uniform(0.1, 1.0), rng.uniform(0.05, 0.35), curl)
    _stroke(layer, path, sheet.thickness(0.4))
    sheet.lay(layer, sheet.ink(0.5))


def _dust(sheet: _Print) -> None:
    """Specks and crumbs of uneven outline."""
    rng, layer = sheet.rng, sheet.blank()
    largest = 0.6 * sheet.width if rng.random() < 0.75 else 1.6 * sheet.width
    for _ in range(int(rng.integers(1, 10))):
        _blot(layer, rng, sheet.place(), rng.uniform(0.6, max(0.8, largest)))
    sheet.lay(layer, sheet.ink())


def _fold(sheet: _Print) -> None:
    """A crease: bare paper along its ridge, flaked off here and there, a shadow on one side."""
    rng, ridge, shade = sheet.rng, sheet.blank(), sheet.blank()
    path, wide = _path(sheet, rng.uniform(0.6, 2.0), 0.01), sheet.thickness()
    _stroke(ridge, path, wide)
    for index in rng.integers(0, len(path), int(rng.integers(0, 12))):
        _blot(ridge, rng, path[index] + rng.normal(0, wide / 2, 2), rng.uniform(0.5, 0.5 + wide))
    slope = (path[-1] - path[0])[::-1] * (1, -1) / max(float(np.hypot(*(path[-1] - path[0]))), 1)
    away = slope * rng.choice((-1, 1)) * rng.uniform(0.5, 1.2) * (wide + 1)
    _stroke(shade, floats(path + away), wide + rng.uniform(0, 3))
    soft = rng.uniform(0.6, 2.0)
    if rng.random() < 0.7:
        sheet.lay(shade, floats(rng.uniform(0.0, 0.2, 1).repeat(3)), soft=soft, most=0.7)
    sheet.lay(ridge, sheet.ink(0.95))


def _cracks(sheet: _Print) -> None:
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
        _stroke(layer, path, wide * rng.uniform(0.5, 1.2))
        for index in rng.integers(0, 7, flakes):
            _blot(layer, rng, floats(path[index] + rng.normal(0, wide / 2, 2)), 0.4 + wide / 2)
        ends.append((floats(start + step), turn))
    sheet.lay(layer, sheet.ink(0.85))


def _specks(sheet: _Print) -> None:
    """What years in a drawer leave all over a print: tiny specks and nicks, all of one kind."""
    rng, layer = sheet.rng, sheet.blank()
    for _ in range(round(float(np.exp(rng.uniform(np.log(8), np.log(90)))))):
        if rng.random() < 0.7:
            _blot(layer, rng, sheet.place(), rng.uniform(0.5, 1.4))
        else:
            _stroke(layer, _path(sheet, rng.uniform(0.01, 0.06), 0.1), 1.0)
    sheet.lay(layer, sheet.ink(0.8), soft=rng.uniform(0.25, 0.6))


def _tear(sheet: _Print) -> None:
    """A jagged rip, wider than a scratch, that shows the paper."""
    rng, layer = sheet.rng, sheet.blank()
    path = _path(sheet, rng.uniform(0.3, 1.4), 0.1)
    path = floats(path + rng.normal(0, rng.uniform(0.3, 2.0), path.shape))
    _stroke(layer, path, rng.uniform(0.5, 1.6) * sheet.width)
    sheet.lay(layer, sheet.ink(0.95))


def _stain(sheet: _Print) -> None:
    """The rim that a drop left when it dried."""
    rng, layer = sheet.rng, sheet.blank()
    turns = np.linspace(0, 2 * np.pi, 40)
    waves = [rng.normal(0, 0.12) * np.cos(k * turns + rng.uniform(0, 6)) for k in (1, 2, 3)]
    radius = rng.uniform(0.06, 0.5) * sheet.side * (1 + np.sum(waves, 0))
    ring = sheet.place() + radius[:, None] * np.stack((np.cos(turns), np.sin(turns)), 1)
    _stroke(layer, floats(ring), sheet.thickness(0.6))
    brown = floats(np.array((0.4, 0.27, 0.15)) * rng.uniform(0.3, 1.6))
    sheet.lay(layer, brown, soft=rng.uniform(0.5, 1.5))


def _path(sheet: _Print, reach: float, bend: float, curl: float = 0.0) -> FloatArray:
    """24 points (x, y) of a walk `reach` sides long that passes a random place.

    Its heading changes by about `bend` radians from point to point, and by `curl` always.
    """
    rng = sheet.rng
    turns = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(curl, bend, 24))
    steps = np.stack((np.cos(turns), np.sin(turns)), 1) * reach * sheet.side / 24
    walk = np.cumsum(steps, 0)
    return floats(walk - walk[int(rng.integers(24))] + sheet.place())


def _stroke(layer: FloatArray, path: FloatArray, wide: float) -> None:
    """A line along `path` (n, 2) about `wide` pixels wide; a thin one in OpenCV's own widths."""
    if wide < 1.5 or len(path) < 3:
        points, size = _fine(path), max(1, round(wide))
        cv2.polylines(layer, [points], False, 1.0, size, cv2.LINE_AA, _FINE)
        return
    along = np.gradient(path, axis=0)
    across = np.stack((-along[:, 1], along[:, 0]), 1)
    across /= np.maximum(np.hypot(*across.T), 1e-3)[:, None]
    # the pen wanders between half and all of its width, and may run dry at the ends
    phase = np.linspace(0, 1, len(path)) * np.pi
    half = (
        wide
        / 2
        * (0.75 + 0.25 * np.cos(3 * phase + path[0, 0]))
        * np.minimum(1, 0.35 + 2 * np.sin(phase))
    )
    sides = path + across * half[:, None], path - across * half[:, None]
    for index in range(len(path) - 1):  # piece by piece: a whole outline may cross itself
        pair = slice(index, index + 2)
        piece = np.concatenate((sides[0][pair], sides[1][pair][::-1]))
        cv2.fillConvexPoly(layer, _fine(floats(piece)), 1.0, cv2.LINE_AA, _FINE)


def _blot(layer: FloatArray, rng: Generator, place: FloatArray, radius: float) -> None:
    turns = np.sort(rng.uniform(0, 2 * np.pi, 8))
    ring = radius * rng.uniform(0.4, 1.3, 8)[:, None] * np.stack((np.cos(turns), np.sin(turns)), 1)
    stretched = ring * (1, rng.uniform(0.4, 1.0))
    cv2.fillPoly(layer, [_fine(floats(stretched + place))], 1.0, cv2.LINE_AA, _FINE)


def _patchy(rng: Generator, shape: tuple[int, ...]) -> FloatArray:
    """(h, w), 0.3 to 1: a mark that did not take everywhere."""
    coarse = rng.random((shape[0] // 12 + 2, shape[1] // 12 + 2), np.float32)
    smooth = cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return floats(np.clip(0.2 + 1.3 * smooth, 0.3, 1))


def _fine(points: FloatArray) -> FloatArray:
    return np.asarray(np.rint(points * 2**_FINE), np.int32)


_MARKS: dict[Callable[[_Print], None], float] = {
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
