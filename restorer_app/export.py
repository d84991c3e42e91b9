"""What an exported picture is called, and how it is written."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from engine.fitting import SaveOptions
from engine.formats.catalogue import KEPT, WRITERS
from engine.formats.raw import SUFFIXES as RAW_SUFFIXES
from restorer_app.export_formats import SUFFIXES, Format
from restorer_app.field_rules import check_fields

Bits = Literal[0, 8, 16, 32]
ProfileWish = Literal["keep", "srgb"]
MetadataWish = Literal["keep", "no_gps", "none"]
Collision = Literal["number", "skip", "overwrite"]
_INSTEAD = {
    **dict.fromkeys((".gif", ".bmp", ".dib", ".ppm", ".pgm", ".pbm", ".pnm"), ".png"),
    **dict.fromkeys((".heic", ".heif"), ".jpg"),
}
"""What replaces formats that are read but not written, and hold no more than it; TIFF replaces all
others, of which cameras' .hif are some: they have 10 bits."""
PLACEHOLDERS = ("name", "preset", "date", "n", "scale")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
RESERVED = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{i}" for i in range(10)), *(f"lpt{i}" for i in range(10))]
)
"""Names that Windows keeps for itself, in small letters."""
_LONGEST = 240
"""Bytes of a name without its ending: file systems end at 255, and a number may be added."""


class BadTemplate(ValueError):
    """A name template that gives no usable name; the text is a sentence for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What a name can be made of."""

    source: Path
    preset: str
    scale: int = 1
    number: int = 1
    """Place in the export, from 1."""
    count: int = 1
    """How many there are: numbers get zeros in front, so that all are of one length."""
    day: date


@dataclass(frozen=True, slots=True)
class NameTemplate:
    """A text with the placeholders {name} {preset} {date} {n} {scale}.

    Raises `BadTemplate` for others, and for characters that no file name may have on some system.
    """

    text: str

    def __post_init__(self) -> None:
        found = _FORBIDDEN.search(self.text)
        if found is not None:
            raise BadTemplate(f"A file name cannot have the character “{found[0]}”.")
        try:
            parts = list(string.Formatter().parse(self.text))
        except ValueError as error:
            raise BadTemplate("A bracket { or } is missing its partner.") from error
        for _, place, form, conversion in parts:
            if place is not None and (place not in PLACEHOLDERS or form or conversion):
                known = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
                raise BadTemplate(f"“{{{place}}}” means nothing here; there are {known}.")
        if not any(place for _, place, _, _ in parts) and not self.text.strip(" ."):
            raise BadTemplate("The name is empty.")

    def name(self, naming: Naming) -> str:
        """The name without its ending. Raises `BadTemplate` where the photo makes it unusable."""
        name = self.text.format(
            name=naming.source.stem,
            preset=naming.preset,
            date=naming.day.isoformat(),
            n=str(naming.number).zfill(len(str(naming.count))),
            scale=f"{naming.scale}x",
        ).rstrip(" .")
        if not name or name.startswith("."):
            raise BadTemplate("The name is empty, or begins with a dot and would be hidden.")
        if name.split(".")[0].strip().casefold() in RESERVED:
            raise BadTemplate(f"“{name}” is a name that Windows keeps for itself.")
        if len(name.encode("utf-8", "surrogateescape")) > _LONGEST:
            raise BadTemplate("The name is too long.")
        return name


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSettings:
    """How pictures are exported. Raises `ValueError`, but for the template, which is checked where
    it is used."""

    folder: Path | None = None
    """None: next to each source."""
    template: str = "{name}-{preset}"
    mirror: bool = False
    """Whether the folders that photos were opened from are made again below `folder`."""
    format: Format = "same"
    quality: int = field(default=92, metadata={"minimum": 1, "maximum": 100})
    """Of JPEG, WebP and AVIF."""
    bits: Bits = 0
    """Per channel; 0 for as many as the source has. Formats without that depth take their own."""
    profile: ProfileWish = "keep"
    metadata: MetadataWish = "keep"
    collision: Collision = "number"
    """What happens where a file is; "overwrite" replaces only what this program has made."""

    def __post_init__(self) -> None:
        check_fields(self)

    def suffix(self, source: Path) -> str:
        """The ending of the picture made from `source`."""
        own = source.suffix.lower()
        kept = source.suffix if own in KEPT else _INSTEAD.get(own, ".tif")
        return given_suffix(self.format, source) or kept

    def options(self, suffix: str, *, overwrite: bool = False) -> SaveOptions:
        """How a file with that ending is written."""
        depths = WRITERS[suffix.lower()].depths
        return SaveOptions(
            overwrite=overwrite,
            jpeg_quality=self.quality,
            bits=self.bits if self.bits in depths else None,
            metadata=self.metadata,
            profile=self.profile,
        )


def given_suffix(format: str, source: Path) -> str:
    """The ending of the picture made from `source` in one of `export_formats.FORMATS`.

    Empty where it keeps its own format, as what is no RAW file does instead of becoming a DNG.
    """
    is_light = source.suffix.lower() in RAW_SUFFIXES
    return "" if format == "dng" and not is_light else SUFFIXES.get(format, "")


def example(template: str, naming: Naming, suffix: str) -> str:
    """The name that a photo will get, to be shown while it is typed; raises `BadTemplate`."""
    return NameTemplate(template).name(naming) + suffix
