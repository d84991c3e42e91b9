"""Work on fetched models in the background: downloads, checks, imports, removals; one at a time.

All methods belong to one thread, the window's. Each piece of work has a thread of its own, whose
news are brought over by `post`. Nothing is fetched unless `download` is called.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.errors import RestorerError
from engine.part_file import PartFile
from engine.progress import Cancelled
from engine.speed import Speed
from restorer_app.jobs import JobError
from restorer_app.model_phrases import PhraseWriter
from restorer_app.model_tasks import Doing, Figures, Kind, Task, TaskState
from restorer_app.observable import Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from engine.backbones import BackboneFile
    from restorer_app.model_store import ModelStore

log = logging.getLogger(__name__)

_QUIET = 0.1
"""Seconds between two figures: as often as an eye follows."""
_FAREWELL = 2.0
"""Seconds that work may take to notice that the program ends; what it has fetched stays anyway."""


class ModelDownloads:
    """The queue of work on the models of `store`: at most one piece a model waits or runs."""

    def __init__(
        self,
        store: ModelStore,
        post: Callable[[Callable[[], None]], None],
        clock: Callable[[], float] = time.monotonic,
        writer: PhraseWriter | None = None,
    ) -> None:
        """`writer` encodes the presets' phrases for models that follow words."""
        self.changed: Signal[[Task]] = Signal()
        """A piece of work was queued, is further, or has ended."""
        self._store, self._post, self._clock = store, post, clock
        self.writer = writer or PhraseWriter(store=store)
        self._tasks: dict[str, Task] = {}
        """The last work on each model; those that wait are in the order in which they are done."""
        self._running = ""
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = False

    @property
    def tasks(self) -> Sequence[Task]:
        """What runs, then what waits, in its order."""
        waiting = [task for task in self._tasks.values() if task.state is TaskState.WAITING]
        running = [self._tasks[self._running]] if self._running else []
        return (*running, *waiting)

    def task(self, model: str) -> Task | None:
        """The work on a model that runs or waits, or else the last that ended."""
        return self._tasks.get(model)

    def download(self, model: str, variant: str = "", *, accepted: bool = False) -> None:
        """Fetch a model, from where an earlier download stopped."""
        self._add(Task(model=model, kind=Kind.DOWNLOAD, variant=variant, accepted=accepted))

    def check(self, model: str) -> None:
        """Compare a model's files with their checksums."""
        self._add(Task(model=model, kind=Kind.CHECK))

    def import_from(self, model: str, folder: Path, *, accepted: bool = False) -> None:
        """Copy a model's files from a folder of the user's."""
        self._add(Task(model=model, kind=Kind.IMPORT, folder=folder, accepted=accepted))

    def remove(self, model: str) -> None:
        """Remove a model's files, and what a stopped download has left."""
        self._add(Task(model=model, kind=Kind.REMOVE))

    def cancel(self, model: str) -> None:
        """Stop the work on a model; what was fetched stays, and a later download goes on there."""
        task = self._tasks.get(model)
        if task is None or task.state.ended:
            return
        if model == self._running:
            self._stop.set()
            self._set(replace(task, state=TaskState.STOPPING))
        else:
            self._set(replace(task, state=TaskState.STOPPED))

    def forget(self, model: str) -> None:
        """Let go of work that has ended: its outcome was read."""
        task = self._tasks.get(model)
        if task is not None and task.state.ended:
            del self._tasks[model]
            self.changed.emit(task)

    def close(self) -> None:
        """Stop what runs, for good; what was fetched stays on the disk."""
        self._closed = True
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_FAREWELL)

    def _add(self, task: Task) -> None:
        known = self._tasks.get(task.model)
        if self._closed or (known is not None and not known.state.ended):
            return
        self._tasks.pop(task.model, None)  # so that it comes after those that wait already
        self._set(task)
        self._next()

    def _set(self, task: Task) -> None:
        self._tasks[task.model] = task
        self.changed.emit(task)

    def _next(self) -> None:
        """Begin the first piece of work that waits, unless one runs."""
        waiting = [task for task in self._tasks.values() if task.state is TaskState.WAITING]
        if self._running or self._closed or not waiting:
            return
        task = replace(waiting[0], state=TaskState.RUNNING)
        self._running, self._stop = task.model, threading.Event()
        self._set(task)
        self._thread = threading.Thread(
            target=self._work, args=(task, self._stop), name=f"model-{task.kind}", daemon=True
        )
        self._thread.start()

    def _work(self, task: Task, stop: threading.Event) -> None:
        """One piece of work, in its own thread."""
        try:
            gauge = _Gauge(stop, self._measure(task), self._clock, lambda f: self._tell(task, f))
            ended = replace(self._done(task, gauge), state=TaskState.DONE)
        except Cancelled:
            ended = replace(task, state=TaskState.STOPPED)
        except RestorerError as error:
            told = JobError(error.kind, error.message, error.remedy)
            ended = replace(task, state=TaskState.FAILED, error=told)
        except Exception as error:
            log.exception("the %s of %s failed", task.kind, task.model)
            told = JobError(type(error).__name__, f"Something went wrong: {error}")
            ended = replace(task, state=TaskState.FAILED, error=told)
        self._post(lambda: self._end(ended))

    def _done(self, task: Task, gauge: _Gauge) -> Task:
        """The task after its work; raises `RestorerError`s and `Cancelled`."""
        store, model = self._store, task.model
        match task.kind:
            case Kind.DOWNLOAD:
                self.writer.download(model, gauge, variant=task.variant, accepted=task.accepted)
            case Kind.CHECK:
                return replace(task, faults=store.verify(model, gauge).faults)
            case Kind.IMPORT:
                assert task.folder is not None
                store.import_from(model, task.folder, gauge, accepted=task.accepted)
            case Kind.REMOVE:
                return replace(task, freed=store.remove(model))
        return task

    def _measure(self, task: Task) -> Callable[[], tuple[int, int | None]]:
        """What tells the bytes of the task's files, here and in all; raises `MissingWeights`."""
        spec = self._store.spec(task.model)
        place = self._store.place(spec)
        if task.kind is not Kind.DOWNLOAD:
            return lambda: (0, None)
        files = self.writer.files(spec, task.variant or spec.variant)
        return lambda: arrived(place, files)

    def _tell(self, task: Task, figures: Figures) -> None:
        self._post(lambda: self._further(task.model, figures))

    def _further(self, model: str, figures: Figures) -> None:
        if self._running == model and not self._closed:
            self._set(replace(self._tasks[model], figures=figures))

    def _end(self, task: Task) -> None:
        if self._closed:
            return
        self._running = ""
        self._set(replace(task, figures=self._tasks[task.model].figures))
        self._next()


class _Gauge:
    """The `Progress` of one piece of work: tells figures now and then, and hears whether to end."""

    def __init__(
        self,
        stop: threading.Event,
        measure: Callable[[], tuple[int, int | None]],
        clock: Callable[[], float],
        tell: Callable[[Figures], None],
    ) -> None:
        self._stop, self._measure, self._clock, self._tell = stop, measure, clock, tell
        self._told = -_QUIET
        self._speed = Speed()

    def report(self, done: float, stage: str = "") -> None:
        """Tell the share `done`; raises `Cancelled` if the user wants to stop."""
        if self._stop.is_set():
            raise Cancelled
        now = self._clock()
        if now - self._told < _QUIET and done < 1:
            return
        self._told = now
        here, total = self._measure()
        self._speed.arrived(now, here)
        rate = self._speed.rate
        self._tell(Figures(done=done, doing=_doing(stage), bytes=here, total=total, rate=rate))


def arrived(place: Path, files: Sequence[BackboneFile]) -> tuple[int, int | None]:
    """Bytes of these files that lie in a model's folder, and of all of them, as far as known.

    A part counts with what it has; the server's word, kept beside it, with the whole.
    """
    here, whole, unknown = 0, 0, False
    for file in files:
        path = place / file.path
        if path.is_file():
            size = path.stat().st_size
            here, whole = here + size, whole + size
            continue
        part = PartFile(path)
        size_told = part.stamp.total or file.about
        here += part.size
        whole += size_told or 0
        unknown = unknown or size_told is None
    return here, None if unknown else max(whole, here)


def _doing(stage: str) -> Doing:
    """What a stage of the store amounts to; it names the file, a comma, and what is done."""
    said = stage.rpartition(", ")[2]
    known = {"checking": Doing.CHECKING, "copying": Doing.COPYING, "encoding": Doing.ENCODING}
    if said.startswith("waiting"):
        return Doing.WAITING
    return known.get(said, Doing.FETCHING)
