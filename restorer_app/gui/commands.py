"""What each command of the menus does, what it is called just now, and whether it can be used."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from restorer_app.gui.menus import Menus
from restorer_app.gui.step_words import step_title
from restorer_app.jobs import Job, JobState

if TYPE_CHECKING:
    from restorer_app.gui.desk import Desk
    from restorer_app.photo_state import PhotoState


class Commands(QObject):
    """Fills the menus of a desk and keeps them true."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.menus = Menus(desk.window, self._handlers())
        desk.session.history.changed.connect(self._name_undo)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._enable)
        self._follow()
        desk.watching.changed.connect(lambda _folder: self._name_watching())
        self._name_undo()
        self._name_watching()
        self._enable()

    def close(self) -> None:
        """Nothing is said of commands any more."""
        self._later.stop()

    def copy(self) -> None:
        """Remember the settings of the current photo."""
        self._desk.session.copy_settings()
        self._desk.window.film.set_can_paste(self._desk.session.can_paste)
        self._enable()

    def _name_undo(self) -> None:
        """The menu says what would be undone."""
        history = self._desk.session.history
        for name, title in (("undo", history.undo_title), ("redo", history.redo_title)):
            self.menus.set_text(name, partial(self._undo_text, name, title))
            self.menus.enable({name: bool(title)})

    def _undo_text(self, name: str, title: str) -> str:
        word = self.tr("Undo") if name == "undo" else self.tr("Redo")
        return f"{word}: {step_title(title)}" if title else word

    def _name_watching(self) -> None:
        """The menu says which folder is watched, and that it can be left alone."""
        self.menus.set_text("watch", self._watch_text)

    def _watch_text(self) -> str:
        folder = self._desk.watching.folder
        if folder is None:
            return self.tr("Watch a folder…")
        return self.tr("Stop watching “{}”").format(folder.name)

    def _step_back(self) -> None:
        """Escape: stop what runs, else put the brush down, else leave the full screen."""
        state = self._desk.session.current
        if state is not None and state.preview is not None:
            self._desk.session.cancel_preview()
        elif self._desk.brush.put_down():
            return
        elif self._desk.window.isFullScreen():
            self._desk.window.toggle_full_screen()

    def _undo(self) -> None:
        self._desk.darkroom.settle()
        self._desk.session.undo()

    def _follow(self) -> None:
        """Hear of all that decides what can be done now."""
        session, queue = self._desk.session, self._desk.queue
        session.current_changed.connect(lambda _state: self._enable())
        session.photo_changed.connect(lambda _state: self._later.start())
        for signal in (session.selection_changed, session.photos_changed, queue.list_changed):
            signal.connect(self._later.start)
        queue.job_changed.connect(self._job_changed)
        queue.paused_changed.connect(lambda _paused: self._later.start())

    def _job_changed(self, job: Job) -> None:
        if job.state is not JobState.RUNNING:  # how far it is makes no difference
            self._later.start()

    def _enable(self) -> None:
        """Commands that have nothing to act on are gray."""
        session = self._desk.session
        current, usable = session.current, _some_usable(session.selected())
        there, is_usable = current is not None, current is not None and not current.error
        self.menus.enable(dict.fromkeys(("close-photo", "next", "previous"), there))
        ours = ("restore", "copy-settings", "reset", "save-preset")
        self.menus.enable(dict.fromkeys(ours, is_usable))
        self.menus.enable(
            {
                "export": usable,
                "export-all": _some_usable(session.photos),
                "paste-settings": usable and session.can_paste,
            }
        )
        self._desk.window.export.setEnabled(usable)
        self._enable_queue()

    def _enable_queue(self) -> None:
        queue = self._desk.queue
        states = {job.state for job in queue.jobs}
        left = not all(state.ended for state in states)
        failed = JobState.FAILED in states
        self.menus.enable({"pause": left or queue.paused, "cancel-all": left})
        self.menus.enable({"retry": failed, "failures": failed})
        self.menus.enable({"clear-done": bool(states & {JobState.DONE, JobState.CANCELLED})})

    def _handlers(self) -> dict[str, Callable[[], object]]:
        """What each command of the menus does."""
        desk = self._desk
        chores, session, queue, window = desk.chores, desk.session, desk.queue, desk.window
        return {
            "open": chores.open_photos,
            "open-folder": chores.open_folder,
            "paste": chores.paste,
            "export": desk.export_flow.export_selection,
            "export-all": desk.export_flow.export_all,
            "watch": desk.watching.choose,
            "close-photo": lambda: desk.remove([s.path for s in session.selection]),
            "quit": window.close,
            "undo": self._undo,
            "redo": session.redo,
            "copy-settings": self.copy,
            "paste-settings": session.paste_settings,
            "reset": session.reset_all,
            "save-preset": chores.save_preset,
            "models": desk.show_models,
            "training": desk.training.show,
            "settings": desk.show_settings,
            "restore": desk.darkroom.run,
            "cancel": self._step_back,
            "next": lambda: session.step(1),
            "previous": lambda: session.step(-1),
            "panels": window.toggle_panels,
            "full-screen": window.toggle_full_screen,
            "presets": window.cards.focus_selected,
            "dark": lambda: desk.preferences.keep(replace(desk.preferences.now, theme="dark")),
            "mid": lambda: desk.preferences.keep(replace(desk.preferences.now, theme="mid")),
            "light": lambda: desk.preferences.keep(replace(desk.preferences.now, theme="light")),
            "pause": lambda: queue.resume() if queue.paused else queue.pause(),
            "cancel-all": queue.cancel_all,
            "retry": queue.retry_failed,
            "failures": desk.film.report,
            "clear-done": queue.clear_done,
            "manual": lambda: chores.show_manual(lambda: desk.preferences.languages.current),
            "shortcuts": chores.show_shortcuts,
            "about": chores.show_about,
        }


def _some_usable(photos: Iterable[PhotoState]) -> bool:
    """Whether one of the photos can be read."""
    return any(not photo.error for photo in photos)
