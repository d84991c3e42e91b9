"""What the autopilot's second looks ask of a model: to restore a crop, or the whole photo made
small, as one task does, or to say where marks are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from engine.damage import LOOKS

if TYPE_CHECKING:
    from engine.analysis import Restore
    from engine.diffusion.predictor import Predictor

_PRINTS = "old-photo"
"""The task of which it is asked what the finder sees, not what becomes of the photo."""


def restorers_of(predictor: Predictor) -> dict[str, Restore]:
    """By task of `LOOKS`, those that the model can do; they raise what `Predictor.restore`,
    `Specialists.relit` and `Specialists.marked` raise."""
    adapted, lit = predictor.tasks, predictor.specialists.lights
    found: dict[str, Restore] = {}
    for task in LOOKS:
        if task == _PRINTS:
            if "repair" in predictor.specialists.kinds:
                found[task] = predictor.specialists.marked
        elif task in adapted:
            found[task] = partial(predictor.restore, task=task)
        elif task in lit:
            # its judge knows what becomes of a photo without haze, not of its shadows
            found[task] = partial(predictor.specialists.relit, task=task, lift=False)
    return found
