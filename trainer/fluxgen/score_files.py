"""Scores of pictures that other programs gave, in CSV files: say of CLIP-IQA, MANIQA or MUSIQ.

The first line names the columns. The first column is a picture's name, or its path below the
folder; each further one is a measure, of which more is better.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from engine.errors import BadRecipe


@dataclass(frozen=True, slots=True)
class ScoreFile:
    """The measures of one file, and each picture's scores by its name or path as given."""

    name: str
    measures: tuple[str, ...]
    rows: Mapping[str, tuple[float, ...]]

    def of(self, files: Collection[str]) -> dict[str, dict[str, float]]:
        """The scores of pictures, given as paths below the folder with “/”, by measure.

        A name alone will do where only one of them has it. Raises `BadRecipe` naming a picture
        without scores.
        """
        names = Counter(PurePosixPath(file).name for file in files)
        found, missing = {}, []
        for file in files:
            name = PurePosixPath(file).name
            row = self.rows.get(file)
            if row is None and names[name] == 1:
                row = self.rows.get(name)
            if row is None:
                missing.append(file)
                continue
            found[file] = dict(zip(self.measures, row, strict=True))
        if missing:
            others = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
            raise _bad(f"{self.name} has no scores for {missing[0]}{others}.")
        return found


def read_scores(path: Path, folder: Path) -> ScoreFile:
    """Read a CSV file of scores for pictures of `folder`; raises `BadRecipe` naming its line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [(number, row) for number, row in enumerate(csv.reader(file), 1) if any(row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _bad(f"The scores in {path.name} cannot be read: {error}") from error
    if len(rows) < 2:
        raise _bad(f"{path.name} holds no scores.")
    measures = _measures(path.name, rows[0][1])
    found: dict[str, tuple[float, ...]] = {}
    for number, row in rows[1:]:
        place = f"{path.name}, line {number}"
        if len(row) != len(measures) + 1:
            raise _bad(f"{place}: {len(row) - 1} scores, not {len(measures)}.")
        key = _key(row[0], folder)
        if key in found:
            raise _bad(f"{place}: {key} has scores already.")
        found[key] = tuple(_number(place, text) for text in row[1:])
    return ScoreFile(path.name, measures, found)


def check_measures(files: Sequence[ScoreFile], own: Collection[str]) -> None:
    """Raises `BadRecipe` where two measures have the same name."""
    counts = Counter([*own, *(name for file in files for name in file.measures)])
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        raise _bad(f"There are two measures called “{twice[0]}”.")


def _measures(name: str, header: Sequence[str]) -> tuple[str, ...]:
    measures = tuple(text.strip() for text in header[1:])
    if not measures or not all(measures):
        raise _bad(f"{name}, line 1: each column behind the first names a measure.")
    if all(_is_number(text) for text in measures):
        raise _bad(f"{name}, line 1: there are scores where the columns are to be named.")
    return measures


def _key(text: str, folder: Path) -> str:
    """A picture's name or path, with “/”; a full path as one below the folder, if it is."""
    path = Path(text.strip().replace("\\", "/"))
    if path.is_absolute() and path.is_relative_to(folder.resolve()):
        path = path.relative_to(folder.resolve())
    return path.as_posix()


def _number(place: str, text: str) -> float:
    if not _is_number(text):
        raise _bad(f"{place}: “{text}” is no number.")
    return float(text)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _bad(message: str) -> BadRecipe:
    return BadRecipe(message, "Correct the file of scores, or leave it out.")
