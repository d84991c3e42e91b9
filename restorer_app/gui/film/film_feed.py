"""What the filmstrip and the queue bar show of session and queue."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

from restorer_app.gui.film.failure_report import Failure, FailureReport
from restorer_app.gui.film.filmstrip import Entry
from restorer_app.gui.film.photo_keys import key_of, path_of
from restorer_app.gui.film.queue_bar import QueueFigures
from restorer_app.gui.look.translations import decimal
from restorer_app.gui.models.model_work_words import explained, full_stop, remedy
from restorer_app.gui.outside import show_folder
from restorer_app.gui.sentences.sentence_words import said
from restorer_app.gui.spoken_time import time_left
from restorer_app.gui.step_words import stage_title
from restorer_app.gui.window import MainWindow
from restorer_app.job_queue import JobQueue
from restorer_app.jobs import Job, JobState
from restorer_app.photo_state import PhotoState
from restorer_app.session import Session

log = logging.getLogger(__name__)

_STATES = {
    JobState.WAITING: "waiting",
    JobState.RUNNING: "running",
    JobState.DONE: "done",
    JobState.NEEDS_LOOK: "look",
    JobState.FAILED: "failed",
    JobState.CANCELLED: "cancelled",
}
_OFTEN = 150
"""Milliseconds between two refreshes of the figures while much is going on."""


class FilmFeed(QObject):
    """Keeps filmstrip and queue bar true, and carries their wishes to session and queue."""

    def __init__(self, window: MainWindow, session: Session, queue: JobQueue) -> None:
        super().__init__(window)
        self._window, self._session, self._queue = window, session, queue
        self._jobs: dict[Path, Job] = {}
        self._figures = QTimer(self, singleShot=True, interval=_OFTEN)
        self._figures.timeout.connect(self._show_figures)
        self._connect()
        self._list()
        self._show_figures()

    def entry(self, state: PhotoState) -> Entry:
        """A photo as the filmstrip shows it: its own error, else what became of it last."""
        job = self._jobs.get(state.path)
        if state.error:
            return _entry(state, "failed", said(state.error), can_retry=False)
        if state.failure is not None and (job is None or job.state.ended):
            return _entry(state, "failed", explained(state.failure))
        if job is None or (job.is_preview and job.state.ended):
            return _looked_at(state)
        note = "; ".join(map(said, job.warnings)) if job.error is None else explained(job.error)
        return replace(_entry(state, _STATES[job.state], note), done=job.done)

    def _connect(self) -> None:
        session, queue, film, bar = (
            self._session,
            self._queue,
            self._window.film,
            self._window.queue,
        )
        session.photos_changed.connect(self._list)
        session.current_changed.connect(self._current)
        session.photo_changed.connect(self._changed)
        queue.job_changed.connect(self._job_changed)
        queue.list_changed.connect(self._gather)
        queue.totals_changed.connect(self._soon)
        queue.paused_changed.connect(lambda _paused: self._soon())
        film.current_changed.connect(lambda key: session.set_current(path_of(key)))
        film.selection_changed.connect(lambda keys: session.set_selection(_paths(keys)))
        film.restore_requested.connect(lambda keys: session.run_previews(_paths(keys)))
        film.retry_requested.connect(self._retry)
        film.moved.connect(self._move)
        film.reveal_requested.connect(_reveal)
        bar.pause_requested.connect(queue.pause)
        bar.resume_requested.connect(queue.resume)
        bar.cancel_requested.connect(queue.cancel_all)
        bar.retry_requested.connect(queue.retry_failed)
        bar.report_requested.connect(self.report)

    def report(self) -> None:
        """The failures in a window of their own."""
        failures = [
            Failure(job.source.name, full_stop(said(job.error.message)), remedy(job.error))
            for job in self._queue.jobs
            if job.state is JobState.FAILED and job.error is not None
        ]
        dialog = FailureReport(failures, parent=self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.retry_requested.connect(self._queue.retry_failed)
        dialog.open()

    def refresh(self) -> None:
        """Say everything again: the language is another one."""
        for state in self._session.photos:
            self._changed(state)
        self._show_figures()

    def _list(self) -> None:
        self._jobs = {job.source: job for job in self._queue.jobs}
        self._window.film.set_entries([self.entry(state) for state in self._session.photos])

    def _current(self, state: PhotoState | None) -> None:
        film = self._window.film
        key = "" if state is None else key_of(state.path)
        if film.current != key:  # else the user has just chosen it, perhaps with others
            film.set_current(key)
            self._session.set_selection(_paths(film.selected))

    def _changed(self, state: PhotoState) -> None:
        self._window.film.update_entry(self.entry(state))

    def _job_changed(self, job: Job) -> None:
        if not (job.is_preview and job.state.ended):  # which the photo's own state tells of
            self._jobs[job.source] = job
        state = self._session.photo(job.source)
        if state is not None:
            self._changed(state)
        self._soon()

    def _gather(self) -> None:
        """Each photo's latest job, in case jobs came or went."""
        before, self._jobs = self._jobs, {job.source: job for job in self._queue.jobs}
        for path in before.keys() | self._jobs.keys():
            state = self._session.photo(path)
            if state is not None and before.get(path) is not self._jobs.get(path):
                self._changed(state)

    def _move(self, keys: list[str], before: str) -> None:
        """The order of the strip is the order of work."""
        self._session.arrange([path_of(entry.key) for entry in self._window.film.entries])
        moved = set(_paths(keys))
        ids = [job.id for job in self._queue.jobs if job.source in moved]
        places = [job.source for job in self._queue.jobs]
        strip = [path_of(entry.key) for entry in self._window.film.entries]
        behind = strip[strip.index(path_of(before)) :] if before else []
        index = next((places.index(path) for path in behind if path in places), len(places))
        if ids:
            self._queue.move(ids, index)

    def _retry(self, keys: list[str]) -> None:
        """Exports wait again in the queue; a run that was only looked at is begun anew."""
        undone = (JobState.FAILED, JobState.CANCELLED)
        exports = {j.source: j for j in self._queue.jobs if not j.is_preview and j.state in undone}
        photos = [photo for path in _paths(keys) if (photo := self._session.photo(path))]
        runs = [p.path for p in photos if p.path not in exports or p.failure is not None]
        self._queue.retry([exports[p.path].id for p in photos if p.path in exports])
        self._session.run_previews(runs)

    def _soon(self) -> None:
        if not self._figures.isActive():
            self._figures.start()

    def _show_figures(self) -> None:
        totals, running = self._queue.totals(), self._queue.running
        if not totals.count:
            self._window.queue.show_figures(QueueFigures(paused=self._queue.paused))
            return
        pace = totals.megapixels_per_second
        self._window.queue.show_figures(
            QueueFigures(
                photo="" if running is None else running.source.name,
                photo_done=0.0 if running is None else running.done,
                photo_left=time_left(totals.photo_seconds_left),
                stage="" if running is None else stage_title(running.stage),
                done=totals.done + totals.needs_look,
                total=totals.count,
                all_done=totals.share,
                all_left=time_left(totals.seconds_left),
                pace="" if pace is None else self.tr("{} MP/s").format(decimal(pace)),
                failed=totals.failed,
                running=running is not None,
                paused=self._queue.paused,
            )
        )


def _entry(state: PhotoState, name: str, note: str = "", *, can_retry: bool = True) -> Entry:
    return Entry(
        key=key_of(state.path), path=state.path, state=name, note=note, can_retry=can_retry
    )


def _looked_at(state: PhotoState) -> Entry:
    """A photo that is not saved anywhere yet: open, unless its result deserves a look."""
    shown = state.shown
    if shown is None or not (shown.result.warnings or shown.preset.experimental):
        return _entry(state, "open")
    return _entry(state, "look", "; ".join(map(said, shown.result.warnings)))


def _paths(keys: list[str]) -> list[Path]:
    return [path_of(key) for key in keys]


def _reveal(key: str) -> None:
    show_folder(path_of(key).parent)
