"""Looks for faces in the background, once for a photo and only when somebody asks."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from engine.errors import RestorerError
from engine.faces import faces_of
from engine.photo import Box, Photo

log = logging.getLogger(__name__)

Found = Callable[[Path, tuple[Box, ...]], None]


class FaceFinder:
    """Tells `found` the faces of a photo in pixels of it; remembers what it has found.

    Only the photo asked for last is of interest: one that was asked for before and has not been
    looked at yet is not kept waiting in memory.
    """

    def __init__(self, post: Callable[[Callable[[], None]], None], found: Found) -> None:
        self._post, self._found = post, found
        self._pool = ThreadPoolExecutor(1, "faces")
        self._known: dict[Path, tuple[Box, ...]] = {}
        self._asked: Path | None = None
        self._open: set[Path] = set()
        """Photos asked for that have not been closed since."""
        self._pending: Future[None] | None = None

    def want(self, path: Path, photo: Photo) -> None:
        """Find the faces of `photo`, which was loaded from `path`."""
        if path in self._known:
            self._found(path, self._known[path])
        elif path != self._asked:
            self._asked = path
            self._open.add(path)
            if self._pending is not None:
                self._pending.cancel()
            self._pending = self._pool.submit(self._look, path, photo)

    def keep_only(self, paths: Collection[Path]) -> None:
        """Forget all others: their files may be different ones when they are opened again."""
        for path in self._known.keys() - set(paths):
            del self._known[path]
        self._open &= set(paths)
        if self._asked not in self._open:
            self._asked = None

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _look(self, path: Path, photo: Photo) -> None:
        faces: tuple[Box, ...] = ()
        try:
            faces = faces_of(photo)
        except RestorerError as error:
            log.warning("no faces can be found: %s", error.message)
        except Exception:  # whatever a network trips over; the photo is mixed without faces then
            log.exception("no faces can be found")
        self._post(lambda: self._arrived(path, faces))

    def _arrived(self, path: Path, faces: tuple[Box, ...]) -> None:
        if path == self._asked:
            self._asked = None
        if path in self._open:
            self._known[path] = faces
            self._found(path, faces)
