"""The marker segments that a JPEG file is made of."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine import metadata

EXIF_MARK = b"Exif\0\0"
XMP_MARK = b"http://ns.adobe.com/xap/1.0/\0"
EXTENDED_XMP_MARK = b"http://ns.adobe.com/xmp/extension/\0"
ICC_MARK = b"ICC_PROFILE\0"
JFIF_MARK = b"JFIF\0"
PHOTOSHOP_MARK = b"Photoshop 3.0\0"
SOI, EOI, SOS, COM = 0xD8, 0xD9, 0xDA, 0xFE
APP0, APP1, APP2, APP13, APP14, APP15 = 0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xEF
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
TOLD = frozenset(range(APP0, APP15 + 1)) - {APP14} | {COM}
"""Markers of what is said about a picture; not Adobe's, by which its colours are decoded."""
ROOM = 65533
"""Bytes that fit into one segment."""
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""In the compressed data FF is followed by 00, a restart marker or more FF; all else ends it."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One marker segment: `body` is without marker and length.

    That of the end marker is all that follows in the file. `start` is where its marker is.
    """

    marker: int
    body: bytes
    start: int


def segments_in(data: bytes) -> Iterator[Segment]:
    """All segments of the first picture in the file, through all its scans, to its end marker."""
    place = 2
    while match := _NEXT_MARKER.search(data, place):
        marker = data[match.start() + 1]
        place = match.end()
        if marker in (SOI, 0x01):
            continue
        if marker == EOI:
            yield Segment(EOI, data[place:], match.start())
            return
        length = int.from_bytes(data[place : place + 2], "big")
        if length < 2 or place + length > len(data):
            return
        yield Segment(marker, data[place + 2 : place + length], match.start())
        place += length


def bodies(segments: Iterable[Segment], marker: int, mark: bytes) -> Iterator[bytes]:
    """What follows `mark` in each of the segments that begin with it."""
    for segment in segments:
        if segment.marker == marker and segment.body.startswith(mark):
            yield segment.body[len(mark) :]


def exif_in(segments: Sequence[Segment]) -> bytes:
    """EXIF, put together where a program has spread it over several segments."""
    parts: list[bytes] = []
    for body in bodies(segments, APP1, EXIF_MARK):
        if parts and body[:2] in (b"II", b"MM"):
            break  # a second, separate EXIF
        parts.append(body)
    return b"".join(parts)


def xmp_in(segments: Sequence[Segment]) -> tuple[bytes, str]:
    """XMP, with what did not fit into one segment, and a sentence if that is damaged."""
    main = next(bodies(segments, APP1, XMP_MARK), b"")
    found = re.search(rb"HasExtendedXMP(?:\s*=\s*[\"']|>)\s*([0-9A-Fa-f]{32})", main)
    if not found:
        return main, ""
    parts: dict[int, bytes] = {}
    total = 0
    for body in bodies(segments, APP1, EXTENDED_XMP_MARK):
        if body[:32] == found.group(1) and len(body) > 40:
            total, place = struct.unpack_from(">II", body, 32)
            parts[place] = body[40:]
    extension = b"".join(parts[place] for place in sorted(parts))
    joined = metadata.joined_xmp(main, extension) if len(extension) == total else main
    return joined, "" if joined != main else "Part of its XMP data is damaged and was left out."


def segment(marker: int, body: bytes) -> bytes:
    """A segment as it is written; `body` is at most `ROOM` bytes."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body
