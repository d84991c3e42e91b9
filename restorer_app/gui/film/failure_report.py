"""Which photos failed, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from restorer_app.gui.look.icons import icon
from restorer_app.gui.look.theme import columns, px, role, rows


@dataclass(frozen=True, slots=True)
class Failure:
    """One photo that failed: a sentence why, and the one thing to do about it."""

    name: str
    reason: str
    remedy: str = ""


class FailureReport(QDialog):
    """Lists failures so that they can be read, copied and tried again."""

    retry_requested = Signal()

    def __init__(self, failures: Sequence[Failure], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._failures = tuple(failures)
        self.setWindowTitle(self.tr("Photos that failed"))
        count = len(self._failures)
        words = self.tr("1 photo failed") if count == 1 else self.tr("{n} photos failed")
        title = role(QLabel(words.format(n=count)), "title")
        words = self.tr("The other photos are not affected, and no file was changed.")
        rest = role(QLabel(words), "dim")
        self._list = QPlainTextEdit(self.text())
        self._list.setReadOnly(True)
        self._list.setTabChangesFocus(True)
        self._list.setAccessibleName(self.windowTitle())
        layout = rows(gap=10, margin=16)
        for part in (title, rest, self._list):
            layout.addWidget(part)
        layout.addLayout(self._buttons())
        self.setLayout(layout)
        self.resize(px(560), px(360))

    def text(self) -> str:
        """The report as plain text, one paragraph a photo."""
        return "\n\n".join(
            "\n".join(part for part in (failure.name, failure.reason, failure.remedy) if part)
            for failure in self._failures
        )

    def copy(self) -> None:
        """Put the report on the clipboard."""
        QApplication.clipboard().setText(self.text())

    def _buttons(self) -> QHBoxLayout:
        copy = QPushButton(icon("copy"), self.tr("Copy report"))
        retry = QPushButton(icon("retry"), self.tr("Try these again"))
        close = role(QPushButton(self.tr("Close")), "primary")
        copy.clicked.connect(self.copy)
        retry.clicked.connect(self._retry)
        close.clicked.connect(self.accept)
        close.setDefault(True)
        line = columns(gap=8)
        line.addWidget(copy)
        line.addStretch(1)
        line.addWidget(retry)
        line.addWidget(close)
        return line

    def _retry(self) -> None:
        self.retry_requested.emit()
        self.accept()
