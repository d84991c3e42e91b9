"""How long a run will still take, judged from the megapixels it has done."""

from __future__ import annotations

from dataclasses import dataclass

_ENOUGH = 0.03
"""Share of a photo below which its own time says nothing yet."""


@dataclass(slots=True)
class Pace:
    """Seconds and megapixels of a run so far. `waiting` counts all photos, the current included."""

    waiting: float
    done: float = 0.0
    seconds: float = 0.0

    def finished(self, megapixels: float, seconds: float) -> None:
        """Count a photo that is through."""
        self.done += megapixels
        self.seconds += seconds
        self.waiting = max(self.waiting - megapixels, 0.0)

    def dropped(self, megapixels: float) -> None:
        """Forget a photo that failed: its time is no measure for the others."""
        self.waiting = max(self.waiting - megapixels, 0.0)

    def rate(self, megapixels: float, share: float, elapsed: float) -> float | None:
        """Seconds per megapixel, the current photo's share included; None while unknown."""
        begun = megapixels * share if share >= _ENOUGH else 0.0
        done = self.done + begun
        if done <= 0:
            return None
        return (self.seconds + (elapsed if begun else 0.0)) / done

    def left_of_photo(self, megapixels: float, share: float, elapsed: float) -> float | None:
        """Seconds the current photo still needs; None while unknown."""
        rate = self.rate(megapixels, share, elapsed)
        return None if rate is None else rate * megapixels * (1 - share)

    def left_of_run(self, megapixels: float, share: float, elapsed: float) -> float | None:
        """Seconds the whole run still needs; None while unknown."""
        rate = self.rate(megapixels, share, elapsed)
        return None if rate is None else rate * max(self.waiting - megapixels * share, 0.0)


class Paces:
    """How fast each model has been on this computer: one says nothing about another."""

    def __init__(self) -> None:
        self._known: dict[str, Pace] = {}

    def finished(self, model: str, megapixels: float, seconds: float) -> None:
        """Count a photo that is through."""
        self._known.setdefault(model, Pace(0.0)).finished(megapixels, seconds)

    def rate(
        self, model: str, megapixels: float = 0.0, share: float = 0.0, elapsed: float = 0.0
    ) -> float | None:
        """Seconds per megapixel, those of a photo in work included; None while unknown."""
        return self._known.get(model, Pace(0.0)).rate(megapixels, share, elapsed)


def spoken(seconds: float) -> str:
    """A duration as one says it: “8 s”, “3 min”, “1 h 20 min”."""
    if seconds < 60:
        return f"{max(round(seconds), 1)} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"
