"""A stand-in for the engine process that a test drives, and the real one over a double engine."""

from __future__ import annotations

import os
import queue
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from engine.errors import BadPhoto
from engine.fitting import SaveOptions
from engine.messages import Event, Failed, Finished, Progressed, Ready, Saved, Stopped
from engine.preset import Preset
from engine.request import RestoreRequest, RestoreResult
from engine.stamps import Stamp
from engine.worker import Worker
from restorer_app.engine_process import Died, EngineProcess
from restorer_app.job_queue import JobQueue
from restorer_app.job_store import JobStore
from restorer_app.jobs import Destination
from tests.doubles import FakeRestorer

DENOISE = Preset(id="denoise", title="Denoise", summary="s", task="denoise")
AUTO = Preset(id="auto", title="Auto", summary="s", task="auto")


class Clock:
    """Time that a test moves."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


class HandEngine:
    """`EngineProcess` in the hands of a test: nothing happens until `tell` or a short cut of it."""

    def __init__(self, cache: Path, listen: Callable[[Event | Died], None]) -> None:
        self.cache, self.tell = cache, listen
        self.runs: list[tuple[str, RestoreRequest]] = []
        self.saves: list[tuple[str, RestoreResult, Path, SaveOptions]] = []
        self.cancelled: list[str] = []
        self.closed = False

    def start(self) -> None:
        self.tell(Ready("cpu"))

    def run(self, job: str, request: RestoreRequest) -> None:
        self.runs.append((job, request))

    def save(self, job: str, result: RestoreResult, path: Path, options: SaveOptions) -> None:
        self.saves.append((job, result, path, options))

    def cancel(self, job: str) -> None:
        self.cancelled.append(job)

    def close(self) -> None:
        self.closed = True

    @property
    def asked(self) -> list[str]:
        """Names of the photos that were to be restored."""
        return [request.source.name for _, request in self.runs]

    def progress(self, done: float, stage: str = "predicting") -> None:
        self.tell(Progressed(self.runs[-1][0], done, stage))

    def finish(self, *, warnings: tuple[str, ...] = (), preset: Preset | None = None) -> Path:
        """The last run is computed; gives its result file."""
        job, request = self.runs[-1]
        self.cache.mkdir(parents=True, exist_ok=True)
        restored = self.cache / f"{job}-{len(self.runs)}.npy"
        restored.write_bytes(bytes(1000))
        result = RestoreResult(
            request=request,
            preset=preset or request.preset,
            restored=restored,
            seconds=1.0,
            megapixels=1.0,
            device="cpu",
            warnings=warnings,
            stamp=Stamp.of(request.source),
        )
        self.tell(Finished(job, result))
        return restored

    def saved(self, *notes: str) -> None:
        job, _, path, _ = self.saves[-1]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"picture")
        self.tell(Saved(job, path, notes))

    def fail(self, kind: str = "BadPhoto", message: str = "It is damaged.") -> None:
        self.tell(Failed(self.runs[-1][0], kind, message, "Look at it."))

    def stop(self) -> None:
        self.tell(Stopped(self.runs[-1][0]))


def request_for(source: Path, preset: Preset = DENOISE) -> RestoreRequest:
    return RestoreRequest(source=source, preset=preset)


def destination(path: Path, *, overwrite: bool = False) -> Destination:
    return Destination(path, SaveOptions(overwrite=overwrite))


def serve_double(pipe: Connection, cache: Path) -> None:
    """The main function of a child whose engine is a double; odd photos are told by their names."""

    def hook(name: str, done: float) -> None:
        if name.startswith("slow"):
            time.sleep(0.02)
        if name.startswith("deadly"):
            os.kill(os.getpid(), signal.SIGKILL)
        if name.startswith("bad"):
            raise BadPhoto(f"“{name}” is damaged.")

    cache.mkdir(parents=True, exist_ok=True)
    Worker(pipe, FakeRestorer(cache, hook=hook, steps=10)).work()


def open_double(cache: Path, listen: Callable[[Event | Died], None]) -> EngineProcess:
    return EngineProcess(cache, listen, serve_double)


class Loop:
    """What the window's event loop does: calls, in its own thread, what others post."""

    def __init__(self) -> None:
        self._calls: queue.Queue[Callable[[], None]] = queue.Queue()
        self.post = self._calls.put

    def until(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not condition():
            self._calls.get(timeout=max(end - time.monotonic(), 0.01))()


def _restore_all(folder: Path) -> None:
    """A program that is nothing but a queue: `python -m tests.app.engine_doubles FOLDER`."""
    loop = Loop()
    store = JobStore(folder / "state" / "queue.jsonl")
    jobs = JobQueue(folder / "cache", loop.post, store=store, open_engine=open_double)
    if not jobs.restore():
        photos = sorted((folder / "in").iterdir())
        jobs.add_many((request_for(p), destination(folder / "out" / p.name)) for p in photos)
    jobs.job_changed.connect(lambda job: sys.stdout.write(f"{job.source.name} {job.state}\n"))
    jobs.job_changed.connect(lambda job: sys.stdout.flush())
    loop.until(lambda: all(job.state.ended for job in jobs.jobs))
    jobs.close()


if __name__ == "__main__":
    _restore_all(Path(sys.argv[1]))
