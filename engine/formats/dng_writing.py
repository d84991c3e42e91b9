"""Writing linear DNGs (Adobe DNG 1.4): what became of a RAW photo, as light, to be developed anew.

Colours are those of Display P3, white-balanced, without the curve by which they were shown. That
curve is told, and a small picture shows what it makes of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import BinaryIO

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from engine import exif
from engine.colour import to_srgb
from engine.formats.fields import Fields
from engine.formats.order import Order
from engine.formats.tiff import XMP
from engine.ifd import Directory, Layout, written
from engine.photo import Photo, floats
from engine.resize import reduced
from engine.tone import Tone

MAX_SIDE = 65000
LARGEST = 600_000_000
"""Pixels for which offsets of 32 bits suffice, with six bytes each and some to spare."""
_TILE = 512
_STEP = 16
"""Sides of tiles are multiples of it."""
_FULL = 65535
_SMALL = 1024
"""Pixels along the longer side of the small picture."""
_QUALITY = 85
_MAKER, _MODEL = 271, 272
_OURS = "Restorer"
_BELOW = 330
_COLOURS_SEEN, _LOSSLESS_JPEG, _LINEAR, _YCBCR = 3, 7, 34892, 6
_VERSION, _OLDEST_READER = (1, 4, 0, 0), (1, 1, 0, 0)
_D65 = 21
_TO_P3 = (
    *(2.493497, -0.931384, -0.402711),
    *(-0.829489, 1.762664, 0.023625),
    *(0.035846, -0.076172, 0.956885),
)
"""From XYZ under D65."""
_LIGHT = np.linspace(0, 1, 129) ** 2
"""Light for which the curve is told."""


def write(order: Order, out: BinaryIO) -> tuple[str, ...]:
    """16 bits of linear light, compressed without loss; the photo's `tone` is known."""
    tone = order.photo.tone
    assert tone is not None
    described, source = Directory({}), Layout("<")
    if order.metadata.exif:
        described, source = exif.tree_of(order.metadata.exif)
    layout = Layout(source.order)
    out.write(layout.header)
    main, first = Fields(layout), Fields(layout)
    _add_light(main, order.photo, tone, out)
    _add_small(first, order.photo, out)
    kept = exif.descriptive(described)
    _add_camera(first, tone, kept)
    first.raw(XMP, 1, order.metadata.xmp)
    directory = Directory(
        {**kept.entries, **first.entries}, {**kept.children, _BELOW: Directory(main.entries)}
    )
    start = out.tell()
    out.write(written(directory, start, layout))
    out.seek(len(layout.header) - layout.offset_size)
    out.write(layout.offset(start))
    return ()


def _add_light(fields: Fields, photo: Photo, tone: Tone, out: BinaryIO) -> None:
    places, sizes = [], []
    side = _tile_side(photo.width)
    for packed in _tiles(photo, tone, side):
        places.append(out.tell())
        sizes.append(out.write(packed))
        out.write(bytes(len(packed) % 2))
    fields.long(254, 0)
    fields.long(256, photo.width)
    fields.long(257, photo.height)
    fields.short(258, *[16] * _COLOURS_SEEN)
    fields.short(259, _LOSSLESS_JPEG)
    fields.short(262, _LINEAR)
    fields.short(277, _COLOURS_SEEN)
    fields.short(284, 1)
    fields.long(322, side)
    fields.long(323, side)
    fields.offsets(324, places)
    fields.offsets(325, sizes)
    fields.short(50714, *[0] * _COLOURS_SEEN)  # black
    fields.short(50717, *[_FULL] * _COLOURS_SEEN)  # white
    fields.long(50719, 0, 0)
    fields.long(50720, photo.width, photo.height)


def _add_small(fields: Fields, photo: Photo, out: BinaryIO) -> None:
    shrink = min(1.0, _SMALL / max(photo.width, photo.height))
    size = max(1, round(photo.width * shrink)), max(1, round(photo.height * shrink))
    small = np.rint(to_srgb(reduced(photo.pixels, *size), photo.profile) * 255)
    packed = imagecodecs.jpeg8_encode(small.astype(np.uint8), level=_QUALITY)
    fields.long(254, 1)
    fields.long(256, size[0])
    fields.long(257, size[1])
    fields.short(258, 8, 8, 8)
    fields.short(259, _LOSSLESS_JPEG)  # one number stands for both kinds of JPEG
    fields.short(262, _YCBCR)
    fields.offsets(273, [out.tell()])
    fields.short(exif.ORIENTATION, 1)
    fields.short(277, 3)
    fields.long(278, size[1])
    fields.offsets(279, [out.write(packed)])
    out.write(bytes(len(packed) % 2))


def _add_camera(fields: Fields, tone: Tone, kept: Directory) -> None:
    """What a developer needs to know of a camera that sees Display P3.

    It has a name of its own. Some developers go by maker and model alone, and would take it for the
    camera of the RAW file: its colours (RawTherapee 5.11 does), or its lens once more.
    """
    maker, model = (_word(kept, tag) for tag in (_MAKER, _MODEL))
    is_twice = bool(maker) and model.lower().startswith(maker.split()[0].lower())
    camera = model if is_twice else f"{maker} {model}".strip()
    fields.text(_MAKER, maker or _OURS)
    fields.text(_MODEL, f"{model} ({_OURS})" if model else _OURS)
    fields.byte(50706, *_VERSION)
    fields.byte(50707, *_OLDEST_READER)
    fields.text(50708, f"{camera} ({_OURS}, Display P3)".lstrip())
    fields.ratios(50721, _TO_P3, signed=True)
    fields.ratios(50728, (1, 1, 1))  # what is gray
    fields.short(50778, _D65)
    fields.text(50936, _OURS)  # name of the profile
    fields.floats(50940, _curve(tone))
    fields.long(51110, 1)  # black is as deep as it is


def _word(directory: Directory, tag: int) -> str:
    """A text in ASCII; empty where there is none."""
    entry = directory.entries.get(tag)
    value = b"" if entry is None else entry.value
    return value.partition(b"\0")[0].decode("ascii", "replace").strip()


def _curve(tone: Tone) -> list[float]:
    """Light beside the white that is written, and its tones, in turn; up to white."""
    points = list(zip(_LIGHT * tone.white, tone.of(_LIGHT), strict=True))
    ends = [(1.0, 1.0)] if tone.white < 1 else []
    return [float(part) for point in points + ends for part in point]


def _tile_side(width: int) -> int:
    """LibRaw misreads tiles that are wider than the picture."""
    return min(_TILE, max(_STEP, width // _STEP * _STEP))


def _tiles(photo: Photo, tone: Tone, side: int) -> Iterator[bytes]:
    """The tiles of a photo as light, row by row, each compressed. No more than a row of them waits
    for a slow disk."""
    full = tone.white * _FULL
    light = np.rint(tone.seen(np.arange(_FULL + 1) / _FULL) * full).astype(np.uint16)
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        for top in range(0, photo.height, side):
            yield from pool.map(
                partial(_tile, photo, light, side, top), range(0, photo.width, side)
            )


def _tile(photo: Photo, light: NDArray[np.uint16], side: int, top: int, left: int) -> bytes:
    part = floats(photo.pixels[top : top + side, left : left + side])
    steps = light[np.rint(np.clip(part, 0, 1) * _FULL).astype(np.uint16)]
    missing = side - steps.shape[0], side - steps.shape[1]
    steps = np.pad(steps, ((0, missing[0]), (0, missing[1]), (0, 0)), "edge")
    packed = bytes(imagecodecs.jpeg8_encode(steps, lossless=True, predictor=1, bitspersample=16))
    # without the segment that tells Photoshop about colours: it is no JPEG for the eye
    return packed[:2] + packed[18:] if packed[2:4] == b"\xff\xee" else packed
