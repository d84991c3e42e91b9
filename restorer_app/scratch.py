"""The folder for pictures on their way, and what earlier runs have left in it."""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = "run-"
_KEPT = 2 * 24 * 3600.0
"""Age in seconds from which a folder is surely nobody's any more: its process was killed."""


@contextmanager
def scratch_folder(cache: Path) -> Iterator[Path]:
    """A folder of one's own below `cache`, gone afterwards. Raises `OSError`."""
    cache.mkdir(parents=True, exist_ok=True)
    _remove_forgotten(cache)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=cache))
    try:
        yield folder
    finally:
        remove_folder(folder)


def remove_folder(folder: Path) -> None:
    """Remove a folder as far as that is possible."""
    shutil.rmtree(folder, ignore_errors=True)


def _remove_forgotten(cache: Path) -> None:
    for folder in cache.glob(f"{_PREFIX}*"):
        try:
            forgotten = time.time() - folder.stat().st_mtime > _KEPT
        except OSError:
            continue
        if forgotten:
            remove_folder(folder)
