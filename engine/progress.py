"""How long work reports where it is, and how it is stopped.

A `Progress` is passed down as an argument; a caller hands on a `Part` of its own. Reporting is
also the place where a job notices that it was cancelled: `report` may raise `Cancelled`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Cancelled(BaseException):
    """The user stopped the job. Not an `Exception`, so that no broad handler swallows it."""


class Progress(Protocol):
    def report(self, done: float, stage: str = "") -> None:
        """Say that the share `done` (0 to 1) is finished; raises `Cancelled` to stop the work."""


class Silent:
    """Listens to nothing and never cancels."""

    def report(self, done: float, stage: str = "") -> None:
        return


@dataclass(frozen=True, slots=True)
class Part:
    """The stretch `start` to `end` (0 to 1) of a larger progress, seen as a whole one."""

    whole: Progress
    start: float
    end: float

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end <= 1:
            raise ValueError(f"a part runs forward within 0 to 1, not {self.start} to {self.end}")

    def report(self, done: float, stage: str = "") -> None:
        inside = min(max(done, 0.0), 1.0)
        self.whole.report(self.start + inside * (self.end - self.start), stage)
