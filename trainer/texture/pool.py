"""Pairs with the draft that the embedded model makes of them, made once: what guides a texture
prior is trained on these (DTPM's stage II; the draft is what its initial predictor gives)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from torch import Tensor

from engine.diffusion.tensor_files import write_tensors
from engine.errors import BadRecipe
from engine.photo import FloatArray, floats
from engine.progress import Progress
from trainer.drafts import Drafts
from trainer.pairs import Pairs
from trainer.recipe import Recipe
from trainer.specialists.enlarge_pairs import EnlargePairs, EnlargeRecipe
from trainer.texture.pairs import DRAWN, TextureBatch, batch_of, detail, lacking

_KIND = "restorer-drafted-pairs"
_NAMES = ("clean", "degraded", "draft")
_FACTORS = (2, 4)
_SHIFT = 1_000_003
"""Between the seeds of pairs and of what is enlarged."""

Triple = tuple[FloatArray, FloatArray, FloatArray]
"""Clean, degraded, and draft, (s, s, 3), 0..1."""


@dataclass(frozen=True, slots=True)
class DraftedPool:
    """Pictures (n, s, s, 3) of 8 bits: clean, degraded as a prior is shown it, and its draft."""

    clean: NDArray[np.uint8]
    degraded: NDArray[np.uint8]
    draft: NDArray[np.uint8]

    def __post_init__(self) -> None:
        if not self.clean.shape == self.degraded.shape == self.draft.shape or not len(self.clean):
            raise ValueError("a pool has one picture of each kind for every pair, and some pairs")
        shape = self.clean.shape
        if len(shape) != 4 or shape[1] != shape[2] or shape[3] != 3:
            raise ValueError("pictures of a pool are square and have three colours")
        if any(part.dtype != np.uint8 for part in (self.clean, self.degraded, self.draft)):
            raise ValueError("pictures of a pool have 8 bits")

    @property
    def side(self) -> int:
        """Of the pictures, in pixels."""
        return int(self.clean.shape[1])


class DraftedPairs:
    """Windows of a pool, an endless, indexable supply."""

    def __init__(self, pool: DraftedPool, side: int, batch: int, seed: int) -> None:
        """`side` of the windows in pixels; raises `BadRecipe` if the pool's pictures are
        smaller."""
        if side > pool.side:
            raise BadRecipe(
                f"Windows of {side} pixels do not fit into pictures of {pool.side}.",
                "Choose a smaller --side, or make a pool with a larger one.",
            )
        self.pool, self.side, self.count, self.seed = pool, side, batch, seed

    def batch(self, index: int) -> TextureBatch:
        """The batch number `index`, the same whenever it is asked for."""
        rng = np.random.default_rng((self.seed, index))
        return batch_of([self._row(rng) for _ in range(self.count)])

    def _row(self, rng: Generator) -> Triple:
        number = int(rng.integers(len(self.pool.clean)))
        drawn = [self._place(rng) for _ in range(DRAWN)]
        top, left = max(drawn, key=lambda place: self._detail(number, *place))
        clean, degraded, draft = (
            floats(pictures[number]) / np.float32(255)
            for pictures in (self.pool.clean, self.pool.degraded, self.pool.draft)
        )
        light = lacking(draft, clean)  # of all of it: a window's border would blur otherwise
        part = slice(top, top + self.side), slice(left, left + self.side)
        way = _turned(rng)
        return way(draft[part]), way(degraded[part]), way(light[part])

    def _place(self, rng: Generator) -> tuple[int, int]:
        top, left = (int(rng.integers(self.pool.side - self.side + 1)) for _ in range(2))
        return top, left

    def _detail(self, number: int, top: int, left: int) -> float:
        """By what a prior is shown, as `DRAWN` says."""
        part = self.pool.draft[number, top : top + self.side, left : left + self.side]
        return detail(floats(part) / np.float32(255))


def _turned(rng: Generator) -> Callable[[FloatArray], FloatArray]:
    quarters, mirrored = int(rng.integers(4)), bool(rng.random() < 0.5)

    def turn(picture: FloatArray) -> FloatArray:
        turned = np.rot90(picture, quarters)
        return np.ascontiguousarray(turned[:, ::-1] if mirrored else turned)

    return turn


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPlan:
    """Which pairs a pool is made of."""

    photos: Path
    recipe: Recipe
    """Of what is restored at its own size."""
    enlarging: EnlargeRecipe
    enlarged: float
    """Share of pairs that are enlarged, 0..1."""
    count: int
    side: int
    """Of the pictures in pixels, a multiple of 4."""
    seed: int = 0


def make_drafts(plan: DraftPlan, drafts: Drafts, progress: Progress) -> DraftedPool:
    """Make the pairs of a plan, and their drafts; raises as `Drafts.restore` does."""
    task = Pairs(plan.photos, replace(plan.recipe, size=plan.side, batch=1), plan.seed)
    small = {
        factor: EnlargePairs(
            plan.photos,
            replace(plan.enlarging, small=plan.side // factor, batch=1, factors={factor: 1.0}),
            plan.seed + _SHIFT,
            task.photos,
        )
        for factor in _FACTORS
    }
    rng = np.random.default_rng(plan.seed)
    pool = DraftedPool(*(np.empty((plan.count, plan.side, plan.side, 3), np.uint8) for _ in _NAMES))
    for index in range(plan.count):
        progress.report(index / plan.count, "drafts")
        factor = int(rng.choice(_FACTORS)) if rng.random() < plan.enlarged else 1
        triple = _enlarged(small[factor], index, drafts) if factor > 1 else _of(task, index, drafts)
        for pictures, made in zip((pool.clean, pool.degraded, pool.draft), triple, strict=True):
            pictures[index] = np.rint(np.clip(made, 0, 1) * 255).astype(np.uint8)
    progress.report(1.0, "drafts")
    return pool


def _of(pairs: Pairs, index: int, drafts: Drafts) -> Triple:
    batch = pairs.batch(index)
    degraded, clean = (_picture(part) for part in (batch.degraded, batch.clean))
    mask = batch.mask[0, 0] if batch.mask.any() else None
    made = drafts.drafted(degraded, batch.tasks[0], mask)
    return clean, made.degraded, made.draft


def _enlarged(pairs: EnlargePairs, index: int, drafts: Drafts) -> Triple:
    batch = pairs.batch(index)
    made = drafts.drafted(_picture(batch.small), "upscale", scale=batch.factor)
    return _picture(batch.large), made.degraded, made.draft


def _picture(batch: FloatArray) -> FloatArray:
    """The one picture of a batch (1, 3, h, w), as (h, w, 3)."""
    return np.ascontiguousarray(batch[0].transpose(1, 2, 0))


def save_drafts(pool: DraftedPool, path: Path) -> None:
    """Write a pool, whole or not at all."""
    tensors: dict[str, Tensor] = {name: torch.from_numpy(getattr(pool, name)) for name in _NAMES}
    write_tensors(tensors, path, {"kind": _KIND})


def load_drafts(path: Path) -> DraftedPool:
    """Read a pool; raises `BadRecipe` if it is none."""
    try:
        with safe_open(path, "np") as file:
            if (file.metadata() or {}).get("kind") != _KIND:
                raise BadRecipe(f"{path.name} is no pool of drafts.", "Make one: “train drafts”.")
            return DraftedPool(*(file.get_tensor(name) for name in _NAMES))
    except (OSError, SafetensorError, ValueError) as error:
        raise BadRecipe(f"{path.name} cannot be read: {error}.", "Make it anew.") from error
