"""Why an errand is not even begun: found out before the time for it is spent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import BadPhoto, CannotSave
from restorer_app.presence import is_folder, is_missing, is_taken, obstacle

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from engine.errors import RestorerError
    from restorer_app.errands import Errand

Identities = frozenset[tuple[int, int]]
"""Files by device and number, which no other spelling, link or letter case hides."""


def identities(paths: Iterable[Path | None]) -> Identities:
    """The identities of those of the files that are there."""
    return frozenset(found for path in paths if path and (found := _identity(path)))


def refusal(errand: Errand, inputs: Identities, *, replace: bool) -> RestorerError | None:
    """What speaks against `errand`; None if nothing does.

    `inputs` are the files that a run reads: never written, whatever else is allowed. `replace`
    says whether another file at the output's place may be replaced.
    """
    source, output = errand.source, errand.output
    if is_folder(source):
        return BadPhoto(f"{source} is a folder", "Use “restorer batch” for folders.")
    if is_missing(source):
        return BadPhoto(f"There is no file {source}", "Check its name.")
    if _identity(output) in inputs:
        return CannotSave(
            f"{output} is a file that this run reads from, and those are never changed",
            "Choose another place or name with -o.",
        )
    if (found := obstacle(output)) is not None:
        return CannotSave(
            f"{output} cannot be written: {found.strerror}",
            "Choose another place or name with -o.",
        )
    if is_folder(output):
        return CannotSave(f"{output} is a folder", "Choose another name with -o.")
    if not replace and is_taken(output):
        return CannotSave(
            f"{output} is there already", "Add --overwrite to replace it, or choose another place."
        )
    return None


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
