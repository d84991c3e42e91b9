"""Watch-folder mode: what arrives in a folder is restored and exported by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox

from restorer_app.export import BadTemplate
from restorer_app.export_plan import carries_recipe
from restorer_app.gui.export_flow import ExportFlow
from restorer_app.gui.window import MainWindow
from restorer_app.session import Session
from restorer_app.watch import WatchFolder

log = logging.getLogger(__name__)

_PERIOD = 2000
"""Milliseconds between two looks into the folder."""


class Watching(QObject):
    """Looks into one folder; new photos are opened and queued as the last export was set."""

    changed = Signal(str)
    """The folder that is watched; empty when none is."""

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        flow: ExportFlow,
        is_own: Callable[[Path], bool] = carries_recipe,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._flow, self._is_own = window, session, flow, is_own
        self._folder: WatchFolder | None = None
        self._place: Path | None = None
        self._made: set[Path] = set()
        """What was queued to be written: without metadata a file does not tell that it is ours."""
        self._timer = QTimer(self, interval=_PERIOD)
        self._timer.timeout.connect(self.look)

    @property
    def folder(self) -> Path | None:
        """The folder that is watched."""
        return self._place

    def choose(self) -> None:
        """Ask for a folder and watch it; asked again, stop watching."""
        if self._folder is not None:
            self.stop()
            return
        name = QFileDialog.getExistingDirectory(self._window, self.tr("Watch a folder"))
        if name:
            self.watch(Path(name))

    def watch(self, folder: Path) -> None:
        """Restore what arrives in `folder` from now on."""
        output = self._flow.settings().folder
        self._folder = WatchFolder(folder, output=output, is_own=self._is_ours)
        self._place = folder
        self._timer.start()
        self.changed.emit(str(folder))

    def stop(self) -> None:
        self._folder = self._place = None
        self._timer.stop()
        self.changed.emit("")

    def look(self) -> None:
        """Take up what has arrived and is complete."""
        if self._folder is None:
            return
        arrived = self._folder.poll()
        if not arrived:
            return
        again = [path for path in arrived if self._session.photo(path) is not None]
        self._session.close_photos(again)  # another file lies there than the one that was opened
        for path in again:
            self._window.thumbnails.forget(path)
        opened = self._session.open(arrived)
        photos = [photo for photo in opened.added if not photo.error]
        try:
            planned = self._flow.queue(photos, self._flow.settings())
            self._made.update(item.output.path for item in planned if item.output is not None)
        except BadTemplate as error:
            self.stop()
            QMessageBox.warning(self._window, self.tr("Watch a folder"), str(error))

    def close(self) -> None:
        self._timer.stop()

    def _is_ours(self, path: Path) -> bool:
        return path in self._made or self._is_own(path)
