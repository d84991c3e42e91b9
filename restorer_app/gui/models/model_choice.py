"""Which model a photo is restored with, or which adapter of the user's own, beside the button that
restores it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QSizePolicy, QWidget

from restorer_app.gui.look.theme import columns, role, rows
from restorer_app.gui.models.model_words import choice_note
from restorer_app.model_cards import ModelCard
from restorer_app.own_adapters import OwnAdapter


class ModelChoice(QWidget):
    """The models that are here, and the user's own adapters for them; models that are not here lead
    to where they can be had."""

    chosen = Signal(str)
    """By the user; not sent by `show_model`."""
    adapter_chosen = Signal(object)
    """An `OwnAdapter`, by the user."""
    wanted = Signal(str)
    """The user asks for a model that is not here; empty for the page of all models."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: tuple[ModelCard, ...] = ()
        self._adapters: tuple[OwnAdapter, ...] = ()
        self._model = "lite"
        self._adapter: Path | None = None
        self._label = role(QLabel(), "heading")
        self._box = QComboBox()
        self._box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._label.setBuddy(self._box)
        self._note = role(QLabel(), "dim")
        self._note.setWordWrap(True)
        self._get = role(QPushButton(), "link")
        line = columns(gap=8)
        line.addWidget(self._label)
        line.addWidget(self._box, 1)
        layout = rows(gap=4)
        layout.addLayout(line)
        layout.addWidget(self._note)
        layout.addWidget(self._get)
        self.setLayout(layout)
        self._box.activated.connect(self._take)
        self._get.clicked.connect(lambda: self.wanted.emit(self._model))
        self._fill()

    @property
    def model(self) -> str:
        """The model of the photo on screen."""
        return self._model

    def set_cards(self, cards: Sequence[ModelCard]) -> None:
        """The models there are."""
        if tuple(cards) != self._cards:
            self._cards = tuple(cards)
            self._fill()

    def set_adapters(self, adapters: Sequence[OwnAdapter]) -> None:
        """The adapters that the user has trained."""
        if tuple(adapters) != self._adapters:
            self._adapters = tuple(adapters)
            self._fill()

    def show_adapter(self, adapter: Path | None) -> None:
        """Show this one in place of the model's own, without a signal; None for the model alone."""
        if adapter != self._adapter:
            self._adapter = adapter
            self._fill()

    def show_model(self, model: str) -> None:
        """Show this one without a signal, whether it is here or not."""
        if model != self._model:
            self._model = model
            self._fill()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.LanguageChange:
            self._fill()
        super().changeEvent(event)

    def _fill(self) -> None:
        self._box.clear()
        usable = [card for card in self._cards if card.usable]
        for card in usable:
            self._box.addItem(self._title(card), card.id)
        if self._adapters:
            self._box.insertSeparator(self._box.count())
        for own in self._adapters:
            self._box.addItem(self._own_title(own), own.path)
        absent = [card for card in self._cards if card.ready and not card.usable]
        if absent:
            self._box.insertSeparator(self._box.count())
        for card in absent:
            self._box.addItem(self.tr("{}: get it…").format(card.title), card.id)
        self._box.setCurrentIndex(self._place())
        self._say(next((card for card in self._cards if card.id == self._model), None))

    def _place(self) -> int:
        """The line of what the photo is restored with, which is made if it is not among them."""
        shown = self._model if self._adapter is None else self._adapter
        lines = [self._box.itemData(index) for index in range(self._box.count())]
        if shown not in lines:  # of another catalogue, or removed
            title = self._model if self._adapter is None else self._adapter.stem
            self._box.addItem(title, shown)
            return len(lines)
        return lines.index(shown)

    def _own_title(self, own: OwnAdapter) -> str:
        title = next((card.title for card in self._cards if card.id == own.model), own.model)
        return self.tr("{adapter} (yours, {model})").format(adapter=own.title, model=title)

    def _say(self, card: ModelCard | None) -> None:
        self._label.setText(self.tr("Model"))
        self._box.setAccessibleName(self.tr("Model"))
        tip = self.tr("What the photo is restored with. A change shows after the next run.")
        self._box.setToolTip(tip)
        missing = bool(self._cards) if card is None else not card.usable
        gone = self.tr("This model is not on this computer.") if missing else ""
        note = gone if card is None else choice_note(card)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        doubtful = card is not None and not card.fit.runs
        self._get.setText(self.tr("Get it…") if missing else self.tr("Models…"))
        self._get.setAccessibleName(self.tr("The page of models"))
        self._get.setVisible(missing or doubtful)

    def _title(self, card: ModelCard) -> str:
        return self.tr("{} (built in)").format(card.title) if card.shipped else card.title

    def _take(self, index: int) -> None:
        """A line was chosen; one that is not here is asked for, and not chosen."""
        data = self._box.itemData(index)
        own = next((own for own in self._adapters if own.path == data), None)
        card = next((card for card in self._cards if card.id == data), None)
        if data in (None, self._model if self._adapter is None else self._adapter):
            return
        if own is not None:
            self._adapter = own.path
            self.show_model(own.model)
            self.adapter_chosen.emit(own)
        elif card is None or not card.usable:
            self._box.setCurrentIndex(self._place())
            self.wanted.emit(str(data))
        else:
            self._adapter = None
            self.show_model(card.id)
            self.chosen.emit(card.id)
