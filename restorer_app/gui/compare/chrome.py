"""What the compare view lays over the photo: labels, divider, ring of focus."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

_INSET = 12.0
_HANDLE = 17.0
"""Radius of the divider's handle."""


@dataclass(frozen=True, slots=True)
class Label:
    """`text` in a corner of `area`: at its left or right, at its top or bottom."""

    text: str
    area: QRectF
    right: bool = False
    bottom: bool = False


def paint_label(painter: QPainter, label: Label) -> None:
    """A dark pill that is readable on any photo; too long a text is shortened in its middle."""
    font = QFont(painter.font())
    font.setWeight(QFont.Weight.DemiBold)
    metrics = QFontMetricsF(font)
    room = label.area.width() - 2 * _INSET - 18
    if room < 24:
        return
    text = metrics.elidedText(label.text, Qt.TextElideMode.ElideMiddle, room)
    width, height = metrics.horizontalAdvance(text) + 18, metrics.height() + 8
    left = label.area.right() - _INSET - width if label.right else label.area.left() + _INSET
    top = label.area.bottom() - _INSET - height if label.bottom else label.area.top() + _INSET
    pill = QRectF(left, top, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 165))
    painter.drawRoundedRect(pill, height / 2, height / 2)
    painter.setPen(QColor(245, 245, 245))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def paint_divider(
    painter: QPainter, area: QRectF, place: float, *, vertical: bool, handle: bool
) -> None:
    """A line across `area` at `place` from its start, with a handle if asked for."""
    painter.save()
    if vertical:
        start = QPointF(area.left() + place, area.top())
        end = QPointF(area.left() + place, area.bottom())
    else:
        start = QPointF(area.left(), area.top() + place)
        end = QPointF(area.right(), area.top() + place)
    painter.setPen(QPen(QColor(0, 0, 0, 110), 3))
    painter.drawLine(start, end)
    painter.setPen(QPen(QColor(250, 250, 250), 1))
    painter.drawLine(start, end)
    if handle:
        _paint_handle(painter, (start + end) / 2, vertical=vertical)
    painter.restore()


def paint_focus(painter: QPainter, area: QRectF, colour: QColor) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 2))
    painter.drawRect(area.adjusted(1, 1, -1, -1))


def paint_ring(painter: QPainter, middle: QPointF, radius: float) -> None:
    """The reach of a brush, seen on light and dark."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(0, 0, 0, 140), 3.0), (QColor(255, 255, 255), 1.2)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(middle, radius, radius)


def _paint_handle(painter: QPainter, middle: QPointF, *, vertical: bool) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(middle)
    if not vertical:
        painter.rotate(90)
    painter.setPen(QPen(QColor(0, 0, 0, 120), 1))
    painter.setBrush(QColor(250, 250, 250, 235))
    painter.drawEllipse(QPointF(0, 0), _HANDLE, _HANDLE)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(QColor(40, 40, 40), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    for side in (-1, 1):
        arrow = QPainterPath(QPointF(side * 4.5, -4.5))
        arrow.lineTo(side * 9, 0)
        arrow.lineTo(side * 4.5, 4.5)
        painter.drawPath(arrow)
