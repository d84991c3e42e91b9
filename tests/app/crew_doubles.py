"""Main functions of engine children over a double, each with a fate of its own.

Odd photos are told by the beginnings of their names: `deadly` ones end the engine that restores
them, `torn` ones the engine that saves them, `faulty` ones meet a fault of the program, `meet` ones
wait for one another, and of `hungry` and `heavy` ones there is no memory for the first try, which
fails or ends its engine.
"""

from __future__ import annotations

import hashlib
import os
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path

from engine import worker
from engine.errors import OutOfMemory
from engine.fitting import SaveOptions
from engine.messages import Ready
from engine.photo import Photo
from engine.progress import Progress
from engine.request import RestoreRequest, RestoreResult
from engine.worker import Worker
from restorer_app.crew import EngineDoor
from restorer_app.engine_process import EngineProcess
from tests.doubles import FakeRestorer

UNFINISHED = f".{'7' * 16}.part"
_PATIENCE = 60
"""Seconds to wait for another engine: long, for busy machines."""


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def tear(photo: Photo, path: Path, options: SaveOptions) -> tuple[str, ...]:
    """`engine.saving.save`, which ends some engines in the middle of it."""
    if path.name.startswith("torn"):
        (path.parent / UNFINISHED).write_bytes(b"half")
        die()
    return _save(photo, path, options)


_save = worker.save


def serve_crew(pipe: Connection, cache: Path) -> None:
    """An engine of which some photos ask too much."""
    shared = cache.parent

    def hook(name: str, done: float) -> None:
        if name.startswith("deadly"):
            die()
        if name.startswith(("hungry", "heavy")) and not (shared / f"{name}.tried").exists():
            (shared / f"{name}.tried").touch()
            if name.startswith("heavy"):
                die()
            raise OutOfMemory("There is too little memory for this picture.")
        if name.startswith("faulty"):
            raise RuntimeError("oops")
        if name.startswith("meet") and done == 0:
            (shared / f"{name}.here").touch()
            end = time.monotonic() + _PATIENCE
            while len(list(shared.glob("meet*.here"))) < 2:
                assert time.monotonic() < end, "no other photo is in work"
                time.sleep(0.01)

    cache.mkdir(parents=True)
    worker.save = tear
    pipe.send(Ready("cpu"))
    Worker(pipe, FakeRestorer(cache, hook=hook)).work()


def open_crew(cache: Path, listen: object, threads: int) -> EngineDoor:
    return EngineProcess(cache, listen, serve_crew)  # type: ignore[arg-type]


class Hanging(FakeRestorer):
    """Never ends with a photo: it reports without end, or stays in one call, as that is called."""

    def run(
        self, request: RestoreRequest, progress: Progress, photo: Photo | None = None
    ) -> RestoreResult:
        manner = request.source.stem
        if manner != "saves":
            tell_pid(request.source.parent, manner)
        while manner == "reports":
            progress.report(0.5)
            time.sleep(0.01)
        if manner == "native":
            hashlib.pbkdf2_hmac("sha256", b"", b"", 2**31 - 1)
        return super().run(request, progress, photo)


def tell_pid(folder: Path, manner: str) -> None:
    """Say, in a file beside `folder`, which process is hanging there."""
    (folder.parent / f"{manner}.{os.getpid()}.hangs").touch()


def save_without_end(photo: Photo, path: Path, options: SaveOptions) -> tuple[str, ...]:
    (path.parent / UNFINISHED).write_bytes(b"half")
    tell_pid(path.parent, "saves")
    time.sleep(3600)
    return ()


def serve_hanging(pipe: Connection, cache: Path) -> None:
    """An engine that never ends with a photo."""
    cache.mkdir(parents=True)
    worker.save = save_without_end
    Worker(pipe, Hanging(cache)).work()


def open_hanging(cache: Path, listen: object, threads: int) -> EngineDoor:
    return EngineProcess(cache, listen, serve_hanging)  # type: ignore[arg-type]
