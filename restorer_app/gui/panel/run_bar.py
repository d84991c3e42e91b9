"""Starting a restoration, what it costs, how far it is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QWidget

from restorer_app.gui.look.theme import role, rows


class RunBar(QWidget):
    """One button that restores, or cancels while a restoration runs."""

    run_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = role(QPushButton(), "primary")
        self._cancel = QPushButton()
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._line = role(QLabel(), "dim")
        self._line.setWordWrap(True)
        self._cost = self._stage = self._why = ""
        self._needs_run = self._ready = True
        layout = rows(gap=6)
        for part in (self._run, self._cancel, self._bar, self._line):
            layout.addWidget(part)
        self.setLayout(layout)
        self._run.clicked.connect(self.run_requested)
        self._cancel.clicked.connect(self.cancel_requested)
        self._is_running = False
        self._show()

    def set_cost(self, text: str) -> None:
        """What a run will cost; empty while unknown."""
        self._cost = text
        self._show()

    def set_ready(self, is_ready: bool) -> None:
        """Whether there is a photo to restore."""
        self._ready = is_ready
        self._show()

    def set_needs_run(self, needs_run: bool, why: str = "") -> None:
        """Whether something was changed that only a new run can show, and what."""
        self._needs_run, self._why = needs_run, why
        self._show()

    def set_running(self, is_running: bool) -> None:
        had_focus = self._run.hasFocus() or self._cancel.hasFocus()
        self._is_running = is_running
        if is_running:
            self._bar.setValue(0)
            self._stage = ""
        self._show()
        if had_focus:
            (self._cancel if is_running else self._run).setFocus()

    def set_progress(self, done: float, text: str = "") -> None:
        """How far the run is, 0 to 1, and in words."""
        self._bar.setValue(round(done * self._bar.maximum()))
        self._stage = text
        self._show()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
        super().changeEvent(event)

    def _show(self) -> None:
        self._run.setText(self.tr("Restore") if self._needs_run else self.tr("Restored"))
        self._run.setToolTip(
            self.tr("Restore this photo (Ctrl+Return)")
            if self._needs_run
            else self.tr("What is shown is the result of these settings")
        )
        self._run.setEnabled(self._ready and self._needs_run)
        role(self._run, "primary" if self._needs_run else "plain")
        self._cancel.setText(self.tr("Cancel"))
        self._cancel.setToolTip(self.tr("Stop this run; nothing is left behind (Esc)"))
        self._bar.setAccessibleName(self.tr("Progress of this run"))
        self._run.setVisible(not self._is_running)
        self._cancel.setVisible(self._is_running)
        self._bar.setVisible(self._is_running)
        cost = self._cost if self._needs_run else ""
        waiting = " · ".join(part for part in (self._why, cost) if part)
        self._line.setText(self._stage if self._is_running else waiting)
        self._line.setVisible(bool(self._line.text()))
