"""Writing JPEG files, with metadata of any size."""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterator
from typing import BinaryIO

import imagecodecs

from engine import exif_edits, metadata
from engine.formats.gain_map import index_of
from engine.formats.jpeg_segments import (
    APP0,
    APP1,
    APP2,
    APP13,
    COM,
    EXIF_MARK,
    EXTENDED_XMP_MARK,
    ICC_MARK,
    JFIF_MARK,
    PHOTOSHOP_MARK,
    ROOM,
    XMP_MARK,
    segment,
)
from engine.formats.order import Order, samples_of

MAX_SIDE = 65500
"""libjpeg's limit; the format's own is 65535."""
_ICC_ROOM = ROOM - len(ICC_MARK) - 2
_MOST_ICC = 255 * _ICC_ROOM


def write(order: Order, out: BinaryIO) -> tuple[str, ...]:
    """8 bits, without alpha, colour in full resolution (4:4:4) but for what is coded already."""
    coded = order.coded
    opening, rest = _encoded(order) if coded is None else (coded.opening, coded.rest)
    exif_data, notes = _fitting_exif(order.metadata.exif)
    icc = order.icc
    if len(icc) > _MOST_ICC:
        icc = b""
        notes += ("JPEG has no room for its colour profile, which was left out.",)
    told = [opening]
    if exif_data:
        told.append(segment(APP1, EXIF_MARK + exif_data))
    told += [*_xmp(order), *_icc(icc), *_iptc(order.metadata.iptc)]
    if order.metadata.comment:
        told.append(segment(COM, order.metadata.comment.encode()[:ROOM]))
    if order.gain_map is not None:
        told.append(index_of(order.gain_map, sum(map(len, told)), len(rest)))
    appended = b"" if order.gain_map is None else order.gain_map.picture
    for part in (*told, rest, appended):
        out.write(part)
    return notes


def _encoded(order: Order) -> tuple[bytes, bytes]:
    """What comes before what is said about the picture, and what behind that."""
    samples = samples_of(order.photo, 8)
    encoded = imagecodecs.jpeg8_encode(
        samples,
        level=order.quality,
        subsampling=None if samples.ndim == 2 else "444",
        optimize=True,
    )
    # The encoder opens with a JFIF segment of its own, which knows no resolution.
    rest = 4 + int.from_bytes(encoded[4:6], "big")
    return b"\xff\xd8" + _jfif(order.metadata.dpi), bytes(encoded[rest:])


def _jfif(dpi: tuple[float, float] | None) -> bytes:
    unit, x, y = (1, *dpi) if dpi else (0, 1, 1)
    density = (min(max(round(value), 1), 65535) for value in (x, y))
    return segment(APP0, JFIF_MARK + struct.pack(">HBHHBB", 0x0102, unit, *density, 0, 0))


def _fitting_exif(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    room = ROOM - len(EXIF_MARK)
    if len(data) <= room:
        return data, ()
    fitted, whole = exif_edits.fitted(data, room)
    note = "JPEG has no room for all of its EXIF data; the longest entries were left out."
    return fitted, () if whole else (note,)


def _xmp(order: Order) -> Iterator[bytes]:
    """One segment, or a short XMP and the whole in pieces that it points to. Of a gain map the
    first tells in either case, for programs may read no further."""

    def telling(xmp: bytes) -> bytes:
        gain_map = order.gain_map
        if gain_map is None or not gain_map.by_xmp:
            return xmp
        return metadata.with_gain_map(xmp, len(gain_map.picture))

    xmp = telling(order.metadata.xmp)
    if len(XMP_MARK) + len(xmp) <= ROOM:
        if xmp:
            yield segment(APP1, XMP_MARK + xmp)
        return
    whole = re.sub(rb"<\?xpacket[^>]*\?>", b"", order.metadata.xmp).strip()
    guid = hashlib.md5(whole, usedforsecurity=False).hexdigest().upper()
    yield segment(APP1, XMP_MARK + telling(metadata.xmp_pointing_to(guid)))
    room = ROOM - len(EXTENDED_XMP_MARK) - 40
    for place in range(0, len(whole), room):
        head = EXTENDED_XMP_MARK + guid.encode() + struct.pack(">II", len(whole), place)
        yield segment(APP1, head + whole[place : place + room])


def _icc(icc: bytes) -> Iterator[bytes]:
    count = -(-len(icc) // _ICC_ROOM)
    for index in range(count):
        head = ICC_MARK + bytes([index + 1, count])
        yield segment(APP2, head + icc[index * _ICC_ROOM : (index + 1) * _ICC_ROOM])


def _iptc(iptc: bytes) -> Iterator[bytes]:
    resources = metadata.resources_of(iptc) if iptc else b""
    room = ROOM - len(PHOTOSHOP_MARK)
    for place in range(0, len(resources), room):
        yield segment(APP13, PHOTOSHOP_MARK + resources[place : place + room])
