"""EXIF: what a picture needs to know of it.

All functions take a bare TIFF structure (no `Exif\\0\\0`) and raise `ValueError` where it is not
one. `exif_edits` makes true what a new picture makes untrue.
"""

from __future__ import annotations

import re

from engine.ifd import (
    EXIF_POINTER,
    INTEROP_POINTER,
    Directory,
    Layout,
    integer,
    layout_of,
    ratio,
    read_directory,
    written,
)

ORIENTATION = 274
_X_RESOLUTION, _Y_RESOLUTION, _RESOLUTION_UNIT = 282, 283, 296
_INTEROP_INDEX = 1
_CAPTURED, _CAPTURED_FRACTION = 36867, 37521
_EXPOSURE_TIME = 33434
# fmt: off
_DESCRIPTIVE = frozenset((
    269, 270, 271, 272, 282, 283, 285, 296, 305, 306, 315, 316, 531, 18246, 18249, 33432,
    40091, 40092, 40093, 40094, 40095,
))
# fmt: on
"""Tags of a TIFF's first directory that describe the photo, not how its pixels are stored."""


def tree_of(exif: bytes) -> tuple[Directory, Layout]:
    """The main directory with those below it, and the layout; without a thumbnail."""
    layout, first = layout_of(exif)
    return read_directory(exif, first, layout), layout


def exif_from(directory: Directory, layout: Layout) -> bytes:
    """EXIF of a TIFF file, whose first directory holds it among the tags of the pixels."""
    classic, kept = Layout(layout.order), descriptive(directory)
    if not kept.entries and not kept.children:
        return b""
    return classic.header + written(kept, 8, classic)


def descriptive(directory: Directory) -> Directory:
    """The directory without all that is about how the pixels are stored."""
    entries = {tag: e for tag, e in directory.entries.items() if tag in _DESCRIPTIVE}
    return Directory(entries, directory.children)


def orientation_of(exif: bytes) -> int:
    """How the stored pixels are turned, 1 (upright) to 8; 1 where nothing or nonsense is said."""
    directory, layout = tree_of(exif)
    return orientation_in(directory, layout)


def orientation_in(directory: Directory, layout: Layout) -> int:
    """`orientation_of` for a directory that is read already."""
    entry = directory.entries.get(ORIENTATION)
    value = None if entry is None else integer(entry, layout.order)
    return value if value is not None and 1 <= value <= 8 else 1


def resolution_of(exif: bytes) -> tuple[float, float] | None:
    """Dots per inch, horizontal and vertical, or None where the tags are missing or wrong."""
    directory, layout = tree_of(exif)
    return resolution_in(directory, layout)


def resolution_in(directory: Directory, layout: Layout) -> tuple[float, float] | None:
    values = []
    for tag in (_X_RESOLUTION, _Y_RESOLUTION):
        entry = directory.entries.get(tag)
        values.append(None if entry is None else ratio(entry, layout.order))
    unit_entry = directory.entries.get(_RESOLUTION_UNIT)
    unit = 2 if unit_entry is None else integer(unit_entry, layout.order)
    x, y = values
    if not x or not y or unit not in (2, 3):
        return None
    per_inch = 1.0 if unit == 2 else 2.54
    return x * per_inch, y * per_inch


def names_adobe_rgb(exif: bytes) -> bool:
    """Whether the interoperability index is R03, as cameras mark Adobe RGB (DCF 2.0)."""
    directory, _ = tree_of(exif)
    inner = directory.children.get(EXIF_POINTER)
    interop = None if inner is None else inner.children.get(INTEROP_POINTER)
    index = None if interop is None else interop.entries.get(_INTEROP_INDEX)
    return index is not None and index.value[:3] == b"R03"


def tells_exposure(exif: bytes) -> bool:
    """Whether it says for how long the picture was exposed, as cameras do and scanners do not."""
    directory, _ = tree_of(exif)
    inner = directory.children.get(EXIF_POINTER)
    return inner is not None and _EXPOSURE_TIME in inner.entries


def capture_time_of(exif: bytes) -> str:
    """When the picture was taken, as its camera wrote it; empty where that is not said."""
    directory, _ = tree_of(exif)
    inner = directory.children.get(EXIF_POINTER)
    entries = {} if inner is None else inner.entries
    found = [entries[tag].value for tag in (_CAPTURED, _CAPTURED_FRACTION) if tag in entries]
    text = " ".join(value.decode("ascii", "replace").strip(" \0") for value in found)
    return text if re.search("[1-9]", text) else ""  # a clock that was never set writes zeros
