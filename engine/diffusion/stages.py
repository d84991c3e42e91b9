"""What can be done to a whole picture: each stage reads boxes and writes rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from engine import effort
from engine.diffusion import predictor
from engine.diffusion.deblurring.sharpening import Sharpener, common_blur
from engine.diffusion.demosaicing import demosaic
from engine.diffusion.findings import Findings
from engine.diffusion.predictor import Predictor
from engine.diffusion.specialists import enlarger
from engine.diffusion.specialists.clearing import clearing
from engine.diffusion.specialists.repair import repair, work_of_repair
from engine.diffusion.tiled import Read, Work, Write, in_tiles
from engine.mosaic import Mosaic
from engine.photo import Box, FloatArray, Profile
from engine.progress import Part, Progress
from engine.relight import Relight
from engine.resize import enlarged
from engine.views import View

CLEANER = "denoise"
"""The task adapter that cleans what taking blur or haze out leaves."""
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


def relit(size: tuple[int, int], relight: Lighting) -> Stage:
    width, height = size

    def run(read: Read, write: Write, progress: Progress) -> None:
        for top in range(0, height, _STRIP):
            progress.report(top / height, "restoring")
            box = Box(0, top, width, min(top + _STRIP, height))
            write(top, relight(read(box), box))

    return Stage(run, work=effort.LIGHT)


def filling(lite: Predictor, view: View, sensitivity: float | None) -> Stage:
    repairer = lite.specialists.repairer

    def run(read: Read, write: Write, progress: Progress) -> None:
        repair(repairer, view.size, read, view.holes, write, progress, sensitivity=sensitivity)

    return Stage(run, work=work_of_repair(view.size, find=sensitivity is not None))


def demosaicked(mosaic: Mosaic, profile: Profile, network: Work) -> Stage:
    """From what the sensor wrote, whatever is read."""

    def run(read: Read, write: Write, progress: Progress) -> None:
        demosaic(mosaic, profile, network, write, progress)

    return Stage(run)


def predicting(size: tuple[int, int], work: Work) -> Stage:
    def run(read: Read, write: Write, progress: Progress) -> None:
        in_tiles(size, read, write, work, tiling=predictor.TILING, progress=progress)

    return Stage(run)


def cleared(size: tuple[int, int], light: Relight, clean: Work) -> Stage:
    """Without haze, and cleaned where there was some."""

    def run(read: Read, write: Write, progress: Progress) -> None:
        lit, cleaned = clearing(read, light, clean)
        in_tiles(size, lit, write, cleaned, tiling=predictor.TILING, progress=progress)

    return Stage(run, work=effort.PASS + effort.LIGHT)


def sharpened(
    lite: Predictor, view: View, task: str, adapter: Path | None, findings: Findings | None
) -> Stage:
    """By the network, and by the blur that is read from the photo.

    `findings` are about it as long as nothing was done to it: then it is read from the whole.
    """
    sharpener = Sharpener(sharpen=lite.work(task, adapter), clean=lite.work(CLEANER))
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


def enlarging(lite: Predictor, view: View, scale: int, *, first: bool) -> Stage:
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
