"""The autopilot's advice: which preset a measured photo needs, how strongly, and why."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.diagnosis import Judge, diagnose, load_judges
from engine.reasons import (
    NOTHING_FOUND,
    TOO_SMALL,
    about_age,
    about_blur,
    about_camera_noise,
    about_compression,
    about_haze,
    about_light,
    about_noise,
    about_rain,
    about_size,
    about_snow,
    about_softness,
    about_veil,
)

if TYPE_CHECKING:
    from engine.analysis import Analysis
    from engine.preset import Preset

LEAVE_ALONE = ""
_WEAKEST = 0.6
"""Share of a preset's own strength for damage that is just worth the trouble."""
_SURE = 1.5
"""Log odds above a judge's threshold from which there is no doubt."""
_WORTH_IT = 0.15
"""Share of a preset's strength below which nobody would see a change."""
_TOO_SMALL = 16
_JUDGED = 64
"""Short side in pixels from which the measures of damage can be relied on."""
_TINY = 0.05
"""Megapixels below which a photo is proposed to be enlarged, unless it has bad damage."""
_IN_DOUBT = 2.3
"""Levels of 255, root mean square (40.9 dB), by which a photo is changed, going by what was looked
at of it, where it is not sure what is wrong with it: nobody sees that much."""
_LIKE_TEXTURE = 0.74
"""How alike from pixel to pixel (`MethodNoise.likeness`) what was taken for noise may be before it
is as likely texture: felt and fur are. Of every kind of noisy picture that the judge is fitted on
97 in 100 are below it."""
_UNSEEN = 0.7
"""Levels of 255 of a change that is not worth making."""
_FOG = 60.0
"""Levels of 255 by which haze that was found is taken away at most: what dense fog hides is guessed
at, and comes out dark and with the blocks of its JPEG."""
_LIGHT_VEIL = 15.0
"""Levels of 255 that clearing has to change at least: less is likelier a pale wall than haze."""
_LITTLE_BLUR = 3.0
"""Levels of 255 that deblurring has to change at least: below it a photo is more likely to have
few sharp things in it than to be blurred, and gains little if it is."""
_SHARP = 1.4
"""Width of the softest edges (`Sharpness.width_across`) below which a photo is not blurred. Of the
blurred pictures that the judge is fitted on 99 in 100 have wider ones, of the sharp ones 25."""
_OUTRANKS = 0.7
"""Share of its preset's strength from which damage comes before enlarging."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    preset_id: str
    """Empty where the photo is better left alone."""
    strength: float
    """0 to 1; 0 where it is left alone."""
    reasons: tuple[str, ...]
    """Sentences for a photographer, the one that decided first."""


def propose(
    analysis: Analysis, presets: Mapping[str, Preset], judges: tuple[Judge, ...] = ()
) -> Proposal:
    """Choose among `presets`, by id; what is not in it is never proposed.

    `judges` are the shipped ones unless given. A photo in doubt is left alone.
    """
    short = min(analysis.width, analysis.height)
    if short < _TOO_SMALL:
        return Proposal(preset_id=LEAVE_ALONE, strength=0.0, reasons=(TOO_SMALL,))
    findings = _findings(analysis, judges or load_judges()) if short >= _JUDGED else ()
    tiny = analysis.megapixels < _TINY and "upscale" in presets
    for found in findings:
        if found.task in presets and (found.share >= _OUTRANKS or not tiny):
            others = tuple(other.reason for other in findings if other is not found)
            return Proposal(
                preset_id=found.task,
                strength=presets[found.task].strength * found.share,
                reasons=(found.reason, *others),
            )
    told = tuple(found.reason for found in findings)
    if tiny:
        size = about_size(analysis.width, analysis.height)
        strength = presets["upscale"].strength
        return Proposal(preset_id="upscale", strength=strength, reasons=(size, *told))
    return Proposal(preset_id=LEAVE_ALONE, strength=0.0, reasons=told or (NOTHING_FOUND,))


def second_looks(
    first: Proposal, analysis: Analysis, presets: Mapping[str, Preset]
) -> tuple[str, ...]:
    """The tasks for which `propose_again` could change `first`: all of `LOOKS` where it found
    nothing, else those that count more than what it found, and the one that it proposes, if that
    should not change the photo too much."""
    judged = min(analysis.width, analysis.height) >= _JUDGED
    if not judged:
        return ()
    if first.preset_id:
        if first.preset_id in LOOKS and LOOKS[first.preset_id].most < math.inf:
            return (first.preset_id,)
        return tuple(t for t in _OUTRANKED_BY.get(first.preset_id, ()) if t in presets)
    return tuple(task for task, look in LOOKS.items() if task in presets and look.open(analysis))


def propose_again(
    first: Proposal,
    analysis: Analysis,
    presets: Mapping[str, Preset],
    judges: tuple[Judge, ...] = (),
) -> Proposal:
    """What becomes of `first` after a second look at the photo for some tasks
    (`engine.analysis.look_again`).

    Where it found nothing, the first of `LOOKS` that is sure is proposed as it is; if none is, the
    first that is believed, or may be there, at a strength at which the photo hardly changes. What
    counts more than what it found has to be sure. Whatever is proposed changes the photo by no more
    than `_Look.most`.
    """
    tasks = second_looks(first, analysis, presets)
    if first.preset_id in tasks:
        return _bounded(first, analysis, presets)
    margins = _margins_again(analysis, judges)
    found = [task for task in tasks if task in margins]
    sure = [task for task in found if margins[task] >= LOOKS[task].sure]
    doubted = [task for task in found if margins[task] > LOOKS[task].doubt]
    believed = sure or [task for task in doubted if margins[task] > 0] or doubted
    if not (sure if first.preset_id else believed):
        return first
    return _looked_up(believed[0], bool(sure), first, analysis, presets)


def _looked_up(
    task: str, sure: bool, first: Proposal, analysis: Analysis, presets: Mapping[str, Preset]
) -> Proposal:
    """What a second look proposes for `task`, ahead of whatever `first` said."""
    bold = sure and not LOOKS[task].doubtful(analysis)
    share = _share_held(task, analysis, LOOKS[task].most if bold else _IN_DOUBT)
    told = tuple(reason for reason in first.reasons if reason != NOTHING_FOUND)
    return Proposal(
        preset_id=task,
        strength=presets[task].strength * share,
        reasons=(LOOKS[task].reason(analysis), *told),
    )


def sure_again(task: str, analysis: Analysis, judges: tuple[Judge, ...] = ()) -> bool:
    """Whether the second look for `task` leaves no doubt, so that no later one can matter."""
    return _margins_again(analysis, judges).get(task, 0.0) >= LOOKS[task].sure


def _bounded(proposal: Proposal, analysis: Analysis, presets: Mapping[str, Preset]) -> Proposal:
    """The same, changing the photo by no more than `_Look.most`."""
    task = proposal.preset_id
    most = presets[task].strength * _share_held(task, analysis, LOOKS[task].most)
    return replace(proposal, strength=min(proposal.strength, most))


def _share_held(task: str, analysis: Analysis, most: float) -> float:
    """Share of the preset's strength at which the photo changes by no more than `most` levels."""
    change = LOOKS[task].change(analysis)
    return min(1.0, most / change) if change > 0 else 1.0


def _margins_again(analysis: Analysis, judges: tuple[Judge, ...]) -> dict[str, float]:
    """Of the tasks looked at again whose damage may be there and is seen: how sure that is."""
    seen = [task for task, look in LOOKS.items() if look.change(analysis) >= look.least]
    if not seen:
        return {}
    least = {task: min(LOOKS[task].doubt, LOOKS[task].sure) for task in seen}
    margins = diagnose(analysis, judges or load_judges(second=True), min(least.values()))
    return {task: margin for task, margin in margins.items() if margin > least.get(task, math.inf)}


@dataclass(frozen=True, slots=True)
class _Finding:
    task: str
    share: float
    """Of the preset's own strength, 0 to 1."""
    reason: str


def _findings(analysis: Analysis, judges: tuple[Judge, ...]) -> tuple[_Finding, ...]:
    """Damage that is both believed and bad enough to be worth it, the surest first."""
    found = []
    for task, margin in diagnose(analysis, judges).items():
        severity = TASKS[task].severity(analysis) if task in TASKS else 0.0
        share = _between(margin, 0, _SURE) ** 0.5 * (_WEAKEST + (1 - _WEAKEST) * severity)
        if severity > 0 and share >= _WORTH_IT:
            found.append(_Finding(task, share, TASKS[task].reason(analysis)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Task:
    """How bad one kind of damage is (0 to 1), and how to say so."""

    severity: Callable[[Analysis], float]
    reason: Callable[[Analysis], str]


def _between(value: float, none: float, full: float) -> float:
    """0 at `none`, 1 at `full`, even between."""
    return min(max((value - none) / (full - none), 0.0), 1.0)


def _compression(analysis: Analysis) -> float:
    """From the quality where its traces are certain, else from the steps between blocks."""
    if analysis.blocking.certainty >= 0.5:
        return _between(analysis.blocking.quality, 65, 10)
    return _between(analysis.blocking.grid, 0.2, 0.8)


def _blur(analysis: Analysis) -> float:
    return _between(analysis.sharpness.width_across, 1.3, 3.0)


def _age(analysis: Analysis) -> float:
    lines = max(analysis.marks.scratches, _between(analysis.marks.bright.curve, 0.1, 0.4))
    return max(0.2, analysis.tone.fading, lines)


TASKS: dict[str, _Task] = {
    "denoise": _Task(lambda a: _between(a.noise.level, 2, 20), about_noise),
    "artifacts": _Task(_compression, about_compression),
    "deblur": _Task(_blur, about_blur),
    "low-light": _Task(lambda a: a.tone.low_light, about_light),
    "dehaze": _Task(lambda a: a.tone.haze, about_haze),
    "derain": _Task(lambda a: max(0.1, a.marks.rain), about_rain),
    "desnow": _Task(lambda a: max(0.1, a.marks.snow), about_snow),
    "old-photo": _Task(_age, about_age),
}


@dataclass(frozen=True, slots=True)
class _Look:
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
    doubt: float = 0.0
    """Log odds above the threshold from which it is proposed for a change that hardly shows."""
    doubtful: Callable[[Analysis], bool] = lambda _: False
    """Whether what it takes away may belong to the photo after all, however sure its judge is, so
    that the change should hardly show."""


def _noise_taken(analysis: Analysis) -> float:
    return 0.0 if analysis.method_noise is None else analysis.method_noise.change


def _blur_undone(analysis: Analysis) -> float:
    return 0.0 if analysis.method_blur is None else analysis.method_blur.change


def _haze_cleared(analysis: Analysis) -> float:
    return 0.0 if analysis.method_haze is None else analysis.method_haze.change


def _texture_taken(analysis: Analysis) -> bool:
    noise = analysis.method_noise
    return noise is not None and noise.likeness > _LIKE_TEXTURE


def _soft(analysis: Analysis) -> bool:
    sharpness = analysis.sharpness
    return not sharpness.has_edges or sharpness.width_across >= _SHARP


LOOKS: dict[str, _Look] = {
    "dehaze": _Look(
        _haze_cleared,
        _SURE / 3,
        lambda _: True,
        about_veil,
        most=_FOG,
        least=_LIGHT_VEIL,
        doubt=math.inf,
    ),
    "denoise": _Look(
        _noise_taken,
        _SURE,
        lambda _: True,
        about_camera_noise,
        doubt=-_SURE,
        doubtful=_texture_taken,
    ),
    "deblur": _Look(_blur_undone, 2 * _SURE, _soft, about_softness, least=_LITTLE_BLUR),
}
"""The second looks. Haze comes first, for it changes a photo most; its judge knows close-ups in
which nothing is dark, and is more than a little wrong about hardly any clear photo, so that it need
not be as sure as the others. Then noise: deblurring raises it, and to take faint noise for more
than it is does little harm. Blur has to be twice as sure: a good lens wide open leaves photos as
soft as some that are blurred. A little less haze is no use to anyone; a little less noise that may
be there hurts nobody, and faint noise is easily overlooked."""

_OUTRANKED_BY: dict[str, tuple[str, ...]] = {"artifacts": ("dehaze",)}
"""What is looked for, too, where the first look found something that shows less. Hazy photos that
were sent around are compressed as well; of 156 clear ones with bad JPEG none is taken for hazy."""
