"""Trajectories: the path from the far end to the clean picture, and how it is travelled.

Trainer and sampler share one, so what was trained is what is run; it travels with an adapter as
JSON in the header of its file, or as a TOML or JSON file of its own. All is plain arithmetic that
works on tensors and arrays alike.

A flow from noise, a start from the noised degraded picture, a bridge and a distilled run of a few
steps differ in the values of a `Trajectory`, not in code.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from engine.errors import BadRecipe
from engine.schedule import Schedule

if TYPE_CHECKING:
    from torch import Tensor

Start = Literal["far", "degraded"]

TRAJECTORY_VERSION = 1

_ROUNDING = 1e-12
"""A variance this little below zero is zero, computed in another order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trajectory:
    """x(sigma) = clean + sigma (far - clean), with far = noise * e + degraded * y.

    e is standard normal noise, y the degraded latent. The velocity along the path is constant:
    far - clean (Liu et al. 2022, rectified flow).
    """

    noise: float = 1.0
    """Share of noise at the far end, 0..1. (noise 1, degraded 0) is the flow of FLUX."""
    degraded: float = 0.0
    """Share of the degraded latent at the far end, 0..1. (0, 1) leads from photo to photo."""
    start: Start = "far"
    """Where a sampling begins. far: at the far end. degraded: at the degraded latent, noised to
    the first sigma as if it were the clean one (FLUX-IR, arXiv 2410.04811; SDEdit)."""
    schedule: Schedule = field(default_factory=Schedule)
    renoise: float = 0.0
    """Fresh noise before each step, as a share (0 to below 1) of the way from the step's sigma up
    to 1. It is how far IRBridge's time lies above the critical one; 0 makes a sampling
    deterministic."""

    def __post_init__(self) -> None:
        if not (0 <= self.noise <= 1 and 0 <= self.degraded <= 1):
            raise ValueError("noise and degraded are shares, 0 to 1")
        if self.noise == 0 and self.degraded == 0:
            raise ValueError("the far end is made of noise, of the degraded latent, or of both")
        if self.start not in ("far", "degraded"):
            raise ValueError(f"start is far or degraded, not {self.start!r}")
        if self.start == "far" and self.schedule.start != 1:
            raise ValueError("a start at the far end begins at sigma 1")
        if not 0 <= self.renoise < 1:
            raise ValueError(f"renoise is 0 or more and below 1, not {self.renoise}")
        if self.renoise and (self.noise, self.degraded) != (1, 0):
            raise ValueError("fresh noise fits only a far end of pure noise")

    def far(self, noise: Tensor, degraded: Tensor) -> Tensor:
        """The far end for this noise (standard normal) and this degraded latent, like shapes."""
        return self.noise * noise + self.degraded * degraded

    def first(self, noise: Tensor, degraded: Tensor) -> Tensor:
        """The state at the schedule's first sigma."""
        far = self.far(noise, degraded)
        if self.start == "far":
            return far
        return state_at(degraded, far, self.schedule.start)

    def raised(self, sigma: float) -> float:
        """The sigma a step from `sigma` is taken from, once fresh noise is in.

        At 1 all is noise already and there is nothing to raise.
        """
        return sigma + self.renoise * (1 - sigma)


def state_at(clean: Tensor, far: Tensor, sigma: Tensor | float) -> Tensor:
    """The state at `sigma` of the path from `far` to `clean`; a tensor `sigma` broadcasts."""
    return (1 - sigma) * clean + sigma * far


def velocity_along(clean: Tensor, far: Tensor) -> Tensor:
    """The velocity of that path, the same at every sigma: what a network is to predict."""
    return far - clean


def clean_at(x: Tensor, velocity: Tensor, sigma: Tensor | float) -> Tensor:
    """The clean end that state `x` and this velocity point to."""
    return x - sigma * velocity


def far_at(x: Tensor, velocity: Tensor, sigma: Tensor | float) -> Tensor:
    """The far end that state `x` and this velocity come from."""
    return x + (1 - sigma) * velocity


def renoised(x: Tensor, here: float, there: float, noise: Tensor) -> Tensor:
    """The flow state `x` at sigma `here` brought up to `there` >= `here` with fresh noise.

    Given the clean latent, a state distributed as N((1 - here) clean, here^2) becomes one
    distributed as N((1 - there) clean, there^2), exactly. `here` may be slightly negative (a step
    that went too far), as long as here + there >= 2 here there. This one formula is IRBridge's
    forward transition above the critical time (arXiv 2505.24406) and the second half of FLUX-IR's
    modulated step (arXiv 2410.04811), written with factors that do not cancel.
    """
    variance = (there - here) * (here + there - 2 * here * there)
    if not (0 <= there <= 1 and here < 1 and here <= there) or variance < -_ROUNDING:
        raise ValueError(f"no fresh noise leads from sigma {here} to {there}")
    return ((1 - there) * x + math.sqrt(max(variance, 0.0)) * noise) / (1 - here)


def trajectory_table(trajectory: Trajectory) -> dict[str, object]:
    """The trajectory as plain data for JSON; what is at its default is left out."""
    table: dict[str, object] = {"version": TRAJECTORY_VERSION}
    plain = Trajectory()
    for name in ("noise", "degraded", "start", "renoise"):
        if getattr(trajectory, name) != getattr(plain, name):
            table[name] = getattr(trajectory, name)
    schedule = trajectory.schedule
    if schedule.listed:
        table["schedule"] = {"listed": list(schedule.listed)}
    else:
        names = ("steps", "start", "shift")
        table["schedule"] = {name: getattr(schedule, name) for name in names}
    return table


def trajectory_from(table: Mapping[str, object], origin: str) -> Trajectory:
    """The trajectory a table describes; raises `BadRecipe` naming `origin`."""
    if table.get("version") != TRAJECTORY_VERSION:
        raise _bad(f"{origin} is of version {table.get('version')}, not {TRAJECTORY_VERSION}")
    parts = {key: value for key, value in table.items() if key != "version"}
    schedule = parts.pop("schedule", {})
    if not isinstance(schedule, Mapping):
        raise _bad(f"{origin}: the schedule is a table of its own")
    try:
        listed = schedule.get("listed", ())
        if not isinstance(listed, list | tuple):
            raise TypeError("listed sigmas are a list of numbers")
        if listed and len(schedule) > 1:
            raise ValueError("listed sigmas leave nothing else to say about the schedule")
        _check_keys(schedule, Schedule)
        _check_keys(parts, Trajectory)
        values: dict[str, object] = {**schedule, "listed": tuple(listed)}
        made = Schedule(**values)  # type: ignore[arg-type]  # it refuses what does not fit
        return Trajectory(**parts, schedule=made)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise _bad(f"{origin} is not a usable trajectory: {error}") from error


def load_trajectory(path: Path) -> Trajectory:
    """Read a trajectory from a .toml or .json file; raises `BadRecipe`."""
    read = tomllib.loads if path.suffix == ".toml" else json.loads
    try:
        table = read(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _bad(f"{path.name} cannot be read: {error}") from error
    if not isinstance(table, dict):
        raise _bad(f"{path.name} is not a table")
    return trajectory_from(table, path.name)


def _check_keys(table: Mapping[str, object], record: type[Schedule] | type[Trajectory]) -> None:
    known = {item.name: str(item.type) for item in fields(record)}
    for key, value in table.items():
        if key not in known:
            raise ValueError(f"unknown entry “{key}”")
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if known[key] == "float" and not number:
            raise TypeError(f"“{key}” is a number, not {value!r}")
        if known[key] == "int" and not (number and isinstance(value, int)):
            raise TypeError(f"“{key}” is a whole number, not {value!r}")


def _bad(message: str) -> BadRecipe:
    return BadRecipe(message, "Correct the trajectory file, or take another adapter.")
