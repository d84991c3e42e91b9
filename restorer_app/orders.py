"""From what was typed to what shall be done with every photo."""

from __future__ import annotations

import difflib
import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import BadRecipe
from engine.request import RestoreRequest, recipe_from, request_from
from engine.shelf import is_there

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from engine.preset import Preset
    from restorer_app.arguments import Arguments


class Misuse(Exception):
    """What was typed cannot be meant; the sentence names the option. Ends with exit code 2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The same for all photos of a run; `pattern` is a request whose source is still open."""

    pattern: RestoreRequest
    jpeg_quality: int | None = None
    overwrite: bool = False

    def request(self, source: Path) -> RestoreRequest:
        return replace(self.pattern, source=source)

    def fingerprint(self) -> str:
        """The same for two orders exactly when they ask for the same pixels and files."""
        mask = self.pattern.mask
        asked = {
            "recipe": recipe_from(self.pattern),
            "device": self.pattern.device,
            "adapter": _stamp(self.pattern.adapter),
            "mask": None if mask is None else [str(mask.absolute()), *_stamp(mask)],
            "jpeg_quality": self.jpeg_quality,
        }
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def order_from(
    arguments: Arguments, presets: Mapping[str, Preset], models: Collection[str]
) -> Order:
    """Check and combine the options; raises `Misuse`, or `BadRecipe` for the recipe's content.

    What is asked for beside a recipe goes before what the recipe says.
    """
    start = _start(arguments, presets)
    if arguments.preset is not None:
        preset = _named(arguments.preset, presets)
        start = replace(start, preset=preset, model=preset.model or start.model)
    preset = _adjusted(start.preset, arguments)
    model = start.model if arguments.model is None else arguments.model
    if arguments.model is not None and model not in models:
        raise Misuse(f"argument --model: there is no model “{model}”{_hint(model, models)}")
    # Absolute, so that the recipe in the picture holds in other folders as well.
    adapter = start.adapter if arguments.adapter is None else arguments.adapter.absolute()
    if arguments.adapter is None and adapter is not None and not is_there(adapter):
        raise BadRecipe(
            f"{arguments.recipe} asks for an adapter that is not there: {adapter}",
            "Say with --adapter where it is now.",
        )
    for option, path in (("--mask", arguments.mask), ("--adapter", arguments.adapter)):
        if path is not None and not is_there(path):
            raise Misuse(f"argument {option}: there is no file {path}")
    pattern = replace(
        start,
        preset=preset,
        model=model,
        adapter=adapter,
        seed=start.seed if arguments.seed is None else arguments.seed,
        steps=start.steps if arguments.steps is None else arguments.steps,
        mask=arguments.mask,
        device=arguments.device,
    )
    return Order(
        pattern=pattern, jpeg_quality=arguments.jpeg_quality, overwrite=arguments.overwrite
    )


def _adjusted(preset: Preset, typed: Arguments) -> Preset:
    """`preset` with the size and the shares that were typed."""
    return replace(
        preset,
        scale=preset.scale if typed.scale is None else typed.scale,
        strength=_either(typed.strength, preset.strength),
        detail=_either(typed.detail, preset.detail),
        colour=_either(typed.colour, preset.colour),
        grain=_either(typed.grain, preset.grain),
        faces=_either(typed.protect_faces, preset.faces),
        sensitivity=_either(typed.sensitivity, preset.sensitivity),
    )


def _either(typed: float | None, kept: float) -> float:
    return kept if typed is None else typed


def _start(arguments: Arguments, presets: Mapping[str, Preset]) -> RestoreRequest:
    if arguments.recipe is not None:
        recipe = read_recipe(arguments.recipe)
        return request_from(recipe, Path(), arguments.recipe.name)
    preset = _named(arguments.preset or "auto", presets)
    return RestoreRequest(source=Path(), preset=preset)


def read_recipe(path: Path) -> Mapping[str, object]:
    """The recipe in a JSON file, or in a picture that Restorer made; raises `BadRecipe`."""
    if not is_there(path):
        raise Misuse(f"argument --recipe: there is no file {path}")
    if path.suffix.lower() == ".json":
        try:
            text = path.read_text(encoding="utf-8-sig")  # editors on Windows mark it so
        except (OSError, UnicodeDecodeError) as error:
            raise BadRecipe(f"{path.name} cannot be read: {error}") from error
    else:
        text = _carried(path)
    try:
        recipe = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRecipe(f"{path.name} is not a recipe: {error}") from error
    if not isinstance(recipe, dict):
        raise BadRecipe(f"{path.name} is not a recipe: it holds no entries")
    return recipe


def _carried(path: Path) -> str:
    from engine.files import recipe_in

    text = recipe_in(path)
    if text is None:
        raise BadRecipe(
            f"{path.name} carries no recipe",
            "Give a picture that Restorer saved, or a recipe file whose name ends in .json.",
        )
    return text


def _named(name: str, presets: Mapping[str, Preset]) -> Preset:
    if name not in presets:
        raise Misuse(f"argument --preset: there is no preset “{name}”{_hint(name, presets)}")
    return presets[name]


def _hint(name: str, known: Iterable[str]) -> str:
    names = list(known)
    near = difflib.get_close_matches(name.lower(), names, 3, 0.5)
    if near:
        return "; did you mean " + " or ".join(f"“{other}”" for other in near) + "?"
    return f"; there are {', '.join(names)}" if names else ""


def _stamp(path: Path | None) -> list[int]:
    """Size and time of a file that was given by name: a retrained adapter is another one."""
    if path is None:
        return []
    try:
        found = path.stat()
    except OSError:
        return []
    return [found.st_size, found.st_mtime_ns]
