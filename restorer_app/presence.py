"""What lies at a path, for paths that the system may refuse to look at.

`Path.exists` and its like raise where a folder may not be entered, a drive has gone or a name is
too long. One such path must not stop all the others.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_NOTHING_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)


def is_present(path: Path) -> bool:
    """Whether a file or folder is there, as far as one is allowed to look."""
    try:
        return path.exists()
    except OSError:
        return False


def is_missing(path: Path) -> bool:
    """Whether surely nothing is there; of what cannot be looked at, nobody knows."""
    try:
        path.stat()
    except OSError as error:
        return error.errno in _NOTHING_THERE
    return False


def is_folder(path: Path) -> bool:
    """Whether a folder is there, as far as one is allowed to look."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_taken(path: Path) -> bool:
    """Whether the name is in use, be it by a link that leads nowhere."""
    return obstacle(path) is None and (is_present(path) or path.is_symlink())


def obstacle(path: Path) -> OSError | None:
    """What the system says where a path cannot even be looked at; None where it can."""
    try:
        path.lstat()
    except OSError as error:
        return None if error.errno in _NOTHING_THERE else error
    return None


def is_same(path: Path, other: Path) -> bool:
    """Whether two paths lead to the same place, whatever links, letter case or accents they go
    by; so far as that is there."""
    try:
        return path.samefile(other)
    except OSError:
        return real(path) == real(other)


def real(path: Path) -> Path:
    """The path behind all links; itself, made absolute, where they lead in a circle."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.absolute()
