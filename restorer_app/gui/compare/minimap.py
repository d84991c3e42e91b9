"""A small copy of the whole photo with a frame around what is seen."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from engine.photo import Box
from restorer_app.gui.compare.viewport import Size

_LONG_SIDE = 176.0
_MARGIN = 14.0


class Minimap:
    """Lies in the lower right corner of the view; all lengths in the view's own units."""

    def __init__(self, photo: Size, view: tuple[float, float]) -> None:
        """`view` is the width and height it lies in; in a small one the map is small too."""
        longest = min(_LONG_SIDE, 0.3 * min(view))
        factor = longest / max(photo.width, photo.height)
        width, height = max(photo.width * factor, 8.0), max(photo.height * factor, 8.0)
        self.rect = QRectF(view[0] - width - _MARGIN, view[1] - height - _MARGIN, width, height)
        self._photo = photo

    def place(self, position: QPointF) -> tuple[float, float]:
        """The photo point under `position`, which may lie outside the map."""
        x = (position.x() - self.rect.left()) / self.rect.width() * self._photo.width
        y = (position.y() - self.rect.top()) / self.rect.height() * self._photo.height
        return min(max(x, 0), self._photo.width), min(max(y, 0), self._photo.height)

    def frame(self, seen: Box) -> QRectF:
        """Where the map shows `seen`."""
        sx, sy = self.rect.width() / self._photo.width, self.rect.height() / self._photo.height
        left, top = self.rect.left() + seen.left * sx, self.rect.top() + seen.top * sy
        return QRectF(left, top, max(seen.width * sx, 3), max(seen.height * sy, 3))

    def paint(self, painter: QPainter, image: QImage, seen: Box) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 150))
        painter.drawRect(self.rect.adjusted(-3, -3, 3, 3))
        painter.drawImage(self.rect, image)
        frame = self.frame(seen)
        painter.setBrush(QColor(0, 0, 0, 110))
        # Four bars dim what is not seen.
        whole = self.rect
        for bar in (
            QRectF(whole.left(), whole.top(), whole.width(), frame.top() - whole.top()),
            QRectF(whole.left(), frame.bottom(), whole.width(), whole.bottom() - frame.bottom()),
            QRectF(whole.left(), frame.top(), frame.left() - whole.left(), frame.height()),
            QRectF(frame.right(), frame.top(), whole.right() - frame.right(), frame.height()),
        ):
            if bar.isValid():
                painter.drawRect(bar)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(245, 245, 245), 1.5))
        painter.drawRect(frame)
