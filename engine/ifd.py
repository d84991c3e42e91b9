"""Directories of tags: the structure that TIFF files and EXIF share.

Values stay bytes in the byte order of the file they came from; nothing is lost by not being
understood.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from mmap import mmap
from typing import Literal

ByteOrder = Literal["<", ">"]
Data = bytes | mmap

EXIF_POINTER = 34665
GPS_POINTER = 34853
INTEROP_POINTER = 40965
POINTERS = (EXIF_POINTER, GPS_POINTER, INTEROP_POINTER)

_SIZES = {
    **dict.fromkeys((1, 2, 6, 7), 1),
    **dict.fromkeys((3, 8), 2),
    **dict.fromkeys((4, 9, 11, 13), 4),
    **dict.fromkeys((5, 10, 12, 16, 17, 18), 8),
}
"""Bytes of one value of each TIFF type."""
INTEGERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
"""How one value of each type of whole numbers is packed."""
_MOST_ENTRIES = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """One tag. `at` is where its value stands in the data it was read from."""

    type: int
    count: int
    value: bytes
    at: int = 0


@dataclass(frozen=True, slots=True)
class Directory:
    """The tags of one directory, with those it points to.

    Its table stands from `start` to `end`, and the last bytes of it are `next`, the offset of the
    directory after it, or 0.
    """

    entries: dict[int, Entry]
    children: dict[int, Directory] = field(default_factory=dict)
    start: int = 0
    end: int = 0
    next: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """Byte order, and whether offsets have 8 bytes (BigTIFF)."""

    order: ByteOrder
    big: bool = False

    @property
    def header(self) -> bytes:
        """The start of a file whose first directory comes right after."""
        mark = b"II" if self.order == "<" else b"MM"
        if self.big:
            return mark + struct.pack(f"{self.order}HHHQ", 43, 8, 0, 16)
        return mark + struct.pack(f"{self.order}HI", 42, 8)

    @property
    def endianness(self) -> Literal["little", "big"]:
        return "little" if self.order == "<" else "big"

    @property
    def offset_size(self) -> int:
        return 8 if self.big else 4

    def offset(self, value: int) -> bytes:
        return struct.pack(self.order + ("Q" if self.big else "I"), value)

    def count(self, value: int) -> bytes:
        return struct.pack(self.order + ("Q" if self.big else "H"), value)


def layout_of(data: Data) -> tuple[Layout, int]:
    """Layout of a TIFF structure and offset of its first directory; raises `ValueError`."""
    orders: dict[bytes, ByteOrder] = {b"II": "<", b"MM": ">"}
    order = orders.get(bytes(data[:2]))
    if order is None or len(data) < 16:
        raise ValueError("not a TIFF structure")
    (version,) = struct.unpack_from(f"{order}H", data, 2)
    if version == 43:
        (first,) = struct.unpack_from(f"{order}Q", data, 8)
        return Layout(order, big=True), first
    # Not checked to be 42: there is EXIF with other numbers that is fine in all else.
    (first,) = struct.unpack_from(f"{order}I", data, 4)
    return Layout(order), first


def read_directory(data: Data, start: int, layout: Layout, depth: int = 0) -> Directory:
    """The directory at `start` with its EXIF, GPS and interoperability parts.

    Entries that reach outside the data are left out. Raises `ValueError` where no directory is.
    """
    entries = dict(_entries(data, start, layout))
    end = _table_end(data, start, layout)
    children = {}
    for pointer in POINTERS:
        entry = entries.pop(pointer, None)
        target = None if entry is None else integer(entry, layout.order)
        if target and depth < 3:
            try:
                children[pointer] = read_directory(data, target, layout, depth + 1)
            except ValueError:
                continue
    following = int.from_bytes(data[end - layout.offset_size : end], layout.endianness)
    return Directory(entries, children, start, end, following)


def integer(entry: Entry, order: ByteOrder) -> int | None:
    """The first value of an entry of whole numbers, or None for any other."""
    code = INTEGERS.get(entry.type)
    if code is None or not entry.count:
        return None
    (value,) = struct.unpack_from(order + code, entry.value)
    return int(value)


def numbers(directory: Directory, tag: int, layout: Layout) -> tuple[int, ...]:
    """All values of an entry of whole numbers; none where it is missing or is another."""
    entry = directory.entries.get(tag)
    code = None if entry is None else INTEGERS.get(entry.type)
    if entry is None or code is None:
        return ()
    return struct.unpack(f"{layout.order}{entry.count}{code}", entry.value)


def ratio(entry: Entry, order: ByteOrder) -> float | None:
    """The first value of an entry of fractions, or None for any other or one over zero."""
    if entry.type != 5 or not entry.count:
        return None
    above, below = struct.unpack_from(f"{order}II", entry.value)
    return above / below if below else None


def written(directory: Directory, start: int, layout: Layout) -> bytes:
    """The bytes of a directory that will stand at offset `start`, its children after it.

    `next` is written as none: one picture, no thumbnail.
    """
    fields: dict[int, Entry] = dict(directory.entries)
    for pointer in directory.children:
        fields[pointer] = Entry(18 if layout.big else 4, 1, layout.offset(0))
    room = layout.offset_size
    head = len(layout.count(0)) + len(fields) * (4 + 2 * room) + room
    table, values = bytearray(layout.count(len(fields))), bytearray()
    for tag in sorted(fields):
        entry = fields[tag]
        value = entry.value
        if tag in directory.children:
            child = written(directory.children[tag], start + head + len(values), layout)
            value = layout.offset(start + head + len(values))
            values += child + bytes(len(child) % 2)
        elif len(value) > room:
            place = start + head + len(values)
            values += value + bytes(len(value) % 2)
            value = layout.offset(place)
        table += struct.pack(f"{layout.order}HH", tag, entry.type)
        table += layout.offset(entry.count) + value.ljust(room, b"\0")
    return bytes(table + layout.offset(0) + values)


def _entries(data: Data, start: int, layout: Layout) -> Iterator[tuple[int, Entry]]:
    room = layout.offset_size
    first = start + len(layout.count(0))
    code = layout.order + ("Q" if layout.big else "I")
    last = min(_table_end(data, start, layout) - room, len(data))
    for place in range(first, last - 3 - 2 * room, 4 + 2 * room):
        tag, kind = struct.unpack_from(f"{layout.order}HH", data, place)
        (number,) = struct.unpack_from(code, data, place + 4)
        size = _SIZES.get(kind, 0) * number
        at = place + 4 + room
        if size > room:
            (at,) = struct.unpack_from(code, data, at)
        if kind in _SIZES and at + size <= len(data):
            yield tag, Entry(kind, number, bytes(data[at : at + size]), at)


def _table_end(data: Data, start: int, layout: Layout) -> int:
    first = start + len(layout.count(0))
    if start < 8 or first > len(data):
        raise ValueError("a directory outside the data")
    count = int.from_bytes(data[start:first], layout.endianness)
    if count > _MOST_ENTRIES:
        raise ValueError("too many entries for a directory")
    return first + count * (4 + 2 * layout.offset_size) + layout.offset_size
