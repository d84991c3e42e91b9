"""Numbers and choices on a page that scrolls."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QWidget


class WheelGuard(QObject):
    """Leaves the wheel to the page, unless what it passes over has the keyboard."""

    def guard(self, *parts: QWidget) -> None:
        """Of these, none is turned by a wheel that was meant for the page."""
        for part in parts:
            part.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # not taken by the wheel itself
            part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        if isinstance(event, QWheelEvent) and isinstance(watched, QWidget):
            if watched.hasFocus():
                return False
            event.ignore()
            return True
        return super().eventFilter(watched, event)
