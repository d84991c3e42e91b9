"""Recipes: which degradations a training draws, how strong, and how often. TOML, one file each.

A recipe replays: the same file, photo and seed give the same pair.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.random import Generator

from engine.errors import BadRecipe
from engine.photo import FloatArray
from trainer.degrade import Degraded, degrade, parameters_of, untouched

Table = Mapping[str, object]

PLAIN = "plain"
"""What files and commands call the task without an adapter, whose id is empty."""


@dataclass(frozen=True, slots=True)
class Range:
    """A number drawn between `low` and `high`, evenly in itself or in its logarithm."""

    low: float
    high: float
    spread: Literal["even", "log"] = "even"

    def __post_init__(self) -> None:
        finite = math.isfinite(self.low) and math.isfinite(self.high)
        if not finite or self.high < self.low or (self.spread == "log" and self.low <= 0):
            raise ValueError(f"not a range: {self.low} to {self.high} ({self.spread})")

    def draw(self, rng: Generator) -> float:
        if self.spread == "log":
            return math.exp(rng.uniform(math.log(self.low), math.log(self.high)))
        return float(rng.uniform(self.low, self.high))


@dataclass(frozen=True, slots=True)
class Step:
    """One degradation, done with probability `chance`."""

    use: str
    parameters: tuple[tuple[str, Range], ...]
    chance: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.chance <= 1:
            raise ValueError(f"the chance of {self.use} is 0 to 1, not {self.chance}")

    def apply(self, state: Degraded, rng: Generator) -> Degraded:
        if self.chance < 1 and rng.random() >= self.chance:
            return state
        drawn = {name: span.draw(rng) for name, span in self.parameters}
        return degrade(state, self.use, rng, drawn)


@dataclass(frozen=True, slots=True)
class Chain:
    """Degradations one after another, chosen among its siblings with `weight`."""

    weight: float
    steps: tuple[Step, ...]
    unclipped: bool = False
    """Whether values outside 0..1 stay, as in noise that no file has held yet."""


@dataclass(frozen=True, slots=True)
class TaskRecipe:
    """How pairs for one task are made."""

    id: str
    share: float
    """Part of all crops."""
    weight: float
    """Of the task's loss, once each task's loss is divided by its own mean. Errors of tone have
    one sign over a whole crop and move the network much more than as large errors of detail."""
    shrink: Range
    """How far a photo is reduced before cropping; 1 is its own size."""
    scene: tuple[Step, ...]
    """Done to the clean picture too: it changes the scene, not the recording."""
    chains: tuple[Chain, ...]
    evenness: float = 0.0
    """0: a crop counts by its error, so hard ones rule; 1: easy crops of a task count as much, as
    a mean of decibels has it (see `TaskBalance`)."""
    upright: bool = False
    """Whether crops are never turned: for degradations that know where the sky is."""
    grid: int = 1
    """Crops begin at multiples of so many pixels of what was degraded: of a mosaic, at its first
    colour."""
    scan: tuple[Step, ...] = ()
    """Done to the degraded picture and to the clean one alike, after the chain: how a print, and
    what lies on it, is recorded."""

    def __post_init__(self) -> None:
        name = self.id or PLAIN
        if "." in name or "/" in name:
            raise ValueError(f"a task is named like a file, without points and slashes: {name}")
        if min(self.share, self.weight) <= 0 or not 0 <= self.evenness <= 1:
            raise ValueError(f"{name}: share and weight are above 0, evenness is 0 to 1")
        if self.shrink.low <= 0 or self.shrink.high > 1:
            raise ValueError(f"{name}: shrink is above 0, and 1 is a photo's own size")
        if self.grid < 1:
            raise ValueError(f"{name}: grid is 1 or more")
        weights = [chain.weight for chain in self.chains]
        if not sum(weights) > 0 or min(weights) < 0:
            raise ValueError(f"{name}: some chain has a weight above 0, and none has one below")

    def clean(self, image: FloatArray, rng: Generator) -> FloatArray:
        return _after(self.scene, image, rng)

    def scanned(self, image: FloatArray, seed: int) -> FloatArray:
        """What `scan` makes of a picture (h, w, 3), 0..1; equal seeds do the same to any."""
        made = _after(self.scan, image, np.random.default_rng(seed))
        return np.asarray(np.clip(made, 0, 1), np.float32)

    def degraded(self, clean: FloatArray, rng: Generator) -> Degraded:
        """A drawn chain's work on `clean` (h, w, 3); 0..1 unless the chain is `unclipped`."""
        total = sum(chain.weight for chain in self.chains)
        pick = rng.random() * total
        for chain in self.chains:
            pick -= chain.weight
            if pick < 0:
                break
        state = untouched(clean)
        for step in chain.steps:
            state = step.apply(state, rng)
        if chain.unclipped:
            return state
        return replace(state, pixels=np.clip(state.pixels, 0, 1))


def _after(steps: Sequence[Step], image: FloatArray, rng: Generator) -> FloatArray:
    state = untouched(image)
    for step in steps:
        state = step.apply(state, rng)
    return state.pixels


@dataclass(frozen=True, slots=True)
class Recipe:
    """All tasks of one training."""

    id: str
    size: int
    """Side of the crops in pixels."""
    batch: int
    """Crops a step."""
    tasks: tuple[TaskRecipe, ...]

    def __post_init__(self) -> None:
        if self.size < 1 or self.batch < 1:
            raise ValueError(f"size and batch are 1 or more, not {self.size} and {self.batch}")
        if not self.tasks:
            raise ValueError("it has no tasks")

    def in_multiples(self, multiple: int) -> None:
        """Raises `BadRecipe` where a network that sees whole multiples of so many pixels cannot
        see the crops."""
        if self.size % multiple:
            raise BadRecipe(f"{self.id}: size is a multiple of {multiple}, not {self.size}.")

    def only(self, ids: Sequence[str]) -> Recipe:
        """The recipe for these tasks alone, each by its id or the name it has in the file.

        Raises `BadRecipe` if it lacks one.
        """
        wanted = {_id(name) for name in ids}
        missing = wanted - {task.id for task in self.tasks}
        if missing:
            there = ", ".join(task.id or PLAIN for task in self.tasks)
            raise BadRecipe(
                f"{self.id} has no task “{min(missing) or PLAIN}”.", f"Name some of these: {there}."
            )
        return replace(self, tasks=tuple(task for task in self.tasks if task.id in wanted))

    def adapted(self) -> Recipe:
        """The recipe for those of its tasks that have adapters; raises `BadRecipe` for none."""
        named = [task.id for task in self.tasks if task.id]
        if not named:
            raise BadRecipe(f"{self.id} has no task but “{PLAIN}”, which has no adapter to train.")
        return self.only(named)

    def draw(self, rng: Generator) -> TaskRecipe:
        """A task, each as often as its share says."""
        pick = rng.random() * sum(task.share for task in self.tasks)
        for task in self.tasks:
            pick -= task.share
            if pick < 0:
                return task
        return self.tasks[-1]


def load_recipe(path: Path) -> Recipe:
    """Read and check a recipe file; raises `BadRecipe`."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        known("recipe", table, {"size", "batch", "tasks"})
        tasks = _table(table, "tasks")
        return Recipe(
            id=path.stem,
            size=int(_number(table["size"])),
            batch=int(_number(table["batch"])),
            tasks=tuple(_task(key, _table(tasks, key)) for key in tasks),
        )
    except KeyError as error:
        raise BadRecipe(f"{path.name} is not a usable recipe: it lacks {error}.") from error
    except (OSError, ValueError, TypeError) as error:
        raise BadRecipe(f"{path.name} is not a usable recipe: {error}.") from error


def _table(table: Table, key: str) -> Table:
    value = table[key]
    if not isinstance(value, dict):
        raise TypeError(f"“{key}” should be a table")
    return value


def _id(name: str) -> str:
    """The id of the task that a file calls `name`."""
    return "" if name == PLAIN else name


# fmt: off
_TASK_ENTRIES = {
    "share", "weight", "evenness", "shrink", "scene", "chains", "upright", "grid", "scan",
}
# fmt: on


def known(name: str, table: Table, entries: set[str]) -> None:
    """Raises `ValueError` where a table called `name` has other entries than these."""
    unknown = set(table) - entries
    if unknown:
        raise ValueError(f"{name}: unknown entries {sorted(unknown)}")


def _task(name: str, table: Table) -> TaskRecipe:
    known(name, table, _TASK_ENTRIES)
    chains = _list(table["chains"])
    for chain in chains:
        known(f"{name}, chain", chain, {"weight", "steps", "unclipped"})
    return TaskRecipe(
        id=_id(name),
        share=_number(table["share"]),
        weight=_number(table.get("weight", 1.0)),
        evenness=_number(table.get("evenness", 0.0)),
        shrink=as_range(table.get("shrink", 1.0)),
        scene=as_steps(table.get("scene", [])),
        chains=tuple(
            Chain(
                _number(chain.get("weight", 1.0)),
                as_steps(chain["steps"]),
                chain.get("unclipped", False) is True,
            )
            for chain in chains
        ),
        upright=table.get("upright", False) is True,
        grid=int(_number(table.get("grid", 1))),
        scan=as_steps(table.get("scan", [])),
    )


def as_steps(value: object) -> tuple[Step, ...]:
    """A list of TOML tables as steps; raises `ValueError`, `TypeError` or `KeyError`."""
    return tuple(_step(entry) for entry in _list(value))


def _list(value: object) -> list[Table]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise TypeError(f"expected a list of tables, not {value!r}")
    return value


def _step(table: Table) -> Step:
    use = str(table["use"])
    wanted = parameters_of(use)
    given = set(table) - {"use", "chance"}
    if given != wanted:
        raise ValueError(f"{use} takes {sorted(wanted)}, not {sorted(given)}")
    parameters = tuple((name, as_range(table[name])) for name in sorted(given))
    return Step(use, parameters, _number(table.get("chance", 1.0)))


def as_range(value: object) -> Range:
    """A TOML number or list as a range; raises `ValueError` or `TypeError`."""
    if isinstance(value, list) and len(value) in (2, 3):
        spread: Literal["even", "log"] = "log" if value[2:] == ["log"] else "even"
        if value[2:] not in ([], ["log"]):
            raise ValueError(f"a range ends in “log” or in nothing, not {value[2]!r}")
        return Range(_number(value[0]), _number(value[1]), spread)
    number = _number(value)
    return Range(number, number)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"expected a number, not {value!r}")
    return float(value)
