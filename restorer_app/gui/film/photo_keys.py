"""Paths as the names of entries: Qt changes strings that are not proper text, as file names of old
archives may be."""

from __future__ import annotations

import os
from pathlib import Path

_RAW = "\0"
"""Begins the name of a path that is not proper text; no path has it."""


def key_of(path: Path) -> str:
    """A name for the path that Qt leaves as it is."""
    try:
        path.as_posix().encode()
    except UnicodeEncodeError:
        return _RAW + os.fsencode(path).hex()
    return str(path)


def path_of(key: str) -> Path:
    """The path that `key_of` named."""
    return Path(os.fsdecode(bytes.fromhex(key[1:]))) if key.startswith(_RAW) else Path(key)
