"""How fast bytes arrive, and how that is said."""

from __future__ import annotations

from collections import deque

_WINDOW = 5.0
"""Seconds of the past that count: a line that recovers shall show it soon."""


class Speed:
    """Bytes a second over the last seconds."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()

    def arrived(self, now: float, total: int) -> None:
        """At the time `now`, in seconds, `total` bytes were there."""
        self._marks.append((now, total))
        while len(self._marks) > 2 and now - self._marks[0][0] > _WINDOW:
            self._marks.popleft()

    @property
    def rate(self) -> float | None:
        """Bytes a second; None while nothing can be said."""
        if len(self._marks) < 2:
            return None
        (before, first), (now, last) = self._marks[0], self._marks[-1]
        if now - before < 0.2 or last <= first:
            return None
        return (last - first) / (now - before)

    def said(self, done: int, total: int) -> str:
        """For people: “3.1 of 6.8 GB, 11 MB/s, 6 min left”."""
        unit, name = (1e9, "GB") if total >= 1e9 else (1e6, "MB")
        text = f"{done / unit:.1f} of {total / unit:.1f} {name}"
        rate = self.rate
        if rate is None:
            return text
        speed = f"{rate / 1e6:.1f} MB/s" if rate < 1e7 else f"{rate / 1e6:.0f} MB/s"
        return f"{text}, {speed}, {_duration((total - done) / rate)} left"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
