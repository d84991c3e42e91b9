"""One training on the page of trainings: its steps, its curve, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QProgressBar, QPushButton, QWidget

from restorer_app.gui.look.icons import icon
from restorer_app.gui.look.theme import columns, px, role, rows
from restorer_app.gui.trainings import training_words as words
from restorer_app.gui.trainings.loss_curve import LossCurve
from restorer_app.training_log import LossPoint
from restorer_app.trainings import Act, StepState, Training

_FULL = 1000
_BAR = 96
"""Width of a step's bar."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One step."""

    title: QLabel
    bar: QProgressBar
    line: QLabel


class TrainingPanel(QFrame):
    """Shows a `Training`; asks for what its buttons say."""

    stop_requested = Signal(str)
    go_on_requested = Signal(str)
    use_requested = Signal(str)
    open_requested = Signal(str)
    """Its folder is to be shown."""
    remove_requested = Signal(str)

    def __init__(self, training: Training, adapter: Path, parent: QWidget | None = None) -> None:
        """`adapter` is where the adapter lies once the training is through."""
        super().__init__(parent)
        role(self, "card")
        self._training, self._adapter = training, adapter
        self._can_start = self._can_use = self._used = False
        self._title, self._badge = role(QLabel(), "subtitle"), role(QLabel(), "badge")
        self._aim, self._line, self._place = (role(QLabel(), "dim") for _ in range(3))
        self._rows = {step.act: _row() for step in training.steps}
        self._curve = LossCurve()
        self._buttons = {
            name: QPushButton(icon(sign), "") if sign else QPushButton()
            for name, sign in (
                ("use", ""),  # an icon would not stand out on the accent
                ("go-on", "play"),
                ("stop", "pause"),
                ("open", "folder"),
                ("remove", "trash"),
            )
        }
        self._arrange()
        self._connect()
        self._show()

    @property
    def training(self) -> Training:
        return self._training

    @property
    def curve(self) -> LossCurve:
        return self._curve

    def button(self, name: str) -> QPushButton:
        """`use`, `go-on`, `stop`, `open` or `remove`."""
        return self._buttons[name]

    def bar(self, act: Act) -> QProgressBar:
        """How far a step is; raises `KeyError` for one that the training has not."""
        return self._rows[act].bar

    def show_training(self, training: Training, losses: Sequence[LossPoint] | None = None) -> None:
        """How far the training is; with `losses`, the curve as well."""
        self._training = training
        if losses is not None:
            self._curve.show_points(losses)
        self._show()

    def show_possible(self, *, start: bool, use: bool, used: bool) -> None:
        """Whether no other training runs; whether there is a photo to use the adapter for, and
        whether that photo does."""
        self._can_start, self._can_use, self._used = start, use, used
        self._show()

    def take_focus(self) -> None:
        """Give the keyboard to the first thing that can be done here."""
        for button in self._buttons.values():
            if not button.isHidden() and button.isEnabled():
                button.setFocus()
                return

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
        super().changeEvent(event)

    def _connect(self) -> None:
        asked = {
            "use": self.use_requested,
            "go-on": self.go_on_requested,
            "stop": self.stop_requested,
            "open": self.open_requested,
            "remove": self.remove_requested,
        }
        for name, signal in asked.items():
            self._buttons[name].clicked.connect(
                lambda _=False, signal=signal: signal.emit(self._training.name)
            )

    def _arrange(self) -> None:
        layout = rows(gap=8, margin=14)
        head = columns(gap=8)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._badge)
        layout.addLayout(head)
        layout.addWidget(self._aim)
        layout.addLayout(self._grid())
        for part in (self._curve, self._line, self._place):
            layout.addWidget(part)
        for label in (self._aim, self._line, self._place):
            label.setWordWrap(True)
        self._place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = columns(gap=6)
        for button in self._buttons.values():
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        self.setLayout(layout)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(14))
        grid.setVerticalSpacing(px(5))
        for index, row in enumerate(self._rows.values()):
            grid.addWidget(row.title, index, 0)
            grid.addWidget(row.bar, index, 1, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(row.line, index, 2)
        grid.setColumnMinimumWidth(1, px(_BAR))
        grid.setColumnStretch(2, 1)
        return grid

    def _show(self) -> None:
        training = self._training
        state = training.state
        self._title.setText(training.order.title)
        self._badge.setText(words.state_title(state))
        role(self._badge, "badge-on" if state is StepState.DONE else "badge")
        self._aim.setText(words.aim(training.order))
        for step in training.steps:
            row = self._rows[step.act]
            row.title.setText(words.act_title(step.act))
            row.bar.setValue(round(step.done * _FULL))
            row.bar.setAccessibleName(
                self.tr("Progress of {title}: {step}").format(
                    title=training.order.title, step=words.act_title(step.act)
                )
            )
            row.line.setText(words.step_line(step))
            role(row.title, "dim" if step.state is StepState.WAITING else "plain")
        self._curve.setVisible(len(self._curve.points) > 1)
        said = words.outcome(training)
        role(self._line, "error" if training.error is not None else "dim")
        self._line.setText(said)
        self._line.setVisible(bool(said))
        self._place.setText(self.tr("The adapter lies in {}").format(self._adapter))
        self._place.setVisible(state is StepState.DONE)
        self._show_buttons(state)

    def _show_buttons(self, state: StepState) -> None:
        had_focus = [name for name, button in self._buttons.items() if button.hasFocus()]
        shown = {
            "use": state is StepState.DONE and self._can_use,
            "go-on": not state.busy and state is not StepState.DONE,
            "stop": state.busy,
            "open": True,
            "remove": not state.busy,
        }
        texts = {
            "use": self.tr("Used for this photo")
            if self._used
            else self.tr("Use it for this photo"),
            "go-on": self.tr("Try again") if state is StepState.FAILED else self.tr("Go on"),
            "stop": self.tr("Stop"),
            "open": self.tr("Show the folder"),
            "remove": self.tr("Remove…"),
        }
        for name, button in self._buttons.items():
            button.setVisible(shown[name])
            button.setText(texts[name])
            button.setAccessibleName(f"{texts[name]}: {self._training.order.title}")
        role(self._buttons["use"], "plain" if self._used else "primary")
        self._buttons["use"].setEnabled(not self._used)
        self._buttons["go-on"].setEnabled(self._can_start)
        tip = "" if self._can_start else self.tr("One training at a time: another one runs.")
        self._buttons["go-on"].setToolTip(tip)
        self._buttons["stop"].setEnabled(state is StepState.RUNNING)
        if had_focus and not shown[had_focus[0]]:  # the keyboard stays with this training
            self.take_focus()


def _row() -> _Row:
    bar = QProgressBar()
    bar.setRange(0, _FULL)
    bar.setTextVisible(False)
    bar.setFixedWidth(px(_BAR))
    return _Row(QLabel(), bar, role(QLabel(), "dim"))
