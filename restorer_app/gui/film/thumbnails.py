"""Small pictures of photos, made in the background and kept for a while."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Collection
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal
from PySide6.QtGui import QImage

from restorer_app.gui.film.photo_keys import key_of, path_of

log = logging.getLogger(__name__)

Load = Callable[[Path, int], QImage | None]


class Thumbnails(QObject):
    """Loads at most `keep` thumbnails, the ones asked for last first.

    `load(path, side)` runs in another thread and returns a picture with no side above `side`, or
    None for a file that has none. Call `close` before the program ends.
    """

    ready = Signal(str)
    """The key (`photo_keys.key_of`) of a photo whose thumbnail can now be had."""
    _loaded = Signal(str, object)

    def __init__(
        self,
        load: Load,
        *,
        side: int = 320,
        workers: int = 2,
        keep: int = 400,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._load, self._side, self._keep = load, side, keep
        self._kept: OrderedDict[str, QImage | None] = OrderedDict()
        self._wanted: list[str] = []
        self._in_work: set[str] = set()
        self._in_vain: set[str] = set()
        """Those in work whose photo was closed: what comes of them may show another file."""
        self._workers = workers
        self._closed = False
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(workers)
        self._loaded.connect(self._keep_picture)

    def picture(self, path: Path) -> QImage | None:
        """The thumbnail, or None; if it is not there yet it is fetched and `ready` says when."""
        name = key_of(path)
        if name in self._kept:
            self._kept.move_to_end(name)
            return self._kept[name]
        if not self._closed and name not in self._in_work:
            if name in self._wanted:
                self._wanted.remove(name)
            self._wanted.append(name)
            del self._wanted[: -self._keep]
            self._start()
        return None

    def forget(self, path: Path) -> None:
        """Load the file anew when it is next asked for."""
        self._kept.pop(key_of(path), None)

    def keep_only(self, paths: Collection[Path]) -> None:
        """Forget all others: their files may be different ones when they are opened again."""
        names = {key_of(path) for path in paths}
        self._wanted = [name for name in self._wanted if name in names]
        self._in_vain |= self._in_work - names
        for name in self._kept.keys() - names:
            del self._kept[name]

    def close(self) -> None:
        """Ends the threads; returns when the last one has."""
        self._closed = True
        self._wanted.clear()
        self._pool.clear()
        self._pool.waitForDone()

    def _start(self) -> None:
        while self._wanted and len(self._in_work) < self._workers:
            name = self._wanted.pop()
            self._in_work.add(name)
            self._pool.start(_Loading(self._load, name, self._side, self._loaded.emit))

    def _keep_picture(self, name: str, picture: object) -> None:
        self._in_work.discard(name)
        if name in self._in_vain:
            self._in_vain.discard(name)
        else:
            self._kept[name] = picture if isinstance(picture, QImage) else None
        while len(self._kept) > self._keep:
            self._kept.popitem(last=False)
        if not self._closed:
            self.ready.emit(name)  # one that came in vain is asked for again, if it is seen
            self._start()


class _Loading(QRunnable):
    def __init__(
        self, load: Load, name: str, side: int, tell: Callable[[str, object], None]
    ) -> None:
        super().__init__()
        self._load, self._name, self._side, self._tell = load, name, side, tell

    def run(self) -> None:
        picture = None
        try:
            picture = self._load(path_of(self._name), self._side)
        except Exception:
            log.info("no thumbnail of %s", self._name, exc_info=True)
        self._tell(self._name, picture)
