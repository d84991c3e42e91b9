"""What RAW files say of themselves: EXIF of files built like TIFF, of Canon's CR3, of previews."""

from __future__ import annotations

import io
import mmap
from pathlib import Path

from engine import exif, metadata
from engine.formats.boxes import boxes_in
from engine.formats.pillow import opened
from engine.ifd import EXIF_POINTER, GPS_POINTER, Directory, layout_of, read_directory
from engine.photo import Metadata

_MAKER_NOTE, _XMP = 37500, 700
_CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
"""Identity of the box in which Canon's CR3 keeps its EXIF, in directories of their own."""


def described(path: Path) -> Metadata | None:
    """Of a file that is built like TIFF, as most are, or like Canon's CR3; None for any other."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            if data[4:11] == b"ftypcrx":
                carried = _exif_of_canon(data)
                return Metadata(exif=carried) if carried else None
            layout, first = layout_of(data)
            directory = read_directory(data, first, layout)
            carried = exif.exif_from(_without_notes(directory), layout)
        except (ValueError, IndexError):
            return None
        entry = directory.entries.get(_XMP)  # a DNG's ratings and keywords
        xmp = b"" if entry is None else metadata.without_developing(entry.value)
        return Metadata(exif=carried, xmp=xmp) if carried or xmp else None


def of_preview(preview: bytes | None) -> Metadata:
    """Of the JPEG in a file, where that has EXIF."""
    if preview is None:
        return Metadata()
    try:
        with opened(io.BytesIO(preview), ("JPEG",)) as image:
            found = image.info.get("exif", b"")
    except (OSError, ValueError, SyntaxError):
        return Metadata()
    carried = bytes(found).removeprefix(b"Exif\0\0")
    return Metadata(exif=metadata.exif_without_orientation(carried) if carried else b"")


def _exif_of_canon(data: mmap.mmap) -> bytes:
    """CR3 has a TIFF structure for each directory: CMT1 the main one, CMT2 EXIF's, CMT4 GPS's."""
    movie = next((body for name, body in boxes_in(data) if name == b"moov"), b"")
    kept = next((b for n, b in boxes_in(movie) if n == b"uuid" and b[:16] == _CANON), b"")
    parts: dict[bytes, Directory] = {}
    layout = None
    for name, body in boxes_in(kept[16:]):
        if name in (b"CMT1", b"CMT2", b"CMT4"):
            layout, first = layout_of(body)
            parts[name] = read_directory(body, first, layout)
    if layout is None or b"CMT1" not in parts:
        return b""
    below = {EXIF_POINTER: parts.get(b"CMT2"), GPS_POINTER: parts.get(b"CMT4")}
    children = {pointer: part for pointer, part in below.items() if part is not None}
    return exif.exif_from(_without_notes(Directory(parts[b"CMT1"].entries, children)), layout)


def _without_notes(directory: Directory) -> Directory:
    """Without the notes of the camera's maker: large, and full of offsets into the RAW file."""
    entries = {tag: e for tag, e in directory.entries.items() if tag != _MAKER_NOTE}
    children = {tag: _without_notes(part) for tag, part in directory.children.items()}
    return Directory(entries, children)
