"""What was chosen for the open photos, without a single widget.

All methods belong to one thread, the window's. Every change of settings is a step that can be
undone; whether it needs another run or only another mix is told by `PhotoState.needs_run`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.preset import Preset, load_presets
from restorer_app.album import Album
from restorer_app.history import History
from restorer_app.observable import Signal
from restorer_app.photo_settings import BLEND_NAMES, PhotoSettings, mixed, needs_run, remixed
from restorer_app.photo_state import PhotoState
from restorer_app.previews import Previews
from restorer_app.user_presets import delete_user_preset, save_user_preset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from engine.photo import Box
    from engine.request import RestoreRequest
    from restorer_app.export_plan import Planned
    from restorer_app.job_queue import JobQueue
    from restorer_app.jobs import Job
    from restorer_app.own_adapters import OwnAdapter
    from restorer_app.result_cache import ResultCache

Snapshot = dict["Path", PhotoSettings]
"""The settings of the photos that a step touches."""


class Session(Album):
    """The open photos and what was chosen for them. New ones start with the preset that was chosen
    while none was open, else with "auto", or the first one there is."""

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
        super().__init__()
        self.preview_progressed: Signal[[PhotoState]] = Signal()
        self.presets_changed: Signal[[]] = Signal()
        self.history: History[Snapshot] = History(self._apply)
        self._queue, self._results = queue, results
        results.needed = lambda: queue.results_needed
        self._presets = dict(presets)
        self._preset_folder = preset_folder
        self._model, self._device = model, device
        self._start = "auto"
        self._copied: PhotoSettings | None = None
        self._previews = Previews(queue, results, self)

    @property
    def presets(self) -> Mapping[str, Preset]:
        return self._presets

    @property
    def start(self) -> Preset:
        """The preset that a new photo starts with."""
        return self._presets.get(self._start) or next(iter(self._presets.values()))

    @property
    def device(self) -> str:
        """What photos are computed on that are opened from now on."""
        return self._device

    def use_device(self, device: str) -> None:
        """Compute on another device: photos opened from now on, and those not restored yet."""
        if device == self._device:
            return
        self._device = device
        for photo in self._photos.values():
            if not len(photo.variants) and photo.preview is None:
                photo.settings = replace(photo.settings, device=device)

    def choose_preset(self, id: str) -> None:
        """Take a preset with the settings it starts from, for photos to come if none is open; an
        unknown one is a `KeyError`.

        An adapter of the user's own for one task goes with its preset; one for everything stays
        while the model does.
        """
        preset = self._presets[id]
        if self._current is None:
            self._start = id

        def chosen(old: PhotoSettings) -> PhotoSettings:
            model = preset.model or old.model
            stays = model == old.model != self._model
            return replace(
                _with_preset(old, preset), model=model, adapter=old.adapter if stays else None
            )

        self._edit(f"Preset: {preset.title}", chosen)

    def choose_variant(self, number: int) -> None:
        """Go back to the settings of a variant; a number without one changes nothing."""
        photo = self._current
        variant = None if photo is None else photo.variants.numbered(number)
        if photo is not None and variant is not None:
            photo.variants.seen(variant)
            self._results.use(variant.result.restored)
            self._edit(f"Variant {number}: {variant.title}", lambda old: variant.settings)

    def set_scale(self, scale: int) -> None:
        """1, 2 or 4 times the photo's size."""
        self._edit(f"Size: {scale}x", lambda old: replace(old, scale=scale))

    def set_sensitivity(self, sensitivity: float) -> None:
        """How readily something is taken for a damaged place, 0 to 1; needs another run."""
        sensitivity = min(max(sensitivity, 0.0), 1.0)
        self._edit("Sensitivity", lambda old: replace(old, sensitivity=sensitivity))

    def set_seed(self, seed: int) -> None:
        self._edit("Seed", lambda old: replace(old, seed=seed))

    def set_model(self, model: str) -> None:
        """Restore with this model, and with the adapters that are its own."""
        self._edit("Model", lambda old: replace(old, model=model, adapter=None))

    def use_adapter(self, adapter: OwnAdapter) -> None:
        """Restore with an adapter of the user's own and the model it was made for; one for a task
        brings a preset of that task along, whose adapter it stands in for."""
        task = adapter.task
        fitting = [preset for preset in self._presets.values() if task and preset.task == task]

        def chosen(old: PhotoSettings) -> PhotoSettings:
            keeps = not fitting or old.preset.task == task
            based = old if keeps else _with_preset(old, fitting[0])
            return replace(based, model=adapter.model, adapter=adapter.path)

        self._edit(f"Adapter: {adapter.title}", chosen)

    def set_mask(self, mask: Path | None) -> None:
        """Where damage is to be filled; needs another run."""
        self._edit("Damage mask", lambda old: replace(old, mask=mask))

    def set_brushes(
        self, keep: Path | None, restore: Path | None, photo: PhotoState | None = None
    ) -> None:
        """Where the photo (the current one) stays, and where it is restored in full; mixing anew
        is enough."""
        photo = photo or self._current
        if photo is not None and photo.path in self._photos:
            settings = replace(photo.settings, keep=keep, restore=restore)
            self._change("Brush", {photo: settings})

    def set_blend(self, name: str, value: float, *, live: bool = False) -> None:
        """Set one value of the mix, 0 to 1. While it is dragged (`live`), all is one step, which
        `commit` ends. An unknown name is a `KeyError`."""
        if name not in BLEND_NAMES:
            raise KeyError(name)
        photo = self._current
        if photo is not None:
            blend = replace(photo.blend, **{name: min(max(value, 0.0), 1.0)})
            gesture = name if live else ""
            self._edit(name.capitalize(), lambda old: replace(old, blend=blend), gesture)

    def commit(self) -> None:
        """End a drag: from here on, the next change is a step of its own."""
        self.history.commit()

    def reset(self, name: str) -> None:
        """One control, by its name, back to where its preset starts: of the mix, scale,
        sensitivity, or seed."""
        photo = self._current
        if photo is None:
            return
        if name == "scale":
            self.set_scale(photo.settings.preset.scale)
        elif name == "sensitivity":
            self.set_sensitivity(photo.settings.preset.sensitivity)
        elif name == "seed":
            self.set_seed(0)
        else:
            self.set_blend(name, getattr(photo.proposed, name))

    def reset_all(self) -> None:
        """The settings that the photo's preset starts from; model, adapter and masks stay."""

        def fresh(old: PhotoSettings) -> PhotoSettings:
            start = self._fresh(old.preset)
            return replace(
                start,
                model=old.model,
                adapter=old.adapter,
                mask=old.mask,
                keep=old.keep,
                restore=old.restore,
            )

        self._edit("Reset all", fresh)

    def copy_settings(self) -> bool:
        """Remember the current photo's settings; False if there is none."""
        self._copied = self.shared_settings or self._copied
        return self._current is not None

    @property
    def shared_settings(self) -> PhotoSettings | None:
        """The current photo's settings as other photos can have them too: without its masks."""
        if self._current is None:
            return None
        # What is shown is what is meant, the autopilot's proposal for this photo included.
        blend = None if self._current.settings.blend is None else self._current.blend
        return replace(self._current.settings, blend=blend, mask=None, keep=None, restore=None)

    @property
    def can_paste(self) -> bool:
        return self._copied is not None

    def paste_settings(self) -> int:
        """Give the remembered settings, masks apart, to the selection; the number of photos."""
        copied = self._copied
        if copied is None:
            return 0
        photos = [photo for photo in self.selection if not photo.error]
        self._change(
            f"Paste settings to {len(photos)}",
            {
                photo: replace(
                    copied,
                    mask=photo.settings.mask,
                    keep=photo.settings.keep,
                    restore=photo.settings.restore,
                )
                for photo in photos
            },
        )
        return len(photos)

    def undo(self) -> str:
        """Take back the last change; gives its name, or nothing."""
        return self.history.undo()

    def redo(self) -> str:
        """Do the change again that was taken back last; gives its name, or nothing."""
        return self.history.redo()

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
        jobs, orders = [], []
        for item in planned:
            photo = self._photos.get(item.source)
            if photo is None or item.output is None:
                continue
            shown = photo.shown
            if shown is None:
                orders.append((photo.settings.request(photo.path), item.output))
                photo.failure = None  # it is tried anew
                continue
            result = remixed(shown.result, photo.settings, photo.blend)
            jobs.append(
                self._queue.add(result.request, item.output, result=result, keep_result=True)
            )
        return [*jobs, *self._queue.add_many(orders)]

    @property
    def promised(self) -> list[Path]:
        """The files that jobs which have not ended are going to write."""
        jobs = [job for job in self._queue.jobs if not job.state.ended]
        return [job.output.path for job in jobs if job.output is not None]

    def request_for(self, photo: PhotoState, region: Box | None = None) -> RestoreRequest:
        """The order that the photo's settings amount to."""
        return photo.settings.request(photo.path, region)

    def close(self) -> None:
        """Stop all previews and remove all results."""
        self._previews.close()

    def _forget(self, photo: PhotoState) -> None:
        self._previews.forget(photo)

    def _leave(self) -> None:
        self.history.commit()

    def _fresh(self, preset: Preset | None = None) -> PhotoSettings:
        start = preset or self.start
        model = start.model or self._model
        return PhotoSettings.of(start, model=model, device=self._device)

    def _edit(
        self, title: str, edit: Callable[[PhotoSettings], PhotoSettings], gesture: str = ""
    ) -> None:
        """Change the current photo's settings."""
        photo = self._current
        if photo is not None:
            self._change(title, {photo: edit(photo.settings)}, gesture)

    def _change(
        self, title: str, wanted: Mapping[PhotoState, PhotoSettings], gesture: str = ""
    ) -> None:
        before = {photo.path: photo.settings for photo in wanted}
        after = {photo.path: settings for photo, settings in wanted.items()}
        if before == after and not gesture:
            return
        self._apply(after)
        self.history.record(title, before, after, gesture)

    def _apply(self, snapshot: Snapshot) -> None:
        for path, settings in snapshot.items():
            photo = self._photos.get(path)
            if photo is None or photo.settings == settings:
                continue
            if needs_run(photo.settings, settings):
                self._previews.drop_region(photo)
                photo.failure = None  # it was that of a run with other settings
            photo.settings = settings
            shown = photo.variants.find(settings)
            if shown is not None:
                shown.settings = settings
                photo.variants.seen(shown)
            self.photo_changed.emit(photo)


def _with_preset(old: PhotoSettings, preset: Preset) -> PhotoSettings:
    """The settings with another preset, where that starts."""
    return replace(
        old, preset=preset, scale=preset.scale, sensitivity=preset.sensitivity, blend=None
    )
