"""Pictures from files: `load`, and what a file tells before its pixels are decoded.

The way back is `engine.saving`.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import cv2

from engine import metadata
from engine.errors import BadPhoto, OutOfMemory
from engine.formats.catalogue import reader_for
from engine.formats.developing import developed
from engine.formats.raster import DECODER_ERRORS, Header, Reader, Unreadable
from engine.photo import Photo
from engine.stamps import Stamp

MOST_MEGAPIXELS = 600
"""Larger pictures are refused before they are decoded: they would fill the memory."""


def load(path: Path) -> Photo:
    """The photo in a file, upright, with its own profile, metadata and depth.

    Raises `BadPhoto` if there is none that can be read whole, `OutOfMemory` if it does not fit.
    """
    with _reading(path):
        stamp = Stamp.of(path)  # before it is read: what changes meanwhile is noticed
        reader = _reader(path)
        header = _surveyed(reader, path)
        return replace(developed(header, reader.decode(path), path), stamp=stamp)


def check_readable(path: Path) -> None:
    """Raises `BadPhoto` where the first bytes of the file show already that `load` would."""
    with _reading(path):
        _reader(path)


def header_of(path: Path) -> Header:
    """What a file tells of its photo before any pixel is decoded. Raises `BadPhoto` where that is
    damaged, has no pixels or more than are taken."""
    with _reading(path):
        return _surveyed(_reader(path), path)


def depth_of(path: Path) -> int:
    """Bits per channel of the photo in a file, as `load` gives them and faster wherever the header
    tells. Raises `BadPhoto` as `load` does."""
    header = header_of(path)
    return load(path).bits if header.bits is None else header.bits


def recipe_in(path: Path) -> str | None:
    """The recipe that `save` wrote into a picture, or None. Raises `BadPhoto` as `load` does."""
    return metadata.recipe_of(header_of(path).metadata.xmp)


def capture_time_in(path: Path) -> str:
    """When a picture was taken, as EXIF says it; else empty. Raises `BadPhoto` as `load` does."""
    return metadata.capture_time_in(header_of(path).metadata.exif)


def shown(path: Path) -> str:
    """The file's name, with a mark in place of bytes that are no text."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def _reader(path: Path) -> Reader:
    if path.exists() and not path.is_file() and not path.is_dir():
        raise Unreadable("is no file but a device")  # which might never end
    with path.open("rb") as file:
        return reader_for(file.read(64), path.suffix.lower())


def _surveyed(reader: Reader, path: Path) -> Header:
    header = reader.survey(path)
    if header.width < 1 or header.height < 1:
        raise Unreadable("has no pixels")
    megapixels = header.width * header.height / 1e6
    if megapixels > MOST_MEGAPIXELS:
        raise Unreadable(
            f"is too large: it has {megapixels:,.0f} megapixels, and {MOST_MEGAPIXELS} is the limit"
        )
    return header


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Turn all that goes wrong into one sentence with the file's name."""
    name = f"“{shown(path)}”"
    try:
        yield
    except Unreadable as error:
        raise BadPhoto(f"{name} {error}.", error.remedy) from error
    except MemoryError as error:
        raise OutOfMemory(f"{name} does not fit into this computer's memory.") from error
    except cv2.error as error:
        if error.code != cv2.Error.StsNoMem:
            raise
        raise OutOfMemory(f"{name} does not fit into this computer's memory.") from error
    except FileNotFoundError as error:
        raise BadPhoto(f"{name} does not exist.", "Check the name and the folder.") from error
    except IsADirectoryError as error:
        raise BadPhoto(f"{name} is a folder, not a picture.", "Name a picture in it.") from error
    except PermissionError as error:
        reason = "may not be read by you"
        with suppress(OSError):  # where the folder around it may not be entered either
            if path.is_dir():  # what Windows says when a folder is opened
                reason = "is a folder, not a picture"
        raise BadPhoto(f"{name} {reason}.", "Ask its owner for the right to read it.") from error
    except DECODER_ERRORS as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise BadPhoto(f"{name} cannot be read from the disk.") from error
        raise BadPhoto(f"{name} is damaged or cut short.") from error
