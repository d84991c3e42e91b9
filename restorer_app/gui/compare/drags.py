"""What a pressed mouse button does in the compare view until it is released."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, QRectF


class Dragged(Protocol):
    """The view, as far as a drag moves it. Positions are in its own units."""

    @property
    def divider_vertical(self) -> bool: ...

    @property
    def image_area(self) -> QRectF: ...

    def set_divider(self, share: float) -> None: ...

    def pan(self, dx: float, dy: float) -> None: ...

    def visit(self, position: QPointF) -> None:
        """Go to the place that the minimap shows at `position`."""

    def stroke(self, start: QPointF, end: QPointF, *, erase: bool, pressed: QPointF) -> None:
        """Paint from `start` to `end`, both on the photo in the pane that holds `pressed`."""

    def stroke_ended(self) -> None: ...


class Drag(Protocol):
    """One press of a button."""

    def move(self, position: QPointF) -> None: ...

    def end(self) -> None: ...


class PanDrag:
    """The photo follows the pointer."""

    def __init__(self, view: Dragged, start: QPointF) -> None:
        self._view, self._last = view, start

    def move(self, position: QPointF) -> None:
        step = position - self._last
        self._last = position
        self._view.pan(step.x(), step.y())

    def end(self) -> None:
        return


class DividerDrag:
    """The divider follows the pointer, keeping the distance it was grabbed at."""

    def __init__(self, view: Dragged, start: QPointF, place: float) -> None:
        self._view = view
        self._offset = place - self._along(start)

    def move(self, position: QPointF) -> None:
        area = self._view.image_area
        length = area.width() if self._view.divider_vertical else area.height()
        self._view.set_divider((self._along(position) + self._offset) / max(length, 1))

    def end(self) -> None:
        return

    def _along(self, position: QPointF) -> float:
        return position.x() if self._view.divider_vertical else position.y()


class MinimapDrag:
    """The view goes to the place under the pointer, in the minimap."""

    def __init__(self, view: Dragged, start: QPointF) -> None:
        self._view = view
        view.visit(start)

    def move(self, position: QPointF) -> None:
        self._view.visit(position)

    def end(self) -> None:
        return


class BrushDrag:
    """Paints a mask along the way of the pointer.

    A stroke stays in the pane it began in. Beyond its edge lies another place of the photo, and
    the way there would be a line across the whole of it.
    """

    def __init__(self, view: Dragged, start: QPointF, *, erase: bool) -> None:
        self._view, self._pressed, self._last, self._erase = view, start, start, erase
        self.move(start)

    def move(self, position: QPointF) -> None:
        self._view.stroke(self._last, position, erase=self._erase, pressed=self._pressed)
        self._last = position

    def end(self) -> None:
        self._view.stroke_ended()
