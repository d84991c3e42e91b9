"""Pictures into files: `save`, and what is refused before.

A file appears whole or not at all, and the original is never written over.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.errors import CannotSave, OutOfMemory
from engine.files import header_of, shown
from engine.fitting import SaveOptions, check_light, check_size, order_for
from engine.formats.catalogue import WRITERS
from engine.photo import Photo
from engine.whole_file import whole_file

DEFAULT_OPTIONS = SaveOptions()


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
        order, notes = order_for(photo, path, writer, options)
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
        check_light(header.is_light, path, writer)
        check_size(header.width * scale, header.height * scale, path, writer)


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
