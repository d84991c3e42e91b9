"""The libraries of the program on the left, the licence of the chosen one on the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPlainTextEdit, QSplitter, QWidget

from restorer_app.gui.look.theme import px
from restorer_app.licences import Library

_BETWEEN = "\n\n" + "—" * 24 + "\n\n"


class LicencesPage(QSplitter):
    """Begins with the program's own licence."""

    def __init__(self, libraries: Sequence[Library], parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._libraries = libraries
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Libraries"))
        self._list.ensurePolished()  # or its rows are laid out before they have their padding
        for library in libraries:
            item = QListWidgetItem(f"{library.name} {library.version}")
            item.setToolTip(library.licence)
            self._list.addItem(item)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setAccessibleName(self.tr("Licence"))
        self._list.currentRowChanged.connect(self._show)
        self.addWidget(self._list)
        self.addWidget(self._text)
        self.setSizes([px(240), px(560)])
        self.setChildrenCollapsible(False)
        self._list.setCurrentRow(0)

    def _show(self, row: int) -> None:
        library = self._libraries[row]
        head = f"{library.name} {library.version}\n{library.licence}"
        self._text.setPlainText(_BETWEEN.join((head, *library.texts)))
