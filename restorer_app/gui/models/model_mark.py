"""The sign in the status bar that a model is being fetched, whatever page is open."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from restorer_app.gui.look.icons import icon
from restorer_app.gui.look.theme import role
from restorer_app.gui.models.model_work_words import progress
from restorer_app.gui.sentences.sentence_words import said
from restorer_app.model_tasks import Task


class ModelMark(QToolButton):
    """Says which model is worked on and how far that is; leads to the page of models.

    Hidden while there is nothing to say. What failed stays until the page was looked at.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._more = "", 0
        self._task: Task | None = None
        role(self, "flat")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._show()

    def show_tasks(self, tasks: Sequence[Task], title: str) -> None:
        """What runs, and what waits behind it; `title` is that of the first one's model."""
        self._task, self._more = (tasks[0] if tasks else None), len(tasks) - 1
        self._title = title
        self._show()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
        super().changeEvent(event)

    def _show(self) -> None:
        task = self._task
        self.setVisible(task is not None)
        if task is None:
            return
        failed = task.error is not None
        self.setIcon(icon("warning" if failed else "download"))
        percent = f"{100 * task.figures.done:.0f} %"
        words = self.tr("{} was not fetched") if failed else f"{{}} {percent}"
        text = words.format(self._title)
        if self._more > 0:
            text = self.tr("{text}, {count} more").format(text=text, count=self._more)
        self.setText(text)
        self.setToolTip(said(task.error.message) if task.error is not None else progress(task))
        self.setAccessibleDescription(self.tr("Opens the page of models"))
