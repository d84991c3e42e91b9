"""The files in which a picture lies between two stages: uint16 `.npy`, mapped into memory.

Their room on the disk is reserved first. A mapped page that a full disk has no block for ends the
process with a signal, where a file that is written plainly gives an error.
"""

from __future__ import annotations

import errno
import math
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from engine.errors import NoSpace
from engine.photo import Box

_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_NOT_HERE = (errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL, errno.ENOSYS)
"""What file systems answer that cannot reserve anything."""


def new_picture(place: Path, shape: tuple[int, ...]) -> NDArray[np.uint16]:
    """A new file for `shape`, mapped for reading and writing, in place of any that is there.

    Raises `NoSpace`; no file is left then.
    """
    kind = np.dtype(np.uint16)
    descr = np.lib.format.dtype_to_descr(kind)
    size = math.prod(shape) * kind.itemsize
    with _room_for(place, size), place.open("w+b") as file:
        head = {"descr": descr, "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, head)
        _reserve(file, place.parent, file.tell() + size)
    mapped: NDArray[np.uint16] = np.lib.format.open_memmap(place, "r+")
    return mapped


def copy_picture(source: Path, place: Path) -> None:
    """Copy a file; raises `NoSpace`, and no copy is left then."""
    with _room_for(place, source.stat().st_size):
        shutil.copyfile(source, place)


def copy_part(source: Path, box: Box, place: Path) -> None:
    """Copy what lies inside `box` of a picture to a new one; raises `NoSpace`."""
    pixels: NDArray[np.uint16] = np.load(source, mmap_mode="r")
    out = new_picture(place, (box.height, box.width, *pixels.shape[2:]))
    out[:] = pixels[box.slices]


def _reserve(file: BinaryIO, folder: Path, size: int) -> None:
    """Make the file `size` bytes long, with a block behind each; raises `OSError` if it is full.

    Where nothing can be reserved, another program may still take what is free now.
    """
    file.flush()
    if hasattr(os, "posix_fallocate"):  # Linux and the BSDs
        try:
            os.posix_fallocate(file.fileno(), 0, size)
        except OSError as error:
            if error.errno not in _NOT_HERE:
                raise
        else:
            return
    if shutil.disk_usage(folder).free < size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    file.truncate(size)


@contextmanager
def _room_for(place: Path, size: int) -> Iterator[None]:
    """A full disk, while `place` is filled with so many bytes, as `NoSpace`."""
    try:
        yield
    except OSError as error:
        with suppress(OSError):
            place.unlink(missing_ok=True)
        if error.errno not in _FULL:
            raise
        raise NoSpace(
            f"The disk of {place.parent} has no room for the picture in work,"
            f" which takes {size / 1e9:.1f} GB there.",
            "Make room on that disk, or enlarge the picture less.",
        ) from error
