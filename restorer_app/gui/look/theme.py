"""The look of the program: theme, scale and motion, applied to the whole application at once."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from restorer_app.gui.look.stylesheet import stylesheet
from restorer_app.gui.look.tones import TONES, Tones, contrast

__all__ = ["TONES", "Look", "Tones", "columns", "contrast", "px", "role", "rows"]

SMALLEST_SCALE, LARGEST_SCALE = 0.8, 2.0
_FONT_PIXELS = 12
"""Height of the font that the drawings of the panels were made for."""
_MEASURES = "restorer_measures"

W = TypeVar("W", bound=QWidget)


def px(units: float) -> int:
    """Pixels of a length that measures `units` at 100 % beside a font of twelve pixels.

    It follows the UI scale and the system's font size; never 0 for a length above 0.
    """
    pixels = QFontInfo(QApplication.font()).pixelSize()
    return max(round(units * pixels / _FONT_PIXELS), 1) if units > 0 else 0


def rows(gap: float = 8, margin: float = 0) -> QVBoxLayout:
    """A layout from top to bottom whose measures follow the UI scale."""
    return _measured(QVBoxLayout(), gap, margin)


def columns(gap: float = 8, margin: float = 0) -> QHBoxLayout:
    """A layout in reading direction whose measures follow the UI scale."""
    return _measured(QHBoxLayout(), gap, margin)


def role(widget: W, name: str) -> W:
    """Say how the stylesheet shall draw a widget; the widget itself, to write on in one line."""
    if widget.property("role") == name:
        return widget
    widget.setProperty("role", name)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    return widget


class Look(QObject):
    """What all windows look like. Make one, after the application."""

    changed = Signal()

    def __init__(
        self,
        app: QApplication,
        *,
        theme: str = "dark",
        scale: float = 1.0,
        reduced_motion: bool = False,
    ) -> None:
        super().__init__(app)
        self._app = app
        self._system_font = QFont(app.font())
        self._tones, self._scale, self._still = TONES[theme], _clipped(scale), reduced_motion
        app.setStyle("Fusion")
        self._apply()

    @property
    def theme(self) -> str:
        return self._tones.name

    @property
    def tones(self) -> Tones:
        return self._tones

    @property
    def scale(self) -> float:
        return self._scale

    @property
    def reduced_motion(self) -> bool:
        """Whether nothing may move that the user did not move."""
        return self._still

    def set(
        self,
        *,
        theme: str | None = None,
        scale: float | None = None,
        reduced_motion: bool | None = None,
    ) -> None:
        """Change what is given. Raises `KeyError` for an unknown theme; scale is kept in range."""
        self._tones = self._tones if theme is None else TONES[theme]
        self._scale = self._scale if scale is None else _clipped(scale)
        self._still = self._still if reduced_motion is None else reduced_motion
        self._apply()
        self.changed.emit()

    def _apply(self) -> None:
        font = QFont(self._system_font)
        if font.pointSizeF() > 0:
            font.setPointSizeF(self._system_font.pointSizeF() * self._scale)
        else:
            font.setPixelSize(round(self._system_font.pixelSize() * self._scale))
        self._app.setFont(font)
        self._app.setPalette(palette(self._tones))
        self._app.setStyleSheet(stylesheet(self._tones, px))
        for widget in self._app.allWidgets():
            for layout in widget.findChildren(QLayout):
                _measure(layout)


def palette(tones: Tones) -> QPalette:
    """The colours of a theme for what the stylesheet does not draw, icons among it."""
    group, parts = QPalette.ColorGroup, QPalette.ColorRole
    colours = {
        parts.Window: tones.window,
        parts.WindowText: tones.text,
        parts.Base: tones.field,
        parts.AlternateBase: tones.panel,
        parts.Text: tones.text,
        parts.PlaceholderText: tones.dim,
        parts.Button: tones.raised,
        parts.ButtonText: tones.text,
        parts.BrightText: tones.text,
        parts.Highlight: tones.accent,
        parts.HighlightedText: tones.on_accent,
        parts.Accent: tones.accent,
        parts.ToolTipBase: tones.raised,
        parts.ToolTipText: tones.text,
        parts.Link: tones.focus,
        parts.LinkVisited: tones.focus,
        parts.Light: tones.hover,
        parts.Midlight: tones.raised,
        parts.Mid: tones.line,
        parts.Dark: tones.field,
        parts.Shadow: tones.field,
    }
    made = QPalette()
    for part, colour in colours.items():
        made.setColor(part, QColor(colour))
    for part in (parts.WindowText, parts.Text, parts.ButtonText):
        made.setColor(group.Disabled, part, QColor(tones.disabled))
    return made


B = TypeVar("B", bound=QBoxLayout)


def _measured(layout: B, gap: float, margin: float) -> B:
    layout.setProperty(_MEASURES, [gap, margin])
    _measure(layout)
    return layout


def _measure(layout: QLayout) -> None:
    measures = layout.property(_MEASURES)
    if measures:
        gap, margin = measures
        layout.setSpacing(px(gap))
        layout.setContentsMargins(*(px(margin),) * 4)


def _clipped(scale: float) -> float:
    return min(max(scale, SMALLEST_SCALE), LARGEST_SCALE)
