"""Photographs read in the background, a few kept, so that the window never waits for a disk."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from engine.errors import RestorerError
from engine.files import load
from engine.photo import Photo
from engine.stamps import Stamp, is_another

log = logging.getLogger(__name__)

Done = Callable[[Photo | str], None]
"""Hears the photo, or the sentence why there is none."""

_KEPT_BYTES = 1_500_000_000


class PhotoLoader:
    """Loads photos in a thread of its own and posts them to the window's.

    Only the photo asked for last is of interest: one that was asked for before and has not been
    read yet is not read at all.
    """

    def __init__(self, post: Callable[[Callable[[], None]], None], kept: int = _KEPT_BYTES) -> None:
        self._post, self._most = post, kept
        self._pool = ThreadPoolExecutor(1, "photo-loader")
        self._photos: OrderedDict[Path, tuple[Photo, Stamp | None]] = OrderedDict()
        """With how the file of each looked when it was read."""
        self._wanted: Path | None = None
        self._asked: set[Path] = set()
        """Those asked for that are still open, and may be kept once they are read."""
        self._pending: Future[None] | None = None

    def kept(self, path: Path) -> Photo | None:
        """The photo, if it is in memory, and its file still the same."""
        if self.is_outdated(path):
            del self._photos[path]
        if path not in self._photos:
            return None
        self._photos.move_to_end(path)
        return self._photos[path][0]

    def is_outdated(self, path: Path) -> bool:
        """Whether the photo is in memory as its file was, which is another one by now."""
        return path in self._photos and is_another(path, self._photos[path][1])

    def want(self, path: Path, done: Done) -> None:
        """Load `path` and tell `done`, at once if it is in memory."""
        self._wanted = path
        self._asked.add(path)
        photo = self.kept(path)
        if photo is not None:
            done(photo)
            return
        if self._pending is not None:
            self._pending.cancel()
        self._pending = self._pool.submit(self._read, path, done)

    def keep_only(self, paths: Collection[Path]) -> None:
        """Let go of all others; they are read anew if they are wanted again."""
        for path in self._photos.keys() - set(paths):
            del self._photos[path]
        self._asked &= set(paths)
        if self._wanted not in self._asked:
            self._wanted = None  # nobody waits for it any more: it need not be read

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._photos.clear()

    def _read(self, path: Path, done: Done) -> None:
        outcome: Photo | str
        stamp = None
        try:
            if path != self._wanted:
                return  # another one was asked for while this one waited
            stamp = Stamp.of(path)
            outcome = load(path)
        except RestorerError as error:
            outcome = f"{error.message} {error.remedy}".strip()
        except Exception as error:  # a decoder's own fault; the window must not wait for ever
            log.exception("%s cannot be read", path.name)
            outcome = f"{path.name}: {error or type(error).__name__}"
        self._post(lambda: self._arrived(path, outcome, stamp, done))

    def _arrived(self, path: Path, outcome: Photo | str, stamp: Stamp | None, done: Done) -> None:
        if isinstance(outcome, Photo) and path in self._asked:
            self._photos[path] = outcome, stamp
            self._trim()
        if path == self._wanted:
            done(outcome)

    def _trim(self) -> None:
        while len(self._photos) > 1 and self._bytes() > self._most:
            self._photos.popitem(last=False)

    def _bytes(self) -> int:
        return sum(photo.pixels.nbytes for photo, _ in self._photos.values())
