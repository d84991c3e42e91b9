"""Reading JPEG 2000 files."""

from __future__ import annotations

import struct
from pathlib import Path

import imagecodecs
import numpy as np

from engine import metadata
from engine.formats.boxes import boxes_in
from engine.formats.pillow import opened
from engine.formats.raster import Header, Raster, Unreadable, channels_of, raster_of
from engine.photo import Metadata

_CONTAINER = b"\0\0\0\x0cjP  \r\n\x87\n"
_STREAM = b"\xff\x4f\xff\x51"
_EXIF = bytes.fromhex("4a706754694666457869662d3e4a5032")
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_IPTC = bytes.fromhex("33c7a4d2b81d4723a0baf1a3e097ad38")
"""Identities of the `uuid` boxes that hold metadata."""


def matches(start: bytes) -> bool:
    return start.startswith((_CONTAINER, _STREAM))


def survey(path: Path) -> Header:
    data = path.read_bytes()
    width, height, depth = _size(data)
    boxes = list(boxes_in(data)) if data.startswith(_CONTAINER) else []
    found = {body[:16]: body[16:] for name, body in boxes if name == b"uuid"}
    header = next((body for name, body in boxes if name == b"jp2h"), b"")
    colours = [body for name, body in boxes_in(header) if name == b"colr"]
    icc = next((body[3:] for body in colours if body[:1] in (b"\2", b"\3")), b"")
    exif, xmp = found.get(_EXIF, b""), found.get(_XMP, b"")
    return Header(
        width=width,
        height=height,
        orientation=metadata.orientation_in(exif, xmp),
        bits=8 if depth <= 8 else 16,
        icc=icc,
        metadata=Metadata(
            exif=exif, xmp=xmp, iptc=found.get(_IPTC, b""), dpi=metadata.dpi_in(exif)
        ),
    )


def decode(path: Path) -> Raster:
    data = path.read_bytes()
    *_, depth = _size(data)
    try:
        samples = imagecodecs.jpeg2k_decode(data)
    except NotImplementedError:  # channels of different size
        with opened(path, ("JPEG2000",)) as image:
            return raster_of(np.asarray(image))
    return Raster(
        samples=samples,
        channels=channels_of(samples),
        full_scale=float(2**depth - 1),
        bits=8 if depth <= 8 else 16,
    )


def _size(data: bytes) -> tuple[int, int, int]:
    """Width, height and bits per sample from the SIZ segment (ISO 15444-1 A.5.1)."""
    place = data.find(_STREAM)
    if place < 0 or place + 44 > len(data):
        raise Unreadable("is damaged or cut short")
    right, bottom, left, top = struct.unpack_from(">4I", data, place + 8)
    depth = (data[place + 42] & 0x7F) + 1
    if depth > 16:
        raise Unreadable("has more than 16 bits per channel")
    return right - left, bottom - top, depth
