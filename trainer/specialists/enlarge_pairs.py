"""Batches of (small, large) pictures for the enlarger, made on the fly from clean photographs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.errors import BadRecipe
from engine.photo import FloatArray, floats
from engine.resize import enlarged
from trainer.degradations.blur import shrunk_bicubic
from trainer.degrade import untouched
from trainer.drawings import drawn
from trainer.pairs import cropped, decoded_photos
from trainer.recipe import Range, Step
from trainer.recipe_files import as_range, as_steps, known

_MARGIN = 4
"""Small pixels around a crop that are degraded with it and cut off, 0 to all of them on a side, so
that JPEG grids do not begin with the crop and filters seldom see a border."""
_SHEETS, _SHEET = 100, 512
"""Drawings that crops are taken from, and their sides in pixels."""
_WAYS = (cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC)


@dataclass(frozen=True, slots=True)
class SmallChain:
    """How a large picture becomes a small one: steps before, the reduction, and steps behind."""

    weight: float
    reduce: str
    """"bicubic", anti-aliased as benchmarks do it, or "mixed": any way a program may take."""
    before: tuple[Step, ...]
    after: tuple[Step, ...]

    def small(self, large: FloatArray, factor: int, rng: Generator) -> FloatArray:
        """(h, w, 3) reduced by `factor`, 0..1 in steps of 1/255, as a file holds it."""
        state = untouched(large)
        for step in self.before:
            state = step.apply(state, rng)
        height, width = large.shape[0] // factor, large.shape[1] // factor
        if self.reduce == "bicubic":
            state = untouched(shrunk_bicubic(state.pixels, height, width))
        else:
            way = int(rng.choice(_WAYS))
            state = untouched(floats(cv2.resize(state.pixels, (width, height), interpolation=way)))
        for step in self.after:
            state = step.apply(state, rng)
        return floats(np.rint(np.clip(state.pixels, 0, 1) * 255) / np.float32(255))


@dataclass(frozen=True, slots=True)
class EnlargeRecipe:
    """Which pairs a training of the enlarger draws."""

    small: int
    batch: int
    factors: Mapping[int, float]
    shrink: Range
    drawings: float
    """Share of the crops, 0..1, that are of drawings (`trainer.drawings`) instead of photos."""
    chains: tuple[SmallChain, ...]

    def __post_init__(self) -> None:
        if self.small < 1 or self.batch < 1:
            raise ValueError(f"small and batch are 1 or more, not {self.small} and {self.batch}")
        if not self.factors or min(self.factors) < 2 or min(self.factors.values()) <= 0:
            raise ValueError("factors are 2 or more, each with a share above 0")
        if self.shrink.low <= 0 or self.shrink.high > 1:
            raise ValueError("shrink is above 0, and 1 is a photo's own size")
        if not 0 <= self.drawings <= 1:
            raise ValueError(f"drawings are a share of the crops, 0 to 1, not {self.drawings}")
        weights = [chain.weight for chain in self.chains]
        if not sum(weights) > 0 or min(weights) < 0:
            raise ValueError("some chain has a weight above 0, and none has one below")

    def within(self, scales: Sequence[int]) -> None:
        """Raises `BadRecipe` where a network that enlarges by `scales` lacks a factor."""
        strange = sorted(set(self.factors) - set(scales))
        if strange:
            raise BadRecipe(f"The network enlarges by {_words(scales)}, not by {_words(strange)}.")


def _words(numbers: Sequence[int]) -> str:
    return " and ".join(str(number) for number in numbers)


def load_enlarge_recipe(path: Path) -> EnlargeRecipe:
    """Read and check a recipe file; raises `BadRecipe`."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        known("recipe", table, {"small", "batch", "factors", "shrink", "drawings", "chains"})
        return EnlargeRecipe(
            small=int(table["small"]),
            batch=int(table["batch"]),
            factors={int(key): float(share) for key, share in table["factors"].items()},
            shrink=as_range(table["shrink"]),
            drawings=float(table.get("drawings", 0)),
            chains=tuple(_chain(entry) for entry in table["chains"]),
        )
    except KeyError as error:
        raise BadRecipe(f"{path.name} is not a usable recipe: it lacks {error}.") from error
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise BadRecipe(f"{path.name} is not a usable recipe: {error}.") from error


def _chain(table: Mapping[str, object]) -> SmallChain:
    known("chain", table, {"weight", "reduce", "before", "after"})
    if table["reduce"] not in ("bicubic", "mixed"):
        raise ValueError(f"not a chain of reductions: {sorted(table)}")
    weight = table.get("weight", 1.0)
    if not isinstance(weight, int | float):
        raise TypeError(f"expected a number, not {weight!r}")
    return SmallChain(
        weight=float(weight),
        reduce=str(table["reduce"]),
        before=as_steps(table.get("before", [])),
        after=as_steps(table.get("after", [])),
    )


@dataclass(frozen=True, slots=True)
class EnlargeBatch:
    """`small` (b, 3, s, s), and at `factor` times its size what Lanczos makes of it, `plain`, and
    the truth, `large` (b, 3, factor s, factor s)."""

    factor: int
    small: FloatArray
    plain: FloatArray
    large: FloatArray


class EnlargePairs:
    """An endless, indexable supply; equal (photos, recipe, seed) give equal batches."""

    def __init__(
        self,
        folder: Path,
        recipe: EnlargeRecipe,
        seed: int,
        photos: list[NDArray[np.uint8]] | None = None,
    ) -> None:
        """Decode all photos below `folder`, unless these are they; raises `BadRecipe` if there are
        none."""
        self.recipe, self.seed = recipe, seed
        self.photos = decoded_photos(folder) if photos is None else photos
        areas = np.array([p.shape[0] * p.shape[1] for p in self.photos], np.float64)
        self._chances = areas / areas.sum()
        # drawn when first asked for, by the process that makes batches
        self._drawings: dict[int, NDArray[np.uint8]] = {}

    def batch(self, index: int) -> EnlargeBatch:
        """The batch number `index`, the same whenever it is asked for."""
        rng = np.random.default_rng((self.seed, index))
        factors = sorted(self.recipe.factors)
        shares = np.array([self.recipe.factors[factor] for factor in factors])
        factor = int(rng.choice(factors, p=shares / shares.sum()))
        rows = [self._pair(factor, rng) for _ in range(self.recipe.batch)]
        small, plain, large = (
            np.ascontiguousarray(np.stack(part).transpose(0, 3, 1, 2))
            for part in zip(*rows, strict=True)
        )
        return EnlargeBatch(factor, small, plain, large)

    def _pair(self, factor: int, rng: Generator) -> tuple[FloatArray, FloatArray, FloatArray]:
        recipe = self.recipe
        photo = self._source(rng)
        side = (recipe.small + _MARGIN) * factor
        large = cropped(photo, side, recipe.shrink.draw(rng), rng, upright=False)
        weights = np.array([chain.weight for chain in recipe.chains])
        chain = recipe.chains[int(rng.choice(len(weights), p=weights / weights.sum()))]
        small = chain.small(large, factor, rng)
        plain = enlarged(small, factor)
        top, left = (int(n) for n in rng.integers(0, _MARGIN + 1, 2))
        inner = slice(top, top + recipe.small), slice(left, left + recipe.small)
        outer = tuple(slice(s.start * factor, s.stop * factor) for s in inner)
        return small[inner], plain[outer], large[outer]

    def _source(self, rng: Generator) -> NDArray[np.uint8]:
        """What a crop is taken from."""
        if self.recipe.drawings and rng.random() < self.recipe.drawings:
            return self._sheet(int(rng.integers(_SHEETS)))
        return self.photos[int(rng.choice(len(self.photos), p=self._chances))]

    def _sheet(self, number: int) -> NDArray[np.uint8]:
        if number not in self._drawings:
            drawing = drawn(_SHEET, np.random.default_rng((self.seed, number)))
            self._drawings[number] = np.rint(drawing * 255).astype(np.uint8)
        return self._drawings[number]
