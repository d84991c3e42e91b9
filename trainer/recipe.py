"""Recipes: which degradations a training draws, how strong, and how often.

A recipe replays: the same recipe, photo and seed give the same pair. `recipe_files` reads them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.random import Generator

from engine.errors import BadRecipe
from engine.photo import FloatArray
from trainer.degrade import Degraded, degrade, untouched

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
        wanted = {task_id(name) for name in ids}
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


def task_id(name: str) -> str:
    """The id of the task that files and commands call `name`."""
    return "" if name == PLAIN else name
