"""The second picture that phones append to a JPEG: how much brighter an HDR screen shows the first.

It is a JPEG of its own (Apple's HDRGainMap, Google's Ultra HDR, ISO 21496-1), found by an index in
the first picture's segments (CIPA DC-007, "MPF") and, since Android 14, by its length in XMP. It
says by what factor each place is brighter, so it goes with the picture also when that is restored
or enlarged, as long as both lie the same way.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from engine import metadata
from engine.formats.jpeg_segments import (
    APP1,
    APP2,
    EOI,
    EXIF_MARK,
    FRAMES,
    TOLD,
    bodies,
    exif_in,
    segment,
    segments_in,
    xmp_in,
)

_ISO_MARK = b"urn:iso:std:iso:ts:21496:-1\0"
_XMP_NAME = b"hdrgm:Version"
_MARKS = (_XMP_NAME, b"HDRGainMap", _ISO_MARK)
_JPEG = b"\xff\xd8\xff"
_MOST = 8
"""Pictures behind the first among which it is looked for."""
_INDEX_MARK = b"MPF\0"
_TABLE, _ENTRY = struct.Struct(">2sHIHHHI4sHHIIHHIII"), struct.Struct(">IIIHH")
_FIRST = 0x030000
"""What the index calls the first picture: one that counts as the whole file's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GainMap:
    """A gain map as it lies in a file, and how the picture lies there that it belongs to."""

    picture: bytes
    """The whole JPEG."""
    iso: bytes
    """What the first picture says of it after ISO 21496-1; nothing where it does not."""
    by_xmp: bool
    """Whether the first picture's XMP tells of it."""
    width: int
    height: int
    """Of the first picture, as it is stored: `orientation` tells how that is turned."""
    orientation: int
    tells_place: bool
    """Whether it may say where the photo was taken."""


def gain_map_in(data: bytes) -> GainMap | None:
    """That of a JPEG file, if it has one."""
    if not data.startswith(_JPEG):
        return None
    segments = list(segments_in(data))
    frame = next((one.body for one in segments if one.marker in FRAMES), b"")
    if len(frame) < 5 or segments[-1].marker != EOI:
        return None
    picture = _found(segments[-1].body)
    if not picture:
        return None
    height, width = struct.unpack_from(">HH", frame, 1)
    xmp, _ = xmp_in(segments)
    return GainMap(
        picture=picture,
        iso=next((_ISO_MARK + body for body in bodies(segments, APP2, _ISO_MARK)), b""),
        by_xmp=_XMP_NAME in xmp,
        width=width,
        height=height,
        orientation=metadata.orientation_in(exif_in(segments), xmp),
        tells_place=any(
            one.body.startswith(EXIF_MARK) or metadata.tells_place(one.body)
            for one in segments_in(picture)
            if one.marker in TOLD
        ),
    )


def _found(behind: bytes) -> bytes:
    """The first of the pictures in what follows the end of one that is called a gain map."""
    start = 0
    for _ in range(_MOST):
        start = behind.find(_JPEG, start)
        if start < 0:
            break
        segments = list(segments_in(behind[start:]))
        if not segments or segments[-1].marker != EOI:
            break
        end = start + segments[-1].start + 2
        told = [one.body for one in segments if one.marker in (APP1, APP2)]
        if any(mark in body for mark in _MARKS for body in told):
            return behind[start:end]
        start = end
    return b""


def index_of(gain_map: GainMap, before: int, after: int) -> bytes:
    """The segments by which programs find the gain map behind a picture of which `before` bytes
    lie before them and `after` behind."""
    iso = segment(APP2, gain_map.iso) if gain_map.iso else b""
    start = before + len(iso) + 4 + len(_INDEX_MARK)  # from where all places in it are counted
    first = start + _TABLE.size + 2 * _ENTRY.size + after
    table = _TABLE.pack(
        *(b"MM", 42, 8, 3),  # big-endian, and a directory of three
        *(0xB000, 7, 4, b"0100"),  # version
        *(0xB001, 4, 1, 2),  # pictures
        *(0xB002, 7, 2 * _ENTRY.size, _TABLE.size, 0),  # entries, and nothing behind them
    )
    entries = _ENTRY.pack(_FIRST, first, 0, 0, 0)
    entries += _ENTRY.pack(0, len(gain_map.picture), first - start, 0, 0)
    return iso + segment(APP2, _INDEX_MARK + table + entries)
