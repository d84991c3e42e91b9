"""Boxes: the containers of JPEG 2000, JPEG XL and their relatives."""

from __future__ import annotations

from collections.abc import Iterator

from engine.ifd import Data


def boxes_in(data: Data) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of every whole box, one after the other."""
    for name, start, end in _places(data):
        if end > len(data):
            return
        yield name, data[start:end]


def is_whole(data: Data, needed: frozenset[bytes]) -> bool:
    """Whether no box of these names ends behind the file's end."""
    return all(end <= len(data) for name, _, end in _places(data) if name in needed)


def _places(data: Data) -> Iterator[tuple[bytes, int, int]]:
    """Names of the boxes, and where their contents begin and end; the last may be cut short."""
    place = 0
    while place + 8 <= len(data):
        size = int.from_bytes(data[place : place + 4], "big")
        name, head = data[place + 4 : place + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[place + 8 : place + 16], "big"), 16
        elif size == 0:
            size = len(data) - place
        if size < head:
            return
        yield name, place + head, place + size
        place += size
