"""What a user has set once and for all. The settings page is made from the fields below."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import Field, asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Literal

from engine.whole_file import whole_file
from restorer_app.export import Bits, Collision, MetadataWish, ProfileWish
from restorer_app.export_formats import Format
from restorer_app.field_rules import check_fields

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)

Theme = Literal["dark", "mid", "light"]
_LARGEST_FILE = 1_000_000
_MOST_RECENT = 12


def _shown(title: str, help: str, **more: object) -> dict[str, object]:
    """What the settings page says of a field; fields without it are not shown there.

    `minimum`, `maximum` and `step` bound numbers, `choices` says what values are called.
    """
    return {"title": title, "help": help, **more}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Raises `ValueError` for a value outside its bounds or choices."""

    theme: Theme = field(
        default="dark",
        metadata=_shown(
            "Appearance",
            "Neutral greys around the photo, so that no colour of the window misleads the eye.",
            choices={"dark": "Dark", "mid": "Mid grey", "light": "Light"},
        ),
    )
    ui_scale: float = field(
        default=1.0,
        metadata=_shown(
            "Size of texts and buttons",
            "Photos are not affected: 100 % stays one photo pixel per screen pixel.",
            minimum=0.8,
            maximum=2.0,
            step=0.1,
        ),
    )
    language: str = field(
        default="",
        metadata=_shown(
            "Language",
            "Changes at once.",
            choices={"": "As the system", "en": "English", "de": "Deutsch"},
        ),
    )
    reduced_motion: bool = field(
        default=False, metadata=_shown("Reduced motion", "Nothing slides or pulses.")
    )
    start_maximised: bool = field(
        default=False, metadata=_shown("Start maximised", "Fill the screen at every start.")
    )
    screen_profile: str = field(
        default="",
        metadata=_shown(
            "Profile of the screen",
            "The .icc file of your calibrated screen. Empty: the screen is taken as sRGB.",
        ),
    )
    run_on_open: bool = field(
        default=True,
        metadata=_shown(
            "Restore at once", "Begin with the chosen preset as soon as a photo is opened."
        ),
    )
    confirm_remove: bool = field(
        default=True,
        metadata=_shown("Ask before removing", "Ask before photos are taken off the list."),
    )
    confirm_quit: bool = field(
        default=True,
        metadata=_shown("Ask before quitting", "Ask when photos are still being restored."),
    )
    resume_queue: bool = field(
        default=True,
        metadata=_shown(
            "Go on after an interruption",
            "Photos that were left undone, by a crash or a power cut, are taken up at the start.",
        ),
    )
    cache_gigabytes: int = field(
        default=8,
        metadata=_shown(
            "Disk space for results (GB)",
            "Results are kept while the program runs, so that you can flip between them.",
            minimum=1,
            maximum=200,
            step=1,
        ),
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = field(
        default="auto",
        metadata=_shown(
            "Compute on",
            "Automatic takes the graphics card if there is one that can be used.",
            choices={
                "auto": "Automatic",
                "cpu": "Processor",
                "cuda": "NVIDIA card",
                "mps": "Apple",
            },
        ),
    )
    export_template: str = "{name}-{preset}"
    export_folder: str = ""
    """Empty: next to each source."""
    export_mirror: bool = False
    export_format: Format = "same"
    export_quality: int = field(default=92, metadata={"minimum": 1, "maximum": 100})
    export_bits: Bits = 0
    export_profile: ProfileWish = "keep"
    export_metadata: MetadataWish = "keep"
    export_collision: Collision = "number"
    last_folder: str = ""
    """Where photos were opened last; the next dialog begins there."""
    recent: tuple[str, ...] = ()
    """Photos and folders opened last, newest first."""
    window: str = ""
    """Place and size of the window, as Qt writes them, in base64."""

    def __post_init__(self) -> None:
        check_fields(self)

    def with_recent(self, path: str) -> Settings:
        """With `path` at the head of the list of what was opened."""
        others = tuple(other for other in self.recent if other != path)
        return replace(self, recent=(path, *others)[:_MOST_RECENT])


def shown_fields() -> tuple[Field[object], ...]:
    """The fields of the settings page, in its order."""
    return tuple(own for own in fields(Settings) if "title" in own.metadata)


def load_settings(path: Path) -> Settings:
    """The settings in a file. What is unknown or wrong in it is logged and left at its default."""
    settings = Settings()
    for name, value in _table(path).items():
        read = tuple(value) if isinstance(value, list) else value
        try:
            settings = replace(settings, **{name: read})  # type: ignore[arg-type]
        except (TypeError, ValueError) as error:
            log.warning("%s: the setting “%s” is ignored: %s", path.name, name, error)
    return settings


def save_settings(settings: Settings, path: Path) -> bool:
    """Write the settings so that they are there whole or not at all; False, logged, if it fails."""
    text = json.dumps(asdict(settings), indent=2) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path, overwrite=True) as file:
            file.write(text.encode())
    except OSError as error:
        log.warning("the settings cannot be saved: %s", error)
        return False
    return True


def _table(path: Path) -> Mapping[str, object]:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise ValueError("it is far too large")
        table = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(table, dict):
            raise ValueError("it holds no entries")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        log.warning("%s is ignored: %s", path.name, error)
        return {}
    return table
