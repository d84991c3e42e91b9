"""A training that another program follows: JSON on stdout, an object a line.

    {"done": 0.03, "stage": "step 50"}                again and again, `done` from 0 to 1
    {"out": "..."}                                    at the end: what was written, file or folder
    {"error": {"kind": "...", "message": "...", "remedy": "..."}}    where it failed

What is meant for people goes to stderr. Ctrl-C and SIGTERM end a training with a checkpoint, and so
does a reader that is gone, for then nobody is left who could stop it.
"""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from typing import TextIO

import torch

from engine.errors import NoPlace, OutOfMemory, RestorerError
from engine.folder_lock import folder_lock
from engine.progress import Cancelled, Progress

log = logging.getLogger(__name__)

CANCELLED = 130
"""Exit code of a training that was stopped: 128 + SIGINT, as shells have it."""


def follow(work: Callable[[Progress], object], out: Path, run: Path | None) -> int:
    """Do `work`, which writes `out`, and say on stdout how far it is.

    Gives the exit code: 0, 1 with a reason, or 130. No other training is let into the folder `run`
    of checkpoints meanwhile.
    """
    lines = _Lines(sys.stdout)
    try:
        with _signals(), redirect_stdout(sys.stderr), _alone(run):
            work(lines)
        lines.write({"out": str(out)})
        return 0
    except (Cancelled, KeyboardInterrupt):
        return CANCELLED
    except torch.OutOfMemoryError:
        told: RestorerError = OutOfMemory(
            "The training does not fit into the memory of the graphics card.",
            "Close what else uses it, or train for a smaller model.",
        )
    except RestorerError as error:
        told = error
    except Exception as error:
        log.exception("the training failed")
        told = RestorerError(f"{type(error).__name__}: {error}")
    with suppress(Cancelled):
        failure = {"kind": told.kind, "message": told.message, "remedy": told.remedy}
        lines.write({"error": failure})
    return 1


class _Lines:
    """Progress as JSON lines; raises `Cancelled` once nobody reads them."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def report(self, done: float, stage: str = "") -> None:
        self.write({"done": round(min(max(done, 0.0), 1.0), 5), "stage": stage})

    def write(self, entry: object) -> None:
        try:
            self._stream.write(json.dumps(entry) + "\n")
            self._stream.flush()
        except BrokenPipeError as error:
            raise Cancelled from error


@contextmanager
def _signals() -> Iterator[None]:
    """All that asks a process to end does what Ctrl-C does, wherever the training is."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked = [signal.SIGINT, signal.SIGTERM]
    if sys.platform == "win32":
        asked.append(signal.SIGBREAK)
    before = [signal.signal(number, signal.default_int_handler) for number in asked]
    try:
        yield
    finally:
        for number, handler in zip(asked, before, strict=True):
            signal.signal(number, handler)


@contextmanager
def _alone(run: Path | None) -> Iterator[None]:
    """Raise `NoPlace` where another training writes its checkpoints into `run`."""
    if run is None:
        yield
        return
    try:
        run.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NoPlace(f"{run} cannot be made: {error}", "Name another --run.") from error
    try:
        with folder_lock(run):
            yield
    except BlockingIOError as error:
        raise NoPlace(
            f"Another training writes into {run}.", "Wait until it is through, or end it."
        ) from error
