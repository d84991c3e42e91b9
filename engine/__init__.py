"""Restorer's engine: `from engine import load, save, Restorer, RestoreRequest`.

Importing it costs no torch; `Restorer`, which computes, is fetched when it is first named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.files import SaveOptions, load, save
from engine.photo import Photo
from engine.preset import Preset, load_presets
from engine.request import RestoreRequest, RestoreResult

if TYPE_CHECKING:
    from engine.diffusion.restore import Restorer

__all__ = [
    "Photo",
    "Preset",
    "RestoreRequest",
    "RestoreResult",
    "Restorer",
    "SaveOptions",
    "load",
    "load_presets",
    "save",
]


def __getattr__(name: str) -> object:
    if name == "Restorer":
        from engine.diffusion.restore import Restorer

        return Restorer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
