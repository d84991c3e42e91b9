"""Reading HEIC, as telephones write it, by libheif."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine import metadata
from engine.formats.boxes import is_whole
from engine.formats.raster import Header, Raster, Unreadable, channels_of, icc_of_numbers
from engine.photo import Metadata

if TYPE_CHECKING:
    from pi_heif import HeifFile

_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"heif")
_NEEDED = frozenset((b"ftyp", b"meta", b"mdat", b"moov"))
"""Boxes of the picture. What telephones append to it need not be boxes at all."""


def matches(start: bytes) -> bool:
    return start[4:8] == b"ftyp" and start[8:12] in _BRANDS


def survey(path: Path) -> Header:
    file = _opened(path)
    info = file.info
    # libheif has turned the picture already
    exif = (info.get("exif") or b"").removeprefix(b"Exif\0\0")
    exif = metadata.exif_without_orientation(exif)
    icc, note = _icc(file)
    width, height = file.size
    return Header(
        width=width,
        height=height,
        bits=8 if info["bit_depth"] <= 8 else 16,
        icc=icc,
        metadata=Metadata(exif=exif, xmp=info.get("xmp") or b"", dpi=metadata.dpi_in(exif)),
        warnings=tuple(filter(None, (note, _others(file)))),
    )


def decode(path: Path) -> Raster:
    file = _opened(path)
    depth = int(file.info["bit_depth"])
    samples = np.array(file)  # a copy: its own memory ends with `file`
    # deeper ones are 16 bits wide, with zeros below
    spare = 0 if depth <= 8 else 16 - depth
    return Raster(
        samples=samples,
        channels=channels_of(samples),
        full_scale=float((2 ** max(depth, 8) - 1) << spare),
        bits=8 if depth <= 8 else 16,
        premultiplied=bool(file.premultiplied_alpha),
    )


def _opened(path: Path) -> HeifFile:
    """The main picture of the file; its pixels are decoded when they are asked for."""
    # here: it loads a library that a photo of another kind does not need
    import pi_heif

    data = path.read_bytes()
    if not is_whole(data, _NEEDED):  # libheif leaves gray what is missing
        raise Unreadable("is damaged or cut short")
    return pi_heif.open_heif(data, convert_hdr_to_8bit=False)


def _icc(file: HeifFile) -> tuple[bytes, str]:
    """The profile, and what to tell the user."""
    icc = file.info.get("icc_profile") or b""
    numbers = file.info.get("nclx_profile")
    if icc or not numbers:
        return icc, ""
    return icc_of_numbers(int(numbers["color_primaries"]), int(numbers["transfer_characteristics"]))


def _others(file: HeifFile) -> str:
    return f"It holds {len(file)} pictures; only the main one was read." if len(file) > 1 else ""
