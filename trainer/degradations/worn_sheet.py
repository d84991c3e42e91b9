"""A print while marks are laid on it, and the pens that draw them."""

from __future__ import annotations

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
class Sheet:
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

    @property
    def destroyed(self) -> FloatArray:
        """(h, w), 1 where a pixel is `DESTROYED`."""
        return floats(self.cover > DESTROYED)

    def ink(self, light: float = 0.65) -> FloatArray:
        """The colour of a mark: bare paper with the chance `light`, else dirt, or any colour."""
        rng = self.rng
        if rng.random() < 0.12:
            return floats(rng.random(3))
        value = rng.uniform(0.75, 1.0) if rng.random() < light else rng.uniform(0.0, 0.3)
        tint = np.array((0.03, 0.0, -0.04)) * rng.uniform(-0.5, 1.5) + rng.normal(0, 0.01, 3)
        return floats(np.clip(value + tint * (rng.random() < 0.6), 0, 1))


def path_over(sheet: Sheet, reach: float, bend: float, curl: float = 0.0) -> FloatArray:
    """24 points (x, y) of a walk `reach` sides long that passes a random place.

    Its heading changes by about `bend` radians from point to point, and by `curl` always.
    """
    rng = sheet.rng
    turns = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(curl, bend, 24))
    steps = np.stack((np.cos(turns), np.sin(turns)), 1) * reach * sheet.side / 24
    walk = np.cumsum(steps, 0)
    return floats(walk - walk[int(rng.integers(24))] + sheet.place())


def stroke(layer: FloatArray, path: FloatArray, wide: float) -> None:
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


def blot(layer: FloatArray, rng: Generator, place: FloatArray, radius: float) -> None:
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
