"""The brush that the user has taken up: from buttons and keys to the view."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut

from restorer_app.gui.compare.brush import Brush, BrushKind, Masks
from restorer_app.gui.window import MainWindow

_FIRST = Brush(BrushKind.KEEP, 60.0)
_KEYS = {"K": "keep", "R": "restore", "E": "erase"}
_SIZES = {"[": 0.8, "]": 1.25}


class BrushInHand(QObject):
    """Has the view paint with what is chosen beside it; remembers the size."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._brush, self._is_held = _FIRST, False
        sliders = window.adjustments
        sliders.brush_chosen.connect(self._take)
        sliders.brush_size_changed.connect(self._resize)
        sliders.masks_cleared.connect(lambda: window.view.set_masks(Masks()))
        for keys, kind in _KEYS.items():
            press = QShortcut(QKeySequence(keys), window)
            press.activated.connect(lambda kind=kind: sliders.press_brush(kind))
        for keys, factor in _SIZES.items():
            press = QShortcut(QKeySequence(keys), window)
            press.activated.connect(lambda factor=factor: sliders.resize_brush(factor))

    def put_down(self) -> bool:
        """End painting; whether there was a brush to put down."""
        was_held = self._is_held
        self._window.adjustments.set_brush("")
        self._take("")
        return was_held

    def _take(self, kind: str) -> None:
        """`keep`, `restore`, `erase`, or nothing to put it down."""
        self._is_held = bool(kind)
        if kind == "erase":
            self._brush = replace(self._brush, erases=True)
        elif kind:
            self._brush = replace(self._brush, kind=BrushKind(kind), erases=False)
        self._window.view.brush_mode(self._brush if self._is_held else None)

    def _resize(self, radius: int) -> None:
        self._brush = replace(self._brush, radius=float(radius))
        if self._is_held:
            self._window.view.brush_mode(self._brush)
