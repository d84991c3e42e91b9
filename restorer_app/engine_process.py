"""The program's end of the pipe: starts the engine process, talks to it, and survives its death.

No Qt here. Events are handed to a callback from a thread of this module; the window passes them
on to its own.
"""

from __future__ import annotations

import logging
import multiprocessing
import secrets
import signal
import sys
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from engine import network_watch
from engine.messages import Cancel, Connected, Failed, Finished, Quit, Run, Save, Saved, Stopped
from restorer_app.places import machine_file, models_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess
    from pathlib import Path

    from engine.fitting import SaveOptions
    from engine.messages import Command, Event
    from engine.request import RestoreRequest, RestoreResult

log = logging.getLogger(__name__)

_PATIENCE = 0.8
"""Seconds that a cancelled job may take to notice; then its process is ended."""
_FAREWELL = 3.0
"""Seconds that the process may take to end by itself."""


@dataclass(frozen=True, slots=True)
class Died:
    """The engine process ended by itself; `code` as the system gives it, negative for a signal."""

    code: int | None


class EngineProcess:
    """One engine process, started anew when it dies; `listen` hears all that it says."""

    def __init__(
        self,
        cache: Path,
        listen: Callable[[Event | Died], None],
        serve: Callable[[Connection, Path], None] | None = None,
        *,
        threads: int = 0,
    ) -> None:
        """`serve` is the child's main function; the engine's own unless a test brings another. Its
        results come into a folder of its own below `cache`.

        The engine computes on so many cores; 0 for all that it may have.
        """
        self._cache, self._listen, self._serve = cache, listen, serve
        self._folder = cache
        self._results: set[Path] = set()
        """Files in the child's folder that others know of."""
        self._threads = threads
        self._context = multiprocessing.get_context("spawn")
        self._lock = threading.RLock()
        self._jobs: list[str] = []
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._reader: threading.Thread | None = None
        self._closing = False
        self._deadlines: dict[str, threading.Timer] = {}

    def start(self) -> None:
        """Start the child ahead of the first job, which then does not wait for torch."""
        with self._lock:
            if self._process is None and not self._closing:
                self._spawn()

    def run(self, job: str, request: RestoreRequest) -> None:
        """Queue a job behind those already sent."""
        with self._lock:
            self.start()
            self._jobs.append(job)
            self._send(Run(job, request))

    def save(self, job: str, result: RestoreResult, path: Path, options: SaveOptions) -> None:
        """Queue the composing and writing of a result behind the jobs already sent."""
        with self._lock:
            self.start()
            self._jobs.append(job)
            self._send(Save(job, result, path, options))

    def cancel(self, job: str) -> None:
        """Stop a job within a second, whatever it is doing: asked first, ended then."""
        with self._lock:
            if job not in self._jobs:
                return
            self._send(Cancel(job))
            if job not in self._deadlines:
                timer = threading.Timer(_PATIENCE, self._end_if_still_running, (job,))
                timer.daemon = True
                self._deadlines[job] = timer
                timer.start()

    def close(self) -> None:
        """End the child, at once if it does not end by itself; nothing is heard afterwards."""
        with self._lock:
            self._closing = True
            for timer in self._deadlines.values():
                timer.cancel()
            process, reader = self._process, self._reader
            if process is not None:
                self._send(Quit())
                for job in self._jobs:
                    self._send(Cancel(job))
        if process is not None:
            process.join(_FAREWELL)
            if process.is_alive():
                process.kill()
                process.join()
        if reader is not None and reader is not threading.current_thread():
            reader.join()

    def kill(self) -> None:
        """End the child at once, whatever it is doing; nothing is heard afterwards.

        Waits for no lock, so that it can be called while another thread is anywhere in here.
        """
        self._closing = True
        process = self._process
        if process is not None:
            process.kill()
            wait([process.sentinel], _FAREWELL)

    def _spawn(self) -> None:
        from engine.worker import serve

        ours, theirs = self._context.Pipe()
        target = self._serve or partial(
            serve, models=models_folder(), notes=machine_file(), threads=self._threads
        )
        self._folder, self._results = self._cache / f"engine-{secrets.token_hex(8)}", set()
        process = self._context.Process(target=target, args=(theirs, self._folder), daemon=True)
        with _unheard_interrupts():
            process.start()
        theirs.close()
        self._process, self._pipe = process, ours
        self._reader = threading.Thread(
            target=self._read, args=(process, ours), name="engine-events", daemon=True
        )
        self._reader.start()

    def _send(self, command: Command) -> None:
        pipe = self._pipe
        if pipe is None:
            return
        try:
            pipe.send(command)
        except (BrokenPipeError, OSError):
            log.info("the engine process is gone; its death is told by the reader")

    def _read(self, process: SpawnProcess, pipe: Connection) -> None:
        try:
            while True:
                event = pipe.recv()
                if isinstance(event, Connected):
                    network_watch.count_more(event.more)
                    continue
                self._note(event)
                self._tell(event)
        except (EOFError, OSError):
            pipe.close()
        process.join()
        self._buried(process)

    def _note(self, event: Event) -> None:
        if isinstance(event, Finished):
            self._results.add(event.result.restored)
        if isinstance(event, Finished | Saved | Failed | Stopped):
            with self._lock:
                if event.job in self._jobs:
                    self._jobs.remove(event.job)
                timer = self._deadlines.pop(event.job, None)
            if timer is not None:
                timer.cancel()

    def _buried(self, process: SpawnProcess) -> None:
        """The child is dead: its running job has failed, those behind it are sent to a new one."""
        with self._lock:
            if self._process is not process:
                return
            self._process = self._pipe = None
            _clear(self._folder, self._results)
            if self._closing:
                return
            lost, self._jobs = self._jobs, []
            cancelled = [job for job in lost if job in self._deadlines]
            for job in cancelled:
                self._deadlines.pop(job).cancel()
        log.info("the engine process ended with code %s", process.exitcode)
        for job in lost:
            if job in cancelled:
                self._tell(Stopped(job))
        self._tell(Died(process.exitcode))
        for index, job in enumerate(job for job in lost if job not in cancelled):
            self._tell(_loss(job, first=index == 0 and not cancelled))

    def _tell(self, event: Event | Died) -> None:
        if not self._closing:
            self._listen(event)

    def _end_if_still_running(self, job: str) -> None:
        with self._lock:
            process = self._process
            if job in self._jobs and process is not None:
                log.warning("job %s did not stop in time; its process is ended", job)
                process.kill()


def _clear(folder: Path, kept: Collection[Path]) -> None:
    """Remove what a child was still at when it was ended, and its folder if nothing is kept."""
    with suppress(OSError):  # the folder around it may be on its way, too
        for path in set(folder.iterdir()) - set(kept):
            with suppress(OSError):
                path.unlink(missing_ok=True)
        folder.rmdir()


@contextmanager
def _unheard_interrupts() -> Iterator[None]:
    """A child started inside never hears of Ctrl-C, which a terminal sends to it as well: `serve`
    ignores it, but only once that runs. What comes meanwhile is heard here afterwards."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # which else is started inside, and lifts the block
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _loss(job: str, *, first: bool) -> Failed:
    """What became of a job when its process died; only the first one can be the cause."""
    if first:
        message = "The engine stopped while it worked on this picture, perhaps for lack of memory."
        return Failed(job, "WorkerDied", message, "It was started anew; try the picture again.")
    return Failed(job, "NotStarted", "The engine stopped before it came to this picture.", "")
