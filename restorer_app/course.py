"""Where a run is: shown while it goes on, and the place where it is stopped."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from restorer_app.pace import Pace, spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from restorer_app.console import Console
    from restorer_app.interrupts import Interrupts

_REDRAW = 0.1
"""Seconds between two looks of the status line."""


class Course:
    """The `Progress` of a run over photos of these `sizes` (megapixels), in that order."""

    def __init__(
        self,
        sizes: Sequence[float],
        console: Console,
        interrupts: Interrupts,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sizes = sizes
        self._console = console
        self._interrupts = interrupts
        self._clock = clock
        self._pace = Pace(sum(sizes))
        self._number = 0
        self._name = ""
        self._size = 0.0
        self._began = 0.0
        self._drawn = -_REDRAW

    def begin(self, source: Path) -> None:
        """Turn to the next photo."""
        self._size = self._sizes[self._number]
        self._number += 1
        self._name = source.name
        self._began = self._clock()
        self.report(0.0)

    def report(self, done: float, stage: str = "") -> None:
        """Show the share `done` of the current photo; raises `Cancelled` if the user wants out."""
        self._interrupts.check()
        now = self._clock()
        if now - self._drawn < _REDRAW and done > 0:
            return
        self._drawn = now
        self._console.status(self._status(min(max(done, 0.0), 1.0), stage, now - self._began))

    def end(self, *, counts: bool) -> str:
        """Leave the current photo; its line for the log, and what is left of the run.

        One that failed does not count: its time says nothing about the others.
        """
        seconds = self._clock() - self._began
        if not counts:
            self._pace.dropped(self._size)
            return f"{self._place()}: failed"
        self._pace.finished(self._size, seconds)
        text = f"{self._place()}: done in {spoken(seconds)}"
        left = self._pace.left_of_run(0.0, 0.0, 0.0)
        if left and self._number < len(self._sizes):
            text += f", {spoken(left)} left"
        return text

    def _place(self) -> str:
        count = len(self._sizes)
        return self._name if count == 1 else f"{self._number} of {count}: {self._name}"

    def _status(self, share: float, stage: str, elapsed: float) -> str:
        parts = [f"{self._place()} {100 * share:.0f} %"]
        left = self._pace.left_of_photo(self._size, share, elapsed)
        if left is not None:
            parts.append(f"{spoken(left)} left")
        whole = self._pace.left_of_run(self._size, share, elapsed)
        if whole is not None and len(self._sizes) > 1:
            parts.append(f"all: {spoken(whole)} left")
        if stage:
            parts.append(stage)
        return " · ".join(parts)
