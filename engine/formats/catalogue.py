"""Which formats are read and written, and what is said about those that are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from engine.formats import (
    dng_writing,
    gain_map,
    heic,
    jpeg,
    jpeg2000,
    jpeg_writing,
    jpegxl,
    netpbm,
    pillow,
    png,
    raw,
    tiff,
    tiff_writing,
    webp,
)
from engine.formats.order import Writer
from engine.formats.raster import Reader, Unreadable

_T = TypeVar("_T")

_OTHERS = (
    (b"8BPS", "is a Photoshop document", "Save it as TIFF first."),
    (b"%PDF", "is a PDF document, not a picture", ""),
    (b"%!PS", "is a PostScript drawing, not a picture", ""),
    (b"gimp xcf", "is a GIMP document", "Export it as TIFF first."),
)


def reader_for(start: bytes, suffix: str) -> Reader:
    """The reader for a file with these first (up to 64) bytes and this suffix in lower case.

    The content decides, not the name, save for RAW files, most of which look like TIFF. Raises
    `Unreadable` with what the user can do about it.
    """
    if not start:
        raise Unreadable("is empty")
    found = next((reader for reader in READERS if reader.matches(start)), None)
    is_tiff_like = found is None or found.matches is tiff.matches
    if raw.matches(start) or (suffix in raw.SUFFIXES and is_tiff_like):
        return _RAW
    if found is not None:
        return found
    for mark, sentence, remedy in _OTHERS:
        if start.startswith(mark):
            raise Unreadable(sentence, remedy)
    raise Unreadable("is not a picture in a format that this program reads")


def _or_plain(developed: Callable[[Path], _T], plain: Callable[[Path], _T]) -> Callable[[Path], _T]:
    """What reads a RAW file, or else the TIFF of a scanner that is called one."""

    def read(path: Path) -> _T:
        try:
            return developed(path)
        except Unreadable:
            if not tiff.is_plain(path):
                raise
        return plain(path)

    return read


_RAW = Reader(raw.matches, _or_plain(raw.survey, tiff.survey), _or_plain(raw.decode, tiff.decode))
READERS = (
    Reader(jpeg.matches, jpeg.survey, jpeg.decode),
    Reader(png.matches, png.survey, png.decode),
    Reader(tiff.matches, tiff.survey, tiff.decode),
    Reader(webp.matches, pillow.survey, pillow.decode),
    Reader(pillow.is_avif, pillow.survey, pillow.decode_avif),
    Reader(heic.matches, heic.survey, heic.decode),
    Reader(jpegxl.matches, jpegxl.survey, jpegxl.decode),
    Reader(jpeg2000.matches, jpeg2000.survey, jpeg2000.decode),
    Reader(pillow.is_gif, pillow.survey, pillow.decode),
    Reader(pillow.is_bmp, pillow.survey, pillow.decode),
    Reader(netpbm.matches, netpbm.survey, netpbm.decode),
)

_JPEG = Writer(
    "JPEG",
    (8,),
    jpeg_writing.MAX_SIDE,
    False,
    jpeg_writing.write,
    matches=jpeg.matches,
    coded_in=jpeg.coded_in,
    gain_map_in=gain_map.gain_map_in,
)
_TIFF = Writer("TIFF", (8, 16, 32), tiff_writing.MAX_SIDE, True, tiff_writing.write)
_PNG = Writer("PNG", (8, 16), png.MAX_SIDE, True, png.write, gray_needs_gray=True, has_texts=True)
_WEBP = Writer(
    "WebP",
    (8,),
    16383,
    True,
    webp.write,
    has_gray=False,
    matches=webp.matches,
    coded_in=webp.coded_in,
    is_lossless=webp.is_lossless,
)
_AVIF = Writer(
    "AVIF",
    (8,),
    pillow.AVIF_SIDE,
    True,
    pillow.write_avif,
    has_gray=False,
    max_pixels=pillow.AVIF_PIXELS,
)
_DNG = Writer(
    "DNG",
    (16,),
    dng_writing.MAX_SIDE,
    False,
    dng_writing.write,
    max_pixels=dng_writing.LARGEST,
    needs_light=True,
)
WRITERS = {
    **dict.fromkeys((".jpg", ".jpeg", ".jpe", ".jfif"), _JPEG),
    ".png": _PNG,
    ".tif": _TIFF,
    ".tiff": _TIFF,
    ".webp": _WEBP,
    ".avif": _AVIF,
    ".dng": _DNG,
}
KEPT = frozenset(WRITERS) - {".dng"}
"""Endings of files that are written in their own format where nothing else is asked for. RAW files,
DNGs among them, are not: who wants light instead of a picture says so."""
