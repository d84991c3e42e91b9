"""Restores the photos of a plan one after another; a bad one fails alone."""

from __future__ import annotations

import json
import logging
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from engine.errors import CannotSave, OutOfMemory, RestorerError
from engine.progress import Cancelled
from engine.request import recipe_from
from restorer_app.course import Course
from restorer_app.headers import estimated_megapixels
from restorer_app.leftovers import remove_unfinished_since, unfinished_in
from restorer_app.refusals import identities, refusal
from restorer_app.report import Done, Failed, done, failed, json_line, unforeseen
from restorer_app.scratch import remove_scratch, scratch_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from restorer_app.console import Console
    from restorer_app.errands import Errand
    from restorer_app.interrupts import Interrupts
    from restorer_app.local_engine import Engine
    from restorer_app.orders import Order
    from restorer_app.refusals import Identities
    from restorer_app.report import Outcome

_logger = logging.getLogger(__name__)


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
    cache: Path
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
        if not self.console.quiet:
            sizes = estimated_megapixels(errand.source for errand in waiting)
        course = Course(sizes, self.console, self.interrupts)
        outcomes: list[Outcome] = []
        with ExitStack() as stack:
            engine = self._opened(stack)
            for errand in waiting:
                course.begin(errand.source)
                outcome = self._attempt(engine, errand, course)
                outcomes.append(outcome)
                text = course.end(counts=isinstance(outcome, Done))
                try:
                    self.ledger.ended(errand, outcome)
                finally:  # where that cannot be noted any more, it is all the same done
                    self.tell(outcome, text)
        return outcomes

    def _opened(self, stack: ExitStack) -> Engine | RestorerError:
        """The engine, or why there is none: then each photo fails for that reason."""
        try:
            scratch = stack.enter_context(scratch_folder(self.cache))
        except OSError as error:
            return CannotSave(f"The folder {self.cache} cannot be used: {error.strerror}")
        stack.enter_context(self.interrupts.sweeping(lambda: remove_scratch(scratch)))
        try:
            return self.open_engine(scratch)
        except RestorerError as error:
            return error
        except (ImportError, OSError) as error:
            # OSError is what a missing shared library of torch raises.
            return RestorerError(
                f"The engine cannot be loaded: {error}",
                "Reinstall the program; “restorer doctor” says what is broken.",
            )

    def _attempt(self, engine: Engine | RestorerError, errand: Errand, course: Course) -> Outcome:
        """Restore one photo. Nothing that goes wrong here may stop the others."""
        name = str(errand.source)
        # Asked before the start is noted, which makes the output count as the ledger's own.
        overwrite = self._may_replace(errand.output)
        self.ledger.started(errand)
        try:
            if isinstance(engine, RestorerError):
                raise engine
            return self._restored(engine, errand, course, overwrite=overwrite)
        except RestorerError as error:
            return failed(name, error)
        except MemoryError:
            return failed(name, OutOfMemory("The picture does not fit into memory"))
        except Exception as error:
            self.console.status("")
            _logger.exception("while restoring %s", name)
            return unforeseen(name, error)

    def _restored(self, engine: Engine, errand: Errand, course: Course, *, overwrite: bool) -> Done:
        from engine.files import SaveOptions, check_fits, save

        request = self.order.request(errand.source)
        check_fits(errand.source, errand.output, request.preset.scale)
        folder = errand.output.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotSave(f"The folder {folder} cannot be made: {error.strerror}") from error
        photo, result = engine.restore(request, course)
        # The preset that ran, not "auto", which would see another picture the next time.
        recipe = json.dumps(recipe_from(replace(request, preset=result.preset)))
        options = SaveOptions(recipe=recipe, overwrite=overwrite)
        if self.order.jpeg_quality is not None:
            options = replace(options, jpeg_quality=self.order.jpeg_quality)
        with self._tidy(folder):
            lost = save(photo, errand.output, options)
        return done(errand, result, [*photo.warnings, *result.warnings, *lost])

    @contextmanager
    def _tidy(self, folder: Path) -> Iterator[None]:
        """Leave nothing unfinished in `folder`, even where an interrupt hits the cleaning up."""
        before = unfinished_in(folder)
        with self.interrupts.sweeping(lambda: remove_unfinished_since(folder, before)):
            try:
                yield
            except Cancelled:
                remove_unfinished_since(folder, before)
                raise

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
