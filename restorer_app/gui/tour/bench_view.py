"""How quick the compare view is, measured on made-up photos of a given size.

Everything is painted as it would be on the screen, into the widget's own buffer of 1600 x 1000.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtGui import QImage

from engine.photo import FloatArray
from restorer_app.gui.compare.compare_view import CompareView
from restorer_app.gui.compare.panes import Mode
from restorer_app.gui.compare.picture import Picture

WIDTH, HEIGHT = 1600, 1000
_STEPS = 40


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds that one kind of action takes until its picture is painted."""

    name: str
    milliseconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def worst(self) -> float:
        return max(self.milliseconds)


def timings(megapixels: float) -> tuple[Timing, ...]:
    """Of opening, flipping, panning, zooming, dragging the divider, on a pair of this size.

    The source is float32 as the engine loads it, the results are memory maps of uint16. Needs a
    QApplication; takes some seconds and 20 bytes of memory for each pixel.
    """
    with tempfile.TemporaryDirectory() as folder, _view() as view:
        before, results = _pair(megapixels, Path(folder))
        found = [*_opening(view, before, results, f"{megapixels:g} MP")]
        for mode, percent in ((Mode.SPLIT, 100.0), (Mode.SPLIT, 60.0), (Mode.SINGLE, 100.0)):
            found.extend(_looking(view, mode, percent, f"{megapixels:g} MP {mode} {percent:g} %"))
    return tuple(found)


@contextmanager
def _view() -> Iterator[CompareView]:
    view = CompareView()
    view.resize(WIDTH, HEIGHT)
    # The first text that a program writes loads its fonts, which is no part of opening a photo.
    tiny = Picture("", np.zeros((32, 32, 3), np.uint8))
    view.set_photo(tiny)
    view.render(QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32))
    try:
        yield view
    finally:
        view.end()


def _pair(megapixels: float, folder: Path) -> tuple[Picture, tuple[Picture, ...]]:
    height = round((megapixels * 1e6 / 1.5) ** 0.5)
    before = _made_up(height, round(height * 1.5))
    results = []
    for number in range(2):
        path = folder / f"{number}.npy"
        result = np.lib.format.open_memmap(path, "w+", np.uint16, before.shape)
        for top in range(0, height, 256):
            result[top : top + 256] = before[top : top + 256] * np.float32(65535 - 9000 * number)
        results.append(Picture(f"result {number}", result))
    return Picture("source", before, bits=8), tuple(results)


def _made_up(height: int, width: int) -> FloatArray:
    """Detail at every place, cheap to make at any size."""
    pixels = np.empty((height, width, 3), np.float32)
    grain = np.random.default_rng(0).random((256, width, 3), np.float32)
    for top in range(0, height, 256):
        rows = pixels[top : top + 256]
        np.multiply(grain[: len(rows)], np.float32(0.2 + 0.8 * top / height), out=rows)
    return pixels


def _opening(
    view: CompareView, before: Picture, results: tuple[Picture, ...], name: str
) -> Iterator[Timing]:
    canvas = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    start = time.perf_counter()
    stalls = [_timed(lambda: view.set_photo(before)), _timed(lambda: view.set_variants(results))]
    stalls.append(_timed(lambda: view.render(canvas)))
    first = (time.perf_counter() - start) * 1e3
    while view.preparing:
        stalls.append(_timed(_events))
        stalls.append(_timed(lambda: view.render(canvas)))
    whole = (time.perf_counter() - start) * 1e3
    yield Timing(f"{name} open, until it is seen", (first,))
    yield Timing(f"{name} open, until all is prepared", (whole,))
    yield Timing(f"{name} open, time that the window stands still", tuple(stalls))


def _looking(view: CompareView, mode: Mode, percent: float, name: str) -> Iterator[Timing]:
    canvas = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    view.set_mode(mode)
    view.set_percent(percent)
    _settle(view)

    def shown(action: Callable[[], None]) -> float:
        def both() -> None:
            action()
            view.render(canvas)

        return _timed(both)

    flips = [shown(partial(view.show_variant, step % 2)) for step in range(1, _STEPS)]
    yield Timing(f"{name} flip", tuple(flips))
    pans = [shown(lambda: view.pan(-23, -11)) for _ in range(_STEPS)]
    yield Timing(f"{name} pan", tuple(pans))
    if mode is Mode.SPLIT:
        drags = [shown(partial(view.set_divider, 0.2 + step / 80)) for step in range(40)]
        yield Timing(f"{name} divider", tuple(drags))
    yield Timing(f"{name} zoom", tuple(shown(view.zoom_in) for _ in range(8)))
    view.fit()


def _settle(view: CompareView) -> None:
    """Until the view rests and its surroundings are prepared, as when someone has looked at it."""
    end = time.perf_counter() + 0.2
    while view.preparing or time.perf_counter() < end:
        _events()
        time.sleep(0.002)


def _events() -> None:
    QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 2)


def _timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1e3
