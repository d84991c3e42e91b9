"""The manifest of painted pictures: `pictures.jsonl`, a line for each, in the order of numbers.

A line is written once its picture is there whole, so that after a kill at most the last picture
lacks its line, or has a part of one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from engine.errors import BadRecipe, CannotSave
from engine.whole_file import whole_file

MANIFEST = "pictures.jsonl"
_REMEDY = f"Correct {MANIFEST}, or remove it if nothing is to be known of the pictures."


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureLine:
    """All that a painted picture follows from, and what one may do with it."""

    file: str
    number: int
    model: str
    """Its id."""
    licence: str
    """Of the model."""
    may_sell: str
    """Plain answer to “may I sell the picture?”."""
    prompt: str
    """Empty for the model's own, or a blank one."""
    width: int
    height: int
    steps: int
    guidance: float | None
    """None where the model takes none."""
    seed: int
    draw: int
    """Which noise it is of, from 0: above that where earlier ones gave nothing of use."""
    precision: str
    """Of the model's weights, as in the catalogue."""
    device: str


def append_line(folder: Path, line: PictureLine) -> None:
    """Add a line, and have it on the disk; raises `CannotSave`."""
    with _writing(folder), (folder / MANIFEST).open("a", encoding="utf-8", newline="\n") as file:
        file.write(_text(line))
        file.flush()
        os.fsync(file.fileno())


def write_lines(folder: Path, lines: Iterable[PictureLine]) -> None:
    """Write the whole manifest anew; raises `CannotSave`."""
    with _writing(folder), whole_file(folder / MANIFEST, overwrite=True) as file:
        file.write("".join(map(_text, lines)).encode())


def read_lines(folder: Path) -> list[PictureLine]:
    """The lines of a folder, none where it has no manifest; raises `BadRecipe` naming a bad one."""
    found = []
    for number, table in _tables(folder):
        try:
            line = PictureLine(**table)  # type: ignore[arg-type]  # what else is in it is compared
            if not isinstance(line.number, int):
                raise TypeError("the number is none")
        except TypeError as error:
            names = ", ".join(field.name for field in fields(PictureLine))
            said = f"Line {number} of {MANIFEST} does not hold just {names}."
            raise BadRecipe(said, _REMEDY) from error
        found.append(line)
    return found


def lines_by_file(folder: Path) -> dict[str, str]:
    """Each line as it stands, with its end, by the name of its file; of any program.

    Raises `BadRecipe` naming a bad one.
    """
    found = {}
    for number, table in _tables(folder):
        if not isinstance(table.get("file"), str):
            raise BadRecipe(f"Line {number} of {MANIFEST} names no file.", _REMEDY)
        found[str(table["file"])] = json.dumps(table, ensure_ascii=False) + "\n"
    return found


def _tables(folder: Path) -> list[tuple[int, dict[str, object]]]:
    """Number and content of each line; what is behind the last end of a line was cut off."""
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise BadRecipe(f"{MANIFEST} cannot be read: {error}", _REMEDY) from error
    tables = []
    for number, line in enumerate(text.split("\n")[:-1], 1):
        try:
            table = json.loads(line)
        except ValueError as error:
            raise BadRecipe(f"Line {number} of {MANIFEST} is no JSON.", _REMEDY) from error
        if not isinstance(table, dict):
            raise BadRecipe(f"Line {number} of {MANIFEST} is no table.", _REMEDY)
        tables.append((number, table))
    return tables


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        said = f"{folder / MANIFEST} cannot be written: {error.strerror or error}"
        raise CannotSave(said, "Make room, or name another --out.") from error


def _text(line: PictureLine) -> str:
    return json.dumps(asdict(line), ensure_ascii=False) + "\n"
