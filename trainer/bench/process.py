"""What a user waits for and pays who starts the program anew: measured on fresh processes."""

from __future__ import annotations

import contextlib
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from trainer.bench.content import write_jpeg
from trainer.bench.watched import FIRST

_ASIDE = 512
"""Where a part that is in sight lies: pixels right and down in the photo."""
_LOOK = 0.02
"""Seconds between two looks at a process's memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshRun:
    """One run of the program in a process of its own."""

    seconds: float
    """To the end of the process, its output saved."""
    peak_gib: float | None
    """Most memory resident at any moment; None where the system does not tell."""


class CannotMeasure(Exception):
    """The program did not run to its end; the message is the last it said."""


def fresh_run(megapixels: float) -> FreshRun:
    """`restorer restore` on a made-up JPEG; raises `CannotMeasure`."""
    with tempfile.TemporaryDirectory(prefix="restorer-bench-") as folder:
        photo, output = Path(folder, "photo.jpg"), Path(folder, "restored.jpg")
        write_jpeg(photo, megapixels)
        words = ["restore", str(photo), "-o", str(output), "--preset", "denoise", "--quiet"]
        run = run_python(["-m", "restorer_app", *words, "--device", "cpu"])
        if not output.exists():
            raise CannotMeasure("it wrote no picture")
        return FreshRun(seconds=run.ended - run.started, peak_gib=run.peak_gib)


def seconds_to_first_pixels(
    megapixels: float, preset: str = "denoise", sight: tuple[int, int] | None = None
) -> float:
    """From the start of a process to its first finished tile, or until all is finished of a part of
    the photo of the size `sight` (width, height), which the window restores before the whole;
    raises `CannotMeasure`."""
    with tempfile.TemporaryDirectory(prefix="restorer-bench-") as folder:
        photo = Path(folder, "photo.jpg")
        write_jpeg(photo, megapixels)
        sides = [] if sight is None else [_ASIDE, _ASIDE, _ASIDE + sight[0], _ASIDE + sight[1]]
        words = [str(photo), folder, preset, *map(str, sides)]
        run = run_python(["-m", "trainer.bench.watched", *words])
        moments = [line.removeprefix(FIRST) for line in run.said if line.startswith(FIRST)]
        if not moments:
            raise CannotMeasure("it announced no first pixels")
        return float(moments[0]) - run.started


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonRun:
    """A Python process that ended well."""

    started: float
    """Seconds since the epoch, as is `ended`."""
    ended: float
    said: list[str]
    peak_gib: float | None


def run_python(words: list[str]) -> PythonRun:
    """Run this Python with further words; raises `CannotMeasure` if it fails."""
    with tempfile.TemporaryFile("w+") as said:
        started = time.time()
        child = subprocess.Popen(
            [sys.executable, *words], stdout=said, stderr=subprocess.STDOUT, text=True
        )
        code, peak = _ended(child)
        ended = time.time()
        said.seek(0)
        lines = said.read().splitlines()
    if code != 0:
        raise CannotMeasure(lines[-1] if lines else f"it ended with exit code {code}")
    return PythonRun(started=started, ended=ended, said=lines, peak_gib=peak)


def _ended(child: subprocess.Popen[str]) -> tuple[int, float | None]:
    """Wait for a process; its exit code, and its peak memory in GiB where the system tells."""
    system = platform.system()
    if system == "Linux":
        return _watched(child)
    if system != "Darwin":
        return child.wait(), None
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, used.ru_maxrss / 2**30


def _watched(child: subprocess.Popen[str]) -> tuple[int, float | None]:
    """`_ended` on Linux, whose accounting hands a child the peak of its parent.

    What the kernel says of the living process is its own; of its last moment it may miss a little.
    """
    status, peak = Path(f"/proc/{child.pid}/status"), 0
    while (code := child.poll()) is None:
        with contextlib.suppress(OSError):
            lines = status.read_text(encoding="ascii", errors="replace").splitlines()
            found = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
            peak = max(peak, *map(int, found), 0)
        time.sleep(_LOOK)
    return code, peak / 2**20 if peak else None
