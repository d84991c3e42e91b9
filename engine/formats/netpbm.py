"""Reading PBM, PGM and PPM files, in their own depth: RAW converters write 16 bits into them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from engine.formats.raster import Channels, Header, Raster, Samples, Unreadable

_NUMBER = re.compile(rb"(?:\s|#[^\r\n]*[\r\n])*(\d{1,9})")
_COMMENT = re.compile(rb"#[^\r\n]*")
_HEAD = 1 << 16
"""Bytes in which the numbers before the pixels stand, with any comments."""
_BITMAPS, _PLAIN = b"14", b"123"
"""Kinds, by the digit behind the P: those of black and white, and those written in digits."""
_CUT_SHORT = "is cut short: part of the picture is missing"


def matches(start: bytes) -> bool:
    return start[:1] == b"P" and start[1:2] in b"123456" and start[2:3].isspace()


def survey(path: Path) -> Header:
    with path.open("rb") as file:
        width, height, white, _ = _numbers(file.read(_HEAD))
    return Header(width=width, height=height, bits=16 if white > 255 else 8)


def decode(path: Path) -> Raster:
    data = path.read_bytes()
    kind = data[1:2]
    width, height, white, place = _numbers(data)
    colours = 3 if kind in b"36" else 1
    count = width * height * colours
    if kind in _PLAIN:
        samples = _written_out(data[place:], count, bitmap=kind in _BITMAPS)
    elif kind in _BITMAPS:
        samples = _bits(data[place + 1 :], width, height)
    else:
        samples = _whole(data[place + 1 :], ">u2" if white > 255 else "u1", count)
    return Raster(
        samples=samples.reshape((height, width, 3) if colours == 3 else (height, width)),
        channels=Channels.RGB if colours == 3 else Channels.GRAY,
        full_scale=white,
        bits=16 if white > 255 else 8,
        inverted=kind in _BITMAPS,  # whose 1 is black
    )


def _numbers(data: bytes) -> tuple[int, int, int, int]:
    """Width, height, the value of white, and where these end."""
    found, place = [], 2
    for _ in range(2 if data[1:2] in _BITMAPS else 3):
        number = _NUMBER.match(data, place)
        if number is None:
            raise Unreadable("is damaged: the part that tells the size of the picture is missing")
        found.append(int(number[1]))
        place = number.end()
    width, height, white = (*found, 1)[:3]
    if not 0 < white < 1 << 16:
        raise Unreadable("is damaged or cut short")
    return width, height, white, place


def _written_out(text: bytes, count: int, *, bitmap: bool) -> Samples:
    """Numbers in digits; the bits of a bitmap need nothing between them."""
    plain = _COMMENT.sub(b"", text)
    words = re.findall(rb"[01]", plain) if bitmap else plain.split()
    if len(words) < count:
        raise Unreadable(_CUT_SHORT)
    return np.array(words[:count]).astype(np.uint16)


def _bits(data: bytes, width: int, height: int) -> Samples:
    """Eight pixels a byte; every row begins with a new one."""
    row = -(-width // 8)
    packed = np.asarray(_whole(data, "u1", row * height), np.uint8)
    return np.unpackbits(packed.reshape(height, row), axis=1)[:, :width]


def _whole(data: bytes, kind: str, count: int) -> Samples:
    if len(data) < count * np.dtype(kind).itemsize:
        raise Unreadable(_CUT_SHORT)
    return np.frombuffer(data, kind, count)
