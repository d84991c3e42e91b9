"""Recipes in TOML files, one each: how a file is read, checked, and complained about.

A file spells out every parameter of a degradation, and an entry nobody knows is an error.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from engine.errors import BadRecipe
from trainer.degrade import parameters_of
from trainer.recipe import Chain, Range, Recipe, Step, TaskRecipe, task_id

Table = Mapping[str, object]

# fmt: off
_TASK_ENTRIES = {
    "share", "weight", "evenness", "shrink", "scene", "chains", "upright", "grid", "scan",
}
# fmt: on


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


def known(name: str, table: Table, entries: set[str]) -> None:
    """Raises `ValueError` where a table called `name` has other entries than these."""
    unknown = set(table) - entries
    if unknown:
        raise ValueError(f"{name}: unknown entries {sorted(unknown)}")


def as_steps(value: object) -> tuple[Step, ...]:
    """A list of TOML tables as steps; raises `ValueError`, `TypeError` or `KeyError`."""
    return tuple(_step(entry) for entry in _list(value))


def as_range(value: object) -> Range:
    """A TOML number or list as a range; raises `ValueError` or `TypeError`."""
    if isinstance(value, list) and len(value) in (2, 3):
        spread: Literal["even", "log"] = "log" if value[2:] == ["log"] else "even"
        if value[2:] not in ([], ["log"]):
            raise ValueError(f"a range ends in “log” or in nothing, not {value[2]!r}")
        return Range(_number(value[0]), _number(value[1]), spread)
    number = _number(value)
    return Range(number, number)


def _task(name: str, table: Table) -> TaskRecipe:
    known(name, table, _TASK_ENTRIES)
    chains = _list(table["chains"])
    for chain in chains:
        known(f"{name}, chain", chain, {"weight", "steps", "unclipped"})
    return TaskRecipe(
        id=task_id(name),
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


def _step(table: Table) -> Step:
    use = str(table["use"])
    needed, optional = parameters_of(use)
    given = set(table) - {"use", "chance"}
    if not needed <= given <= needed | optional:
        raise ValueError(f"{use} takes {sorted(needed | optional)}, not {sorted(given)}")
    parameters = tuple((name, as_range(table[name])) for name in sorted(given))
    return Step(use, parameters, _number(table.get("chance", 1.0)))


def _table(table: Table, key: str) -> Table:
    value = table[key]
    if not isinstance(value, dict):
        raise TypeError(f"“{key}” should be a table")
    return value


def _list(value: object) -> list[Table]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise TypeError(f"expected a list of tables, not {value!r}")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"expected a number, not {value!r}")
    return float(value)
