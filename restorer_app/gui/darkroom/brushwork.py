"""What is painted on the photo on screen, and the files that its settings name for it."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from engine.photo import Photo
from restorer_app.gui.compare.compare_view import CompareView
from restorer_app.gui.darkroom.masks_on_disk import MasksOnDisk
from restorer_app.photo_state import PhotoState
from restorer_app.session import Session

log = logging.getLogger(__name__)

_RESTS = 400
"""Milliseconds without a stroke after which masks are written."""


class Brushwork(QObject):
    """Keeps the view's masks and those of the settings in step.

    Masks are files in a request; they are written when the brush has come to rest.
    """

    def __init__(self, view: CompareView, session: Session, masks: MasksOnDisk) -> None:
        super().__init__(view)
        self._view, self._session, self._masks = view, session, masks
        self._painted: tuple[PhotoState, Photo] | None = None
        """The photo whose masks are yet to be written."""
        self._files: tuple[Path | None, Path | None] = (None, None)
        """Those that the view's masks are as."""
        self._timer = QTimer(self, singleShot=True, interval=_RESTS)
        self._timer.timeout.connect(self._keep)

    def show(self, state: PhotoState, photo: Photo) -> None:
        """What is painted follows the settings: after an undo, or with another variant."""
        wanted = (state.settings.keep, state.settings.restore)
        if wanted != self._files and self._painted is None:
            self._files = wanted
            self._view.set_masks(self._masks.read(state.settings, photo))
            # it is on disk already; nothing was painted
            self._timer.stop()
            self._painted = None

    def painted(self, state: PhotoState, photo: Photo) -> None:
        """The view's masks are others than a moment ago."""
        self._painted = state, photo
        self._timer.start()

    def settle(self) -> None:
        """Take down what was just painted, before something is done that depends on it."""
        self._timer.stop()
        self._keep()

    def leave(self) -> None:
        """Another photo is coming."""
        self._files = (None, None)

    def _keep(self) -> None:
        if self._painted is None:
            return
        (state, photo), self._painted = self._painted, None
        try:
            self._files = self._masks.write(state.path, self._view.masks(), photo)
        except OSError as error:
            log.warning("the masks cannot be kept: %s", error)
            return
        self._session.set_brushes(*self._files, state)
