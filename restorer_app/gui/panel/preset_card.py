"""One preset as a card that can be chosen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QToolTip, QWidget

from engine.preset import Preset
from restorer_app.gui.look import icons
from restorer_app.gui.look.elision import elided
from restorer_app.gui.look.theme import Look, px
from restorer_app.gui.panel.preset_words import preset_note, preset_summary, preset_title

_PAD, _GAP, _GLYPH = 9, 8, 18
_MOST_LINES = 8


class PresetCard(QAbstractButton):
    """Title, what it does, what it costs here; opens up when chosen, to say everything.

    Its tooltip and its accessible description hold all of its texts, cut or not.
    """

    def __init__(
        self, look: Look, preset: Preset, own: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look, self.preset, self.is_own = look, preset, own
        self._cost = self._seen = ""
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.toggled.connect(lambda _: self.updateGeometry())
        self.retranslate()

    @property
    def cost(self) -> str:
        return self._cost

    def set_cost(self, text: str) -> None:
        """What a run costs on this computer; empty while unknown."""
        self._cost = text
        self.retranslate()

    def set_seen(self, text: str) -> None:
        """What was found in the photo; empty for nothing."""
        if text == self._seen:
            return
        self._seen = text
        self.retranslate()

    def retranslate(self) -> None:
        note = preset_note(self.preset)
        badge = self.tr("Experimental: {note}").format(note=note) if note else ""
        texts = [preset_summary(self.preset), self._seen, badge, self._cost]
        self.setText(preset_title(self.preset))
        self.setAccessibleName(preset_title(self.preset))
        self.setAccessibleDescription(" ".join(text for text in texts if text))
        self.setToolTip("\n".join(text for text in texts if text))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        return QSize(px(260), self.heightForWidth(max(self.width(), px(220))))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(px(180), self.heightForWidth(max(self.width(), px(180))))

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        lines = sum(len(lines) for lines, _ in self._body(width))
        line = QFontMetrics(self.font()).lineSpacing()
        title = max(QFontMetrics(self._bold()).height(), px(_GLYPH))
        return 2 * px(_PAD) + title + (px(3) if lines else 0) + lines * line

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), _as_paragraphs(self.toolTip()), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        self._paint_head(painter)
        self._paint_body(painter)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        tones, place = self._look.tones, QRectF(self.rect()).adjusted(1, 1, -1, -1)
        ground = tones.hover if self.underMouse() or self.isChecked() else tones.raised
        border = tones.accent if self.isChecked() else ground
        width = 1.0
        if self.hasFocus():
            border, width = tones.focus, 2.0
        painter.setPen(QPen(QColor(border), width))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(place, px(5), px(5))
        if self.isChecked():
            bar = QRectF(place.left(), place.top() + px(8), px(3), place.height() - 2 * px(8))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tones.accent))
            painter.drawRoundedRect(bar, px(1), px(1))

    def _paint_head(self, painter: QPainter) -> None:
        tones, side = self._look.tones, px(_GLYPH)
        ink = QColor(tones.text if self.isEnabled() else tones.disabled)
        icons.paint(painter, _glyph(self.preset, self.is_own), self._glyph_place(), ink)
        painter.setFont(self._bold())
        painter.setPen(ink)
        metrics = QFontMetrics(self._bold())
        left, top = self._text_left(), px(_PAD)
        room = self.width() - left - px(_PAD)
        badge = self._badge(self.width())
        badge_width = self._badge_width(badge)
        (title,), _ = elided(self.text(), metrics, room - badge_width)
        height = max(metrics.height(), side)
        painter.drawText(QRect(left, top, room, height), Qt.AlignmentFlag.AlignVCenter, title)
        if badge:
            self._paint_badge(painter, badge, badge_width, top, height)

    def _paint_badge(self, painter: QPainter, text: str, width: int, top: int, height: int) -> None:
        painter.setFont(self._small())
        tall = QFontMetrics(self._small()).height() + px(2)
        place = QRectF(
            self.width() - px(_PAD) - width + px(6), top + (height - tall) / 2, width - px(6), tall
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._look.tones.warn), 1))
        painter.drawRoundedRect(place, tall / 2, tall / 2)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_body(self, painter: QPainter) -> None:
        tones, metrics = self._look.tones, QFontMetrics(self.font())
        inks = (tones.dim, tones.text, tones.warn, tones.dim)
        line = metrics.lineSpacing()
        top = px(_PAD) + max(QFontMetrics(self._bold()).height(), px(_GLYPH)) + px(3)
        painter.setFont(self.font())
        for (lines, _), ink in zip(self._body(self.width()), inks, strict=True):
            painter.setPen(QColor(ink if self.isEnabled() else tones.disabled))
            for text in lines:
                painter.drawText(self._text_left(), top + metrics.ascent(), text)
                top += line

    def _body(self, width: int) -> list[tuple[list[str], bool]]:
        """The lines below the title: summary, what was seen, the note, the cost."""
        metrics = QFontMetrics(self.font())
        room = max(width - self._text_left() - px(_PAD), px(40))
        most = _MOST_LINES if self.isChecked() else 1
        note = preset_note(self.preset) if self.isChecked() else ""
        if self.preset.experimental and not note and not self._badge(width):
            note = self.tr("experimental")
        return [
            elided(preset_summary(self.preset), metrics, room, most),
            elided(self._seen, metrics, room, _MOST_LINES),
            elided(note, metrics, room, _MOST_LINES),
            elided(self._cost, metrics, room, 2),
        ]

    def _glyph_place(self) -> QRectF:
        height = max(QFontMetrics(self._bold()).height(), px(_GLYPH))
        side = px(_GLYPH)
        return QRectF(px(_PAD), px(_PAD) + (height - side) / 2, side, side)

    def _text_left(self) -> int:
        return px(_PAD) + px(_GLYPH) + px(_GAP)

    def _badge(self, width: int) -> str:
        """The word beside the title; empty where both do not fit."""
        badge = self.tr("experimental") if self.preset.experimental else ""
        title = QFontMetrics(self._bold()).horizontalAdvance(self.text())
        room = width - self._text_left() - px(_PAD)
        return badge if title + self._badge_width(badge) <= room else ""

    def _badge_width(self, badge: str) -> int:
        if not badge:
            return 0
        return QFontMetrics(self._small()).horizontalAdvance(badge) + px(12) + px(6)

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(px(10))
        return font


def _glyph(preset: Preset, own: bool) -> str:
    if own:
        return "mine"
    return preset.task if preset.task in icons.names() else "photo"


def _as_paragraphs(text: str) -> str:
    """Rich text, which Qt wraps in a tooltip, in place of plain text, which it does not."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"<p>{line}</p>" for line in escaped.split("\n"))
