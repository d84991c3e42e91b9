"""A line of text that shortens itself instead of pushing others aside."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from restorer_app.gui.look.elision import elided


class ElidedLabel(QLabel):
    """Shows as many words as fit; the tooltip has them all where some are missing."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        return QSize(0, super().minimumSizeHint().height())

    def shown(self) -> str:
        """The text as it is on screen."""
        lines, _ = elided(self.text(), self.fontMetrics(), self.width())
        return lines[0] if lines else ""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        text = self.shown()
        tip = "" if text == self.text() else self.text()
        if tip != self.toolTip():
            self.setToolTip(tip)
        painter = QPainter(self)
        self.style().drawItemText(
            painter,
            self.rect(),
            self.alignment(),
            self.palette(),
            self.isEnabled(),
            text,
            self.foregroundRole(),
        )
        painter.end()
