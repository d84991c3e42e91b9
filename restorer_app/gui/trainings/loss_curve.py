"""How wrong the network still is, on its way down: one line, drawn small."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from restorer_app.gui.look.theme import px
from restorer_app.gui.look.translations import as_written
from restorer_app.training_log import LossPoint

_MOST = 400
"""Points that are drawn; more than pixels would show nothing more."""
_HEIGHT, _WIDTH = 72, 240
_ROOM = 1.1
"""Of the height, above the highest loss."""


class LossCurve(QWidget):
    """Draws the losses of a training over its whole length; empty until there are two."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: tuple[LossPoint, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name()

    @property
    def points(self) -> tuple[LossPoint, ...]:
        """What is drawn."""
        return self._points

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        return QSize(px(_WIDTH), px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        return QSize(px(_WIDTH // 2), px(_HEIGHT))

    def show_points(self, points: Sequence[LossPoint]) -> None:
        """Show these losses; of very many, some."""
        if len(points) > _MOST:
            picks = np.linspace(0, len(points) - 1, _MOST).round().astype(int)
            points = [points[index] for index in picks]
        self._points = tuple(points)
        self._name()
        self.update()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        ink = self.palette().windowText().color()
        faint, fill = QColor(ink), QColor(ink)
        faint.setAlpha(36)
        fill.setAlpha(28)
        painter.setPen(QPen(faint, 1))
        for quarter in (0.25, 0.5, 0.75):
            x = round(area.left() + area.width() * quarter) + 0.5
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.drawRect(area)
        if len(self._points) < 2:
            return
        rim = px(3)  # so that no end of the line is cut
        line = self._line(area.adjusted(rim, rim, -rim, -rim))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        first, last = QPointF(line[0].x(), area.bottom()), QPointF(line[-1].x(), area.bottom())
        painter.drawPolygon(QPolygonF([first, *line, last]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink, max(px(1), 1)))
        painter.drawPolyline(QPolygonF(line))
        painter.setBrush(ink)
        painter.drawEllipse(line[-1], px(2), px(2))
        self._write(painter, area, line[-1])

    def _line(self, area: QRectF) -> list[QPointF]:
        """The losses from 0 at the lower edge, over the training from left to right."""
        top = max(point.loss for point in self._points) * _ROOM or 1.0
        return [
            QPointF(
                area.left() + point.done * area.width(),
                area.bottom() - point.loss / top * area.height(),
            )
            for point in self._points
        ]

    def _write(self, painter: QPainter, area: QRectF, end: QPointF) -> None:
        """The last loss beside its point, inside the area."""
        text, metrics = _number(self._points[-1].loss), self.fontMetrics()
        gap = px(5)
        left = min(end.x() + gap, area.right() - gap - metrics.horizontalAdvance(text))
        base = max(end.y() - gap, area.top() + gap + metrics.ascent())
        painter.setPen(self.palette().windowText().color())
        painter.drawText(QPointF(left, base), text)

    def _name(self) -> None:
        """What is seen, in words."""
        self.setAccessibleName(self.tr("Loss"))
        self.setToolTip(
            self.tr("How wrong the adapter still is, over the whole training. Lower is better.")
        )
        if len(self._points) < 2:
            self.setAccessibleDescription(self.tr("There are no losses yet."))
            return
        first, last = self._points[0], self._points[-1]
        text = self.tr("From {first} to {last} after {done} of the training.").format(
            first=_number(first.loss), last=_number(last.loss), done=f"{100 * last.done:.0f} %"
        )
        self.setAccessibleDescription(text)


def _number(loss: float) -> str:
    return as_written(f"{loss:.3g}")
