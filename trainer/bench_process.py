"""What a user waits for and pays who starts the program anew: measured on fresh processes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.bench_content import write_jpeg

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshRun:
    """One run of the program in a process of its own; None is what could not be measured."""

    first_pixels: float | None
    """Seconds from the start of the process to the first finished part of the picture."""
    whole: float
    """Seconds to the end of the process, its output saved."""
    peak_gib: float | None
    """Most memory resident at any moment."""


class CannotMeasure(Exception):
    """The program did not run to its end; the message is the last it said."""


def fresh_run(megapixels: float, options: Sequence[str] = ()) -> FreshRun:
    """`restorer restore` on a made-up JPEG; raises `CannotMeasure`.

    `options` are further words of the command line.
    """
    with tempfile.TemporaryDirectory(prefix="restorer-bench-") as folder:
        photo, output = Path(folder, "photo.jpg"), Path(folder, "restored.jpg")
        write_jpeg(photo, megapixels)
        words = ["restore", str(photo), "-o", str(output), "--preset", "denoise", *options]
        command = [sys.executable, "-m", "trainer.bench_watched", *words]
        with tempfile.TemporaryFile("w+") as said:
            start = time.time()
            child = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, text=True)
            code, peak = _ended(child)
            whole = time.time() - start
            said.seek(0)
            lines = said.read().splitlines()
        if code != 0 or not output.exists():
            raise CannotMeasure(lines[-1] if lines else f"ended with exit code {code}")
        return FreshRun(first_pixels=_first(lines, start), whole=whole, peak_gib=peak)


FIRST = "first pixels at "
"""How `trainer.bench_watched` announces the moment, in seconds since the epoch."""


def _first(lines: Sequence[str], start: float) -> float | None:
    moments = [float(line.removeprefix(FIRST)) for line in lines if line.startswith(FIRST)]
    return moments[0] - start if moments else None


def _ended(child: subprocess.Popen[str]) -> tuple[int, float | None]:
    """Wait for a process; its exit code, and its peak memory in GiB where the system tells."""
    if sys.platform == "win32":
        return child.wait(), None
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    return child.returncode, used.ru_maxrss * unit / 2**30
