"""Pictures that no camera took: lines of text, charts, and outlines filled with flat colours.

Signs, screens and printed pages are in many photos, and hardly any of those that a model is trained
on are full of them. Each kind is a function that draws on a `_Sheet`; to add one, write it and name
it in `_KINDS`. Everything is drawn larger and reduced, so that rims are as soft as a lens leaves
them.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFont

from engine.photo import FloatArray, floats

_FINER = 2
"""How much larger it is drawn."""
_CROWD = 300
"""Side of a sheet that a few things fill."""
_LETTERS = string.ascii_lowercase * 4 + string.ascii_uppercase + string.digits + ".,:;!?()-&%/"

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Colour = tuple[int, int, int]


@dataclass(slots=True)
class _Sheet:
    """What is drawn on, `side` pixels square, with two colours that can be told apart."""

    image: Image.Image
    pen: ImageDraw.ImageDraw
    rng: Generator
    paper: Colour
    ink: Colour

    @property
    def side(self) -> int:
        return self.image.width

    def length(self, least: float, most: float) -> int:
        """A length, `least` to `most` in pixels of the finished picture, short ones more often."""
        return max(1, round(_FINER * float(np.exp(self.rng.uniform(np.log(least), np.log(most))))))

    def point(self) -> tuple[float, float]:
        x, y = self.rng.uniform(-0.1, 1.1, 2) * self.side
        return float(x), float(y)


def drawn(side: int, rng: Generator) -> FloatArray:
    """A drawing (side, side, 3), sRGB-encoded, 0..1."""
    paper, ink = _colours(rng)
    image = Image.new("RGB", (_FINER * side, _FINER * side), paper)
    sheet = _Sheet(image, ImageDraw.Draw(image), rng, paper, ink)
    for _ in range(round(float(rng.uniform(1, 4)) * max(1.0, (side / _CROWD) ** 2))):
        _KINDS[int(rng.integers(len(_KINDS)))](sheet)
    turned = image.rotate(float(rng.normal(0, 3)), Image.Resampling.BICUBIC, fillcolor=paper)
    picture = floats(np.asarray(turned)) / np.float32(255)
    if rng.random() < 0.4:
        picture = picture * _light(side * _FINER, rng)
    small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    return floats(np.clip(small, 0, 1))


def _colours(rng: Generator) -> tuple[Colour, Colour]:
    """Of paper and ink: dark on light or light on dark, gray or coloured."""
    light, dark = rng.uniform(0.75, 1.0), rng.uniform(0.0, 0.35)
    tint = 0.25 * rng.random() * (rng.random() < 0.5)
    pair = [_coloured(value, tint, rng) for value in (light, dark)]
    if rng.random() < 0.3:
        pair.reverse()
    return pair[0], pair[1]


def _coloured(value: float, tint: float, rng: Generator) -> Colour:
    r, g, b = np.rint(np.clip(value + tint * rng.normal(0, 1, 3), 0, 1) * 255).astype(int)
    return int(r), int(g), int(b)


def _any_colour(rng: Generator) -> Colour:
    return _coloured(rng.uniform(0.1, 0.9), 0.3, rng)


def _light(side: int, rng: Generator) -> FloatArray:
    """Light that falls off across the sheet, (side, side, 1), at most 1."""
    ramp = np.linspace(rng.uniform(0.6, 1), 1, side, dtype=np.float32)
    across = np.tile(ramp, (side, 1))
    return floats(np.rot90(across, int(rng.integers(4))))[..., None]


@lru_cache(maxsize=64)
def _font(size: int) -> Font:
    return ImageFont.load_default(size)


def _text(sheet: _Sheet) -> None:
    """Lines of words in one size, upright or slanted, light or bold."""
    rng, size = sheet.rng, sheet.length(6, 48)
    font, bold = _font(size), int(rng.integers(0, 1 + max(1, size // 14)))
    layer = Image.new("L", (2 * sheet.side, sheet.side), 0)
    pen = ImageDraw.Draw(layer)
    y = int(rng.uniform(-size, 0.6 * sheet.side))
    for _ in range(int(rng.integers(1, 14))):
        left = int(rng.uniform(0, 0.3) * sheet.side)
        pen.text((left, y), _words(2 * sheet.side // size, rng), 255, font, stroke_width=bold)
        y += int(size * rng.uniform(1.1, 1.6))
        if y > sheet.side:
            break
    slant = float(rng.uniform(0, 0.3)) if rng.random() < 0.3 else 0.0
    size_of = (sheet.side, sheet.side)
    shear = (1, slant, 0, 0, 1, 0)
    layer = layer.transform(size_of, Image.Transform.AFFINE, shear, Image.Resampling.BICUBIC)
    sheet.image.paste(sheet.ink, (0, 0), layer)


def _words(letters: int, rng: Generator) -> str:
    """So many letters, with a blank after every few."""
    line = rng.choice(list(_LETTERS), letters)
    line[rng.random(letters) < 0.17] = " "
    return "".join(line)


def _outlines(sheet: _Sheet) -> None:
    """Shapes in flat colours with dark rims, as in a comic."""
    rng, width = sheet.rng, sheet.length(1, 4)
    for _ in range(int(rng.integers(3, 14))):
        middle, reach = np.array(sheet.point()), sheet.length(6, 90)
        angles = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(3, 24))))
        radii = reach * rng.uniform(0.6, 1.1, len(angles))
        rim = middle + radii[:, None] * np.stack((np.cos(angles), np.sin(angles)), 1)
        corners = [(float(x), float(y)) for x, y in rim]
        sheet.pen.polygon(corners, fill=_any_colour(rng))
        if rng.random() < 0.8:
            sheet.pen.line([*corners, corners[0]], fill=sheet.ink, width=width, joint="curve")


def _lines(sheet: _Sheet) -> None:
    """Curves and straight lines, alone or in even rows."""
    rng = sheet.rng
    if rng.random() < 0.5:
        width, gap, upright = sheet.length(1, 5), sheet.length(3, 16), rng.random() < 0.5
        first, behind = sorted(int(n) for n in rng.uniform(-0.2, 1.2, 2) * sheet.side)
        for at in range(first, behind, width + gap):
            ends = ((at, 0), (at, sheet.side)) if upright else ((0, at), (sheet.side, at))
            sheet.pen.line(ends, sheet.ink, width)
        return
    for _ in range(int(rng.integers(2, 12))):
        points = np.array([sheet.point() for _ in range(4)])
        way = np.linspace(0, 1, 40)[:, None]
        curve = (1 - way) ** 3 * points[0] + 3 * way * (1 - way) ** 2 * points[1]
        curve = curve + 3 * way**2 * (1 - way) * points[2] + way**3 * points[3]
        path = [(float(x), float(y)) for x, y in curve]
        sheet.pen.line(path, fill=sheet.ink, width=sheet.length(1, 4), joint="curve")


def _chart(sheet: _Sheet) -> None:
    """Boxes, discs and bars in flat colours, with or without rims."""
    rng = sheet.rng
    for _ in range(int(rng.integers(2, 14))):
        (x, y), wide, high = sheet.point(), sheet.length(3, 90), sheet.length(3, 90)
        rim = sheet.ink if rng.random() < 0.5 else None
        draw = sheet.pen.rectangle if rng.random() < 0.7 else sheet.pen.ellipse
        draw((x, y, x + wide, y + high), _any_colour(rng), rim, sheet.length(1, 3))


_KINDS: tuple[Callable[[_Sheet], None], ...] = (_text, _text, _text, _outlines, _lines, _chart)
"""Text more often than the others."""
