"""A row of buttons of which one is pressed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QWidget

from restorer_app.gui.look.theme import columns


class Segments(QWidget):
    """A choice between a few values; the arrow keys move it."""

    chosen = Signal(str)
    """By the user; not sent by `choose`."""

    def __init__(self, values: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        layout = columns(gap=2)
        for value in values:
            button = QPushButton(value)
            button.setCheckable(True)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._buttons[value] = button
            self._group.addButton(button)
            layout.addWidget(button, 1)
        self.setLayout(layout)
        self._group.buttonClicked.connect(self._tell)

    @property
    def value(self) -> str:
        """The pressed button's value; empty for none."""
        pressed = self._group.checkedButton()
        return next((value for value, button in self._buttons.items() if button is pressed), "")

    def choose(self, value: str) -> None:
        """Press a button without a signal; an unknown value presses none."""
        self._group.setExclusive(False)
        for known, button in self._buttons.items():
            button.setChecked(known == value)
            button.setFocusPolicy(
                Qt.FocusPolicy.StrongFocus
                if known == value or value not in self._buttons
                else Qt.FocusPolicy.ClickFocus
            )
        self._group.setExclusive(True)

    def button(self, value: str) -> QPushButton:
        """Raises `KeyError` for an unknown value."""
        return self._buttons[value]

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        way = ways.get(Qt.Key(event.key()))
        values = list(self._buttons)
        if way is None or not self.value:
            super().keyPressEvent(event)
            return
        aim = values[min(max(values.index(self.value) + way, 0), len(values) - 1)]
        self._buttons[aim].setFocus()
        self._buttons[aim].click()

    def _tell(self) -> None:
        value = self.value
        self.choose(value)
        self.chosen.emit(value)
