"""How light is spread in both pictures: before as a thin line, after filled."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from restorer_app.gui.compare.display_colour import eight_bits, encoded_srgb
from restorer_app.gui.compare.picture import Picture
from restorer_app.gui.compare.viewport import Size
from restorer_app.gui.look.translations import decimal

Counts = NDArray[np.float32]

_SAMPLES = 500_000
_CHANNELS = (QColor(208, 92, 88), QColor(98, 176, 106), QColor(96, 132, 214))


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Shares of the pixels in 256 steps of sRGB: (4, 256) red, green, blue, luminance."""

    shares: Counts

    @property
    def black(self) -> float:
        """Share of the pixels with a channel at 0, at least."""
        return float(self.shares[:3, 0].max())

    @property
    def white(self) -> float:
        """Share of the pixels with a channel at its end, at least."""
        return float(self.shares[:3, 255].max())


def histogram(picture: Picture) -> Histogram:
    """From an even sample of up to half a million pixels; takes some ms, not for painting."""
    return counted(sample(picture, step_for(picture.size, _SAMPLES)))


def step_for(size: Size, samples: int) -> int:
    """Every so manieth pixel of each direction is taken for at most so many `samples`."""
    return max(1, int(np.ceil(np.sqrt(size.width * size.height / samples))))


def sample(picture: Picture, step: int) -> NDArray[np.uint8]:
    """Every `step`-th pixel in each direction, (h, w, 3) sRGB."""
    rows, columns = (_middles(length, step) for length in (picture.size.height, picture.size.width))
    return eight_bits(encoded_srgb(picture.part(rows, columns), picture.profile))


def _middles(length: int, step: int) -> slice:
    """The middle of each step; the first of all where not even one step has a middle."""
    return slice(step // 2 if length > step // 2 else 0, None, step)


def counted(shown: NDArray[np.uint8]) -> Histogram:
    """Of pixels (h, w, 3) in sRGB."""
    luminance = cv2.transform(shown, np.array([[0.2126, 0.7152, 0.0722]], np.float32))
    planes = [shown[..., 0], shown[..., 1], shown[..., 2], np.asarray(luminance)]
    counts = [np.bincount(plane.ravel(), minlength=256) for plane in planes]
    return Histogram(np.asarray(np.stack(counts) / planes[0].size, np.float32))


class HistogramPanel(QWidget):
    """Draws what `histogram` counted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before: Histogram | None = None
        self._after: Histogram | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(240, 96)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(120, 64)

    def set_histograms(self, before: Histogram | None, after: Histogram | None) -> None:
        self._before, self._after = before, after
        self._name()
        self.update()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        ink = self.palette().windowText().color()
        self._paint_ground(painter, area, ink)
        filled = self._after or self._before
        if filled is None:
            return
        top = self._ceiling()
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        grey = QColor(ink)
        grey.setAlpha(70)
        _fill(painter, area, filled.shares[3] / top, grey)
        for channel, colour in enumerate(_CHANNELS):
            tint = QColor(colour)
            tint.setAlpha(90)
            _fill(painter, area, filled.shares[channel] / top, tint)
        if self._before is not None and self._after is not None:
            for channel, colour in enumerate(_CHANNELS):
                _line(painter, area, self._before.shares[channel] / top, QPen(colour, 1))
            _line(painter, area, self._before.shares[3] / top, QPen(ink, 1))
        self._paint_warnings(painter, area, filled)

    def _name(self) -> None:
        """What is seen, in words."""
        self.setAccessibleName(self.tr("Histogram"))
        self.setToolTip(self.tr("Before: thin line. After: filled."))
        shown = self._after or self._before
        if shown is None:
            self.setAccessibleDescription(self.tr("No photo"))
            return
        text = self.tr("Black: %1 % of the photo. White: %2 %.")
        black, white = decimal(shown.black * 100), decimal(shown.white * 100)
        self.setAccessibleDescription(text.replace("%1", black).replace("%2", white))

    def _ceiling(self) -> float:
        """The share at the top edge; the ends do not count, clipping would flatten the rest."""
        both = [h.shares[:, 1:255] for h in (self._before, self._after) if h is not None]
        return max(max(float(np.percentile(part, 99.7)) for part in both) * 1.1, 1e-6)

    def _paint_ground(self, painter: QPainter, area: QRectF, ink: QColor) -> None:
        faint = QColor(ink)
        faint.setAlpha(36)
        painter.setPen(QPen(faint, 1))
        for quarter in (0.25, 0.5, 0.75):
            x = round(area.left() + area.width() * quarter) + 0.5
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area)

    def _paint_warnings(self, painter: QPainter, area: QRectF, shown: Histogram) -> None:
        """A triangle in the corner of an end at which more than one pixel in 200 lies."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().windowText())
        for share, x, sign in ((shown.black, area.left(), 1), (shown.white, area.right(), -1)):
            if share > 0.005:
                corner = QPointF(x + 4 * sign, area.top() + 4)
                points = [corner, corner + QPointF(8 * sign, 0), corner + QPointF(0, 8)]
                painter.drawPolygon(QPolygonF(points))


def _points(area: QRectF, heights: Counts) -> list[QPointF]:
    ys = area.bottom() - np.minimum(heights, 1) * area.height()
    xs = area.left() + np.arange(256) / 255 * area.width()
    return [QPointF(float(x), float(y)) for x, y in zip(xs, ys, strict=True)]


def _fill(painter: QPainter, area: QRectF, heights: Counts, colour: QColor) -> None:
    points = [area.bottomLeft(), *_points(area, heights), area.bottomRight()]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF(points))


def _line(painter: QPainter, area: QRectF, heights: Counts, pen: QPen) -> None:
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(_points(area, heights)))
