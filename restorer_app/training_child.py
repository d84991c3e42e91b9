"""A step of a training as a process of its own: torch and all its memory stay out of the window's.

What it says on stdout is JSON, a line at a time (see `trainer.json_lines`); what it says to people
goes to a file. It runs at a lower priority than the window and the restoring of photos.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from restorer_app.interrupts import CANCELLED
from restorer_app.jobs import JobError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

log = logging.getLogger(__name__)

_NICE = 10
"""As far as other work goes first."""
_LONGEST = 200
"""Letters of its last words that are shown."""


@dataclass(frozen=True, slots=True)
class Further:
    """The step is this far, 0 to 1, and at what."""

    done: float
    stage: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The process is gone: through, stopped as it was asked to, or failed."""

    error: JobError | None = None
    stopped: bool = False


Said = Further | Ended


def program() -> list[str]:
    """What starts this program again; a packaged one is its own interpreter."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-m", "restorer_app"]


class TrainingChild:
    """One step at work. `tell` hears `Further`s and at last an `Ended`, in a thread of its own."""

    def __init__(self, words: Sequence[str], said: Path, tell: Callable[[Said], None]) -> None:
        """Start `words`; what it says to people is added to the file `said`. Raises `OSError`."""
        self._tell, self._said, self._asked = tell, said, False
        self._error: JobError | None = None
        self._end: Ended | None = None
        self._timer: threading.Timer | None = None
        with said.open("ab") as people:
            self._before = people.tell()
            self._process = subprocess.Popen(
                words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=people,
                text=True,
                encoding="utf-8",
                errors="replace",
                creationflags=_flags(),
                start_new_session=True,  # Ctrl-C at the window's terminal is the window's business
            )
        _step_back(self._process.pid)
        self._reader = threading.Thread(target=self._read, name="training-child", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self, patience: float) -> None:
        """Ask it to leave a checkpoint and end; it is killed `patience` seconds later if it has
        not."""
        if self._asked:
            return
        self._asked = True
        self._timer = threading.Timer(patience, self._kill)
        self._timer.daemon = True
        self._timer.start()
        try:
            _ask_to_stop(self._process)
        except OSError as error:
            log.info("the training is gone already: %s", error)

    def wait(self) -> Ended:
        """Until it has ended and all was told; gives how."""
        self._reader.join()
        assert self._end is not None
        return self._end

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            self._hear(lines)
        code = self._process.wait()
        self._close_stdin()
        if self._timer is not None:
            self._timer.cancel()
        self._end = self._ended(code)
        self._tell(self._end)

    def _close_stdin(self) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):  # what was not read in time is of no use any more
            self._process.stdin.close()

    def _hear(self, lines: IO[str]) -> None:
        for line in lines:
            try:
                entry = json.loads(line)
                if "error" in entry:
                    self._error = _as_error(entry["error"])
                elif "done" in entry:
                    self._tell(Further(float(entry["done"]), str(entry.get("stage", ""))))
            except (ValueError, TypeError, KeyError) as error:
                log.info("the training said something unknown: %r (%s)", line[:_LONGEST], error)

    def _ended(self, code: int) -> Ended:
        if code == 0:
            return Ended()
        if self._asked or code == CANCELLED:
            return Ended(stopped=True)
        if self._error is not None:
            return Ended(self._error)
        if code < 0:
            return Ended(JobError("WorkerDied", f"signal {-code}"))
        return Ended(JobError("TrainingDied", self._last_words() or f"code {code}"))

    def _last_words(self) -> str:
        """The last line that it said to people."""
        try:
            with self._said.open("rb") as file:
                file.seek(self._before)
                lines = file.read().decode("utf-8", "replace").split("\n")
        except OSError:
            return ""
        said = [line.strip() for line in lines if line.strip()]
        return said[-1][:_LONGEST] if said else ""

    def _kill(self) -> None:
        log.warning("the training did not stop in time; it is ended")
        try:
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)  # with the processes that make pairs
        except OSError as error:
            log.info("the training is gone already: %s", error)


def _as_error(entry: Mapping[str, object]) -> JobError:
    return JobError(str(entry["kind"]), str(entry["message"]), str(entry.get("remedy", "")))


if sys.platform == "win32":

    def _ask_to_stop(process: subprocess.Popen[str]) -> None:
        """By a word: no signal reaches a process without a console."""
        assert process.stdin is not None
        process.stdin.write("stop\n")
        process.stdin.flush()

    def _flags() -> int:
        """Behind other programs, without a window, in a group that can be sent a signal."""
        return (
            subprocess.BELOW_NORMAL_PRIORITY_CLASS
            | subprocess.CREATE_NO_WINDOW
            | subprocess.CREATE_NEW_PROCESS_GROUP
        )

    def _step_back(pid: int) -> None:
        """The flags have seen to it."""

else:

    def _ask_to_stop(process: subprocess.Popen[str]) -> None:
        """As Ctrl-C does, in the middle of a step."""
        process.send_signal(signal.SIGINT)

    def _flags() -> int:
        return 0

    def _step_back(pid: int) -> None:
        """Let other processes go first; its threads and children inherit that, as they start."""
        try:
            os.setpriority(os.PRIO_PROCESS, pid, _NICE)
        except OSError as error:
            log.info("the training keeps its priority: %s", error)
