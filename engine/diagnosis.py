"""From measures to a diagnosis: how likely each kind of damage is, by fitted judges.

No single measure tells damage from content: a foggy morning has a high dark channel, a pebble
beach looks noisy. For each task one judge weighs the few traits that concern it, and their
products in pairs (logistic regression). The judges were fitted on clean photos with known
degradations (`python -m trainer.bench.auto --fit`) and lie as plain numbers in
`resources/autopilot.toml`, and those of the second look, which sees what the model itself
changes, in `resources/second_look.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from math import cos, log, radians, sqrt
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import WrongWeights
from engine.measures.found_marks import FoundMarks
from engine.measures.method_blur import MethodBlur
from engine.measures.method_haze import MethodHaze
from engine.measures.method_light import MethodLight
from engine.measures.method_marks import MethodMarks
from engine.measures.method_noise import MethodNoise
from engine.resources import resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.analysis import Analysis
    from engine.photo import FloatArray

_FIRST_LOOK, _SECOND_LOOK = "autopilot.toml", "second_look.toml"
_REACH = 4.0
"""Standard deviations beyond which a trait counts no more, so that the unseen stays mild."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Knows one kind of damage.

    `centre` and `spread` (n,) standardise the traits named in `traits`; `weights` are those of
    the terms of `terms_of`, in its order.
    """

    task: str
    traits: tuple[str, ...]
    centre: FloatArray
    spread: FloatArray
    weights: FloatArray
    threshold: float
    """Log odds above which the damage is believed."""

    def __post_init__(self) -> None:
        unknown = [name for name in self.traits if name not in TRAITS]
        if unknown:
            raise ValueError(f"nobody measures {', '.join(unknown)}")
        count = len(self.traits)
        terms = 1 + count + count * (count + 1) // 2
        if self.centre.shape != (count,) or self.spread.shape != (count,):
            raise ValueError(f"“{self.task}” needs a centre and a spread for {count} traits")
        if self.weights.shape != (terms,):
            raise ValueError(f"“{self.task}” needs {terms} weights, not {len(self.weights)}")

    def log_odds(self, traits: Mapping[str, float]) -> float:
        """Logarithm of the odds that the damage is there; `threshold` not yet taken off."""
        seen = np.array([[traits[name] for name in self.traits]], np.float32)
        return float(terms_of((seen - self.centre) / self.spread)[0] @ self.weights)


def terms_of(scaled: FloatArray) -> FloatArray:
    """What a judge weighs, of standardised traits (n, k): 1, each trait, each product of two."""
    held = np.clip(scaled, -_REACH, _REACH)
    first, second = np.triu_indices(held.shape[1])
    ones = np.ones((len(held), 1), np.float32)
    # A third keeps the products, which reach 16, from outweighing the traits themselves.
    return np.concatenate([ones, held, held[:, first] * held[:, second] / 3], axis=1)


def diagnose(analysis: Analysis, judges: tuple[Judge, ...], least: float = 0.0) -> dict[str, float]:
    """Tasks whose damage is believed, by how far the log odds exceed the threshold; best first.

    Those above `least` are given: below 0 they are not believed, but may be.
    """
    traits = traits_of(analysis)
    margins = {judge.task: judge.log_odds(traits) - judge.threshold for judge in judges}
    found = {task: margin for task, margin in margins.items() if margin > least}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def load_judges(path: Path | None = None, *, second: bool = False) -> tuple[Judge, ...]:
    """Read fitted judges, by default the shipped ones of the first or the second look.

    Raises `WrongWeights`.
    """
    source = path or resource(_SECOND_LOOK if second else _FIRST_LOOK)
    try:
        tables = tomllib.loads(source.read_text(encoding="utf-8"))
        return tuple(_judge(task, table) for task, table in tables.items())
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise WrongWeights(f"{source.name} is not a usable autopilot: {error}") from error


def _judge(task: str, table: object) -> Judge:
    if not isinstance(table, dict):
        raise TypeError(f"“{task}” should be a table")
    return Judge(
        task=task,
        traits=tuple(str(name) for name in table["traits"]),
        centre=np.array(table["centre"], np.float32),
        spread=np.array(table["spread"], np.float32),
        weights=np.array(table["weights"], np.float32),
        threshold=float(table["threshold"]),
    )


def traits_of(analysis: Analysis) -> dict[str, float]:
    """The measures as the judges see them."""
    return {name: trait(analysis) for name, trait in TRAITS.items()}


def _taken(analysis: Analysis) -> MethodNoise:
    """What the denoiser took out; nothing before the second look."""
    return analysis.method_noise or MethodNoise()


def _undone(analysis: Analysis) -> MethodBlur:
    """What the deblurrer made sharper; nothing before the second look."""
    return analysis.method_blur or MethodBlur()


def _cleared(analysis: Analysis) -> MethodHaze:
    """What the dehazer took away; nothing before the second look."""
    return analysis.method_haze or MethodHaze()


def _lit(analysis: Analysis) -> MethodLight:
    """What was made brighter; nothing before the second look."""
    return analysis.method_light or MethodLight()


def _found(analysis: Analysis) -> FoundMarks:
    """What was found on a print; nothing before the second look."""
    return analysis.found_marks or FoundMarks()


def _uprightness(angle: float, share: float) -> float:
    """`share` for upright streaks, -`share` for level ones."""
    return -share * cos(2 * radians(angle))


Trait = Callable[["Analysis"], float]
"""A measure of a photo as a judge is told it."""


def _marks_traits(name: str, taken: Callable[[Analysis], MethodMarks | None]) -> dict[str, Trait]:
    """What the network for rain, or for snow, took off; nothing before the second look."""
    nothing = MethodMarks()
    told: dict[str, Callable[[MethodMarks], float]] = {
        "change": lambda m: log(m.change + 0.5),
        "bright": lambda m: m.bright,
        "colour": lambda m: m.colour,
        "spread": lambda m: m.spread,
        "likeness": lambda m: m.likeness,
        "likeness far": lambda m: m.likeness_far,
        "aligned": lambda m: m.aligned,
        "upright": lambda m: m.upright,
        "everywhere": lambda m: m.everywhere,
        "structure": lambda m: m.structure,
        "ground": lambda m: m.ground,
    }
    return {f"{name} {key}": _of(taken, value, nothing) for key, value in told.items()}


def _of(
    taken: Callable[[Analysis], MethodMarks | None],
    value: Callable[[MethodMarks], float],
    nothing: MethodMarks,
) -> Trait:
    return lambda analysis: value(taken(analysis) or nothing)


TRAITS: dict[str, Trait] = {
    "noise fine": lambda a: log(a.noise.luma_fine.sigma + 0.3),
    "noise coarse": lambda a: log(a.noise.luma_coarse.sigma + 0.3),
    "noise evenness": lambda a: a.noise.luma_fine.evenness,
    "noise evenness coarse": lambda a: a.noise.luma_coarse.evenness,
    "noise everywhere": lambda a: a.noise.luma_fine.everywhere,
    "noise everywhere coarse": lambda a: a.noise.luma_coarse.everywhere,
    "noise luma": lambda a: log(a.noise.luma + 0.3),
    "noise chroma": lambda a: log(a.noise.chroma + 0.3),
    "noise chroma coarse": lambda a: log(a.noise.chroma_coarse.sigma + 0.3),
    "noise blotches": lambda a: log(a.noise.chroma_blotches.sigma + 0.3),
    "edge width": lambda a: log(a.sharpness.width),
    "edge width across": lambda a: log(a.sharpness.width_across),
    "edge width coarse": lambda a: log(a.sharpness.coarse),
    "edge width coarse across": lambda a: log(a.sharpness.coarse_across),
    "edge width least": lambda a: log(a.sharpness.least),
    "detail peak": lambda a: a.sharpness.peak,
    "detail": lambda a: a.sharpness.detail,
    "texture": lambda a: a.sharpness.texture,
    "texture coarse": lambda a: a.sharpness.coarse_texture,
    "jpeg grid": lambda a: log(a.blocking.grid + 0.02),
    "jpeg quality": lambda a: log(a.blocking.quality / 100),
    "jpeg certainty": lambda a: a.blocking.certainty,
    "light mean": lambda a: sqrt(a.tone.mean),
    "light 1 %": lambda a: sqrt(a.tone.percentiles[0]),
    "light 5 %": lambda a: sqrt(a.tone.percentiles[1]),
    "light 25 %": lambda a: sqrt(a.tone.percentiles[2]),
    "light 50 %": lambda a: sqrt(a.tone.percentiles[3]),
    "light 75 %": lambda a: sqrt(a.tone.percentiles[4]),
    "light 95 %": lambda a: sqrt(a.tone.percentiles[5]),
    "light 99 %": lambda a: sqrt(a.tone.percentiles[6]),
    "light range": lambda a: log(a.tone.percentiles[6] - a.tone.percentiles[0] + 0.05),
    "dark channel": lambda a: sqrt(a.tone.dark_channel),
    "dark floor": lambda a: sqrt(a.tone.dark_floor),
    "contrast": lambda a: log(a.tone.contrast + 0.01),
    "saturation": lambda a: sqrt(a.tone.saturation),
    "cast": lambda a: log(a.tone.cast + 0.01),
    "tint spread": lambda a: log(a.tone.tint_spread + 0.01),
    "warm": lambda a: a.tone.warm,
    "black yellow": lambda a: a.tone.yellow,
    "white yellow": lambda a: a.tone.white_yellow,
    "bright streaks": lambda a: log(a.marks.bright.streaks + 0.3),
    "dark streaks": lambda a: log(a.marks.dark.streaks + 0.3),
    "bright spots": lambda a: log(a.marks.bright.spots + 0.3),
    "dark spots": lambda a: log(a.marks.dark.spots + 0.3),
    "bright flakes": lambda a: log(a.marks.bright.flakes + 0.5),
    "dark flakes": lambda a: log(a.marks.dark.flakes + 0.5),
    "bright streak cover": lambda a: a.marks.bright.cover[0],
    "bright spot cover": lambda a: a.marks.bright.cover[1],
    "dark spot cover": lambda a: a.marks.dark.cover[1],
    "bright curve": lambda a: log(a.marks.bright.curve + 0.05),
    "bright straight": lambda a: log(a.marks.bright.straight + 0.05),
    "dark curve": lambda a: log(a.marks.dark.curve + 0.05),
    "dark straight": lambda a: log(a.marks.dark.straight + 0.05),
    "bright aligned": lambda a: a.marks.bright.aligned,
    "dark aligned": lambda a: a.marks.dark.aligned,
    "taken luma": lambda a: log(_taken(a).luma + 0.1),
    "taken chroma": lambda a: log(_taken(a).chroma + 0.1),
    "taken likeness": lambda a: _taken(a).likeness,
    "taken likeness far": lambda a: _taken(a).likeness_far,
    "taken likeness chroma": lambda a: _taken(a).likeness_chroma,
    "taken evenness": lambda a: _taken(a).evenness,
    "taken roughness": lambda a: _taken(a).roughness,
    "taken spread": lambda a: _taken(a).spread,
    "taken structure": lambda a: _taken(a).structure,
    "sharper change": lambda a: log(_undone(a).change + 0.1),
    "sharper fine": lambda a: _undone(a).fine,
    "sharper coarse": lambda a: _undone(a).coarse,
    "sharper edges": lambda a: _undone(a).edges,
    "sharper along": lambda a: _undone(a).along,
    "sharper from": lambda a: _undone(a).soft,
    "sharper from across": lambda a: _undone(a).soft_across,
    "sharper width": lambda a: _undone(a).width,
    "sharper width across": lambda a: _undone(a).width_across,
    "cleared change": lambda a: log(_cleared(a).change + 0.5),
    "cleared contrast": lambda a: _cleared(a).contrast,
    "cleared depth": lambda a: _cleared(a).depth,
    "cleared spread": lambda a: _cleared(a).spread,
    "cleared farthest": lambda a: _cleared(a).farthest,
    "cleared colour": lambda a: _cleared(a).colour,
    "cleared darkening": lambda a: _cleared(a).darkening,
    "cleared floor": lambda a: sqrt(_cleared(a).floor),
    "lit change": lambda a: log(_lit(a).change + 1),
    "lit gain": lambda a: _lit(a).gain,
    "lit mean": lambda a: sqrt(_lit(a).mean),
    "lit dark": lambda a: sqrt(_lit(a).dark),
    "lit middle": lambda a: sqrt(_lit(a).middle),
    "lit bright": lambda a: sqrt(_lit(a).bright),
    "marks surest": lambda a: _found(a).surest,
    "marks sure": lambda a: _found(a).sure,
    "marks usual": lambda a: _found(a).usual,
    "marks cover": lambda a: log(_found(a).cover + 1e-4),
    "marks contrast": lambda a: log(_found(a).contrast + 3),
    "marks bright": lambda a: _found(a).bright,
    "marks colour": lambda a: _found(a).colour,
    "marks ink": lambda a: _found(a).ink,
    "marks ink spread": lambda a: _found(a).ink_spread,
    "marks thick": lambda a: _found(a).thick,
    "marks everywhere": lambda a: sqrt(_found(a).everywhere),
    "marks busy": lambda a: _found(a).busy,
    **_marks_traits("rain", lambda a: a.method_rain),
    **_marks_traits("snow", lambda a: a.method_snow),
    "bright upright": lambda a: _uprightness(a.marks.bright.angle, a.marks.bright.aligned),
}
"""What a judge can be told, each spread about evenly."""
