"""How long the stages of a draft take, over one pass of the predictor's network over the photo.

By `restorer bench speed` (model card, “Speed”): near enough to divide progress among them, and to
tell from one restored photo how long another will take.
"""

from __future__ import annotations

from functools import lru_cache

from engine.preset import Preset
from engine.weights import models

PASS = 1.0
LIGHT = 0.1
FINDING, FILLING = 1.8, 0.3
SHARPENING = 3.0
"""Reading the photo's blur, sharpening, and cleaning what taking the blur out leaves."""
ENLARGING = 10.0
"""Two looks at the small picture, whatever the scale."""


def effort(preset: Preset, model: str) -> float:
    """What a preset takes for each megapixel of its result, by a model: its stages in passes.

    A large model paints nearly all of the time, whatever the preset: 1.
    """
    if model not in _predictors():
        return 1.0
    native = FINDING + FILLING if preset.repairs else 0.0
    if preset.working_side:
        native += LIGHT
    if preset.finish or not (preset.working_side or preset.task in ("upscale", "nothing")):
        native += SHARPENING if preset.deconvolves else PASS
    enlarging = ENLARGING if preset.scale > 1 else 0.0
    return max(native + enlarging, LIGHT) / preset.scale**2


@lru_cache(maxsize=1)
def _predictors() -> frozenset[str]:
    """Ids of the models that restore by themselves."""
    return frozenset(model.id for model in models())
