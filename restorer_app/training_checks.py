"""What speaks against a training before it starts: told in seconds instead of after hours."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from restorer_app.headers import estimated_megapixels
from restorer_app.memory import total_memory
from restorer_app.model_cards import free_space
from restorer_app.training_plan import room

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from restorer_app.training_store import TrainingStore
    from restorer_app.trainings import TrainingOrder

FEWEST = 10
"""Photographs below which a training learns these pictures and nothing else."""
PHOTO_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"})
"""What the trainer reads."""
_MOST = 20_000
"""Photographs that are counted; nobody waits for a larger number."""
_SAMPLE = 24
"""Photographs whose size is looked at to judge that of all."""
_PIXEL = 3
"""Bytes of a pixel: the trainer keeps all photographs decoded in memory."""
_SHARE = 0.5
"""Of the memory that photographs may take."""


class Objection(StrEnum):
    """Why a training is not started."""

    NO_NAME = "no name"
    NAME_TAKEN = "name taken"
    NO_FOLDER = "no folder"
    UNREADABLE = "unreadable"
    FEW_PHOTOS = "few photos"
    MANY_PHOTOS = "many photos"
    NO_RECIPE = "no recipe"
    NO_TASK = "no task"
    NO_SPACE = "no space"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """An objection with what a sentence about it needs."""

    objection: Objection
    what: str = ""
    """The folder, file, name or task it is about."""
    found: int = 0
    """Photographs, or bytes that there are."""
    needed: int = 0


def doubt(
    order: TrainingOrder,
    store: TrainingStore,
    *,
    free: Callable[[Path], int | None] = free_space,
    memory: Callable[[], int | None] = total_memory,
) -> Doubt | None:
    """The first thing that speaks against starting, None if nothing does."""
    return (
        name_doubt(order.title, store)
        or (None if order.photos is None else photo_doubt(order.photos, memory))
        or _recipe_doubt(order)
        or _space_doubt(order, store, free)
    )


def name_doubt(title: str, store: TrainingStore) -> Doubt | None:
    """What speaks against calling a training so."""
    if not store.name_for(title):
        return Doubt(objection=Objection.NO_NAME)
    if store.is_taken(title):
        return Doubt(objection=Objection.NAME_TAKEN, what=title.strip())
    return None


def photo_doubt(folder: Path, memory: Callable[[], int | None] = total_memory) -> Doubt | None:
    """What speaks against learning from the photographs below a folder."""
    try:
        if not folder.is_dir():
            return Doubt(objection=Objection.NO_FOLDER, what=str(folder))
        os.listdir(folder)  # noqa: PTH208  (raises at once where nobody may look)
        photos = list(islice(photographs(folder), _MOST))
    except OSError:
        return Doubt(objection=Objection.UNREADABLE, what=str(folder))
    if len(photos) < FEWEST:
        what = str(folder)
        return Doubt(objection=Objection.FEW_PHOTOS, what=what, found=len(photos), needed=FEWEST)
    step = max(len(photos) // _SAMPLE, 1)
    sizes = estimated_megapixels(photos[::step])
    taken = round(sum(sizes) / len(sizes) * 1e6 * len(photos) * _PIXEL)
    there = memory()
    if there is not None and taken > there * _SHARE:
        return Doubt(objection=Objection.MANY_PHOTOS, what=str(folder), found=there, needed=taken)
    return None


def photographs(folder: Path) -> Iterator[Path]:
    """The files below a folder that the trainer would read; folders it may not enter are passed
    over, as it does."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if Path(name).suffix.lower() in PHOTO_SUFFIXES:
                yield Path(place, name)


def tasks_of(recipe: Path) -> frozenset[str] | None:
    """The tasks that a recipe has; None if it is none."""
    try:
        tasks = tomllib.loads(recipe.read_text(encoding="utf-8"))["tasks"]
    except (OSError, ValueError, KeyError):
        return None
    return frozenset(tasks) if isinstance(tasks, dict) else None


def recipes_for(task: str, folder: Path) -> list[str]:
    """The names of the recipes in `folder` that teach a task of the predictor."""
    found = [path for path in sorted(folder.glob("*.toml")) if task in (tasks_of(path) or ())]
    return [path.stem for path in found]


def _recipe_doubt(order: TrainingOrder) -> Doubt | None:
    tasks, name = tasks_of(order.recipe_file), order.recipe_file.name
    if not tasks:
        return Doubt(objection=Objection.NO_RECIPE, what=name)
    if order.task and order.task not in tasks:
        return Doubt(objection=Objection.NO_TASK, what=name)
    return None


def _space_doubt(
    order: TrainingOrder, store: TrainingStore, free: Callable[[Path], int | None]
) -> Doubt | None:
    there, needed = free(store.folder), room(order)
    if there is None or there >= needed:
        return None
    return Doubt(objection=Objection.NO_SPACE, what=str(store.folder), found=there, needed=needed)
