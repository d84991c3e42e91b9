"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

UNFINISHED = re.compile(r"\.[0-9a-f]{16}\.part")
"""Names of files that are being written, or were when their program was killed."""
_NO_LINKS = (errno.EPERM, errno.EMLINK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL)
"""What file systems without hard links (FAT, some network drives) answer."""


@contextmanager
def whole_file(target: Path, overwrite: bool) -> Iterator[BinaryIO]:
    """A new file to write into, which takes the name `target` when the block ends without error.

    Until then it has another name in the same folder; after any error, a cancelled job or an
    interrupt included, nothing of it is left. Without `overwrite` a file that has come to be there
    in the meantime is not touched either, and `FileExistsError` is raised.
    """
    temporary = target.parent / f".{secrets.token_hex(8)}.part"
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o666)
    try:
        with os.fdopen(descriptor, "w+b") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        if overwrite:
            with suppress(OSError):
                shutil.copymode(target, temporary)
            temporary.replace(target)
        else:
            _name(temporary, target)
        _sync_folder(target.parent)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _name(temporary: Path, target: Path) -> None:
    """Give the file its name unless that is taken, as one step that nothing can come between."""
    if os.name == "nt":
        temporary.rename(target)  # which on Windows replaces nothing
        return
    try:
        target.hardlink_to(temporary)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _claim(target)
        try:
            temporary.replace(target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise


def _claim(target: Path) -> None:
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))


def _sync_folder(folder: Path) -> None:
    """Make the name as durable as the content, where the system can."""
    if os.name == "nt":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
