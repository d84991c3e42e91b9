"""A sheet of pairs, to see with one's own eyes what a recipe makes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.fitting import SaveOptions
from engine.photo import FloatArray, Photo
from engine.saving import save
from trainer.pairs import Pairs
from trainer.recipe_files import load_recipe

_ACROSS = 6


def write_sheet(recipe_file: Path, photos: Path, out: Path, seed: int) -> None:
    """One row per task: degraded crops above their clean ones. Raises `BadRecipe`, `CannotSave`."""
    recipe = load_recipe(recipe_file)
    pairs = Pairs(photos, recipe, seed)
    rows = []
    for task in recipe.tasks:
        pairs.recipe = replace(recipe, batch=_ACROSS, tasks=(task,))
        batch = pairs.batch(0)
        rows.append(_row(batch.degraded))
        rows.append(_row(batch.clean))
        rows.append(np.full((8, rows[0].shape[1], 3), 0.5, np.float32))
    save(Photo(pixels=np.concatenate(rows)), out, SaveOptions(overwrite=True))


def _row(crops: FloatArray) -> FloatArray:
    """(b, 3, s, s) side by side as (s, b * s, 3)."""
    return np.ascontiguousarray(np.concatenate(list(crops), 2).transpose(1, 2, 0))
