"""WebP: what is coded in a file, and writing (RFC 9649). Pillow reads it (`pillow`)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from engine import metadata
from engine.formats.order import Coded, Order
from engine.formats.pillow import image_of, iptc_note

_EFFORT = 4
"""0 to 6: above 4 the files hardly shrink."""
_LOSSY, _LOSSLESS, _ALPHA = b"VP8 ", b"VP8L", b"ALPH"
_HAS_ICC, _HAS_ALPHA, _HAS_EXIF, _HAS_XMP = 0x20, 0x10, 0x08, 0x04
_SIDE = (1 << 14) - 1
"""Bits that tell the length of a side."""


def matches(start: bytes) -> bool:
    return start[:4] == b"RIFF" and start[8:12] == b"WEBP"


def is_lossless(data: bytes) -> bool:
    """Whether a file loses nothing of its picture."""
    pictures = (name for name, _ in _chunks(data) if name in (_LOSSY, _LOSSLESS))
    return next(pictures, b"") == _LOSSLESS


def coded_in(data: bytes) -> Coded | None:
    """The picture of a whole file as it is coded there; None for animations and other formats."""
    chunks = list(_chunks(data))
    picture = [(name, body) for name, body in chunks if name in (_LOSSY, _LOSSLESS, _ALPHA)]
    sizes = [_size(name, body) for name, body in picture if name != _ALPHA]
    if len(sizes) != 1 or sizes[0] is None or any(name == b"ANIM" for name, _ in chunks):
        return None
    told = dict(reversed(chunks))  # the first of each name
    exif = told.get(b"EXIF", b"").removeprefix(b"Exif\0\0")
    width, height = sizes[0]
    return Coded(
        opening=b"",
        rest=b"".join(_chunk(name, body) for name, body in picture),
        tells_dpi=True,  # as well as if it were coded anew: only EXIF can
        width=width,
        height=height,
        orientation=metadata.orientation_in(exif, told.get(b"XMP ", b"")),
    )


def write(order: Order, out: BinaryIO) -> tuple[str, ...]:
    """8 bits with alpha; lossless where the quality asked for is 100."""
    if order.coded is not None:
        out.write(_with_told(order.coded, order))
        return iptc_note("WebP", order)
    image_of(order).save(
        out,
        format="WEBP",
        quality=order.quality,
        lossless=order.quality == 100,
        exact=True,
        alpha_quality=100,
        method=_EFFORT,
        exif=order.metadata.exif,
        xmp=order.metadata.xmp,
        icc_profile=order.icc,
    )
    return iptc_note("WebP", order)


def _with_told(coded: Coded, order: Order) -> bytes:
    """A file of what is coded and what is said about it."""
    before = [(b"ICCP", order.icc, _HAS_ICC)]
    behind = [(b"EXIF", order.metadata.exif, _HAS_EXIF), (b"XMP ", order.metadata.xmp, _HAS_XMP)]
    flags = sum(flag for _, body, flag in (*before, *behind) if body)
    if _is_transparent(coded.rest):
        flags |= _HAS_ALPHA
    sides = ((side - 1).to_bytes(3, "little") for side in (coded.width, coded.height))
    parts = [_chunk(b"VP8X", struct.pack("<I", flags) + b"".join(sides))]
    parts += [_chunk(name, body) for name, body, _ in before if body]
    parts += [coded.rest, *(_chunk(name, body) for name, body, _ in behind if body)]
    content = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(content)) + content


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and body of each whole chunk of a file; none if it is no WebP."""
    place = 12 if matches(data) else len(data)
    while place + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, place)
        body = data[place + 8 : place + 8 + length]
        if len(body) < length:
            return
        yield name, body
        place += 8 + length + length % 2


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def _size(name: bytes, body: bytes) -> tuple[int, int] | None:
    """Width and height of a picture; None where they are not told."""
    if len(body) < 10:
        return None
    if name == _LOSSLESS:
        (bits,) = struct.unpack_from("<I", body, 1)
        return (bits & _SIDE) + 1, (bits >> 14 & _SIDE) + 1
    width, height = struct.unpack_from("<HH", body, 6)
    return width & _SIDE, height & _SIDE


def _is_transparent(picture: bytes) -> bool:
    """Whether one of the chunks of a picture may hold transparency."""
    return picture[:4] == _ALPHA or (picture[:4] == _LOSSLESS and bool(picture[12] & 0x10))
