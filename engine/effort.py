"""How long the stages of a draft take, in passes of the predictor's network over the same pixels.

By `restorer bench speed` (model card, “Speed”): near enough to divide progress among them, and to
tell from one restored photo how long another will take.
"""

from __future__ import annotations

from functools import lru_cache

from engine.preset import Preset
from engine.resize import times_smaller
from engine.weights import models

PASS = 1.0
LIGHT = 0.1
FILLING = 0.3
ENLARGING = 10.0
"""Two looks at the small picture, whatever the scale."""
FOUND_ON = 4e6
"""Pixels of the copy on which marks are looked for in a large scan. A small print, 10 by 15 cm, has
some two million pixels of detail (300 to an inch)."""
_FINDING = 1.8
"""Of that copy."""
_SHARPENING = 2.0
"""Sharpening, and cleaning what taking a blur out leaves."""
_READING = 10.0
"""Of a blur, from all of a picture."""
_READ = 0.5
"""Megapixels of which it is read at most."""
_LOOKS, _LOOKED_AT = 4.5, 0.8
"""Passes that the second looks of the autopilot take, on average, and megapixels of them."""


def finding(pixels: float) -> float:
    """Passes that it takes to find marks in a picture of so many pixels."""
    return _FINDING / times_smaller(pixels, FOUND_ON) ** 2


def sharpening(megapixels: float) -> float:
    """Passes that it takes to read a photo's blur and to take it out."""
    return _SHARPENING + _READING * min(megapixels, _READ) / megapixels


def work(preset: Preset, megapixels: float, model: str, *, adapter: bool, looked: bool) -> float:
    """Megapixels of passes for a photo of so many `megapixels`, above 0.

    `adapter` says whether it is restored by one of the user's own, `looked` whether the autopilot
    chose the preset. A large model paints nearly all of the time, whatever the preset: then it is
    the megapixels of the result.
    """
    if model not in _predictors():
        return megapixels * preset.scale**2
    native = finding(megapixels * 1e6) + FILLING if preset.repairs else 0.0
    if preset.working_side:
        native += LIGHT
    if adapter or preset.finish or not (preset.working_side or preset.task in _SPECIAL):
        native += sharpening(megapixels) if preset.deconvolves else PASS
    enlarging = ENLARGING if preset.scale > 1 else 0.0
    looks = _LOOKS * min(megapixels, _LOOKED_AT) if looked else 0.0
    return megapixels * max(native + enlarging, LIGHT) + looks


_SPECIAL = ("upscale", "nothing")
"""Tasks for which the network does not run."""


@lru_cache(maxsize=1)
def _predictors() -> frozenset[str]:
    """Ids of the models that restore by themselves."""
    return frozenset(model.id for model in models())
