"""`restorer bench ui`: how quick the window is, as median and worst of many repetitions."""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication

from engine.compose import Blend
from engine.mix import Mixer
from restorer_app.gui.tour.bench_view import HEIGHT, WIDTH, timings

_STARTS = 5
_MIXES = 40
_ASKED = {"start": 1500.0, "re-blend": 50.0, "flip": 16.0, "pan": 1000 / 60}
"""Milliseconds that are asked of the median, by what the name of a measurement begins with or
contains."""
_START = "restorer_app.gui.tour.bench_start"
"""The module that opens the window for a moment."""


@dataclass(frozen=True, slots=True)
class Line:
    """One measurement: milliseconds."""

    name: str
    median: float
    worst: float

    @property
    def asked(self) -> float | None:
        return next((most for word, most in _ASKED.items() if word in self.name), None)

    @property
    def verdict(self) -> str:
        if self.asked is None:
            return ""
        return "ok" if self.median <= self.asked else "MISS"


def main(argv: Sequence[str]) -> int:
    """Run the bench and print a table; 0 when it could measure."""
    parser = argparse.ArgumentParser(prog="restorer bench ui", description=__doc__)
    parser.add_argument(
        "--sizes", type=_sizes, default="24,100", metavar="MP,...", help="megapixels"
    )
    parser.add_argument("--json", type=Path, help="write the numbers here")
    options = parser.parse_args(argv)
    if "DISPLAY" not in os.environ and "WAYLAND_DISPLAY" not in os.environ:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication([])
    lines = [*_starts(), *_mixes()]
    for size in options.sizes:
        lines += [Line(t.name, t.median, t.worst) for t in timings(size)]
    sys.stdout.write("\n".join(_table(lines)) + "\n")
    if options.json is not None:
        found = [{**asdict(line), "asked": line.asked, "verdict": line.verdict} for line in lines]
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    del app
    return 0


def _sizes(text: str) -> tuple[float, ...]:
    sizes = tuple(float(part) for part in text.split(","))
    if not all(0 < size < math.inf for size in sizes):
        raise argparse.ArgumentTypeError(f"sizes are above 0, not {text}")
    return sizes


def _starts() -> Iterator[Line]:
    """From the start of a process to the window on screen; the first start fills the disk cache."""
    found = []
    for number in range(_STARTS + 1):
        with tempfile.TemporaryDirectory() as place:
            began = time.time()
            done = subprocess.run(
                [sys.executable, "-m", _START, str(Path(place) / str(number))],
                capture_output=True,
                text=True,
                check=True,
            )
        shown = float(done.stdout.split()[0])
        found.append((shown - began) * 1000)
    yield Line("start of a process to window shown", statistics.median(found[1:]), max(found[1:]))


def _mixes() -> Iterator[Line]:
    """A slider moved, over a picture as large as the view."""
    rng = np.random.default_rng(0)
    source = rng.integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    restored = rng.integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    mixer = Mixer(source, restored)
    mixer.prepare()
    blends: tuple[tuple[str, Callable[[float], Blend]], ...] = (
        ("strength", lambda share: Blend(strength=share)),
        ("all sliders", lambda share: Blend(strength=0.8, detail=share, colour=0.5, grain=0.3)),
    )
    for name, blend in blends:
        times = []
        for step in range(_MIXES):
            began = time.perf_counter()
            mixer.mix(blend(step / _MIXES))
            times.append((time.perf_counter() - began) * 1000)
        yield Line(f"re-blend, {name}, {WIDTH} x {HEIGHT}", statistics.median(times), max(times))


def _table(lines: Sequence[Line]) -> Iterator[str]:
    yield "| what | asked | median | worst | |"
    yield "|---|---|---|---|---|"
    for line in lines:
        asked = "" if line.asked is None else f"≤ {line.asked:.0f} ms"
        cells = (line.name, asked, f"{line.median:.1f} ms", f"{line.worst:.1f} ms", line.verdict)
        yield f"| {' | '.join(cells)} |"
