"""Which files of a folder are meant as photos, judged by their names alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.formats.raw import SUFFIXES as RAW_SUFFIXES

if TYPE_CHECKING:
    from pathlib import Path

_READABLE = frozenset(
    [
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".png",
        ".tif",
        ".tiff",
        ".webp",
        ".avif",
        ".heic",
        ".heif",
        ".hif",
        ".jxl",
        ".jp2",
        ".j2k",
        ".j2c",
        ".jpc",
        ".jpf",
        ".jpx",
        ".gif",
        ".bmp",
        ".dib",
        ".ppm",
        ".pgm",
        ".pbm",
        ".pnm",
        *RAW_SUFFIXES,
    ]
)
_UNREADABLE = frozenset(
    [
        ".psd",
        ".psb",
        ".xcf",
    ]
)


def is_photo(path: Path) -> bool:
    """Whether the name promises a format that the engine reads."""
    return path.suffix.lower() in _READABLE


def is_unreadable_photo(path: Path) -> bool:
    """Whether it is surely a photo, but has to be developed or exported first."""
    return path.suffix.lower() in _UNREADABLE
