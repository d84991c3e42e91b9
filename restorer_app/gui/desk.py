"""The whole program with its window, put together."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from engine.errors import BadPreset
from engine.preset import Preset, load_presets
from restorer_app.gui.brush import Brush, BrushKind, Masks
from restorer_app.gui.chores import Chores
from restorer_app.gui.courier import Courier
from restorer_app.gui.darkroom import Darkroom
from restorer_app.gui.display_colour import ScreenColour
from restorer_app.gui.export_flow import ExportFlow, export_settings, with_export
from restorer_app.gui.face_finder import FaceFinder
from restorer_app.gui.film_feed import FilmFeed
from restorer_app.gui.invention_layer import InventionLayer
from restorer_app.gui.masks_on_disk import MasksOnDisk
from restorer_app.gui.menus import Menus
from restorer_app.gui.panel_feed import PanelFeed
from restorer_app.gui.photo_loader import PhotoLoader
from restorer_app.gui.theme import Look
from restorer_app.gui.translations import Languages
from restorer_app.gui.watching import Watching
from restorer_app.gui.window import MainWindow
from restorer_app.job_queue import JobQueue
from restorer_app.job_store import JobStore
from restorer_app.photo_state import PhotoState
from restorer_app.result_cache import ResultCache
from restorer_app.session import Session
from restorer_app.settings import Settings, load_settings, save_settings

log = logging.getLogger(__name__)

_BRUSH = Brush(BrushKind.KEEP, 60.0)
_MANY = 2
"""Photos from which removing them is asked about."""
_PROOF = 2000
"""Milliseconds between two looks at the number of connections."""
_RECENT = 8
"""Of many photos opened at once, as many are remembered."""


class Desk(QObject):
    """Owns every part of the program with a window, and closes them in the right order."""

    def __init__(
        self, app: QApplication, settings: Path, state: Path, presets: Path, scratch: Path
    ) -> None:
        """`settings` is a file, `state` the folder of queue and log, `presets` that of the user's
        own; `scratch` is one for results and masks that ends with the program. Raises `OSError`.
        """
        super().__init__()
        self._settings_file = settings
        self.settings = load_settings(self._settings_file)
        self._brush: Brush | None = None
        self._screen = ""
        self.look = Look(app, theme=self.settings.theme, scale=self.settings.ui_scale)
        self.languages = Languages(app)
        self.languages.use(self.settings.language)
        self.courier = Courier(self)
        post = self.courier.post
        self.queue = JobQueue(scratch, post, store=JobStore(state / "queue.jsonl"))
        self.session = Session(
            self.queue,
            _presets(presets),
            ResultCache(self.settings.cache_gigabytes * 10**9),
            preset_folder=presets,
            device=self.settings.device,
        )
        self.window = MainWindow(self.look)
        self._loader = PhotoLoader(post)
        self._invention = InventionLayer(self.window.view, post)
        self.darkroom = Darkroom(
            self.window,
            self.session,
            self._loader,
            MasksOnDisk(state / "masks"),
            self._invention,
            restore_at_once=lambda: self.settings.run_on_open,
        )
        self._faces = FaceFinder(post, self.darkroom.set_faces)
        self._panels = PanelFeed(self.window, self.session, self.queue, presets)
        self._film = FilmFeed(self.window, self.session, self.queue)
        self.chores = Chores(self.window, self.session, self.open, state)
        self.export_flow = ExportFlow(
            self.window,
            self.session,
            lambda: export_settings(self.settings),
            lambda chosen: self._keep_settings(with_export(self.settings, chosen)),
        )
        self.watching = Watching(self.window, self.session, self.export_flow)
        self.menus = Menus(self.window, self._handlers())
        self._connect()
        self._follow_settings()

    def begin(self, paths: Sequence[Path]) -> None:
        """Start the engine, open `paths`, and offer to go on where the last run stopped."""
        self.queue.start()
        self.open(paths)
        self.queue.pause()
        waiting = self.queue.restore()
        if waiting:
            self.session.open([job.source for job in waiting])
            if not (self.settings.resume_queue or self.chores.ask_to_go_on(len(waiting))):
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
        if self.settings.window:
            place = QByteArray.fromBase64(self.settings.window.encode("ascii"))
            self.window.restoreGeometry(place)
        if self.settings.start_maximised:
            self.window.showMaximized()
        else:
            self.window.show()

    def open(self, paths: Sequence[Path]) -> None:
        """Open photos and folders."""
        if not paths:
            return
        opened = self.session.open(paths)
        if opened.added:
            self.session.set_current(next((s.path for s in opened.added if not s.error), None))
        self._keep_recent(paths)

    def close(self) -> None:
        """End everything: no thread and no process is left."""
        self._keep_settings(replace(self.settings, window=self._geometry()))
        self.courier.close()
        self._proof.stop()
        self.watching.close()
        self.session.close()
        self.queue.close()
        for part in (self._loader, self._invention, self._faces):
            part.close()
        self.window.may_close = lambda: True
        self.window.close()
        self.window.deleteLater()

    def _connect(self) -> None:
        window = self.window
        window.dropped.connect(self.open)
        window.empty.open_requested.connect(self.chores.open_photos)
        window.empty.folder_requested.connect(self.chores.open_folder)
        window.empty.sample_requested.connect(self.chores.open_samples)
        window.empty.recent_chosen.connect(lambda place: self.open([Path(place)]))
        window.film.remove_requested.connect(lambda keys: self._remove([Path(k) for k in keys]))
        window.film.add_requested.connect(self.chores.open_photos)
        window.film.export_requested.connect(lambda _keys: self.export_flow.export_selection())
        window.film.copy_settings_requested.connect(lambda _key: self._copy())
        window.film.paste_settings_requested.connect(lambda _keys: self.session.paste_settings())
        window.cards.delete_requested.connect(self.session.delete_preset)
        window.adjustments.changed.connect(self._faces_wanted)
        window.adjustments.committed.connect(self._faces_wanted)
        window.adjustments.brush_chosen.connect(self._take_brush)
        window.adjustments.brush_size_changed.connect(self._size_brush)
        window.adjustments.masks_cleared.connect(lambda: window.view.set_masks(Masks()))
        window.export.clicked.connect(self.export_flow.export_selection)
        window.bar.mode_chosen.connect(window.view.set_mode)
        window.bar.variant_chosen.connect(window.view.show_variant)
        window.bar.invention_toggled.connect(self._invention.set_wanted)
        window.view.invention_toggled.connect(self._invention.set_wanted)
        window.view.invention_toggled.connect(lambda on: window.bar.show_invention(on, True))
        window.bar.loupe_toggled.connect(window.view.set_loupe)
        window.bar.zoom_chosen.connect(self._zoom)
        window.view.mode_changed.connect(window.bar.show_mode)
        window.view.zoom_changed.connect(window.bar.show_percent)
        window.view.pixel_read.connect(window.readout.show_reading)
        window.view.histograms_ready.connect(window.histogram.set_histograms)
        self.darkroom.panels_changed.connect(self._show_panels)
        window.connection.explained.connect(self.chores.explain_connections)
        self._proof = QTimer(self, interval=_PROOF)
        self._proof.timeout.connect(window.connection.refresh)
        self._proof.start()
        self.session.history.changed.connect(self._name_undo)
        self.session.current_changed.connect(lambda _state: self._enable())
        window.may_close = self._may_close
        for keys, brush in (("K", "keep"), ("R", "restore"), ("E", "erase")):
            press = QShortcut(QKeySequence(keys), window)
            press.activated.connect(lambda brush=brush: window.adjustments.press_brush(brush))
        for keys, factor in (("[", 0.8), ("]", 1.25)):
            press = QShortcut(QKeySequence(keys), window)
            press.activated.connect(lambda f=factor: window.adjustments.resize_brush(f))
        self._name_undo()
        self._enable()

    def _show_panels(self, state: PhotoState) -> None:
        photo = self.darkroom.photo
        if photo is not None:
            self._panels.show(state, photo.megapixels)
            self._faces_wanted("faces", state.blend.faces)

    def _faces_wanted(self, name: str, value: float) -> None:
        state, photo = self.session.current, self.darkroom.photo
        if name == "faces" and value > 0 and state is not None and photo is not None:
            self._faces.want(state.path, photo)

    def _take_brush(self, kind: str) -> None:
        """`keep`, `restore`, `erase`, or nothing to put it down."""
        self._brush = {
            "keep": replace(self._brush or _BRUSH, kind=BrushKind.KEEP, erases=False),
            "restore": replace(self._brush or _BRUSH, kind=BrushKind.RESTORE, erases=False),
            "erase": replace(self._brush or _BRUSH, erases=True),
        }.get(kind)
        self.window.view.brush_mode(self._brush)

    def _size_brush(self, radius: int) -> None:
        if self._brush is not None:
            self._brush = replace(self._brush, radius=float(radius))
            self.window.view.brush_mode(self._brush)

    def _zoom(self, way: str) -> None:
        view = self.window.view
        ways: dict[str, Callable[[], object]] = {
            "in": view.zoom_in,
            "out": view.zoom_out,
            "fit": view.fit,
            "full": lambda: view.set_percent(100.0),
        }
        ways[way]()

    def _handlers(self) -> dict[str, Callable[[], object]]:
        """What each command of the menus does."""
        chores, session, queue, window = self.chores, self.session, self.queue, self.window
        return {
            "open": chores.open_photos,
            "open-folder": chores.open_folder,
            "paste": chores.paste,
            "export": self.export_flow.export_selection,
            "export-all": self.export_flow.export_all,
            "watch": self.watching.choose,
            "close-photo": lambda: self._remove([s.path for s in session.selection]),
            "quit": window.close,
            "undo": session.undo,
            "redo": session.redo,
            "copy-settings": self._copy,
            "paste-settings": session.paste_settings,
            "reset": session.reset_all,
            "save-preset": chores.save_preset,
            "settings": lambda: chores.show_settings(self.settings, self._keep_settings),
            "restore": self.darkroom.run,
            "cancel": session.cancel_preview,
            "next": lambda: session.step(1),
            "previous": lambda: session.step(-1),
            "panels": window.toggle_panels,
            "full-screen": window.toggle_full_screen,
            "presets": window.cards.focus_selected,
            "dark": lambda: self._keep_settings(replace(self.settings, theme="dark")),
            "mid": lambda: self._keep_settings(replace(self.settings, theme="mid")),
            "light": lambda: self._keep_settings(replace(self.settings, theme="light")),
            "pause": lambda: queue.resume() if queue.paused else queue.pause(),
            "cancel-all": queue.cancel_all,
            "retry": queue.retry_failed,
            "failures": self._film.report,
            "clear-done": queue.clear_done,
            "manual": lambda: chores.show_manual(self.languages.current),
            "shortcuts": chores.show_shortcuts,
            "about": chores.show_about,
        }

    def _remove(self, paths: Sequence[Path]) -> None:
        """Take photos off the list; the files stay where they are."""
        few = len(paths) < _MANY or not self.settings.confirm_remove
        if few or self.chores.ask_to_remove(len(paths)):
            self.session.close_photos(paths)

    def _may_close(self) -> bool:
        """Asks whether to leave photos undone that are to be saved."""
        left = [job for job in self.queue.jobs if not job.state.ended and not job.is_preview]
        return not (left and self.settings.confirm_quit) or self.chores.ask_to_quit(len(left))

    def _copy(self) -> None:
        self.session.copy_settings()
        self.window.film.set_can_paste(self.session.can_paste)
        self._enable()

    def _name_undo(self) -> None:
        """The menu says what would be undone."""
        history = self.session.history
        for name, word, title in (
            ("undo", self.tr("Undo"), history.undo_title),
            ("redo", self.tr("Redo"), history.redo_title),
        ):
            self.menus.set_text(name, f"{word}: {title}" if title else word)
            self.menus.enable({name: bool(title)})

    def _enable(self) -> None:
        """Commands that need an open photo are gray without one."""
        there = self.session.current is not None
        names = ("export", "export-all", "close-photo", "copy-settings", "reset", "save-preset")
        self.menus.enable(dict.fromkeys((*names, "restore", "next", "previous"), there))
        self.menus.enable({"paste-settings": there and self.session.can_paste})

    def _keep_settings(self, settings: Settings) -> None:
        """Settings take effect as they are changed, and last."""
        self.settings = settings
        self._follow_settings()
        try:
            save_settings(settings, self._settings_file)
        except OSError as error:
            log.warning("the settings cannot be kept: %s", error)

    def _follow_settings(self) -> None:
        settings = self.settings
        self.look.set(
            theme=settings.theme,
            scale=settings.ui_scale,
            reduced_motion=settings.reduced_motion,
        )
        if settings.language != self.languages.current:
            self.languages.use(settings.language)
        if settings.screen_profile != self._screen:
            self._screen = settings.screen_profile
            self.window.view.set_screen_colour(_screen_colour(self._screen))
        self.window.empty.set_recent([Path(place) for place in settings.recent])

    def _keep_recent(self, paths: Sequence[Path]) -> None:
        """Photos and folders opened lately, the last first."""
        settings = self.settings
        for path in paths[:_RECENT]:
            settings = settings.with_recent(str(path.absolute()))
        self._keep_settings(settings)

    def _geometry(self) -> str:
        return bytes(self.window.saveGeometry().toBase64().data()).decode("ascii")


def _screen_colour(place: str) -> ScreenColour:
    """The colours of the user's screen; sRGB where there is no usable profile."""
    if not place:
        return ScreenColour()
    try:
        return ScreenColour(Path(place).read_bytes())
    except (OSError, ValueError) as error:
        log.warning("the profile of the screen is not used: %s", error)
        return ScreenColour()


def _presets(folder: Path) -> dict[str, Preset]:
    """The presets; a broken one of the user's own must not lock them out of the others."""
    try:
        return load_presets([folder])
    except BadPreset as error:
        log.warning("own presets are left out: %s", error)
        return load_presets()
