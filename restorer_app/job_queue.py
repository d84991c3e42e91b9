"""The queue: one job in the engine at a time, in the order of the list; a bad one fails alone.

All methods belong to one thread, the window's. What the engine says arrives in another and is
brought over by `post`.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Protocol

from engine import effort
from engine.messages import (
    Connected,
    Drafted,
    Failed,
    Finished,
    Painted,
    Progressed,
    Ready,
    Saved,
    Stopped,
)
from engine.request import recipe_from
from restorer_app import headers
from restorer_app.destinations import refusal
from restorer_app.engine_process import Died, EngineProcess
from restorer_app.job_list import JobList, discard
from restorer_app.jobs import RUN_SHARE, Job, JobError, JobState, Totals, totals_of
from restorer_app.leftovers import remove_unfinished_since, unfinished_in
from restorer_app.observable import Property, Signal
from restorer_app.pace import Paces
from restorer_app.refusals import identities

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from engine.messages import Event
    from engine.placement import Hardware
    from engine.preset import Preset
    from engine.request import RestoreRequest, RestoreResult
    from engine.saving import SaveOptions
    from restorer_app.job_store import JobStore
    from restorer_app.jobs import Destination
    from restorer_app.refusals import Identities

log = logging.getLogger(__name__)


class EngineDoor(Protocol):
    """What the queue needs of an `EngineProcess`."""

    def start(self) -> None: ...
    def run(self, job: str, request: RestoreRequest) -> None: ...
    def save(self, job: str, result: RestoreResult, path: Path, options: SaveOptions) -> None: ...
    def cancel(self, job: str) -> None: ...
    def close(self) -> None: ...


class JobQueue(JobList):
    """The jobs of the program. `cache` is where the engine leaves results.

    `measure` tells the megapixels of a file, or None.
    """

    paused = Property(False)
    """Whether no further picture is begun; previews are, for somebody waits for them."""
    engine = Property("")
    """The device the engine computes on; empty while it is not up."""

    def __init__(
        self,
        cache: Path,
        post: Callable[[Callable[[], None]], None],
        *,
        store: JobStore | None = None,
        open_engine: Callable[[Path, Callable[[Event | Died], None]], EngineDoor] = EngineProcess,
        clock: Callable[[], float] = time.monotonic,
        measure: Callable[[Path], float | None] = headers.megapixels,
    ) -> None:
        super().__init__(store, measure)
        self.paused_changed: Signal[[bool]] = Signal()
        self.engine_changed: Signal[[str]] = Signal()
        self._running: Job | None = None
        self._began = 0.0
        self._half: set[Path] = set()
        """Half files in the running job's folder that are not its own."""
        self._unsaved: Job | None = None
        """The last job whose result could not be saved."""
        self._unwanted: set[str] = set()
        self._leaving: set[str] = set()
        self._paces = Paces()
        self._closed = False
        self._clock = clock
        self._engine = open_engine(cache, lambda event: post(lambda: self._hear(event)))

    machine: Hardware | None = None
    """What the engine has to compute with; None until it was up once."""

    @property
    def running(self) -> Job | None:
        return self._running

    def start(self) -> None:
        """Start the engine ahead of the first job, which then does not wait for it."""
        self._engine.start()

    def remove(self, ids: Collection[str]) -> None:
        """Take jobs from the list; a running one is stopped first and leaves when it has."""
        running, wanted = self._running, set(ids)
        if running is not None and running.id in wanted:
            self._leaving.add(running.id)
            self.cancel(running.id)
        self._drop([job for job in self._jobs if job.id in wanted and job is not running])

    def cancel(self, id: str) -> None:
        """Stop a job; a running one ends within about a second."""
        job = self.job(id)
        if job is not None:
            self._cancel(job)

    def cancel_all(self) -> None:
        """Stop all jobs that have not ended."""
        with self.together():
            for job in self.jobs:
                self._cancel(job)

    def _cancel(self, job: Job) -> None:
        if job.state.ended:
            return
        if job is not self._running:
            self._end(job, JobState.CANCELLED)
        elif job.id not in self._unwanted:
            self._unwanted.add(job.id)
            job.stage = "stopping"
            self.job_changed.emit(job)
            self._engine.cancel(job.id)

    def pause(self) -> None:
        """Begin no further picture; the running one is finished."""
        self.paused = True

    def resume(self) -> None:
        self.paused = False
        self._next()

    def totals(self) -> Totals:
        """Where the jobs with an output are; where there are none, the previews."""
        elapsed = 0.0 if self._running is None else self._clock() - self._began
        return totals_of(self._jobs, self._running, elapsed, self._paces)

    def cost(
        self, megapixels: float, preset: Preset, model: str = "lite", *, adapter: bool = False
    ) -> float | None:
        """Seconds that a photo of that size will take, by an adapter of the user's own or without;
        None before this computer's pace is known.

        Judged from what this session has restored so far.
        """
        rate = self._paces.rate(model)
        looked = preset.task == "auto"
        work = effort.work(preset, megapixels, model, adapter=adapter, looked=looked)
        return None if rate is None else rate * work

    def close(self) -> None:
        """End the engine. What has not ended is taken up by the next run's `restore`."""
        self._closed = True
        self._engine.close()
        if self._running is not None:
            self._leave_no_half(self._running)
        if self._store is not None and all(job.state.ended for job in self._jobs):
            self._store.begin_anew([])

    def _next(self) -> None:
        """Begin the first job that may begin, unless one is running."""
        while self._running is None and not self._closed:
            with self.together():
                job = self._first_acceptable()
            if job is None:
                return
            # Who heard of those that were refused may have stopped it, or begun another.
            if self._running is None and self._may_begin(job) and job in self._jobs:
                self._begin(job)

    def _first_acceptable(self) -> Job | None:
        """The job to be begun now; those before it against which something speaks fail."""
        jobs: list[Job] = []
        length, place = -1, 0
        while self._running is None and not self._closed:
            if jobs is not self._jobs or length != len(jobs):
                # Who heard of a failure may have changed the list.
                jobs, length, place = self._jobs, len(self._jobs), 0
                sources = cache(partial(_sources_of, jobs))
            place = next((i for i in range(place, length) if self._may_begin(jobs[i])), length)
            if place == length:
                return None
            error = refusal(jobs[place], sources)
            if error is None:
                return jobs[place]
            self._end(jobs[place], JobState.FAILED, error)
        return None

    def _may_begin(self, job: Job) -> bool:
        is_there = job.state is JobState.WAITING and job.id not in self._gone
        return is_there and (job.is_preview or not self.paused)

    def _begin(self, job: Job) -> None:
        self._running, self._began = job, self._clock()
        job.state, job.done, job.stage, job.error = JobState.RUNNING, 0.0, "starting", None
        self.job_changed.emit(job)
        self.totals_changed.emit()
        if job.output is not None and job.result is not None and job.result.restored.exists():
            self._save(job, job.output, job.result)
        else:
            # Nobody else knows of the file that a run makes for an output.
            job.result, job.keep_result = None, False
            self._engine.run(job.id, job.request)

    def _save(self, job: Job, output: Destination, result: RestoreResult) -> None:
        # The preset that ran, not "auto", which would see another picture the next time.
        options = output.options
        if options.metadata != "none":
            recipe = json.dumps(recipe_from(replace(result.request, preset=result.preset)))
            options = replace(options, recipe=recipe)
        self._half = unfinished_in(output.path.parent)
        if self._store is not None:
            self._store.saving(job)
        self._engine.save(job.id, result, output.path, options)

    def _hear(self, event: Event | Died) -> None:
        """Take in one event of the engine."""
        if self._closed:
            return
        match event:
            case Ready(device, machine):
                self.machine = machine
                self.engine = device
            case Died(code):
                log.warning("the engine process ended with code %s", code)
                self.engine = ""
            case Connected():
                return  # the engine process counts them
            case _:
                job = self._running
                if job is not None and job.id == event.job:
                    self._advance(job, event)
                elif isinstance(event, Finished):
                    discard(event.result)

    def _advance(self, job: Job, event: Event) -> None:
        """The life of the running job."""
        match event:
            case Progressed(_, done, stage):
                if job.id in self._unwanted:
                    return
                job.done, job.stage = job.share_at(done), stage
                self.job_changed.emit(job)
                self.totals_changed.emit()
            case Drafted(_, result):
                job.draft = result
                self.job_changed.emit(job)
            case Painted():
                if job.draft is not None:  # the same file, to be drawn anew
                    job.draft = replace(job.draft)
                    self.job_changed.emit(job)
            case Finished(_, result):
                self._finish(job, result)
            case Saved(_, _, notes):
                job.warnings = tuple(dict.fromkeys((*job.warnings, *notes)))
                self._succeed(job)
            case Failed(_, kind, message, remedy):
                self._leave_no_half(job)
                state = JobState.CANCELLED if job.id in self._unwanted else JobState.FAILED
                self._end(job, state, JobError(kind, message, remedy))
            case Stopped(_):
                self._leave_no_half(job)
                self._end(job, JobState.CANCELLED)

    def _finish(self, job: Job, result: RestoreResult) -> None:
        """The engine has computed the result."""
        if job.id in self._unwanted:
            discard(result)
            self._end(job, JobState.CANCELLED)
            return
        job.result, job.warnings = result, result.warnings
        self._paces.finished(job.request.model, job.work, self._clock() - self._began)
        if job.output is None:
            self._succeed(job)
            return
        job.done, job.stage = RUN_SHARE, "saving"
        self.job_changed.emit(job)
        self._save(job, job.output, result)

    def _succeed(self, job: Job) -> None:
        if job.owns_result:
            discard(job.result)
        doubtful = bool(job.warnings) or job.preset.experimental
        job.done = 1.0
        self._end(job, JobState.NEEDS_LOOK if doubtful else JobState.DONE)

    def _end(self, job: Job, state: JobState, error: JobError | None = None) -> None:
        job.state, job.stage = state, ""
        job.error = error if state is JobState.FAILED else None
        if job.draft is not None and not state.succeeded:
            discard(job.draft)  # of an engine that was ended, and could not do it
        job.draft = None
        if state is JobState.CANCELLED:
            self._give_up_result(job)
        elif state is JobState.FAILED and job.owns_result:
            self._keep_unsaved(job)
        was_running = job is self._running
        if was_running:
            job.seconds = self._clock() - self._began
            self._running = None
        self._unwanted.discard(job.id)
        self._note(job)
        self.job_changed.emit(job)
        if self._unnoted is None:
            self.totals_changed.emit()
        if job.id in self._leaving:
            self._leaving.discard(job.id)
            self._drop([job])
        if was_running:
            self._next()

    def _keep_unsaved(self, job: Job) -> None:
        """A result that could not be saved waits for another try, but only the last one does: on a
        full disk every photo of a long list would leave one."""
        before, self._unsaved = self._unsaved, job
        if before is not None and before is not job and before.state is JobState.FAILED:
            self._give_up_result(before)

    def _give_up_result(self, job: Job) -> None:
        if job.owns_result:
            discard(job.result)
            job.result = None

    def _leave_no_half(self, job: Job) -> None:
        """Remove what a process that was ended in the middle of saving has left."""
        if job.output is not None and job.result is not None:
            remove_unfinished_since(job.output.path.parent, self._half)


def _sources_of(jobs: Iterable[Job]) -> Identities:
    return identities(job.source for job in jobs)
