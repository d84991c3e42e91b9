"""What can lie over the result: a live preview of a region, and the map of what was invented."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from engine.photo import Box, FloatArray
from restorer_app.gui.compare.display_colour import Shown

_MOST = 1500
"""Pixels on the long side of the invention map as drawn; it is smooth, so more shows nothing."""
_HEAT = np.array([[255, 214, 102], [255, 138, 48], [224, 36, 60]], np.float32)
"""Low, middle and high."""


@dataclass(frozen=True, slots=True)
class Live:
    """`pixels` stand in for the result inside `box` of the photo."""

    pixels: Shown
    box: Box

    def image(self) -> QImage:
        height, width = self.pixels.shape[:2]
        return QImage(self.pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)

    def holds(self, x: float, y: float) -> bool:
        """Whether a point of the photo lies inside."""
        box = self.box
        return box.left <= x < box.right and box.top <= y < box.bottom

    def at(self, x: float, y: float) -> Shown:
        """The one pixel at a point of the photo, which has to lie inside; (1, 1, 4)."""
        height, width = self.pixels.shape[:2]
        column = int((x - self.box.left) * width / self.box.width)
        row = int((y - self.box.top) * height / self.box.height)
        return np.ascontiguousarray(self.pixels[row : row + 1, column : column + 1])


def heat(amount: FloatArray) -> QImage:
    """`amount` (h, w), 0 to 1, as a translucent picture: nothing at 0, red at 1."""
    if amount.ndim != 2 or 0 in amount.shape:
        raise ValueError(f"a map is (height, width), not {amount.shape}")
    height, width = amount.shape
    factor = min(1.0, _MOST / max(height, width))
    size = (max(round(width * factor), 1), max(round(height * factor), 1))
    small = cv2.resize(np.asarray(amount, np.float32), size, interpolation=cv2.INTER_AREA)
    colours = _ramp()[np.rint(np.clip(small, 0, 1) * 255).astype(np.uint8)]
    form = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(np.ascontiguousarray(colours).data, *size, size[0] * 4, form).copy()


def _ramp() -> NDArray[np.uint8]:
    """(256, 4), premultiplied blue, green, red, alpha."""
    place = np.linspace(0, 1, 256, dtype=np.float32)
    colour = np.stack([np.interp(place, [0, 0.5, 1], _HEAT[:, c]) for c in (2, 1, 0)], axis=1)
    # The faintest tenth is left out: nearly every pixel of a restored photo has changed a little.
    alpha = np.clip((place - 0.08) / 0.42, 0, 1) * 0.75
    both = np.concatenate([colour * alpha[:, None], alpha[:, None] * 255], axis=1)
    return np.asarray(np.rint(both), np.uint8)
