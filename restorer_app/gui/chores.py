"""What a window asks its user: which files, under which name, and what is told in dialogs."""

from __future__ import annotations

import logging
import platform
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication, QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QInputDialog, QMessageBox

from engine.errors import BadPreset, RestorerError
from engine.network_watch import connections
from engine.resources import resource
from restorer_app.gui.about import AboutDialog
from restorer_app.gui.help_page import HelpPage
from restorer_app.gui.settings_page import SettingsPage
from restorer_app.gui.shortcut_sheet import ShortcutSheet
from restorer_app.gui.theme import px, rows
from restorer_app.gui.window import MainWindow, paths_in
from restorer_app.session import Session
from restorer_app.settings import Settings

log = logging.getLogger(__name__)


class Chores(QObject):
    """Dialogs of the main window."""

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        open_paths: Callable[[Sequence[Path]], None],
        state: Path,
    ) -> None:
        """`state` is the folder of the log."""
        super().__init__(window)
        self._window, self._session, self._open, self._state = window, session, open_paths, state

    def open_photos(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self._window, self.tr("Open photos"))
        self._open([Path(name) for name in names])

    def open_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self._window, self.tr("Open a folder of photos"))
        if name:
            self._open([Path(name)])

    def open_samples(self) -> None:
        """The photographs that come with the program."""
        found = sorted(resource("samples").glob("*"))
        suffixes = (".jpg", ".png", ".tif")
        shown = [p for p in found if p.suffix in suffixes and p.stem != "before-after"]
        self._open(shown)

    def paste(self) -> None:
        """Open the files on the clipboard."""
        self._open(paths_in(QGuiApplication.clipboard().mimeData()))

    def save_preset(self) -> None:
        """Ask for a name and keep the current settings under it."""
        if self._session.current is None:
            return
        title, wanted = QInputDialog.getText(
            self._window, self.tr("Save as preset"), self.tr("Name of the preset:")
        )
        if not wanted:
            return
        try:
            self._session.save_preset(title)
        except (BadPreset, RestorerError) as error:
            text = f"{error.message} {error.remedy}" if isinstance(error, RestorerError) else error
            QMessageBox.warning(self._window, self.tr("Save as preset"), str(text))

    def show_settings(self, settings: Settings, changed: Callable[[Settings], None]) -> None:
        """The settings in a dialog; every change is told at once."""
        page = SettingsPage(settings)
        page.changed.connect(changed)
        dialog = QDialog(self._window)
        dialog.setWindowTitle(self.tr("Settings"))
        column = rows(12, 16)
        column.addWidget(page)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
        buttons.rejected.connect(dialog.accept)
        column.addWidget(buttons)
        dialog.setLayout(column)
        dialog.resize(px(560), px(680))
        dialog.open()

    def show_manual(self, language: str, page: str = "start") -> None:
        manual = HelpPage(language=language)
        manual.setParent(self._window, manual.windowFlags())
        manual.show_page(page)
        dialog = QDialog(self._window)
        dialog.setWindowTitle(self.tr("Manual"))
        column = rows(0, 0)
        column.addWidget(manual)
        dialog.setLayout(column)
        dialog.resize(px(780), px(620))
        dialog.open()

    def show_shortcuts(self) -> None:
        ShortcutSheet(parent=self._window).open()

    def show_about(self) -> None:
        facts = (
            (self.tr("Connections this session"), str(connections())),
            ("Python", platform.python_version()),
            ("Qt", qVersion() or ""),
            (self.tr("System"), platform.platform()),
        )
        dialog = AboutDialog(metadata.version("restorer"), facts, self._state, parent=self._window)
        dialog.log_folder_requested.connect(self.show_log_folder)
        dialog.open()

    def show_log_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._state)))

    def explain_connections(self) -> None:
        QMessageBox.information(
            self._window,
            self.tr("Connections"),
            self.tr(
                "Restorer has opened {} connections to other computers since it was started."
                " It counts what its own processes ask the system for. Your photos are never sent"
                " anywhere."
            ).format(connections()),
        )

    def ask_to_remove(self, count: int) -> bool:
        """Whether so many photos are to be taken off the list."""
        return self._agreed(
            self.tr("Remove"),
            self.tr("Take {} photos off the list? The files stay where they are.").format(count),
        )

    def ask_to_quit(self, count: int) -> bool:
        """Whether to end while so many photos are still to be saved."""
        return self._agreed(
            self.tr("Quit"),
            self.tr(
                "{} photos are still to be restored. They go on when Restorer starts again."
                " Quit now?"
            ).format(count),
        )

    def _agreed(self, title: str, question: str) -> bool:
        answer = QMessageBox.question(self._window, title, question)
        return answer == QMessageBox.StandardButton.Yes

    def ask_to_go_on(self, count: int) -> bool:
        """Whether photos that an earlier run left undone should be done now."""
        question = self.tr("{} photos were not finished when Restorer ended. Go on with them?")
        return self._agreed(self.tr("Go on"), question.format(count))
