"""What is to be done with one photo, how far it is, and what a whole list of them adds up to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from engine import effort

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.fitting import SaveOptions
    from engine.preset import Preset
    from engine.request import RestoreRequest, RestoreResult
    from restorer_app.pace import Paces

_USUAL = 12.0
"""Megapixels of a photo about which nothing is known: a telephone's."""

RUN_SHARE = 0.95
"""Share of a job with an output that lies behind when only composing and saving are left."""


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    NEEDS_LOOK = "needs_look"
    """Done, but with a warning or by an experimental preset."""
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        return self not in (JobState.WAITING, JobState.RUNNING)

    @property
    def succeeded(self) -> bool:
        return self in (JobState.DONE, JobState.NEEDS_LOOK)


@dataclass(frozen=True, slots=True)
class JobError:
    """Why a job failed: a stable name, a sentence for the photographer, what to do about it."""

    kind: str
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".rstrip()


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a picture is written, and how; the recipe comes when the preset that ran is known."""

    path: Path
    options: SaveOptions


@dataclass(slots=True, eq=False)
class Job:
    """One photo on its way; owned and changed by the `JobQueue` alone.

    Without an `output` it is a preview, whose result file then belongs to whoever asked for it.
    With a `result` from the start, only composing and saving are left to do.
    """

    id: str
    request: RestoreRequest
    output: Destination | None = None
    keep_result: bool = False
    """Whether the result file is left alone once the picture is saved."""
    megapixels: float | None = None
    """Of the source; None while unknown."""
    state: JobState = JobState.WAITING
    done: float = 0.0
    """Share of the work behind it, 0 to 1."""
    stage: str = ""
    seconds: float = 0.0
    """How long it has taken, once it ended."""
    draft: RestoreResult | None = None
    """What a large model paints over, while it does; its file belongs to the engine."""
    result: RestoreResult | None = None
    error: JobError | None = None
    warnings: tuple[str, ...] = field(default=())

    @property
    def source(self) -> Path:
        return self.request.source

    @property
    def is_preview(self) -> bool:
        return self.output is None

    @property
    def owns_result(self) -> bool:
        """Whether it has a result whose file nobody else knows of."""
        return self.result is not None and self.output is not None and not self.keep_result

    def share_at(self, done: float) -> float:
        """The share of all its work that lies behind when so much of the run, or of the saving
        after it, does."""
        done = min(max(done, 0.0), 1.0)
        if self.output is None:
            return done
        if self.result is None:
            return RUN_SHARE * done
        return RUN_SHARE + (1 - RUN_SHARE) * done

    @property
    def preset(self) -> Preset:
        """The one that ran; before it has, the one that was asked for."""
        return self.request.preset if self.result is None else self.result.preset

    @property
    def work(self) -> float:
        """What is to be computed, in megapixels of one pass (`engine.effort`)."""
        request = self.request
        return effort.work(
            self.preset,
            self.size,
            request.model,
            adapter=request.adapter is not None,
            looked=request.preset.task == "auto",
        )

    @property
    def pixels(self) -> float:
        """Megapixels of the result."""
        return self.size * self.preset.scale**2

    @property
    def size(self) -> float:
        """Megapixels of what is restored of the source."""
        region = self.request.region
        if region is not None:
            return region.width * region.height / 1e6
        return _USUAL if self.megapixels is None else self.megapixels

    @property
    def weight(self) -> float:
        """What it counts in a list of jobs: the megapixels that were asked for, whatever is made
        of them."""
        return self.size * self.request.preset.scale**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Where a list of jobs is. Shares are weighted by megapixels, times are in seconds."""

    count: int = 0
    waiting: int = 0
    running: int = 0
    done: int = 0
    needs_look: int = 0
    failed: int = 0
    cancelled: int = 0
    share: float = 0.0
    seconds_left: float | None = None
    """For all that is not ended; None where all is, or while this computer's pace is unknown."""
    photo_seconds_left: float | None = None
    """For the running job; None if there is none, or its pace is unknown."""
    megapixels_per_second: float | None = None

    @property
    def ended(self) -> int:
        return self.done + self.needs_look + self.failed + self.cancelled


def totals_of(jobs: Sequence[Job], running: Job | None, elapsed: float, paces: Paces) -> Totals:
    """Where the jobs with an output are; where there are none, the previews.

    `running` may be any job, and has taken `elapsed` seconds so far.
    """
    counted = [job for job in jobs if not job.is_preview] or jobs
    whole = sum(job.weight for job in counted)
    behind = sum(job.weight * (1.0 if job.state.ended else job.done) for job in counted)
    left: float | None = 0.0
    job = running or (counted[-1] if counted else None)
    if running is None:
        rate = paces.rate(job.request.model) if job else None
    else:
        size, share = running.work, running.done
        rate = paces.rate(running.request.model, size, share, elapsed)
        left = None if rate is None else rate * size * (1 - share)
    waiting = [
        _seconds(job, running, rate, paces) for job in counted if job.state is JobState.WAITING
    ]
    states = Counter(str(job.state) for job in counted)
    return Totals(
        count=len(counted),
        **{str(state): states[state] for state in JobState},
        share=behind / whole if whole else 0.0,
        seconds_left=_sum([left, *waiting]) if running or waiting else None,
        photo_seconds_left=left if running else None,
        megapixels_per_second=job.pixels / (rate * job.work) if rate and job else None,
    )


def _seconds(job: Job, running: Job | None, rate: float | None, paces: Paces) -> float | None:
    """What a job that waits will take; the running one, at `rate`, tells of those of its model."""
    model = job.request.model
    known = rate if running and running.request.model == model else paces.rate(model)
    return None if known is None else known * job.work


def _sum(parts: Sequence[float | None]) -> float | None:
    """The sum; None if a part is unknown."""
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def failures_as_text(jobs: Iterable[Job]) -> str:
    """One line per failed job: file, reason, remedy; for the clipboard."""
    failed = (job for job in jobs if job.state is JobState.FAILED)
    return "\n".join(f"{job.source}: {job.error or ''}".rstrip() for job in failed)
