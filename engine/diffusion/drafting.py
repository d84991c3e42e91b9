"""The draft: what the predictor and its specialists make of a picture.

A course of stages, each of which reads boxes and writes rows: fill damage, set the light, run the
network with its task adapter, enlarge. Between two stages the picture lies in a file, so that one
of any size passes through little memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engine import effort
from engine.diffusion import enlarger, predictor
from engine.diffusion.clearing import clearing
from engine.diffusion.findings import Findings
from engine.diffusion.picture_files import copy_part, new_picture
from engine.diffusion.predictor import Predictor
from engine.diffusion.repair import repair, work_of_repair
from engine.diffusion.sharpening import Sharpener, common_blur
from engine.diffusion.tiled import Read, Work, Write, in_tiles
from engine.photo import Box, FloatArray, floats
from engine.preset import Preset
from engine.progress import Part, Progress
from engine.relight import Relight
from engine.request import RestoreRequest
from engine.resize import enlarged
from engine.texture_sparing import spared
from engine.views import View

NOTHING = "nothing"
"""The task that the autopilot gives a photo which is fine as it is."""

_CLEANER = "denoise"
"""The task adapter that cleans what taking blur or haze out leaves."""
_LONGEST_BLUR = 256
"""Pixels around a part of a photo that it is sharpened with: taking a blur out reaches far."""
_STRIP = 512
"""Rows that are handled at a time where the whole width is."""

Lighting = Callable[[FloatArray, Box], FloatArray]
"""The pixels of a box, (h, w, 3), 0..1, in another light."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One thing that is done to a whole picture."""

    run: Callable[[Read, Write, Progress], str | None]
    """Gives what it found in the picture, a sentence for its owner, if that is worth telling."""
    scale: int = 1
    """Size of what it writes over that of what it reads."""
    work: float = effort.PASS
    """About how long it takes, in passes of the network."""


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
        stages.append(_enlarging(lite, native, view.scale, first=not stages))
    told = _follow(stages or [_relit(native.size, _same)], native, target, progress)
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
        stages.append(_filling(lite, view, preset.sensitivity if preset.repairs else None))
    light = _relight(lite, view, preset) if preset.working_side else None
    task = _network_task(lite, preset)
    if light is not None and light.veil is not None and _only_cleaned(preset, task, request):
        return [*stages, _cleared(view.size, light, _network(lite, preset, task, None))]
    if light is not None:
        stages.append(_relit(view.size, light))
    if task == NOTHING and request.adapter is None:
        return stages
    if preset.deconvolves and _CLEANER in lite.tasks:
        untouched = findings if not stages else None
        return [*stages, _sharpened(lite, view, task, request.adapter, untouched)]
    return [*stages, _predicting(view.size, _network(lite, preset, task, request.adapter))]


def _only_cleaned(preset: Preset, task: str, request: RestoreRequest) -> bool:
    """Whether all that the network does is to clean what comes out of haze. What else a preset of
    the user's own asks for, or an adapter does, is done to the whole photo."""
    return task == _CLEANER and not preset.deconvolves and request.adapter is None


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


def _relit(size: tuple[int, int], relight: Lighting) -> Stage:
    width, height = size

    def run(read: Read, write: Write, progress: Progress) -> None:
        for top in range(0, height, _STRIP):
            progress.report(top / height, "restoring")
            box = Box(0, top, width, min(top + _STRIP, height))
            write(top, relight(read(box), box))

    return Stage(run, work=effort.LIGHT)


def _filling(lite: Predictor, view: View, sensitivity: float | None) -> Stage:
    repairer = lite.specialists.repairer

    def run(read: Read, write: Write, progress: Progress) -> None:
        repair(repairer, view.size, read, view.holes, write, progress, sensitivity=sensitivity)

    return Stage(run, work=work_of_repair(view.size, find=sensitivity is not None))


def _predicting(size: tuple[int, int], work: Work) -> Stage:
    def run(read: Read, write: Write, progress: Progress) -> None:
        in_tiles(size, read, write, work, tiling=predictor.TILING, progress=progress)

    return Stage(run)


def _cleared(size: tuple[int, int], light: Relight, clean: Work) -> Stage:
    """Without haze, and cleaned where there was some."""

    def run(read: Read, write: Write, progress: Progress) -> None:
        lit, cleaned = clearing(read, light, clean)
        in_tiles(size, lit, write, cleaned, tiling=predictor.TILING, progress=progress)

    return Stage(run, work=effort.PASS + effort.LIGHT)


def _sharpened(
    lite: Predictor, view: View, task: str, adapter: Path | None, findings: Findings | None
) -> Stage:
    """By the network, and by the blur that is read from the photo.

    `findings` are about it as long as nothing was done to it: then it is read from the whole.
    """
    sharpener = Sharpener(sharpen=lite.work(task, adapter), clean=lite.work(_CLEANER))
    size, whole = view.size, view.whole

    def run(read: Read, write: Write, progress: Progress) -> str:
        reading, restoring = Part(progress, 0.0, 0.5), Part(progress, 0.5, 1.0)
        if findings is None:
            blur = common_blur(size, read, sharpener, reading)
        else:
            look = partial(common_blur, whole.size, whole.pixels, sharpener, reading)
            blur = findings.once(("blur", task), look)
        tiling = blur.tiling(predictor.TILING)
        in_tiles(size, read, write, sharpener.by(blur), tiling=tiling, progress=restoring)
        return blur.told

    return Stage(run, work=effort.sharpening(size[0] * size[1] / 1e6))


def _enlarging(lite: Predictor, view: View, scale: int, *, first: bool) -> Stage:
    """By one of the model's enlargers; plainly with a model that has none. Which of them is chosen
    by the whole photo if nothing was done to it, `first`."""
    enlargers = lite.specialists.enlargers if "enlarger" in lite.specialists.kinds else None
    size, whole = view.size, view.whole

    def run(read: Read, write: Write, progress: Progress) -> None:
        enlarge = partial(enlarged, scale=scale)
        if enlargers is not None:
            judged = (whole.size, whole.pixels) if first else (size, read)
            enlarge = partial(enlargers.of(*judged, scale).enlarge, scale=scale)
        tiling = enlarger.TILING
        in_tiles(size, read, write, enlarge, tiling=tiling, progress=progress, scale=scale)

    return Stage(run, scale=scale, work=effort.ENLARGING)


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
