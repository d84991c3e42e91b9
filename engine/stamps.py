"""How a file looked: by that one tells whether it is another one since."""

from __future__ import annotations

from pathlib import Path

Stamp = tuple[int, int]
"""Size in bytes, and time of the last change in nanoseconds; zeros where there is no file."""
NO_FILE: Stamp = 0, 0


def stamp_of(path: Path | None) -> Stamp:
    """How the file at `path` looks now. Whoever reads it says that it is not there."""
    try:
        found = None if path is None else path.stat()
    except OSError:
        return NO_FILE
    return NO_FILE if found is None else (found.st_size, found.st_mtime_ns)


def is_another(path: Path, seen: Stamp) -> bool:
    """Whether there is a file at `path` which is not the one that looked like `seen`.

    One that is away for a moment, as with a drive that is, may be the same when it comes back.
    """
    return NO_FILE not in (seen, now := stamp_of(path)) and now != seen
