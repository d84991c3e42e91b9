"""Thin straight things of the scene: poles, legs of tripods and chairs, wires, railings.

They look like scratches and are none. Photos have too few of them for a network to learn the
difference, so a recipe puts more of them into its scenes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.random import Generator

from engine.photo import FloatArray, floats


@dataclass(frozen=True, slots=True)
class _Rod:
    """From one place (x, y) to another, and how wide it is there, in pixels."""

    start: tuple[float, float]
    end: tuple[float, float]
    widths: tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Finish:
    """How a thing's surface answers the light: colour (3), and its profile across."""

    colour: FloatArray
    ambient: float
    lit_from: float
    """Where across it is brightest, -1 to 1."""
    gloss: float

    def across(self, place: FloatArray) -> FloatArray:
        """Light at a place across, -1 to 1, of any shape."""
        round_ = np.sqrt(np.clip(1 - (place - 0.6 * self.lit_from) ** 2, 0, 1))
        glint = self.gloss * np.exp(-(((place - self.lit_from) / 0.25) ** 2))
        return floats(self.ambient + (1 - self.ambient) * round_ + glint)


def straight_things(image: FloatArray, rng: Generator, *, count: float, width: float) -> FloatArray:
    """About `count` of them before the scene, the widest of `width` pixels.

    They are round, lit from a side, of metal, wood or paint; some run out of the picture, and
    those of one thing are alike.
    """
    height, across = image.shape[:2]
    places = np.meshgrid(np.arange(across, dtype=np.float32), np.arange(height, dtype=np.float32))
    pixels = image
    for _ in range(round(count)):
        kind = _KINDS[int(rng.choice(len(_KINDS), p=_CHANCES))]
        finish = _finish(rng)
        for rod in kind(float(across), float(height), width, rng):
            pixels = _before(pixels, rod, finish, (places[0], places[1]))
    return pixels


def _before(
    image: FloatArray, rod: _Rod, finish: _Finish, places: tuple[FloatArray, FloatArray]
) -> FloatArray:
    """The picture with a rod before it; its rims are a pixel soft, as a lens leaves them, and its
    ends round, so that rods which meet are one."""
    (x0, y0), (x1, y1) = rod.start, rod.end
    length = max(1e-3, math.hypot(x1 - x0, y1 - y0))
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    x, y = places[0] - np.float32(x0), places[1] - np.float32(y0)
    along, beside = x * dx + y * dy, y * dx - x * dy
    share = np.clip(along / length, 0, 1)
    half = np.maximum(0.5 * (rod.widths[0] + (rod.widths[1] - rod.widths[0]) * share), 0.3)
    beyond = np.maximum(np.maximum(-along, along - length), 0)
    cover = np.clip(half - np.hypot(beside, beyond) + 0.5, 0, np.minimum(2 * half, 1))
    light = finish.across(floats(np.clip(beside / half, -1, 1)))[..., None]
    ink = np.clip(light * finish.colour, 0, 1)
    return floats(image + cover[..., None] * (ink - image))


def _finish(rng: Generator) -> _Finish:
    bright = float(rng.choice((0.06, 0.25, 0.55, 0.85)) * rng.uniform(0.6, 1.15))
    tint = 1 + rng.normal(0, 0.06, 3)
    return _Finish(
        colour=floats(np.clip(bright * tint, 0, 1)),
        ambient=float(rng.uniform(0.25, 0.9)),
        lit_from=float(rng.uniform(-0.8, 0.8)),
        gloss=float(rng.choice((0.0, 0.0, 0.5, 1.0)) * rng.random()),
    )


def _thickness(width: float, rng: Generator) -> float:
    """Thin ones more often."""
    return float(np.exp(rng.uniform(math.log(1.2), math.log(max(width, 1.3)))))


def _pole(across: float, height: float, width: float, rng: Generator) -> Iterator[_Rod]:
    """One thing that leans any way, upright ones more often; it may be tapered."""
    lean = float(rng.normal(0, 0.12)) if rng.random() < 0.6 else float(rng.uniform(-1.6, 1.6))
    x, y = rng.random() * across, rng.random() * height
    reach = max(across, height) * rng.uniform(0.15, 0.9)
    dx, dy = math.sin(lean) * reach, math.cos(lean) * reach
    wide = _thickness(width, rng)
    yield _Rod((x - dx, y - dy), (x + dx, y + dy), (wide, wide * float(rng.uniform(0.5, 1))))


def _legs(across: float, height: float, width: float, rng: Generator) -> Iterator[_Rod]:
    """Two to four that part below one place, the post above it, and struts between them."""
    x, y = rng.random() * across, rng.uniform(-0.1, 0.6) * height
    wide, reach = _thickness(width, rng), height * float(rng.uniform(0.3, 0.9))
    leans = np.sort(rng.uniform(-0.6, 0.6, int(rng.integers(2, 5))))
    feet = [(x + math.sin(lean) * reach, y + math.cos(lean) * reach) for lean in leans]
    for foot in feet:
        yield _Rod((x, y), foot, (wide, wide * float(rng.uniform(0.4, 1))))
    if rng.random() < 0.6:
        yield _Rod((x, y - reach * float(rng.uniform(0.1, 0.6))), (x, y), (1.3 * wide, 1.3 * wide))
    if rng.random() < 0.5:
        at = float(rng.uniform(0.4, 0.9))
        ends = [(x + (foot[0] - x) * at, y + (foot[1] - y) * at) for foot in (feet[0], feet[-1])]
        yield _Rod(ends[0], ends[1], (0.6 * wide, 0.6 * wide))


def _wires(across: float, height: float, width: float, rng: Generator) -> Iterator[_Rod]:
    """One to five that run through the picture, hardly parted, and hang a little."""
    start, end = rng.random(2) * height
    gap = float(rng.uniform(2, 30))
    thin = float(rng.uniform(0.6, max(0.7, 0.3 * width)))
    sag = float(rng.uniform(0, 0.12)) * across
    upright = rng.random() < 0.2
    for number in range(int(rng.integers(1, 6))):
        steps = np.linspace(0, 1, 9)
        ys = start + (end - start) * steps + 4 * sag * steps * (1 - steps) + number * gap
        xs = steps * across
        corners = list(zip(ys, xs, strict=True) if upright else zip(xs, ys, strict=True))
        for one, other in pairwise(corners):
            yield _Rod(_place(one), _place(other), (thin, thin))


def _railing(across: float, height: float, width: float, rng: Generator) -> Iterator[_Rod]:
    """Bars at even distances, on a rail."""
    wide = _thickness(0.6 * width, rng)
    gap = wide * float(rng.uniform(2.5, 9))
    top, tall = rng.random() * height, height * float(rng.uniform(0.1, 0.5))
    left, lean = rng.random() * across, float(rng.normal(0, 0.05))
    number = int(rng.integers(3, 12))
    for bar in range(number):
        x = left + bar * gap
        yield _Rod((x, top), (x + lean * tall, top + tall), (wide, wide))
    yield _Rod((left - gap, top), (left + number * gap, top), (1.5 * wide, 1.5 * wide))


def _place(corner: tuple[float, float]) -> tuple[float, float]:
    return float(corner[0]), float(corner[1])


_KINDS: tuple[Callable[[float, float, float, Generator], Iterator[_Rod]], ...] = (
    _pole,
    _legs,
    _wires,
    _railing,
)
_CHANCES = (0.35, 0.3, 0.2, 0.15)
