"""What lies in a model's folder: size, checksum and origin of each file that was once verified.

The file `installed.json` beside the weights. It is what `models verify` holds a file against where
the catalogue knows no checksum, and without its entry no file counts as there.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RECORDS = "installed.json"
_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """One file as it was when it came."""

    bytes: int
    sha256: str
    source: str
    """Address, “import” or “found”."""
    commit: str = ""
    """Of the repository, where the hub named it."""

    def __post_init__(self) -> None:
        if not isinstance(self.bytes, int) or len(self.sha256) != 64:
            raise ValueError("not the record of a file")


def read_records(folder: Path) -> dict[str, FileRecord]:
    """The records of a folder by path; none where they are missing or cannot be understood."""
    try:
        table = json.loads((folder / RECORDS).read_text(encoding="utf-8"))
        return {str(path): FileRecord(**entry) for path, entry in table["files"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def write_records(folder: Path, records: Mapping[str, FileRecord]) -> None:
    """Replace the records of a folder, whole or not at all; raises `OSError`."""
    table = {"version": _VERSION, "files": {path: asdict(one) for path, one in records.items()}}
    fresh = folder / (RECORDS + ".new")
    fresh.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")
    fresh.replace(folder / RECORDS)
