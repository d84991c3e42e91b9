"""A round glass over the photo: the place below it enlarged, before left, after right."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen

from engine.photo import Box
from restorer_app.gui.compare.frames import Frame, Sight, drawn
from restorer_app.gui.compare.layers import Live
from restorer_app.gui.compare.pyramid import Pyramid
from restorer_app.gui.compare.scene import Scene
from restorer_app.gui.compare.viewport import Size, Viewport

SMALLEST, LARGEST = 2.0, 8.0
_RADIUS = 120.0
_PATIENCE = 0.004

Mixed = Callable[[Box], Live | None]
"""What is mixed in a box of the photo, in pixels of the result."""


class Loupe:
    """`power` is device pixels per pixel of the result, 2 to 8."""

    def __init__(self) -> None:
        self.power = 3.0

    def turned(self, steps: float) -> None:
        """The wheel was turned by `steps`: stronger or weaker by a half each."""
        self.power = min(max(self.power + steps / 2, SMALLEST), LARGEST)

    def paint(self, painter: QPainter, scene: Scene, at: QPointF, dpr: float, mixed: Mixed) -> None:
        """Around `at`, in logical units; the enlarged place is the one below the middle."""
        edge = round(2 * _RADIUS * dpr)
        rect = QRectF(at.x() - _RADIUS, at.y() - _RADIUS, 2 * _RADIUS, 2 * _RADIUS)
        glass = QPainterPath()
        glass.addEllipse(rect)
        painter.save()
        painter.setClipPath(glass)
        painter.fillRect(rect, scene.surround)
        painter.translate(rect.topLeft())
        painter.scale(1 / dpr, 1 / dpr)
        x, y = _under(scene, at, dpr)
        zoom = self.power * scene.viewport.zoom / scene.detail
        viewport = Viewport(photo=scene.viewport.photo, pane=Size(edge, edge), zoom=zoom, x=x, y=y)
        _paint_half(painter, scene.before, viewport, QRect(0, 0, edge // 2, edge))
        second = QRect(edge // 2, 0, edge - edge // 2, edge)
        _paint_half(painter, scene.after, viewport, second)
        live = None if scene.live is None else mixed(viewport.visible)
        if live is not None:
            painter.setClipRect(second, Qt.ClipOperation.IntersectClip)
            left, top, right, bottom = viewport.rect_of(live.box)
            painter.drawImage(QRect(left, top, right - left, bottom - top), live.image())
        painter.restore()
        self._paint_rim(painter, rect)

    def _paint_rim(self, painter: QPainter, rect: QRectF) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        middle = rect.center().x()
        painter.setPen(QPen(QColor(255, 255, 255, 170), 1))
        painter.drawLine(QPointF(middle, rect.top()), QPointF(middle, rect.bottom()))
        painter.setPen(QPen(QColor(0, 0, 0, 150), 4))
        painter.drawEllipse(rect)
        painter.setPen(QPen(QColor(240, 240, 240), 2))
        painter.drawEllipse(rect)
        text = f"{self.power:g}×"
        font = QFont(painter.font())
        font.setPixelSize(11)
        painter.setFont(font)
        badge = QRectF(middle - 17, rect.bottom() - 26, 34, 17)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 160))
        painter.drawRoundedRect(badge, 8, 8)
        painter.setPen(QColor(240, 240, 240))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()


def _under(scene: Scene, at: QPointF, dpr: float) -> tuple[float, float]:
    """The photo point below `at`, in whichever pane that is."""
    x, y = at.x() * dpr, at.y() * dpr
    for pane in scene.panes:
        left, top, right, bottom = pane.on_view
        if left <= x < right and top <= y < bottom:
            return scene.viewport.to_photo(x - pane.left, y - pane.top)
    return scene.viewport.to_photo(x, y)


def _paint_half(painter: QPainter, pyramid: Pyramid, viewport: Viewport, half: QRect) -> None:
    left, top, right, bottom = viewport.photo_rect
    left, right = max(left, half.left()), min(right, half.right() + 1)
    if left >= right or top >= bottom:
        return
    sight = Sight(pyramid, viewport, nearest=True)
    frame: Frame = drawn(sight, (left, top, right, bottom), time.perf_counter() + _PATIENCE)
    painter.drawImage(frame.left, frame.top, frame.image())
