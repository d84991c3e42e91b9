"""Pictures whose damage is known, to calibrate the autopilot on and to test it with.

Clean photos go through seeded degradations, each a clear case of one preset's work; and clean
photos stay clean through what does no harm (scaling, a good JPEG, a change to gray).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from PIL import Image

from engine.photo import FloatArray
from trainer.degrade import degrade, untouched
from trainer.drawings import drawn

PICTURES = (".bmp", ".jpg", ".jpeg", ".png", ".webp")
CLEAN = ""
"""What should be proposed for a picture that needs nothing."""

_CLEAN_CASES = 2
_CASES = 10

Steps = tuple[tuple[str, dict[str, tuple[float, float]]], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of picture and the preset that it asks for."""

    name: str
    wanted: str
    steps: Steps
    shrink: tuple[float, float] = (0.4, 0.8)
    times: int = 1
    """How often it is drawn for the calibration, compared with the others."""
    part: tuple[float, float] = (1.0, 1.0)
    """Share of each side that is seen: less than all of it is a close-up."""
    drawn: bool = False
    """Whether a drawing as large stands for the photo: a page, a chart, a screen."""


def photos_in(folder: Path) -> list[Path]:
    """All pictures below `folder`, in a fixed order."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in PICTURES)


def read(path: Path) -> FloatArray:
    """A picture as (height, width, 3), 0 to 1, without colour management."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"), np.float32) / np.float32(255)


def make(case: Case, photo: FloatArray, rng: Generator) -> FloatArray:
    """A part of the photo made smaller, cropped by some pixels, degraded and rounded to 8 bits."""
    if case.drawn:
        photo = drawn(min(photo.shape[:2]), rng)
    if case.part[0] < 1:
        photo = _part(photo, float(rng.uniform(*case.part)), rng)
    height, width = photo.shape[:2]
    shrink = float(rng.uniform(*case.shrink)) if rng.random() < 0.7 else case.shrink[1]
    if shrink < 1:
        size = max(8, round(width * shrink)), max(8, round(height * shrink))
        photo = np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_AREA), np.float32)
    state = untouched(np.clip(photo, 0, 1))
    for name, spans in case.steps:
        values = {key: float(rng.uniform(*span)) for key, span in spans.items()}
        state = degrade(state, name, rng, values)
    left, top = (int(value) for value in rng.integers(0, 8, 2) * (rng.random() < 0.5))
    pixels = np.round(np.clip(state.pixels[top:, left:], 0, 1) * 255) / 255
    return np.ascontiguousarray(pixels, np.float32)


def _part(photo: FloatArray, share: float, rng: Generator) -> FloatArray:
    """A rectangle somewhere in the photo, with `share` of each side."""
    size = [max(8, round(side * share)) for side in photo.shape[:2]]
    top, left = (
        int(rng.integers(0, max(1, n - s + 1))) for n, s in zip(photo.shape, size, strict=False)
    )
    return photo[top : top + size[0], left : left + size[1]]


def calibration(
    paths: Sequence[Path], cases: Sequence[Case], seed: int, most: int = _CASES
) -> Iterator[tuple[Path, Case, FloatArray]]:
    """The photos as they are, and some cases of each; the same for the same path and seed.

    Many photos with a few cases each teach more than few photos with all: of the `cases`
    that damage `most` are drawn for each photo.
    """
    clean = [case for case in cases[1:] for _ in range(case.times) if case.wanted == CLEAN]
    degraded = [case for case in cases for _ in range(case.times) if case.wanted != CLEAN]
    for path in paths:
        photo = read(path)
        rng = np.random.default_rng([seed, zlib.crc32(path.name.encode())])
        chosen = [
            cases[0],
            *(clean[index] for index in rng.choice(len(clean), _CLEAN_CASES, replace=False)),
            *(degraded[index] for index in rng.choice(len(degraded), most, replace=False)),
        ]
        for case in chosen:
            yield path, case, make(case, photo, rng)


GOOD_JPEG: Steps = (("jpeg", {"quality": (75, 97)}),)
_SENSOR: Steps = (("gaussian_noise", {"sigma": (0, 2)}),)

CASES: tuple[Case, ...] = (
    Case("clean", CLEAN, (), shrink=(1.0, 1.0)),
    Case("clean-small", CLEAN, (), shrink=(0.4, 0.9)),
    Case("clean-jpeg", CLEAN, GOOD_JPEG),
    Case("clean-gray", CLEAN, (("monochrome", {"tone": (0, 0)}),)),
    Case("clean-toned", CLEAN, (("monochrome", {"tone": (0.2, 1)}),)),
    Case("clean-sensor", CLEAN, _SENSOR),
    Case("gaussian", "denoise", (("gaussian_noise", {"sigma": (7, 15)}),), times=2),
    Case("gaussian-strong", "denoise", (("gaussian_noise", {"sigma": (15, 50)}),)),
    Case("gray-noise", "denoise", (("gray_noise", {"sigma": (8, 40)}),)),
    Case(
        "camera",
        "denoise",
        (("camera_noise", {"shot": (0.01, 0.04), "read": (0.01, 0.03), "smooth": (0, 0.6)}),),
    ),
    Case(
        "camera-jpeg",
        "denoise",
        (
            ("camera_noise", {"shot": (0.012, 0.04), "read": (0.012, 0.03), "smooth": (0, 0.6)}),
            ("jpeg", {"quality": (75, 97)}),
        ),
    ),
    Case(
        "gray-film",
        "denoise",
        (("monochrome", {"tone": (0, 0)}), ("gray_noise", {"sigma": (8, 40)})),
    ),
    Case("jpeg", "artifacts", (("jpeg", {"quality": (5, 42)}),), times=2),
    Case(
        "jpeg-small",
        "artifacts",
        (("jpeg", {"quality": (5, 35)}), ("reduce_mixed", {"factor": (1.0, 1.4)})),
    ),
    Case(
        "jpeg-twice",
        "artifacts",
        (("jpeg", {"quality": (8, 35)}), ("jpeg", {"quality": (50, 95)})),
    ),
    Case("motion", "deblur", (("motion_blur", {"length": (9, 30), "bend": (0, 1.2)}),), times=2),
    Case(
        "motion-noise",
        "deblur",
        (
            ("motion_blur", {"length": (9, 26), "bend": (0, 1.2)}),
            ("gaussian_noise", {"sigma": (0.5, 3)}),
        ),
    ),
    Case("defocus", "deblur", (("defocus", {"radius": (2.2, 6)}), *_SENSOR)),
    Case("soft", "deblur", (("gaussian_blur", {"sigma": (1.8, 4), "stretch": (0.7, 1)}),)),
    Case(
        "dark",
        "low-light",
        (
            (
                "low_light",
                {"exposure": (0.01, 0.1), "gamma": (0.85, 1.3), "noise": (0.0003, 0.004)},
            ),
        ),
        times=2,
    ),
    Case("haze", "dehaze", (("haze", {"density": (1.0, 2.8), "airlight": (0.65, 1)}),), times=2),
    Case(
        "haze-jpeg",
        "dehaze",
        (("haze", {"density": (1.0, 2.8), "airlight": (0.65, 1)}), *GOOD_JPEG),
    ),
    Case(
        "rain",
        "derain",
        (("rain", {"amount": (0.12, 0.8), "length": (12, 45), "opacity": (0.5, 1)}),),
        times=2,
    ),
    Case(
        "snow",
        "desnow",
        (("snow", {"amount": (0.04, 0.2), "size": (3, 12), "veil": (0, 0.25)}),),
        times=2,
    ),
    Case(
        "faded",
        "old-photo",
        (
            ("fade", {"loss": (0.4, 0.9), "cast": (0.1, 1)}),
            ("film_grain", {"sigma": (1, 8), "size": (0.3, 1.2)}),
        ),
    ),
    Case(
        "old-gray",
        "old-photo",
        (
            ("monochrome", {"tone": (0, 1)}),
            ("fade", {"loss": (0.2, 0.8), "cast": (0, 1)}),
            ("film_grain", {"sigma": (1, 10), "size": (0.3, 1.2)}),
            ("scratches", {"count": (3, 14), "width": (1, 5), "opacity": (0.5, 1)}),
        ),
        times=2,
    ),
)


def ladder(photos: Sequence[FloatArray], seed: int) -> Iterator[tuple[Case, FloatArray]]:
    """Every photo with every rung of rising damage, at its own size."""
    for case in RUNGS:
        for index, photo in enumerate(photos):
            yield case, make(case, photo, np.random.default_rng([seed, index]))


def _rung(name: str, wanted: str, use: str, **values: float) -> Case:
    spans = {key: (value, value) for key, value in values.items()}
    return Case(name, wanted, ((use, spans),), shrink=(1.0, 1.0))


RUNGS: tuple[Case, ...] = (
    *(_rung(f"noise {s}", "denoise", "gaussian_noise", sigma=s) for s in (2, 5, 8, 15, 25, 50)),
    *(_rung(f"jpeg {q}", "artifacts", "jpeg", quality=q) for q in (90, 75, 60, 40, 30, 20, 10)),
    *(
        _rung(f"motion {n}", "deblur", "motion_blur", length=n, bend=0.5)
        for n in (3, 6, 10, 15, 25)
    ),
    *(_rung(f"defocus {r}", "deblur", "defocus", radius=r) for r in (1, 2, 3, 5)),
    *(
        _rung(f"light / {round(1 / e)}", "low-light", "low_light", exposure=e, gamma=1, noise=0.001)
        for e in (0.5, 0.25, 0.1, 0.05, 0.02)
    ),
    *(_rung(f"haze {d}", "dehaze", "haze", density=d, airlight=0.85) for d in (0.3, 1, 1.5, 2.5)),
    *(
        _rung(f"rain {a}", "derain", "rain", amount=a, length=25, opacity=0.8)
        for a in (0.03, 0.1, 0.2, 0.5)
    ),
    *(
        _rung(f"snow {a}", "desnow", "snow", amount=a, size=6, veil=0.1)
        for a in (0.01, 0.05, 0.1, 0.2)
    ),
    *(_rung(f"fade {n}", "old-photo", "fade", loss=n, cast=0.5) for n in (0.1, 0.3, 0.6, 0.9)),
    *(
        _rung(f"scratch {n}", "old-photo", "scratches", count=n, width=3, opacity=0.8)
        for n in (2, 5, 10)
    ),
)
