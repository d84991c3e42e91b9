"""The photo before and after: the heart of the window.

`CompareCanvas` (in `compare_canvas`) holds the pictures, the way they are looked at, and paints
them; here is what hand and keyboard do with it.
"""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QPointF, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from restorer_app.gui.compare.brush import Brush
from restorer_app.gui.compare.compare_canvas import CompareCanvas
from restorer_app.gui.compare.compare_keys import ARROWS, HOLD_KEYS, handled
from restorer_app.gui.compare.drags import BrushDrag, DividerDrag, Drag, MinimapDrag, PanDrag
from restorer_app.gui.compare.panes import Mode

_HIT = 14.0
"""How far from the divider it can be grabbed, on either side."""
_TAP = 250
"""Milliseconds; a key held longer shows the original only while it is held."""
_BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_NOTCH = 1.25
"""Zoom of one notch of the wheel."""


class CompareView(CompareCanvas):
    """See `CompareCanvas` for what it shows; this adds wheel, buttons and keys.

    Drag pans (in brush mode: the middle button, or Space and drag), the wheel zooms at the
    pointer, a double click on the divider turns it. `compare_keys.shortcuts` lists the keys.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._drag: Drag | None = None
        self._brush: Brush | None = None
        self._held: Qt.Key | None = None
        self._holding = QElapsedTimer()
        self._space_panned = False

    def brush_mode(self, brush: Brush | None) -> None:
        """Paint masks with `brush` instead of panning; None ends it. Alt erases."""
        self._brush = brush
        self.set_brush_ring(None if brush is None else brush.radius)
        self._show_cursor(self._pointer)

    def zoom_in(self) -> None:
        self._zoom_by(_NOTCH, self._anchor())

    def zoom_out(self) -> None:
        self._zoom_by(1 / _NOTCH, self._anchor())

    def toggle_fit(self) -> None:
        """From the whole photo to 100 % at the pointer, and from anywhere else back."""
        if self.is_fit:
            self.set_percent(100)
        else:
            self.fit()

    def set_percent(self, percent: float) -> None:
        """`percent` device pixels per hundred pixels of the shown result, at the pointer."""
        self.zoom_at(percent / 100 * self.scale, self._anchor())

    def stroke(self, start: QPointF, end: QPointF, *, erase: bool, pressed: QPointF) -> None:
        """Paint the brush from `start` to `end`, as seen in the pane that holds `pressed`; nothing
        without a photo or a brush."""
        if self._brush is not None:
            points = self.photo_point(start, pressed), self.photo_point(end, pressed)
            self.paint_mask(*points, self._brush, erase=erase)

    def stroke_ended(self) -> None:
        self.tell_mask()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self.photo is None or self._drag is not None:
            return
        self._drag = self._drag_for(event)
        if self._drag is not None:
            self._space_panned = self._held is not None
            self._show_cursor(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._drag is not None:
            self._drag.move(event.position())
        self.point_at(event.position())
        self._show_cursor(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._drag is not None and event.buttons() == Qt.MouseButton.NoButton:
            self._drag.end()
            self._drag = None
        self._show_cursor(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() is Qt.MouseButton.LeftButton and self._on_divider(event.position()):
            self.set_divider_vertical(not self.divider_vertical)
        else:
            self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        steps = event.angleDelta().y() / 120
        if not steps or self.photo is None:
            return
        if self.loupe_shown:
            self.turn_loupe(steps)
        else:
            self._zoom_by(_NOTCH**steps, event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        key = Qt.Key(event.key())
        if key in ARROWS:
            self.set_focus_shown(True)
        if key in HOLD_KEYS and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            if not event.isAutoRepeat() and self._held is None:
                self._held, self._space_panned = key, False
                self._holding.start()
                self.hold_original(True)
        elif self.photo is None or not handled(self, event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.isAutoRepeat() or Qt.Key(event.key()) is not self._held:
            super().keyReleaseEvent(event)
            return
        tapped = self._holding.elapsed() < _TAP and not self._space_panned
        self._held = None
        self.show_original(tapped and not self.original_kept)
        self.hold_original(False)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        # A click needs no ring around the photo: the eye is there already.
        self.set_focus_shown(event.reason() in _BY_KEYBOARD)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        # The release of a held key goes to whoever has the focus then.
        self._held = None
        self.hold_original(False)
        self.set_focus_shown(False)
        super().focusOutEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        self.point_at(event.position())
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        self.point_at(None)
        self.set_handle_shown(False)
        super().leaveEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        self.end()
        super().closeEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
                self._zoom_by(1 + event.value(), event.position())
                return True
        elif (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and Qt.Key(event.key()) in HOLD_KEYS
        ):
            event.accept()  # a shortcut of the window must not take the key that is held
            return True
        return super().event(event)

    def _drag_for(self, event: QMouseEvent) -> Drag | None:
        position, button = event.position(), event.button()
        if button is Qt.MouseButton.MiddleButton:
            return PanDrag(self, position)
        if button is not Qt.MouseButton.LeftButton:
            return None
        if self.on_minimap(position):
            return MinimapDrag(self, position)
        if self._held is None:
            if self._on_divider(position):
                return DividerDrag(self, position, self.divider_line)
            if self._brush is not None:
                erase = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
                return BrushDrag(self, position, erase=erase)
        return PanDrag(self, position)

    def _on_divider(self, position: QPointF) -> bool:
        if self.mode is not Mode.SPLIT or self.photo is None or self.original_is_shown:
            return False
        along = position.x() if self.divider_vertical else position.y()
        return abs(along - self.divider_line) <= _HIT

    def _show_cursor(self, position: QPointF | None) -> None:
        near = position is not None and self._on_divider(position)
        self.set_handle_shown(near or isinstance(self._drag, DividerDrag))
        if isinstance(self._drag, PanDrag):
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif near or isinstance(self._drag, DividerDrag):
            across = Qt.CursorShape.SplitHCursor
            self.setCursor(across if self.divider_vertical else Qt.CursorShape.SplitVCursor)
        elif self._brush is not None:
            self.setCursor(Qt.CursorShape.CrossCursor)
        elif self.overflows:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()

    def _anchor(self) -> QPointF:
        return self._pointer if self._pointer is not None else self.middle

    def _zoom_by(self, factor: float, at: QPointF) -> None:
        self.zoom_at(self.zoom * factor, at)
