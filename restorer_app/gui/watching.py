"""Watch-folder mode: what arrives in a folder is restored and exported by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox

from restorer_app.export import BadTemplate
from restorer_app.export_plan import carries_recipe
from restorer_app.gui.export_flow import ExportFlow
from restorer_app.gui.sentences.sentence_words import said
from restorer_app.gui.window import MainWindow
from restorer_app.photo_search import found_photos
from restorer_app.photo_settings import PhotoSettings
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
        self._like: PhotoSettings | None = None
        """How the photo on screen was set when watching began; None if there was none."""
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
        """Restore what arrives in `folder` from now on, as the photo on screen is set."""
        self._like = self._session.shared_settings
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
        # Found through the watched folder, whose folders an export may have to make again.
        root = self._place or Path()
        found = [replace(photo, root=root) for photo in found_photos(arrived)]
        like = self._like and replace(self._like, device=self._session.device)
        opened = self._session.take(found, like)
        photos = [photo for photo in opened.added if not photo.error]
        try:
            planned = self._flow.queue(photos, self._flow.settings())
        except BadTemplate as error:
            self.stop()
            QMessageBox.warning(self._window, self.tr("Watch a folder"), said(str(error)))
            return
        for item in planned:
            if item.output is None:
                log.warning("watching %s: %s", root, item.note)

    def close(self) -> None:
        self._timer.stop()

    def _is_ours(self, path: Path) -> bool:
        # Without metadata a file does not tell itself, whoever ordered it: watch or user.
        return self._session.made_of(path) is not None or self._is_own(path)
