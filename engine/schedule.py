"""Schedules: the sigmas a sampling visits, from its start down to 0.

sigma is a place on the path from the far end (1) to the clean picture (0), the t of flow matching.
A larger shift mu spends more steps near the far end: sigma = e^mu u / (1 + (e^mu - 1) u) for u
spaced evenly (Esser et al. 2024, equation 23). FLUX makes mu depend on the picture's size, since a
larger picture needs more noise to be hidden as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from torch import Tensor

Places = TypeVar("Places", float, "Tensor")
"""One place on a schedule, or many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How many steps there are and where; or, in `listed`, exactly where."""

    steps: int = 4
    start: float = 1.0
    """The first sigma. It counts after the shift, so that it is the noise share of the first state
    whatever the picture's size, and all `steps` are spent below it."""
    shift: str | float = 0.0
    """mu itself, or the name of a rule in `SHIFTS` that knows it from the picture's size."""
    listed: tuple[float, ...] = ()
    """The sigmas themselves, first to last, 0 at the end; steps, start and shift follow."""

    def __post_init__(self) -> None:
        if self.listed:
            _check_listed(self.listed)
            object.__setattr__(self, "listed", tuple(float(sigma) for sigma in self.listed))
            object.__setattr__(self, "steps", len(self.listed) - 1)
            object.__setattr__(self, "start", self.listed[0])
            object.__setattr__(self, "shift", 0.0)
        if self.steps < 1:
            raise ValueError(f"a schedule has 1 step or more, not {self.steps}")
        if not 0 < self.start <= 1:
            raise ValueError(f"start is above 0 and at most 1, not {self.start}")
        if isinstance(self.shift, str):
            if self.shift not in SHIFTS:
                raise ValueError(f"shift is a number or one of {', '.join(SHIFTS)}")
        elif not math.isfinite(self.shift):
            raise ValueError("shift is a finite number")

    def sigmas(self, tokens: int) -> tuple[float, ...]:
        """The sigmas from start to 0, one more than there are steps, strictly falling.

        tokens: image tokens of the latent (4096 for 1024 x 1024 pixels of FLUX).
        """
        if self.listed:
            return self.listed
        mu = SHIFTS[self.shift](tokens, self.steps) if isinstance(self.shift, str) else self.shift
        first = unshifted(self.start, mu)
        inner = (shifted(first * (1 - i / self.steps), mu) for i in range(1, self.steps))
        return (self.start, *inner, 0.0)


def in_steps(schedule: Schedule, steps: int) -> Schedule:
    """The same way down in another number of steps, 1 or more.

    Listed sigmas are looked up evenly along their own list, straight lines between them: they
    start where they started, and crowd where they crowded. Raises `ValueError` for no steps.
    """
    if not schedule.listed:
        return replace(schedule, steps=steps)
    if steps < 1:
        raise ValueError(f"a schedule has 1 step or more, not {steps}")
    last = len(schedule.listed) - 1
    return Schedule(
        listed=tuple(_along(schedule.listed, last * i / steps) for i in range(steps + 1))
    )


def for_tokens(schedule: Schedule, tokens: int) -> Schedule:
    """The same for all sizes: a shift that knows the picture's size, fixed to that of `tokens`."""
    if not isinstance(schedule.shift, str):
        return schedule
    return replace(schedule, shift=SHIFTS[schedule.shift](tokens, schedule.steps))


def shifted(u: Places, mu: float) -> Places:
    """The sigma at the even place `u`, both 0..1, under the shift `mu`; of an array, at each."""
    factor = math.exp(mu)
    return factor * u / (1 + (factor - 1) * u)


def unshifted(sigma: float, mu: float) -> float:
    """The even place of a sigma: the inverse of `shifted`."""
    return shifted(sigma, -mu)


def flux1_shift(tokens: int, steps: int) -> float:
    """mu of FLUX.1-dev: a straight line through 0.5 at 256 tokens and 1.15 at 4096."""
    return 0.5 + (1.15 - 0.5) * (tokens - 256) / (4096 - 256)


def flux2_shift(tokens: int, steps: int) -> float:
    """mu of FLUX.2: straight lines in tokens, measured at 10 and 200 steps, mixed by steps.

    The constants are those of black-forest-labs/flux2; above 4300 tokens it has one line only.
    """
    at_200 = 0.00016927 * tokens + 0.45666666
    if tokens > 4300:
        return at_200
    at_10 = 8.73809524e-05 * tokens + 1.89833333
    return at_200 + (at_10 - at_200) * (200 - steps) / 190


def _along(values: tuple[float, ...], place: float) -> float:
    """A list between its entries."""
    low = min(int(place), len(values) - 2)
    share = place - low
    return values[low] * (1 - share) + values[low + 1] * share


def _check_listed(sigmas: tuple[float, ...]) -> None:
    if len(sigmas) < 2 or sigmas[-1] != 0 or not sigmas[0] <= 1:
        raise ValueError("listed sigmas start at 1 or below and end at 0")
    if not all(there < here for here, there in pairwise(sigmas)):
        raise ValueError("listed sigmas fall from each to the next")


SHIFTS: dict[str, Callable[[int, int], float]] = {
    "flux1": flux1_shift,
    "flux2": flux2_shift,
}
"""Rules that give mu from (image tokens, steps)."""
