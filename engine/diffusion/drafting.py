"""The draft: what the predictor and its specialists make of a picture.

A course of stages, each of which reads boxes and writes rows: fill damage, set the light, run the
network with its task adapter, enlarge. Between two stages the picture lies in a file, so that one
of any size passes through little memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engine.diffusion import predictor
from engine.diffusion.demosaicing import task_for
from engine.diffusion.findings import Findings
from engine.diffusion.picture_files import copy_part, new_picture
from engine.diffusion.predictor import Predictor
from engine.diffusion.stages import (
    CLEANER,
    Stage,
    cleared,
    demosaicked,
    enlarging,
    filling,
    predicting,
    relit,
    sharpened,
)
from engine.diffusion.tiled import Read, Work, Write
from engine.photo import Box, FloatArray, floats
from engine.preset import Preset
from engine.progress import Part, Progress
from engine.relight import Relight
from engine.request import RestoreRequest
from engine.texture_sparing import spared
from engine.views import View

NOTHING = "nothing"
"""The task that the autopilot gives a photo which is fine as it is."""

_LONGEST_BLUR = 256
"""Pixels around a part of a photo that it is sharpened with: taking a blur out reaches far."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a draft leaves beside its file."""

    degraded: Read
    """The picture as it was, as large as the output and in the light of the draft."""
    told: tuple[str, ...] = ()
    """What was found on the way, in sentences for the user."""


def draft(
    lite: Predictor,
    view: View,
    preset: Preset,
    request: RestoreRequest,
    target: Path,
    progress: Progress,
    findings: Findings | None = None,
) -> Drafted:
    """Write the full-strength prediction of what `view` shows to `target`, a new uint16 `.npy`.

    A part of a photo becomes what it does in the whole, but for what is repaired and how what was
    restored is enlarged: that is judged by the part. `request.adapter` is one for the predictor, or
    None; `findings` are about the photo. Raises `MissingWeights`, `WrongWeights`, `WrongAdapter`,
    `OutOfMemory`, `NoSpace`.
    """
    torch.manual_seed(request.seed)
    findings = Findings() if findings is None else findings
    if view.part is None:
        return _drafted(lite, view, preset, request, target, progress, findings)
    margin = _LONGEST_BLUR if preset.deconvolves else predictor.TILING.overlap
    wider = view.widened(margin, predictor.TILING.align)
    right, down = (inner - outer for inner, outer in zip(view.corner, wider.corner, strict=True))
    inside = Box(0, 0, *view.size).moved(right, down)
    place = target.with_name(f"{target.stem}-wide.npy")
    with ExitStack() as between:
        between.callback(_remove, place)
        drafted = _drafted(lite, wider, preset, request, place, progress, findings)
        copy_part(place, inside, target)
    return Drafted(lambda box: drafted.degraded(box.moved(right, down)), drafted.told)


def _drafted(
    lite: Predictor,
    view: View,
    preset: Preset,
    request: RestoreRequest,
    target: Path,
    progress: Progress,
    findings: Findings,
) -> Drafted:
    native = view.native
    stages = _stages(lite, native, preset, request, findings)
    if view.scale > 1:
        stages.append(enlarging(lite, native, view.scale, first=not stages))
    told = _follow(stages or [relit(native.size, _same)], native, target, progress)
    relight = _relight(lite, view, preset) if preset.working_side else _same
    return Drafted(lambda box: relight(view.pixels(box), box), told)


def writer(out: NDArray[np.uint16]) -> Write:
    """Puts rows (n, width, 3), 0..1, into an array (height, width, 3) of 0..65535."""

    def write(top: int, rows: FloatArray) -> None:
        out[top : top + len(rows)] = np.rint(rows * 65535).astype(np.uint16)

    return write


def _stages(
    lite: Predictor, view: View, preset: Preset, request: RestoreRequest, findings: Findings
) -> list[Stage]:
    """What the preset asks for, at the photo's own size."""
    stages = []
    if preset.repairs or view.mask is not None:
        stages.append(filling(lite, view, preset.sensitivity if preset.repairs else None))
    light = _relight(lite, view, preset) if preset.working_side else None
    task = _network_task(lite, preset)
    if _only_cleaned(preset, task, request):
        if light is not None and light.veil is not None:
            return [*stages, cleared(view.size, light, _network(lite, preset, task, None))]
        mosaic = view.mosaic if not stages else None
        if mosaic is not None and (seen := task_for(mosaic)) in lite.tasks:
            # it shows noise as it is, before its light is set
            made = demosaicked(mosaic, view.photo.profile, lite.work(seen))
            return [made] if light is None else [made, relit(view.size, light)]
    if light is not None:
        stages.append(relit(view.size, light))
    if task == NOTHING and request.adapter is None:
        return stages
    if preset.deconvolves and CLEANER in lite.tasks:
        untouched = findings if not stages else None
        return [*stages, sharpened(lite, view, task, request.adapter, untouched)]
    return [*stages, predicting(view.size, _network(lite, preset, task, request.adapter))]


def _only_cleaned(preset: Preset, task: str, request: RestoreRequest) -> bool:
    """Whether all that the network does is to clean, what a sensor saw or what comes out of haze.
    What else a preset of the user's own asks for, or an adapter does, is done to the photo."""
    return task == CLEANER and not preset.deconvolves and request.adapter is None


def _network_task(lite: Predictor, preset: Preset) -> str:
    """The task adapter that the network runs with, "" for none, `NOTHING` if it does not run.

    A task without adapter that is no specialist's either is handed on, to be refused by its name;
    a model that cannot finish what a specialist does leaves it as that does it.
    """
    if preset.task in lite.tasks or preset.task not in lite.specialists.tasks:
        return preset.task
    return preset.finish if preset.finish in lite.tasks else NOTHING


def _relight(lite: Predictor, view: View, preset: Preset) -> Relight:
    """How the light changes in what is seen of a photo, by a small copy of the whole."""
    small = view.small(preset.working_side)
    found = lite.specialists.light(preset.task).estimate(small, view.whole.size)
    return found.counted_from(view.corner)


def _network(lite: Predictor, preset: Preset, task: str, adapter: Path | None) -> Work:
    """What the network makes of a tile, less what it took of faint texture."""
    work = lite.work(task, adapter)
    return (lambda pixels: spared(pixels, work(pixels))) if preset.spares_texture else work


def _same(pixels: FloatArray, box: Box) -> FloatArray:
    del box  # the same everywhere
    return pixels


def _follow(
    stages: Sequence[Stage], view: View, target: Path, progress: Progress
) -> tuple[str, ...]:
    """Run the stages one behind the other, the last of which writes to `target`; what they tell."""
    told = []
    total, done = sum(stage.work for stage in stages), 0.0
    width, height = view.size
    read: Read = view.pixels
    with ExitStack() as between:
        for number, stage in enumerate(stages, start=1):
            width, height = width * stage.scale, height * stage.scale
            place = target
            if number < len(stages):
                place = target.with_name(f"{target.stem}-{number}.npy")
                between.callback(_remove, place)
            out = new_picture(place, (height, width, 3))
            part = Part(progress, done / total, (done + stage.work) / total)
            told.append(stage.run(read, writer(out), part))
            read, done = _reader(out), done + stage.work
        del read, out  # Windows removes no file that is mapped
    return tuple(sentence for sentence in told if sentence)


def _remove(place: Path) -> None:
    with suppress(OSError):  # Windows keeps it while an error holds on to it
        place.unlink(missing_ok=True)


def _reader(array: NDArray[np.uint16]) -> Read:
    return lambda box: floats(array[box.slices]) / np.float32(65535)
