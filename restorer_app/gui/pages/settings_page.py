"""The settings, as a page made from the fields of their record."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from restorer_app.gui.look.theme import px, role, rows
from restorer_app.gui.pages.decimal_box import DecimalBox

_CONTEXT = "Settings"
_WIDEST = 460


class SettingsPage(QScrollArea):
    """One control for each field that has a title; a change counts at once.

    A field's metadata say what it is: `title`, `help`, `choices` (values, or values with their
    titles), `minimum`, `maximum` and `step`, `hidden`. Fields of other types than str, bool, int
    and float are left out.
    """

    changed = Signal(object)
    """The whole record, as the user wants it."""

    def __init__(self, settings: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._editors: dict[str, QWidget] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._build()

    @property
    def settings(self) -> Any:
        """The record as it is now."""
        return self._settings

    def set_settings(self, settings: Any) -> None:
        """Show another record of the same type, without a signal."""
        self._settings = settings
        for name, editor in self._editors.items():
            editor.blockSignals(True)
            _show(editor, getattr(settings, name))
            editor.blockSignals(False)

    def editor(self, name: str) -> QWidget:
        """The control of a field; raises `KeyError` for one without."""
        return self._editors[name]

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.LanguageChange:
            self._build()
        super().changeEvent(event)

    def _build(self) -> None:
        page = QWidget()
        layout = rows(gap=4, margin=20)
        page.setLayout(layout)
        heading = role(QLabel(self.tr("Settings")), "title")
        layout.addWidget(heading)
        layout.addSpacing(px(8))
        self._editors = {}
        for field in dataclasses.fields(self._settings):
            editor = self._editor_for(field)
            if editor is not None:
                self._editors[field.name] = editor
                self._add(layout, field, editor)
        layout.addStretch(1)
        self.setAccessibleName(self.tr("Settings"))
        self.setWidget(page)

    def _add(self, layout: QVBoxLayout, field: dataclasses.Field[Any], editor: QWidget) -> None:
        title, text = _words(field.metadata)
        editor.setAccessibleName(title)
        editor.setAccessibleDescription(text)
        editor.setMaximumWidth(px(_WIDEST))
        if isinstance(editor, QCheckBox):
            editor.setText(title)
        else:
            label = QLabel(title)
            label.setBuddy(editor)
            layout.addWidget(label)
        layout.addWidget(editor)
        layout.addSpacing(px(2))
        if text:
            help_line = role(QLabel(text), "dim")
            help_line.setWordWrap(True)
            help_line.setMaximumWidth(px(_WIDEST))
            layout.addWidget(help_line)
        layout.addSpacing(px(12))

    def _editor_for(self, field: dataclasses.Field[Any]) -> QWidget | None:
        facts, value = field.metadata, getattr(self._settings, field.name)
        if not facts.get("title") or facts.get("hidden"):
            return None
        if facts.get("choices"):
            return self._choice(field.name, facts["choices"], value)
        if isinstance(value, bool):
            box = QCheckBox()
            box.setChecked(value)
            box.toggled.connect(lambda on: self._take(field.name, on))
            return box
        if isinstance(value, int | float):
            return self._number(field.name, facts, value)
        if isinstance(value, str):
            line = QLineEdit(value)
            line.editingFinished.connect(lambda: self._take(field.name, line.text()))
            return line
        return None

    def _choice(self, name: str, choices: Any, value: object) -> QComboBox:
        box = QComboBox()
        titles = choices if isinstance(choices, Mapping) else {each: str(each) for each in choices}
        for each, title in titles.items():
            box.addItem(QCoreApplication.translate(_CONTEXT, str(title)), each)
        _show(box, value)
        box.currentIndexChanged.connect(lambda: self._take(name, box.currentData()))
        return box

    def _number(
        self, name: str, facts: Mapping[str, Any], value: float
    ) -> QSpinBox | QDoubleSpinBox:
        box: QSpinBox | QDoubleSpinBox
        if isinstance(value, int):
            box = QSpinBox()
            box.setRange(int(facts.get("minimum", 0)), int(facts.get("maximum", 2**31 - 1)))
            box.setValue(value)
        else:
            box = DecimalBox()
            box.setSingleStep(float(facts.get("step", 0.1)))
            box.setRange(float(facts.get("minimum", 0)), float(facts.get("maximum", 1e9)))
            box.setValue(value)
        box.setKeyboardTracking(False)
        box.valueChanged.connect(lambda number: self._take(name, number))
        return box

    def _take(self, name: str, value: object) -> None:
        if getattr(self._settings, name) != value:
            self._settings = dataclasses.replace(self._settings, **{name: value})
            self.changed.emit(self._settings)


def _words(facts: Mapping[str, Any]) -> tuple[str, str]:
    """Title and help in the language of the window."""
    title, text = str(facts["title"]), str(facts.get("help", ""))
    translate = QCoreApplication.translate
    return translate(_CONTEXT, title), translate(_CONTEXT, text) if text else ""


def _show(editor: QWidget, value: Any) -> None:
    if isinstance(editor, QCheckBox):
        editor.setChecked(value)
    elif isinstance(editor, QSpinBox | QDoubleSpinBox):
        editor.setValue(value)
    elif isinstance(editor, QComboBox):
        editor.setCurrentIndex(max(editor.findData(value), 0))
    elif isinstance(editor, QLineEdit):
        editor.setText(value)
