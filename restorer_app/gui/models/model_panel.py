"""One model on the page of models: what it is, what it needs, and the work that is done on it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QProgressBar, QPushButton, QWidget

from engine.placement import Hardware
from restorer_app.gui.look.icons import icon
from restorer_app.gui.look.theme import columns, role, rows
from restorer_app.gui.models import model_words as words
from restorer_app.gui.models import model_work_words as work_words
from restorer_app.gui.models.model_facts import ModelFacts
from restorer_app.model_cards import ModelCard, Precision
from restorer_app.model_tasks import Kind, Task, TaskState

_FULL = 1000


class ModelPanel(QFrame):
    """Shows a `ModelCard` and the last `Task` on it; asks for what its buttons say."""

    download_requested = Signal(str, str, bool)
    """Model, precision, and whether its licence was accepted."""
    import_requested = Signal(str, bool)
    check_requested = Signal(str)
    remove_requested = Signal(str)
    cancel_requested = Signal(str)
    use_requested = Signal(str)
    licence_requested = Signal(str)
    """The address of a licence that the user wants to read."""

    def __init__(self, card: ModelCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "card")
        self._card = card
        self._task: Task | None = None
        self._used = self._can_use = False
        self._title = role(QLabel(), "subtitle")
        self._badge = role(QLabel(), "badge")
        self._summary = role(QLabel(), "dim")
        self._facts = ModelFacts(card)
        self._accept = QCheckBox()
        self._hint = role(QLabel(), "dim")
        self._bar = QProgressBar()
        self._bar.setRange(0, _FULL)
        self._bar.setTextVisible(False)
        self._line = role(QLabel(), "dim")
        self._buttons: dict[str, QPushButton] = {
            name: QPushButton(icon(sign), "") if sign else QPushButton()
            for name, sign in (
                ("download", ""),  # an icon would not stand out on the accent
                ("cancel", "cancel"),
                ("use", "check"),
                ("check", "verify"),
                ("import", "folder"),
                ("remove", "trash"),
            )
        }
        self._arrange()
        self._connect()
        self.show_card(card, None, None)

    @property
    def card(self) -> ModelCard:
        return self._card

    @property
    def task(self) -> Task | None:
        """The work on the model that is shown."""
        return self._task

    @property
    def variant(self) -> str:
        """The precision that is chosen; empty for a model that has none."""
        return self._facts.variant

    def show_card(self, card: ModelCard, task: Task | None, machine: Hardware | None) -> None:
        """What the model is and what of it is here, and the work on it."""
        self._card, self._task = card, task
        self._facts.show_card(card, machine)
        self._show()

    def show_task(self, task: Task | None) -> None:
        """How far the work on the model is."""
        self._task = task
        self._show()

    def show_use(self, *, possible: bool, used: bool) -> None:
        """Whether there is a photo to be restored with it, and whether that photo is."""
        self._can_use, self._used = possible, used
        self._show()

    @property
    def progress_bar(self) -> QProgressBar:
        """How far the work on the model is."""
        return self._bar

    @property
    def read_licence(self) -> QPushButton:
        """Leads to the licence."""
        return self._facts.read

    def take_focus(self) -> None:
        """Give the keyboard to the first thing that can be done here."""
        for name in ("download", "cancel", "use", "check"):
            if not self._buttons[name].isHidden() and self._buttons[name].isEnabled():
                self._buttons[name].setFocus()
                return
        if not self._accept.isHidden():
            self._accept.setFocus()

    def button(self, name: str) -> QPushButton:
        """`download`, `cancel`, `use`, `check`, `import` or `remove`."""
        return self._buttons[name]

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
        super().changeEvent(event)

    def _connect(self) -> None:
        self._facts.precision_changed.connect(self._show)
        self._facts.licence_requested.connect(self.licence_requested)
        self._accept.toggled.connect(lambda _on: self._show())
        accepted = self._accept.isChecked
        acts = {
            "download": lambda: self.download_requested.emit(
                self._card.id, self.variant, accepted()
            ),
            "import": lambda: self.import_requested.emit(self._card.id, accepted()),
            "check": lambda: self.check_requested.emit(self._card.id),
            "remove": lambda: self.remove_requested.emit(self._card.id),
            "cancel": lambda: self.cancel_requested.emit(self._card.id),
            "use": lambda: self.use_requested.emit(self._card.id),
        }
        for name, act in acts.items():
            self._buttons[name].clicked.connect(act)

    def _arrange(self) -> None:
        layout = rows(gap=8, margin=14)
        head = columns(gap=8)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._badge)
        layout.addLayout(head)
        for label in (self._summary, self._hint, self._line):
            label.setWordWrap(True)
        layout.addWidget(self._summary)
        layout.addWidget(self._facts)
        for part in (self._accept, self._hint, self._bar, self._line):
            layout.addWidget(part)
        buttons = columns(gap=6)
        for button in self._buttons.values():
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        self.setLayout(layout)

    def _show(self) -> None:
        card, chosen = self._card, self._facts.precision
        self._title.setText(card.title)
        self._badge.setText(words.presence(card, self._task))
        role(self._badge, "badge-on" if card.usable else "badge")
        self._summary.setText(words.summary(card))
        self._accept.setText(self.tr("I have read the licence and accept it"))
        self._accept.setVisible(card.opt_in and card.ready and not card.here)
        hints = [words.encoder_line(card)] if card.ready else []
        if chosen is not None and chosen.gated and chosen.name not in card.here:
            hints.append(
                self.tr(
                    "The owner gives these files to those who have accepted the licence on the"
                    " model's page and show a token. Keep yours below."
                )
            )
        self._hint.setText(" ".join(filter(None, hints)))
        self._hint.setVisible(any(hints))
        self._show_work()
        self._show_buttons(card, chosen)

    def _show_work(self) -> None:
        task = self._task
        busy = task is not None and not task.state.ended
        self._bar.setVisible(busy and task is not None and task.state is not TaskState.WAITING)
        self._bar.setAccessibleName(self.tr("Progress of {}").format(self._card.title))
        self._facts.lock(busy)
        self._accept.setEnabled(not busy)
        text = ""
        if task is not None:
            self._bar.setValue(round(task.figures.done * _FULL))
            text = work_words.progress(task) if busy else work_words.outcome(task)
        failed = task is not None and (task.error is not None or bool(task.faults))
        role(self._line, "error" if failed else "dim")
        self._line.setText(text)
        self._line.setVisible(bool(text))

    def _show_buttons(self, card: ModelCard, chosen: Precision | None) -> None:
        task = self._task
        busy = task is not None and not task.state.ended
        idle = not busy and not card.shipped
        lacking = chosen is not None and (chosen.name not in card.here or card.wordless)
        accepted = not card.opt_in or bool(card.here) or self._accept.isChecked()
        had_focus = [name for name, button in self._buttons.items() if button.hasFocus()]
        shown = {
            "download": idle and card.ready and lacking,
            "cancel": busy and task is not None and task.kind is not Kind.REMOVE,
            "use": not busy and card.usable and self._can_use,
            "check": idle and bool(card.bytes),
            "import": idle and card.ready and not card.here,
            "remove": idle and bool(card.bytes or card.begun),
        }
        for name, button in self._buttons.items():
            button.setVisible(shown[name])
            text = self._button_text(name, chosen)
            button.setText(text)
            button.setAccessibleName(f"{text}: {card.title}")
        role(self._buttons["download"], "primary" if not card.here else "plain")
        for name in ("download", "import"):
            self._buttons[name].setEnabled(accepted)
        self._buttons["use"].setEnabled(not self._used)
        if had_focus and not shown[had_focus[0]]:  # the keyboard stays with this model
            first = next((name for name, visible in shown.items() if visible), None)
            if first is not None:
                self._buttons[first].setFocus()

    def _button_text(self, name: str, chosen: Precision | None) -> str:
        if name == "download" and chosen is not None:
            if self._card.begun == chosen.name:
                return self.tr("Resume")
            much = words.download_size(chosen, self._card)
            return self.tr("Download {}").format(much) if much else self.tr("Download")
        return {
            "download": self.tr("Download"),
            "cancel": self.tr("Cancel"),
            "use": self.tr("Used for this photo") if self._used else self.tr("Use for this photo"),
            "check": self.tr("Check"),
            "import": self.tr("Import from a folder…"),
            "remove": self.tr("Remove…"),
        }[name]
