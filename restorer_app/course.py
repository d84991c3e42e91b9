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
    """A run over photos of these `sizes` (megapixels), begun in that order, one or more at once."""

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
        self._legs: list[Leg] = []
        """Of the photos in work, in the order in which they were begun."""
        self._begun = 0
        self._ended = 0
        self._drawn = -_REDRAW

    def begin(self, source: Path) -> Leg:
        """Turn to the next photo; gives its own part of the course."""
        leg = Leg(self, source.name, self._sizes[self._begun], self._clock)
        self._begun += 1
        self._legs.append(leg)
        leg.report(0.0)
        return leg

    def show(self, *, at_once: bool) -> None:
        """Draw where the run is, unless that was done just now; raises `Cancelled`."""
        self._interrupts.check()
        now = self._clock()
        if now - self._drawn >= _REDRAW or at_once:
            self._drawn = now
            self._console.status(self._status())

    def set_aside(self, leg: Leg) -> None:
        """Leave a photo that will be begun again."""
        self._legs.remove(leg)

    def take_up(self, leg: Leg) -> None:
        """Begin a photo, if that is not done yet."""
        if leg not in self._legs:
            self._legs.append(leg)

    def end(self, leg: Leg, *, counts: bool) -> str:
        """Leave a photo; its line for the log, and what is left of the run."""
        seconds, at_once = leg.elapsed, len(self._legs)
        self._legs.remove(leg)
        self._ended += 1
        place = self._place(self._ended, leg.name)
        if not counts:
            self._pace.dropped(leg.size)
            return f"{place}: failed"
        self._pace.finished(leg.size, seconds)
        text = f"{place}: done in {spoken(seconds)}"
        left = self._left(at_once)
        if left and self._ended < len(self._sizes):
            text += f", {spoken(left)} left"
        return text

    def _place(self, number: int, name: str) -> str:
        count = len(self._sizes)
        return name if count == 1 else f"{number} of {count}: {name}"

    def _left(self, at_once: int) -> float | None:
        """Seconds the whole run still needs, so many photos at once; None while unknown.

        Those in work are to the pace as one photo that has taken the time of all of them.
        """
        size = sum(leg.size for leg in self._legs)
        done = sum(leg.size * leg.share for leg in self._legs)
        elapsed = sum(leg.elapsed for leg in self._legs)
        left = self._pace.left_of_run(size, done / size if size else 0.0, elapsed)
        return None if left is None else left / max(min(at_once, len(self._sizes) - self._ended), 1)

    def _status(self) -> str:
        if len(self._legs) == 1:
            return self._status_of_one(self._legs[0])
        parts = [f"{self._ended} of {len(self._sizes)} done"]
        left = self._left(len(self._legs))
        if left is not None:
            parts.append(f"{spoken(left)} left")
        # Last, for a narrow terminal cuts the line.
        parts.append(", ".join(f"{leg.name} {100 * leg.share:.0f} %" for leg in self._legs))
        return " · ".join(parts)

    def _status_of_one(self, leg: Leg) -> str:
        parts = [f"{self._place(self._ended + 1, leg.name)} {100 * leg.share:.0f} %"]
        left = self._pace.left_of_photo(leg.size, leg.share, leg.elapsed)
        if left is not None:
            parts.append(f"{spoken(left)} left")
        whole = self._left(1)
        if whole is not None and len(self._sizes) > 1:
            parts.append(f"all: {spoken(whole)} left")
        if leg.stage:
            parts.append(leg.stage)
        return " · ".join(parts)


class Leg:
    """One photo's part of a course: its `Progress`."""

    def __init__(self, course: Course, name: str, size: float, clock: Callable[[], float]) -> None:
        self.name, self.size = name, size
        self.share, self.stage = 0.0, ""
        self._course, self._clock = course, clock
        self._began = clock()

    @property
    def elapsed(self) -> float:
        """Seconds since the photo was begun."""
        return self._clock() - self._began

    def restart(self) -> None:
        """Count its time from now on: until here its engine was loaded, or it was set aside."""
        self._began = self._clock()
        self._course.take_up(self)

    def set_aside(self) -> None:
        """It is not in work until it is restarted."""
        self.share, self.stage = 0.0, ""
        self._course.set_aside(self)

    def report(self, done: float, stage: str = "") -> None:
        """Show the share `done` of the photo; raises `Cancelled` if the user wants out."""
        self.share, self.stage = min(max(done, 0.0), 1.0), stage
        self._course.show(at_once=done <= 0)

    def end(self, *, counts: bool) -> str:
        """Leave the photo; its line for the log, and what is left of the run.

        One that failed does not count: its time says nothing about the others.
        """
        return self._course.end(self, counts=counts)
