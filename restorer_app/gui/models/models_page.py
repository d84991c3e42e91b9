"""All models on one page: what each is, may and needs; to be fetched, checked and removed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPushButton, QScrollArea, QWidget

from engine.placement import Hardware
from restorer_app.gui.look.theme import columns, px, role, rows
from restorer_app.gui.models.model_panel import ModelPanel
from restorer_app.gui.models.model_words import size
from restorer_app.model_cards import ModelCard
from restorer_app.model_tasks import Task


class ModelsPage(QScrollArea):
    """A panel for each model, the folder they lie in, and the token for those that ask for one."""

    token_given = Signal(str)
    """The token to keep; empty to forget the one that is kept."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = Path()
        self._free: int | None = None
        self._panels: dict[str, ModelPanel] = {}
        self._heading = role(QLabel(), "title")
        self._intro, self._place = role(QLabel(), "dim"), role(QLabel(), "dim")
        self._token_title = role(QLabel(), "heading")
        self._token_text, self._token_said = role(QLabel(), "dim"), role(QLabel(), "dim")
        self._token = QLineEdit()
        self._token.setEchoMode(QLineEdit.EchoMode.Password)
        self._keep = QPushButton()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list = rows(gap=12)
        self._arrange()
        self._keep.clicked.connect(self._give_token)
        self._token.returnPressed.connect(self._give_token)
        self.retranslate()

    @property
    def panels(self) -> Sequence[ModelPanel]:
        return tuple(self._panels.values())

    def panel(self, model: str) -> ModelPanel:
        """The panel of a model; raises `KeyError` for one that is not listed."""
        return self._panels[model]

    def show_cards(self, cards: Sequence[ModelCard], machine: Hardware | None) -> list[ModelPanel]:
        """Show these models, in their order; gives the panels that are new."""
        new = []
        for card in cards:
            panel = self._panels.get(card.id)
            if panel is None:
                panel = ModelPanel(card)
                self._panels[card.id] = panel
                self._list.addWidget(panel)
                new.append(panel)
            panel.show_card(card, panel.task, machine)
        return new

    def show_task(self, task: Task) -> None:
        """How far the work on a model is."""
        if task.model in self._panels:
            self._panels[task.model].show_task(task)

    def show_place(self, folder: Path, free: int | None) -> None:
        """Where models lie, and the free bytes there, if that is known."""
        self._folder, self._free = folder, free
        self.retranslate()

    def show_token(self, text: str, *, failed: bool = False) -> None:
        """What became of the token that was given."""
        role(self._token_said, "error" if failed else "dim")
        self._token_said.setText(text)
        self._token_said.setVisible(bool(text))

    def reveal(self, model: str) -> None:
        """Bring a model into sight, with the keyboard on it."""
        panel = self._panels.get(model)
        if panel is not None:
            self._list.activate()
            self.verticalScrollBar().setValue(panel.pos().y() - px(12))
            panel.take_focus()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Models"))
        self._heading.setText(self.tr("Models"))
        self._intro.setText(
            self.tr(
                "Lite comes with the program and is all you need. The other models add texture that"
                " was not in the photo. Nothing is fetched unless you press Download."
            )
        )
        free = "" if self._free is None else self.tr("{} are free there.").format(size(self._free))
        place = self.tr("Fetched models lie in {}.").format(self._folder)
        self._place.setText(f"{place} {free}".strip())
        self._token_title.setText(self.tr("Token"))
        self._token_text.setText(
            self.tr(
                "Only for models whose owners ask for one: make it on your page at the hub. It is"
                " kept in the keyring of this system, and shown to the hub alone."
            )
        )
        self._token.setAccessibleName(self.tr("Token"))
        self._token.setPlaceholderText(self.tr("Paste the token here; leave empty to forget it"))
        self._keep.setText(self.tr("Keep"))
        self._keep.setAccessibleName(self.tr("Keep the token"))

    def _arrange(self) -> None:
        page = QWidget()
        layout = rows(gap=8, margin=20)
        for label in (self._intro, self._place, self._token_text, self._token_said):
            label.setWordWrap(True)
        for part in (self._heading, self._intro, self._place):
            layout.addWidget(part)
        layout.addSpacing(px(6))
        layout.addLayout(self._list)
        layout.addSpacing(px(10))
        layout.addWidget(self._token_title)
        layout.addWidget(self._token_text)
        line = columns(gap=6)
        line.addWidget(self._token, 1)
        line.addWidget(self._keep)
        layout.addLayout(line)
        layout.addWidget(self._token_said)
        layout.addStretch(1)
        self._token_said.hide()
        page.setLayout(layout)
        self.setWidget(page)

    def _give_token(self) -> None:
        token = self._token.text().strip()
        self._token.clear()
        self.token_given.emit(token)
