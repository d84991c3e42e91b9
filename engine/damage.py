"""The kinds of damage that the autopilot knows: how bad each is, and how to look for it again."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from engine.reasons import (
    about_age,
    about_blur,
    about_camera_noise,
    about_compression,
    about_haze,
    about_light,
    about_marks,
    about_noise,
    about_rain,
    about_snow,
    about_softness,
    about_streaks,
    about_underexposure,
    about_veil,
)

if TYPE_CHECKING:
    from engine.analysis import Analysis

SURE = 1.5
"""Log odds above a judge's threshold from which there is no doubt."""
_LIKE_TEXTURE = 0.74
"""How alike from pixel to pixel (`MethodNoise.likeness`) what was taken for noise may be before it
is as likely texture: felt and fur are. Of every kind of noisy picture that the judge is fitted on
97 in 100 are below it."""
_STRONG = 10.0
"""Levels of 255, root mean square, from which it is no texture, however alike: that is faint."""
_UNSEEN = 0.7
"""Levels of 255 of a change that is not worth making."""
_FOG = 60.0
"""Levels of 255 by which haze that was found is taken away at most: what dense fog hides is guessed
at. Measured of the haze alone, before what stands in it is lifted."""
_LIGHT_VEIL = 15.0
"""Levels of 255 that clearing has to change at least: less is likelier a pale wall than haze."""
_SOMETHING = 0.3
"""Share of a photo that has detail (`Tone.detailed`) from which haze may be over it: an empty page,
a clear sky and a thing on white have no dark places either. Hazy photos have half and more."""
_EVERYWHERE = 0.2
"""How much of snow lies in the emptiest quarter of a photo (`MethodMarks.everywhere`) at least: of
lamps, petals and a leopard's coat less does."""
_GRILLE = 27.0
"""Levels of 255, root mean square over the picture, by which marks differ at most from what lies
beneath: of the marked pictures that the judge is fitted on 97 in 100 do by less than 26. A grille
before the sky does by more."""
_LITTLE_BLUR = 3.0
"""Levels of 255 that deblurring has to change at least: below it a photo is more likely to have
few sharp things in it than to be blurred, and gains little if it is."""
_SHARP = 1.4
"""Width of the softest edges (`Sharpness.width_across`) below which a photo is not blurred. Of the
blurred pictures that the judge is fitted on 99 in 100 have wider ones, of the sharp ones 25."""


class Dose(Enum):
    """How much of a preset's own strength the autopilot proposes."""

    BY_WORTH = auto()
    """By how sure and how bad it is: of a little compression less is nearer."""
    BY_CERTAINTY = auto()
    """By how sure it is, however bad: half of a little noise, rain or haze is no better than all of
    it."""
    WHOLE = auto()
    """All: the restoration itself doubts whether there is anything to do."""


@dataclass(frozen=True, slots=True)
class Task:
    """How bad one kind of damage is (0 to 1), and how to say so."""

    severity: Callable[[Analysis], float]
    reason: Callable[[Analysis], str]
    dose: Dose = Dose.BY_WORTH

    def share(self, sure: float, worth: float) -> float:
        """Of the preset's own strength, for damage that is so `sure` and of so much `worth`."""
        return {Dose.BY_WORTH: worth, Dose.BY_CERTAINTY: sure, Dose.WHOLE: 1.0}[self.dose]


def between(value: float, none: float, full: float) -> float:
    """0 at `none`, 1 at `full`, even between."""
    return min(max((value - none) / (full - none), 0.0), 1.0)


def _compression(analysis: Analysis) -> float:
    """From the quality where its traces are certain, else from the steps between blocks."""
    if analysis.blocking.certainty >= 0.5:
        return between(analysis.blocking.quality, 65, 10)
    return between(analysis.blocking.grid, 0.2, 0.8)


def _blur(analysis: Analysis) -> float:
    return between(analysis.sharpness.width_across, 1.3, 3.0)


def _haze(analysis: Analysis) -> float:
    return analysis.tone.haze if _shows_something(analysis) else 0.0


def _shows_something(analysis: Analysis) -> bool:
    return analysis.tone.detailed >= _SOMETHING


def _age(analysis: Analysis) -> float:
    lines = max(analysis.marks.scratches, between(analysis.marks.bright.curve, 0.1, 0.4))
    return max(0.2, analysis.tone.fading, lines)


TASKS: dict[str, Task] = {
    "denoise": Task(lambda a: between(a.noise.level, 2, 20), about_noise, Dose.BY_CERTAINTY),
    "artifacts": Task(_compression, about_compression),
    "deblur": Task(_blur, about_blur, Dose.BY_CERTAINTY),
    "low-light": Task(lambda a: a.tone.low_light, about_light, Dose.WHOLE),
    "dehaze": Task(_haze, about_haze, Dose.BY_CERTAINTY),
    "derain": Task(lambda a: max(0.1, a.marks.rain), about_rain, Dose.BY_CERTAINTY),
    "desnow": Task(lambda a: max(0.1, a.marks.snow), about_snow, Dose.BY_CERTAINTY),
    "old-photo": Task(_age, about_age),
}


@dataclass(frozen=True, slots=True)
class Look:
    """A second look, for one task."""

    change: Callable[[Analysis], float]
    """Root mean square of what the task changes, levels of 255; 0 where nobody looked."""
    sure: float
    """Log odds above the judge's threshold from which there is no doubt."""
    open: Callable[[Analysis], bool]
    """Whether the first look leaves it open."""
    reason: Callable[[Analysis], str]
    most: float = math.inf
    """Levels of 255, root mean square, by which the photo is changed at most."""
    least: float = _UNSEEN
    """Levels of 255, root mean square, that it has to change to be worth it."""
    in_full: bool = True
    """Whether what the first look found is taken out in full where this one is sure, however bad
    it is: half of a little noise is no better than all of it."""
    doubt: float = 0.0
    """Log odds above the threshold from which it is proposed for a change that hardly shows."""
    alone: bool = False
    """Whether the first look is not trusted with it: only this one proposes it."""
    doubtful: Callable[[Analysis], bool] = lambda _: False
    """Whether what it takes away may belong to the photo after all, however sure its judge is, so
    that the change should hardly show."""


def _noise_taken(analysis: Analysis) -> float:
    return 0.0 if analysis.method_noise is None else analysis.method_noise.change


def _blur_undone(analysis: Analysis) -> float:
    return 0.0 if analysis.method_blur is None else analysis.method_blur.change


def _haze_cleared(analysis: Analysis) -> float:
    return 0.0 if analysis.method_haze is None else analysis.method_haze.change


def _brightened(analysis: Analysis) -> float:
    return 0.0 if analysis.method_light is None else analysis.method_light.change


def _rain_taken(analysis: Analysis) -> float:
    return 0.0 if analysis.method_rain is None else analysis.method_rain.change


def _snow_taken(analysis: Analysis) -> float:
    snow = analysis.method_snow
    return snow.change if snow is not None and snow.everywhere >= _EVERYWHERE else 0.0


def _marks_found(analysis: Analysis) -> float:
    change = 0.0 if analysis.found_marks is None else analysis.found_marks.change
    return change if change <= _GRILLE else 0.0


def _texture_taken(analysis: Analysis) -> bool:
    noise = analysis.method_noise
    return noise is not None and noise.likeness > _LIKE_TEXTURE and noise.luma < _STRONG


def _soft(analysis: Analysis) -> bool:
    sharpness = analysis.sharpness
    return not sharpness.has_edges or sharpness.width_across >= _SHARP


LOOKS: dict[str, Look] = {
    "dehaze": Look(
        _haze_cleared,
        SURE / 3,
        _shows_something,
        about_veil,
        most=_FOG,
        least=_LIGHT_VEIL,
        in_full=False,
        doubt=math.inf,
    ),
    "low-light": Look(
        _brightened,
        5 * SURE / 3,
        lambda a: a.tone.low_light > 0,
        about_underexposure,
        doubt=math.inf,
    ),
    "old-photo": Look(
        _marks_found,
        SURE,
        lambda _: True,
        about_marks,
        doubt=math.inf,
        alone=True,
    ),
    "derain": Look(_rain_taken, 2 * SURE / 3, lambda _: True, about_streaks, doubt=math.inf),
    "desnow": Look(_snow_taken, SURE, lambda _: True, about_snow, doubt=math.inf),
    "denoise": Look(
        _noise_taken,
        SURE,
        lambda _: True,
        about_camera_noise,
        doubt=-SURE,
        doubtful=_texture_taken,
    ),
    "deblur": Look(_blur_undone, 2 * SURE, _soft, about_softness, least=_LITTLE_BLUR),
}
"""The second looks. Haze comes first, for it changes a photo most; its judge knows close-ups in
which nothing is dark, and is more than a little wrong about hardly any clear photo, so that it need
not be as sure as the others. Then darkness, which is left alone where there is doubt: half of the
light is no use to anyone, and some photos are meant to be dark. What brightens a photo takes its
noise out, too. Then marks on a print, white specks and streaks that a network for snow or rain
takes away as well; of those the first look knows too little. Then rain and snow, in full or not at
all: their bounds lie above what dry photos for measuring reach. Then noise: deblurring raises it,
and to take faint noise for more than it is does little harm. Blur has to be twice as sure: a good
lens wide open leaves photos as soft as some that are blurred. A little less haze is no use to
anyone; a little less noise that may be there hurts nobody, and faint noise is easily overlooked."""
