"""Tiny files for the tests of reading and writing, made by other programs' code than ours."""

from __future__ import annotations

import io
import struct
import zlib
from functools import lru_cache
from pathlib import Path

import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

from engine.photo import Photo

XMP = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="uuid:1" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/" tiff:Orientation="6" tiff:ImageWidth="40">'
    b"<dc:title>Gr\xc3\xbc\xc3\x9fe &amp; more</dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"
    b'<?xpacket end="w"?>'
)
IPTC = b"\x1c\x02\x69\x00\x05Title"


def whole_numbers(
    bits: int, channels: int = 3, height: int = 23, width: int = 37
) -> NDArray[np.uint8 | np.uint16]:
    """Noise with black and white in it; (h, w) for one channel, else (h, w, channels)."""
    rng = np.random.default_rng(bits + channels)
    kind = np.uint8 if bits == 8 else np.uint16
    values = rng.integers(0, 2**bits, (height, width, channels), dtype=kind)
    values[0, 0], values[0, 1] = 0, 2**bits - 1
    return values[..., 0] if channels == 1 else values


def four_corners(height: int = 32, width: int = 48) -> NDArray[np.uint8]:
    """Red, green, blue and yellow quarters: clockwise from the upper left, upright."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[: height // 2, : width // 2] = (255, 0, 0)
    picture[: height // 2, width // 2 :] = (0, 255, 0)
    picture[height // 2 :, width // 2 :] = (0, 0, 255)
    picture[height // 2 :, : width // 2] = (255, 255, 0)
    return picture


def turned(upright: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """What a camera stores so that `orientation` brings it upright (EXIF 2.3, table 6).

    Row 0 and column 0 of what is stored are these sides of the upright picture: 1 top left,
    2 top right, 3 bottom right, 4 bottom left, 5 left top, 6 right top, 7 right bottom,
    8 left bottom.
    """
    rows, columns = {
        1: ("top", "left"),
        2: ("top", "right"),
        3: ("bottom", "right"),
        4: ("bottom", "left"),
        5: ("left", "top"),
        6: ("right", "top"),
        7: ("right", "bottom"),
        8: ("left", "bottom"),
    }[orientation]
    picture = upright if rows in ("top", "bottom") else upright.transpose(1, 0, 2)
    if rows in ("bottom", "right"):
        picture = picture[::-1]
    if columns in ("bottom", "right"):
        picture = picture[:, ::-1]
    return np.ascontiguousarray(picture)


def exif(
    orientation: int = 1, width: int = 37, height: int = 23, *, thumbnail: bool = False
) -> bytes:
    """Bare EXIF with camera, time, place, size and maker note."""
    made = Image.Exif()
    made[271], made[272], made[274] = "Maker", "Model", orientation
    made[282], made[283], made[296] = 240.0, 240.0, 2
    inner = made.get_ifd(34665)
    inner[36867] = "2020:02:03 04:05:06"
    inner[40962], inner[40963] = width, height
    inner[37500] = b"maker note " * 9
    place = made.get_ifd(34853)
    place[1], place[2] = "N", (52.0, 31.0, 12.5)
    place[3], place[4] = "E", (13.0, 24.0, 36.0)
    bare = made.tobytes().removeprefix(b"Exif\0\0")
    return with_thumbnail(bare) if thumbnail else bare


def with_thumbnail(bare: bytes) -> bytes:
    """EXIF with a second directory and a small JPEG at the end, as cameras write it."""
    order = "<" if bare[:2] == b"II" else ">"
    (first,) = struct.unpack_from(order + "I", bare, 4)
    (count,) = struct.unpack_from(order + "H", bare, first)
    small = jpeg_bytes(np.full((8, 8, 3), 99, np.uint8))
    start = len(bare) + len(bare) % 2
    data = bytearray(bare.ljust(start, b"\0"))
    struct.pack_into(order + "I", data, first + 2 + 12 * count, start)
    entries = ((513, start + 30), (514, len(small)))
    table = struct.pack(order + "H", 2)
    table += b"".join(struct.pack(order + "HHII", tag, 4, 1, value) for tag, value in entries)
    return bytes(data) + table + bytes(4) + small


def gps_of(bare: bytes) -> dict[int, object]:
    """The place in EXIF, as Pillow understands it."""
    read = Image.Exif()
    read.load(b"Exif\0\0" + bare)
    return dict(read.get_ifd(34853))


def tag_of(bare: bytes, tag: int, directory: int = 0) -> object:
    read = Image.Exif()
    read.load(b"Exif\0\0" + bare)
    return read.get_ifd(directory).get(tag) if directory else read.get(tag)


def jpeg_bytes(values: NDArray[np.uint8], quality: int = 95) -> bytes:
    out = io.BytesIO()
    Image.fromarray(values).save(out, "JPEG", quality=quality, subsampling=0)
    return out.getvalue()


def with_segments(jpeg: bytes, *segments: tuple[int, bytes]) -> bytes:
    """The JPEG file with more segments behind its first."""
    rest = 4 + int.from_bytes(jpeg[4:6], "big")
    added = b"".join(struct.pack(">BBH", 0xFF, m, len(body) + 2) + body for m, body in segments)
    return jpeg[:rest] + added + jpeg[rest:]


def png_with(values: NDArray[np.uint8 | np.uint16], *chunks: tuple[bytes, bytes]) -> bytes:
    encoded = imagecodecs.png_encode(values)
    added = b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    return bytes(encoded[:33]) + added + bytes(encoded[33:])


@lru_cache(maxsize=1)  # a profile tells the second in which it was made
def p3_icc() -> bytes:
    """Display P3 with a gamma of 2.2."""
    return imagecodecs.cms_profile(
        "rgb",
        whitepoint=(0.3127, 0.329, 1.0),
        primaries=(0.68, 0.32, 1.0, 0.265, 0.69, 1.0, 0.15, 0.06, 1.0),
        gamma=2.2,
    )


def read_back(path: Path) -> NDArray[np.generic]:
    """The file's numbers, decoded by someone else."""
    if path.suffix == ".tif":
        return tifffile.imread(path)
    if path.suffix == ".png":
        return imagecodecs.png_decode(path.read_bytes())
    with Image.open(path) as image:
        return np.asarray(image)


def photo(bits: int = 8, channels: int = 3) -> Photo:
    """A photo without a file; two or four channels have alpha."""
    values = whole_numbers(bits, channels).reshape(23, 37, channels)
    floats = values.astype(np.float32) / np.float32(2**bits - 1)
    colours = floats[..., :1] if channels < 3 else floats[..., :3]
    return Photo(
        pixels=np.ascontiguousarray(np.broadcast_to(colours, (23, 37, 3))),
        alpha=np.ascontiguousarray(floats[..., -1]) if channels in (2, 4) else None,
        bits=bits,
        gray=channels < 3,
    )


def close(
    photo: Photo, values: NDArray[np.generic], full_scale: float, tolerance: float = 0
) -> None:
    """Fail unless the photo shows these numbers of a file, gray or RGB."""
    expected = values.astype(np.float32) / np.float32(full_scale)
    if expected.ndim == 2:
        expected = np.repeat(expected[..., None], 3, axis=2)
    np.testing.assert_allclose(photo.pixels, expected, atol=tolerance, rtol=0)
