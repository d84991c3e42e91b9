"""What crosses the pipe between the program and its engine process: small, frozen, plain data.

Pixels never do; results are files. A log of these messages replays a session.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.placement import Hardware
from engine.request import RestoreRequest, RestoreResult

if TYPE_CHECKING:
    from engine.fitting import SaveOptions


@dataclass(frozen=True, slots=True)
class Run:
    """Restore one photo. `job` is the sender's name for it."""

    job: str
    request: RestoreRequest


@dataclass(frozen=True, slots=True)
class Save:
    """Mix a result with its source, as `result.preset` says, and write the picture to `path`.

    Folders that are missing are made.
    """

    job: str
    result: RestoreResult
    path: Path
    options: SaveOptions


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop a job; one that is not running is none of the engine's business and ignored."""

    job: str


@dataclass(frozen=True, slots=True)
class Quit:
    """End the process once every job that was sent before is done."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The process is up; `device` is what "auto" means here, `machine` what it has to offer."""

    device: str
    machine: Hardware | None = None


@dataclass(frozen=True, slots=True)
class Progressed:
    """The share `done` (0 to 1) of a job lies behind."""

    job: str
    done: float
    stage: str


@dataclass(frozen=True, slots=True)
class Drafted:
    """The draft of a job lies where its result will be, and a prior paints over it there.

    `result` is not final, and its file still belongs to the engine.
    """

    job: str
    result: RestoreResult


@dataclass(frozen=True, slots=True)
class Painted:
    """So many rows of a draft, from the top, are as they will be; they may be shown anew."""

    job: str
    rows: int


@dataclass(frozen=True, slots=True)
class Finished:
    job: str
    result: RestoreResult


@dataclass(frozen=True, slots=True)
class Saved:
    """The picture lies at `path`; `notes` are sentences about what was lost or assumed."""

    job: str
    path: Path
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """A job ended in an error: its kind, a sentence for the user, and what to do about it.

    `trace` is for the log; empty for errors that are no fault of the program.
    """

    job: str
    kind: str
    message: str
    remedy: str
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A job was cancelled."""

    job: str


@dataclass(frozen=True, slots=True)
class Connected:
    """The process has opened, or tried to open, so many more connections to other computers."""

    more: int


Command = Run | Save | Cancel | Quit
Event = Ready | Progressed | Drafted | Painted | Finished | Saved | Failed | Stopped | Connected
