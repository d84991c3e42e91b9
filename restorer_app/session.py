"""What was chosen for the open photos, and the runs for it, without a single widget.

All methods belong to one thread, the window's. Every change of settings is a step that can be
undone; whether it needs another run or only another mix is told by `PhotoState.needs_run`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.preset import Preset, load_presets
from restorer_app.observable import Signal
from restorer_app.photo_settings import mixed, remixed
from restorer_app.photo_state import PhotoState
from restorer_app.previews import Previews
from restorer_app.tuning import Tuning
from restorer_app.user_presets import delete_user_preset, save_user_preset

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from engine.photo import Box
    from engine.request import RestoreRequest
    from restorer_app.export_plan import Planned
    from restorer_app.job_queue import JobQueue
    from restorer_app.jobs import Job
    from restorer_app.result_cache import ResultCache


class Session(Tuning):
    """The open photos, their settings, and what was computed of them."""

    def __init__(
        self,
        queue: JobQueue,
        presets: Mapping[str, Preset],
        results: ResultCache,
        *,
        preset_folder: Path,
        model: str = "lite",
        device: str = "auto",
    ) -> None:
        """`preset_folder` is where the user's own presets lie; `presets` may not be empty."""
        super().__init__(presets, model, device)
        self.preview_progressed: Signal[[PhotoState]] = Signal()
        self.presets_changed: Signal[[]] = Signal()
        self._queue, self._results = queue, results
        results.needed = lambda: queue.results_needed
        self._preset_folder = preset_folder
        self._previews = Previews(queue, results, self)

    def choose_variant(self, number: int) -> None:
        """Go back to the settings of a variant; a number without one changes nothing."""
        photo = self._current
        variant = None if photo is None else photo.variants.numbered(number)
        if photo is not None and variant is not None:
            photo.variants.seen(variant)
            self._results.use(variant.result.restored)
            self._edit(f"Variant {number}: {variant.title}", lambda old: variant.settings)

    def save_preset(self, title: str, summary: str = "") -> Preset:
        """The current settings as a preset of the user's own, which the command line lists too.

        Raises `BadPreset` for an impossible title, `CannotSave`, and `LookupError` with no photo.
        """
        photo = self._current
        if photo is None:
            raise LookupError("no photo is open")
        base = photo.settings.preset
        preset = mixed(
            replace(
                base,
                title=title.strip(),
                summary=summary.strip() or f"Saved from {base.title}.",
                scale=photo.settings.scale,
                sensitivity=photo.settings.sensitivity,
                model=photo.settings.model,
            ),
            photo.settings.blend or base.blend,
        )
        saved = save_user_preset(self._preset_folder, preset, taken=self._presets)
        self._presets[saved.id] = saved
        self.presets_changed.emit()
        return saved

    def delete_preset(self, id: str) -> bool:
        """Remove a preset of the user's own; False if it is none. Raises `CannotSave`."""
        if not delete_user_preset(self._preset_folder, id):
            return False
        self._presets.pop(id, None)
        shipped = load_presets().get(id)
        if shipped is not None:  # which the user's own stood in front of
            self._presets[id] = shipped
        elif id == self._start:
            self._start = "auto"
        self.presets_changed.emit()
        return True

    def refresh(self, photo: PhotoState) -> bool:
        """Let go of what was computed of a photo whose file was changed since, if there was any."""
        gone = self._previews.drop_outdated(photo)
        if gone:
            self.photo_changed.emit(photo)
        return gone

    def run_preview(self, region: Box | None = None) -> list[Job]:
        """Restore the current photo before all that waits: the region first, if that helps.

        Gives the new jobs; none if the result is there or on its way.
        """
        return [] if self._current is None else self._previews.run(self._current, region)

    def run_previews(self, paths: Iterable[Path]) -> list[Job]:
        """Restore these photos before all that waits, in this order."""
        return self._previews.run_all(self._photos[path] for path in paths if path in self._photos)

    def cancel_preview(self) -> None:
        """Stop the runs for the current photo."""
        if self._current is not None:
            self._previews.stop(self._current)
            self.photo_changed.emit(self._current)

    def export(self, planned: Iterable[Planned]) -> list[Job]:
        """Queue pictures to be saved as the photos are set: from the result that is there, or by
        a run. What is not open, or not to be written, is passed over."""
        made, orders = [], []
        for item in planned:
            photo = self._photos.get(item.source)
            if photo is None or item.output is None:
                continue
            self.refresh(photo)
            shown = photo.shown
            if shown is None:
                orders.append((photo.settings.request(photo.path), item.output))
                photo.failure = None  # it is tried anew
                continue
            made.append((remixed(shown.result, photo.settings, photo.blend), item.output))
        return [*self._queue.add_results(made), *self._queue.add_many(orders)]

    @property
    def promised(self) -> list[Path]:
        """The files that jobs which have not ended are going to write."""
        jobs = [job for job in self._queue.jobs if not job.state.ended]
        return [job.output.path for job in jobs if job.output is not None]

    def made_of(self, path: Path) -> Path | None:
        """The photo that the file at `path` was exported from, or will be, where that is known."""
        return self._queue.made_of(path)

    def request_for(self, photo: PhotoState, region: Box | None = None) -> RestoreRequest:
        """The order that the photo's settings amount to."""
        return photo.settings.request(photo.path, region)

    def close_photos(self, paths: Iterable[Path]) -> None:
        """See `Album`; the queue changes once."""
        with self._queue.together():
            super().close_photos(paths)

    def close(self) -> None:
        """Stop all previews and remove all results."""
        self._previews.close()

    def _forget(self, photo: PhotoState) -> None:
        self._previews.forget(photo)

    def _outdate(self, photo: PhotoState) -> None:
        self._previews.drop_region(photo)
