"""Looks for faces in the background, once for a photo and only when somebody asks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engine.errors import RestorerError
from engine.faces import faces_of
from engine.photo import Box, Photo

log = logging.getLogger(__name__)

Found = Callable[[Path, tuple[Box, ...]], None]


class FaceFinder:
    """Tells `found` the faces of a photo in pixels of it; remembers what it has found."""

    def __init__(self, post: Callable[[Callable[[], None]], None], found: Found) -> None:
        self._post, self._found = post, found
        self._pool = ThreadPoolExecutor(1, "faces")
        self._known: dict[Path, tuple[Box, ...]] = {}
        self._asked: set[Path] = set()

    def want(self, path: Path, photo: Photo) -> None:
        """Find the faces of `photo`, which was loaded from `path`."""
        if path in self._known:
            self._found(path, self._known[path])
        elif path not in self._asked:
            self._asked.add(path)
            self._pool.submit(self._look, path, photo)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _look(self, path: Path, photo: Photo) -> None:
        faces: tuple[Box, ...] = ()
        try:
            faces = faces_of(photo)
        except RestorerError as error:
            log.warning("no faces can be found: %s", error.message)
        self._post(lambda: self._arrived(path, faces))

    def _arrived(self, path: Path, faces: tuple[Box, ...]) -> None:
        self._known[path] = faces
        self._found(path, faces)
