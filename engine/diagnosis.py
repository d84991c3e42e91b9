"""From measures to a diagnosis: how likely each kind of damage is, by a small fitted network.

No single measure tells damage from content: a foggy morning has a high dark channel, a pebble
beach looks noisy. The network weighs all of them. It has one hidden layer, was fitted on clean
photos with known degradations (`python -m trainer.bench_auto --fit`) and lies as plain numbers in
`resources/autopilot.toml`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from math import cos, log, radians, sqrt
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import WrongWeights
from engine.resources import resource

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.analysis import Analysis
    from engine.photo import FloatArray

_REACH = 4.0
"""Standard deviations beyond which a measure counts no more, so that the unseen stays mild."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doctor:
    """The fitted network.

    `hidden` is (traits + 1, units) and `outer` (units + 1, tasks), the last row of each the bias;
    `centre` and `spread` standardise the traits. The first task is "", a photo that needs nothing.
    `thresholds` are the log odds against "" above which each task is believed.
    """

    tasks: tuple[str, ...]
    centre: FloatArray
    spread: FloatArray
    hidden: FloatArray
    outer: FloatArray
    thresholds: FloatArray

    def __post_init__(self) -> None:
        traits, tasks = len(TRAITS), len(self.tasks)
        units = self.outer.shape[0] - 1
        if self.centre.shape != (traits,) or self.spread.shape != (traits,):
            raise ValueError(f"the network should know {traits} traits")
        if self.hidden.shape != (traits + 1, units) or self.outer.shape != (units + 1, tasks):
            raise ValueError("the layers of the network do not fit each other")
        if self.thresholds.shape != (tasks,):
            raise ValueError(f"the network should have {tasks} thresholds")

    def log_odds(self, traits: FloatArray) -> FloatArray:
        """Log odds of each task against "needs nothing": (n, traits) to (n, tasks)."""
        scaled = np.clip((traits - self.centre) / self.spread, -_REACH, _REACH)
        units = np.tanh(scaled @ self.hidden[:-1] + self.hidden[-1])
        scores = units @ self.outer[:-1] + self.outer[-1]
        odds: FloatArray = scores - scores[:, :1]
        return odds

    def findings(self, analysis: Analysis) -> dict[str, float]:
        """Tasks that are believed, by how far their log odds lie above the threshold."""
        margins = self.log_odds(traits_of(analysis)[None])[0] - self.thresholds
        found = {
            task: float(margin)
            for task, margin in zip(self.tasks, margins, strict=True)
            if task and margin > 0
        }
        return dict(sorted(found.items(), key=lambda item: -item[1]))


def load_doctor(path: Path | None = None) -> Doctor:
    """Read a fitted network, by default the shipped one; raises `WrongWeights`."""
    source = path or resource("autopilot.toml")
    try:
        table = tomllib.loads(source.read_text(encoding="utf-8"))
        return doctor_from(table)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise WrongWeights(f"{source.name} is not a usable autopilot: {error}") from error


def doctor_from(table: Mapping[str, object]) -> Doctor:
    """Make a network of the entries of its file; raises `ValueError`, `TypeError`, `KeyError`."""
    tasks, traits = table["tasks"], table["traits"]
    if not isinstance(tasks, list) or traits != list(TRAITS):
        raise ValueError("it was fitted for other measures")
    numbers = {
        name: np.array(table[name], np.float32)
        for name in ("centre", "spread", "hidden", "outer", "thresholds")
    }
    return Doctor(tasks=tuple(str(task) for task in tasks), **numbers)


def traits_of(analysis: Analysis) -> FloatArray:
    """The measures as the network sees them, in the order of `TRAITS`."""
    return np.array([trait(analysis) for trait in TRAITS.values()], np.float32)


def _verticality(angle: float, share: float) -> float:
    """`share` for upright streaks, -`share` for level ones."""
    return -share * cos(2 * radians(angle))


TRAITS: dict[str, Callable[[Analysis], float]] = {
    "noise fine": lambda a: log(a.noise.fine + 0.3),
    "noise coarse": lambda a: log(a.noise.coarse + 0.3),
    "noise luma": lambda a: log(a.noise.luma + 0.3),
    "noise chroma": lambda a: log(a.noise.chroma + 0.3),
    "noise chroma coarse": lambda a: log(a.noise.chroma_coarse + 0.3),
    "edge width": lambda a: log(a.sharpness.width),
    "edge width across": lambda a: log(a.sharpness.width_across),
    "edge width coarse": lambda a: log(a.sharpness.coarse),
    "edge width coarse across": lambda a: log(a.sharpness.coarse_across),
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
    "dark streak cover": lambda a: a.marks.dark.cover[0],
    "dark spot cover": lambda a: a.marks.dark.cover[1],
    "bright curve": lambda a: log(a.marks.bright.curve + 0.05),
    "bright straight": lambda a: log(a.marks.bright.straight + 0.05),
    "dark curve": lambda a: log(a.marks.dark.curve + 0.05),
    "dark straight": lambda a: log(a.marks.dark.straight + 0.05),
    "bright aligned": lambda a: a.marks.bright.aligned,
    "dark aligned": lambda a: a.marks.dark.aligned,
    "bright upright": lambda a: _verticality(a.marks.bright.angle, a.marks.bright.aligned),
    "dark upright": lambda a: _verticality(a.marks.dark.angle, a.marks.dark.aligned),
}
"""What the network is told, each spread about evenly."""
