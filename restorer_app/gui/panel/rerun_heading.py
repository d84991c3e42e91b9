"""A heading over controls whose changes show after the next run only, and the sign that says so."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QLabel, QWidget

from restorer_app.gui.look.icons import icon
from restorer_app.gui.look.theme import columns, px, role

_SIGN = 14
"""Side of the sign."""


class RerunHeading(QWidget):
    """Draws its sign in the colours of the theme; what it says is up to the panel around it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._sign = role(QLabel(), "heading"), QLabel()
        line = columns(gap=4)
        line.addWidget(self._title)
        line.addWidget(self._sign)
        line.addStretch(1)
        self.setLayout(line)
        self._draw()

    def set_words(self, title: str, sign: str, why: str) -> None:
        """The heading, what the sign means, and that in a whole sentence."""
        self._title.setText(title)
        self._sign.setAccessibleName(sign)
        self._sign.setToolTip(why)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        side = px(_SIGN)
        self._sign.setPixmap(icon("rerun").pixmap(QSize(side, side)))
