"""The main window: where everything is. What happens is decided elsewhere (see `darkroom`)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QLabel,
    QMainWindow,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.network_watch import connections
from restorer_app.gui.compare.compare_view import CompareView
from restorer_app.gui.compare.histogram import HistogramPanel
from restorer_app.gui.compare.readout import Readout
from restorer_app.gui.film.filmstrip import Filmstrip
from restorer_app.gui.film.queue_bar import QueueBar
from restorer_app.gui.film.thumbnail_source import thumbnail
from restorer_app.gui.film.thumbnails import Thumbnails
from restorer_app.gui.look.icons import icon
from restorer_app.gui.look.theme import Look, columns, px, role, rows
from restorer_app.gui.models.model_mark import ModelMark
from restorer_app.gui.pages.connections import ConnectionLabel
from restorer_app.gui.pages.empty_state import EmptyState
from restorer_app.gui.panel.adjustments import Adjustments
from restorer_app.gui.panel.preset_cards import PresetCards
from restorer_app.gui.trainings.training_mark import TrainingMark
from restorer_app.gui.view_bar import ViewBar

_PANEL = 276
"""Width of the side panels."""
_NOTE = 360
"""Width of a sentence over the picture."""


class MainWindow(QMainWindow):
    """Lays out the panels; one drop target for files and folders as a whole."""

    dropped = Signal(list)
    """Paths of files and folders."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.may_close: Callable[[], bool] = lambda: True
        """Asked before the window closes."""
        self.thumbnails = Thumbnails(thumbnail)
        self.cards = PresetCards(look)
        self.adjustments = Adjustments()
        self.view = CompareView()
        self.bar = ViewBar()
        self.empty = EmptyState(look)
        self.film = Filmstrip(look, self.thumbnails)
        self.queue = QueueBar()
        self.histogram = HistogramPanel()
        self.readout = Readout()
        self.models = ModelMark()
        self.training = TrainingMark()
        self.connection = ConnectionLabel(connections)
        self.export = QPushButton()
        self.export.setIcon(icon("export"))
        self._note = role(QLabel(), "note")
        self._note.setWordWrap(True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._note.setMinimumWidth(px(_NOTE))
        self._note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._note.hide()
        self._picture = QWidget()
        self._centre = QStackedWidget()
        self._without_panels = False
        self._lay_out()
        self.setAcceptDrops(True)
        self.setWindowTitle("Restorer")
        self.resize(px(1440), px(900))
        look.changed.connect(self._follow_look)
        self._follow_look()
        self._retranslate()
        self.show_photo(False)

    def show_photo(self, present: bool) -> None:
        """The compare view with its panels, or what a new user sees."""
        turned = present != (self._centre.currentIndex() == 1)
        self._centre.setCurrentIndex(1 if present else 0)
        for page in (self.empty, self._picture):  # the one that is hidden needs no room
            shown = page is self._centre.currentWidget()
            wish = QSizePolicy.Policy.Preferred if shown else QSizePolicy.Policy.Ignored
            page.setSizePolicy(wish, wish)
        self._show_panels()
        if turned:  # or the keyboard would be on whatever button comes next
            (self.view if present else self.empty).setFocus()

    def say(self, text: str) -> None:
        """A sentence over the picture, such as why there is none; empty for none."""
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def toggle_panels(self) -> None:
        """Hide the panels to see nothing but the picture, or show them again."""
        self._without_panels = not self._without_panels
        self._show_panels()

    def toggle_full_screen(self) -> None:
        """The whole screen, and back."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Return presses the button that has the focus, as Space does."""
        button = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(
            button, QAbstractButton
        ):
            button.click()
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  # Qt's name
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            self.empty.set_drop_hover(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802  # Qt's name
        self.empty.set_drop_hover(False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  # Qt's name
        self.empty.set_drop_hover(False)
        paths = paths_in(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        if not self.may_close():
            event.ignore()
            return
        self.view.end()
        self.thumbnails.close()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _show_panels(self) -> None:
        present = self._centre.currentIndex() == 1
        self._left.setVisible(not self._without_panels)
        for panel in (self._right, self.film):
            panel.setVisible(present and not self._without_panels)

    def _lay_out(self) -> None:
        self._left = self.cards
        right = QWidget()
        column = rows(10, 10)
        column.addWidget(self.histogram)
        column.addWidget(self.readout)
        column.addWidget(self.adjustments, 1)  # scrolls by itself
        column.addWidget(self.export)
        right.setLayout(column)
        self._right = role(right, "panel")
        middle = QVBoxLayout(self._picture)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.bar)
        middle.addWidget(self.view, 1)
        over = rows(0, 24)
        over.addWidget(self._note, 0, Qt.AlignmentFlag.AlignCenter)
        self.view.setLayout(over)
        self._centre.addWidget(self.empty)
        self._centre.addWidget(self._picture)
        self._across = QSplitter(Qt.Orientation.Horizontal)
        for index, part in enumerate((self._left, self._centre, self._right)):
            self._across.addWidget(part)
            self._across.setStretchFactor(index, 1 if index == 1 else 0)
            self._across.setCollapsible(index, False)
        whole = QWidget()
        page = QVBoxLayout(whole)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self._across, 1)
        page.addWidget(self.film)
        page.addWidget(self._foot())
        self.setCentralWidget(whole)

    def _foot(self) -> QWidget:
        foot = role(QWidget(), "panel")
        row = columns(8, 0)
        row.addWidget(self.queue, 1)
        row.addWidget(self.training)
        row.addWidget(self.models)
        row.addWidget(self.connection)
        row.addSpacing(px(8))
        foot.setLayout(row)
        foot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        return foot

    def _follow_look(self) -> None:
        self.view.set_surround(QColor(self.look.tones.surround))
        for panel in (self._left, self._right):
            panel.setMinimumWidth(px(_PANEL))
            panel.setMaximumWidth(px(_PANEL * 1.4))

    def _retranslate(self) -> None:
        self.setAccessibleName("Restorer")
        self.export.setText(self.tr("Export…"))
        self.export.setToolTip(self.tr("Save what is shown as a new file (Ctrl+E)"))


def paths_in(data: QMimeData) -> list[Path]:
    """The local files and folders that were dropped or pasted."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
