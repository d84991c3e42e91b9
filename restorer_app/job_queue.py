"""The queue: one job in the engine at a time, in the order of the list; a bad one fails alone.

All methods belong to one thread, the window's. What the engine says arrives in another and is
brought over by `post`.
"""

from __future__ import annotations

import logging
import time
from functools import cache, partial
from typing import TYPE_CHECKING

from engine import effort
from engine.messages import Connected, Finished, Ready
from restorer_app import headers
from restorer_app.destinations import refusal
from restorer_app.engine_process import Died, EngineProcess
from restorer_app.job_list import JobList, discard
from restorer_app.job_run import JobRun
from restorer_app.jobs import Job, JobError, JobState, Totals, totals_of
from restorer_app.observable import Property, Signal
from restorer_app.pace import Paces
from restorer_app.refusals import identities

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from engine.messages import Event
    from engine.placement import Hardware
    from engine.preset import Preset
    from restorer_app.job_run import EngineDoor
    from restorer_app.job_store import JobStore
    from restorer_app.refusals import Identities

log = logging.getLogger(__name__)


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
        self._run: JobRun | None = None
        self._unsaved: Job | None = None
        """The last job whose result could not be saved."""
        self._paces = Paces()
        self._closed = False
        self._clock = clock
        self._engine = open_engine(cache, lambda event: post(lambda: self._hear(event)))

    machine: Hardware | None = None
    """What the engine has to compute with; None until it was up once."""

    @property
    def running(self) -> Job | None:
        return None if self._run is None else self._run.job

    def start(self) -> None:
        """Start the engine ahead of the first job, which then does not wait for it."""
        self._engine.start()

    def remove(self, ids: Collection[str]) -> None:
        """Take jobs from the list; a running one is stopped first and leaves when it has."""
        run, wanted = self._run, set(ids)
        if run is not None and run.job.id in wanted:
            run.is_leaving = True
            self.cancel(run.job.id)
        running = None if run is None else run.job
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
        if self._run is not None and job is self._run.job:
            self._run.cancel()
        else:
            self._end(job, JobState.CANCELLED)

    def pause(self) -> None:
        """Begin no further picture; the running one is finished."""
        self.paused = True

    def resume(self) -> None:
        self.paused = False
        self._next()

    def totals(self) -> Totals:
        """Where the jobs with an output are; where there are none, the previews."""
        elapsed = 0.0 if self._run is None else self._run.elapsed
        return totals_of(self._jobs, self.running, elapsed, self._paces)

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
        if self._run is not None:
            self._run.leave_no_half()
        if self._store is not None and all(job.state.ended for job in self._jobs):
            self._store.begin_anew([])

    def _next(self) -> None:
        """Begin the first job that may begin, unless one is running."""
        while self._run is None and not self._closed:
            with self.together():
                job = self._first_acceptable()
            if job is None:
                return
            # Who heard of those that were refused may have stopped it, or begun another.
            if self._run is None and self._may_begin(job) and job in self._jobs:
                self._begin(job)

    def _first_acceptable(self) -> Job | None:
        """The job to be begun now; those before it against which something speaks fail."""
        jobs: list[Job] = []
        length, place = -1, 0
        while self._run is None and not self._closed:
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
        self._run = JobRun(
            job,
            self._engine,
            self._store,
            self._paces,
            clock=self._clock,
            changed=self.job_changed.emit,
            moved=self.totals_changed.emit,
        )
        self._run.begin()

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
                run = self._run
                if run is not None and run.job.id == event.job:
                    ending = run.hear(event)
                    if ending is not None:
                        self._end(run.job, ending.state, ending.error)
                elif isinstance(event, Finished):
                    discard(event.result)

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
        run = self._run if job is self.running else None
        if run is not None:
            job.seconds = run.elapsed
            self._run = None
        self._note(job)
        self.job_changed.emit(job)
        if self._unnoted is None:
            self.totals_changed.emit()
        if run is not None:
            if run.is_leaving:
                self._drop([job])
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


def _sources_of(jobs: Iterable[Job]) -> Identities:
    return identities(job.source for job in jobs)
