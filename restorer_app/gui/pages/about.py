"""Which version this is, what it runs on, and where its log is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from restorer_app.gui.look.icons import icon, program_icon
from restorer_app.gui.look.theme import columns, px, role, rows


class AboutDialog(QDialog):
    """Facts that can be copied into a report of a fault."""

    log_folder_requested = Signal()
    licences_requested = Signal()

    def __init__(
        self,
        version: str,
        facts: Sequence[tuple[str, str]],
        log_folder: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About Restorer"))
        self._facts = (
            (self.tr("Version"), version),
            *facts,
            (self.tr("Log"), str(log_folder)),
        )
        text = role(QLabel(self.tr("Restores photographs on your own computer.")), "dim")
        layout = rows(gap=12, margin=22)
        layout.addLayout(_head(text))
        layout.addWidget(self._table())
        foot = columns(gap=8)
        copy = QPushButton(icon("copy"), self.tr("Copy"))
        log = QPushButton(icon("folder"), self.tr("Open log folder"))
        licences = QPushButton(icon("info"), self.tr("Licences"))
        close = role(QPushButton(self.tr("Close")), "primary")
        copy.clicked.connect(self.copy)
        log.clicked.connect(self.log_folder_requested)
        licences.clicked.connect(self.licences_requested)
        close.clicked.connect(self.accept)
        for button in (copy, log, licences):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(close)
        layout.addLayout(foot)
        self.setLayout(layout)

    def text(self) -> str:
        """The facts, one a line."""
        return "\n".join(f"{name}: {value}" for name, value in self._facts)

    def copy(self) -> None:
        """Put the facts on the clipboard."""
        QApplication.clipboard().setText(self.text())

    def _table(self) -> QWidget:
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(16))
        for row, (name, value) in enumerate(self._facts):
            shown = QLabel(value)
            shown.setWordWrap(True)
            shown.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            shown.setAccessibleName(name)
            grid.addWidget(role(QLabel(name), "dim"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(shown, row, 1)
        grid.setColumnStretch(1, 1)
        return table


def _head(text: QLabel) -> QHBoxLayout:
    """The program's sign, and beside it its name over what it is for."""
    sign = QLabel()
    sign.setPixmap(program_icon().pixmap(px(56), px(56)))
    names = rows(gap=2)
    names.addWidget(role(QLabel("Restorer"), "hero"))
    names.addWidget(text)
    head = columns(gap=16)
    head.addWidget(sign)
    head.addLayout(names)
    head.addStretch(1)
    return head
