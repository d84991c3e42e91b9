"""Restores the photos of a plan, one after another or several at once; a bad one fails alone."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from engine.errors import CannotSave, RestorerError
from restorer_app.attempts import Attempt
from restorer_app.course import Course
from restorer_app.crew import Crew
from restorer_app.headers import estimated_megapixels
from restorer_app.refusals import identities, refusal
from restorer_app.report import Done, Failed, failed, json_line
from restorer_app.scratch import remove_scratch, scratch_folder
from restorer_app.shares import Share, cores, share
from restorer_app.solo import Solo

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from engine.messages import Event
    from restorer_app.attempts import Hands
    from restorer_app.console import Console
    from restorer_app.crew import EngineDoor
    from restorer_app.engine_process import Died
    from restorer_app.errands import Errand
    from restorer_app.interrupts import Interrupts
    from restorer_app.local_engine import Engine, Machine
    from restorer_app.orders import Order
    from restorer_app.refusals import Identities
    from restorer_app.report import Outcome


class OpenProcess(Protocol):
    """Opens an engine process: where its results go, what hears it, on how many cores it runs."""

    def __call__(
        self, cache: Path, listen: Callable[[Event | Died], None], threads: int
    ) -> EngineDoor: ...


class Ledger(Protocol):
    """Remembers what was done, beyond the end of this process."""

    def finished_before(self, errand: Errand) -> Done | None:
        """The outcome, if this errand is done already."""

    def owns(self, output: Path) -> bool:
        """Whether the file at `output` came from here, and so may be replaced."""

    def started(self, errand: Errand) -> None:
        """From now on, the output may appear."""

    def ended(self, errand: Errand, outcome: Outcome) -> None:
        """How an errand that was started ended."""


class NoLedger:
    """Remembers nothing: for photos that were named one by one."""

    def finished_before(self, errand: Errand) -> Done | None:
        return None

    def owns(self, output: Path) -> bool:
        return False

    def started(self, errand: Errand) -> None:
        return

    def ended(self, errand: Errand, outcome: Outcome) -> None:
        return


@dataclass(kw_only=True)
class Restoring:
    """One run. `cache` is where pictures on their way may lie."""

    order: Order
    console: Console
    interrupts: Interrupts
    open_engine: Callable[[Path], Engine]
    open_process: OpenProcess
    inspect_machine: Callable[[], Machine]
    cache: Path
    workers: int = 1
    """How many photos at once, if the machine is made for it."""
    as_json: bool = False
    ledger: Ledger = field(default_factory=NoLedger)

    def run(self, errands: Sequence[Errand]) -> list[Outcome]:
        """What became of each photo, those that need no work first; raises `Cancelled`."""
        asked = self.order.pattern
        inputs = identities([*(e.source for e in errands), asked.mask, asked.adapter])
        outcomes: list[Outcome] = []
        waiting: list[Errand] = []
        for errand in errands:
            self.interrupts.check()
            early = self.ledger.finished_before(errand) or self._refused(errand, inputs)
            if early is None:
                waiting.append(errand)
            else:
                outcomes.append(early)
                self.tell(early, f"{errand.source.name}: done before")
        if waiting:
            outcomes += self._work(waiting)
        return outcomes

    def _refused(self, errand: Errand, inputs: Identities) -> Failed | None:
        error = refusal(errand, inputs, replace=self._may_replace(errand.output))
        return None if error is None else failed(str(errand.source), error)

    def _may_replace(self, output: Path) -> bool:
        return self.order.overwrite or self.ledger.owns(output)

    def _work(self, waiting: Sequence[Errand]) -> list[Outcome]:
        sizes = [0.0] * len(waiting)
        if self.workers > 1 or not self.console.quiet:
            sizes = estimated_megapixels(errand.source for errand in waiting)
        course = Course(sizes, self.console, self.interrupts)
        outcomes: list[Outcome] = []

        def ended(attempt: Attempt, outcome: Outcome) -> None:
            outcomes.append(outcome)
            text = attempt.leg.end(counts=isinstance(outcome, Done))
            try:
                self.ledger.ended(attempt.errand, outcome)
            finally:  # where that cannot be noted any more, it is all the same done
                self.tell(outcome, text)

        with ExitStack() as stack:
            hands = self._hands(stack, len(waiting), max(sizes))
            hands.work((self._begun(errand, course) for errand in waiting), ended)
        return outcomes

    def _begun(self, errand: Errand, course: Course) -> Attempt:
        """The turn of a photo has come."""
        attempt = Attempt(
            errand=errand,
            request=self.order.request(errand.source),
            leg=course.begin(errand.source),
            # Asked before the start is noted, which makes the output count as the ledger's own.
            overwrite=self._may_replace(errand.output),
            jpeg_quality=self.order.jpeg_quality,
        )
        self.ledger.started(errand)
        return attempt

    def _hands(self, stack: ExitStack, photos: int, megapixels: float) -> Hands:
        """One engine or several; or one that is none, for the reason that there is none."""
        engine: Engine | RestorerError
        try:
            scratch = stack.enter_context(scratch_folder(self.cache))
        except OSError as error:
            engine = CannotSave(f"The folder {self.cache} cannot be used: {error.strerror}")
            return Solo(engine=engine, console=self.console, interrupts=self.interrupts)
        stack.enter_context(self.interrupts.sweeping(lambda: remove_scratch(scratch)))
        try:
            engines = self._share(photos, megapixels)
            if engines.engines > 1:
                return self._crew(scratch, engines)
            engine = self.open_engine(scratch)
        except RestorerError as error:
            engine = error
        except (ImportError, OSError) as error:
            # OSError is what a missing shared library of torch raises.
            engine = RestorerError(
                f"The engine cannot be loaded: {error}",
                "Reinstall the program; “restorer doctor” says what is broken.",
            )
        return Solo(engine=engine, console=self.console, interrupts=self.interrupts)

    def _share(self, photos: int, megapixels: float) -> Share:
        """How many engines are worth having; the machine is looked at only for more than one."""
        asked = min(self.workers, photos)
        if asked == 1:
            return Share(engines=1, threads=0)
        found = share(asked, self.order.pattern, megapixels, self.inspect_machine(), cores())
        if found.why:
            self.console.note(found.why)
        return found

    def _crew(self, scratch: Path, engines: Share) -> Crew:
        def open_engine(listen: Callable[[Event | Died], None], *, alone: bool) -> EngineDoor:
            return self.open_process(scratch, listen, 0 if alone else engines.threads)

        return Crew(engines.engines, open_engine, self.console, self.interrupts)

    def tell(self, outcome: Outcome, text: str = "") -> None:
        """Say what became of a photo; `text` is the beginning of the sentence if all went well."""
        if self.as_json:
            self.console.line(json_line(outcome))
        if isinstance(outcome, Failed):
            self.console.error(f"{outcome.input}: {outcome.message} {outcome.remedy}".rstrip())
            return
        self.console.note(f"{text}, saved as {outcome.output}")
        for sentence in (*outcome.reasons, *outcome.warnings):
            self.console.note(f"  {sentence}")
