"""EXIF corrected: what a new picture makes untrue, what is not to be told, what has no room.

Corrections are made in place, without moving anything: the notes of camera makers hold offsets
that break when EXIF is laid out anew. All functions take a bare TIFF structure (no `Exif\\0\\0`)
and raise `ValueError` where it is not one.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping

from engine.exif import ORIENTATION, tree_of
from engine.ifd import (
    GPS_POINTER,
    INTEGERS,
    Directory,
    Entry,
    Layout,
    integer,
    layout_of,
    read_directory,
    written,
)

_WIDTHS, _HEIGHTS = (256, 40962), (257, 40963)
_THUMBNAIL_START, _THUMBNAIL_SIZE = 513, 514
_LONG_TYPES = (16, 17, 18)
"""Of BigTIFF alone."""


def settled(exif: bytes) -> bytes:
    """The EXIF of the upright picture: orientation 1 and no thumbnail of what it was before."""
    directory, layout = tree_of(exif)
    return _without_thumbnail(bytearray(turned(exif, 1)), directory, layout)


def turned(exif: bytes, orientation: int) -> bytes:
    """The EXIF of a picture that is stored so, 1 (upright) to 8; not said where nothing was."""
    directory, layout = tree_of(exif)
    changed = bytearray(exif)
    if ORIENTATION in directory.entries:
        _put(changed, directory.entries[ORIENTATION], orientation, layout)
    return bytes(changed)


def resized(exif: bytes, width: int, height: int) -> bytes:
    """The EXIF of a picture of that size; tags of the size that are not there are not added."""
    directory, layout = tree_of(exif)
    changed = bytearray(exif)
    for part in _parts(directory):
        for tags, value in ((_WIDTHS, width), (_HEIGHTS, height)):
            for tag in tags:
                if tag in part.entries:
                    _put(changed, part.entries[tag], value, layout)
    return bytes(changed)


def without_gps(exif: bytes) -> bytes:
    """The EXIF with nothing left of where the photo was taken, everything else in its place.

    What makers hide in notes of their own format is not found.
    """
    directory, layout = tree_of(exif)
    changed = bytearray(exif)
    for holder in [part for part in _parts(directory) if GPS_POINTER in part.children]:
        for part in _parts(holder.children[GPS_POINTER]):
            _blank(changed, part.start, part.end)
            for entry in part.entries.values():
                _blank(changed, entry.at, entry.at + len(entry.value))
        _forget(changed, holder, GPS_POINTER, layout)
    return bytes(changed)


def without_orientation(exif: bytes) -> bytes:
    """The EXIF of an upright picture with no word of that, everything else in its place; nothing
    where it said nothing else."""
    directory, layout = tree_of(exif)
    if directory.entries.keys() <= {ORIENTATION} and not directory.children:
        return b""
    changed = bytearray(exif)
    _forget(changed, directory, ORIENTATION, layout)
    return bytes(changed)


def plain(exif: bytes) -> bytes:
    """The EXIF with the number 42 in its header, on which strict programs insist; no value moves.

    BigTIFF, which they cannot read, is laid out anew without the types that it alone has.
    """
    layout, _ = layout_of(exif)
    classic = Layout(layout.order)
    if not layout.big:
        return classic.header[:4] + exif[4:]
    kept = _only(tree_of(exif)[0], lambda entry: entry.type not in _LONG_TYPES)
    return _laid_out(kept, classic)


def with_texts(exif: bytes, texts: Mapping[int, str]) -> bytes:
    """The EXIF, or a new one for empty bytes, with texts under those of these tags of the main
    directory that are missing or blank.

    That directory is written anew behind all else; no value moves.
    """
    coded = _coded(texts)
    if not exif:
        layout = Layout("<")
        return layout.header + written(Directory(coded), 8, layout) if coded else b""
    directory, layout = tree_of(exif)
    there = {tag for tag, entry in directory.entries.items() if entry.value.strip(b"\0 ")}
    added = {tag: entry for tag, entry in coded.items() if tag not in there}
    return _extended(exif, directory, added, layout) if added else exif


def fitted(exif: bytes, limit: int) -> tuple[bytes, bool]:
    """The EXIF in at most `limit` bytes, and whether every entry is still in it.

    What no entry takes up goes first: from the end, where nothing has to move for it, then all that
    lies between. Only then go the largest values (maker notes, as a rule), until it fits.
    """
    directory, layout = tree_of(exif)
    sizes = {len(e.value) for part in _parts(directory) for e in part.entries.values()}
    end = max(used for _, used in _spans(directory))
    if sizes and not directory.next and end <= limit:
        return exif[:end], True
    whole = shrunk = _laid_out(directory, layout)
    for largest in sorted(sizes, reverse=True):
        if len(shrunk) <= limit:
            break
        shrunk = _laid_out(_only_below(directory, largest), layout)
    return shrunk, shrunk is whole


def _laid_out(directory: Directory, layout: Layout) -> bytes:
    """EXIF of this directory alone; nothing where nothing is in it."""
    if not any(part.entries for part in _parts(directory)):
        return b""
    return layout.header + written(directory, len(layout.header), layout)


def _coded(texts: Mapping[int, str]) -> dict[int, Entry]:
    """As EXIF's texts, which are ASCII; what is not as UTF-8, as most programs do it."""
    raw = {tag: text.encode("utf-8", "replace") + b"\0" for tag, text in texts.items()}
    return {tag: Entry(2, len(value), value) for tag, value in raw.items()}


def _extended(
    exif: bytes, directory: Directory, added: Mapping[int, Entry], layout: Layout
) -> bytes:
    """The EXIF with a main directory at its end that has these entries, too."""
    head, size = len(layout.count(0)), 4 + 2 * layout.offset_size
    end = min(directory.end - layout.offset_size, len(exif))
    places = range(directory.start + head, end - size + 1, size)
    rows = [
        (struct.unpack_from(f"{layout.order}H", exif, at)[0], exif[at : at + size]) for at in places
    ]
    rows = [(tag, row) for tag, row in rows if tag not in added]
    kept = exif + bytes(len(exif) % 2)
    start = len(kept) + head + (len(rows) + len(added)) * size + layout.offset_size
    values = b""
    for tag, entry in added.items():
        value = entry.value
        if len(value) > layout.offset_size:
            value = layout.offset(start + len(values))
            values += entry.value + bytes(len(entry.value) % 2)
        row = struct.pack(f"{layout.order}HH", tag, entry.type) + layout.offset(entry.count)
        rows.append((tag, row + value.ljust(layout.offset_size, b"\0")))
    table = layout.count(len(rows)) + b"".join(row for _, row in sorted(rows, key=lambda r: r[0]))
    pointed = kept[: layout.offset_size] + layout.offset(len(kept)) + kept[2 * layout.offset_size :]
    return pointed + table + layout.offset(directory.next) + values


def _only_below(directory: Directory, size: int) -> Directory:
    return _only(directory, lambda entry: len(entry.value) < size)


def _only(directory: Directory, wanted: Callable[[Entry], bool]) -> Directory:
    entries = {tag: entry for tag, entry in directory.entries.items() if wanted(entry)}
    children = {tag: _only(part, wanted) for tag, part in directory.children.items()}
    return Directory(entries, children)


def _parts(directory: Directory) -> Iterator[Directory]:
    yield directory
    for child in directory.children.values():
        yield from _parts(child)


def _blank(exif: bytearray, start: int, end: int) -> None:
    exif[start:end] = bytes(len(exif[start:end]))


def _forget(exif: bytearray, directory: Directory, tag: int, layout: Layout) -> None:
    """Take one entry from a directory's table, which ends earlier; no value moves."""
    head, entry_size = len(layout.count(0)), 4 + 2 * layout.offset_size
    count = int.from_bytes(exif[directory.start : directory.start + head], layout.endianness)
    last = min(directory.end - layout.offset_size, len(exif)) - entry_size
    for place in range(directory.start + head, last + 1, entry_size):
        found = struct.unpack_from(f"{layout.order}H", exif, place)[0]
        if found == tag:
            rest = exif[place + entry_size : directory.end]
            exif[place : directory.end] = rest + bytes(entry_size)
            exif[directory.start : directory.start + head] = layout.count(count - 1)
            return


def _put(exif: bytearray, entry: Entry, value: int, layout: Layout) -> None:
    """Overwrite a single whole number, unless it does not fit the type it is stored in."""
    code = INTEGERS.get(entry.type)
    if code is not None and entry.count and value < 1 << 8 * struct.calcsize(code):
        struct.pack_into(layout.order + code, exif, entry.at, value)


def _without_thumbnail(exif: bytearray, directory: Directory, layout: Layout) -> bytes:
    """Cut the thumbnail off where it comes last, as usual; else blank it."""
    if not directory.next:
        return bytes(exif)
    exif[directory.end - layout.offset_size : directory.end] = layout.offset(0)
    try:
        second = read_directory(bytes(exif), directory.next, layout)
    except ValueError:
        return bytes(exif)
    place = (second.entries.get(tag) for tag in (_THUMBNAIL_START, _THUMBNAIL_SIZE))
    start, size = (0 if e is None else integer(e, layout.order) or 0 for e in place)
    end = min(start + size, len(exif))
    spans = list(_spans(directory))
    first = min(start, directory.next)
    if start and all(used <= first for _, used in spans) and len(exif) - end <= 16:
        return bytes(exif[:first])
    if start and all(end <= begin or used <= start for begin, used in spans):
        exif[start:end] = bytes(max(0, end - start))
    return bytes(exif)


def _spans(directory: Directory) -> Iterator[tuple[int, int]]:
    """Every stretch of the EXIF that a directory or a value outside of one takes up."""
    yield 0, 8
    for part in _parts(directory):
        yield part.start, part.end
        for entry in part.entries.values():
            yield entry.at, entry.at + len(entry.value)
