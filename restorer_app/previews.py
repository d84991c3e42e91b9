"""Runs for the photo that is looked at: the visible region first, then the whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from restorer_app.jobs import JobState
from restorer_app.variants import Variant

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.photo import Box
    from engine.request import RestoreRequest, RestoreResult
    from restorer_app.job_queue import JobQueue
    from restorer_app.jobs import Job
    from restorer_app.observable import Signal
    from restorer_app.photo_settings import PhotoSettings
    from restorer_app.photo_state import PhotoState
    from restorer_app.result_cache import ResultCache


class Viewer(Protocol):
    """Whoever looks at the photos: a `Session`."""

    photo_changed: Signal[[PhotoState]]
    preview_progressed: Signal[[PhotoState]]

    @property
    def current(self) -> PhotoState | None: ...


@dataclass(frozen=True, slots=True)
class _Asked:
    photo: PhotoState
    settings: PhotoSettings


class Previews:
    """Turns preview jobs of the queue into variants of their photos, and keeps their files."""

    def __init__(self, queue: JobQueue, results: ResultCache, viewer: Viewer) -> None:
        self._queue, self._results, self._viewer = queue, results, viewer
        self._asked: dict[str, _Asked] = {}
        queue.job_changed.connect(self._follow)

    def run(self, photo: PhotoState, region: Box | None = None) -> list[Job]:
        """Restore the photo before all that waits, its region ahead of it where that helps.

        Gives the new jobs; none if the result is there or on its way, or the photo is unreadable.
        """
        return self._begin([(photo, request) for request in self._requests(photo, region)])

    def run_all(self, photos: Iterable[PhotoState]) -> list[Job]:
        """Restore these photos before all that waits, in their order; gives the new jobs."""
        with self._queue.together():  # runs that these replace
            orders = [(photo, request) for photo in photos for request in self._requests(photo)]
        return self._begin(orders)

    def stop(self, photo: PhotoState) -> None:
        """Stop the runs for a photo; what they would give is not wanted any more."""
        photo.preview = photo.draft = None
        for id in [id for id, asked in self._asked.items() if asked.photo is photo]:
            del self._asked[id]
            self._queue.remove([id])
        self.drop_region(photo)

    def drop_outdated(self, photo: PhotoState) -> bool:
        """Remove the results of a file that is another one by now; whether there were any."""
        outdated = [variant for variant in photo.variants if variant.is_outdated]
        if outdated:
            self.stop(photo)
        for variant in outdated:
            photo.variants.drop(variant)
            self._discard(variant)
        return bool(outdated)

    def drop_region(self, photo: PhotoState) -> None:
        """Give up the result of a region: it is not what the settings ask for any more."""
        self._discard(photo.region_result)
        photo.region_result = None

    def forget(self, photo: PhotoState) -> None:
        """Stop the runs for a photo and remove all its results."""
        self.stop(photo)
        for variant in photo.variants:
            self._discard(variant)

    def close(self) -> None:
        """Stop all runs and remove all results."""
        self._queue.job_changed.disconnect(self._follow)
        for id in list(self._asked):
            self._queue.remove([id])
        self._asked.clear()
        self._results.clear()

    def _requests(self, photo: PhotoState, region: Box | None = None) -> list[RestoreRequest]:
        """What a photo needs now, the whole of it last; earlier runs for it are stopped."""
        if not photo.needs_run or self._is_under_way(photo):
            return []
        self.stop(photo)
        photo.failure = None
        plain = replace(photo.settings, blend=None)
        whole = plain.request(photo.path)
        if region is None or not _shows_the_truth_in_part(whole):
            return [whole]
        return [plain.request(photo.path, region), whole]

    def _begin(self, orders: Sequence[tuple[PhotoState, RestoreRequest]]) -> list[Job]:
        if not orders:
            return []
        jobs = self._queue.add_previews(request for _, request in orders)
        for (photo, _), job in zip(orders, jobs, strict=True):
            photo.preview = job
            self._asked[job.id] = _Asked(photo, photo.settings)
        for photo in dict.fromkeys(photo for photo, _ in orders):
            self._viewer.photo_changed.emit(photo)
        for job in [job for job in jobs if job.state.ended]:
            self._follow(job)  # it was refused before anybody listened
        return jobs

    def _is_under_way(self, photo: PhotoState) -> bool:
        asked = None if photo.preview is None else self._asked.get(photo.preview.id)
        return asked is not None and self._is_asked_still(asked)

    def _is_asked_still(self, asked: _Asked) -> bool:
        """Whether the photo's settings are still those of the run."""
        return asked.settings.run_key == asked.photo.settings.run_key

    def _follow(self, job: Job) -> None:
        """Hear of a job from the queue."""
        asked = self._asked.get(job.id)
        if asked is None:
            return
        photo = asked.photo
        is_region = job.request.region is not None
        if not job.state.ended:
            self._under_way(photo, None if is_region else job.draft, asked.settings)
            return
        del self._asked[job.id]
        if not is_region:
            photo.preview = photo.draft = None
        if job.result is not None and job.state.succeeded:
            self.drop_region(photo)
            self._results.keep(job.result.restored)
            if not is_region:
                self._shelve(asked, job.result)
            elif job.result.preset.repairs:  # chosen by the autopilot, and judged by the whole
                self._results.drop(job.result.restored)
            else:
                photo.region_result = Variant(0, asked.settings, job.result)
        elif job.state is JobState.FAILED and not is_region and self._is_asked_still(asked):
            photo.failure = job.error
        self._queue.remove([job.id])
        self._viewer.photo_changed.emit(photo)

    def _under_way(
        self, photo: PhotoState, draft: RestoreResult | None, settings: PhotoSettings
    ) -> None:
        """A run is further; its draft is shown once it is there, and when more of it is painted."""
        if draft is None or (photo.draft is not None and photo.draft.result is draft):
            self._viewer.preview_progressed.emit(photo)
            return
        self.drop_region(photo)
        photo.draft = Variant(0, settings, draft)
        self._viewer.photo_changed.emit(photo)

    def _shelve(self, asked: _Asked, result: RestoreResult) -> None:
        """Put the result of a whole photo among its variants."""
        photo = asked.photo
        same = self._is_asked_still(asked)
        # The mix may have been changed while it ran; that is how it is shown now.
        variant, gone = photo.variants.add(photo.settings if same else asked.settings, result)
        self._discard(gone)
        shown = [variant]
        current = self._viewer.current
        if current is not None and current.shown is not None:
            shown.append(current.shown)
        self._results.trim([variant.result.restored for variant in shown])

    def _discard(self, variant: Variant | None) -> None:
        if variant is not None:
            self._results.drop(variant.result.restored)


def _shows_the_truth_in_part(request: RestoreRequest) -> bool:
    """Whether a region alone is restored as it will be in the whole photo.

    What is damaged is judged by the whole picture, and takes most of the time; the blur of one that
    is filled or relit before it is read in what that leaves. Whether the autopilot will choose a
    preset that repairs is not known yet.
    """
    preset = request.preset
    may_read_blur = preset.deconvolves or preset.task == "auto"
    changed_before = request.mask is not None or preset.working_side > 0
    return not preset.repairs and not (may_read_blur and changed_before)
