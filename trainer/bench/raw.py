"""RAW files: the mosaic denoised and made into colours at once, beside the usual order.

Clean pictures are seen by a made sensor that counts photons, written as DNG files, and go the way
of any file: LibRaw, the fit of colours, the tiles.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import fmean
from typing import Protocol

import numpy as np
import rawpy
from numpy.random import Generator
from numpy.typing import NDArray

from engine.filter_array import BAYER, KNOWN, X_TRANS, FilterArray
from engine.light import linear_to_srgb, srgb_to_linear
from engine.photo import FloatArray, floats
from trainer import metrics
from trainer.bench.classical import best_in_hindsight, nlm_wide
from trainer.bench.pictures import picture, pictures
from trainer.bench.raw_files import Sensor, write_dng
from trainer.bench.report import table
from trainer.bench.trial import Trial, eight_bit, rng_for

FOLDERS = ("kodak24", "mcmaster")
ISO = (100, 1600, 6400, 25600)
_ELECTRONS = 6.4e6
"""Of a full pixel, times the ISO number: 64,000 at ISO 100, as a full-frame camera has."""
_READ = 3.0
"""Electrons of noise that reading a pixel adds."""
_P3_TO_XYZ = np.array(
    [
        (0.4865709, 0.2656677, 0.1982173),
        (0.2289746, 0.6917385, 0.0792869),
        (0.0, 0.0451134, 1.0439444),
    ]
)
SENSOR = Sensor(
    black=512,
    white=15600,
    of_xyz=np.array([(0.7, -0.08, -0.1), (-0.44, 1.25, 0.21), (-0.085, 0.2, 0.576)]),
)
"""Overlapping colours, as those of a full-frame camera are."""
_WHITE = 16
"""Pixels along a side of the white corner that every picture is given."""
_LEAST = 516
"""Pixels along a side that LibRaw wants of an X-Trans sensor; smaller pictures are mirrored."""
DEVELOPED, LIBRAW, NLM, AFTER, OURS = (
    "developed",
    "LibRaw, best",
    "NLM (best h)",
    "lite after development",
    "lite",
)
COLUMNS = (DEVELOPED, LIBRAW, NLM, AFTER, OURS)


class RawModel(Protocol):
    """What this bench needs of the program."""

    def developed(self, path: Path) -> tuple[FloatArray, FloatArray, FloatArray]:
        """A RAW file (h, w, 3), encoded as Display P3: developed plainly, that denoised, and
        denoised from its mosaic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawScore:
    """One picture at one ISO number: PSNR in dB and SSIM of each of `COLUMNS`."""

    picture: str
    sensor: str
    """Name of its filter array."""
    iso: int
    scores: dict[str, tuple[float, float]]


def raw_scores(data: Path, model: RawModel, most: int) -> list[RawScore]:
    """Let the first `most` clean pictures of each folder be seen by each sensor at each ISO number.

    Raises `BadPhoto` where there are none, and where a mosaic is not used.
    """
    with tempfile.TemporaryDirectory(prefix="restorer-raw-") as cache:
        return list(_scored(data, model, Path(cache) / "seen.dng", most))


def seen(
    picture: FloatArray, iso: int, rng: Generator, array: FilterArray = BAYER
) -> NDArray[np.uint16]:
    """The mosaic (h, w) that a sensor writes of a picture (h, w, 3), 0..1, in Display P3.

    What is white in it fills the green pixels.
    """
    light = srgb_to_linear(picture) @ (SENSOR.of_xyz @ _P3_TO_XYZ).T
    light = np.clip(light / light_of_white(), 0, 1)
    colours = array.over((light.shape[0], light.shape[1]))
    mosaic = np.take_along_axis(light, colours[..., None], 2)[..., 0]
    full = _ELECTRONS / iso
    counted = (rng.poisson(mosaic * full) + rng.normal(0, _READ, mosaic.shape)) / full
    steps = SENSOR.black + counted * (SENSOR.white - SENSOR.black)
    return np.asarray(np.rint(np.clip(steps, 0, SENSOR.white)), np.uint16)


def light_of_white() -> float:
    """The largest of the sensor's colours for white."""
    return float((SENSOR.of_xyz @ _P3_TO_XYZ).sum(1).max())


def raw_lines(found: Sequence[RawScore]) -> Iterator[str]:
    """Markdown: a row for each folder and ISO number."""
    wins = sum(s.scores[OURS] > max(s.scores[c] for c in COLUMNS[:-1]) for s in found)
    yield "RAW files made of clean pictures: PSNR in dB / SSIM in Display P3 as a 16-bit file has"
    yield "it. LibRaw's demosaicing and noise reduction and NLM's h are chosen for each picture"
    yield f"with the truth in sight. lite is ahead by PSNR in {wins} of {len(found)}."
    yield ""
    rows = []
    for array, folder, iso in product(KNOWN, FOLDERS, ISO):
        at = [s for s in found if s.iso == iso and s.sensor == array.name]
        here = [s for s in at if s.picture.startswith(f"{folder}/")]
        if here:
            cells = (
                " / ".join((f"{_mean(here, c, 0):.2f}", f"{_mean(here, c, 1):.4f}"))
                for c in COLUMNS
            )
            rows.append((f"{array.name}, {folder}, ISO {iso}", str(len(here)), *cells))
    yield from table(("set", "pictures", *COLUMNS), rows)


def _scored(data: Path, model: RawModel, place: Path, most: int) -> Iterator[RawScore]:
    for array, folder in product(KNOWN, FOLDERS):
        for path in pictures(data / "clean" / folder, most):
            clean = _with_white(picture(path))
            whole = _wide(clean) if array is X_TRANS else clean
            for iso in ISO:
                name = f"{folder}/{path.stem}"
                mosaic = seen(whole, iso, rng_for(f"raw{iso}", name), array)
                write_dng(mosaic, SENSOR, place, array)
                scores = _scores(place, clean, model)
                yield RawScore(picture=name, sensor=array.name, iso=iso, scores=scores)


def _wide(clean: FloatArray) -> FloatArray:
    """A picture as large as LibRaw wants it."""
    more = [(0, max(0, _LEAST - side)) for side in clean.shape[:2]]
    return np.pad(clean, (*more, (0, 0)), "symmetric")


def _mean(scores: Sequence[RawScore], column: str, which: int) -> float:
    return fmean(score.scores[column][which] for score in scores)


def _scores(place: Path, clean: FloatArray, model: RawModel) -> dict[str, tuple[float, float]]:
    height, width = clean.shape[:2]
    developed, after, ours = (part[:height, :width] for part in model.developed(place))
    trial = Trial(
        name=place.stem,
        degraded=eight_bit(developed),
        clean=clean,
        sigma=float(np.sqrt(np.mean((developed - clean) ** 2))),
    )
    tried = {
        DEVELOPED: developed,
        LIBRAW: best_in_hindsight(trial, (p[:height, :width] for p in _by_libraw(place))),
        NLM: nlm_wide(trial),
        AFTER: after,
        OURS: ours,
    }
    return {name: (metrics.psnr(p, clean), metrics.ssim(p, clean)) for name, p in tried.items()}


def _by_libraw(path: Path) -> Iterator[FloatArray]:
    """What LibRaw makes of a file with its better ways to colours and to less noise: not by its
    wavelets, with which LibRaw 0.22 writes beyond its memory."""
    algorithms = (rawpy.DemosaicAlgorithm.AHD, rawpy.DemosaicAlgorithm.DHT)
    for algorithm, less in product(algorithms, rawpy.FBDDNoiseReductionMode):
        with rawpy.imread(str(path)) as raw:
            light = raw.postprocess(
                demosaic_algorithm=algorithm,
                fbdd_noise_reduction=less,
                use_camera_wb=True,
                output_color=rawpy.ColorSpace.P3D65,
                output_bps=16,
                gamma=(1, 1),
                no_auto_bright=True,
            )
        yield linear_to_srgb(floats(light) / np.float32(65535))


def _with_white(clean: FloatArray) -> FloatArray:
    """A picture of even sides with a white corner: by the brightest value LibRaw judges what is
    white."""
    clean = clean[: clean.shape[0] // 2 * 2, : clean.shape[1] // 2 * 2].copy()
    clean[:_WHITE, :_WHITE] = 1
    return clean
