"""The sign in the status bar that a training runs, whatever page is open."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from restorer_app.gui.look.elision import elided
from restorer_app.gui.look.icons import icon
from restorer_app.gui.look.theme import px, role
from restorer_app.gui.trainings.training_words import act_title, step_line
from restorer_app.trainings import StepState, Training

_WIDEST = 160
"""Of a title, which its owner chose."""


class TrainingMark(QToolButton):
    """Says which training runs and how far its step is; leads to the page of trainings.

    Hidden while none runs.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._training: Training | None = None
        role(self, "flat")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIcon(icon("training"))
        self._show()

    def show_training(self, training: Training | None) -> None:
        """The one that runs; None where none does."""
        self._training = training
        self._show()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
        super().changeEvent(event)

    def _show(self) -> None:
        training = self._training
        self.setVisible(training is not None)
        if training is None:
            return
        title, step = training.order.title, training.current
        percent = f"{100 * step.done:.0f} %"
        stopping = self.tr("stopping…") if step.state is StepState.STOPPING else ""
        short, _ = elided(title, self.fontMetrics(), px(_WIDEST))
        text = " ".join((*short, stopping or percent))
        self.setText(text.replace("&", "&&"))  # which may be part of a title, and mark no key
        self.setToolTip(" · ".join((title, act_title(step.act), step_line(step))))
        self.setAccessibleName(self.tr("Training “{}”: {}").format(title, stopping or percent))
        self.setAccessibleDescription(self.tr("Opens the page of trainings"))
