"""The program as its desktop sees it: its name, its sign, and the photos that are handed to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from restorer_app.gui.look.icons import program_icon


class Application(QApplication):
    """`given` brings what macOS hands to the running program, by “Open with” or its dock."""

    given = Signal(list)

    def __init__(self, argv: Sequence[str]) -> None:
        super().__init__(argv)
        self._waiting: list[Path] = []

    def event(self, event: QEvent) -> bool:
        if not isinstance(event, QFileOpenEvent) or not event.file():
            return super().event(event)
        if not self._waiting:
            # each file comes as an event of its own, one right after the other
            QTimer.singleShot(0, self._hand_on)
        self._waiting.append(Path(event.file()))
        return True

    def _hand_on(self) -> None:
        paths, self._waiting = self._waiting, []
        self.given.emit(paths)


def introduce(app: QApplication) -> None:
    """Tell the desktop what this is."""
    app.setApplicationName("Restorer")
    app.setDesktopFileName("restorer")
    app.setWindowIcon(program_icon())
