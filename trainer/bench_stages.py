"""How long the specialists take, for `restorer bench speed`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from engine.diffusion import enlarger
from engine.diffusion.repair import repair
from engine.diffusion.specialists import Specialists
from engine.diffusion.tiled import Work, whole
from engine.errors import MissingWeights
from engine.photo import Box, FloatArray, Photo
from engine.progress import Silent
from engine.tiles import Tiling
from engine.views import View
from trainer.bench_ceiling import median_seconds
from trainer.bench_content import as_floats, made_up_photo

_OUTPUT = 4.0
"""Megapixels that are written."""


def stage_seconds(specialists: Specialists, repeats: int) -> Iterator[tuple[str, float, str]]:
    """(what, seconds per megapixel of output, a note) of each specialist the model has."""
    try:
        for scale in specialists.enlargers.general.scales:
            small = as_floats(made_up_photo(_OUTPUT / scale**2))
            enlarge = partial(specialists.enlargers.general.enlarge, scale=scale)
            seconds = _tiled(small, enlarge, enlarger.TILING, repeats, scale)
            yield f"lite enlarge x{scale}, {_OUTPUT:g} MP", seconds, "of the large picture"
        photo = as_floats(made_up_photo(_OUTPUT))
        seconds = _repaired(specialists, photo, repeats)
        yield f"lite scratches, {_OUTPUT:g} MP", seconds, "found and filled"
        yield f"lite dehaze, {_OUTPUT:g} MP", _light(specialists, photo, repeats), ""
    except MissingWeights:
        return


def _tiled(picture: FloatArray, work: Work, tiling: Tiling, repeats: int, scale: int = 1) -> float:
    run = partial(whole, picture, work, tiling=tiling, progress=Silent(), scale=scale)
    run()  # the first run chooses kernels and fills caches
    megapixels: float = picture.shape[0] * picture.shape[1] * scale**2 / 1e6
    return median_seconds(run, repeats) / megapixels


def _repaired(specialists: Specialists, photo: FloatArray, repeats: int) -> float:
    """Seconds per megapixel to find what lies on a print, and to fill it."""
    height: int = photo.shape[0]
    width: int = photo.shape[1]

    def run() -> None:
        repair(
            specialists.repairer,
            (width, height),
            lambda box: photo[box.slices],
            lambda box: np.zeros((box.height, box.width), np.float32),
            lambda top, rows: None,
            Silent(),
            sensitivity=0.5,
        )

    run()
    return median_seconds(run, repeats) / (width * height / 1e6)


def _light(specialists: Specialists, photo: FloatArray, repeats: int) -> float:
    """Seconds per megapixel to look at a photo and set its light."""
    height: int = photo.shape[0]
    width: int = photo.shape[1]
    view, box = View(Photo(pixels=photo)), Box(0, 0, width, height)

    def run() -> None:
        estimator = specialists.light("dehaze")
        estimator.estimate(view.small(estimator.side), view.size)(photo, box)

    run()
    megapixels = width * height / 1e6
    return median_seconds(run, repeats) / megapixels
