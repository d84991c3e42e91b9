"""Several engines, each in a process of its own, which restore as many photos at once.

The engines are heard in threads of theirs. All that they say passes through one queue, so that
journal, console and course stay in the hands of one thread, the caller's.
"""

from __future__ import annotations

import queue
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from engine.errors import OutOfMemory, RestorerError, WorkerDied
from engine.messages import Failed, Finished, Progressed, Ready, Saved
from restorer_app.attempts import attempted
from restorer_app.engine_process import Died
from restorer_app.leftovers import remove_unfinished_since, unfinished_in
from restorer_app.report import done, failed, failed_elsewhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from engine.fitting import SaveOptions
    from engine.messages import Event
    from engine.request import RestoreRequest, RestoreResult
    from restorer_app.attempts import Attempt
    from restorer_app.console import Console
    from restorer_app.interrupts import Interrupts
    from restorer_app.report import Outcome

_TOO_MUCH = {OutOfMemory.__name__, WorkerDied.__name__}
"""How a photo fails for which there is no memory: with an error, or with its engine, which the
system then ends."""
_LOOK = 0.1
"""Seconds between two looks whether the user wants out, while no engine says anything."""


class EngineDoor(Protocol):
    """What a crew needs of an `EngineProcess`."""

    def run(self, job: str, request: RestoreRequest) -> None: ...
    def save(self, job: str, result: RestoreResult, path: Path, options: SaveOptions) -> None: ...
    def kill(self) -> None: ...
    def close(self) -> None: ...


@dataclass(slots=True)
class _Member:
    """One engine, and the photo that it is at."""

    engine: EngineDoor
    attempt: Attempt | None = None
    result: RestoreResult | None = None
    """What is being saved."""


class OpenEngine(Protocol):
    """Opens an engine for what hears it: one of several, or one that has the machine `alone`."""

    def __call__(self, listen: Callable[[Event | Died], None], *, alone: bool) -> EngineDoor: ...


class Crew:
    """Engines that `open_engine` gives; they work for one run."""

    def __init__(
        self, count: int, open_engine: OpenEngine, console: Console, interrupts: Interrupts
    ) -> None:
        self._open_engine = open_engine
        self._console, self._interrupts = console, interrupts
        self._heard: queue.Queue[tuple[int, Event | Died]] = queue.Queue()
        self._members: list[_Member] = []
        for _ in range(count):
            self._hire(alone=False)
        self._before: dict[Path, set[Path]] = {}
        """Folders of outputs, with the unfinished files in them that are not this run's."""
        self._later: list[Attempt] = []
        """Photos for which there may be memory once no other is in work."""
        self._torn: set[Path] = set()
        """Those where an engine that was ended may have left unfinished files of its own."""

    def work(self, attempts: Iterator[Attempt], ended: Callable[[Attempt, Outcome], None]) -> None:
        """See `Hands`."""
        with self._engines():
            self._work(self._members, attempts, ended)
            if self._later:
                for member in self._members:
                    member.engine.close()  # its model gives way, too
                alone = self._hire(alone=True)
                again, self._later = self._later, []
                self._work([alone], iter(again), ended)

    def _hire(self, *, alone: bool) -> _Member:
        """One more member."""
        listen = partial(self._hear, len(self._members))
        self._members.append(_Member(self._open_engine(listen, alone=alone)))
        return self._members[-1]

    def _work(
        self,
        members: Sequence[_Member],
        attempts: Iterator[Attempt],
        ended: Callable[[Attempt, Outcome], None],
    ) -> None:
        """By these members, until all attempts are through, or set aside."""
        for member in members:
            self._begin(member, attempts, ended)
        while any(member.attempt for member in members):
            self._interrupts.check()
            with suppress(queue.Empty):
                number, event = self._heard.get(timeout=_LOOK)
                member = self._members[number]
                if self._is_through(member, event, ended):
                    self._begin(member, attempts, ended)

    def _hear(self, number: int, event: Event | Died) -> None:
        self._heard.put((number, event))

    def _begin(
        self,
        member: _Member,
        attempts: Iterator[Attempt],
        ended: Callable[[Attempt, Outcome], None],
    ) -> None:
        """Give an engine the next photo that can be begun, if there is one."""
        for attempt in attempts:
            attempt.leg.restart()
            refused: Outcome | None = attempted(attempt, self._console, attempt.prepare)
            if refused is None:
                folder = attempt.errand.output.parent
                if folder not in self._before:
                    self._before[folder] = unfinished_in(folder)
                refused = _started(member, attempt)
            if refused is None:
                return
            ended(attempt, refused)

    def _is_through(
        self, member: _Member, event: Event | Died, ended: Callable[[Attempt, Outcome], None]
    ) -> bool:
        """Take in what an engine said; whether it is through with its photo."""
        attempt = member.attempt
        if attempt is None:
            return False
        outcome = self._outcome(member, attempt, event)
        if outcome is None:
            return False
        if member.result is not None:
            member.result.restored.unlink(missing_ok=True)
        member.attempt = member.result = None
        crowded = bool(self._later) or any(other.attempt for other in self._members)
        if crowded and isinstance(event, Failed) and event.kind in _TOO_MUCH:
            self._console.note(f"{attempt.name}: tried again alone, once the others are done")
            attempt.leg.set_aside()
            self._later.append(attempt)
        else:
            ended(attempt, outcome)
        return True

    def _outcome(self, member: _Member, attempt: Attempt, event: Event | Died) -> Outcome | None:
        """What an event makes of a photo; None where that is still open."""
        match event:
            case Ready():
                attempt.leg.restart()
            case Progressed() if member.result is None:
                attempt.leg.report(event.done, event.stage)
            case Finished():
                member.result = event.result
                path, options = attempt.errand.output, attempt.options(event.result)
                member.engine.save(attempt.name, event.result, path, options)
            case Saved() if member.result is not None:
                said = [*member.result.warnings, *event.notes]
                return done(attempt.errand, member.result, said)
            case Failed():
                return failed_elsewhere(attempt.name, event)
            case Died():
                self._torn.add(attempt.errand.output.parent)
        return None

    @contextmanager
    def _engines(self) -> Iterator[None]:
        """No engine is left afterwards, and no unfinished file of one, whatever happens inside."""
        with self._interrupts.sweeping(self._abandon), ExitStack() as stack:
            stack.callback(self._tidy)
            stack.callback(self._close)
            try:
                yield
            except BaseException:
                self._kill()
                raise

    def _close(self) -> None:
        for member in self._members:
            member.engine.close()

    def _abandon(self) -> None:
        self._kill()
        self._tidy()

    def _kill(self) -> None:
        for member in self._members:
            if member.attempt is not None:
                self._torn.add(member.attempt.errand.output.parent)
            member.engine.kill()

    def _tidy(self) -> None:
        for folder in tuple(self._torn):
            remove_unfinished_since(folder, self._before[folder])


def _started(member: _Member, attempt: Attempt) -> Outcome | None:
    """Give an engine a photo; gives why it cannot be had where the system has no room for one."""
    member.attempt = attempt
    try:
        member.engine.run(attempt.name, attempt.request)
    except OSError as error:
        member.attempt = None
        said = f"The engine cannot be started: {error.strerror or error}."
        return failed(attempt.name, RestorerError(said, "Take fewer --workers."))
    return None
