"""The folder for pictures on their way, and what killed runs have left of theirs."""

from __future__ import annotations

import secrets
import shutil
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def scratch_folder(cache: Path) -> Iterator[Path]:
    """A folder of one's own below `cache`, gone afterwards. Raises `OSError`.

    A lock on the file beside it lasts as long as the process, so that a later run knows which
    folders nobody will come back to.
    """
    cache.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(cache)
    folder = cache / f"run-{secrets.token_hex(8)}"
    with folder.with_suffix(".lock").open("wb") as lock:
        _take(lock)
        folder.mkdir()
        try:
            yield folder
        finally:
            remove_scratch(folder)
    # Systems that keep an open file until it is closed.
    _remove(folder.with_suffix(".lock"))


def remove_scratch(folder: Path) -> None:
    """Remove a folder and its lock as far as that is possible."""
    shutil.rmtree(folder, ignore_errors=True)
    _remove(folder.with_suffix(".lock"))


def _remove_abandoned(cache: Path) -> None:
    for path in cache.glob("run-*.lock"):
        abandoned = False
        with suppress(OSError), path.open("r+b") as lock:
            abandoned = _take(lock)
        if abandoned:
            remove_scratch(path.with_suffix(""))


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _take(lock: BinaryIO) -> bool:
    """Lock the file until it is closed; False if another process has done that."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
