"""Asking how restored photos are to be written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSlider,
    QWidget,
)

from restorer_app.gui.look.icons import icon
from restorer_app.gui.look.theme import columns, px, role, rows
from restorer_app.gui.pages.export_choice import SAME, ExportChoice, ExportFormat
from restorer_app.gui.sentences.sentence_words import said

__all__ = ["ExportChoice", "ExportDialog", "ExportFormat", "ask_export"]

Words = Callable[[ExportChoice], str]


class ExportDialog(QDialog):
    """Shows at once what the choice means: a name as it would be, a size as it may be.

    `example` gives such a name and raises `ValueError` with a sentence for a template that cannot
    be used; `estimate` gives the size in words.
    """

    def __init__(
        self,
        choice: ExportChoice,
        *,
        count: int,
        formats: Sequence[ExportFormat],
        example: Words,
        estimate: Words,
        can_mirror: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._formats = {format.id: format for format in formats}
        self._example, self._estimate, self._can_mirror = example, estimate, can_mirror
        self._count = count
        self._make_parts()
        self._fill()
        self._show_choice(choice)
        self._arrange()
        self._connect()
        self._refresh()

    @property
    def choice(self) -> ExportChoice:
        """What is chosen now."""
        folder = self._folder.text().strip()
        return ExportChoice(
            folder=_place(folder) if folder else None,
            template=self._template.text().strip(),
            mirror=self._mirror.isChecked() and bool(folder),
            format=self._format.currentData(),
            quality=self._quality.value(),
            bits=self._bits.currentData() or 0,
            profile=self._profile.currentData(),
            metadata=self._metadata.currentData(),
            collision=self._collision.currentData(),
        )

    def _make_parts(self) -> None:
        self._folder, self._template = QLineEdit(), QLineEdit()
        self._browse = QPushButton(icon("folder"), self.tr("Choose…"))
        self._mirror = QCheckBox(self.tr("Make the same folders there"))
        self._format, self._bits = QComboBox(), QComboBox()
        self._profile, self._metadata, self._collision = QComboBox(), QComboBox(), QComboBox()
        self._quality = QSlider(Qt.Orientation.Horizontal)
        self._quality.setRange(1, 100)
        self._quality_text = QLabel()
        self._name_example = role(QLabel(), "dim")
        self._name_example.setWordWrap(True)
        self._size = role(QLabel(), "dim")
        self._go = role(QPushButton(), "primary")
        self._cancel = QPushButton(self.tr("Cancel"))
        names = {
            self._folder: self.tr("Folder"),
            self._template: self.tr("Name"),
            self._format: self.tr("Format"),
            self._bits: self.tr("Bit depth"),
            self._profile: self.tr("Colour profile"),
            self._metadata: self.tr("Information in the file"),
            self._collision: self.tr("If a file is there"),
            self._quality: self.tr("Quality"),
        }
        for part, name in names.items():
            part.setAccessibleName(name)
        self._folder.setPlaceholderText(self.tr("Beside each photo"))
        self._template.setToolTip(
            self.tr("{name}, {preset}, {date}, {n} and {scale} are filled in for each photo.")
        )

    def _fill(self) -> None:
        self._format.addItem(self.tr("As the photo"), SAME)
        for format in self._formats.values():
            self._format.addItem(format.title, format.id)
        _add(self._profile, keep=self.tr("Keep the photo's"), srgb=self.tr("sRGB, for the web"))
        _add(
            self._metadata,
            keep=self.tr("Keep all"),
            no_gps=self.tr("All but the place"),
            none=self.tr("None"),
        )
        _add(
            self._collision,
            number=self.tr("Number the new one"),
            skip=self.tr("Skip the photo"),
            overwrite=self.tr("Replace it (never a source)"),
        )

    def _show_choice(self, choice: ExportChoice) -> None:
        self._folder.setText(str(choice.folder) if choice.folder else "")
        self._template.setText(choice.template)
        self._mirror.setChecked(choice.mirror)
        self._quality.setValue(choice.quality)
        for box, value in (
            (self._format, choice.format),
            (self._profile, choice.profile),
            (self._metadata, choice.metadata),
            (self._collision, choice.collision),
        ):
            box.setCurrentIndex(max(box.findData(value), 0))
        self._fill_bits()
        self._bits.setCurrentIndex(max(self._bits.findData(choice.bits), 0))

    def _fill_bits(self) -> None:
        chosen = self._bits.currentData()
        format = self._formats.get(self._format.currentData())
        self._bits.blockSignals(True)
        self._bits.clear()
        self._bits.addItem(self.tr("As the photo"), 0)
        for bits in format.bits if format else ():
            self._bits.addItem(self.tr("{n} bits per colour").format(n=bits), bits)
        self._bits.setCurrentIndex(max(self._bits.findData(chosen), 0))
        self._bits.setEnabled(self._bits.count() > 1)
        self._bits.blockSignals(False)

    def _arrange(self) -> None:
        count = self._count
        self.setWindowTitle(self.tr("Export"))
        title = self.tr("Export 1 photo") if count == 1 else self.tr("Export {n} photos")
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        form.setHorizontalSpacing(px(14))
        form.setVerticalSpacing(px(9))
        form.addRow(self.tr("Folder"), _line(self._folder, self._browse))
        if self._can_mirror:
            form.addRow("", self._mirror)
        form.addRow(self.tr("Name"), self._template)
        form.addRow("", self._name_example)
        form.addRow(self.tr("If a file is there"), self._collision)
        form.addRow(role(QFrame(), "line"))
        form.addRow(self.tr("Format"), self._format)
        form.addRow(self.tr("Quality"), _line(self._quality, self._quality_text))
        form.addRow(self.tr("Bit depth"), self._bits)
        form.addRow(self.tr("Colour profile"), self._profile)
        form.addRow(self.tr("Information in the file"), self._metadata)
        self._form = form
        foot = columns(gap=8)
        foot.addWidget(self._size, 1)
        foot.addWidget(self._cancel)
        foot.addWidget(self._go)
        layout = rows(gap=14, margin=18)
        layout.addWidget(role(QLabel(title.format(n=count)), "title"))
        layout.addLayout(form)
        layout.addStretch(1)
        layout.addLayout(foot)
        self.setLayout(layout)
        self.setMinimumWidth(px(500))

    def _connect(self) -> None:
        self._go.clicked.connect(self.accept)
        self._go.setDefault(True)
        self._cancel.clicked.connect(self.reject)
        self._browse.clicked.connect(self._choose_folder)
        self._format.currentIndexChanged.connect(self._fill_bits)
        for line in (self._folder, self._template):
            line.textChanged.connect(self._refresh)
        for box in (self._format, self._bits, self._profile, self._metadata, self._collision):
            box.currentIndexChanged.connect(self._refresh)
        self._quality.valueChanged.connect(self._refresh)
        self._mirror.toggled.connect(self._refresh)

    def _refresh(self) -> None:
        choice = self.choice
        format = self._formats.get(choice.format)
        self._quality_text.setText(str(choice.quality))
        has_quality = format is None or format.quality
        self._quality.setEnabled(has_quality)
        self._quality_text.setEnabled(has_quality)
        self._mirror.setEnabled(choice.folder is not None)
        self._go.setText(self.tr("Export"))
        try:
            example, wrong = self._example(choice), ""
        except ValueError as error:
            example, wrong = "", said(str(error))
        shown = wrong or self.tr("For example {name}").format(name=example)
        role(self._name_example, "error" if wrong else "dim").setText(shown)
        self._size.setText("" if wrong else self._estimate(choice))
        self._go.setEnabled(not wrong)

    def _choose_folder(self) -> None:
        title = self.tr("Where to put the restored photos")
        folder = QFileDialog.getExistingDirectory(self, title, self._folder.text())
        if folder:
            self._folder.setText(folder)


def ask_export(
    choice: ExportChoice,
    *,
    count: int,
    formats: Sequence[ExportFormat],
    example: Words,
    estimate: Words,
    can_mirror: bool = False,
    parent: QWidget | None = None,
) -> ExportChoice | None:
    """Show the dialog; None if the user thought better of it."""
    dialog = ExportDialog(
        choice,
        count=count,
        formats=formats,
        example=example,
        estimate=estimate,
        can_mirror=can_mirror,
        parent=parent,
    )
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    made = dialog.choice if accepted else None
    dialog.deleteLater()
    return made


def _place(typed: str) -> Path:
    """The folder that was typed; “~” stands for the user's own, as everywhere."""
    try:
        return Path(typed).expanduser()
    except RuntimeError:  # of a user whom nobody knows
        return Path(typed)


def _line(wide: QWidget, beside: QWidget) -> QHBoxLayout:
    line = columns(gap=8)
    line.addWidget(wide, 1)
    line.addWidget(beside)
    return line


def _add(box: QComboBox, **titles: str) -> None:
    for value, title in titles.items():
        box.addItem(title, value)
