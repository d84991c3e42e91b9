"""Presets: what a photographer chooses. One TOML file each, in `resources/presets` or their own."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from engine.blend import Blend
from engine.errors import BadPreset
from engine.resources import resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One way to restore a photo.

    `task` names the predictor's task adapter (empty for the plain predictor, "auto" for the
    autopilot, which replaces itself by another preset once it has measured the photo).
    """

    id: str
    title: str
    """Two or three words, as on a card."""
    summary: str
    """One line: what it does and when to take it."""
    task: str
    scale: int = 1
    """Output size over input size: 1, 2 or 4."""
    strength: float = 1.0
    """Share of the change that is kept, 0 to 1; where the slider starts."""
    detail: float = 1.0
    """Share of the change in the finest texture; at 0 that texture stays the photo's."""
    colour: float = 1.0
    """Share of the change in colour; at 0 only light and dark change."""
    grain: float = 0.0
    """Share of the fine noise given back that was removed."""
    faces: float = 0.0
    """Protection of faces; at 1 they stay as they are in the photo."""
    working_side: int = 0
    """Longest side in pixels of the copy on which the light of the whole scene is estimated, for
    presets that change it; 0 for those that do not."""
    deconvolves: bool = False
    """Whether the photo's own blur is read from it and taken out, beside what the network does."""
    spares_texture: bool = False
    """Whether faint texture that the network takes for noise is given back
    (`engine.texture_sparing`)."""
    repairs: bool = False
    """Whether damaged places (scratches, dust) are looked for and filled."""
    sensitivity: float = 0.5
    """How readily something is taken for a damaged place, 0 to 1, where they are looked for; in the
    middle as the finder was calibrated."""
    finish: str = ""
    """Task adapter that cleans the photo once its light is set and its damage filled; "denoise"
    behind haze that was taken out only where there was some. A model without it leaves that out."""
    experimental: bool = False
    """Whether it failed to beat its yardsticks in the project's own measurements, or is too
    uncertain in what it gives."""
    note: str = ""
    """What the user should know before trusting it; shown when `experimental`."""
    when_sure: bool = False
    """Whether the autopilot may choose it although it is experimental, for it does so only where
    the preset does well."""
    by_hand: bool = False
    """Whether the autopilot never chooses it, for it cannot tell well enough who needs it."""
    phrase: str = ""
    """The task as an instruction to an editing model, for backbones that understand words."""
    model: str = ""
    """The model that a preset of the user's own was saved with; empty leaves the choice open."""
    order: int = 100
    """Place among the cards."""

    @property
    def blend(self) -> Blend:
        """How its prediction is mixed with the photo."""
        return Blend(**{name: getattr(self, name) for name in _MIXING})

    def mixed_as(self, asked: Preset) -> Preset:
        """This preset with what `asked` wants of detail, colour, grain, faces and sensitivity,
        wherever that is not what every preset starts from."""
        usual = {field.name: field.default for field in fields(Preset)}
        wanted = {name: getattr(asked, name) for name in (*_MIXING, "sensitivity")}
        del wanted["strength"]
        return replace(self, **{n: v for n, v in wanted.items() if v != usual[n]})

    @property
    def automatic(self) -> bool:
        """Whether the autopilot may choose it."""
        return not self.by_hand and (self.when_sure or not self.experimental)

    @property
    def caution(self) -> str:
        """What to tell the user before it runs; empty for a preset that proved itself."""
        return f"{self.title} is experimental: {self.note}" if self.experimental else ""

    def __post_init__(self) -> None:
        if self.scale not in (1, 2, 4):
            raise ValueError(f"scale is 1, 2 or 4, not {self.scale}")
        _ = self.blend  # refuses what is no share
        if not 0 <= self.sensitivity <= 1:
            raise ValueError(f"sensitivity is 0 to 1, not {self.sensitivity}")
        if self.working_side < 0:
            raise ValueError(f"working_side is 0 or more, not {self.working_side}")
        if self.experimental and not self.note:
            raise ValueError("an experimental preset says in its note what to expect")


_MIXING = tuple(field.name for field in fields(Blend))
"""The settings of the mix, which a preset carries under the same names."""


def preset_from(table: Mapping[str, object], origin: str) -> Preset:
    """Check a TOML table and make a preset of it; raises `BadPreset` naming `origin`."""
    types = {f.name: f.type for f in fields(Preset)}
    python: dict[str, type | tuple[type, ...]] = {
        "str": str,
        "int": int,
        "float": (int, float),
        "bool": bool,
    }
    for key, value in table.items():
        if key not in types:
            near = difflib.get_close_matches(key, types, 1)
            hint = f"; did you mean “{near[0]}”?" if near else ""
            raise BadPreset(f"{origin} has an unknown entry “{key}”{hint}")
        wanted = python[str(types[key])]
        is_bool = isinstance(value, bool)
        if not isinstance(value, wanted) or (is_bool and wanted is not bool):
            raise BadPreset(f"{origin}: “{key}” should be a {types[key]}, not {value!r}")
    try:
        return Preset(**table)  # type: ignore[arg-type]  # checked just above
    except (TypeError, ValueError) as error:
        raise BadPreset(f"{origin} is not a usable preset: {error}") from error


def load_preset(path: Path) -> Preset:
    """Read one preset file; its id must be its name. Raises `BadPreset`."""
    try:
        # Editors on Windows put a mark before the text.
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadPreset(f"{path.name} cannot be read: {error}") from error
    preset = preset_from(table, path.name)
    if preset.id != path.stem:
        raise BadPreset(f"{path.name} holds the preset “{preset.id}”; rename one of the two")
    return preset


def load_presets(
    folders: Iterable[Path] = (), *, refused: Callable[[BadPreset], None] | None = None
) -> dict[str, Preset]:
    """The shipped presets, then those in `folders` (later ones win), in card order.

    `refused` hears of each that cannot be used, and the others are read; without it such a file
    raises `BadPreset`.
    """
    found: dict[str, Preset] = {}
    for path in (p for f in (resource("presets"), *folders) for p in sorted(f.glob("*.toml"))):
        try:
            preset = load_preset(path)
        except BadPreset as error:
            if refused is None:
                raise
            refused(error)
        else:
            found[preset.id] = preset
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))
