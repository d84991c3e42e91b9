"""From what was dropped on the window to the photos that are meant."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.errors import BadPhoto
from engine.files import check_readable
from restorer_app.picture_names import is_photo, is_unreadable_photo
from restorer_app.presence import is_folder, real


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is meant as a photo; `error` is a sentence if it cannot be opened.

    `root` is the folder it was found through, itself if it was named alone.
    """

    path: Path
    root: Path
    error: str = ""


def found_photos(paths: Iterable[Path]) -> Iterator[Found]:
    """The photos named and those in the folders named, however deep; each file once.

    Folders are gone through in the order a person counts: `img2` before `img10`. Hidden files and
    files that are no photos are passed over in folders; named ones come with an error.
    """
    seen: set[Path] = set()
    for path in paths:
        inside = _in_folder(path) if is_folder(path) else [Found(path, path.parent, _error(path))]
        for found in inside:
            place = real(found.path)
            if place not in seen:
                seen.add(place)
                yield found


def _in_folder(folder: Path) -> Iterator[Found]:
    closed: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = sorted((n for n in folders if not n.startswith(".")), key=_counted)
        for name in sorted(names, key=_counted):
            path = Path(parent, name)
            if not name.startswith(".") and (is_photo(path) or is_unreadable_photo(path)):
                yield Found(path, folder, _error(path))
    for error in closed:
        path = Path(os.fsdecode(error.filename))
        yield Found(path, folder, f"The folder “{path.name}” may not be read by you.")


def _error(path: Path) -> str:
    try:
        check_readable(path)
    except BadPhoto as error:
        return f"{error.message} {error.remedy}".rstrip()
    return ""


def _counted(name: str) -> list[tuple[int, str]]:
    """A key that sorts numbers by their size: each part is a number or a text."""
    parts = re.split(r"(\d+)", name.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
