"""The test sets of `restorer bench quality`: how each is made, and who competes.

A new set is one line in `SETS`, and a function if it is of a new kind. Every random choice is
seeded by the names of set and picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.random import Generator

from engine.photo import FloatArray, floats
from trainer.bench import damage
from trainer.bench.pictures import picture, pictures, truth_of, truths
from trainer.bench.shadow import against_the_light
from trainer.bench.trial import Trial, eight_bit, rng_for

_DRAWN_OUT = 0.15
"""Share of a pixel from which a mark counts as on it, where a lens has drawn the mark out."""

Damage = Callable[[FloatArray, Generator], FloatArray]
Trials = Callable[[Path, str, int], Iterator[Trial]]
"""(data folder, name of the set, most pictures) to trials."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchSet:
    name: str
    task: str
    """The preset by its id, and the table in which the set stands."""
    trials: Trials
    tools: tuple[str, ...]
    """Names in `trainer.bench.classical.TOOLS`."""
    luma: bool = False
    """Whether the table shows the literature's Y channel besides RGB."""


def damaged(folder: str, how: Damage) -> Trials:
    """Clean pictures that are degraded here."""

    def trials(data: Path, name: str, most: int) -> Iterator[Trial]:
        for path in pictures(data / "clean" / folder, most):
            clean = picture(path)
            yield Trial(name=path.stem, degraded=how(clean, rng_for(name, path.stem)), clean=clean)

    return trials


def noisy(folder: str, level: int, finish: Callable[[FloatArray], FloatArray]) -> Trials:
    """White noise of `level` / 255, then `finish`."""

    def trials(data: Path, name: str, most: int) -> Iterator[Trial]:
        sigma = level / 255
        for path in pictures(data / "clean" / folder, most):
            clean = picture(path)
            noise = damage.white_noise(clean, rng_for(name, path.stem), sigma)
            yield Trial(name=path.stem, degraded=finish(noise), clean=clean, sigma=sigma)

    return trials


def compressed(folder: str, quality: int) -> Trials:
    """JPEG; `sigma` tells the tools the true size of the error."""

    def trials(data: Path, name: str, most: int) -> Iterator[Trial]:
        for path in pictures(data / "clean" / folder, most):
            clean = picture(path)
            yield _with_true_sigma(path.stem, damage.jpeg(clean, quality), clean)

    return trials


def shrunk(folder: str, scale: int) -> Trials:
    """Bicubic reduction; the clean picture loses the rows and columns that do not divide."""

    def trials(data: Path, name: str, most: int) -> Iterator[Trial]:
        for path in pictures(data / "clean" / folder, most):
            clean = _divisible(picture(path), scale)
            small = damage.shrunk(clean, scale)
            yield Trial(name=path.stem, degraded=small, clean=clean, scale=scale)

    return trials


def passed_on(folder: str, scale: int) -> Trials:
    """Pictures that were made smaller and worse by those they went through."""

    def trials(data: Path, name: str, most: int) -> Iterator[Trial]:
        for path in pictures(data / "clean" / folder, most):
            clean = _divisible(picture(path), scale)
            degraded = damage.passed_on(clean, rng_for(name, path.stem), scale)
            yield Trial(name=path.stem, degraded=degraded, clean=clean, scale=scale)

    return trials


def _divisible(image: FloatArray, scale: int) -> FloatArray:
    """Without the rows and columns that do not divide."""
    return image[: image.shape[0] // scale * scale, : image.shape[1] // scale * scale]


def scratched(folder: str, count: int) -> Trials:
    def trials(data: Path, name: str, most: int) -> Iterator[Trial]:
        for path in pictures(data / "clean" / folder, most):
            clean = picture(path)
            degraded, mask = damage.scratched(clean, rng_for(name, path.stem), count)
            yield Trial(name=path.stem, degraded=degraded, clean=clean, mask=mask)

    return trials


def scanned(folder: str, count: int) -> Trials:
    """Scratched prints as a scanner sees them: marks as soft and as toned as the picture, and
    saved as a JPEG. The truth is a scan of the clean one."""

    def trials(data: Path, name: str, most: int) -> Iterator[Trial]:
        for path in pictures(data / "clean" / folder, most):
            print_, rng = picture(path), rng_for(name, path.stem)
            worn, mask = damage.scratched(print_, rng, count)
            scan, lens = damage.scanner(rng, print_.shape[1])
            degraded = damage.jpeg(scan(worn), int(rng.integers(80, 96)))
            mask = floats(lens(mask) > _DRAWN_OUT)
            yield Trial(name=path.stem, degraded=degraded, clean=scan(print_), mask=mask)

    return trials


def paired(folder: str, scale: int = 1) -> Trials:
    """Pictures that come with their truth; `sigma` tells the tools the true size of the error."""

    def trials(data: Path, name: str, most: int) -> Iterator[Trial]:
        clean = truths(data / "paired" / folder / "gt")
        for path in pictures(data / "paired" / folder / "lq", most):
            degraded, truth = picture(path), truth_of(path, clean)
            if scale > 1:
                yield Trial(name=path.stem, degraded=degraded, clean=truth, scale=scale)
            else:
                yield _with_true_sigma(path.stem, degraded, truth)

    return trials


def _with_true_sigma(name: str, degraded: FloatArray, clean: FloatArray) -> Trial:
    sigma = float(np.std(degraded - clean))
    return Trial(name=name, degraded=degraded, clean=clean, sigma=sigma)


def _unclipped(image: FloatArray) -> FloatArray:
    return image


def _noise_sets() -> Iterator[BenchSet]:
    for level in (15, 25, 50):
        for title, folder, finish in (
            ("CBSD68", "cbsd68", eight_bit),
            ("Kodak24", "kodak24", eight_bit),
            ("CBSD68 unclipped", "cbsd68", _unclipped),
        ):
            name = f"{title}, noise {level}"
            trials = noisy(folder, level, finish)
            yield BenchSet(name=name, task="denoise", trials=trials, tools=("NLM", "CBM3D"))


def _camera_sets() -> Iterator[BenchSet]:
    tools = ("NLM (best h)", "CBM3D (best sigma)")
    for title, folder in (("PolyU cameras", "noise_PolyU"), ("SIDD telephone", "noise_SIDD")):
        yield BenchSet(name=title, task="denoise", trials=paired(folder), tools=tools)


def _jpeg_sets() -> Iterator[BenchSet]:
    for quality in (10, 20, 30, 40):
        yield BenchSet(
            name=f"Kodak24, JPEG {quality}",
            task="artifacts",
            trials=compressed("kodak24", quality),
            tools=("deblocking",),
        )


def _upscale_sets() -> Iterator[BenchSet]:
    for title, folder in (("Set14", "set14"), ("Urban100 crops", "urban100")):
        for scale in (2, 4):
            yield BenchSet(
                name=f"{title} x{scale}",
                task="upscale",
                trials=shrunk(folder, scale),
                tools=("Lanczos",),
                luma=True,
            )
    for scale in (2, 4):
        yield BenchSet(
            name=f"Kodak24 passed on, x{scale}",
            task="upscale",
            trials=passed_on("kodak24", scale),
            tools=("Lanczos", "NLM + Lanczos"),
        )
    yield BenchSet(
        name="ImageNet x4, real",
        task="upscale",
        trials=paired("sr4_ImageNetVal256", 4),
        tools=("Lanczos", "NLM + Lanczos"),
        luma=True,
    )


_SHARPENED = ("RL, set once", "USM / RL")
_HAZE = ("dark channel, set once", "dark channel")
_LIT = ("exposure + NLM, set once", "exposure / CLAHE + NLM")
_AGAINST = ("shadows + NLM, set once", "shadows / CLAHE + NLM")
_REVIVED = ("levels, set once", "levels / gamma")


def _scene_sets() -> Iterator[BenchSet]:
    for name, task, trials, *tools in (
        ("GoPro", "deblur", paired("blur_GoPro"), *_SHARPENED),
        ("Kodak24, shake", "deblur", damaged("kodak24", _shake), *_SHARPENED),
        ("Kodak24, defocus", "deblur", damaged("kodak24", _defocus), *_SHARPENED),
        ("SOTS", "dehaze", paired("haze_SOTS"), *_HAZE),
        ("VideoHazy", "dehaze", paired("haze_VideoHazy"), *_HAZE),
        ("Kodak24, haze", "dehaze", damaged("kodak24", _haze), *_HAZE),
        ("Rain100H", "derain", paired("rain_Rain100H"), "median / bilateral"),
        ("Kodak24, rain", "derain", damaged("kodak24", _rain), "median / bilateral"),
        ("Kodak24, snow", "desnow", damaged("kodak24", _snow), "median / bilateral"),
        ("Kodak24, dark", "low-light", damaged("kodak24", _dark), *_LIT),
        ("Kodak24, against the light", "low-light", damaged("kodak24", _against), *_AGAINST),
        ("Kodak24, faded", "old-photo", damaged("kodak24", _fade), *_REVIVED),
    ):
        yield BenchSet(name=name, task=task, trials=trials, tools=tuple(tools))
    yield BenchSet(
        name="Kodak24, scratches",
        task="old-photo",
        trials=scratched("kodak24", 8),
        tools=("inpainting",),
    )
    yield BenchSet(
        name="Kodak24, scanned scratches",
        task="old-photo",
        trials=scanned("kodak24", 8),
        tools=("inpainting",),
    )


def _shake(image: FloatArray, rng: Generator) -> FloatArray:
    return damage.shaken(image, rng, rng.uniform(5, 16), rng.uniform(1, 3) / 255)


def _defocus(image: FloatArray, rng: Generator) -> FloatArray:
    return damage.defocused(image, rng, rng.uniform(1.5, 4), rng.uniform(1, 3) / 255)


def _haze(image: FloatArray, rng: Generator) -> FloatArray:
    return damage.hazed(image, rng, rng.uniform(0.7, 2.2))


def _rain(image: FloatArray, rng: Generator) -> FloatArray:
    return damage.rained(image, rng, rng.uniform(2, 8))


def _snow(image: FloatArray, rng: Generator) -> FloatArray:
    return damage.snowed(image, rng, rng.uniform(2, 10))


def _fade(image: FloatArray, rng: Generator) -> FloatArray:
    return damage.faded(image, rng)


def _dark(image: FloatArray, rng: Generator) -> FloatArray:
    return damage.darkened(image, rng, rng.uniform(2, 4), rng.uniform(800, 4000))


def _against(image: FloatArray, rng: Generator) -> FloatArray:
    return against_the_light(image, rng, rng.uniform(1.5, 3.5), rng.uniform(2000, 10000))


SETS: tuple[BenchSet, ...] = (
    *_noise_sets(),
    *_camera_sets(),
    *_jpeg_sets(),
    *_upscale_sets(),
    *_scene_sets(),
)
