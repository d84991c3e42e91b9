"""The page that tells the story: load, analyse, predict, compose."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engine.analysis import Analysis, analyse, propose
from engine.colour import to_srgb
from engine.compose import Regions, compose
from engine.diffusion.predictor import Predictor, Read, load_predictor
from engine.faces import faces_of
from engine.files import load
from engine.photo import Box, FloatArray, Photo
from engine.preset import Preset, load_presets
from engine.progress import Part, Progress
from engine.request import RestoreRequest, RestoreResult
from engine.transfer import light_transfer
from engine.views import View, load_mask

MEMORY_PER_PIXEL = 40
"""Bytes a pixel of the output: photo and composed photo in float32 (12 each), the prediction in
its file (6, of which the system keeps what fits), and reading or writing (up to 10)."""
MEMORY_PER_TILE = 1_500_000_000
"""Bytes for the network's work on one tile, whatever the size of the photo."""

_NOTHING = "nothing"
"""The task that the autopilot gives a photo which is fine as it is."""


@dataclass(slots=True)
class Restorer:
    """Keeps weights loaded between jobs; runs one request at a time."""

    cache: Path | None = None
    """Folder for predictions before composing; a temporary one if none is given."""
    presets: Mapping[str, Preset] = field(default_factory=load_presets)
    """What the autopilot chooses from; it leaves experimental ones to the user."""
    predictors: dict[tuple[str, str], Predictor] = field(default_factory=dict)
    """Loaded ones, by model and device."""

    def restore(self, request: RestoreRequest, progress: Progress) -> tuple[Photo, RestoreResult]:
        """The composed photo, ready to be saved, and how it came about.

        Raises the errors of `run`; nothing is left in the cache.
        """
        photo = load(request.source)
        result = self.run(request, progress, photo)
        try:
            return self.compose(result, photo), result
        finally:
            result.restored.unlink(missing_ok=True)

    def run(
        self, request: RestoreRequest, progress: Progress, photo: Photo | None = None
    ) -> RestoreResult:
        """Predict into a file of the cache.

        `photo` is the loaded source, if the caller has it. Raises `BadPhoto`, `MissingWeights`,
        `WrongWeights`, `WrongAdapter`, `OutOfMemory` and `Cancelled`.
        """
        started = time.perf_counter()
        photo = load(request.source) if photo is None else photo  # load
        if request.region is not None:
            photo = photo.cropped(request.region)
        preset, analysis, reasons = self._decided(request, photo)  # analyse
        predictor = self._ready(request)
        mask = None if request.mask is None else load_mask(request.mask, photo)
        view = View(photo, preset.scale, mask)
        target = self._file()
        try:
            _predict(predictor, view, preset, request, target, Part(progress, 0.02, 1))  # predict
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return RestoreResult(
            request=request,
            preset=preset,
            restored=target,
            seconds=time.perf_counter() - started,
            megapixels=photo.megapixels,
            device=str(predictor.device),
            saw={} if analysis is None else analysis.as_numbers(),
            reasons=reasons,
        )

    def compose(self, result: RestoreResult, photo: Photo | None = None) -> Photo:
        """Mix a result with its source as its preset says."""
        request, blend = result.request, result.preset.blend
        photo = load(request.source) if photo is None else photo
        masks = [
            None if p is None else load_mask(p, photo) for p in (request.keep, request.restore)
        ]
        if request.region is not None:
            photo = photo.cropped(request.region)
            masks = [None if mask is None else mask[request.region.slices] for mask in masks]
        faces = faces_of(photo) if blend.faces > 0 and blend.strength > 0 else ()
        regions = Regions(faces=faces, keep=masks[0], restore=masks[1])
        restored: NDArray[np.uint16] = np.load(result.restored, mmap_mode="r")
        return compose(photo, restored, blend, regions)

    def _decided(
        self, request: RestoreRequest, photo: Photo
    ) -> tuple[Preset, Analysis | None, tuple[str, ...]]:
        """The preset that runs: the request's, or what the autopilot makes of "auto"."""
        preset = request.preset
        if preset.task != "auto":
            return preset, None, ()
        analysis = analyse(to_srgb(photo.pixels, photo.profile))
        trusted = {id: p for id, p in self.presets.items() if not p.experimental}
        proposal = propose(analysis, trusted)
        if not proposal.preset_id:
            idle = replace(preset, task=_NOTHING, strength=0.0)
            return idle, analysis, proposal.reasons
        chosen = self.presets[proposal.preset_id]
        strength = proposal.strength * preset.strength
        scale = max(preset.scale, chosen.scale)
        chosen = replace(chosen, strength=strength, scale=scale).mixed_as(preset)
        return chosen, analysis, proposal.reasons

    def _ready(self, request: RestoreRequest) -> Predictor:
        key = (request.model, request.device)
        if key not in self.predictors:
            self.predictors[key] = load_predictor(request.device, request.model)
        return self.predictors[key]

    def _file(self) -> Path:
        folder = self.cache
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            prefix="restored-", suffix=".npy", dir=folder, delete=False
        ) as file:
            return Path(file.name)


def _predict(
    predictor: Predictor,
    view: View,
    preset: Preset,
    request: RestoreRequest,
    target: Path,
    progress: Progress,
) -> None:
    """Write the full-strength prediction of what `view` shows to `target`."""
    torch.manual_seed(request.seed)
    width, height = view.size
    out: NDArray[np.uint16] = np.lib.format.open_memmap(target, "w+", np.uint16, (height, width, 3))

    def write(top: int, rows: FloatArray) -> None:
        out[top : top + len(rows)] = np.rint(rows * 65535).astype(np.uint16)

    if preset.task == _NOTHING:
        for top in range(0, height, 512):
            write(top, view.pixels(Box(0, top, width, min(top + 512, height))))
        return
    read: Read = view.pixels
    task = preset.task
    if preset.working_side and max(width, height) > preset.working_side:
        read = _relit(predictor, view, preset, request)
        task = "denoise"  # the small copy was cleaned; what the light amplified here was not
    predictor.predict(
        (width, height),
        read,
        write,
        task,
        read_mask=None if view.mask is None else view.holes,
        repairs=preset.repairs,
        adapter=request.adapter if task == preset.task else None,
        progress=progress,
    )


def _relit(predictor: Predictor, view: View, preset: Preset, request: RestoreRequest) -> Read:
    """Reads `view` in the light that the predictor gives to a small copy of it."""
    small = view.small(preset.working_side)
    restored = predictor.restore(small, preset.task, adapter=request.adapter)
    transfer = light_transfer(small, restored, view.size)
    return lambda box: transfer(view.pixels(box), box)
