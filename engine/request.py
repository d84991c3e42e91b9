"""The complete order for one picture, and what comes back.

Nothing but a `RestoreRequest` may influence a picture: the same request on the same device gives
the same pixels. Written as a dict it is the recipe that a saved picture carries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from engine.errors import BadRecipe
from engine.photo import Box
from engine.preset import Preset, preset_from
from engine.stamps import Stamp

RECIPE_VERSION = 1
SEEDS = 2**63
"""How many seeds there are, from 0 on: the generators that they are for take no larger ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreRequest:
    """All that can influence the result.

    The preset is held whole, with the user's changes (strength, grain, scale), not by name.
    """

    source: Path
    preset: Preset
    model: str = "lite"
    adapter: Path | None = None
    """A file of the user's own: a task adapter in place of the preset's; for a model of the
    catalogue one made for it, or a LoRA."""
    region: Box | None = None
    mask: Path | None = None
    """A gray picture of the photo's size: white where damage is to be filled, which is done whole
    whatever strength and the other settings of the mix say."""
    keep: Path | None = None
    """A gray picture of the photo's size: white where the photo stays as it is."""
    restore: Path | None = None
    """A gray picture of the photo's size: white where the whole prediction is taken, whatever
    strength and the other settings of the mix say."""
    seed: int = 0
    device: str = "auto"
    steps: int = 0
    """How many steps a model of the catalogue takes; 0 as its adapter or the catalogue says."""

    def __post_init__(self) -> None:
        if self.steps < 0:
            raise ValueError(f"steps are 1 or more, or 0 for the usual ones, not {self.steps}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreResult:
    """What a run leaves: the picture before composing, and how it came about.

    `restored` is a uint16 `.npy` of shape (height, width, 3), sRGB-encoded, 0 to 65535, at
    output size. `preset` is the one that ran, which differs from the request's for "auto".
    """

    request: RestoreRequest
    preset: Preset
    restored: Path
    seconds: float
    megapixels: float
    """Of the source."""
    device: str
    saw: Mapping[str, float] = field(default_factory=dict)
    """What the autopilot measured; empty unless it was asked."""
    reasons: tuple[str, ...] = ()
    """What was found in the photo, in sentences for the user: why the autopilot chose as it did,
    and what the preset went by."""
    warnings: tuple[str, ...] = ()
    stamp: Stamp | None = None
    """How the source looked when it was read."""


@runtime_checkable
class Onlooker(Protocol):
    """A `Progress` that wants to see what is there already."""

    def drafted(self, result: RestoreResult) -> None:
        """The draft of a picture is whole, and lies where the result will be: as tiles are
        finished they take its place there. What `result` says of time, device and warnings is
        not final."""

    def painted(self, rows: int) -> None:
        """So many rows of the result, from the top, are finished."""


def recipe_from(request: RestoreRequest) -> dict[str, object]:
    """The request as plain JSON data, without the source, so that it fits any picture.

    A number of steps is in it only if one was asked for.
    """
    steps = {"steps": request.steps} if request.steps else {}
    return {
        "version": RECIPE_VERSION,
        "preset": asdict(request.preset),
        "model": request.model,
        "adapter": None if request.adapter is None else str(request.adapter),
        "seed": request.seed,
        **steps,
    }


def request_from(recipe: Mapping[str, object], source: Path, origin: str) -> RestoreRequest:
    """Apply a recipe to `source`; raises `BadRecipe` naming `origin`."""
    if recipe.get("version") != RECIPE_VERSION:
        raise BadRecipe(f"{origin} is of version {recipe.get('version')}, not {RECIPE_VERSION}")
    unknown = set(recipe) - {"version", "preset", "model", "adapter", "seed", "steps"}
    if unknown:
        raise BadRecipe(f"{origin} has unknown entries: {', '.join(sorted(unknown))}")
    preset, model, adapter, seed = (recipe.get(k) for k in ("preset", "model", "adapter", "seed"))
    steps = recipe.get("steps", 0)  # recipes had none before there were models that take some
    if not isinstance(preset, dict) or not isinstance(model, str) or not isinstance(seed, int):
        raise BadRecipe(f"{origin} lacks a preset, a model or a seed")
    if not 0 <= seed < SEEDS:
        raise BadRecipe(f"{origin} asks for the seed {seed}, which is not 0 to 2^63 - 1")
    if not isinstance(steps, int) or isinstance(steps, bool) or steps < 0:
        raise BadRecipe(f"{origin} asks for {steps!r} steps")
    return RestoreRequest(
        source=source,
        preset=preset_from(preset, origin),
        model=model,
        adapter=None if adapter is None else Path(str(adapter)),
        seed=seed,
        steps=steps,
    )
