"""What a model may, needs and takes, in a table, with the precision to be chosen in it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from engine.placement import Hardware
from restorer_app.gui.look.theme import columns, px, role
from restorer_app.gui.models import model_words as words
from restorer_app.model_cards import ModelCard, Precision

_FACTS = ("licence", "sell", "precision", "need", "disk")


class ModelFacts(QWidget):
    """The facts of one model; those that there are none of take no room."""

    precision_changed = Signal()
    """By the user; not sent by `show_card`."""
    licence_requested = Signal(str)
    """The address of the licence, which the user wants to read."""

    def __init__(self, card: ModelCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._card = card
        self._machine: Hardware | None = None
        self._names = {name: role(QLabel(), "dim") for name in _FACTS}
        self._facts = {name: QLabel() for name in _FACTS}
        self.read = role(QPushButton(), "link")
        """Leads to the licence."""
        self._choice = QComboBox()
        self._choice.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._arrange()
        self._choice.currentIndexChanged.connect(self._chosen)
        self.read.clicked.connect(lambda: self.licence_requested.emit(self._card.licence_url))
        self._fill_choice()
        self._show()

    @property
    def variant(self) -> str:
        """The precision that is chosen; empty for a model that has none."""
        return str(self._choice.currentData() or "")

    @property
    def precision(self) -> Precision | None:
        """What is known of the precision that is chosen."""
        return self._card.precision(self.variant)

    def show_card(self, card: ModelCard, machine: Hardware | None) -> None:
        """Show a model, on a machine that is known or not."""
        changed = card != self._card
        self._card, self._machine = card, machine
        if changed:
            self._fill_choice()
        self._show()

    def lock(self, locked: bool) -> None:
        """Whether another precision may not be chosen now."""
        self._choice.setEnabled(not locked)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.LanguageChange:
            self._fill_choice()
            self._show()
        super().changeEvent(event)

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(14))
        grid.setVerticalSpacing(px(5))
        top = Qt.AlignmentFlag.AlignTop
        for row, name in enumerate(_FACTS):
            fact = self._facts[name]
            fact.setWordWrap(True)
            beside = Qt.AlignmentFlag.AlignVCenter if name == "precision" else top
            grid.addWidget(self._names[name], row, 0, beside)
            grid.addLayout(self._beside(name, fact), row, 1)
        grid.setColumnStretch(1, 1)
        self.setLayout(grid)

    def _beside(self, name: str, fact: QLabel) -> QHBoxLayout:
        """A fact with the control that belongs to it."""
        line = columns(gap=10)
        if name == "precision":
            line.addWidget(self._choice)
        line.addWidget(fact, 1)
        if name == "licence":
            line.addWidget(self.read, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _fill_choice(self) -> None:
        """The precisions, with the one that is here, was begun, or fits."""
        card, before = self._card, self.variant
        self._choice.blockSignals(True)
        self._choice.clear()
        for one in card.precisions:
            self._choice.addItem(words.precision_line(one), one.name)
        wanted = card.begun or (card.here[0] if card.here else card.preferred)
        if before in card.here:
            wanted = before
        self._choice.setCurrentIndex(max(self._choice.findData(wanted), 0))
        self._choice.blockSignals(False)

    def _chosen(self) -> None:
        self._show()
        self.precision_changed.emit()

    def _show(self) -> None:
        card, many = self._card, len(self._card.precisions) > 1 and not self._card.shipped
        self._names["licence"].setText(self.tr("Licence"))
        self._names["sell"].setText(self.tr("May I sell the picture?"))
        self._names["precision"].setText(self.tr("Precision"))
        self._names["need"].setText(self.tr("Needs"))
        self._names["disk"].setText(self.tr("Room"))
        for name, text in self._texts().items():
            self._facts[name].setText(text)
            shown = many if name == "precision" else bool(text)
            self._facts[name].setVisible(shown)
            self._names[name].setVisible(shown)
        self._choice.setVisible(many)
        self._choice.setAccessibleName(self.tr("Precision of {}").format(card.title))
        self.read.setText(self.tr("Read it"))
        self.read.setToolTip(card.licence_url)
        self.read.setAccessibleName(self.tr("Read the licence of {}").format(card.title))
        self.read.setVisible(bool(card.licence_url))

    def _texts(self) -> dict[str, str]:
        card, chosen = self._card, self.precision
        nothing = self.tr("Nothing more than the program itself.")
        return {
            "licence": words.licence(card),
            "sell": words.may_sell(card),
            "precision": "" if chosen is None else words.reason(card, chosen),
            "need": nothing if chosen is None else words.needs(card, chosen, self._machine),
            "disk": words.on_disk(card),
        }
