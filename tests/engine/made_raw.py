"""A small DNG whose sensor sees Display P3: what comes of it is known (Adobe DNG 1.4)."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from engine.filter_array import BAYER, FilterArray
from engine.light import linear_to_srgb
from engine.photo import FloatArray
from tests.engine import made

BLACK, WHITE = 1000, 61000
CAPTURED = "2024:05:06 07:08:09"
_XYZ_TO_P3 = (
    *(2.4934969, -0.9313836, -0.4027108),
    *(-0.8294890, 1.7626641, 0.0236247),
    *(0.0358458, -0.0761724, 0.9568845),
)
_D65 = 21
_EXIF, _BELOW, _BLACKS = 34665, 330, 50714
_Field = tuple[int, int, int, bytes]
"""Tag, type, count and value."""


def scene() -> FloatArray:
    """Linear light: green, dark gray, pink, and white."""
    light = np.zeros((96, 128, 3), np.float32)
    light[:48, :64], light[:48, 64:] = (0.2, 0.4, 0.1), (0.05, 0.05, 0.05)
    light[48:, :64], light[48:, 64:] = (0.7, 0.5, 0.6), (1.0, 1.0, 1.0)
    return light


def shown(light: FloatArray, gain: float) -> bytes:
    """The camera's JPEG of a scene."""
    tones = linear_to_srgb(np.clip(light * np.float32(gain), 0, 1))
    return made.jpeg_bytes(np.asarray(np.rint(tones * 255), np.uint8))


def mosaic(light: NDArray[np.floating], array: FilterArray = BAYER) -> NDArray[np.uint16]:
    """What a sensor sees of (h, w, 3) light."""
    colours = array.over((light.shape[0], light.shape[1]))
    seen = np.take_along_axis(light, colours[..., None], 2)[..., 0]
    return np.asarray(np.rint(BLACK + seen * (WHITE - BLACK)), np.uint16)


def dng(
    light: NDArray[np.floating],
    *,
    orientation: int = 1,
    preview: bytes = b"",
    notes: int = 9,
    xmp: bytes = b"",
    lifted: NDArray[np.uint16] | None = None,
    margins: tuple[int, int] = (0, 0),
    array: FilterArray = BAYER,
) -> bytes:
    """A DNG of (h, w, 3) light, linear, with a JPEG as cameras make one, and a maker's note.

    The black of pixels is higher by `lifted`, (n, n), again and again; `margins` are so many black
    rows and columns before the photo.
    """
    values = mosaic(light, array)
    if lifted is not None:
        side = len(lifted)
        values += np.tile(lifted, (values.shape[0] // side, values.shape[1] // side))
    values = np.pad(values, [(n, 0) for n in margins], constant_values=BLACK)
    pixels = values.astype("<u2").tobytes()
    start = 8 + len(pixels) + len(preview)
    said = [_texts(36867, CAPTURED), (37500, 7, notes, bytes(notes))]
    first = [*_main(values.shape, len(pixels), orientation, array), _longs(_EXIF, 0)]
    if lifted is not None:
        first = [field for field in first if field[0] != _BLACKS]
        blacks = (lifted + BLACK).ravel().tolist()
        first[:0] = [_shorts(50713, *lifted.shape), _shorts(_BLACKS, *blacks)]
    if any(margins):
        first[:0] = [_longs(50829, *margins, *values.shape)]
    first[:0] = [(700, 1, len(xmp), xmp)] if xmp else []
    inner = start + len(_directory(first, 0))
    second = inner + len(_directory(said, 0))
    first[-1] = _longs(_EXIF, inner)
    tables = _directory(first, start, second if preview else 0) + _directory(said, inner)
    if preview:
        tables += _directory(_small(8 + len(pixels), len(preview)), second)
    return b"II*\0" + struct.pack("<I", start) + pixels + preview + tables


def dng_with_small_first(
    light: NDArray[np.floating], preview: bytes, *, is_jpeg: bool = True
) -> bytes:
    """The same as most cameras lay it out: the small picture first, the mosaic below it. It is
    64 x 64 pixels where it is no JPEG."""
    values = mosaic(light)
    pixels = values.astype("<u2").tobytes()
    start = 8 + len(pixels) + len(preview)
    fields = _main(values.shape, len(pixels), 1)
    whole = [field for field in fields if field[0] in (271, 272) or field[0] > 50717]
    whole += [(50706, 1, 4, bytes((1, 4, 0, 0)))]
    whole += _small(8 + len(pixels), len(preview), is_jpeg=is_jpeg)
    below = start + len(_directory([*whole, _longs(_BELOW, 0)], 0))
    said = {field[0] for field in whole} - {254, 256, 257, 258, 259, 262, 273, 277, 278, 279}
    tables = _directory([*whole, _longs(_BELOW, below)], start)
    tables += _directory([field for field in fields if field[0] not in said], below)
    return b"II*\0" + struct.pack("<I", start) + pixels + preview + tables


def gray_dng(light: NDArray[np.floating]) -> bytes:
    """What a sensor without colours sees of the green of a scene."""
    values = np.asarray(np.rint(BLACK + light[..., 1] * (WHITE - BLACK)), np.uint16)
    pixels = values.astype("<u2").tobytes()
    of_colours = {33421, 33422, 50721, 50728, 50778}
    fields = [one for one in _main(values.shape, len(pixels), 1) if one[0] not in of_colours]
    fields = [_shorts(262, 34892) if one[0] == 262 else one for one in fields]
    start = 8 + len(pixels)
    return b"II*\0" + struct.pack("<I", start) + pixels + _directory(fields, start)


def _main(
    shape: tuple[int, ...], size: int, orientation: int, array: FilterArray = BAYER
) -> list[_Field]:
    height, width = shape
    return [
        *(_longs(254, 0), _longs(256, width), _longs(257, height), _shorts(258, 16)),
        *(_shorts(259, 1), _shorts(262, 32803), _texts(271, "Maker"), _texts(272, "Model")),
        *(_longs(273, 8), _shorts(274, orientation), _shorts(277, 1), _longs(278, height)),
        *(_longs(279, size), _shorts(33421, array.period, array.period)),
        (33422, 1, array.colours.size, array.colours.tobytes()),
        *((50706, 1, 4, bytes((1, 4, 0, 0))), _texts(50708, "Maker Model")),
        *(_shorts(_BLACKS, BLACK), _shorts(50717, WHITE), _shorts(50778, _D65)),
        *(_fractions(50721, *_XYZ_TO_P3), (50728, 5, 3, struct.pack("<6I", *(1,) * 6))),
    ]


def _small(place: int, size: int, *, is_jpeg: bool = True) -> list[_Field]:
    return [
        *(_longs(254, 1), _longs(256, 64), _longs(257, 64), _shorts(258, 8, 8, 8)),
        *(_shorts(259, 7 if is_jpeg else 1), _shorts(262, 6 if is_jpeg else 2)),
        *(_longs(273, place), _shorts(277, 3)),
        *(_longs(278, 64), _longs(279, size)),
    ]


def _directory(fields: list[_Field], start: int, following: int = 0) -> bytes:
    fields = sorted(fields)
    table, values = struct.pack("<H", len(fields)), b""
    behind = start + 2 + 12 * len(fields) + 4
    for tag, kind, count, value in fields:
        stored = value.ljust(4, b"\0")
        if len(value) > 4:
            stored = struct.pack("<I", behind + len(values))
            values += value + bytes(len(value) % 2)
        table += struct.pack("<HHI", tag, kind, count) + stored
    return table + struct.pack("<I", following) + values


def _shorts(tag: int, *values: int) -> _Field:
    return tag, 3, len(values), struct.pack(f"<{len(values)}H", *values)


def _longs(tag: int, *values: int) -> _Field:
    return tag, 4, len(values), struct.pack(f"<{len(values)}I", *values)


def _texts(tag: int, text: str) -> _Field:
    return tag, 2, len(text) + 1, text.encode() + b"\0"


def _fractions(tag: int, *values: float) -> _Field:
    pairs = (number for value in values for number in (round(value * 10**6), 10**6))
    return tag, 10, len(values), struct.pack(f"<{2 * len(values)}i", *pairs)
