"""What is wrong with a photo: the measures from which the autopilot (`engine.advice`) proposes.

analysis = analyse(pixels)
analysis = look_again(analysis, pixels, "denoise", denoise)  # where nothing was found
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace

import cv2
import numpy as np

from engine.effort import FOUND_ON
from engine.measures.blocking import Blocking, measure_blocking
from engine.measures.found_marks import FoundMarks, measure_found_marks
from engine.measures.marks import Marks, measure_marks
from engine.measures.method_blur import MethodBlur, measure_method_blur
from engine.measures.method_haze import MethodHaze, measure_method_haze
from engine.measures.method_light import MethodLight, measure_method_light
from engine.measures.method_marks import MethodMarks, measure_method_marks
from engine.measures.method_noise import MethodNoise, measure_method_noise
from engine.measures.noise import Noise, measure_noise
from engine.measures.places import CROP, sharp_places, spread_places
from engine.measures.sharpness import Sharpness, measure_sharpness
from engine.measures.tone import Tone, measure_tone
from engine.photo import LUMA, FloatArray
from engine.resize import reduced, times_smaller

Restore = Callable[[FloatArray], FloatArray]
"""Restores a picture (height, width, 3), sRGB-encoded, 0 to 1, as one task does; or, for those of
`_SAID`, says of each pixel, (height, width), by what log odds it is destroyed."""

_SMALL_SIDE = 640
_SHARP_SIDE = 2048
"""Sharpness is judged as if the photo had this long side: a large photo is not looked at pixel
by pixel."""


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
    method_noise: MethodNoise | None = None
    """Only where the photo was looked at again for noise."""
    method_blur: MethodBlur | None = None
    """Only where it was looked at again for blur."""
    method_haze: MethodHaze | None = None
    """Only where it was looked at again for haze."""
    method_light: MethodLight | None = None
    """Only where it was looked at again for darkness."""
    method_rain: MethodMarks | None = None
    """Only where it was looked at again for rain."""
    method_snow: MethodMarks | None = None
    """Only where it was looked at again for snow."""
    found_marks: FoundMarks | None = None
    """Only where it was looked at again for marks on a print."""

    @property
    def megapixels(self) -> float:
        return self.width * self.height / 1e6

    def as_numbers(self) -> dict[str, float]:
        """Every measure by its name, such as "noise.luma"; what a result carries along."""
        found: dict[str, float] = {"megapixels": self.megapixels}
        for name, value in asdict(self).items():
            _flatten(name, value, found)
        return found


def analyse(srgb: FloatArray) -> Analysis:
    """Measure a photo: `srgb` is (height, width, 3), sRGB-encoded, 0 to 1, of any size."""
    height, width = srgb.shape[:2]
    crops = [_levels(srgb[place.slices]) for place in spread_places(width, height)]
    small = _small_copy(srgb)
    noise = measure_noise(crops)
    return Analysis(
        width=width,
        height=height,
        noise=noise,
        sharpness=measure_sharpness(_sharp_crops(srgb, small @ LUMA), noise.luma),
        blocking=measure_blocking([crop @ LUMA for crop in crops]),
        tone=measure_tone(small),
        marks=measure_marks(small),
    )


def look_again(analysis: Analysis, srgb: FloatArray, task: str, restore: Restore) -> Analysis:
    """The same with what `restore`, which does `task`, changes of the photo, or says of it.

    "denoise" is measured by `method_noise`, "deblur" by `method_blur`, "derain" and "desnow" by
    `method_marks`, "old-photo" by `found_marks`, all on crops, "dehaze" by `method_haze` and
    "low-light" by `method_light`, both on a small copy; raises `KeyError` for another. `srgb` and
    `analysis` are as `analyse` has them. What `restore` raises passes through. It is asked for 0.8
    megapixels at most.
    """
    measured, crops = _LOOKS[task], _shown(srgb, task)
    before, after = [_levels(crop) for crop in crops], [restore(crop) for crop in crops]
    if task not in _SAID:
        after = [_levels(crop) for crop in after]
    return measured(analysis, before, after)


def _shown(srgb: FloatArray, task: str) -> list[FloatArray]:
    """What of a photo is restored to be looked at again."""
    if task in _SEEN_WHOLE:
        return [_small_copy(srgb)]
    height, width = srgb.shape[:2]
    times = times_smaller(height * width, FOUND_ON) if task in _SEEN_AS_FOUND else 1
    if times > 1:
        height, width = height // times, width // times
        srgb = reduced(srgb, width, height)
    return [np.ascontiguousarray(srgb[p.slices]) for p in spread_places(width, height)]


def _with_noise(analysis: Analysis, before: list[FloatArray], after: list[FloatArray]) -> Analysis:
    return replace(analysis, method_noise=measure_method_noise(before, after))


def _with_blur(analysis: Analysis, before: list[FloatArray], after: list[FloatArray]) -> Analysis:
    return replace(analysis, method_blur=measure_method_blur(before, after))


def _with_haze(analysis: Analysis, before: list[FloatArray], after: list[FloatArray]) -> Analysis:
    return replace(analysis, method_haze=measure_method_haze(before[0], after[0]))


def _with_light(analysis: Analysis, before: list[FloatArray], after: list[FloatArray]) -> Analysis:
    return replace(analysis, method_light=measure_method_light(before[0], after[0]))


def _with_rain(analysis: Analysis, before: list[FloatArray], after: list[FloatArray]) -> Analysis:
    return replace(analysis, method_rain=measure_method_marks(before, after))


def _with_snow(analysis: Analysis, before: list[FloatArray], after: list[FloatArray]) -> Analysis:
    return replace(analysis, method_snow=measure_method_marks(before, after))


def _with_found(analysis: Analysis, before: list[FloatArray], said: list[FloatArray]) -> Analysis:
    return replace(analysis, found_marks=measure_found_marks(before, said))


_LOOKS = {
    "denoise": _with_noise,
    "deblur": _with_blur,
    "dehaze": _with_haze,
    "low-light": _with_light,
    "derain": _with_rain,
    "desnow": _with_snow,
    "old-photo": _with_found,
}
_SEEN_WHOLE = frozenset({"dehaze", "low-light"})
"""Tasks that judge by the whole photo, so that a small copy of it is shown to them."""
_SAID = frozenset({"old-photo"})
"""Tasks of which it is not asked what becomes of a picture but the log odds, (height, width), that
each pixel is destroyed."""
_SEEN_AS_FOUND = frozenset({"old-photo"})
"""Tasks that are shown a large photo as large as marks are looked for in it."""


def _flatten(name: str, value: object, found: dict[str, float]) -> None:
    """Put a number, or all numbers in nested records and tuples, into `found`."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _flatten(f"{name}.{key}", inner, found)
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            _flatten(f"{name}.{index}", inner, found)
    elif isinstance(value, int | float):
        found[name] = float(value)


def _levels(part: FloatArray) -> FloatArray:
    """Values 0 to 1, of any shape, as 0 to 255."""
    return np.asarray(np.clip(part, 0, 1) * np.float32(255), np.float32)


def _small_copy(srgb: FloatArray) -> FloatArray:
    """The photo with a long side of at most 640 pixels, each the mean of what it covers."""
    height, width = srgb.shape[:2]
    shrink = max(height, width) / _SMALL_SIDE
    if shrink <= 1:
        return np.asarray(np.clip(srgb, 0, 1), np.float32)
    size = max(1, round(width / shrink)), max(1, round(height / shrink))
    small = cv2.resize(srgb, size, interpolation=cv2.INTER_AREA)
    return np.asarray(np.clip(small, 0, 1), np.float32)


def _sharp_crops(srgb: FloatArray, small: FloatArray) -> list[FloatArray]:
    """Luma crops, 0 to 255, where there are edges, as of a photo of 2048 pixels at most."""
    height, width = srgb.shape[:2]
    shrink = max(1, round(max(height, width) / _SHARP_SIDE))
    crops = []
    for place in sharp_places(small, width, height, CROP * shrink):
        part = srgb[place.slices]
        size = max(1, place.width // shrink), max(1, place.height // shrink)
        if shrink > 1:
            part = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.float32)
        crops.append(_levels(part @ LUMA))
    return crops
