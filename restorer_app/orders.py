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
from restorer_app.export_formats import SAME
from restorer_app.own_adapters import adapters_called

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from engine.preset import Preset
    from restorer_app.arguments import Arguments
from restorer_app.own_adapters import OwnAdapter


class Misuse(Exception):
    """What was typed cannot be meant; the sentence names the option. Ends with exit code 2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The same for all photos of a run; `pattern` is a request whose source is still open."""

    pattern: RestoreRequest
    format: str = SAME
    """Of what is written into a folder, one of `export_formats.FORMATS`."""
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
            **({} if self.format == SAME else {"format": self.format}),
        }
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def order_from(
    arguments: Arguments,
    presets: Mapping[str, Preset],
    models: Collection[str],
    adapters: Callable[[], Sequence[OwnAdapter]] = tuple,
) -> Order:
    """Check and combine the options; raises `Misuse`, or `BadRecipe` for the recipe's content.

    What is asked for beside a recipe goes before what the recipe says. `adapters` are the user's
    own, which are looked for where no file has the name that was typed.
    """
    start = _start(arguments, presets)
    if arguments.preset is not None:
        preset = _named(arguments.preset, presets)
        start = replace(start, preset=preset, model=preset.model or start.model)
    start = _with_adapter(start, arguments, presets, adapters)
    model = start.model if arguments.model is None else arguments.model
    if arguments.model is not None and model not in models:
        raise Misuse(f"argument --model: there is no model “{model}”{_hint(model, models)}")
    if arguments.mask is not None and not is_there(arguments.mask):
        raise Misuse(f"argument --mask: there is no file {arguments.mask}")
    pattern = replace(
        start,
        preset=_adjusted(start.preset, arguments),
        model=model,
        seed=start.seed if arguments.seed is None else arguments.seed,
        steps=start.steps if arguments.steps is None else arguments.steps,
        mask=arguments.mask,
        device=arguments.device,
    )
    return Order(
        pattern=pattern,
        format=arguments.format,
        jpeg_quality=arguments.jpeg_quality,
        overwrite=arguments.overwrite,
    )


def _with_adapter(
    start: RestoreRequest,
    arguments: Arguments,
    presets: Mapping[str, Preset],
    adapters: Callable[[], Sequence[OwnAdapter]],
) -> RestoreRequest:
    """`start` with the adapter that was typed, which is a file or one of the user's own."""
    typed = arguments.adapter
    if typed is None:
        if start.adapter is not None and not is_there(start.adapter):
            raise BadRecipe(
                f"{arguments.recipe} asks for an adapter that is not there: {start.adapter}",
                "Say with --adapter where it is now.",
            )
        return start
    if is_there(Path(typed)):
        # Absolute, so that the recipe in the picture holds in other folders as well.
        return replace(start, adapter=Path(typed).absolute())
    own = _own(typed, adapters())
    if arguments.model not in (None, own.model):
        raise Misuse(
            f"argument --model: your adapter “{own.title}” was trained for {own.model},"
            f" not for {arguments.model}"
        )
    start = replace(start, model=own.model, adapter=own.path.absolute())
    if own.task and arguments.preset is None and arguments.recipe is None:
        fitting = [preset for preset in presets.values() if preset.task == own.task]
        start = replace(start, preset=fitting[0] if fitting else start.preset)
    return start


def _own(name: str, adapters: Sequence[OwnAdapter]) -> OwnAdapter:
    """The user's own adapter of this name."""
    found = adapters_called(name, adapters)
    if len(found) == 1:
        return found[0]
    if found:
        names = " or ".join(f"“{own.name}”" for own in found)
        raise Misuse(f"argument --adapter: several of yours are called “{name}”; say {names}")
    mine = ", ".join(f"“{own.title}”" for own in adapters)
    hint = f", and of your own adapters there are {mine}" if mine else ""
    raise Misuse(f"argument --adapter: there is no file {name}{hint}")


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
