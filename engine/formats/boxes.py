"""Boxes: the containers of JPEG 2000, JPEG XL and their relatives."""

from __future__ import annotations

from collections.abc import Iterator

from engine.ifd import Data


def boxes_in(data: Data) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of every whole box, one after the other."""
    place = 0
    while place + 8 <= len(data):
        size = int.from_bytes(data[place : place + 4], "big")
        name, head = data[place + 4 : place + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[place + 8 : place + 16], "big"), 16
        elif size == 0:
            size = len(data) - place
        if size < head or place + size > len(data):
            return
        yield name, data[place + head : place + size]
        place += size
