"""How one photo of the filmstrip is drawn."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from restorer_app.gui.film.film_model import ENTRY, Entry, spoken
from restorer_app.gui.film.thumbnails import Thumbnails
from restorer_app.gui.look import icons
from restorer_app.gui.look.theme import Look, px

_WIDTH, _PICTURE, _PAD = 124, 80, 6
_BADGE = 16
_SIGNS = {
    "waiting": "clock",
    "done": "check",
    "look": "eye",
    "failed": "warning",
    "cancelled": "cancel",
}


class FilmDelegate(QStyledItemDelegate):
    """A thumbnail, its name, and its state as a sign and in words."""

    def __init__(self, look: Look, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look, self._thumbnails = look, thumbnails

    def sizeHint(  # noqa: N802  (Qt's name)
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return entry_size()

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        entry = index.data(ENTRY)
        if not isinstance(entry, Entry):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        place: QRect = option.rect.adjusted(px(2), px(2), -px(2), -px(2))
        self._paint_ground(painter, place, option.state)
        picture = QRect(
            place.left() + px(_PAD),
            place.top() + px(_PAD),
            place.width() - 2 * px(_PAD),
            px(_PICTURE),
        )
        self._paint_picture(painter, picture, entry)
        self._paint_words(painter, place, picture.bottom() + px(3), entry)
        painter.restore()

    def _paint_ground(self, painter: QPainter, place: QRect, state: QStyle.StateFlag) -> None:
        tones = self._look.tones
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        ground = tones.hover if is_selected else tones.raised if is_hovered else tones.panel
        border, width = (tones.accent if is_selected else ground), 1.0
        if state & QStyle.StateFlag.State_HasFocus:
            border, width = tones.focus, 2.0
        painter.setPen(QPen(QColor(border), width))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(QRectF(place).adjusted(1, 1, -1, -1), px(4), px(4))

    def _paint_picture(self, painter: QPainter, place: QRect, entry: Entry) -> None:
        image = self._thumbnails.picture(entry.path)
        if image is None or image.isNull():
            side = px(22)
            middle = QRectF(0, 0, side, side)
            middle.moveCenter(QRectF(place).center())
            sign = "warning" if entry.state == "failed" else "photo"
            icons.paint(painter, sign, middle, QColor(self._look.tones.disabled))
            return
        size = image.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(0, 0, size.width(), size.height())
        target.moveCenter(place.center())
        painter.drawImage(target, image)

    def _paint_words(self, painter: QPainter, place: QRect, top: int, entry: Entry) -> None:
        tones = self._look.tones
        font = QFont(self._look_font())
        metrics = QFontMetrics(font)
        painter.setFont(font)
        room = place.width() - 2 * px(_PAD)
        left = place.left() + px(_PAD)
        painter.setPen(QColor(tones.text))
        name = metrics.elidedText(entry.title, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(left, top + metrics.ascent(), name)
        top += metrics.lineSpacing()
        words = spoken(entry)
        if not words:
            return
        side = px(_BADGE - 3)
        sign = QRectF(left, top + (metrics.height() - side) / 2, side, side)
        colours = {"failed": tones.bad, "look": tones.warn, "done": tones.good}
        ink = QColor(colours.get(entry.state, tones.dim))
        if entry.state == "running":
            self._paint_ring(painter, sign, entry.done)
        else:
            icons.paint(painter, _SIGNS[entry.state], sign, ink)
        painter.setPen(ink)
        text = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room - side - px(4))
        painter.drawText(left + side + px(4), top + metrics.ascent(), text)

    def _paint_ring(self, painter: QPainter, place: QRectF, done: float) -> None:
        tones, width = self._look.tones, max(px(2), 2)
        ring = place.adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tones.line), width))
        painter.drawEllipse(ring)
        painter.setPen(QPen(QColor(tones.accent), width))
        painter.drawArc(ring, 90 * 16, -round(min(max(done, 0.0), 1.0) * 360 * 16))

    def _look_font(self) -> QFont:
        parent = self.parent()
        font = QFont(parent.font()) if parent is not None and hasattr(parent, "font") else QFont()
        font.setPixelSize(px(11))
        return font


def entry_size() -> QSize:
    """How large one entry of the filmstrip is."""
    font = QFont()
    font.setPixelSize(px(11))
    lines = 2 * QFontMetrics(font).lineSpacing()
    return QSize(px(_WIDTH), px(_PICTURE) + 2 * px(_PAD) + px(3) + lines + px(6))
