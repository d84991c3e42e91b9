"""The engine process: takes one job after another from a pipe, and turns every outcome into an
event.

The loop itself knows no torch. `serve` is what a spawned child runs.
"""

from __future__ import annotations

import logging
import signal
import time
import traceback
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

from engine import network_watch
from engine.errors import CannotSave, OutOfMemory, RestorerError
from engine.messages import (
    Cancel,
    Connected,
    Drafted,
    Event,
    Failed,
    Finished,
    Painted,
    Progressed,
    Quit,
    Ready,
    Run,
    Save,
    Saved,
    Stopped,
)
from engine.photo import Photo
from engine.progress import Cancelled, Progress
from engine.request import RestoreRequest, RestoreResult
from engine.saving import save

log = logging.getLogger(__name__)

_QUIET = 0.05
"""Seconds between two progress events of a job: as often as an eye follows."""


class Engine(Protocol):
    """What the worker needs of a `Restorer`."""

    def run(self, request: RestoreRequest, progress: Progress) -> RestoreResult: ...

    def compose(self, result: RestoreResult) -> Photo: ...


class Worker:
    """Runs the jobs that come through `pipe` on `engine`, one at a time, in order."""

    def __init__(
        self, pipe: Connection, engine: Engine, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pipe, self._engine, self._clock = pipe, engine, clock
        self._waiting: deque[Run | Save] = deque()
        self._leaving = False
        self._unwanted: str | None = None
        self._job = ""
        self._told = 0.0
        self._connections = 0
        """How many the program knows of."""

    def work(self) -> None:
        """Serve until `Quit` or the other end closes."""
        try:
            self._tell_connections()  # of those while it was loaded
            while True:
                while not self._waiting:
                    if self._leaving:
                        return
                    self._take(self._pipe.recv())
                self._pipe.send(self._outcome(self._waiting.popleft()))
                self._tell_connections()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            log.info("the program is gone, so is the engine")

    def report(self, done: float, stage: str = "") -> None:
        """The running job's `Progress`: tells the program, and hears whether to stop."""
        while self._pipe.poll():
            self._take(self._pipe.recv())
        if self._unwanted == self._job:
            raise Cancelled
        now = self._clock()
        if now - self._told >= _QUIET or done >= 1:
            self._told = now
            self._pipe.send(Progressed(self._job, done, stage))

    def drafted(self, result: RestoreResult) -> None:
        """The running job's draft is there: see `Onlooker`."""
        self._pipe.send(Drafted(self._job, result))

    def painted(self, rows: int) -> None:
        """The prior has finished so many rows of it."""
        self._pipe.send(Painted(self._job, rows))

    def _tell_connections(self) -> None:
        """The window shows how many there were; there should be none to tell of."""
        more = network_watch.connections() - self._connections
        if more:
            self._connections += more
            self._pipe.send(Connected(more))

    def _take(self, command: object) -> None:
        match command:
            case Run() | Save():
                self._waiting.append(command)
            case Cancel(job):
                left = [order for order in self._waiting if order.job != job]
                for _ in range(len(self._waiting) - len(left)):
                    self._pipe.send(Stopped(job))
                self._waiting = deque(left)
                if job == self._job:
                    self._unwanted = job
            case Quit():
                self._leaving = True
            case _:
                raise TypeError(f"the engine process does not know {command!r}")

    def _outcome(self, order: Run | Save) -> Event:
        job = order.job
        self._job, self._unwanted, self._told = job, None, -_QUIET
        try:
            if isinstance(order, Save):
                return Saved(job, order.path, self._save(order))
            return Finished(job, self._engine.run(order.request, self))
        except Cancelled:
            return Stopped(job)
        except RestorerError as error:
            return _failed(job, error)
        except MemoryError:
            log.info("job %s ran out of memory", job, exc_info=True)
            return _failed(job, OutOfMemory("The picture does not fit into memory."))
        except Exception as error:
            log.exception("job %s failed", job)
            sentence = f"Something went wrong that should not: {error or type(error).__name__}."
            remedy = "Please report this, with the log file."
            trace = traceback.format_exc()
            return Failed(job, type(error).__name__, sentence, remedy, trace)
        finally:
            self._job = ""

    def _save(self, order: Save) -> tuple[str, ...]:
        """Sentences about what was lost or assumed between the source and the new file."""
        self.report(0.0, "composing")
        photo = self._engine.compose(order.result)
        self.report(0.5, "saving")
        folder = order.path.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotSave(f"The folder “{folder.name}” cannot be made there.") from error
        return (*photo.warnings, *save(photo, order.path, order.options))


def _failed(job: str, error: RestorerError) -> Failed:
    return Failed(job, error.kind, error.message, error.remedy)


def serve(
    pipe: Connection,
    cache: Path,
    models: Path | None = None,
    notes: Path | None = None,
    threads: int = 0,
) -> None:
    """The main function of the child process; `cache` is where results go, `models` where fetched
    models lie, `notes` the file of what was found out about this machine. It computes on so many
    `threads` of a processor; 0 for as many as there are.

    Ctrl-C at a terminal reaches the whole process group; only the program decides what it means.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    network_watch.watch()
    from engine.diffusion.devices import hardware, keep_to, pick_device
    from engine.diffusion.prior_loading import Priors
    from engine.diffusion.restore import Restorer
    from engine.machine_notes import MachineNotes
    from engine.shelf import Shelf

    if threads:
        keep_to(threads)
    pipe.send(Ready(str(pick_device("auto")), hardware()))
    priors = Priors(MachineNotes(notes))
    Worker(pipe, Restorer(cache, shelf=Shelf(models), priors=priors)).work()
