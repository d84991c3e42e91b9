"""What was changed, to be undone and done again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

from restorer_app.observable import Signal

if TYPE_CHECKING:
    from collections.abc import Callable

S = TypeVar("S")

_MOST = 500
"""Steps remembered; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Step(Generic[S]):
    """A change with its name, and what it changed from and to."""

    title: str
    before: S
    after: S
    gesture: str = ""


class History(Generic[S]):
    """Steps of states; `apply` brings one of them back.

    While a slider is dragged its many changes are one gesture, and one step.
    """

    def __init__(self, apply: Callable[[S], None]) -> None:
        self.changed: Signal[[]] = Signal()
        self._apply = apply
        self._steps: list[Step[S]] = []
        self._place = 0
        """Steps before it are done, those from it on were undone."""
        self._open = False

    @property
    def titles(self) -> tuple[str, ...]:
        """Names of all steps, oldest first; `place` of them are done."""
        return tuple(step.title for step in self._steps)

    @property
    def place(self) -> int:
        return self._place

    @property
    def undo_title(self) -> str:
        """What `undo` would take back; empty if there is nothing."""
        return self._steps[self._place - 1].title if self._place else ""

    @property
    def redo_title(self) -> str:
        """What `redo` would do again; empty if there is nothing."""
        return self._steps[self._place].title if self._place < len(self._steps) else ""

    def record(self, title: str, before: S, after: S, gesture: str = "") -> None:
        """Note a change that was made; what had been undone is forgotten.

        With the `gesture` of the step before, and no `commit` since, it becomes part of that one.
        """
        last = self._steps[self._place - 1] if self._place else None
        joins = self._open and last is not None and gesture and last.gesture == gesture
        if not joins:
            self._end_gesture()
        del self._steps[self._place :]
        if joins and last is not None:
            self._steps[-1] = replace(last, after=after)
        elif before != after:
            self._steps.append(Step(title, before, after, gesture))
            del self._steps[:-_MOST]
        self._place = len(self._steps)
        self._open = bool(gesture)
        self.changed.emit()

    def commit(self) -> None:
        """End the gesture; one that came back to its start was none."""
        if self._open:
            self._end_gesture()
            self.changed.emit()

    def undo(self) -> str:
        """Take back the last step; gives its name, or nothing where there is none."""
        self.commit()
        if not self._place:
            return ""
        self._place -= 1
        step = self._steps[self._place]
        self._apply(step.before)
        self.changed.emit()
        return step.title

    def redo(self) -> str:
        """Do again what was undone last; gives its name, or nothing where there is none."""
        self.commit()
        if self._place == len(self._steps):
            return ""
        step = self._steps[self._place]
        self._place += 1
        self._apply(step.after)
        self.changed.emit()
        return step.title

    def _end_gesture(self) -> None:
        if self._open and self._place and self._steps[-1].before == self._steps[-1].after:
            self._steps.pop()
            self._place -= 1
        self._open = False

    def clear(self) -> None:
        self._steps, self._place, self._open = [], 0, False
        self.changed.emit()
