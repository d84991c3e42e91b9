"""How a photo is made to fit a file format: what is written of it, and what has to be left out."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from engine import metadata
from engine.colour import is_srgb, to_srgb
from engine.errors import CannotSave
from engine.files import shown
from engine.formats.developing import upright
from engine.formats.gain_map import GainMap
from engine.formats.order import Coded, Order, Writer
from engine.icc import colour_space, srgb_icc
from engine.photo import SRGB, Metadata, Photo, Profile, floats
from engine.stamps import Stamp

FAITHFUL = 90
"""The least quality of who wants a photo as it is, not a small file."""
_NO_GAIN_MAP = "Its HDR gain map was left out."
_START = 64
"""Bytes of a file that tell its format."""
_STRIP = 512
"""Rows converted at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveOptions:
    """How a photo is written; what is not said here is decided by the suffix and the photo."""

    overwrite: bool = False
    """Whether a file of that name may be replaced; the photo's own source never is."""
    jpeg_quality: int = 95
    """1 to 100, for WebP and AVIF too; JPEG keeps colour in full resolution (4:4:4).

    From `FAITHFUL` on nothing is coded anew in which nothing was changed, and a WebP file without
    loss becomes one again."""
    bits: int | None = None
    """Per channel: 8, 16 or 32 (float); None for the photo's own, or the next the format has."""
    recipe: str = ""
    """JSON text to be written into the picture's XMP."""
    metadata: Literal["keep", "no_gps", "none"] = "keep"
    """What the picture says about its taking: all, all but the place, nothing but its dpi."""
    profile: Literal["keep", "srgb"] = "keep"
    """The photo's own colour space, or sRGB for programs that know no other."""

    def __post_init__(self) -> None:
        if not 1 <= self.jpeg_quality <= 100:
            raise ValueError(f"jpeg_quality is 1 to 100, not {self.jpeg_quality}")
        if self.bits not in (None, 8, 16, 32):
            raise ValueError(f"bits is 8, 16 or 32, not {self.bits}")


def check_light(is_light: bool, path: Path, writer: Writer) -> None:
    """Raises `CannotSave` where the format is for RAW files alone, and the photo is none."""
    if writer.needs_light and not is_light:
        raise CannotSave(
            f"“{shown(path)}” cannot be written: "
            f"{writer.title} is for colour photos from RAW files.",
            "Save it as TIFF.",
        )


def check_size(width: int, height: int, path: Path, writer: Writer) -> None:
    """Raises `CannotSave` where a picture of so many pixels is too large for the format."""
    if end := writer.end(width, height):
        raise CannotSave(f"“{shown(path)}” cannot be written: {end}.", "Save it as TIFF.")


def order_for(
    photo: Photo, path: Path, writer: Writer, options: SaveOptions
) -> tuple[Order, tuple[str, ...]]:
    """How a photo is to be written, and sentences about what is left out. Raises `CannotSave`."""
    bits, own = _depth(photo, path, writer, options), _own(photo, writer)
    gain_map, lost = _gain_map(own, photo, writer, options)
    photo, icc, notes = _fitted(photo, writer, options)
    is_faithful = options.jpeg_quality >= FAITHFUL
    coded = _coded(own, photo, writer, options) if is_faithful and photo.intact else None
    is_lossless = is_faithful and writer.is_lossless is not None and writer.is_lossless(own)
    lies = _Lies.of(photo, coded, gain_map)
    order = Order(
        photo=photo if coded is not None else lies.as_it_lies(photo),
        bits=bits,
        quality=100 if is_lossless else options.jpeg_quality,
        icc=icc,
        metadata=_carried(photo, lies, writer, options),
        coded=coded,
        gain_map=gain_map,
    )
    return order, tuple(note for note in (lost, *notes) if note)


def _depth(photo: Photo, path: Path, writer: Writer, options: SaveOptions) -> int:
    """Bits per channel of the new file; raises `CannotSave` where the format cannot take it."""
    check_light(photo.tone is not None, path, writer)
    check_size(photo.width, photo.height, path, writer)
    if options.bits is not None and options.bits not in writer.depths:
        raise CannotSave(
            f"“{shown(path)}” cannot be written: "
            f"{writer.title} has no {options.bits} bits per channel.",
            "Save it as TIFF.",
        )
    return options.bits or max(depth for depth in writer.depths if depth <= photo.bits)


def _fitted(
    photo: Photo, writer: Writer, options: SaveOptions
) -> tuple[Photo, bytes, tuple[str, str]]:
    """The photo in colours and channels that are wished and that the format has, its profile, and
    sentences about what was lost by that, empty where nothing was."""
    note = ""
    if options.profile == "srgb" and not writer.needs_light:
        photo = _in_srgb(photo)
    if photo.alpha is not None and not writer.has_alpha:
        photo = replace(photo, alpha=None)
        note = f"{writer.title} has no transparency; it was left out."
    photo, icc, profile_note = _profiled(photo, writer)
    return photo, icc, (note, profile_note)


def _own(photo: Photo, writer: Writer) -> bytes:
    """The file that the photo was read from, whatever it is called, if it is of this format and
    something of it can be kept; nothing where it is not, or is another by now."""
    source = photo.source
    if source is None or writer.matches is None or Stamp.of(source) != photo.stamp:
        return b""
    with suppress(OSError), source.open("rb") as file:
        start = file.read(_START)
        return start + file.read() if writer.matches(start) else b""
    return b""


def _coded(own: bytes, photo: Photo, writer: Writer, options: SaveOptions) -> Coded | None:
    """What the photo's `own` file has coded, where coding it anew would lose; None where what is
    kept of what it says could not tell every program how that is turned, or how large it is to be
    printed."""
    coded = None if writer.coded_in is None else writer.coded_in(own)
    if coded is None:
        return None
    size = (coded.width, coded.height) if coded.orientation < 5 else (coded.height, coded.width)
    kept = _kept(photo.metadata, options.metadata)
    untold = not (coded.tells_dpi or kept.exif) and kept.dpi is not None
    if size != (photo.width, photo.height) or untold:
        return None
    told = metadata.turned(kept, coded.orientation)
    return coded if metadata.tells_orientation(told.exif, coded.orientation) else None


def _gain_map(
    own: bytes, photo: Photo, writer: Writer, options: SaveOptions
) -> tuple[GainMap | None, str]:
    """That of the photo's `own` file, where it goes with what is written and says nothing that is
    not wished, and a sentence where it is left out."""
    found = None if writer.gain_map_in is None else writer.gain_map_in(own)
    if found is None:
        return None, ""
    width, height = found.width, found.height
    if found.orientation >= 5:
        width, height = height, width
    wish = options.metadata
    told = metadata.turned(_kept(photo.metadata, wish), found.orientation)
    fits = (
        photo.width % width == photo.height % height == 0
        and photo.width // width == photo.height // height  # the same part of it, enlarged or not
        and metadata.tells_orientation(told.exif, found.orientation)
        and (options.profile == "keep" or is_srgb(photo.profile))  # whose factors they are
    )
    is_private = wish == "none" or (wish == "no_gps" and found.tells_place)
    return (found, "") if fits and not is_private else (None, _NO_GAIN_MAP)


@dataclass(frozen=True, slots=True)
class _Lies:
    """How a picture lies in its new file: as its own had it where something of that is kept."""

    width: int
    height: int
    orientation: int

    @classmethod
    def of(cls, photo: Photo, coded: Coded | None, gain_map: GainMap | None) -> _Lies:
        kept = coded or gain_map
        orientation = 1 if kept is None else kept.orientation
        width, height = photo.width, photo.height
        return cls(*((width, height) if orientation < 5 else (height, width)), orientation)

    def as_it_lies(self, photo: Photo) -> Photo:
        """The upright photo turned so."""
        if self.orientation == 1:
            return photo
        back = {6: 8, 8: 6}.get(self.orientation, self.orientation)
        pixels = floats(upright(photo.pixels, back))
        alpha = None if photo.alpha is None else floats(upright(photo.alpha, back))
        return replace(photo, pixels=pixels, alpha=alpha)


def _carried(photo: Photo, lies: _Lies, writer: Writer, options: SaveOptions) -> Metadata:
    """What the new file says, true for the picture as it lies there."""
    kept = _kept(photo.metadata, options.metadata)
    kept = replace(kept, xmp=metadata.without_appended(kept.xmp))
    if lies.orientation != 1:
        kept = metadata.turned(kept, lies.orientation)
    if kept.dpi is not None and lies.orientation >= 5:
        kept = replace(kept, dpi=kept.dpi[::-1])
    carried = metadata.updated(kept, lies.width, lies.height, options.recipe)
    return carried if writer.has_texts else metadata.with_texts_in_exif(carried)


def _profiled(photo: Photo, writer: Writer) -> tuple[Photo, bytes, str]:
    """The photo in a form of which the format can hold the profile, that profile, and a sentence
    if something was lost."""
    icc = photo.profile.icc
    space = colour_space(icc)
    if space == "GRAY" and not photo.gray:
        return photo, b"", "Its profile for gray does not fit a colour picture and was left out."
    if space == "GRAY" and not writer.has_gray:
        note = f"{writer.title} has no profiles for gray; its tones were converted to sRGB."
        return _in_srgb(photo), srgb_icc(), note
    if photo.gray and space == "RGB" and writer.gray_needs_gray:
        if is_srgb(photo.profile):  # as which a gray picture without a profile is taken
            return photo, b"", ""
        photo = replace(photo, gray=False)
    return photo, icc, ""


def _kept(found: Metadata, wish: Literal["keep", "no_gps", "none"]) -> Metadata:
    if wish == "none":
        return Metadata(dpi=found.dpi)
    return metadata.without_place(found) if wish == "no_gps" else found


def _in_srgb(photo: Photo) -> Photo:
    """The same colours in sRGB, which the file then names; a gray photo needs no profile."""
    if is_srgb(photo.profile):
        return photo
    pixels = np.empty_like(photo.pixels)
    for top in range(0, photo.height, _STRIP):
        rows = slice(top, top + _STRIP)
        pixels[rows] = to_srgb(np.ascontiguousarray(photo.pixels[rows]), photo.profile)
    profile = SRGB if photo.gray else Profile(srgb_icc())
    return replace(photo, pixels=pixels, profile=profile, intact=False)
