"""The autopilot's advice: which preset a measured photo needs, how strongly, and why."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.damage import LOOKS, SURE, TASKS, between
from engine.diagnosis import Judge, diagnose, load_judges
from engine.reasons import MAYBE_A_PRINT, NOTHING_FOUND, TOO_SMALL, about_size

if TYPE_CHECKING:
    from engine.analysis import Analysis
    from engine.preset import Preset

LEAVE_ALONE = ""
_WEAKEST = 0.6
"""What damage is worth, of what the worst is, that hardly shows."""
_WORTH_IT = 0.15
"""What damage has to be worth at least: less of it nobody would see."""
_TOO_SMALL = 16
_JUDGED = 64
"""Short side in pixels from which the measures of damage can be relied on."""
_TINY = 0.05
"""Megapixels below which a photo is proposed to be enlarged, unless it has bad damage."""
_IN_DOUBT = 2.3
"""Levels of 255, root mean square (40.9 dB), by which a photo is changed, going by what was looked
at of it, where it is not sure what is wrong with it: nobody sees that much."""
_OUTRANKS = 0.7
"""What damage is worth from which on it comes before enlarging."""
_OUTRANKED_BY: dict[str, tuple[str, ...]] = {
    "artifacts": ("dehaze", "low-light", "old-photo"),
    "denoise": ("low-light", "old-photo"),
}
"""What is looked for, too, where the first look found something that shows less. Hazy photos that
were sent around are compressed as well; of 156 clear ones with bad JPEG none is taken for hazy.
What is underexposed is noisy, and prints have grain."""


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
    left = any(_left_to_the_second(found.task) and found.task in presets for found in findings)
    hint = (MAYBE_A_PRINT,) if left else ()
    tiny = analysis.megapixels < _TINY and "upscale" in presets
    for found in findings:
        if (
            found.task in presets
            and not _left_to_the_second(found.task)
            and (found.worth >= _OUTRANKS or not tiny)
        ):
            others = tuple(other.reason for other in findings if other is not found)
            return Proposal(
                preset_id=found.task,
                strength=presets[found.task].strength * found.share,
                reasons=(found.reason, *others, *hint),
            )
    told = (*(found.reason for found in findings), *hint)
    if tiny:
        size = about_size(analysis.width, analysis.height)
        strength = presets["upscale"].strength
        return Proposal(preset_id="upscale", strength=strength, reasons=(size, *told))
    return Proposal(preset_id=LEAVE_ALONE, strength=0.0, reasons=told or (NOTHING_FOUND,))


def _left_to_the_second(task: str) -> bool:
    return task in LOOKS and LOOKS[task].alone


def second_looks(
    first: Proposal, analysis: Analysis, presets: Mapping[str, Preset]
) -> tuple[str, ...]:
    """The tasks for which `propose_again` could change `first`: all of `LOOKS` where it found
    nothing, else those that count more than what it found, and last the one that it proposes, if
    that should not change the photo too much or is not proposed in full."""
    judged = min(analysis.width, analysis.height) >= _JUDGED
    if not judged:
        return ()
    outranking = _OUTRANKED_BY.get(first.preset_id, ()) if first.preset_id else tuple(LOOKS)
    tasks = tuple(t for t in outranking if t in presets and LOOKS[t].open(analysis))
    look = LOOKS.get(first.preset_id)
    if look is None or (look.in_full and first.strength >= presets[first.preset_id].strength):
        return tasks
    return (*tasks, first.preset_id)


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
    counts more than what it found has to be sure. What it found itself is proposed in full where
    the second look is sure of it, too (`Look.in_full`). Whatever is proposed changes the photo by
    no more than `Look.most`, going by what was looked at.
    """
    tasks = second_looks(first, analysis, presets)
    margins = _margins_again(analysis, judges)
    found = [task for task in tasks if task in margins and task != first.preset_id]
    sure = [task for task in found if margins[task] >= LOOKS[task].sure]
    doubted = [task for task in found if margins[task] > LOOKS[task].doubt]
    believed = sure or [task for task in doubted if margins[task] > 0] or doubted
    if sure if first.preset_id else believed:
        return _looked_up(believed[0], bool(sure), first, analysis, presets)
    if first.preset_id in tasks:
        return _looked_closer(first, analysis, presets, judges)
    return first


def _looked_up(
    task: str, sure: bool, first: Proposal, analysis: Analysis, presets: Mapping[str, Preset]
) -> Proposal:
    """What a second look proposes for `task`, ahead of whatever `first` said."""
    bold = sure and not LOOKS[task].doubtful(analysis)
    share = _share_held(task, analysis, LOOKS[task].most if bold else _IN_DOUBT)
    answered = (NOTHING_FOUND, MAYBE_A_PRINT) if LOOKS[task].alone else (NOTHING_FOUND,)
    told = tuple(reason for reason in first.reasons if reason not in answered)
    return Proposal(
        preset_id=task,
        strength=presets[task].strength * share,
        reasons=(LOOKS[task].reason(analysis), *told),
    )


def sure_again(task: str, analysis: Analysis, judges: tuple[Judge, ...] = ()) -> bool:
    """Whether the second look for `task` leaves no doubt, so that no later one can matter."""
    return _margins_again(analysis, judges).get(task, 0.0) >= LOOKS[task].sure


def _looked_closer(
    first: Proposal,
    analysis: Analysis,
    presets: Mapping[str, Preset],
    judges: tuple[Judge, ...],
) -> Proposal:
    """The same, in full where the second look for it leaves no doubt."""
    task = first.preset_id
    look, whole = LOOKS[task], presets[task].strength
    margin = _margins_again(analysis, judges).get(task, -math.inf)
    sure = look.in_full and margin >= look.sure and not look.doubtful(analysis)
    most = whole * _share_held(task, analysis, look.most)
    return replace(first, strength=min(whole if sure else first.strength, most))


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
    worth: float
    """How sure and how bad it is, 0 to 1."""
    share: float
    """Of the preset's own strength, 0 to 1."""
    reason: str


def _findings(analysis: Analysis, judges: tuple[Judge, ...]) -> tuple[_Finding, ...]:
    """Damage that is both believed and bad enough to be worth it, the surest first."""
    found = []
    for task, margin in diagnose(analysis, judges).items():
        severity = TASKS[task].severity(analysis) if task in TASKS else 0.0
        sure = between(margin, 0, SURE) ** 0.5
        worth = sure * (_WEAKEST + (1 - _WEAKEST) * severity)
        if severity > 0 and worth >= _WORTH_IT:
            kind = TASKS[task]
            found.append(_Finding(task, worth, kind.share(sure, worth), kind.reason(analysis)))
    return tuple(found)
