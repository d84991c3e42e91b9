"""Restorer's engine: `from engine import load, save, Restorer, RestoreRequest`.

Importing the package costs nothing; each name is fetched from its module when it is first used,
so that a command which only lists presets loads no picture library, and none but `Restorer` torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.diffusion.restore import Restorer
    from engine.files import load
    from engine.fitting import SaveOptions
    from engine.photo import Photo
    from engine.preset import Preset, load_presets
    from engine.request import RestoreRequest, RestoreResult
    from engine.saving import save

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

_HOMES = {
    "Photo": "engine.photo",
    "Preset": "engine.preset",
    "RestoreRequest": "engine.request",
    "RestoreResult": "engine.request",
    "Restorer": "engine.diffusion.restore",
    "SaveOptions": "engine.fitting",
    "load": "engine.files",
    "load_presets": "engine.preset",
    "save": "engine.saving",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
