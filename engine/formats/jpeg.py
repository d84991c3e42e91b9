"""Reading JPEG files."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import imagecodecs
import numpy as np

from engine import metadata
from engine.formats.gain_map import gain_map_in
from engine.formats.jpeg_segments import (
    APP0,
    APP2,
    APP13,
    APP14,
    COM,
    EOI,
    FRAMES,
    ICC_MARK,
    JFIF_MARK,
    PHOTOSHOP_MARK,
    SOS,
    TOLD,
    Segment,
    bodies,
    exif_in,
    segment,
    segments_in,
    xmp_in,
)
from engine.formats.order import Coded
from engine.formats.raster import Channels, Header, Raster, Samples, Unreadable, channels_of
from engine.photo import Metadata

_ALL_IN_ONE = b"\x00\x3f\x00"
"""End of the header of a scan that holds all frequencies in full precision."""
_FILLINGS = (b"\xa5", b"\xfe", b"\x12\x34\x56\x78")
_CODED_SO = (0xC0, 0xC1, 0xC2)
"""Frames that every program reads."""


def matches(start: bytes) -> bool:
    return start[:3] == b"\xff\xd8\xff"


def survey(path: Path) -> Header:
    return surveyed(path.read_bytes())


def decode(path: Path) -> Raster:
    return decoded(path.read_bytes())


def surveyed(data: bytes) -> Header:
    segments = list(segments_in(data))
    height, width, bits = _frame(segments)
    raw_exif = exif_in(segments)
    xmp, warning = xmp_in(segments)
    resources = b"".join(bodies(segments, APP13, PHOTOSHOP_MARK))
    icc, icc_warning = _icc(segments)
    return Header(
        width=width,
        height=height,
        orientation=metadata.orientation_in(raw_exif, xmp),
        bits=8 if bits == 8 else 16,
        icc=icc,
        metadata=Metadata(
            exif=raw_exif,
            xmp=xmp,
            iptc=metadata.iptc_in(resources),
            comment=metadata.comment_of(next(bodies(segments, COM, b""), b"")),
            dpi=_density(segments) or metadata.dpi_in(raw_exif),
        ),
        warnings=tuple(note for note in (warning, icc_warning, _gain_map_note(data)) if note),
    )


def decoded(data: bytes) -> Raster:
    segments = list(segments_in(data))
    samples = imagecodecs.jpeg8_decode(data)
    notes: tuple[str, ...] = ()
    if segments[-1].marker != EOI:
        _check_complete(data, segments, samples)
        notes = ("Its last bytes are missing, but no part of the picture is.",)
    *_, bits = _frame(segments)
    channels = channels_of(samples)
    inverted = False
    if channels is Channels.RGBA:
        # Adobe stores inks inverted, and so does every program that writes its marker.
        channels, inverted = Channels.CMYK, any(bodies(segments, APP14, b"Adobe"))
    return Raster(
        samples=samples,
        channels=channels,
        full_scale=float(2**bits - 1),
        bits=8 if bits == 8 else 16,
        inverted=inverted,
        warnings=notes,
    )


def coded_in(data: bytes) -> Coded | None:
    """The picture of a whole file of 8 bits, gray or in three colours, as it is coded there; None
    for any other.

    With it goes the JFIF segment if there is one, by which programs tell its colours.
    """
    if not matches(data):
        return None
    segments = list(segments_in(data))
    frame = next((one for one in segments if one.marker in FRAMES), None)
    if frame is None or frame.marker not in _CODED_SO or segments[-1].marker != EOI:
        return None
    bits, height, width, count = struct.unpack_from(">BHHB", frame.body.ljust(6, b"\0"))
    if bits != 8 or count not in (1, 3):
        return None
    xmp, _ = xmp_in(segments)
    jfif = next(bodies(segments, APP0, JFIF_MARK), b"")
    return Coded(
        opening=b"\xff\xd8" + (_without_thumbnail(jfif) if jfif else b""),
        rest=b"".join(_coded_parts(data, segments)),
        tells_dpi=bool(jfif),
        width=width,
        height=height,
        orientation=metadata.orientation_in(exif_in(segments), xmp),
    )


def _without_thumbnail(jfif: bytes) -> bytes:
    """A JFIF segment, of a body without its mark, that says no more than the resolution."""
    body = JFIF_MARK + jfif[:7].ljust(7, b"\0") + b"\0\0"
    return segment(APP0, body)


def _coded_parts(data: bytes, segments: list[Segment]) -> Iterator[bytes]:
    """The segments by which a picture is decoded, scans with what follows them; nothing that lies
    loose between others."""
    for one, following in pairwise(segments):
        if one.marker not in TOLD:
            end = one.start + 4 + len(one.body)
            yield data[one.start : following.start if one.marker == SOS else end]
    yield b"\xff\xd9"


def _frame(segments: list[Segment]) -> tuple[int, int, int]:
    """Height, width and bits per sample."""
    for one in segments:
        if one.marker in FRAMES and len(one.body) >= 6:
            bits, height, width = struct.unpack_from(">BHH", one.body)
            return height, width, bits
    raise Unreadable("is damaged: the part that tells the size of the picture is missing")


def _check_complete(data: bytes, segments: list[Segment], samples: Samples) -> None:
    """Raise `Unreadable` where a file without an end marker lacks more than that.

    The decoder fills what is missing and says nothing. If the picture depends on what is put in
    place of the end, then part of it was missing. Where a picture is spread over several scans,
    whole scans may be missing too, which only the end marker can tell.
    """
    scans = [one.body for one in segments if one.marker == SOS]
    count = 1 if samples.ndim == 2 else samples.shape[2]
    is_whole = len(scans) == 1 and scans[0][0] == count and scans[0][-3:] == _ALL_IN_ONE
    for filling in _FILLINGS:
        made_up = data.rstrip(b"\xff") + filling * 64 + b"\xff\xd9"
        is_whole = is_whole and np.array_equal(samples, imagecodecs.jpeg8_decode(made_up))
    if not is_whole:
        raise Unreadable("is cut short: part of the picture is missing")


def _icc(segments: list[Segment]) -> tuple[bytes, str]:
    parts = {body[0]: body for body in bodies(segments, APP2, ICC_MARK) if len(body) > 2}
    if not parts:
        return b"", ""
    count = next(iter(parts.values()))[1]
    if set(parts) != set(range(1, count + 1)):
        return b"", "Its colour profile is incomplete; its colours are taken as sRGB."
    return b"".join(parts[number][2:] for number in sorted(parts)), ""


def _gain_map_note(data: bytes) -> str:
    if gain_map_in(data) is None:
        return ""
    return "It has an HDR gain map, which only a JPEG keeps; the photo is its standard picture."


def _density(segments: list[Segment]) -> tuple[float, float] | None:
    for body in bodies(segments, APP0, JFIF_MARK):
        if len(body) >= 7:
            unit, x, y = struct.unpack_from(">BHH", body, 2)
            if unit in (1, 2) and x and y:
                per_inch = 1.0 if unit == 1 else 2.54
                return x * per_inch, y * per_inch
    return None
