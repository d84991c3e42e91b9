"""One engine in this process, which restores one photo after another."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from engine.errors import RestorerError
from engine.progress import Cancelled
from restorer_app.attempts import attempted
from restorer_app.leftovers import remove_unfinished_since, unfinished_in
from restorer_app.report import done

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from restorer_app.attempts import Attempt
    from restorer_app.console import Console
    from restorer_app.interrupts import Interrupts
    from restorer_app.local_engine import Engine
    from restorer_app.report import Done, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Solo:
    """`engine` is the engine, or why there is none: then each photo fails for that reason."""

    engine: Engine | RestorerError
    console: Console
    interrupts: Interrupts

    def work(self, attempts: Iterator[Attempt], ended: Callable[[Attempt, Outcome], None]) -> None:
        """See `Hands`."""
        for attempt in attempts:
            ended(attempt, attempted(attempt, self.console, partial(self._restored, attempt)))

    def _restored(self, attempt: Attempt) -> Done:
        from engine.saving import save

        if isinstance(self.engine, RestorerError):
            raise self.engine
        attempt.prepare()
        photo, result = self.engine.restore(attempt.request, attempt.leg)
        output = attempt.errand.output
        with self._tidy(output.parent):
            lost = save(photo, output, attempt.options(result))
        return done(attempt.errand, result, [*result.warnings, *photo.warnings, *lost])

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
