"""The invention map of what is on screen, found in the background while it is asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.colour import to_srgb
from engine.invention import invention
from engine.photo import FloatArray, Photo, floats
from engine.resize import enlarged
from restorer_app.gui.compare.compare_view import CompareView
from restorer_app.variants import Variant

log = logging.getLogger(__name__)

_ROWS = 512
"""Rows of the photo looked at together."""
_AROUND = 48
"""Rows beside them that have influence."""
_REDUCTION = 2
"""Photo pixels per pixel of the map, in each direction."""


class InventionLayer:
    """Gives the view the map of the result it shows, once somebody wants to see it."""

    def __init__(self, view: CompareView, post: Callable[[Callable[[], None]], None]) -> None:
        self._view, self._post = view, post
        self._pool = ThreadPoolExecutor(1, "invention")
        self._wanted = False
        self._pair: tuple[Photo, Path] | None = None
        self._shown: Path | None = None

    def set_wanted(self, wanted: bool) -> None:
        self._wanted = wanted
        self._view.set_invention_shown(wanted)
        self._find()

    def show(self, photo: Photo, variant: Variant | None) -> None:
        """This result of this photo is on screen now."""
        place = None if variant is None else variant.result.restored
        if place == (None if self._pair is None else self._pair[1]):
            return
        self.clear()
        self._pair = None if place is None else (photo, place)
        self._find()

    def clear(self) -> None:
        """Nothing is on screen: another photo is on its way."""
        self._pair = self._shown = None
        self._view.set_invention(None)

    def close(self) -> None:
        self._pair = None
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _find(self) -> None:
        pair = self._pair
        if self._wanted and pair is not None and pair[1] != self._shown:
            self._shown = pair[1]
            self._pool.submit(self._work, pair)

    def _work(self, pair: tuple[Photo, Path]) -> None:
        photo, place = pair
        try:
            restored: NDArray[np.uint16] = np.load(place, mmap_mode="r")
            strips = []
            for strip in invention_strips(photo, restored):
                if self._pair is not pair:  # another picture is on screen by now
                    return
                strips.append(strip)
        except (OSError, ValueError, MemoryError):
            log.exception("no invention map")
            return
        found = floats(np.concatenate(strips))
        self._post(lambda: self._arrived(place, found))

    def _arrived(self, place: Path, found: FloatArray) -> None:
        if self._pair is not None and place == self._pair[1]:
            self._view.set_invention(found)


def invention_strips(photo: Photo, restored: NDArray[np.uint16]) -> Iterator[FloatArray]:
    """The map from top to bottom, at half the photo's size; a strip at a time needs little memory.

    `restored` is (h, w, 3), 0..65535, of the photo's size or a whole multiple of it.
    """
    scale = restored.shape[1] // photo.width
    for top in range(0, photo.height, _ROWS):
        bottom = min(top + _ROWS, photo.height)
        first, last = max(0, top - _AROUND), min(photo.height, bottom + _AROUND)
        source = to_srgb(np.ascontiguousarray(photo.pixels[first:last]), photo.profile)
        after = floats(restored[first * scale : last * scale]) / np.float32(65535)
        whole = invention(enlarged(source, scale), after, scale)
        inner = whole[(top - first) * scale : (bottom - first) * scale]
        size = (max(1, photo.width // _REDUCTION), max(1, (bottom - top) // _REDUCTION))
        yield floats(cv2.resize(inner, size, interpolation=cv2.INTER_AREA))
