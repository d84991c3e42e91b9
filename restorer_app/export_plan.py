"""Which picture is written where: made before anything is computed, never over a source."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engine.errors import RestorerError
from engine.files import recipe_in
from restorer_app.export import BadTemplate, ExportSettings, NameTemplate, Naming
from restorer_app.jobs import Destination
from restorer_app.presence import is_taken
from restorer_app.refusals import identities


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWish:
    """A photo to be exported. `root` is the folder it was opened through, `preset` an id."""

    source: Path
    root: Path
    preset: str
    scale: int = 1


@dataclass(frozen=True, slots=True)
class Planned:
    """Where a photo goes; no `output` if it is skipped. `note` says what its owner may not
    expect."""

    source: Path
    output: Destination | None
    note: str = ""


def carries_recipe(path: Path) -> bool:
    """Whether a file is a picture that this program has made, as its recipe tells."""
    try:
        return recipe_in(path) is not None
    except RestorerError:
        return False


def plan_exports(
    wishes: Sequence[ExportWish],
    settings: ExportSettings,
    *,
    day: date,
    inputs: Iterable[Path] = (),
    promised: Iterable[Path] = (),
    is_own: Callable[[Path], bool] = carries_recipe,
) -> list[Planned]:
    """A place for each photo, no two the same. Raises `BadTemplate` for a template that no photo
    fits; one that does not fit it, such as for the length of its name, is skipped alone.

    `inputs` are further files that must not be written, such as all open photos; `promised` those
    that are going to be written by others, and need not be there yet. `is_own` tells which files
    may be replaced if the settings say so.
    """
    template = NameTemplate(settings.template)
    taken = {_spelt(path) for path in promised}
    kept = identities([*inputs, *(wish.source for wish in wishes)])
    planned = []
    for number, wish in enumerate(wishes, 1):
        try:
            name = template.name(_naming(wish, number, len(wishes), day))
        except BadTemplate as error:
            note = f"“{wish.source.name}” is left out: {error}"
            planned.append(Planned(wish.source, None, note))
            continue
        path = _folder(wish, settings) / (name + settings.suffix(wish.source))
        found = _placed(path, settings, taken, kept, is_own)
        planned.append(_planned(wish.source, path, found, settings))
        if found is not None:
            taken.add(_spelt(found))
    return planned


def _naming(wish: ExportWish, number: int, count: int, day: date) -> Naming:
    return Naming(
        source=wish.source,
        preset=wish.preset,
        scale=wish.scale,
        number=number,
        count=count,
        day=day,
    )


def _folder(wish: ExportWish, settings: ExportSettings) -> Path:
    if settings.folder is None:
        return wish.source.parent
    if settings.mirror and wish.source.is_relative_to(wish.root):
        return settings.folder / wish.source.parent.relative_to(wish.root)
    return settings.folder


def _placed(
    path: Path,
    settings: ExportSettings,
    taken: Collection[str],
    kept: Collection[tuple[int, int]],
    is_own: Callable[[Path], bool],
) -> Path | None:
    """The place for a picture that would like to be at `path`; None to skip it."""
    there = is_taken(path)
    if there and settings.collision == "skip" and _spelt(path) not in taken:
        return None
    if there and settings.collision == "overwrite" and _spelt(path) not in taken:
        is_input = bool(identities([path]) & set(kept))
        if not is_input and is_own(path):
            return path
    number, free = 1, path
    while _spelt(free) in taken or is_taken(free):
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


def _planned(source: Path, wish: Path, found: Path | None, settings: ExportSettings) -> Planned:
    if found is None:
        return Planned(source, None, f"“{wish.name}” exists already and is left as it is.")
    note = "" if found == wish else f"“{wish.name}” is taken: it becomes “{found.name}”."
    overwrite = settings.collision == "overwrite" and found == wish and is_taken(found)
    return Planned(
        source, Destination(found, settings.options(found.suffix, overwrite=overwrite)), note
    )


def _spelt(path: Path) -> str:
    """The path as the least discerning file system sees it: no case, one form of accents."""
    return unicodedata.normalize("NFC", str(path)).casefold()
