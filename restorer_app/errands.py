"""Which photo goes where: the plan of a run, made before anything is computed."""

from __future__ import annotations

import fnmatch
import os
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import RestorerError
from engine.files import depth_of
from engine.formats.catalogue import KEPT, WRITERS
from restorer_app.export import given_suffix
from restorer_app.export_formats import SAME
from restorer_app.orders import Misuse
from restorer_app.picture_names import is_photo, is_unreadable_photo
from restorer_app.presence import is_folder, is_present, is_same, is_taken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence


_ALWAYS_8_BITS = frozenset((".gif", ".bmp", ".dib"))
_LOSSY = frozenset((".heic", ".heif", ".hif"))
"""Formats whose photos have lost what a PNG would keep, at four times their size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One photo's way. `note` says what its owner may not expect of `output`."""

    source: Path
    output: Path
    note: str = ""


@dataclass(frozen=True, slots=True)
class FolderPlan:
    """What is to be done in a folder.

    `unreadable` are photos in formats that the engine lacks, `closed` what the system said about
    folders inside that may not be read.
    """

    errands: list[Errand]
    unreadable: list[Path]
    closed: list[OSError]


def plan_inputs(inputs: Sequence[str], output: str, format: str = SAME) -> list[Errand]:
    """The errands of `restore`; raises `Misuse` where `output` fits neither file nor folder, or
    names a file while a `format` is asked for, one of `export_formats.FORMATS`."""
    sources = [source for text in inputs for source in _matching(Path(text))]
    place = Path(output)
    if is_folder(place) or output.endswith(("/", os.sep)):
        return _placed((source, place / _name_for(source, format)) for source in sources)
    if len(sources) == 1:
        if format != SAME:
            raise Misuse(
                f"argument --format: {output} is a file, whose name says its format; give a folder,"
                " or another name"
            )
        _require_format(place)
        return [Errand(source=sources[0], output=place)]
    if is_taken(place) or place.suffix.lower() in WRITERS:
        raise Misuse(f"argument -o/--output: {output} is one file, but there are several photos")
    return _placed((source, place / _name_for(source, format)) for source in sources)


def plan_folder(folder: Path, output: Path, *, recursive: bool, format: str = SAME) -> FolderPlan:
    """The errands of `batch`, by name; raises `Misuse` where the folders do not fit."""
    if not is_folder(folder):
        raise Misuse(f"argument FOLDER: there is no folder {folder}")
    if is_taken(output) and not is_folder(output):
        raise Misuse(f"argument -o/--output: {output} is a file, but a batch fills a folder")
    if is_folder(output) and is_same(output, folder):
        raise Misuse("argument -o/--output: the photos' own folder; give another one")
    closed: list[OSError] = []
    found = sorted(_visible(folder, output, closed.append, recursive=recursive))
    errands = _placed(
        (source, output / source.relative_to(folder).with_name(_name_for(source, format)))
        for source in found
        if is_photo(source)
    )
    return FolderPlan(errands, [path for path in found if is_unreadable_photo(path)], closed)


def _matching(path: Path) -> list[Path]:
    """The files a pattern stands for, where the shell has left that to us (Windows does)."""
    if is_present(path) or not set(path.name) & set("*?["):
        return [path]
    # As shells do it: without hidden files, and `**` is no more than `*`.
    with suppress(OSError):
        names = [one.name for one in path.parent.iterdir() if not one.name.startswith(".")]
        return sorted(path.parent / name for name in fnmatch.filter(names, path.name)) or [path]
    return [path]


def _require_format(place: Path) -> None:
    if place.suffix.lower() not in WRITERS:
        formats = ", ".join(sorted(WRITERS))
        raise Misuse(
            f"argument -o/--output: the name {place.name} should end in one of {formats},"
            " or in / for a folder"
        )


def _visible(
    folder: Path, output: Path, on_closed: Callable[[OSError], None], *, recursive: bool
) -> Iterator[Path]:
    """All files but the hidden ones and those of the output folder."""
    for parent, folders, names in os.walk(folder, onerror=on_closed):
        inside = Path(parent)
        folders[:] = [
            name
            for name in folders
            if recursive and not name.startswith(".") and not is_same(inside / name, output)
        ]
        for name in names:
            if not name.startswith("."):
                yield inside / name


def _name_for(source: Path, format: str) -> str:
    """The source's own name, with another ending where that format is asked for, or where its own
    cannot be written."""
    given = given_suffix(format, source)
    if given:
        return source.with_suffix(given).name
    if source.suffix.lower() in KEPT:
        return source.name
    if not _has_8_bits(source):
        return source.with_suffix(".tif").name
    return source.with_suffix(".jpg" if source.suffix.lower() in _LOSSY else ".png").name


def _has_8_bits(source: Path) -> bool:
    """Whether a picture that cannot be written in its own format is one of 8 bits."""
    if source.suffix.lower() in _ALWAYS_8_BITS:
        return True
    try:
        return depth_of(source) == 8
    except RestorerError:
        return True  # it will fail in its turn, whatever its output is called


def _placed(wishes: Iterable[tuple[Path, Path]]) -> list[Errand]:
    """Give every source a place of its own: the first of equal names has it, others a number.

    Depends on the sources alone, never on what is there already, so that a batch that goes on
    later comes to the same names.
    """
    pairs = list(wishes)
    taken = {_spelt(output) for _, output in pairs}
    numbers: dict[str, int] = {}
    errands = []
    for source, wish in pairs:
        name = _spelt(wish)
        if name not in numbers:
            numbers[name] = 1
            errands.append(Errand(source=source, output=wish))
            continue
        output = wish
        while _spelt(output) in taken:
            numbers[name] += 1
            output = wish.with_stem(f"{wish.stem}-{numbers[name]}")
        taken.add(_spelt(output))
        note = f"another photo is called {wish.name}: saved as {output.name}"
        errands.append(Errand(source=source, output=output, note=note))
    return errands


def _spelt(path: Path) -> str:
    """The path as the least discerning file system sees it: no case, one form of accents."""
    return unicodedata.normalize("NFC", str(path)).casefold()
