"""A page in a window of its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QDialog, QDialogButtonBox, QPushButton, QWidget

from restorer_app.gui.look.theme import rows


class PageDialog(QDialog):
    """Shows a page, and is gone once it is closed."""

    def __init__(
        self,
        parent: QWidget,
        page: QWidget,
        title: Callable[[], str],
        *,
        margin: int = 0,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """`title` and `changed` are called again when the language has changed."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._title, self._changed = title, changed
        self._more: list[tuple[QPushButton, Callable[[], str]]] = []
        self.setWindowTitle(title())
        column = rows(12, margin)
        column.addWidget(page)
        if margin:
            self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
            self._buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
            self._buttons.rejected.connect(self.accept)
            column.addWidget(self._buttons)
        self.setLayout(column)

    def offer(self, text: Callable[[], str], act: Callable[[], object]) -> None:
        """A button beside “Close”, for a page with a margin: closes this one, then does `act`."""
        button = self._buttons.addButton(text(), QDialogButtonBox.ButtonRole.ActionRole)
        button.clicked.connect(self.accept)
        button.clicked.connect(lambda: act())
        self._more.append((button, text))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Return presses the button that has the focus, and no other one."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            button = self.focusWidget()
            if isinstance(button, QAbstractButton):
                button.click()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.setWindowTitle(self._title())
            for button, text in self._more:
                button.setText(text())
            self._changed()
        super().changeEvent(event)
