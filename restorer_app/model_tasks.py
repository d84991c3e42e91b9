"""A piece of work on a fetched model, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from restorer_app.jobs import JobError

if TYPE_CHECKING:
    from pathlib import Path


class Kind(StrEnum):
    """What is done with a model."""

    DOWNLOAD = "download"
    CHECK = "check"
    IMPORT = "import"
    REMOVE = "remove"


class TaskState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    STOPPING = "stopping"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def ended(self) -> bool:
        return self in (TaskState.DONE, TaskState.FAILED, TaskState.STOPPED)


class Doing(StrEnum):
    """What is going on at the moment."""

    FETCHING = "fetching"
    WAITING = "waiting"
    """For a server that is busy, or that broke off."""
    CHECKING = "checking"
    COPYING = "copying"
    ENCODING = "encoding"
    """The presets' phrases, for a model that follows words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How far a piece of work is."""

    done: float = 0.0
    """Share of it, 0 to 1."""
    doing: Doing = Doing.FETCHING
    bytes: int = 0
    """Of its files that are on the disk, parts of them included."""
    total: int | None = None
    """Bytes of all its files; None while one of them is unknown."""
    rate: float | None = None
    """Bytes a second; None while nothing can be said."""

    @property
    def seconds_left(self) -> float | None:
        if self.rate is None or self.total is None or self.doing is not Doing.FETCHING:
            return None
        return max(self.total - self.bytes, 0) / self.rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A piece of work on one model; every change of it is a new one."""

    model: str
    kind: Kind
    variant: str = ""
    """Which precision is fetched; the catalogue's choice if empty."""
    folder: Path | None = None
    """Whence files are imported."""
    accepted: bool = False
    """Whether the user has accepted the model's licence."""
    state: TaskState = TaskState.WAITING
    figures: Figures = Figures()
    error: JobError | None = None
    """Why it failed."""
    faults: tuple[str, ...] = ()
    """What a check found wrong, as sentences."""
    freed: int = 0
    """Bytes that a removal gave back."""
