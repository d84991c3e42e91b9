"""The queue on disk, so that it goes on after a crash, a `kill -9` or a power cut.

One JSON object a line, only ever appended, on the disk before the queue goes on. A line that
cannot be read (the last one, torn by a power cut) counts as not written. Only jobs with an output
are kept: previews die with the session.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.fitting import SaveOptions
from engine.photo import Box
from engine.preset import Preset
from engine.request import RestoreRequest
from engine.whole_file import whole_file
from restorer_app.jobs import Destination, JobError, JobState
from restorer_app.leftovers import remove_unfinished_since, unfinished_in
from restorer_app.presence import is_present

if TYPE_CHECKING:
    from restorer_app.jobs import Job

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredJob:
    """A job as an earlier run of the program left it; never `RUNNING`."""

    id: str
    request: RestoreRequest
    output: Destination
    state: JobState = JobState.WAITING
    error: JobError | None = None
    warnings: tuple[str, ...] = ()
    saving: frozenset[str] | None = None
    """Half files of others in the output's folder when saving began; None if it did not."""


class JobStore:
    """The file at `path`. Raises `OSError` where it cannot be read or written at first.

    Later failures to write are logged and otherwise borne: the photos matter more.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stored: dict[str, StoredJob] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        written = path.read_bytes() if path.exists() else b""
        for line in written.splitlines():
            self._take(line)
        if written and not written.endswith(b"\n"):
            # Ends the torn line, or it would spoil the next one as well.
            self._write(b"\n")

    def recovered(self) -> list[StoredJob]:
        """What is left of an earlier run, in order; call it once, before anything is noted.

        Half-written files of the killed run are removed. A picture that was complete when the run
        was killed counts as done.
        """
        self._stored = {id: _settled(job) for id, job in self._stored.items()}
        return list(self._stored.values())

    def added(self, jobs: Iterable[Job]) -> None:
        """Note jobs that wait from now on; previews are passed over."""
        self._append(_as_added(jobs))

    def saving(self, job: Job) -> None:
        """Note that the output may appear from now on."""
        if job.output is not None:
            half = sorted(path.name for path in unfinished_in(job.output.path.parent))
            self._append([{"event": "saving", "id": job.id, "half": half}])

    def changed(self, jobs: Iterable[Job]) -> None:
        """Note that jobs have ended, or wait again."""
        self._append(_as_states(jobs))

    def removed(self, ids: Iterable[str]) -> None:
        self._append([{"event": "removed", "ids": list(ids)}])

    def ordered(self, ids: Iterable[str]) -> None:
        """Note the order of all jobs."""
        self._append([{"event": "order", "ids": list(ids)}])

    def begin_anew(self, jobs: Iterable[Job]) -> None:
        """Forget all that was written and note these jobs as they are, in one step: what was
        written stands until then."""
        kept = list(jobs)
        known = _as_states(job for job in kept if job.state is not JobState.WAITING)
        with _borne(), whole_file(self._path, overwrite=True) as file:
            file.write(_lines([*_as_added(kept), *known]))

    def _append(self, entries: Iterable[Mapping[str, object]]) -> None:
        lines = _lines(entries)
        if lines:
            self._write(lines)

    def _write(self, lines: bytes) -> None:
        with _borne(), self._path.open("ab") as file:
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())

    def _take(self, line: bytes) -> None:
        if not line:
            return
        try:
            self._apply(json.loads(line))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            log.warning("a line of %s is left out: %s", self._path, error)

    def _apply(self, entry: Mapping[str, object]) -> None:
        match entry:
            case {"event": "added", "id": str(id), "request": dict(request), "output": str(path),
                  "options": dict(options)}:  # fmt: skip
                output = Destination(Path(path), SaveOptions(**options))
                self._stored[id] = StoredJob(id=id, request=_request(request), output=output)
            case {"event": "saving", "id": str(id), "half": list(half)}:
                self._stored[id] = replace(self._stored[id], saving=frozenset(map(str, half)))
            case {"event": "state", "id": str(id), "state": str(state), "error": error,
                  "warnings": list(warnings)}:  # fmt: skip
                self._stored[id] = replace(
                    self._stored[id],
                    state=JobState(state),
                    error=JobError(**error) if isinstance(error, dict) else None,
                    warnings=tuple(map(str, warnings)),
                    saving=None,
                )
            case {"event": "removed", "ids": list(ids)}:
                for id in ids:
                    self._stored.pop(id, None)
            case {"event": "order", "ids": list(ids)}:
                known = {id: self._stored[id] for id in ids if id in self._stored}
                self._stored = {**known, **self._stored}
            case _:
                raise ValueError("it is no event of a queue")


@contextmanager
def _borne() -> Iterator[None]:
    """What cannot be written is logged."""
    try:
        yield
    except OSError as error:
        log.warning("the queue will not outlive a crash: %s", error)


def _lines(entries: Iterable[Mapping[str, object]]) -> bytes:
    return b"".join(json.dumps(entry).encode() + b"\n" for entry in entries)


def _as_added(jobs: Iterable[Job]) -> Iterator[dict[str, object]]:
    """What is written of jobs that are new; previews are passed over."""
    for job in jobs:
        if job.output is not None:
            yield {
                "event": "added",
                "id": job.id,
                "request": _plain(job.request),
                "output": str(job.output.path),
                "options": asdict(job.output.options),
            }


def _as_states(jobs: Iterable[Job]) -> Iterator[dict[str, object]]:
    """What is written of jobs that have ended, or wait again; previews are passed over."""
    for job in jobs:
        if job.output is not None:
            error = None if job.error is None else asdict(job.error)
            entry = {"id": job.id, "state": str(job.state), "warnings": list(job.warnings)}
            yield {"event": "state", **entry, "error": error}


def _settled(job: StoredJob) -> StoredJob:
    """The job after the killed run's half file was removed, done if its picture was complete."""
    if job.saving is None or job.state.ended:
        return job
    folder, path = job.output.path.parent, job.output.path
    remove_unfinished_since(folder, {folder / name for name in job.saving})
    # It was not there when saving began, and it appears whole or not at all.
    is_ours = not job.output.options.overwrite and is_present(path)
    return replace(job, state=JobState.DONE if is_ours else JobState.WAITING, saving=None)


def _plain(request: RestoreRequest) -> dict[str, object]:
    """The request as JSON data; paths and boxes say what they are."""
    plain: dict[str, object] = {}
    for name in request.__dataclass_fields__:
        value = getattr(request, name)
        match value:
            case Path():
                plain[name] = {"path": str(value)}
            case Box():
                plain[name] = {"box": list(asdict(value).values())}
            case Preset():
                plain[name] = {"preset": asdict(value)}
            case _:
                plain[name] = value
    return plain


def _request(plain: Mapping[str, object]) -> RestoreRequest:
    """Raises `TypeError` or `ValueError` where it is not one of this version's."""
    values: dict[str, object] = {}
    for name, value in plain.items():
        match value:
            case {"path": str(text)}:
                values[name] = Path(text)
            case {"box": [int(left), int(top), int(right), int(bottom)]}:
                values[name] = Box(left, top, right, bottom)
            case {"preset": dict(table)}:
                values[name] = Preset(**table)
            case _:
                values[name] = value
    return RestoreRequest(**values)  # type: ignore[arg-type]  # a wrong one fails in the engine
