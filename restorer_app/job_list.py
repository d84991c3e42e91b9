"""The list of jobs, in their order, and on disk as far as there is a store for it."""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from restorer_app.jobs import Job, JobState, failures_as_text
from restorer_app.observable import Signal
from restorer_app.presence import real

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from engine.request import RestoreRequest, RestoreResult
    from restorer_app.job_store import JobStore
    from restorer_app.jobs import Destination


class JobList(ABC):
    """What is to be done; doing it is up to the class built on it, see `JobQueue`."""

    def __init__(self, store: JobStore | None, measure: Callable[[Path], float | None]) -> None:
        """`measure` tells the megapixels of a file, or None."""
        self.job_changed: Signal[[Job]] = Signal()
        self.list_changed: Signal[[]] = Signal()
        self.totals_changed: Signal[[]] = Signal()
        self._jobs: list[Job] = []
        self._made: dict[Path, Path] = {}
        """Files that jobs were to write, and of which photos."""
        self._unnoted: list[Job] | None = None
        """Jobs whose state is to be noted; None while each is noted at once."""
        self._gone: dict[str, Job] = {}
        """Jobs that leave the list together with others; nobody is shown them any more."""
        self._store, self._measure = store, measure

    @property
    def jobs(self) -> Sequence[Job]:
        """All jobs, in the order in which they are worked on."""
        return tuple(job for job in self._jobs if job.id not in self._gone)

    @property
    def results_needed(self) -> set[Path]:
        """The results that jobs which have not ended are to save."""
        return {
            job.result.restored
            for job in self._jobs
            if job.result is not None and not job.state.ended
        }

    def made_of(self, path: Path) -> Path | None:
        """The photo that the file at `path` is made of, as far as jobs of this list are known to
        write it, be they taken off the list by now."""
        return self._made.get(real(path))

    def job(self, id: str) -> Job | None:
        return next((job for job in self._jobs if job.id == id), None)

    def add(
        self,
        request: RestoreRequest,
        output: Destination | None = None,
        *,
        result: RestoreResult | None = None,
        keep_result: bool = False,
        megapixels: float | None = None,
    ) -> Job:
        """Queue one photo at the end.

        A `result` is composed as its own preset says, and saved without another run.
        """
        job = Job(secrets.token_hex(6), request, output, keep_result, megapixels, result=result)
        self._insert([job], len(self._jobs))
        return job

    def add_previews(self, requests: Iterable[RestoreRequest]) -> list[Job]:
        """Queue runs without an output before all jobs that wait, in the order given."""
        jobs = [Job(secrets.token_hex(6), request) for request in requests]
        waiting = (i for i, job in enumerate(self._jobs) if job.state is JobState.WAITING)
        self._insert(jobs, next(waiting, len(self._jobs)))
        return jobs

    def add_many(self, orders: Iterable[tuple[RestoreRequest, Destination]]) -> list[Job]:
        """Queue photos at the end; the list changes once."""
        jobs = [Job(secrets.token_hex(6), request, output) for request, output in orders]
        self._insert(jobs, len(self._jobs))
        return jobs

    def add_results(self, made: Iterable[tuple[RestoreResult, Destination]]) -> list[Job]:
        """Queue the saving of results, which are kept, at the end; the list changes once."""
        jobs = [
            Job(secrets.token_hex(6), result.request, output, keep_result=True, result=result)
            for result, output in made
        ]
        self._insert(jobs, len(self._jobs))
        return jobs

    def restore(self) -> list[Job]:
        """Take up what an earlier run left; gives the jobs that wait because of it.

        Jobs that had ended are listed as they ended and not done again. Paused until `resume`, if
        it is paused now.
        """
        if self._store is None:
            return []
        jobs = [
            Job(s.id, s.request, s.output, state=s.state, error=s.error, warnings=s.warnings)
            for s in self._store.recovered()
        ]
        if all(job.state.ended for job in jobs):
            jobs = []
        self._store.begin_anew(jobs)
        self._taken_in(jobs)
        self._jobs[:0] = jobs
        self._told_list()
        return [job for job in jobs if not job.state.ended]

    def move(self, ids: Collection[str], index: int) -> None:
        """Put these jobs, in their order, before the one that now is at `index`."""
        wanted = set(ids)
        before = [job for job in self._jobs[:index] if job.id not in wanted]
        moved = [job for job in self._jobs if job.id in wanted]
        after = [job for job in self._jobs[index:] if job.id not in wanted]
        self._jobs = [*before, *moved, *after]
        if self._store is not None:
            self._store.ordered(job.id for job in self._jobs)
        self.list_changed.emit()

    def retry(self, ids: Collection[str]) -> int:
        """Let those of the jobs wait again that failed or were cancelled; gives their number."""
        wanted = set(ids)
        again = [
            job
            for job in self._jobs
            if job.id in wanted and job.state in (JobState.FAILED, JobState.CANCELLED)
        ]
        with self.together():
            for job in again:
                job.state, job.done, job.stage, job.error = JobState.WAITING, 0.0, "", None
                job.warnings = ()
                self._note(job)
                self.job_changed.emit(job)
        self._told_list()
        return len(again)

    def retry_failed(self) -> int:
        """Let all failed jobs wait again; gives their number."""
        return self.retry([job.id for job in self._jobs if job.state is JobState.FAILED])

    def clear_done(self) -> None:
        """Take from the list what needs no more attention: done and cancelled jobs."""
        settled = (JobState.DONE, JobState.CANCELLED)
        self._drop([job for job in self._jobs if job.state in settled])

    @contextmanager
    def together(self) -> Iterator[None]:
        """While entered, jobs may end or leave by the thousand: all that goes to the disk in one
        step, afterwards, and the list and the totals change once."""
        before = self._unnoted
        noted: list[Job] = []
        self._unnoted = noted
        try:
            yield
        finally:
            self._unnoted = before
            if noted:
                there = {job.id for job in self._jobs}
                if self._store is not None:
                    self._store.changed(job for job in noted if job.id in there)
                self.totals_changed.emit()
            gone, self._gone = self._gone, {}
            self._drop(gone.values())

    def report(self) -> str:
        """The failures, one line each, for the clipboard; empty if there are none."""
        return failures_as_text(self._jobs)

    def _insert(self, jobs: list[Job], place: int) -> None:
        self._taken_in(jobs)
        self._jobs[place:place] = jobs
        if self._store is not None:
            self._store.added(jobs)
            if place + len(jobs) < len(self._jobs):
                self._store.ordered(job.id for job in self._jobs)
        self._told_list()

    def _taken_in(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            if job.output is not None:
                self._made[real(job.output.path)] = job.source
            if job.megapixels is None and not job.state.ended:
                job.megapixels = self._measure(job.source)

    def _told_list(self) -> None:
        self.list_changed.emit()
        self.totals_changed.emit()
        self._next()

    def _drop(self, jobs: Collection[Job]) -> None:
        if not jobs:
            return
        if self._unnoted is not None:
            self._gone.update((job.id, job) for job in jobs)
            return
        for job in jobs:
            if job.owns_result:
                discard(job.result)
        gone = {job.id for job in jobs}
        self._jobs = [job for job in self._jobs if job.id not in gone]
        stored = [job.id for job in jobs if job.output is not None]
        if self._store is not None and stored:
            self._store.removed(stored)
        self.list_changed.emit()
        self.totals_changed.emit()

    def _note(self, job: Job) -> None:
        if self._unnoted is not None:
            self._unnoted.append(job)
        elif self._store is not None:
            self._store.changed([job])

    @abstractmethod
    def _next(self) -> None:
        """There may be something to begin."""


def discard(result: RestoreResult | None) -> None:
    """Remove the file of a result, if there is one."""
    if result is not None:
        with suppress(OSError):
            result.restored.unlink(missing_ok=True)
