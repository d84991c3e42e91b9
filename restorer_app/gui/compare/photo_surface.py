"""A surface on which a photo lies: how large, at which place, and in which panes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from engine.photo import Box
from restorer_app.gui.compare.panes import Mode, Pane, divider_place, pane_size, panes
from restorer_app.gui.compare.viewport import Size, Viewport

_SETTLED = 60
"""Milliseconds without a move after which the view tells where it is."""


class PhotoSurface(QWidget):
    """Zoom, place, mode and divider; what is painted there is up to the classes built on it.

    Coordinates of the photo are pixels of the source, positions are in the widget's units, zoom is
    device pixels per source pixel.
    """

    view_changed = Signal(object, float)
    """Box seen and zoom, once the view has settled."""
    moving = Signal()
    """Another place or zoom, at each step of the way."""
    mode_changed = Signal(object)
    divider_changed = Signal(float)
    zoom_changed = Signal(float)
    """In percent: 100 is one pixel of the result per device pixel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewport: Viewport | None = None
        self._mode, self._divider, self._vertical = Mode.SPLIT, 0.5, True
        self._told_zoom = -1.0
        self._settle = self.single_shot(_SETTLED, self._settled)

    @property
    def scale(self) -> float:
        """Pixels of the shown result per pixel of the source, along one side."""
        return 1.0

    @property
    def mode(self) -> Mode:
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        if mode is self._mode:
            return
        self._mode = mode
        self._resize()
        self.mode_changed.emit(mode)

    @property
    def divider(self) -> float:
        return self._divider

    def set_divider(self, share: float) -> None:
        """`share` of the view before the divider, limited to 0 to 1."""
        share = min(max(share, 0.0), 1.0)
        if share != self._divider:
            self._divider = share
            self.divider_changed.emit(share)
            self._announce()
            self.update()

    @property
    def divider_vertical(self) -> bool:
        return self._vertical

    def set_divider_vertical(self, vertical: bool) -> None:
        self._vertical = vertical
        self._announce()
        self.update()

    @property
    def divider_line(self) -> float:
        """Where the divider is, from the left or top of the view."""
        view = self._view_size()
        return divider_place(view, self._divider, vertical=self._vertical) / self._dpr()

    @property
    def zoom(self) -> float:
        return 1.0 if self._viewport is None else self._viewport.zoom

    @property
    def percent(self) -> float:
        return self.zoom / self.scale * 100

    @property
    def is_fit(self) -> bool:
        return self._viewport is None or self._viewport.is_fit

    @property
    def overflows(self) -> bool:
        return self._viewport is not None and self._viewport.overflows

    @property
    def middle(self) -> QPointF:
        """The middle of the first pane; that of the view lies at the edges of two."""
        size = self._pane_size()
        return QPointF(size.width / 2, size.height / 2) / self._dpr()

    @property
    def image_area(self) -> QRectF:
        return QRectF(self.rect())

    def fit(self) -> None:
        if self._viewport is not None:
            self._go(Viewport.fitting(self._viewport.photo, self._viewport.pane))

    def zoom_at(self, zoom: float, at: QPointF) -> None:
        """Zoom, the photo point at position `at` staying where it is."""
        if self._viewport is not None:
            x, y = self._in_pane(at)
            self._go(self._viewport.zoomed(zoom, x, y))

    def pan(self, dx: float, dy: float) -> None:
        """Move the photo by this much of the widget's units."""
        if self._viewport is not None:
            self._go(self._viewport.panned(dx * self._dpr(), dy * self._dpr()))

    def centre_on(self, x: float, y: float) -> None:
        """Bring a point of the photo to the middle."""
        if self._viewport is not None:
            self._go(self._viewport.centred(x, y))

    def photo_point(self, position: QPointF, pressed: QPointF | None = None) -> tuple[float, float]:
        """The point of the photo at a position, which may lie outside the photo; as the pane sees
        it that holds `pressed`, or else the position itself."""
        if self._viewport is None:
            return 0.0, 0.0
        return self._viewport.to_photo(*self._in_pane(position, pressed))

    def visible_region(self) -> tuple[Box, float] | None:
        """The box of the photo that is seen, and zoom; None without a photo."""
        return None if self._viewport is None else (self._viewport.visible, self._viewport.zoom)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        self._resize()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._resize()  # another screen: as large as before, but of other pixels
        return super().event(event)

    def single_shot(self, milliseconds: int, then: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(then)
        return timer

    def _panes(self) -> tuple[Pane, ...]:
        """With only the original to show, what lies on one surface becomes one picture."""
        alone = not self._two_sided() and self._mode in (Mode.SPLIT, Mode.DIFFERENCE)
        mode = Mode.SINGLE if alone else self._mode
        return panes(mode, self._view_size(), self._divider, vertical=self._vertical)

    def _go(self, viewport: Viewport) -> None:
        if viewport != self._viewport:
            self._viewport = viewport
            self._moved()
            self.moving.emit()

    def _moved(self) -> None:
        self._settle.start()
        self._tell()
        self.update()

    def _tell(self) -> None:
        if self.percent != self._told_zoom:
            self._told_zoom = self.percent
            self.zoom_changed.emit(self.percent)
        self._announce()

    def _in_pane(self, position: QPointF, pressed: QPointF | None = None) -> tuple[float, float]:
        at, dpr = position if pressed is None else pressed, self._dpr()
        x, y = position.x() * dpr, position.y() * dpr
        for pane in self._panes():
            left, top, right, bottom = pane.on_view
            if left <= at.x() * dpr < right and top <= at.y() * dpr < bottom:
                return x - pane.left, y - pane.top
        return x, y

    def _resize(self) -> None:
        if self._viewport is not None:
            self._viewport = self._viewport.resized(self._pane_size())
        self._moved()

    def _pane_size(self) -> Size:
        return pane_size(self._mode, self._view_size())

    def _view_size(self) -> Size:
        dpr = self._dpr()
        return Size(max(round(self.width() * dpr), 1), max(round(self.height() * dpr), 1))

    def _dpr(self) -> float:
        return self.devicePixelRatioF()

    def _settled(self) -> None:
        if self._viewport is not None:
            self._rested()
            self.view_changed.emit(self._viewport.visible, self._viewport.zoom)

    def _two_sided(self) -> bool:
        """Whether there is a result to show beside the source."""
        return False

    def _rested(self) -> None:
        """The view has stopped moving."""

    def _announce(self) -> None:
        """What a glance would show has changed."""
