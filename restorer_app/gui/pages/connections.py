"""The proof in the status bar that nothing left this computer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from restorer_app.gui.look.icons import icon
from restorer_app.gui.look.theme import role


class ConnectionLabel(QToolButton):
    """Shows how many network connections this session made."""

    explained = Signal()
    """The user asks what that means."""

    def __init__(self, count: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = count
        role(self, "flat")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIcon(icon("offline"))
        self.clicked.connect(self.explained)
        self.refresh()

    def refresh(self) -> None:
        """Ask for the count again."""
        count = self._count()
        if count == 1:
            words = self.tr("1 connection this session")
        else:
            words = self.tr("{n} connections this session").format(n=count)
        self.setText(words)
        self.setToolTip(
            self.tr("Counted while the program runs. Photos never leave this computer.")
        )

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()
        super().changeEvent(event)
