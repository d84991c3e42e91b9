"""The results of a session on disk: no more than a given size of them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path


class ResultCache:
    """Result files, those used longest ago given up first once they exceed `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        """Bytes; another one counts from the next `trim` on."""
        self.needed: Callable[[], Collection[Path]] = tuple
        """Tells which files work in hand needs; these are not removed before it has ended."""
        self._sizes: dict[Path, int] = {}
        """Used longest ago comes first."""
        self._given_up: set[Path] = set()
        """Files that were dropped while they were needed."""

    @property
    def bytes(self) -> int:
        """The size of all files that are kept."""
        return sum(self._sizes.values())

    def keep(self, path: Path) -> None:
        """Take in a file, which belongs to the cache from now on."""
        self._sweep()
        with suppress(OSError):
            self._sizes[path] = path.stat().st_size

    def use(self, path: Path) -> None:
        """The file is looked at now."""
        if path in self._sizes:
            self._sizes[path] = self._sizes.pop(path)

    def drop(self, path: Path) -> None:
        """Remove a file, or later, if it is needed still."""
        self._sizes.pop(path, None)
        self._given_up.add(path)
        self._sweep()

    def trim(self, in_use: Collection[Path] = ()) -> list[Path]:
        """Remove files until the rest fits, never those `in_use`; gives what was removed."""
        gone = []
        excess = self.bytes - self.limit
        for path, size in list(self._sizes.items()):
            if excess <= 0:
                break
            if path not in in_use:
                self.drop(path)
                gone.append(path)
                excess -= size
        return gone

    def clear(self) -> None:
        """Remove all files."""
        for path in (*self._sizes, *self._given_up):
            _remove(path)
        self._sizes.clear()
        self._given_up.clear()

    def _sweep(self) -> None:
        """Remove what was given up and is not needed any more."""
        for path in self._given_up - set(self.needed()):
            _remove(path)
            self._given_up.discard(path)


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)
