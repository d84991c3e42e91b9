"""Where the large models of the catalogue lie on this machine, and which of them are there whole.

No network and no torch here. Those that ship lie in the program's own resources, the others in the
user's folder for models, a folder each.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from engine.backbones import BackboneFile, BackboneSpec
from engine.resources import resource

TABLES = "tables"
"""The folder of a model's modulation tables, in its own: made when it first runs."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The models of this machine."""

    folder: Path | None = None
    """Where fetched models lie; with None there are only those that ship."""

    def place(self, spec: BackboneSpec) -> Path:
        """The folder of a model, whether it is there or not.

        Raises `ValueError` for one that does not ship where there is no folder for it.
        """
        if spec.shipped:
            return resource("models", spec.id)
        if self.folder is None:
            raise ValueError(f"there is no folder for {spec.id}")
        return self.folder / spec.id

    def variants_here(self, spec: BackboneSpec) -> tuple[str, ...]:
        """The precisions in which a model is whole, in the catalogue's order.

        A file is there under its own name only once it is; parts of downloads do not count.
        """
        if not spec.shipped and self.folder is None:
            return ()
        place = self.place(spec)
        here = {file for file in spec.files if _is_whole(place, file)}
        return tuple(name for name in spec.variants if set(spec.files_of(name)) <= here)

    def keeps_tables(self, spec: BackboneSpec) -> bool:
        """Whether modulation tables are made for a model: where they spare something, and can be
        kept beside its weights."""
        return spec.modulation > 0 and not spec.shipped and os.access(self.place(spec), os.W_OK)


def is_there(path: Path) -> bool:
    """Whether a file is there; one in a folder that nobody may look into is not."""
    try:
        return path.is_file()
    except OSError:
        return False


def _is_whole(place: Path, file: BackboneFile) -> bool:
    path = place / file.path
    return is_there(path) and file.bytes in (None, path.stat().st_size)
