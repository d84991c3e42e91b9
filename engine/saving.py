"""Pictures into files: `save`, how a photo is made to fit a format, and what is refused before.

A file appears whole or not at all, and the original is never written over.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from engine import metadata
from engine.colour import is_srgb, to_srgb
from engine.errors import CannotSave, OutOfMemory
from engine.files import header_of, shown
from engine.formats.catalogue import WRITERS
from engine.formats.order import Coded, Order, Writer
from engine.icc import colour_space, srgb_icc
from engine.photo import SRGB, Metadata, Photo, Profile
from engine.whole_file import whole_file


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


DEFAULT_OPTIONS = SaveOptions()
FAITHFUL = 90
"""The least quality of who wants a photo as it is, not a small file."""
_STRIP = 512
"""Rows converted at a time."""


def save(photo: Photo, path: Path, options: SaveOptions = DEFAULT_OPTIONS) -> tuple[str, ...]:
    """Write the photo in the format of the suffix; returns sentences about what was left out.

    The file appears whole or not at all. Raises `CannotSave`.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise CannotSave(
            f"“{shown(path)}” cannot be written: the formats are JPEG, PNG, TIFF, WebP, "
            "AVIF and DNG.",
            "Choose a name that ends in .jpg, .png, .tif, .webp, .avif or .dng.",
        )
    with _saving(path):
        if options.profile == "srgb" and not writer.needs_light:
            photo = _in_srgb(photo)
        order, notes = _order(photo, path, writer, options)
        target = _target(photo, path, options.overwrite)
        with whole_file(target, options.overwrite) as out:
            notes += writer.write(order, out)
    return notes


def check_fits(source: Path, path: Path, scale: int) -> None:
    """Raises `CannotSave` where `save` would, for the kind of the picture in `source` and its size
    when it is `scale` times as large; `BadPhoto` where `load` would for the header. No pixel is
    decoded."""
    header = header_of(source)
    writer = WRITERS.get(path.suffix.lower())
    if writer is not None:
        _check_light(header.is_light, path, writer)
        _check_size(header.width * scale, header.height * scale, path, writer)


def _check_light(is_light: bool, path: Path, writer: Writer) -> None:
    if writer.needs_light and not is_light:
        raise CannotSave(
            f"“{shown(path)}” cannot be written: "
            f"{writer.title} is for colour photos from RAW files.",
            "Save it as TIFF.",
        )


def _check_size(width: int, height: int, path: Path, writer: Writer) -> None:
    if end := writer.end(width, height):
        raise CannotSave(f"“{shown(path)}” cannot be written: {end}.", "Save it as TIFF.")


def _order(
    photo: Photo, path: Path, writer: Writer, options: SaveOptions
) -> tuple[Order, tuple[str, ...]]:
    name, notes = f"“{shown(path)}”", []
    _check_light(photo.tone is not None, path, writer)
    _check_size(photo.width, photo.height, path, writer)
    if options.bits is not None and options.bits not in writer.depths:
        raise CannotSave(
            f"{name} cannot be written: {writer.title} has no {options.bits} bits per channel.",
            "Save it as TIFF.",
        )
    bits = options.bits or max(depth for depth in writer.depths if depth <= photo.bits)
    if photo.alpha is not None and not writer.has_alpha:
        photo = replace(photo, alpha=None)
        notes.append(f"{writer.title} has no transparency; it was left out.")
    photo, icc, note = _profiled(photo, writer)
    if note:
        notes.append(note)
    is_faithful = options.jpeg_quality >= FAITHFUL
    coded = _coded(photo, writer, options) if is_faithful and photo.intact else None
    is_lossless = (
        is_faithful and writer.is_lossless is not None and writer.is_lossless(_own(photo, writer))
    )
    order = Order(
        photo=photo,
        bits=bits,
        quality=100 if is_lossless else options.jpeg_quality,
        icc=icc,
        metadata=_carried(photo, coded, writer, options),
        coded=coded,
    )
    return order, tuple(notes)


def _own(photo: Photo, writer: Writer) -> bytes:
    """The file that the photo was read from, if it is called one of this format; nothing where it
    is not, or is gone by now."""
    source = photo.source
    if source is not None and WRITERS.get(source.suffix.lower()) is writer:
        with suppress(OSError):
            return source.read_bytes()
    return b""


def _coded(photo: Photo, writer: Writer, options: SaveOptions) -> Coded | None:
    """What the photo's own file has coded, where coding it anew would lose; None where what is
    kept of what it says could not tell every program how that is turned, or how large it is to be
    printed."""
    coded = None if writer.coded_in is None else writer.coded_in(_own(photo, writer))
    if coded is None:
        return None
    size = (coded.width, coded.height) if coded.orientation < 5 else (coded.height, coded.width)
    kept = _kept(photo.metadata, options.metadata)
    untold = not (coded.tells_dpi or kept.exif) and kept.dpi is not None
    if size != (photo.width, photo.height) or untold:
        return None
    told = metadata.turned(kept, coded.orientation)
    return coded if metadata.tells_orientation(told.exif, coded.orientation) else None


def _carried(photo: Photo, coded: Coded | None, writer: Writer, options: SaveOptions) -> Metadata:
    """What the new file says, true for the photo or for what is coded already."""
    kept = _kept(photo.metadata, options.metadata)
    width, height = photo.width, photo.height
    if coded is not None:
        kept, width, height = metadata.turned(kept, coded.orientation), coded.width, coded.height
    carried = metadata.updated(kept, width, height, options.recipe)
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


def _target(photo: Photo, path: Path, overwrite: bool) -> Path:
    """The file to write, behind any links."""
    if path.is_dir():
        raise CannotSave(f"“{shown(path)}” is a folder.", "Name a file in it.")
    with suppress(FileNotFoundError):
        path.stat()  # links that lead in a circle: what `resolve` says of them differs
    target = path.resolve()
    if target.exists():
        if photo.source is not None and _is_same(target, photo.source):
            raise CannotSave(
                f"“{shown(path)}” is the original, which is never changed.",
                "Choose another name or folder.",
            )
        if not overwrite:
            raise _taken(path)
    return target


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _taken(path: Path) -> CannotSave:
    return CannotSave(
        f"“{shown(path)}” exists already.", "Choose another name, or allow overwriting."
    )


@contextmanager
def _saving(path: Path) -> Iterator[None]:
    """Turn what the disk says into a sentence."""
    try:
        yield
    except FileExistsError as error:
        raise _taken(path) from error
    except MemoryError as error:
        raise OutOfMemory(f"“{shown(path)}” does not fit into this computer's memory.") from error
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, "the disk reports an error")
        raise CannotSave(f"“{shown(path)}” cannot be written: {reason}.") from error


_REASONS = {
    errno.ENOSPC: "there is no room left on the disk",
    errno.EDQUOT: "your share of the disk is used up",
    errno.EFBIG: "the disk cannot hold a file that large",
    errno.EACCES: "you may not write into this folder",
    errno.EPERM: "you may not write into this folder",
    errno.EROFS: "the disk can only be read",
    errno.ENOENT: "the folder does not exist",
    errno.ENOTDIR: "part of its path is a file, not a folder",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ELOOP: "it is a link that leads in a circle",
    errno.EINVAL: "the disk allows no such name",
    errno.EILSEQ: "the disk allows no such name",
    errno.EIO: "the disk is damaged or was removed",
}
