"""One job in the engine: what it is told, what is heard of it, and how it ends.

Which job that is, and when, is up to the `JobQueue`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from engine.messages import Drafted, Failed, Finished, Painted, Progressed, Saved, Stopped
from engine.request import recipe_from
from restorer_app.job_list import discard
from restorer_app.jobs import RUN_SHARE, Job, JobError, JobState
from restorer_app.leftovers import remove_unfinished_since, unfinished_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.fitting import SaveOptions
    from engine.messages import Event
    from engine.request import RestoreRequest, RestoreResult
    from restorer_app.job_store import JobStore
    from restorer_app.jobs import Destination
    from restorer_app.pace import Paces


class EngineDoor(Protocol):
    """What the queue and its runs need of an `EngineProcess`."""

    def start(self) -> None: ...
    def run(self, job: str, request: RestoreRequest) -> None: ...
    def save(self, job: str, result: RestoreResult, path: Path, options: SaveOptions) -> None: ...
    def cancel(self, job: str) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Ending:
    """The state in which a job ends, and why if it fails."""

    state: JobState
    error: JobError | None = None


class JobRun:
    """A job from the moment it is begun until `hear` gives its ending.

    `changed` is called when the job shows something else, `moved` when more of it is done.
    """

    def __init__(
        self,
        job: Job,
        engine: EngineDoor,
        store: JobStore | None,
        paces: Paces,
        *,
        clock: Callable[[], float],
        changed: Callable[[Job], None],
        moved: Callable[[], None],
    ) -> None:
        self.job = job
        self.is_unwanted = False
        """Whether it was cancelled, and is still to stop."""
        self.is_leaving = False
        """Whether it goes from the list once it has stopped."""
        self._engine, self._store, self._paces = engine, store, paces
        self._changed, self._moved = changed, moved
        self._clock, self._began = clock, clock()
        self._half: set[Path] = set()
        """Half files in the job's folder that are not its own."""

    @property
    def elapsed(self) -> float:
        """Seconds since it was begun."""
        return self._clock() - self._began

    def begin(self) -> None:
        """Have the engine restore the photo, or save the result where there is one."""
        job = self.job
        job.state, job.done, job.stage, job.error = JobState.RUNNING, 0.0, "starting", None
        self._changed(job)
        self._moved()
        if job.output is not None and job.result is not None and job.result.restored.exists():
            self._save(job.output, job.result)
        else:
            # Nobody else knows of the file that a run makes for an output.
            job.result, job.keep_result = None, False
            self._engine.run(job.id, job.request)

    def cancel(self) -> None:
        """Ask the engine to stop, once; the job ends when it has."""
        if not self.is_unwanted:
            self.is_unwanted = True
            self.job.stage = "stopping"
            self._changed(self.job)
            self._engine.cancel(self.job.id)

    def hear(self, event: Event) -> Ending | None:
        """Take in what the engine says of this job; gives the ending, if this is it."""
        job = self.job
        match event:
            case Progressed(_, done, stage) if not self.is_unwanted:
                job.done, job.stage = job.share_at(done), stage
                self._changed(job)
                self._moved()
            case Drafted(_, result):
                job.draft = result
                self._changed(job)
            case Painted() if job.draft is not None:  # the same file, to be drawn anew
                job.draft = replace(job.draft)
                self._changed(job)
            case Finished(_, result):
                return self._finish(result)
            case Saved(_, _, notes):
                job.warnings = tuple(dict.fromkeys((*job.warnings, *notes)))
                return self._succeeded()
            case Failed(_, kind, message, remedy):
                self.leave_no_half()
                state = JobState.CANCELLED if self.is_unwanted else JobState.FAILED
                return Ending(state, JobError(kind, message, remedy))
            case Stopped(_):
                self.leave_no_half()
                return Ending(JobState.CANCELLED)
        return None

    def leave_no_half(self) -> None:
        """Remove what a process that was ended in the middle of saving has left."""
        job = self.job
        if job.output is not None and job.result is not None:
            remove_unfinished_since(job.output.path.parent, self._half)

    def _finish(self, result: RestoreResult) -> Ending | None:
        """The engine has computed the result."""
        job = self.job
        if self.is_unwanted:
            discard(result)
            return Ending(JobState.CANCELLED)
        job.result, job.warnings = result, result.warnings
        self._paces.finished(job.request.model, job.work, self.elapsed)
        if job.output is None:
            return self._succeeded()
        job.done, job.stage = RUN_SHARE, "saving"
        self._changed(job)
        self._save(job.output, result)
        return None

    def _save(self, output: Destination, result: RestoreResult) -> None:
        # The preset that ran, not "auto", which would see another picture the next time.
        options = output.options
        if options.metadata != "none":
            recipe = json.dumps(recipe_from(replace(result.request, preset=result.preset)))
            options = replace(options, recipe=recipe)
        self._half = unfinished_in(output.path.parent)
        if self._store is not None:
            self._store.saving(self.job)
        self._engine.save(self.job.id, result, output.path, options)

    def _succeeded(self) -> Ending:
        job = self.job
        if job.owns_result:
            discard(job.result)
        doubtful = bool(job.warnings) or job.preset.experimental
        job.done = 1.0
        return Ending(JobState.NEEDS_LOOK if doubtful else JobState.DONE)
