"""The whole program with its window, put together."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from engine.preset import Preset, load_presets
from restorer_app.gui.chores import Chores
from restorer_app.gui.commands import Commands
from restorer_app.gui.courier import Courier
from restorer_app.gui.darkroom.brush_in_hand import BrushInHand
from restorer_app.gui.darkroom.darkroom import Darkroom
from restorer_app.gui.darkroom.face_finder import FaceFinder
from restorer_app.gui.darkroom.invention_layer import InventionLayer
from restorer_app.gui.darkroom.masks_on_disk import MasksOnDisk
from restorer_app.gui.darkroom.photo_loader import PhotoLoader
from restorer_app.gui.export_flow import ExportFlow, export_settings, with_export
from restorer_app.gui.film.film_feed import FilmFeed
from restorer_app.gui.models.model_flow import ModelFlow
from restorer_app.gui.panel.panel_feed import PanelFeed
from restorer_app.gui.preferences import Preferences
from restorer_app.gui.trainings.training_flow import TrainingFlow
from restorer_app.gui.view_controls import ViewControls
from restorer_app.gui.watching import Watching
from restorer_app.gui.window import MainWindow
from restorer_app.job_queue import JobQueue
from restorer_app.job_store import JobStore
from restorer_app.model_store import ModelStore
from restorer_app.photo_state import PhotoState
from restorer_app.presence import is_present, real
from restorer_app.result_cache import ResultCache
from restorer_app.session import Session
from restorer_app.training_runner import TrainingRunner
from restorer_app.training_store import TrainingStore

log = logging.getLogger(__name__)

_MANY = 2
"""Photos from which removing them is asked about."""
_PROOF = 2000
"""Milliseconds between two looks at the number of connections."""


class Desk(QObject):
    """Owns every part of the program with a window, and closes them in the right order."""

    def __init__(
        self,
        app: QApplication,
        settings: Path,
        state: Path,
        presets: Path,
        scratch: Path,
        store: ModelStore | None = None,
        trainings: TrainingStore | None = None,
    ) -> None:
        """`settings` is a file, `state` the folder of queue and log, `presets` that of the user's
        own; `scratch` is one for results and masks that ends with the program; `store` holds the
        fetched models and `trainings` what was trained, the user's own by default. Raises
        `OSError`.
        """
        super().__init__()
        self.preferences = Preferences(app, settings)
        self.courier = Courier(self)
        post = self.courier.post
        self.queue = JobQueue(scratch, post, store=JobStore(state / "queue.jsonl"))
        self.results = ResultCache(0)
        self.session = Session(
            self.queue,
            _presets(presets),
            self.results,
            preset_folder=presets,
            device=self.preferences.now.device,
        )
        self.window = MainWindow(self.preferences.look)
        self.loader = PhotoLoader(post)
        self._invention = InventionLayer(self.window.view, post)
        masks = MasksOnDisk(state / "masks")
        masks.clear_old()
        self.darkroom = Darkroom(
            self.window,
            self.session,
            self.loader,
            masks,
            self._invention,
            restore_at_once=lambda: self.preferences.now.run_on_open,
        )
        self._faces = FaceFinder(post, self.darkroom.set_faces)
        self._panels = PanelFeed(self.window, self.session, self.queue, presets)
        self.film = FilmFeed(self.window, self.session, self.queue)
        self.chores = Chores(
            self.window, self.session, self.open, state, lambda: self.preferences.now.last_folder
        )
        self.models = ModelFlow(self.window, self.session, self.queue, store or ModelStore(), post)
        self.training = TrainingFlow(
            self.window,
            self.session,
            TrainingRunner(trainings or TrainingStore(), post),
            lambda: self.models.cards,
            lambda: self.preferences.now.device,
        )
        self.export_flow = ExportFlow(
            self.window,
            self.session,
            lambda: export_settings(self.preferences.now),
            lambda chosen: self.preferences.keep(with_export(self.preferences.now, chosen)),
        )
        self.watching = Watching(self.window, self.session, self.export_flow)
        self.brush = BrushInHand(self.window)
        ViewControls(self.window, self._invention)
        self.commands = Commands(self)
        self._connect()
        self.preferences.rule(self.window, self.session, self.results)

    def begin(self, paths: Sequence[Path]) -> None:
        """Start the engine, open `paths`, and offer to go on where the last run stopped."""
        self.queue.start()
        self.open(paths)
        self.queue.pause()
        waiting = self.queue.restore()
        if waiting:
            self.session.open([job.source for job in waiting])
            if not (self.preferences.now.resume_queue or self.chores.ask_to_go_on(len(waiting))):
                self.queue.remove([job.id for job in waiting])
        self.queue.resume()

    def welcome(self, paths: Sequence[Path]) -> None:
        """A later start of the program: show the window, and open what it was given."""
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.raise_()
        self.window.activateWindow()
        self.open(paths)

    def show(self) -> None:
        """Put the window where it was last time."""
        if self.preferences.now.window:
            place = QByteArray.fromBase64(self.preferences.now.window.encode("ascii"))
            self.window.restoreGeometry(place)
        else:  # as large as it likes to be, and not larger than the screen
            room = self.window.screen().availableSize()
            self.window.resize(self.window.size().boundedTo(room))
        if self.preferences.now.start_maximised:
            self.window.showMaximized()
        else:
            self.window.show()

    def open(self, paths: Sequence[Path]) -> None:
        """Open photos and folders."""
        if not paths:
            return
        opened = self.session.open(paths)
        readable = [state.path for state in opened.added if not state.error]
        if readable or not opened.added:
            self.session.set_current(readable[0] if readable else self._open_already(paths))
        self.preferences.remember([path for path in paths if is_present(path)])

    def _open_already(self, paths: Sequence[Path]) -> Path | None:
        """The open photo that is one of `paths`, or lies below one; else the current one."""
        wanted = {real(path) for path in paths}
        for state in self.session.photos:
            place = real(state.path)
            if wanted & {place, *place.parents}:
                return state.path
        return None if self.session.current is None else self.session.current.path

    def close(self) -> None:
        """End everything: no thread and no process is left."""
        geometry = bytes(self.window.saveGeometry().toBase64().data()).decode("ascii")
        self.preferences.keep(replace(self.preferences.now, window=geometry))
        self.courier.close()
        self._proof.stop()
        self.watching.close()
        self.models.close()
        self.training.close()
        self.session.close()
        self.queue.close()
        for part in (self.loader, self._invention, self._faces):
            part.close()
        self.window.may_close = lambda: True
        self.window.close()
        self.commands.close()
        self.window.deleteLater()

    def _connect(self) -> None:
        window = self.window
        window.dropped.connect(self.open)
        window.empty.open_requested.connect(self.chores.open_photos)
        window.empty.folder_requested.connect(self.chores.open_folder)
        window.empty.sample_requested.connect(self.chores.open_samples)
        window.empty.recent_chosen.connect(lambda place: self.open([Path(place)]))
        window.film.remove_requested.connect(lambda keys: self.remove([Path(k) for k in keys]))
        window.film.add_requested.connect(self.chores.open_photos)
        window.film.export_requested.connect(lambda _keys: self.export_flow.export_selection())
        window.film.copy_settings_requested.connect(lambda _key: self.commands.copy())
        window.film.paste_settings_requested.connect(lambda _keys: self.session.paste_settings())
        window.cards.delete_requested.connect(self.chores.delete_preset)
        window.adjustments.changed.connect(self._faces_wanted)
        window.adjustments.committed.connect(self._faces_wanted)
        window.adjustments.model_wanted.connect(self.show_models)
        window.models.clicked.connect(lambda: self.show_models())
        window.export.clicked.connect(self.export_flow.export_selection)
        window.view.pixel_read.connect(window.readout.show_reading)
        self.darkroom.panels_changed.connect(self._show_panels)
        self.darkroom.faces_found.connect(self._panels.show_faces)
        window.connection.explained.connect(self.chores.explain_connections)
        self._proof = QTimer(self, interval=_PROOF)
        self._proof.timeout.connect(window.connection.refresh)
        self._proof.start()
        self.session.photos_changed.connect(self._forget_closed)
        window.installEventFilter(self)
        window.may_close = self._may_close

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            # after the widgets, which hear of it next, have said their own texts again
            QTimer.singleShot(0, self, self._say_again)
        elif event.type() == QEvent.Type.WindowActivate:
            # the user may be back from a program that changed the photo
            QTimer.singleShot(0, self, self.darkroom.look_again)
        return super().eventFilter(watched, event)

    def _say_again(self) -> None:
        """Texts that are made here, in the language that the window has now."""
        self.darkroom.rename()
        self.film.refresh()
        state, photo = self.session.current, self.darkroom.photo
        if state is not None and photo is not None:
            self._panels.show(state, photo.megapixels, anew=True)

    def _forget_closed(self) -> None:
        """Photos that were closed take no memory."""
        places = [state.path for state in self.session.photos]
        self.loader.keep_only(places)
        self._faces.keep_only(places)
        self.window.thumbnails.keep_only(places)

    def _show_panels(self, state: PhotoState) -> None:
        photo = self.darkroom.photo
        if photo is not None:
            self._panels.show(state, photo.megapixels)
            self._faces_wanted("faces", state.blend.faces)

    def _faces_wanted(self, name: str, value: float) -> None:
        state, photo = self.session.current, self.darkroom.photo
        if name == "faces" and value > 0 and state is not None and photo is not None:
            self._faces.want(state.path, photo)

    def remove(self, paths: Sequence[Path]) -> None:
        """Take photos off the list; the files stay where they are."""
        few = len(paths) < _MANY or not self.preferences.now.confirm_remove
        if few or self.chores.ask_to_remove(len(paths)):
            self.session.close_photos(paths)

    def show_models(self, model: str = "") -> None:
        """The page of models, with one of them in sight."""
        self.chores.show_models(self.models.make_page, model)

    def show_settings(self) -> None:
        """The settings, which lead to the models as well."""
        self.chores.show_settings(
            self.preferences.now, self.preferences.keep_shown, self.show_models
        )

    def _may_close(self) -> bool:
        """Asks whether to leave photos undone that are to be saved, a model half fetched, or an
        adapter half trained."""
        if not self.preferences.now.confirm_quit:
            return True
        left = [job for job in self.queue.jobs if not job.state.ended and not job.is_preview]
        fetching = self.models.fetching
        training = self.training.runner.running
        return (
            (not left or self.chores.ask_to_quit(len(left)))
            and (not fetching or self.chores.ask_to_stop_download(fetching))
            and (training is None or self.chores.ask_to_stop_training(training.order.title))
        )


def _presets(folder: Path) -> dict[str, Preset]:
    """The presets; a broken one of the user's own must not lock them out of the others."""
    return load_presets(
        [folder], refused=lambda error: log.warning("a preset is left out: %s", error)
    )
