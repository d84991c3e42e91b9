"""A training that another program follows: JSON on stdout, an object a line.

    {"done": 0.03, "stage": "step 50"}                again and again, `done` from 0 to 1
    {"out": "..."}                                    at the end: what was written, file or folder
    {"error": {"kind": "...", "message": "...", "remedy": "..."}}    where it failed

What is meant for people goes to stderr. Ctrl-C and SIGTERM end a training with a checkpoint. So
does a line `stop` on stdin, for Windows has no signal that reaches a process without a console; and
a reader that is gone, for then nobody is left who could stop it.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout, suppress
from pathlib import Path
from typing import TextIO

import torch

from engine.errors import NoPlace, OutOfMemory, RestorerError
from engine.folder_lock import LOCK_NAME, folder_lock
from engine.progress import Cancelled, Progress

log = logging.getLogger(__name__)

CANCELLED = 130
"""Exit code of a training that was stopped: 128 + SIGINT, as shells have it."""
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)
"""What file systems say that know no locks; on these a training has to trust its user."""


def follow(work: Callable[[Progress], object], out: Path, run: Path | None) -> int:
    """Do `work`, which writes `out`, and say on stdout how far it is.

    Gives the exit code: 0, 1 with a reason, or 130. No other training is let into the folder `run`
    of checkpoints meanwhile.
    """
    lines = _Lines(sys.stdout, _asked_to_stop())
    try:
        with stoppable(signal.SIGINT, signal.SIGTERM), redirect_stdout(sys.stderr), alone(run):
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
    """Progress as JSON lines; raises `Cancelled` once nobody reads them, or it is `asked` for."""

    def __init__(self, stream: TextIO, asked: threading.Event) -> None:
        self._stream, self._asked = stream, asked

    def report(self, done: float, stage: str = "") -> None:
        if self._asked.is_set():
            raise Cancelled
        self.write({"done": round(min(max(done, 0.0), 1.0), 5), "stage": stage})

    def write(self, entry: object) -> None:
        try:
            self._stream.write(json.dumps(entry) + "\n")
            self._stream.flush()
        except BrokenPipeError as error:
            raise Cancelled from error


def _asked_to_stop() -> threading.Event:
    """Set once stdin says so, where that is another program's.

    A terminal has Ctrl-C, what is typed there is for the shell, and a process in its background
    that reads from it is halted.
    """
    asked = threading.Event()
    try:
        number = sys.stdin.fileno()
        if os.isatty(number):
            return asked
    except (AttributeError, OSError, ValueError):  # there is none
        return asked
    threading.Thread(target=_listen, args=(number, asked), name="stdin", daemon=True).start()
    return asked


def _listen(number: int, asked: threading.Event) -> None:
    # not by `sys.stdin`, whose lock this thread would hold when the process ends
    said = b""
    with suppress(OSError):
        while b"stop\n" not in said.replace(b"\r", b""):
            more = os.read(number, 64)
            if not more:
                return
            said = said[-64:] + more
        asked.set()


@contextmanager
def stoppable(*signals: int) -> Iterator[None]:
    """Where these signals, and what Windows has for them, do what Ctrl-C does: a training ends with
    a checkpoint, wherever it is."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked = list(signals)
    if sys.platform == "win32":
        asked.append(signal.SIGBREAK)
    before = [signal.signal(number, signal.default_int_handler) for number in asked]
    try:
        yield
    finally:
        for number, handler in zip(asked, before, strict=True):
            signal.signal(number, handler)


@contextmanager
def alone(run: Path | None) -> Iterator[None]:
    """The folder `run` of checkpoints for this training alone; where nothing comes into a new one,
    it is removed again.

    Raises `NoPlace` where it cannot be written, or another training writes into it.
    """
    if run is None:
        yield
        return
    new = not run.exists()
    try:
        with ExitStack() as held:
            try:
                run.mkdir(parents=True, exist_ok=True)
                held.enter_context(folder_lock(run))
            except BlockingIOError as error:
                raise NoPlace(
                    f"Another training writes into {run}.", "Wait until it is through, or end it."
                ) from error
            except OSError as error:
                if error.errno not in _NO_LOCKS:
                    said = f"{run} cannot be made: {error}"
                    raise NoPlace(said, "Name another --run.") from error
            yield
    finally:
        if new:  # Windows removes no file that is open
            _remove_empty(run)


def _remove_empty(run: Path) -> None:
    """Remove a folder in which there is nothing but its lock."""
    with suppress(OSError):
        if {path.name for path in run.iterdir()} <= {LOCK_NAME}:
            (run / LOCK_NAME).unlink(missing_ok=True)
            run.rmdir()
