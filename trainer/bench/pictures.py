"""The pictures that the benches measure with: found in folders, read, each beside its truth."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.errors import BadPhoto
from engine.files import load
from engine.photo import FloatArray


def picture(path: Path) -> FloatArray:
    """A test picture as (h, w, 3), 0 to 1; raises `BadPhoto`."""
    return load(path).pixels


def pictures(folder: Path, most: int, option: str = "--data") -> list[Path]:
    """The first `most` files by name; raises `BadPhoto` where there are none, naming `option`."""
    kinds = {".png", ".webp", ".jpg", ".jpeg"}
    found = sorted(path for path in folder.glob("*") if path.suffix.lower() in kinds)
    if not found:
        raise BadPhoto(
            f"There are no test pictures in “{folder}”.", f"Name their folder with {option}."
        )
    return found[:most]


def truths(folder: Path) -> dict[str, Path]:
    """The pictures of a folder by name; raises `BadPhoto` where there are none."""
    return {path.stem: path for path in pictures(folder, 10**6)}


def truth_of(path: Path, known: Mapping[str, Path]) -> FloatArray:
    """The truth of a test picture, (h, w, 3), 0 to 1; raises `BadPhoto`, also if it has none."""
    if path.stem not in known:
        raise BadPhoto(
            f"“{path}” has no picture of its name to be compared with.",
            "Put its truth into the folder gt beside it.",
        )
    return picture(known[path.stem])
