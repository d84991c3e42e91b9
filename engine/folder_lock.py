"""A folder that only one program at a time may fill."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_NAME = ".lock"


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Hold the lock of `folder`; raises `BlockingIOError` where another holder lives.

    It belongs to the open file, so that it ends with its holder, however that comes about.
    """
    descriptor = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        take(descriptor)
        yield
    finally:
        os.close(descriptor)


def take(descriptor: int) -> None:
    """Lock an open file as long as it is open; raises `BlockingIOError` where it is locked already,
    another `OSError` where the file system knows no locks."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError(error.errno, "locked") from error
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
