"""What a window asks its user: which files, under which name, and what is told in dialogs."""

from __future__ import annotations

import logging
import platform
import shutil
import tomllib
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QInputDialog,
    QMessageBox,
    QWidget,
)

from engine.errors import RestorerError
from engine.network_watch import connections
from engine.resources import resource
from restorer_app.gui.look.theme import px
from restorer_app.gui.models.models_page import ModelsPage
from restorer_app.gui.outside import show_folder
from restorer_app.gui.pages.about import AboutDialog
from restorer_app.gui.pages.help_page import HelpPage
from restorer_app.gui.pages.licences_page import LicencesPage
from restorer_app.gui.pages.page_dialog import PageDialog
from restorer_app.gui.pages.settings_page import SettingsPage
from restorer_app.gui.pages.shortcut_sheet import ShortcutSheet
from restorer_app.gui.sentences.sentence_words import said
from restorer_app.gui.window import MainWindow, paths_in
from restorer_app.licences import libraries
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
        last_folder: Callable[[], str] = str,
    ) -> None:
        """`state` is the folder of the log; `last_folder` tells where photos were opened last."""
        super().__init__(window)
        self._window, self._session, self._open, self._state = window, session, open_paths, state
        self._last_folder = last_folder
        self._manual: PageDialog | None = None
        self._models: PageDialog | None = None

    def open_photos(self) -> None:
        title = self.tr("Open photos")
        names, _ = QFileDialog.getOpenFileNames(self._window, title, self._last_folder())
        self._open([Path(name) for name in names])

    def open_folder(self) -> None:
        title = self.tr("Open a folder of photos")
        name = QFileDialog.getExistingDirectory(self._window, title, self._last_folder())
        if name:
            self._open([Path(name)])

    def open_samples(self) -> None:
        """The photographs that come with the program, copied to where photos of the user lie:
        what is exported from them belongs there, and not among the program's own files."""
        folder = Path(
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        )
        place = folder / "Restorer samples"
        try:
            place.mkdir(parents=True, exist_ok=True)
            shown = [Path(shutil.copy2(sample, place)) for sample in _samples()]
        except OSError as error:
            log.warning("the samples cannot be copied: %s", error)
            shown = _samples()
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
        except RestorerError as error:
            text = f"{said(error.message)} {said(error.remedy)}"
            QMessageBox.warning(self._window, self.tr("Save as preset"), text)

    def delete_preset(self, id: str) -> None:
        """Remove a preset of the user's own, if that is meant: its file goes for good."""
        title = self._session.presets[id].title
        question = self.tr("Delete the preset “{}”? It cannot be brought back.").format(title)
        if not self._agreed(self.tr("Delete preset"), question):
            return
        try:
            self._session.delete_preset(id)
        except RestorerError as error:
            text = f"{said(error.message)} {said(error.remedy)}"
            QMessageBox.warning(self._window, self.tr("Delete preset"), text)

    def show_settings(
        self,
        settings: Settings,
        changed: Callable[[Settings], None],
        show_models: Callable[[], object],
    ) -> None:
        """The settings in a dialog; every change is told at once."""
        page = SettingsPage(settings)
        page.changed.connect(changed)
        dialog = PageDialog(self._window, page, lambda: self.tr("Settings"), margin=16)
        dialog.offer(lambda: self.tr("Models…"), show_models)
        dialog.resize(px(560), px(680))
        dialog.open()

    def show_models(self, make_page: Callable[[], ModelsPage], model: str = "") -> None:
        """The page of models beside the window, with `model` in sight."""
        if self._models is None:
            self._models_page = make_page()
            self._models = PageDialog(
                self._window, self._models_page, lambda: self.tr("Models"), margin=16
            )
            self._models.resize(px(680), px(720))
            self._models.destroyed.connect(self._forget_models)
        self._models.show()
        self._models.raise_()
        self._models.activateWindow()
        self._models_page.reveal(model)

    def _forget_models(self) -> None:
        self._models = None

    def show_manual(self, language: Callable[[], str], page: str = "start") -> None:
        """The manual beside the window, in the language that `language` says."""
        if self._manual is None:
            self._page = HelpPage(language=language())
            self._manual = PageDialog(
                self._window, self._page, lambda: self.tr("Manual"), changed=self._translate_manual
            )
            self._manual.resize(px(820), px(640))
            self._manual.destroyed.connect(self._forget_manual)
        self._language = language
        self._page.show_page(page)
        self._manual.show()
        self._manual.raise_()
        self._manual.activateWindow()

    def _translate_manual(self) -> None:
        self._page.set_language(self._language())

    def _forget_manual(self) -> None:
        self._manual = None

    def show_shortcuts(self) -> None:
        _open(ShortcutSheet(parent=self._window))

    def show_about(self) -> None:
        facts = (
            (self.tr("Connections this session"), str(connections())),
            ("Python", platform.python_version()),
            ("Qt", qVersion() or ""),
            (self.tr("System"), platform.platform()),
        )
        dialog = AboutDialog(_version(), facts, self._state, parent=self._window)
        dialog.log_folder_requested.connect(self.show_log_folder)
        dialog.licences_requested.connect(lambda: self.show_licences(dialog))
        _open(dialog)

    def show_licences(self, over: QWidget) -> None:
        """A page over `over`: macOS would keep a second one of the window waiting."""
        page = LicencesPage(libraries())
        dialog = PageDialog(over, page, lambda: self.tr("Licences"), margin=16)
        dialog.resize(px(860), px(560))
        dialog.open()

    def show_log_folder(self) -> None:
        show_folder(self._state)

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
        if count == 1:
            question = self.tr(
                "1 photo is still to be restored. It goes on when Restorer starts again. Quit now?"
            )
        else:
            question = self.tr(
                "{} photos are still to be restored. They go on when Restorer starts again."
                " Quit now?"
            ).format(count)
        return self._agreed(self.tr("Quit"), question)

    def ask_to_stop_download(self, title: str) -> bool:
        """Whether to end while this model is being fetched."""
        return self._agreed(
            self.tr("Quit"),
            self.tr(
                "{} is still on its way. What has come stays here, and the download can go on"
                " later, on the page of models. Quit now?"
            ).format(title),
        )

    def ask_to_stop_training(self, title: str) -> bool:
        """Whether to end while this adapter is being trained."""
        return self._agreed(
            self.tr("Quit"),
            self.tr(
                "The training “{}” is running. What was learned is kept, and it can go on later, on"
                " the page of trainings. Quit now?"
            ).format(title),
        )

    def _agreed(self, title: str, question: str) -> bool:
        answer = QMessageBox.question(self._window, title, question)
        return answer == QMessageBox.StandardButton.Yes

    def ask_to_go_on(self, count: int) -> bool:
        """Whether photos that an earlier run left undone should be done now."""
        if count == 1:
            question = self.tr("1 photo was not finished when Restorer ended. Go on with it?")
        else:
            question = self.tr(
                "{} photos were not finished when Restorer ended. Go on with them?"
            ).format(count)
        return self._agreed(self.tr("Go on"), question)


def _open(dialog: QDialog) -> None:
    """Show a dialog that is gone once it is closed."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def _version() -> str:
    try:
        return metadata.version("restorer")
    except metadata.PackageNotFoundError:
        return ""


def _samples() -> list[Path]:
    table = tomllib.loads(resource("samples", "samples.toml").read_text(encoding="utf-8"))
    return [resource("samples", str(sample["file"])) for sample in table["samples"]]
