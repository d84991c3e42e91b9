"""The results of a session on disk: no more than a given size of them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


class ResultCache:
    """Result files, those used longest ago given up first once they exceed `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        """Bytes; another one counts from the next `trim` on."""
        self._sizes: dict[Path, int] = {}
        """Used longest ago comes first."""

    @property
    def bytes(self) -> int:
        """The size of all files that are kept."""
        return sum(self._sizes.values())

    def keep(self, path: Path) -> None:
        """Take in a file, which belongs to the cache from now on."""
        with suppress(OSError):
            self._sizes[path] = path.stat().st_size

    def use(self, path: Path) -> None:
        """The file is looked at now."""
        if path in self._sizes:
            self._sizes[path] = self._sizes.pop(path)

    def drop(self, path: Path) -> None:
        """Remove a file."""
        self._sizes.pop(path, None)
        with suppress(OSError):
            path.unlink(missing_ok=True)

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
        for path in list(self._sizes):
            self.drop(path)
