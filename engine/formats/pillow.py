"""Formats that Pillow reads and writes well: AVIF, GIF, BMP; and WebP, which it reads."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import imagecodecs
import numpy as np
from PIL import Image

from engine import metadata
from engine.formats.order import Order, samples_of
from engine.formats.raster import (
    ANIMATION_NOTE,
    Header,
    Raster,
    Unreadable,
    channels_of,
    icc_of_numbers,
    raster_of,
)
from engine.photo import Metadata

_FORMATS = ("WEBP", "AVIF", "GIF", "BMP")
_AVIF_SPEED = 6
AVIF_SIDE, AVIF_PIXELS = 32768, 1 << 28
"""What libavif, and so nearly every program, refuses to open anything beyond; it writes more."""


def is_avif(start: bytes) -> bool:
    """By any of its brands: the first may be that of all pictures in such files."""
    brands = start[8 : int.from_bytes(start[:4], "big")]
    found = {brands[place : place + 4] for place in (0, *range(8, len(brands), 4))}
    return start[4:8] == b"ftyp" and not found.isdisjoint((b"avif", b"avis"))


def is_gif(start: bytes) -> bool:
    return start[:6] in (b"GIF87a", b"GIF89a")


def is_bmp(start: bytes) -> bool:
    return start[:2] == b"BM"


def survey(path: Path) -> Header:
    with opened(path) as image:
        info = image.info
        raw_exif = _bytes(info.get("exif")).removeprefix(b"Exif\0\0")
        xmp = _bytes(info.get("xmp"))
        dpi = info.get("dpi") or metadata.dpi_in(raw_exif)
        icc, note = _icc(image, path)
        notes = [note] if note else []
        if getattr(image, "n_frames", 1) > 1:
            notes.append(ANIMATION_NOTE)
        return Header(
            width=image.width,
            height=image.height,
            orientation=metadata.orientation_in(raw_exif, xmp),
            icc=icc,
            metadata=Metadata(
                exif=raw_exif,
                xmp=xmp,
                dpi=(round(float(dpi[0]), 2), round(float(dpi[1]), 2)) if dpi else None,
            ),
            warnings=tuple(notes),
        )


def decode(path: Path) -> Raster:
    with opened(path) as image:
        if image.mode == "1":
            image = image.convert("L")
        elif image.mode not in ("L", "LA", "RGB", "RGBA"):
            image = image.convert("RGBA" if image.has_transparency_data else "RGB")
        return raster_of(np.asarray(image))


def decode_avif(path: Path) -> Raster:
    """In the full depth of 10 or 12 bits, unless it is an animation.

    Pillow reduces every depth to 8 bits. imagecodecs does not, but corrupts memory when asked for
    one picture of an animation (seen with 2026.3.6 on libavif's own samples).
    """
    data = path.read_bytes()
    depth = _avif_depth(data)
    with opened(path) as image:
        if depth == 8 or getattr(image, "n_frames", 1) > 1:
            return decode(path)
    samples = imagecodecs.avif_decode(data, numthreads=2)
    return Raster(
        samples=samples,
        channels=channels_of(samples),
        full_scale=float(2**depth - 1),
        bits=16,
    )


def write_avif(order: Order, out: BinaryIO) -> tuple[str, ...]:
    """8 bits with alpha, colour in full resolution (4:4:4).

    Where EXIF has an orientation Pillow lays it out anew, which loses umlauts and breaks the notes
    of camera makers; without one it takes the bytes as they are.
    """
    image_of(order).save(
        out,
        format="AVIF",
        quality=order.quality,
        subsampling="4:4:4",
        speed=_AVIF_SPEED,
        exif=metadata.exif_without_orientation(order.metadata.exif),
        xmp=order.metadata.xmp,
        icc_profile=order.icc,
    )
    return iptc_note("AVIF", order)


def image_of(order: Order) -> Image.Image:
    return Image.fromarray(samples_of(order.photo, 8))


def iptc_note(title: str, order: Order) -> tuple[str, ...]:
    if not order.metadata.iptc:
        return ()
    return (f"{title} has no place for IPTC data; they were left out.",)


@contextmanager
def opened(source: Path | BytesIO, formats: tuple[str, ...] = _FORMATS) -> Iterator[Image.Image]:
    """The picture in Pillow, without its remarks on odd metadata and its limit of size.

    The program has a limit of its own and checks it before anything is decoded.
    """
    Image.MAX_IMAGE_PIXELS = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(source, formats=formats) as image:
            yield image


def _icc(image: Image.Image, path: Path) -> tuple[bytes, str]:
    icc = _bytes(image.info.get("icc_profile"))
    if icc or image.format != "AVIF":
        return icc, ""
    data = path.read_bytes()
    place = data.find(b"colrnclx")
    if place < 0 or place + 12 > len(data):
        return b"", ""
    primaries, curve = struct.unpack_from(">HH", data, place + 8)
    return icc_of_numbers(primaries, curve)


def _bytes(value: object) -> bytes:
    if isinstance(value, str):
        return value.encode()
    return value if isinstance(value, bytes) else b""


def _avif_depth(data: bytes) -> int:
    """Bits per sample in the AV1 configuration (AV1-ISOBMFF 2.3.3)."""
    place = data.find(b"av1C")
    if place < 0 or place + 7 > len(data):
        raise Unreadable("is damaged or cut short")
    flags = data[place + 6]
    if not flags & 0x40:
        return 8
    return 12 if flags & 0x20 else 10
