"""What took long to find out about a photo, kept for the next run on it.

The part of a photo that is looked at is restored ahead of the whole. Both have to go by the same:
what the autopilot chose, and which blur was read.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from engine.request import RestoreRequest
from engine.stamps import Stamp

_T = TypeVar("_T")


class Findings:
    """About one photo, as one model finds it. What is asked for is looked for once."""

    def __init__(self) -> None:
        self._known: dict[Hashable, object] = {}

    def once(self, what: Hashable, find: Callable[[], _T]) -> _T:
        """The answer to `what`, by `find` if it is not known yet; what that raises passes."""
        if what not in self._known:
            self._known[what] = find()
        return cast("_T", self._known[what])


class LastFindings:
    """Those about the photo that was worked on last."""

    def __init__(self) -> None:
        self._about: Hashable = None
        self._findings = Findings()

    def of(self, request: RestoreRequest) -> Findings:
        """What is known of the request's photo; nothing once its file is another one, or another
        model or adapter is asked."""
        seen = Stamp.of(request.source)
        if seen is None:  # it is in memory alone, and the next of that name is another one
            return Findings()
        adapter = request.adapter, Stamp.of(request.adapter)
        about = (request.source, seen, adapter, request.model, request.device)
        if about != self._about:
            self._about, self._findings = about, Findings()
        return self._findings
