"""What lies over a photo on a surface: the mix on screen, the invention map, painted masks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from engine.photo import Box, FloatArray
from restorer_app.gui.compare.brush import Brush, Masks, PaintedMasks
from restorer_app.gui.compare.display_colour import ScreenColour
from restorer_app.gui.compare.layers import Live, heat
from restorer_app.gui.compare.photo_surface import PhotoSurface
from restorer_app.gui.compare.picture import Picture
from restorer_app.gui.compare.scene import Visible

Mix = Callable[[Visible], NDArray[np.uint8]]
"""From both pictures of a place to what is shown there, (h, w, 3) sRGB of the same size."""

_MASK_PACE = 40
"""Milliseconds between two tellings of what is being painted."""


class LayeredSurface(PhotoSurface):
    """Keeps the layers; how they are drawn is up to the classes built on it."""

    invention_toggled = Signal(bool)
    mask_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._invention_shown = False
        self._live: Live | None = None
        self._mix: Mix | None = None
        self._heat: QImage | None = None
        self._masks: PaintedMasks | None = None
        self._ring: float | None = None
        self._mask_pace = self.single_shot(_MASK_PACE, self.mask_changed.emit)

    @property
    def _colour(self) -> ScreenColour:
        """The colours of the screen that the surface is on."""
        return ScreenColour()

    def set_live(self, rgb: NDArray[np.uint8], box: Box, mix: Mix | None = None) -> None:
        """Show `rgb` (h, w, 3), sRGB, in place of the result inside `box` of the photo.

        It moves with the photo, and stays until it is replaced or cleared or until another
        variant or photo is shown. Without a variant it lies over the source. `mix` makes the same
        of other pixels, for what is told or enlarged of single ones.
        """
        pixels = self._colour.shown(rgb, Picture("", rgb).profile)
        self._live, self._mix = Live(np.ascontiguousarray(pixels), box), mix
        self.update()

    def clear_live(self) -> None:
        self._live = None
        self.update()

    def set_invention(self, amount: FloatArray | None) -> None:
        """A map of the whole photo, (h, w) of any size, 0 to 1: how much was made up where."""
        self._heat = None if amount is None else heat(amount)
        self.update()

    @property
    def invention_shown(self) -> bool:
        return self._invention_shown

    def set_invention_shown(self, shown: bool) -> None:
        if shown != self._invention_shown:
            self._invention_shown = shown
            self.invention_toggled.emit(shown)
            self._announce()
            self.update()

    def masks(self) -> Masks:
        return Masks() if self._masks is None else self._masks.masks()

    def set_masks(self, masks: Masks) -> None:
        """Replace what was painted; raises `ValueError` if it is not of the photo's size."""
        if self._masks is not None:
            self._masks.put(masks)
            self.mask_changed.emit()
            self.update()

    def paint_mask(
        self, start: tuple[float, float], end: tuple[float, float], brush: Brush, *, erase: bool
    ) -> None:
        """One stroke of a brush between two points of the photo."""
        if self._masks is None:
            return
        self._masks.stroke(start, end, brush, erase=erase)
        if not self._mask_pace.isActive():
            self._mask_pace.start()
        self.update()

    def tell_mask(self) -> None:
        """A stroke has ended."""
        self._mask_pace.stop()
        self.mask_changed.emit()

    def set_brush_ring(self, radius: float | None) -> None:
        """Draw a ring of `radius` photo pixels around the pointer."""
        self._ring = radius
        self.update()

    def _lay_over(self, photo: Picture | None) -> None:
        """Another photo: the layers of the last one go."""
        self._live = self._heat = None
        self._masks = None if photo is None else PaintedMasks(photo.size)

    def _stop_painting(self) -> None:
        """Tell no more of what was painted."""
        self._mask_pace.stop()
