"""Reading JPEG XL files.

The decoder at hand gives samples without saying their depth, their colour space or how the picture
was turned, so the first fields of the codestream are read here (ISO 18181-1, annexes D and E).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import imagecodecs
import numpy as np

from engine import metadata
from engine.formats import jpeg
from engine.formats.boxes import boxes_in
from engine.formats.raster import (
    ANIMATION_NOTE,
    Header,
    Raster,
    Unreadable,
    channels_of,
    icc_of_numbers,
)
from engine.photo import Metadata

_CONTAINER = b"\0\0\0\x0cJXL \r\n\x87\n"
_STREAM = b"\xff\x0a"
_RATIOS = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}
_GRAY, _XYB = 1, 2
_CUSTOM = 2
_SRGB_CURVE = 13
_ALPHA, _SPOT, _FILTER = 0, 2, 5
_MOST_CHANNELS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stream:
    """The facts of a codestream. `primaries` and `curve` have the numbers of ITU-T H.273."""

    width: int
    height: int
    is_animated: bool = False
    bits: int = 8
    is_float: bool = False
    premultiplied: bool = False
    has_icc: bool = False
    primaries: int = 1
    curve: int = _SRGB_CURVE

    @property
    def photo_bits(self) -> int:
        """The depth of a photo that holds them."""
        return 32 if self.is_float or self.bits > 16 else 8 if self.bits <= 8 else 16


def matches(start: bytes) -> bool:
    return start.startswith((_CONTAINER, _STREAM))


def survey(path: Path) -> Header:
    data = path.read_bytes()
    if original := _original_jpeg(data):
        return jpeg.surveyed(original)
    stream = _stream(data)
    notes, icc = [], b""
    if stream.is_animated:
        notes.append(ANIMATION_NOTE)
    if stream.has_icc:
        notes.append("Its colour profile cannot be read from JPEG XL; it is taken as sRGB.")
    else:
        icc, note = icc_of_numbers(stream.primaries, stream.curve)
        notes += [note] if note else []
    boxes = list(boxes_in(data)) if data.startswith(_CONTAINER) else []
    # A box of EXIF opens with the offset of the TIFF structure. Boxes may be brotli-compressed.
    found = dict(_opened(name, body) for name, body in boxes)
    block = found.get(b"Exif", b"")
    exif = block[4 + int.from_bytes(block[:4], "big") :]
    return Header(
        width=stream.width,
        height=stream.height,
        bits=stream.photo_bits,
        icc=icc,
        metadata=Metadata(exif=exif, xmp=found.get(b"xml ", b""), dpi=metadata.dpi_in(exif)),
        warnings=tuple(notes),
    )


def decode(path: Path) -> Raster:
    """Upright already: the decoder turns the picture itself."""
    data = path.read_bytes()
    if original := _original_jpeg(data):
        return jpeg.decoded(original)
    stream = _stream(data)
    samples = imagecodecs.jpegxl_decode(data, index=0 if stream.is_animated else None)
    if samples.dtype.kind == "f":
        samples = samples.astype(np.float32)
    return Raster(
        samples=samples,
        channels=channels_of(samples),
        full_scale=1.0 if samples.dtype.kind == "f" else float(2 ** max(stream.bits, 8) - 1),
        bits=stream.photo_bits,
        premultiplied=stream.premultiplied,
    )


def _original_jpeg(data: bytes) -> bytes:
    """The JPEG file, profile and all, that this one was made from without loss, if it was."""
    if b"jbrd" not in data[:1_000_000] or not data.startswith(_CONTAINER):
        return b""
    if not any(name == b"jbrd" for name, _ in boxes_in(data)):
        return b""
    return bytes(imagecodecs.jpegxl_decode_jpeg(data, numthreads=2))


def _opened(name: bytes, body: bytes) -> tuple[bytes, bytes]:
    if name == b"brob" and body[:4] in (b"Exif", b"xml "):
        return body[:4], bytes(imagecodecs.brotli_decode(body[4:]))
    return name, body


def _stream(data: bytes) -> _Stream:
    if data.startswith(_STREAM):
        return _facts(_Bits(data[2:4096]))
    for name, body in boxes_in(data):
        start = body if name == b"jxlc" else body[4:] if name == b"jxlp" else b""
        if start.startswith(_STREAM):
            return _facts(_Bits(start[2:4096]))
    raise Unreadable("is damaged or cut short")


class _Bits:
    """Reads numbers from the lowest bit of the first byte on; raises `Unreadable` at the end."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "little")
        self._left = len(data) * 8

    def take(self, count: int) -> int:
        if count > self._left:
            raise Unreadable("is damaged or cut short")
        number = self._value & ((1 << count) - 1)
        self._value >>= count
        self._left -= count
        return number

    def flag(self) -> bool:
        return bool(self.take(1))

    def choice(self, *ways: tuple[int, int]) -> int:
        """One of four ways, each a base and a count of bits to add."""
        base, count = ways[self.take(2)]
        return base + self.take(count)

    def enum(self) -> int:
        return self.choice((0, 0), (1, 0), (2, 4), (18, 6))


def _facts(bits: _Bits) -> _Stream:
    width, height = _size(bits)
    if bits.flag():  # everything as usual
        return _Stream(width=width, height=height)
    is_animated = bits.flag() and _skipped_extras(bits)
    is_float, depth = _depth(bits)
    bits.take(1)
    count = bits.choice((0, 0), (1, 0), (2, 4), (1, 12))
    if count > _MOST_CHANNELS:
        raise Unreadable("has an unusual number of channels")
    premultiplied = [_channel(bits) for _ in range(count)]
    bits.take(1)
    has_icc, primaries, curve = _colours(bits)
    return _Stream(
        width=width,
        height=height,
        is_animated=is_animated,
        bits=depth,
        is_float=is_float,
        premultiplied=any(premultiplied),
        has_icc=has_icc,
        primaries=primaries,
        curve=curve,
    )


def _size(bits: _Bits) -> tuple[int, int]:
    small = bits.flag()

    def side() -> int:
        if small:
            return (bits.take(5) + 1) * 8
        return bits.choice((1, 9), (1, 13), (1, 18), (1, 30))

    height = side()
    ratio = bits.take(3)
    if ratio == 0:
        return side(), height
    above, below = _RATIOS[ratio]
    return height * above // below, height


def _skipped_extras(bits: _Bits) -> bool:
    """Orientation, display size and preview, none of which matter here; whether it is animated."""
    bits.take(3)
    if bits.flag():
        _size(bits)
    if bits.flag():
        _skip_preview(bits)
    if not bits.flag():
        return False
    bits.choice((100, 0), (1000, 0), (1, 10), (1, 30))
    bits.choice((1, 0), (1001, 0), (1, 8), (1, 10))
    bits.choice((0, 0), (0, 3), (0, 16), (0, 32))
    bits.take(1)
    return True


def _skip_preview(bits: _Bits) -> None:
    if bits.flag():
        ways = ((16, 0), (32, 0), (1, 5), (33, 9))
    else:
        ways = ((1, 6), (65, 8), (321, 10), (1345, 12))
    bits.choice(*ways)
    if bits.take(3) == 0:
        bits.choice(*ways)


def _depth(bits: _Bits) -> tuple[bool, int]:
    if bits.flag():
        depth = bits.choice((32, 0), (16, 0), (24, 0), (1, 6))
        bits.take(4)
        return True, depth
    return False, bits.choice((8, 0), (10, 0), (12, 0), (1, 6))


def _channel(bits: _Bits) -> bool:
    """Skip the facts of an extra channel; whether it is an alpha that multiplies the colours."""
    if bits.flag():
        return False
    kind = bits.enum()
    _depth(bits)
    bits.choice((0, 0), (3, 0), (4, 0), (1, 3))
    bits.take(8 * bits.choice((0, 0), (0, 4), (16, 5), (48, 10)))
    if kind == _ALPHA:
        return bits.flag()
    if kind == _SPOT:
        bits.take(64)
    elif kind == _FILTER:
        bits.choice((1, 0), (0, 2), (3, 4), (19, 8))
    return False


def _colours(bits: _Bits) -> tuple[bool, int, int]:
    """Whether there is an ICC profile, else primaries and transfer curve; 0 for custom ones."""
    if bits.flag():
        return False, 1, _SRGB_CURVE
    has_icc, space = bits.flag(), bits.enum()
    if has_icc:
        return True, 0, 0
    primaries, white = 1, 1
    if space != _XYB:
        white = bits.enum()
        if white == _CUSTOM:
            _skip_points(bits, 1)
    if space not in (_GRAY, _XYB):
        primaries = bits.enum()
        if primaries == _CUSTOM:
            _skip_points(bits, 3)
    curve = 0
    if space != _XYB:
        curve = 0 if bits.flag() and bits.take(24) else bits.enum()
    # White 1 is D65, which H.273 makes part of the primaries, as it does for P3 (12, not 11).
    known = {1: 1, 9: 9, 11: 12}.get(primaries, 0) if white == 1 else 0
    return False, known, curve


def _skip_points(bits: _Bits, count: int) -> None:
    for _ in range(2 * count):
        bits.choice((0, 19), (524288, 19), (1048576, 20), (2097152, 21))
