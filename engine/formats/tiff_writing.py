"""Writing TIFF files strip by strip, so that the integers never stand in memory as a whole."""

from __future__ import annotations

from typing import BinaryIO

import imagecodecs
import numpy as np

from engine import exif
from engine.formats.fields import Fields
from engine.formats.order import Order, channel_count, strips_of
from engine.formats.raster import Samples
from engine.formats.tiff import ICC, IPTC, XMP
from engine.ifd import Directory, Layout, written

MAX_SIDE = 1_000_000
_STRIP_BYTES = 1 << 20
_COMPRESSION_LEVEL = 4
_LARGEST_CLASSIC = 3_900_000_000
"""Offsets of 32 bits end at 4 GB."""
_DEFLATE, _UNASSOCIATED_ALPHA = 8, 2


def write(order: Order, out: BinaryIO) -> tuple[str, ...]:
    """8, 16 or 32 bits (float), deflated with a predictor, with alpha if there is one.

    The byte order is that of the EXIF, whose values are copied as they are.
    """
    described, source = Directory({}), Layout("<")
    if order.metadata.exif:
        described, source = exif.tree_of(order.metadata.exif)
    photo = order.photo
    row_bytes = photo.width * channel_count(photo) * order.bits // 8
    layout = Layout(source.order, big=row_bytes * photo.height > _LARGEST_CLASSIC)
    rows = max(1, _STRIP_BYTES // row_bytes)

    out.write(layout.header)
    places, sizes = [], []
    for strip in strips_of(photo, order.bits, rows):
        packed = _packed(strip, order.bits, layout)
        places.append(out.tell())
        sizes.append(out.write(packed))
        out.write(bytes(len(packed) % 2))

    fields = Fields(layout)
    _add_pixels(fields, order, rows)
    fields.offsets(273, places)
    fields.offsets(279, sizes)
    _add_metadata(fields, order)
    kept = exif.descriptive(described)
    directory = Directory({**kept.entries, **fields.entries}, kept.children)
    start = out.tell()
    out.write(written(directory, start, layout))
    out.seek(len(layout.header) - layout.offset_size)
    out.write(layout.offset(start))
    return ()


def _add_pixels(fields: Fields, order: Order, rows: int) -> None:
    photo = order.photo
    count = channel_count(photo)
    fields.long(256, photo.width)
    fields.long(257, photo.height)
    fields.short(258, *[order.bits] * count)
    fields.short(259, _DEFLATE)
    fields.short(262, 1 if photo.gray else 2)
    fields.short(exif.ORIENTATION, 1)
    fields.short(277, count)
    fields.long(278, rows)
    fields.short(284, 1)
    fields.short(317, 3 if order.bits == 32 else 2)
    if photo.alpha is not None:
        fields.short(338, _UNASSOCIATED_ALPHA)
    fields.short(339, *[3 if order.bits == 32 else 1] * count)


def _add_metadata(fields: Fields, order: Order) -> None:
    carried = order.metadata
    if carried.dpi:
        fields.ratios(282, carried.dpi[:1])
        fields.ratios(283, carried.dpi[1:])
        fields.short(296, 2)
    fields.raw(XMP, 1, carried.xmp)
    fields.raw(IPTC, 7, carried.iptc)
    fields.raw(ICC, 7, order.icc)


def _packed(strip: Samples, bits: int, layout: Layout) -> bytes:
    stored = strip.dtype.newbyteorder(layout.order)
    if bits == 32:
        differences = imagecodecs.floatpred_encode(strip.astype(stored), axis=-2)
    else:
        differences = strip.copy()
        np.subtract(strip[:, 1:], strip[:, :-1], out=differences[:, 1:])
        differences = differences.astype(stored, copy=False)
    return bytes(imagecodecs.deflate_encode(differences.tobytes(), _COMPRESSION_LEVEL))
