"""What can be chosen for an export."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SAME = "same"
PROFILES = ("keep", "srgb")
METADATA = ("keep", "no_gps", "none")
COLLISIONS = ("number", "skip", "overwrite")


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A file format that can be written."""

    id: str
    title: str
    bits: tuple[int, ...] = (8,)
    """Bit depths it can have."""
    quality: bool = False
    """Whether its quality can be set, 1 to 100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportChoice:
    """How restored photos are to be written."""

    folder: Path | None = None
    """Where to; None for beside each source."""
    template: str = "{name}-{preset}"
    mirror: bool = False
    """Whether the folders of the sources are made again below `folder`."""
    format: str = SAME
    """The id of an `ExportFormat`, or `same` as the source."""
    quality: int = 92
    bits: int = 0
    """Bits per channel; 0 for as many as the source has."""
    profile: str = "keep"
    """One of `PROFILES`."""
    metadata: str = "keep"
    """One of `METADATA`."""
    collision: str = "number"
    """What to do where a file is already there: one of `COLLISIONS`. A source is never replaced."""

    def __post_init__(self) -> None:
        for value, known in (
            (self.profile, PROFILES),
            (self.metadata, METADATA),
            (self.collision, COLLISIONS),
        ):
            if value not in known:
                raise ValueError(f"{value!r} is none of {', '.join(known)}")
        if not 1 <= self.quality <= 100:
            raise ValueError(f"quality is 1 to 100, not {self.quality}")
