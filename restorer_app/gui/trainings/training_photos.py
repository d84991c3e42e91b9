"""Where the clean photographs of a training come from."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit, QPushButton, QSpinBox, QWidget

from restorer_app.gui.look.icons import icon
from restorer_app.gui.look.theme import columns, rows
from restorer_app.gui.trainings.wheel_guard import WheelGuard

_FEWEST, _MOST, _USUAL, _STEP = 20, 5000, 200, 20
"""Pictures that Flux paints."""


class TrainingPhotos(QWidget):
    """A folder of the user's own, or so many pictures that a Flux model paints."""

    changed = Signal()
    submitted = Signal()
    """Return was pressed in the line of the folder."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line, self._choose = QLineEdit(), QPushButton(icon("folder"), "")
        self._paint, self._count = QCheckBox(), QSpinBox()
        self._count.setRange(_FEWEST, _MOST)
        self._count.setSingleStep(_STEP)
        self._count.setValue(_USUAL)
        self._count.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        WheelGuard(self).guard(self._count)
        folder, painted, layout = columns(gap=6), columns(gap=8), rows(gap=6)
        folder.addWidget(self._line, 1)
        folder.addWidget(self._choose)
        painted.addWidget(self._paint)
        painted.addWidget(self._count)
        painted.addStretch(1)
        layout.addLayout(folder)
        layout.addLayout(painted)
        self.setLayout(layout)
        self._choose.clicked.connect(self._ask)
        self._line.textChanged.connect(lambda _text: self.changed.emit())
        self._line.returnPressed.connect(self.submitted)
        self._count.valueChanged.connect(lambda _number: self.changed.emit())
        self._paint.toggled.connect(lambda _on: self._show())
        self.retranslate()
        self.set_paints(False)

    @property
    def folder(self) -> Path | None:
        """The folder that is named; None for none, or where pictures are painted."""
        named = self._line.text().strip()
        return Path(named).expanduser().absolute() if named and not self.pictures else None

    @property
    def pictures(self) -> int:
        """How many are painted; 0 for the user's own."""
        painted = not self._paint.isHidden() and self._paint.isChecked()
        return self._count.value() if painted else 0

    def set_paints(self, paints: bool) -> None:
        """Whether there is a model that can paint them."""
        self._paint.setVisible(paints)
        self._count.setVisible(paints)
        self._show()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        self._line.setAccessibleName(self.tr("Clean photos"))
        self._line.setPlaceholderText(self.tr("A folder of your own good photos"))
        self._choose.setText(self.tr("Choose…"))
        self._choose.setAccessibleName(self.tr("Choose the folder of clean photos"))
        self._paint.setText(self.tr("Let Flux paint them:"))
        self._count.setAccessibleName(self.tr("How many pictures are painted"))
        self._count.setSuffix(" " + self.tr("pictures"))

    def _ask(self) -> None:
        title = self.tr("Choose a folder of clean photos")
        name = QFileDialog.getExistingDirectory(self, title, self._line.text())
        if name:
            self._line.setText(name)

    def _show(self) -> None:
        painted = self.pictures > 0
        self._count.setEnabled(painted)
        self._line.setEnabled(not painted)
        self._choose.setEnabled(not painted)
        self.changed.emit()
