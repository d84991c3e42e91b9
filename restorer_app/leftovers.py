"""What `engine.whole_file` leaves behind when the process ends in the middle of saving."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from engine.whole_file import UNFINISHED

if TYPE_CHECKING:
    from pathlib import Path


def unfinished_in(folder: Path) -> set[Path]:
    """The unfinished files of one folder, whoever is writing them."""
    with suppress(OSError):
        return {path for path in folder.iterdir() if UNFINISHED.fullmatch(path.name)}
    return set()


def remove_unfinished_since(folder: Path, before: set[Path]) -> None:
    """Remove what has come to `folder` since `before`: another program's may be among those."""
    for path in unfinished_in(folder) - before:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def remove_all_unfinished(folder: Path) -> None:
    """Remove them from `folder` and all folders inside."""
    for path in folder.rglob(".*.part"):
        if UNFINISHED.fullmatch(path.name):
            with suppress(OSError):
                path.unlink(missing_ok=True)
