"""One photo's way through an engine, whichever process that is in."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from engine.errors import CannotSave, OutOfMemory, RestorerError
from engine.request import recipe_from
from restorer_app.report import failed, unforeseen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.fitting import SaveOptions
    from engine.request import RestoreRequest, RestoreResult
    from restorer_app.console import Console
    from restorer_app.course import Leg
    from restorer_app.errands import Errand
    from restorer_app.report import Failed, Outcome

_logger = logging.getLogger(__name__)
_Given = TypeVar("_Given")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A photo whose turn has come."""

    errand: Errand
    request: RestoreRequest
    leg: Leg
    """Its part of the run's course."""
    overwrite: bool
    """Whether a file at the output's place may be replaced."""
    jpeg_quality: int | None = None

    @property
    def name(self) -> str:
        return str(self.errand.source)

    def prepare(self) -> None:
        """See that the output can be written, and make its folder; raises `RestorerError`."""
        from engine.saving import check_fits

        output = self.errand.output
        check_fits(self.errand.source, output, self.request.preset.scale)
        try:
            output.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotSave(
                f"The folder {output.parent} cannot be made: {error.strerror}"
            ) from error

    def options(self, result: RestoreResult) -> SaveOptions:
        """How the restored photo is written."""
        from engine.fitting import SaveOptions

        # The preset that ran, not "auto", which would see another picture the next time.
        recipe = json.dumps(recipe_from(replace(self.request, preset=result.preset)))
        options = SaveOptions(recipe=recipe, overwrite=self.overwrite)
        if self.jpeg_quality is None:
            return options
        return replace(options, jpeg_quality=self.jpeg_quality)


class Hands(Protocol):
    """What restores the photos of a run."""

    def work(self, attempts: Iterator[Attempt], ended: Callable[[Attempt, Outcome], None]) -> None:
        """Take one attempt after another, each when there is time for it, and say how it ended.

        Nothing that goes wrong with one photo stops the others. Raises `Cancelled`.
        """


def attempted(attempt: Attempt, console: Console, step: Callable[[], _Given]) -> _Given | Failed:
    """What `step` gives, or how the photo failed in it: the others shall not suffer for that."""
    try:
        return step()
    except RestorerError as error:
        return failed(attempt.name, error)
    except MemoryError:
        return failed(attempt.name, OutOfMemory("The picture does not fit into memory"))
    except Exception as error:
        console.status("")
        _logger.exception("while restoring %s", attempt.name)
        return unforeseen(attempt.name, error)
