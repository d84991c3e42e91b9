"""What is to be trained: name, aim, photographs, recipe, hours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from engine.resources import resource
from restorer_app.gui.look.theme import columns, px, role, rows
from restorer_app.gui.models.model_words import size
from restorer_app.gui.pages.decimal_box import DecimalBox
from restorer_app.gui.panel.segments import Segments
from restorer_app.gui.trainings.recipe_choice import RecipeChoice
from restorer_app.gui.trainings.training_photos import TrainingPhotos
from restorer_app.gui.trainings.training_words import task_title
from restorer_app.gui.trainings.wheel_guard import WheelGuard
from restorer_app.model_cards import Fit, ModelCard
from restorer_app.training_checks import recipes_for
from restorer_app.training_plan import room
from restorer_app.trainings import PREDICTOR, TASKS, TrainingOrder

_LITE, _PAINTER = "lite", "flux"
"""Aims, and the names of the recipes that are usual for them."""
_LINES = ("name", "aim", "task", "model", "photos", "recipe", "hours")
_LEAST, _MOST, _USUAL, _STEP = 0.1, 200.0, 2.0, 0.5
"""Hours of learning."""
_LONGEST = 60
"""Letters of a name."""


class TrainingForm(QFrame):
    """Asks for a `TrainingOrder`; whether it can be begun is decided elsewhere."""

    ordered = Signal(object)
    """The `TrainingOrder` to begin; None where no folder of photographs is named yet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "card")
        self._cards: tuple[ModelCard, ...] = ()
        self._free: int | None = None
        self._device = "auto"
        self._heading = role(QLabel(), "subtitle")
        self._labels = {name: role(QLabel(), "dim") for name in _LINES}
        self._name, self._aim = QLineEdit(), Segments((_LITE, _PAINTER))
        self._task, self._model = QComboBox(), QComboBox()
        self._photos, self._recipe, self._hours = TrainingPhotos(), RecipeChoice(), DecimalBox()
        self._note, self._doubt = role(QLabel(), "dim"), role(QLabel(), "error")
        self._start = role(QPushButton(), "primary")
        self._aim.choose(_LITE)
        self._name.setMaxLength(_LONGEST)
        self._hours.setDecimals(1)
        self._hours.setRange(_LEAST, _MOST)
        self._hours.setSingleStep(_STEP)
        self._hours.setValue(_USUAL)
        self._hours.setSuffix(" h")
        self._hours.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        WheelGuard(self).guard(self._task, self._model, self._recipe, self._hours)
        self._arrange()
        self._connect()
        self.retranslate()

    def set_cards(self, cards: Sequence[ModelCard]) -> None:
        """The models there are; adapters can be trained for those that paint and are here."""
        usable = tuple(card for card in cards if card.paints and card.usable)
        if usable == self._cards:
            return
        before, self._cards = self._model.currentData(), usable
        self._model.clear()
        for card in usable:
            self._model.addItem(card.title, card.id)
        self._model.setCurrentIndex(max(self._model.findData(before), 0))
        self._aim.button(_PAINTER).setEnabled(bool(usable))

    def set_free(self, free: int | None) -> None:
        """The free bytes where trainings lie, if that is known."""
        self._free = free
        self._show()

    def set_device(self, device: str) -> None:
        """What is computed on, as it is set for the whole program."""
        self._device = device

    def set_possible(self, possible: bool) -> None:
        """Whether a training can be begun now: one at a time."""
        self._start.setEnabled(possible)
        tip = "" if possible else self.tr("One training at a time: another one runs.")
        self._start.setToolTip(tip)

    def show_doubt(self, text: str) -> None:
        """What speaks against the order; empty for nothing."""
        self._doubt.setText(text)
        self._doubt.setVisible(bool(text))

    def clear(self) -> None:
        """After a training was begun: the next one has another name."""
        self._name.clear()
        self.show_doubt("")

    def order(self) -> TrainingOrder | None:
        """What is asked for now; None where no folder of photographs is named."""
        if self._photos.folder is None and not self._photos.pictures:
            return None
        return self._order(self._photos.folder, self._photos.pictures)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        self._heading.setText(self.tr("New training"))
        texts = {
            "name": self.tr("Name"),
            "aim": self.tr("For"),
            "task": self.tr("Against"),
            "model": self.tr("Model"),
            "photos": self.tr("Clean photos"),
            "recipe": self.tr("Recipe"),
            "hours": self.tr("Learns for"),
        }
        fields = {
            "name": self._name,
            "task": self._task,
            "model": self._model,
            "recipe": self._recipe,
            "hours": self._hours,
        }
        for name, text in texts.items():
            self._labels[name].setText(text)
            if name in fields:
                fields[name].setAccessibleName(text)
        self._name.setPlaceholderText(self.tr("Such as: My camera at ISO 6400"))
        self._aim.button(_LITE).setText(self.tr("One kind of damage (Lite)"))
        self._aim.button(_PAINTER).setText(self.tr("Texture (Lite Texture, Flux)"))
        self._start.setText(self.tr("Start training"))
        self._fill_tasks()
        self._show()

    @property
    def _painter(self) -> ModelCard | None:
        """The model that is taught to paint; None for an adapter of the predictor."""
        chosen = self._model.currentData() if self._aim.value == _PAINTER else None
        return next((card for card in self._cards if card.id == chosen), None)

    def _order(self, photos: Path | None, pictures: int) -> TrainingOrder:
        is_lite = self._aim.value == _LITE
        return TrainingOrder(
            title=self._name.text().strip(),
            model=PREDICTOR if is_lite else str(self._model.currentData()),
            task=str(self._task.currentData()) if is_lite else "",
            photos=photos,
            pictures=pictures,
            recipe=self._recipe.value,
            hours=self._hours.value(),
            device=self._device,
        )

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(14))
        grid.setVerticalSpacing(px(8))
        fields: tuple[QWidget, ...] = (self._name, self._aim, self._task, self._model)
        fields = (*fields, self._photos, self._recipe, self._hours)
        for row, (name, field) in enumerate(zip(_LINES, fields, strict=True)):
            label = self._labels[name]
            if field is self._photos:  # beside its first line
                label.setContentsMargins(0, px(5), 0, 0)
                grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            else:
                grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
            if isinstance(field, QComboBox):
                field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._hours.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        grid.setColumnStretch(1, 1)
        foot = columns(gap=10)
        foot.addWidget(self._note, 1)
        foot.addWidget(self._start, 0, Qt.AlignmentFlag.AlignBottom)
        layout = rows(gap=10, margin=14)
        layout.addWidget(self._heading)
        layout.addLayout(grid)
        layout.addWidget(self._doubt)
        layout.addLayout(foot)
        for text in (self._note, self._doubt):
            text.setWordWrap(True)
        self._doubt.hide()
        self.setLayout(layout)

    def _connect(self) -> None:
        self._aim.chosen.connect(lambda _value: self._aim_changed())
        self._task.currentIndexChanged.connect(lambda _index: self._show())
        self._model.currentIndexChanged.connect(lambda _index: self._aim_changed())
        self._photos.changed.connect(self._show)
        self._hours.valueChanged.connect(lambda _number: self._show())
        for asked in (self._name.returnPressed, self._photos.submitted, self._start.clicked):
            asked.connect(lambda *_: self._give())

    def _aim_changed(self) -> None:
        self.show_doubt("")
        card = self._painter
        self._photos.set_paints(card is not None and card.is_flux)  # which tells `_show`

    def _fill_tasks(self) -> None:
        before = self._task.currentData()
        self._task.clear()
        for task in TASKS:
            self._task.addItem(task_title(task), task)
        self._task.setCurrentIndex(max(self._task.findData(before), 0))

    def _give(self) -> None:
        if self._start.isEnabled():
            self.ordered.emit(self.order())

    def _show(self) -> None:
        aim, task = self._aim.value, self._task.currentData()
        if task is None or (aim == _PAINTER and self._model.currentData() is None):
            return  # while the lines are being filled
        for name, field in (("task", self._task), ("model", self._model)):
            shown = (name == "task") == (aim == _LITE)
            self._labels[name].setVisible(shown)
            field.setVisible(shown)
        teaching = recipes_for(task, resource("recipes")) if aim == _LITE else [_PAINTER]
        self._recipe.set_names(sorted(teaching, key=lambda name: name != aim))
        self._note.setText(self._notes())

    def _notes(self) -> str:
        """What it takes."""
        pictures = self._photos.pictures
        needed = room(self._order(None if pictures else Path(), pictures))
        parts = [self.tr("Takes up to {} on the disk.").format(size(needed))]
        if self._free is not None:
            parts.append(self.tr("{} are free there.").format(size(self._free)))
        card = self._painter
        if card is not None and not card.shipped:
            if card.fit in (Fit.PROCESSOR, Fit.TOO_LARGE, Fit.FOREIGN):
                parts.append(self.tr("Without a graphics card that fits, this takes days."))
            else:
                parts.append(self.tr("Learning takes more graphics memory than restoring."))
        return " ".join(parts)
