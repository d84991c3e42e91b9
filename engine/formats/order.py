"""What a writer of one file format is given, and how floats become the integers of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from engine.formats.gain_map import GainMap
from engine.formats.raster import Samples
from engine.photo import FloatArray, Metadata, Photo

_PIXELS_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """A picture as a file of the same format has it coded, without what is said about it."""

    opening: bytes
    """What comes before what is said about it."""
    rest: bytes
    """And what comes behind that."""
    tells_dpi: bool
    width: int
    height: int
    """As it is stored: `orientation` tells how that is turned."""
    orientation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How a photo is to be written.

    `bits` is a depth the writer offers. `metadata` and `icc` fit the photo as it is now, or
    `coded`, which is written in its place where it is given. `gain_map` lies as either does.
    """

    photo: Photo
    bits: int
    quality: int
    icc: bytes
    metadata: Metadata
    coded: Coded | None = None
    gain_map: GainMap | None = None


@dataclass(frozen=True, slots=True)
class Writer:
    """How one format is written."""

    title: str
    depths: tuple[int, ...]
    """Bits per channel it can hold, rising; 32 is float."""
    max_side: int
    has_alpha: bool
    write: Callable[[Order, BinaryIO], tuple[str, ...]]
    """Returns sentences for the user about metadata that did not fit."""
    has_gray: bool = True
    """Whether a gray photo stays one; else it becomes RGB, whose readers ignore a gray profile."""
    gray_needs_gray: bool = False
    """Whether a gray picture's profile has to be one for gray; other programs ignore any other."""
    max_pixels: int | None = None
    needs_light: bool = False
    """Whether it takes none but photos whose light is known, those of RAW files."""
    has_texts: bool = False
    """Whether it holds texts by keyword; else EXIF takes those it knows."""
    matches: Callable[[bytes], bool] | None = None
    """Whether a file that begins so is of this format, where something of one can be kept."""
    coded_in: Callable[[bytes], Coded | None] | None = None
    """What is coded in a file, if that can be written again; None where coding loses nothing, and
    where it cannot."""
    gain_map_in: Callable[[bytes], GainMap | None] | None = None
    """What tells HDR screens how much brighter to show the picture of a file, where the format has
    room for that."""
    is_lossless: Callable[[bytes], bool] | None = None
    """Whether a file of a format that can lose something or nothing loses nothing, as with the
    quality 100; None where the format has no choice."""

    def end(self, width: int, height: int) -> str:
        """Where the format ends, for a picture that is too large for it; else empty."""
        if max(width, height) > self.max_side:
            return f"{self.title} ends at {self.max_side} pixels a side"
        if self.max_pixels is not None and width * height > self.max_pixels:
            return f"{self.title} ends at {self.max_pixels / 1e6:.0f} megapixels"
        return ""


def samples_of(photo: Photo, bits: int) -> Samples:
    """The whole photo as integers: (h, w) or (h, w, channels), uint8 or uint16, with its alpha."""
    count = channel_count(photo)
    shape = (photo.height, photo.width, count) if count > 1 else (photo.height, photo.width)
    result = np.empty(shape, np.uint8 if bits == 8 else np.uint16)
    top = 0
    for strip in strips_of(photo, bits, max(1, _PIXELS_AT_ONCE // photo.width)):
        result[top : top + len(strip)] = strip.reshape(-1, *shape[1:])
        top += len(strip)
    return result


def strips_of(photo: Photo, bits: int, rows: int) -> Iterator[Samples]:
    """The photo from top to bottom in strips (rows, w, channels); float32 where `bits` is 32.

    A gray photo has one colour channel; alpha, if there, comes last.
    """
    for top in range(0, photo.height, rows):
        here = slice(top, top + rows)
        parts: list[FloatArray] = [photo.pixels[here, :, :1] if photo.gray else photo.pixels[here]]
        if photo.alpha is not None:
            parts.append(photo.alpha[here][..., None])
        strip = np.concatenate(parts, axis=2)
        yield strip if bits == 32 else _quantised(strip, bits)


def channel_count(photo: Photo) -> int:
    return (1 if photo.gray else 3) + (photo.alpha is not None)


def _quantised(strip: FloatArray, bits: int) -> Samples:
    """To the nearest integer, so that what was read from integers becomes those again."""
    full_scale = np.float32(2**bits - 1)
    strip *= full_scale
    np.rint(strip, out=strip)
    np.clip(strip, 0, full_scale, out=strip)
    return strip.astype(np.uint8 if bits == 8 else np.uint16)
