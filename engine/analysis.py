"""The autopilot's eyes: what is wrong with a photo, and which preset would help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import cv2
import numpy as np

from engine.measures.blocking import Blocking, measure_blocking
from engine.measures.marks import Marks, measure_marks
from engine.measures.noise import Noise, measure_noise
from engine.measures.places import CROP, sharp_places, spread_places
from engine.measures.sharpness import Sharpness, measure_sharpness
from engine.measures.tone import Tone, measure_tone
from engine.photo import FloatArray

_SMALL_SIDE = 640
_SHARP_SIDE = 2048
"""Sharpness is judged as if the photo had this long side: a large photo is not looked at pixel
by pixel."""
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """All that is measured in a photo; every number is finite."""

    width: int
    height: int
    noise: Noise
    sharpness: Sharpness
    blocking: Blocking
    tone: Tone
    marks: Marks

    @property
    def megapixels(self) -> float:
        return self.width * self.height / 1e6


def analyse(srgb: FloatArray) -> Analysis:
    """Measure a photo: `srgb` is (height, width, 3), sRGB-encoded, 0 to 1, of any size."""
    height, width = srgb.shape[:2]
    crops = [
        np.ascontiguousarray(srgb[place.slices]) * np.float32(255)
        for place in spread_places(width, height)
    ]
    small = _small_copy(srgb)
    small_luma = small @ _LUMA
    noise = measure_noise(crops)
    return Analysis(
        width=width,
        height=height,
        noise=noise,
        sharpness=measure_sharpness(_sharp_crops(srgb, small_luma), noise.luma),
        blocking=measure_blocking([crop @ _LUMA for crop in crops]),
        tone=measure_tone(small),
        marks=measure_marks(np.round(small_luma * 255).astype(np.uint8)),
    )


def _small_copy(srgb: FloatArray) -> FloatArray:
    """The photo with a long side of at most 640 pixels, each the mean of what it covers."""
    height, width = srgb.shape[:2]
    shrink = max(height, width) / _SMALL_SIDE
    if shrink <= 1:
        return np.clip(srgb, 0, 1)
    size = max(1, round(width / shrink)), max(1, round(height / shrink))
    small = cv2.resize(srgb, size, interpolation=cv2.INTER_AREA)
    return np.clip(small, 0, 1, dtype=np.float32)


def _sharp_crops(srgb: FloatArray, small: FloatArray) -> list[FloatArray]:
    """Luma crops, 0 to 255, where there are edges, as of a photo of 2048 pixels at most."""
    height, width = srgb.shape[:2]
    shrink = max(1, round(max(height, width) / _SHARP_SIDE))
    crops = []
    for place in sharp_places(small, width, height, CROP * shrink):
        part = srgb[place.slices]
        size = max(1, place.width // shrink), max(1, place.height // shrink)
        if shrink > 1:
            part = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
        crops.append((part @ _LUMA) * np.float32(255))
    return crops


def numbers(analysis: Analysis) -> dict[str, float]:
    """Every measure by its name, such as "noise.luma"; what a result carries along."""
    found: dict[str, float] = {"megapixels": analysis.megapixels}
    for name, part in asdict(analysis).items():
        values = part if isinstance(part, Mapping) else {"": part}
        for key, value in values.items():
            whole = f"{name}.{key}" if key else name
            if isinstance(value, tuple):
                found.update({f"{whole}.{index}": float(v) for index, v in enumerate(value)})
            else:
                found[whole] = float(value)
    return found
