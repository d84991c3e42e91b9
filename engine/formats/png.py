"""PNG files: chunks around pixels of 8 or 16 bits."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import imagecodecs

from engine import metadata
from engine.formats.order import Order, samples_of
from engine.formats.raster import (
    ANIMATION_NOTE,
    Header,
    Raster,
    Samples,
    Unreadable,
    icc_of_numbers,
    raster_of,
)
from engine.icc import gamma_icc
from engine.photo import KeyedText, Metadata

MAX_SIDE = 1_000_000
"""libpng's own limit."""
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_XMP_KEYWORD = b"XML:com.adobe.xmp"
_COMMENT_KEYWORD = b"Comment"
_PIXEL_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_TEXT_CHUNKS = (b"tEXt", b"zTXt", b"iTXt")
_MOST_TEXT = 64 << 20
"""Bytes that a compressed chunk of metadata may grow to."""
_MOST_CARRIED = 4 << 20
"""Bytes of all texts that are carried along; some programs keep how a picture was made there."""
_COMPRESSION = 3
"""A tenth larger than level 6 at a third of the time."""
_PER_METRE = 0.0254


@dataclass(frozen=True, slots=True)
class Chunk:
    name: bytes
    body: bytes


def matches(start: bytes) -> bool:
    return start.startswith(_SIGNATURE)


def survey(path: Path) -> Header:
    chunks = list(_chunks(path.read_bytes()))
    if not chunks or chunks[0].name != b"IHDR" or len(chunks[0].body) < 8:
        raise Unreadable("is damaged: the part that tells the size of the picture is missing")
    width, height = struct.unpack_from(">II", chunks[0].body)
    texts = _texts(chunks)
    carried, text_note = _carried(chunks)
    raw_exif, xmp, iptc = _blocks(chunks, texts)
    icc, icc_note = _icc(chunks)
    dpi = _density(chunks) or metadata.dpi_in(raw_exif)
    animated = any(c.name == b"acTL" and int.from_bytes(c.body[:4], "big") > 1 for c in chunks)
    return Header(
        width=width,
        height=height,
        orientation=metadata.orientation_in(raw_exif, xmp),
        icc=icc,
        metadata=Metadata(
            exif=raw_exif,
            xmp=xmp,
            iptc=iptc,
            comment=metadata.comment_of(texts.get(_COMMENT_KEYWORD.lower(), b"")),
            texts=carried,
            dpi=dpi,
        ),
        warnings=tuple(filter(None, (ANIMATION_NOTE if animated else "", icc_note, text_note))),
    )


def decode(path: Path) -> Raster:
    return raster_of(imagecodecs.png_decode(_bare(path.read_bytes())))


def write(order: Order, out: BinaryIO) -> tuple[str, ...]:
    """8 or 16 bits, with alpha if there is one."""
    samples = samples_of(order.photo, order.bits)
    encoded = imagecodecs.png_encode(samples, level=_COMPRESSION, out=_room_for(samples))
    del samples
    after_header = len(_SIGNATURE) + 25
    out.write(encoded[:after_header])
    for chunk in _metadata_chunks(order):
        body = chunk.name + chunk.body
        out.write(struct.pack(">I", len(chunk.body)) + body)
        out.write(struct.pack(">I", zlib.crc32(body)))
    out.write(memoryview(encoded)[after_header:])
    return ()


def _room_for(samples: Samples) -> int:
    """Bytes that the file of these samples, without metadata, has at most.

    imagecodecs' own guess forgets the byte by which each row names its filter, of which a narrow
    picture has as many as samples. Beyond them noise grows by a five hundredth: the heads of chunks
    of 8 KiB, and those of zlib's blocks.
    """
    raw = samples.nbytes + len(samples)
    return raw + raw // 128 + (1 << 16)


def _spans(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of every chunk, the last perhaps cut short."""
    place = len(_SIGNATURE)
    while place + 8 <= len(data):
        end = place + 12 + int.from_bytes(data[place : place + 4], "big")
        yield data[place + 4 : place + 8], place, end
        place = end


def _chunks(data: bytes) -> Iterator[Chunk]:
    """All whole chunks but those of the pixels."""
    for name, start, end in _spans(data):
        if name not in (b"IDAT", b"fdAT") and end <= len(data):
            yield Chunk(name, data[start + 8 : end - 4])


def _bare(data: bytes) -> bytes:
    """The file without its metadata, on which libpng would remark to the console."""
    view = memoryview(data)
    parts = [view[start:end] for name, start, end in _spans(data) if name in _PIXEL_CHUNKS]
    return b"".join([_SIGNATURE, *parts])


def _icc(chunks: list[Chunk]) -> tuple[bytes, str]:
    """The profile, or one made from the numbers that newer files hold in its place."""
    found = {chunk.name: chunk.body for chunk in chunks}
    if b"iCCP" in found:
        icc = _inflated(found[b"iCCP"].partition(b"\0")[2][1:])
        return icc, "" if icc else "Its colour profile is damaged; its colours are taken as sRGB."
    numbers = found.get(b"cICP", b"")
    if len(numbers) == 4:
        return icc_of_numbers(numbers[0], numbers[1])
    return b"" if b"sRGB" in found else _icc_of_gamma(found), ""


def _icc_of_gamma(found: dict[bytes, bytes]) -> bytes:
    """From the chunks by which PNG told its colours before it had profiles. A gamma alone is as
    often wrong as right, and browsers pass over it as well."""
    gamma, points = found.get(b"gAMA", b""), found.get(b"cHRM", b"")
    if len(gamma) != 4 or len(points) != 32 or gamma == bytes(4):
        return b""
    chromaticities = [number / 100_000 for number in struct.unpack(">8I", points)]
    is_gray = found[b"IHDR"][9:10] in (b"\0", b"\4")
    return gamma_icc(100_000 / int.from_bytes(gamma, "big"), chromaticities, gray=is_gray)


def _density(chunks: list[Chunk]) -> tuple[float, float] | None:
    for chunk in chunks:
        if chunk.name == b"pHYs" and len(chunk.body) >= 9:
            x, y, unit = struct.unpack_from(">IIB", chunk.body)
            if unit == 1 and x and y:
                return _per_inch(x), _per_inch(y)
    return None


def _per_inch(per_metre: int) -> float:
    """The whole number of dots per inch that was meant, if there is one."""
    nearest = round(per_metre * _PER_METRE)
    is_meant = round(nearest / _PER_METRE) == per_metre
    return float(nearest) if is_meant else per_metre * _PER_METRE


def _texts(chunks: list[Chunk]) -> dict[bytes, bytes]:
    """All texts by their keywords in small letters."""
    found = {}
    for chunk in chunks:
        if chunk.name in _TEXT_CHUNKS:
            keyword, _, rest = chunk.body.partition(b"\0")
            found[keyword.lower()] = _text(chunk.name, rest, _MOST_TEXT)[0]
    return found


def _carried(chunks: list[Chunk]) -> tuple[tuple[KeyedText, ...], str]:
    """The texts that have no field of their own, each once, and a sentence if some are too long."""
    found: dict[KeyedText, None] = {}
    room, note = _MOST_CARRIED, ""
    for chunk in chunks:
        keyword, _, rest = chunk.body.partition(b"\0")
        if chunk.name not in _TEXT_CHUNKS or not 0 < len(keyword) < 80 or _has_field(keyword):
            continue
        text, language, translated = _text(chunk.name, rest, room + 1)
        if len(text) + len(translated) > room:
            note = "Some of its texts are too long and were left out."
        elif text:
            room -= len(text) + len(translated)
            read = KeyedText(
                keyword=keyword.decode("latin-1"),
                text=_plain(text),
                language=language.decode("latin-1"),
                translated=_plain(translated),
            )
            found[read] = None
    return tuple(found), note


def _has_field(keyword: bytes) -> bool:
    """Whether `Metadata` has what a text of this keyword holds."""
    known = keyword.lower()
    own = (_COMMENT_KEYWORD.lower(), _XMP_KEYWORD.lower())
    return known in own or known.startswith(b"raw profile type")


def _plain(text: bytes) -> str:
    return metadata.comment_of(text).replace("\0", "")


def _blocks(chunks: list[Chunk], found: dict[bytes, bytes]) -> tuple[bytes, bytes, bytes]:
    """EXIF, XMP and IPTC, from their own chunks or in the hexadecimal writing of ImageMagick."""
    raw_exif = next((c.body for c in chunks if c.name == b"eXIf"), b"")
    for key in (b"raw profile type exif", b"raw profile type app1"):
        block = _from_hexadecimal(found.get(key, b""))
        if block.startswith(b"Exif\0\0") or (block and key.endswith(b"exif")):
            raw_exif = raw_exif or block.removeprefix(b"Exif\0\0")
    xmp = found.get(_XMP_KEYWORD.lower()) or _from_hexadecimal(
        found.get(b"raw profile type xmp", b"")
    )
    block = _from_hexadecimal(found.get(b"raw profile type iptc", b""))
    return raw_exif, xmp, metadata.iptc_in(block) if block.startswith(b"8BIM") else block


def _text(kind: bytes, rest: bytes, most: int) -> tuple[bytes, bytes, bytes]:
    """A text, its language and its keyword in that; of a compressed one at most so many bytes."""
    if kind == b"tEXt":
        return rest, b"", b""
    if kind == b"zTXt":
        return _inflated(rest[1:], most), b"", b""
    language, _, more = rest[2:].partition(b"\0")
    translated, _, text = more.partition(b"\0")
    compressed = rest[:1] == b"\1"
    return _inflated(text, most) if compressed else text, language, translated


def _inflated(data: bytes, most: int = _MOST_TEXT) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, most)
    except zlib.error:
        return b""


def _from_hexadecimal(text: bytes) -> bytes:
    found = re.fullmatch(rb"\s*\w+\s+\d+\s+([0-9a-fA-F\s]*)", text)
    if not found:
        return b""
    try:
        return bytes.fromhex(found.group(1).decode())
    except ValueError:
        return b""


def _metadata_chunks(order: Order) -> Iterator[Chunk]:
    carried = order.metadata
    if order.icc:
        yield Chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(order.icc))
    if carried.dpi:
        x, y = (round(value / _PER_METRE) for value in carried.dpi)
        yield Chunk(b"pHYs", struct.pack(">IIB", x, y, 1))
    if carried.exif:
        yield Chunk(b"eXIf", carried.exif)
    if carried.xmp:
        yield Chunk(b"iTXt", _XMP_KEYWORD + b"\0\0\0\0\0" + carried.xmp)
    if carried.comment:
        yield Chunk(b"iTXt", _COMMENT_KEYWORD + b"\0\0\0\0\0" + carried.comment.encode())
    for one in carried.texts:
        yield _text_chunk(one)
    if carried.iptc:
        resources = metadata.resources_of(carried.iptc)
        text = f"\niptc\n{len(resources):8}\n{resources.hex()}\n".encode()
        yield Chunk(b"zTXt", b"Raw profile type iptc\0\0" + zlib.compress(text))


def _text_chunk(one: KeyedText) -> Chunk:
    """The oldest kind that holds it, which the most programs read."""
    keyword, text = one.keyword.encode("latin-1"), one.text.encode("utf-8", "replace")
    if one.text.isascii() and not one.language and not one.translated:
        return Chunk(b"tEXt", keyword + b"\0" + text)
    language = one.language.encode("latin-1")
    head = keyword + b"\0\0\0" + language + b"\0" + one.translated.encode("utf-8", "replace")
    return Chunk(b"iTXt", head + b"\0" + text)
