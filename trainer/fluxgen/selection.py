"""Which pictures of a folder are worth learning from: each once, and the best by every measure.

FluxGen (arXiv 2504.15159) keeps what lies within the top 95 % of three scores without a reference;
that all of them have to agree is our reading. Bounds are shares of the folder, so that a small one
loses nothing. What is chosen is linked or copied; the folder itself stays as it is.
"""

from __future__ import annotations

import csv
import io
import math
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from engine.colour import to_srgb
from engine.errors import BadRecipe, CannotSave, NoPlace, RestorerError
from engine.files import load
from engine.photo import floats
from engine.progress import Progress
from trainer.fluxgen.likeness import Look, Looks, look_of
from trainer.fluxgen.painting import is_one_colour
from trainer.fluxgen.picture_lines import MANIFEST, lines_by_file
from trainer.fluxgen.picture_scores import MEASURES, picture_scores
from trainer.fluxgen.score_files import check_measures, read_scores
from trainer.pairs import photo_files

TABLE = "selection.csv"
KEPT = 0.95
"""Share of the pictures that each measure keeps: FluxGen's."""
_ROUNDING = 1e-9
"""By how much a share times a count may miss a whole number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A picture of the folder."""

    file: str
    """Its path below the folder, with “/”."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """Empty where there is nothing to measure."""
    look: Look | None = None
    unread: bool = False
    left_out: str = ""
    """Why, in a few words; empty for one that is chosen."""


@dataclass(frozen=True, slots=True)
class Selection:
    """All pictures of a folder in the order of their names, and the bound of each measure."""

    candidates: tuple[Candidate, ...]
    bounds: Mapping[str, float]

    @property
    def chosen(self) -> tuple[Candidate, ...]:
        return tuple(one for one in self.candidates if not one.left_out)


def select_pictures(
    folder: Path, out: Path, keep: float, scores: Sequence[Path], progress: Progress
) -> Selection:
    """Choose among the pictures below `folder`, and put those chosen into the new folder `out`.

    Raises `BadRecipe` where there is no picture, or a file of scores does not fit, `NoPlace`,
    `CannotSave`, and `Cancelled` from `progress`.
    """
    _check_places(folder, out)
    files = [read_scores(path, folder) for path in scores]
    check_measures(files, MEASURES)
    manifest = lines_by_file(folder)
    found = surveyed(folder, progress)
    measured = [one.file for one in found if one.scores]
    for file in files:
        more = file.of(measured)
        found = [replace(one, scores={**one.scores, **more.get(one.file, {})}) for one in found]
    selection = chosen_among(found, keep)
    _write(selection, folder, out, manifest)
    return selection


def surveyed(folder: Path, progress: Progress) -> list[Candidate]:
    """Every picture below a folder with its scores; raises `BadRecipe` if there is none."""
    paths = photo_files(folder)
    if not paths:
        raise BadRecipe(f"There are no pictures in {folder}.", "Name a folder of pictures.")
    found = []
    for index, path in enumerate(paths):
        progress.report(index / len(paths), f"picture {index + 1} of {len(paths)}")
        found.append(_measured(path, path.relative_to(folder).as_posix()))
    progress.report(1.0, "measured")
    return found


def chosen_among(found: Sequence[Candidate], keep: float) -> Selection:
    """What is left out of these, and why: first for likeness, then by the measures.

    Of pictures that look alike the one stays that is not the last in anything; bounds are those of
    the pictures that then remain.
    """
    measured = [one for one in found if one.scores]
    names = list(measured[0].scores) if measured else []
    why = _alike(_best_first(measured, names))
    each_once = [one for one in measured if one.file not in why]
    bounds = {
        name: bound_of(np.array([one.scores[name] for one in each_once]), keep) for name in names
    }
    why |= {one.file: _below(one, bounds) for one in each_once}
    return Selection(
        tuple(replace(one, left_out=one.left_out or why[one.file]) for one in found), bounds
    )


def bound_of(values: np.ndarray[tuple[int], np.dtype[np.float64]], keep: float) -> float:
    """The score from which a picture is kept, so that at least the share `keep`, 0..1, are."""
    kept = max(1, math.ceil(keep * len(values) - _ROUNDING))
    return float(np.sort(values)[len(values) - kept])


def _measured(path: Path, file: str) -> Candidate:
    try:
        photo = load(path)
    except RestorerError as error:
        return Candidate(file=file, unread=True, left_out=f"cannot be read: {error.message}")
    srgb = floats(np.clip(to_srgb(photo.pixels, photo.profile), 0, 1))
    if is_one_colour(srgb):
        return Candidate(file=file, left_out="of one colour")
    return Candidate(file=file, scores=picture_scores(srgb), look=look_of(srgb))


def _below(one: Candidate, bounds: Mapping[str, float]) -> str:
    short = [name for name, bound in bounds.items() if one.scores[name] < bound]
    return f"below the bound: {', '.join(short)}" if short else ""


def _best_first(measured: Sequence[Candidate], names: Sequence[str]) -> list[Candidate]:
    """By how many others are worse: in the measure in which a picture is worst, as there it would
    be left out, then in the mean; else as they came."""
    ranks = np.zeros((max(len(names), 1), len(measured)))
    for row, name in enumerate(names):
        column = np.array([one.scores[name] for one in measured])
        ranks[row] = np.searchsorted(np.sort(column), column)
    order = np.lexsort((-ranks.mean(axis=0), -ranks.min(axis=0)))
    return [measured[place] for place in order]


def _alike(best_first: Sequence[Candidate]) -> dict[str, str]:
    """Those that look like a better one, and which."""
    looks, kept, why = Looks(len(best_first)), [], {}
    for one in best_first:
        assert one.look is not None
        like = looks.like(one.look)
        if like is None:
            looks.add(one.look)
            kept.append(one.file)
        else:
            why[one.file] = f"looks like {kept[like]}"
    return why


def _check_places(folder: Path, out: Path) -> None:
    if not folder.is_dir():
        raise BadRecipe(f"{folder} is no folder.", "Name a folder of pictures.")
    if out.resolve().is_relative_to(folder.resolve()):
        raise NoPlace(f"{out} lies in the folder that is chosen from.", "Name another --out.")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise NoPlace(f"{out} is there already, and not empty.", "Name a new folder with --out.")


def _write(selection: Selection, folder: Path, out: Path, manifest: Mapping[str, str]) -> None:
    """Make the folder of the chosen, whole or not at all; raises `CannotSave`."""
    fresh = out.parent / f".{secrets.token_hex(8)}.part"
    try:
        fresh.mkdir(parents=True)
        for one in selection.chosen:
            _put(folder / one.file, fresh / one.file)
        lines = [manifest[one.file] for one in selection.chosen if one.file in manifest]
        if lines:
            (fresh / MANIFEST).write_text("".join(lines), encoding="utf-8", newline="\n")
        # Names that are no text stay the bytes that they are.
        table = _table(selection).encode("utf-8", "surrogateescape")
        (fresh / TABLE).write_bytes(table)
        if out.exists():
            out.rmdir()
        fresh.rename(out)
    except OSError as error:
        said = f"{out} cannot be written: {error.strerror or error}"
        raise CannotSave(said, "Make room, or name another --out.") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _put(source: Path, target: Path) -> None:
    """A second name for a file, or a copy of it where disks do not share."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.hardlink_to(source.resolve())
    except OSError:
        shutil.copy2(source, target)


def _table(selection: Selection) -> str:
    """A line for each picture: whether it is chosen, why not, and each score with its bound."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    names = list(selection.bounds)
    pairs = [column for name in names for column in (name, f"{name} bound")]
    rows.writerow(["file", "chosen", "left out", *pairs])
    for one in selection.candidates:
        numbers = [
            f"{value:.6g}" if one.scores else ""
            for name in names
            for value in (one.scores.get(name, 0.0), selection.bounds[name])
        ]
        rows.writerow([one.file, "no" if one.left_out else "yes", one.left_out, *numbers])
    return text.getvalue()
