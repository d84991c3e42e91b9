"""Painting where the source is kept, and where the restoration is wanted in full."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from engine.photo import Box, FloatArray
from restorer_app.gui.compare.viewport import Size

REDUCTION = 4
"""Photo pixels per mask pixel, in each direction."""
_COLOURS = {"keep": (86, 148, 214), "restore": (224, 150, 60)}
_OPACITY = 0.45


class BrushKind(StrEnum):
    """What a stroke asks for."""

    KEEP = "keep"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class Brush:
    """`radius` in photo pixels; `hardness` is the share of it that is covered in full, 0 to 1.

    One that `erases` takes away what any brush has marked.
    """

    kind: BrushKind
    radius: float
    hardness: float = 0.5
    erases: bool = False

    def __post_init__(self) -> None:
        if self.radius <= 0 or not 0 <= self.hardness <= 1:
            raise ValueError(f"not a brush: radius {self.radius}, hardness {self.hardness}")


@dataclass(frozen=True, slots=True)
class Masks:
    """(height / 4, width / 4) of the photo, rounded up, 0 to 1; None where nothing is painted."""

    keep: FloatArray | None = None
    restore: FloatArray | None = None


class PaintedMasks:
    """The two masks of one photo while they are painted."""

    def __init__(self, photo: Size) -> None:
        self._shape = (-(-photo.height // REDUCTION), -(-photo.width // REDUCTION))
        self._masks = {kind: np.zeros(self._shape, np.uint8) for kind in BrushKind}
        self._tint: NDArray[np.uint8] | None = None
        """What `overlay` shows of the whole, made when it is first asked for: a view paints it
        again and again, and strokes change little of it."""

    def masks(self) -> Masks:
        return Masks(*(_fractions(self._masks[kind]) for kind in BrushKind))

    def put(self, masks: Masks) -> None:
        """Raises `ValueError` if they are not of this photo's size."""
        for kind, mask in zip(BrushKind, (masks.keep, masks.restore), strict=True):
            if mask is None:
                self._masks[kind][:] = 0
                continue
            if mask.shape != self._shape:
                raise ValueError(f"a mask of {mask.shape} does not fit {self._shape}")
            self._masks[kind][:] = np.rint(np.clip(mask, 0, 1) * 255)
        self._tint = None

    @property
    def empty(self) -> bool:
        return not any(mask.any() for mask in self._masks.values())

    def stroke(
        self, start: tuple[float, float], end: tuple[float, float], brush: Brush, *, erase: bool
    ) -> None:
        """Paint from `start` to `end` in photo pixels; what one brush marks, the other loses."""
        area = self._touched(start, end, brush.radius)
        if area is None:
            return
        cover = _cover(area, start, end, brush)
        if erase or brush.erases:
            for mask in self._masks.values():
                np.minimum(mask[area.slices], 255 - cover, out=mask[area.slices])
        else:
            self._mark(area, cover, brush.kind)
        if self._tint is not None:
            self._tint[area.slices] = self._tinted(area)

    def overlay(self, box: Box) -> QImage:
        """The part that covers `box` of the photo, tinted; each pixel is 4 photo pixels wide."""
        if self._tint is None:
            self._tint = np.zeros((*self._shape, 4), np.uint8)
            marked = _around([mask for mask in self._masks.values() if mask.any()])
            if marked is not None:
                self._tint[marked.slices] = self._tinted(marked)
        part = np.ascontiguousarray(self._tint[self._mask_box(box).slices])
        height, width = part.shape[:2]
        form = QImage.Format.Format_ARGB32_Premultiplied
        return QImage(part.data, width, height, width * 4, form).copy()

    def overlay_box(self, box: Box) -> tuple[int, int, int, int]:
        """What `overlay` covers, in photo pixels: left, top, right, bottom."""
        area = self._mask_box(box)
        left, top, right, bottom = area.left, area.top, area.right, area.bottom
        return left * REDUCTION, top * REDUCTION, right * REDUCTION, bottom * REDUCTION

    def _mark(self, area: Box, cover: NDArray[np.uint8], wanted: BrushKind) -> None:
        for kind, mask in self._masks.items():
            part = mask[area.slices]
            if kind is wanted:
                np.maximum(part, cover, out=part)
            else:
                np.minimum(part, 255 - cover, out=part)

    def _tinted(self, area: Box) -> NDArray[np.uint8]:
        """Premultiplied blue, green, red, alpha of some mask pixels."""
        part = area.slices
        result = np.zeros((area.height, area.width, 4), np.uint8)
        for kind, mask in self._masks.items():
            alpha = mask[part].astype(np.float32) * np.float32(_OPACITY / 255)
            if kind is BrushKind.KEEP:
                # Stripes tell the two apart for those who do not see the colours.
                alpha *= _stripes(part)
            red, green, blue = _COLOURS[kind.value]
            colour = np.array([blue, green, red, 255], np.float32)
            add = np.rint(alpha[..., None] * colour).astype(np.uint8)
            np.maximum(result, add, out=result)
        return result

    def _mask_box(self, box: Box) -> Box:
        height, width = self._shape
        left, top = min(box.left // REDUCTION, width - 1), min(box.top // REDUCTION, height - 1)
        right = min(-(-box.right // REDUCTION), width)
        bottom = min(-(-box.bottom // REDUCTION), height)
        return Box(left, top, max(right, left + 1), max(bottom, top + 1))

    def _touched(
        self, start: tuple[float, float], end: tuple[float, float], radius: float
    ) -> Box | None:
        height, width = self._shape
        reach = radius + REDUCTION
        left = max(int((min(start[0], end[0]) - reach) // REDUCTION), 0)
        top = max(int((min(start[1], end[1]) - reach) // REDUCTION), 0)
        right = min(int((max(start[0], end[0]) + reach) // REDUCTION) + 1, width)
        bottom = min(int((max(start[1], end[1]) + reach) // REDUCTION) + 1, height)
        return Box(left, top, right, bottom) if left < right and top < bottom else None


def _cover(
    area: Box, start: tuple[float, float], end: tuple[float, float], brush: Brush
) -> NDArray[np.uint8]:
    """How much of each mask pixel in `area` a stroke covers, 0 to 255."""
    x = (np.arange(area.left, area.right, dtype=np.float32) + 0.5)[None, :] * REDUCTION - start[0]
    y = (np.arange(area.top, area.bottom, dtype=np.float32) + 0.5)[:, None] * REDUCTION - start[1]
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = np.clip((x * dx + y * dy) / length, 0, 1) if length else np.float32(0)
    distance = np.hypot(x - along * dx, y - along * dy)
    soft = max(brush.radius * (1 - brush.hardness), REDUCTION / 2)
    share = np.clip((brush.radius - distance) / soft, 0, 1)
    share = share * share * (3 - 2 * share)
    return np.asarray(np.rint(share * 255), np.uint8)


def _around(masks: list[NDArray[np.uint8]]) -> Box | None:
    """The mask pixels that hold all that is marked."""
    places = [cv2.boundingRect(mask) for mask in masks]
    if not places:
        return None
    left, top = min(place[0] for place in places), min(place[1] for place in places)
    right = max(place[0] + place[2] for place in places)
    return Box(left, top, right, max(place[1] + place[3] for place in places))


def _stripes(part: tuple[slice, slice]) -> FloatArray:
    rows, columns = part
    sums = np.arange(rows.start, rows.stop)[:, None] + np.arange(columns.start, columns.stop)
    return np.where(sums % 12 < 6, np.float32(1), np.float32(0.55)).astype(np.float32)


def _fractions(mask: NDArray[np.uint8]) -> FloatArray | None:
    if not cv2.countNonZero(mask):
        return None
    return mask.astype(np.float32) / np.float32(255)
