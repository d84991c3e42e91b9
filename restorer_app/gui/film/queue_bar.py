"""How far the queue is, and the buttons that steer it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QWidget

from restorer_app.gui.look.elided_label import ElidedLabel
from restorer_app.gui.look.icons import icon
from restorer_app.gui.look.theme import columns, role, rows

_FULL = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFigures:
    """What the bar shows; texts are shown as they are, empty ones left out."""

    photo: str = ""
    """Name of the photo in work."""
    stage: str = ""
    photo_done: float = 0.0
    """0 to 1."""
    photo_left: str = ""
    """How long the photo still takes, such as “8 s”."""
    done: int = 0
    """Photos that are through, failed ones included."""
    total: int = 0
    all_done: float = 0.0
    """0 to 1, by megapixels."""
    all_left: str = ""
    pace: str = ""
    """Throughput, such as “0.9 s per megapixel”."""
    failed: int = 0
    running: bool = False
    paused: bool = False


class QueueBar(QWidget):
    """Two progress figures, this photo and all; pause, cancel, failures."""

    pause_requested = Signal()
    resume_requested = Signal()
    cancel_requested = Signal()
    retry_requested = Signal()
    report_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures = QueueFigures()
        self._photo, self._photo_bar = _line(), _bar()
        self._all, self._all_bar = _line(), _bar()
        self._pause = QPushButton()
        self._cancel = QPushButton()
        self._cancel.setIcon(icon("cancel"))
        self._report = role(QPushButton(), "flat")
        self._report.setIcon(icon("warning"))
        self._retry = QPushButton()
        self._retry.setIcon(icon("retry"))
        self._arrange()
        self._pause.clicked.connect(self._toggle_pause)
        self._cancel.clicked.connect(self.cancel_requested)
        self._retry.clicked.connect(self.retry_requested)
        self._report.clicked.connect(self.report_requested)
        self._show()

    @property
    def figures(self) -> QueueFigures:
        return self._figures

    def show_figures(self, figures: QueueFigures) -> None:
        self._figures = figures
        self._show()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
        super().changeEvent(event)

    def _arrange(self) -> None:
        layout = self._parts = columns(gap=16, margin=8)
        for line, bar in ((self._photo, self._photo_bar), (self._all, self._all_bar)):
            part = rows(gap=4)
            part.addWidget(line)
            part.addWidget(bar)
            layout.addLayout(part, 1)
        buttons = columns(gap=6)
        for button in (self._report, self._retry, self._pause, self._cancel):
            buttons.addWidget(button)
        layout.addLayout(buttons)
        self.setLayout(layout)

    def _show(self) -> None:
        self._show_words()
        figures = self._figures
        active = figures.running or figures.paused
        self._pause.setVisible(active)
        self._cancel.setVisible(active)
        self._retry.setVisible(figures.failed > 0)
        self._report.setVisible(figures.failed > 0)
        self._photo_bar.setValue(round(figures.photo_done * _FULL))
        self._all_bar.setValue(round(figures.all_done * _FULL))
        for part in (self._photo, self._photo_bar):
            part.setVisible(bool(figures.photo))
        self._parts.setStretch(0, 1 if figures.photo else 0)
        self._all_bar.setVisible(figures.total > 0)
        self._pause.setIcon(icon("play" if figures.paused else "pause"))

    def _show_words(self) -> None:
        figures = self._figures
        left = self.tr("{time} left")
        photo = [figures.photo, figures.stage]
        photo += [left.format(time=figures.photo_left)] if figures.photo_left else []
        self._photo.setText(_joined(photo))
        state = self.tr("Paused") if figures.paused else ""
        count = self.tr("{done} of {total} photos").format(done=figures.done, total=figures.total)
        whole = [state, count if figures.total else self.tr("The queue is empty")]
        whole += [left.format(time=figures.all_left)] if figures.all_left else []
        self._all.setText(_joined([*whole, figures.pace]))
        self._photo_bar.setAccessibleName(self.tr("Progress of this photo"))
        self._all_bar.setAccessibleName(self.tr("Progress of all photos"))
        self._pause.setText(self.tr("Resume") if figures.paused else self.tr("Pause"))
        self._pause.setToolTip(
            self.tr("Go on with the next photo")
            if figures.paused
            else self.tr("Stop after the photo in work")
        )
        self._cancel.setText(self.tr("Cancel"))
        self._cancel.setToolTip(self.tr("Stop now; photos that are done stay done"))
        self._retry.setText(self.tr("Retry failed"))
        failed = self.tr("1 failed") if figures.failed == 1 else self.tr("{n} failed")
        self._report.setText(failed.format(n=figures.failed))
        self._report.setToolTip(self.tr("Say which photos failed, and why"))

    def _toggle_pause(self) -> None:
        (self.resume_requested if self._figures.paused else self.pause_requested).emit()


def _line() -> ElidedLabel:
    return role(ElidedLabel(), "dim")


def _bar() -> QProgressBar:
    bar = QProgressBar()
    bar.setRange(0, _FULL)
    bar.setTextVisible(False)
    return bar


def _joined(parts: list[str]) -> str:
    return " · ".join(part for part in parts if part)
