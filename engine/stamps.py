"""How a file looked: by that one tells whether it is another one since."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Stamp:
    """Size in bytes, time of the last change in nanoseconds."""

    size: int
    changed: int

    @classmethod
    def of(cls, path: Path | None) -> Self | None:
        """How the file at `path` looks now, or None where there is none: whoever reads it says
        so."""
        try:
            found = None if path is None else path.stat()
        except OSError:
            return None
        return None if found is None else cls(found.st_size, found.st_mtime_ns)


def is_another(path: Path, seen: Stamp | None) -> bool:
    """Whether there is a file at `path` which is not the one that looked like `seen`.

    One that is away for a moment, as with a drive that is, may be the same when it comes back.
    """
    now = Stamp.of(path)
    return None not in (seen, now) and now != seen
