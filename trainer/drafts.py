"""Drafts of pictures in memory, as the program makes them of photos."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.diffusion.drafting import draft
from engine.diffusion.predictor import Predictor
from engine.photo import Box, FloatArray, Photo, floats
from engine.preset import Preset, load_presets
from engine.progress import Silent
from engine.request import RestoreRequest
from engine.views import View


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a prior is given of a picture; both (h, w, 3), sRGB-encoded."""

    draft: FloatArray
    """0..1."""
    degraded: FloatArray
    """The picture itself, in the light of the draft."""


class Drafts:
    """The embedded model with all it does for a task, at the picture's own size unless another is
    asked for."""

    def __init__(self, predictor: Predictor) -> None:
        self._predictor, self._presets = predictor, load_presets()

    def restore(self, srgb: FloatArray, task: str, mask: FloatArray | None = None) -> FloatArray:
        """(h, w, 3), sRGB-encoded, 0..1, to the same; `mask` (h, w), 0..1, marks places to fill.

        What was enlarged already comes back as it is. Raises `MissingWeights` and `WrongAdapter`.
        """
        return self.drafted(srgb, task, mask).draft

    def drafted(
        self, srgb: FloatArray, task: str, mask: FloatArray | None = None, scale: int = 1
    ) -> Drafted:
        """The same at `scale` times the size, and what is left to restore beside it; raises as
        `restore` does."""
        plain = Preset(id=task or "plain", title="", summary="", task=task)
        preset = replace(self._presets.get(task, plain), scale=scale)
        view = View(Photo(pixels=np.clip(srgb, 0, 1)), scale, mask)
        with tempfile.TemporaryDirectory(prefix="restorer-draft-") as folder:
            place = Path(folder) / "draft.npy"
            request = RestoreRequest(source=place, preset=preset)
            drafted = draft(self._predictor, view, preset, request, place, Silent())
            pixels = floats(np.load(place)) / np.float32(65535)
            return Drafted(pixels, drafted.degraded(Box(0, 0, *view.size)))
