"""Which picture is written where: made before anything is computed, never over a source."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engine.errors import RestorerError
from engine.files import capture_time_in, recipe_in
from restorer_app.export import BadTemplate, Collision, ExportSettings, NameTemplate, Naming
from restorer_app.jobs import Destination
from restorer_app.presence import is_taken
from restorer_app.refusals import Identities, identities


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


def capture_time(path: Path) -> str:
    """When a picture was taken, as it says itself; empty where it does not."""
    try:
        return capture_time_in(path)
    except RestorerError:
        return ""


def plan_exports(
    wishes: Sequence[ExportWish],
    settings: ExportSettings,
    *,
    day: date,
    inputs: Iterable[Path] = (),
    promised: Iterable[Path] = (),
    is_own: Callable[[Path], bool] = carries_recipe,
    made_of: Callable[[Path], Path | None] = lambda place: None,
) -> list[Planned]:
    """A place for each photo, no two the same. Raises `BadTemplate` for a template that no photo
    fits; one that does not fit it, such as for the length of its name, is skipped alone.

    `inputs` are further files that must not be written, such as all open photos; `promised` those
    that are going to be written by others, and need not be there yet. `is_own` tells which files
    may be replaced if the settings say so, and `made_of` which photo a file was made of, if that
    is known: the picture of another one is not replaced.
    """
    template = NameTemplate(settings.template)
    taken = {_spelt(path) for path in promised}
    kept = identities([*inputs, *(wish.source for wish in wishes)])
    ground = _Ground(settings.collision, taken, kept, is_own, made_of)
    planned = []
    for number, wish in enumerate(wishes, 1):
        try:
            name = template.name(_naming(wish, number, len(wishes), day))
        except BadTemplate as error:
            note = f"“{wish.source.name}” is left out: {error}"
            planned.append(Planned(wish.source, None, note))
            continue
        path = _folder(wish, settings) / (name + settings.suffix(wish.source))
        found = ground.place(path, wish.source)
        planned.append(_planned(wish.source, path, found, settings))
        if found is not None:
            taken.add(_spelt(found))
    return planned


@dataclass(frozen=True, slots=True)
class _Ground:
    """What lies where pictures are to go. `taken` are the places that are given away already."""

    collision: Collision
    taken: Collection[str]
    kept: Identities
    is_own: Callable[[Path], bool]
    made_of: Callable[[Path], Path | None]

    def place(self, path: Path, source: Path) -> Path | None:
        """The place for the picture of `source` that would like to be at `path`; None to skip it.

        A number is added where it has to be. What this photo became under a number the last time
        is replaced like any other, or every export would leave one more copy.
        """
        if self.collision == "skip" and is_taken(path) and _spelt(path) not in self.taken:
            return None
        number, place = 1, path
        while not self._may_have(place, source):
            number += 1
            place = path.with_name(f"{path.stem}-{number}{path.suffix}")
        return place

    def _may_have(self, place: Path, source: Path) -> bool:
        if _spelt(place) in self.taken:
            return False
        if not is_taken(place):
            return True
        if self.collision != "overwrite" or identities([place]) & self.kept:
            return False
        return self.is_own(place) and not self._is_of_another(place, source)

    def _is_of_another(self, place: Path, source: Path) -> bool:
        """Whether the picture is known to be of another photo, which had the name first: the
        photos of two cameras are often called alike."""
        known = self.made_of(place)
        if known is not None:
            return known != source
        there, wanted = capture_time(place), capture_time(source)
        return bool(there and wanted) and there != wanted


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


def _planned(source: Path, wish: Path, found: Path | None, settings: ExportSettings) -> Planned:
    if found is None:
        return Planned(source, None, f"“{wish.name}” exists already and is left as it is.")
    note = "" if found == wish else f"“{wish.name}” is taken: it becomes “{found.name}”."
    overwrite = settings.collision == "overwrite" and is_taken(found)
    return Planned(
        source, Destination(found, settings.options(found.suffix, overwrite=overwrite)), note
    )


def _spelt(path: Path) -> str:
    """The path as the least discerning file system sees it: no case, one form of accents."""
    return unicodedata.normalize("NFC", str(path)).casefold()
