"""How long the specialists take, for `restorer bench speed`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from engine.diffusion import demosaicing, predictor
from engine.diffusion.deblurring.sharpening import Sharpener, common_blur
from engine.diffusion.predictor import Predictor
from engine.diffusion.specialists import enlarger
from engine.diffusion.specialists.clearing import clearing
from engine.diffusion.specialists.repair import repair
from engine.diffusion.specialists.roster import Specialists
from engine.diffusion.tiled import Work, in_tiles, whole
from engine.errors import MissingWeights
from engine.files import load
from engine.filter_array import KNOWN, FilterArray
from engine.photo import FloatArray, Photo, floats
from engine.progress import Silent
from engine.tiles import Tiling
from engine.views import View
from trainer.bench.ceiling import median_seconds
from trainer.bench.content import as_floats, made_up_photo
from trainer.bench.raw import SENSOR, seen
from trainer.bench.raw_files import write_dng

_OUTPUT = 4.0
"""Megapixels that are written."""
_HAZE, _AIRLIGHT = 0.5, 0.9
"""Share of haze in the light of the photo that haze is taken out of, and its brightness, 0..1."""
_ISO = 1600
_MOVED = 9
"""Pixels by which the photo to be sharpened moved."""


def stage_seconds(lite: Predictor, repeats: int) -> Iterator[tuple[str, float, str]]:
    """(what, seconds per megapixel of output, a note) of all that the model has beside its pass."""
    specialists = lite.specialists
    try:
        for scale in specialists.enlargers.general.scales:
            small = as_floats(made_up_photo(_OUTPUT / scale**2))
            enlarge = partial(specialists.enlargers.general.enlarge, scale=scale)
            seconds = _tiled(small, enlarge, enlarger.TILING, repeats, scale)
            yield f"lite enlarge x{scale}, {_OUTPUT:g} MP", seconds, "of the large picture"
        photo = as_floats(made_up_photo(_OUTPUT))
        seconds = _repaired(specialists, photo, repeats)
        yield f"lite scratches, {_OUTPUT:g} MP", seconds, "found and filled"
        hazy = floats(photo * (1 - _HAZE) + _HAZE * _AIRLIGHT)
        seconds = _cleared(lite, hazy, repeats)
        yield f"lite dehaze, {_OUTPUT:g} MP", seconds, "and cleaned where haze was: everywhere"
        seconds = _sharpened(lite, floats(cv2.blur(photo, (_MOVED, 1))), repeats)
        yield f"lite deblur, {_OUTPUT:g} MP", seconds, "its blur read and taken out"
        for array in KNOWN:
            if demosaicing.TASKS[array.name] in lite.tasks:
                raw, (developing, cleaning) = (
                    f"RAW ({array.name})",
                    _from_raw(lite, photo, array, repeats),
                )
                yield f"{raw}, {_OUTPUT:g} MP", developing, "read and developed, on the processor"
                yield f"lite denoise of {raw}, {_OUTPUT:g} MP", cleaning, "from its mosaic"
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


def _sharpened(lite: Predictor, photo: FloatArray, repeats: int) -> float:
    """Seconds per megapixel to read a photo's blur and to sharpen it by network and blur."""
    sharpener = Sharpener(sharpen=lite.work("deblur"), clean=lite.work("denoise"))
    size = photo.shape[1], photo.shape[0]

    def run() -> None:
        blur = common_blur(size, lambda box: photo[box.slices], sharpener, Silent())
        whole(photo, sharpener.by(blur), tiling=predictor.TILING, progress=Silent())

    run()
    megapixels: float = size[0] * size[1] / 1e6
    return median_seconds(run, repeats) / megapixels


def _from_raw(
    lite: Predictor, photo: FloatArray, array: FilterArray, repeats: int
) -> tuple[float, float]:
    """Seconds per megapixel to read and develop a RAW file, and to clean it by its mosaic."""
    with tempfile.TemporaryDirectory(prefix="restorer-raw-") as folder:
        place = Path(folder) / "seen.dng"
        write_dng(seen(photo, _ISO, np.random.default_rng(0), array), SENSOR, place, array)
        developing = median_seconds(partial(load, place), repeats)
        raw = load(place)
    mosaic = raw.mosaic
    assert mosaic is not None
    work = lite.work(demosaicing.task_for(mosaic))

    def run() -> None:
        demosaicing.demosaic(mosaic, raw.profile, work, lambda top, rows: None, Silent())

    run()
    return developing / raw.megapixels, median_seconds(run, repeats) / raw.megapixels


def _cleared(lite: Predictor, photo: FloatArray, repeats: int) -> float:
    """Seconds per megapixel to look at a hazy photo, to take its haze out, and to clean it."""
    view, clean = View(Photo(pixels=photo)), lite.work("denoise")

    def run() -> None:
        estimator = lite.specialists.light("dehaze")
        light = estimator.estimate(view.small(estimator.side), view.size)
        lit, work = clearing(view.pixels, light, clean)
        parts: list[FloatArray] = []
        in_tiles(
            view.size,
            lit,
            lambda top, rows: parts.append(rows),
            work,
            tiling=predictor.TILING,
            progress=Silent(),
        )

    run()
    megapixels: float = photo.shape[0] * photo.shape[1] / 1e6
    return median_seconds(run, repeats) / megapixels
