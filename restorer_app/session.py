"""What is open and what was chosen, without a single widget.

All methods belong to one thread, the window's. Every change of settings is a step that can be
undone; whether it needs another run or only another mix is told by `PhotoState.needs_run`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.preset import Preset
from restorer_app.history import History
from restorer_app.observable import Signal
from restorer_app.photo_search import found_photos
from restorer_app.photo_settings import BLEND_NAMES, PhotoSettings, mixed, needs_run, remixed
from restorer_app.photo_state import PhotoState
from restorer_app.previews import Previews
from restorer_app.user_presets import delete_user_preset, save_user_preset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from engine.photo import Box
    from engine.request import RestoreRequest
    from restorer_app.export_plan import Planned
    from restorer_app.job_queue import JobQueue
    from restorer_app.jobs import Job
    from restorer_app.photo_search import Found
    from restorer_app.result_cache import ResultCache

Snapshot = dict["Path", PhotoSettings]
"""The settings of the photos that a step touches."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What came of opening: new photos (unreadable ones among them), and how many were open."""

    added: tuple[PhotoState, ...]
    known: int
    unreadable: int


class Session:
    """The open photos. New ones start with the preset "auto", or the first one there is."""

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
        self.photos_changed: Signal[[]] = Signal()
        self.current_changed: Signal[[PhotoState | None]] = Signal()
        self.selection_changed: Signal[[]] = Signal()
        self.photo_changed: Signal[[PhotoState]] = Signal()
        """Settings, variants, failure or preview of a photo are others now."""
        self.preview_progressed: Signal[[PhotoState]] = Signal()
        self.presets_changed: Signal[[]] = Signal()
        self.history: History[Snapshot] = History(self._apply)
        self._queue, self._results = queue, results
        self._presets = dict(presets)
        self._preset_folder = preset_folder
        self._model, self._device = model, device
        self._photos: dict[Path, PhotoState] = {}
        self._current: PhotoState | None = None
        self._selection: tuple[Path, ...] = ()
        self._copied: PhotoSettings | None = None
        self._previews = Previews(queue, results, self)

    @property
    def photos(self) -> Sequence[PhotoState]:
        return tuple(self._photos.values())

    @property
    def current(self) -> PhotoState | None:
        return self._current

    @property
    def selection(self) -> Sequence[PhotoState]:
        """The selected photos in the order of the list; the current one if none is selected."""
        if not self._selection:
            return () if self._current is None else (self._current,)
        return tuple(photo for photo in self.photos if photo.path in self._selection)

    @property
    def presets(self) -> Mapping[str, Preset]:
        return self._presets

    def photo(self, path: Path) -> PhotoState | None:
        """The photo opened under exactly this path."""
        return self._photos.get(path)

    def open(self, paths: Iterable[Path]) -> Opened:
        """Open photos and folders of photos, each file once; the first new one becomes current."""
        return self.take(found_photos(paths))

    def take(self, found: Iterable[Found]) -> Opened:
        """Open what a search, perhaps in another thread, has found."""
        open_already = {photo.path.resolve() for photo in self._photos.values()}
        added, known = [], 0
        for item in found:
            if item.path.resolve() in open_already:
                known += 1
                continue
            photo = PhotoState(item.path, item.root, self._fresh(), item.error)
            self._photos[item.path] = photo
            added.append(photo)
        if added:
            self.photos_changed.emit()
            usable = [photo for photo in added if not photo.error] or added
            if self._current is None or self._current.error:
                self.set_current(usable[0].path)
        return Opened(tuple(added), known, sum(bool(photo.error) for photo in added))

    def close_photos(self, paths: Iterable[Path]) -> None:
        """Close photos; their previews are stopped and their results removed."""
        places = list(self._photos)
        gone = [self._photos.pop(path) for path in list(paths) if path in self._photos]
        if not gone:
            return
        for photo in gone:
            self._previews.forget(photo)
        self._selection = tuple(path for path in self._selection if path in self._photos)
        self.photos_changed.emit()
        self.selection_changed.emit()
        if self._current in gone:
            place = places.index(self._current.path) if self._current else 0
            after = [path for path in places[place:] if path in self._photos]
            left = after or list(self._photos)[-1:]
            self.set_current(left[0] if left else None)

    def mark_unreadable(self, path: Path, sentence: str) -> None:
        """Note that a photo turned out to be damaged when it was decoded."""
        photo = self._photos.get(path)
        if photo is not None:
            photo.error = sentence
            self.photo_changed.emit(photo)

    def set_current(self, path: Path | None) -> None:
        """Turn to another photo; a path that is not open means none."""
        photo = None if path is None else self._photos.get(path)
        if photo is not self._current:
            self.history.commit()
            self._current = photo
            self.current_changed.emit(photo)

    def step(self, by: int) -> None:
        """Turn to the photo that many places further, as far as there are any."""
        paths = list(self._photos)
        if self._current is not None and paths:
            place = paths.index(self._current.path) + by
            self.set_current(paths[min(max(place, 0), len(paths) - 1)])

    def set_selection(self, paths: Iterable[Path]) -> None:
        chosen = tuple(path for path in paths if path in self._photos)
        if chosen != self._selection:
            self._selection = chosen
            self.selection_changed.emit()

    def arrange(self, paths: Sequence[Path]) -> None:
        """Bring the list into this order; photos that are not named come last."""
        places = {path: place for place, path in enumerate(paths)}
        ordered = sorted(self._photos.items(), key=lambda item: places.get(item[0], len(places)))
        self._photos = dict(ordered)

    def use_device(self, device: str) -> None:
        """Compute on another device: photos opened from now on, and those not restored yet."""
        if device == self._device:
            return
        self._device = device
        for photo in self._photos.values():
            if not len(photo.variants) and photo.preview is None:
                photo.settings = replace(photo.settings, device=device)

    def choose_preset(self, id: str) -> None:
        """Take a preset with the settings it starts from; an unknown one is a `KeyError`."""
        preset = self._presets[id]
        self._edit(
            f"Preset: {preset.title}",
            lambda old: replace(old, preset=preset, scale=preset.scale, blend=None),
        )

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

    def set_seed(self, seed: int) -> None:
        self._edit("Seed", lambda old: replace(old, seed=seed))

    def set_model(self, model: str) -> None:
        self._edit("Model", lambda old: replace(old, model=model))

    def set_adapter(self, adapter: Path | None) -> None:
        self._edit("Adapter", lambda old: replace(old, adapter=adapter))

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
        """One control, by its name, back to where its preset starts: of the mix, scale, or seed."""
        photo = self._current
        if photo is None:
            return
        if name == "scale":
            self.set_scale(photo.settings.preset.scale)
        elif name == "seed":
            self.set_seed(0)
        else:
            self.set_blend(name, getattr(photo.proposed, name))

    def reset_all(self) -> None:
        """The settings that the photo's preset starts from; masks stay."""

        def fresh(old: PhotoSettings) -> PhotoSettings:
            start = self._fresh(old.preset)
            return replace(start, mask=old.mask, keep=old.keep, restore=old.restore)

        self._edit("Reset all", fresh)

    def copy_settings(self) -> bool:
        """Remember the current photo's settings; False if there is none."""
        if self._current is not None:
            # What is shown is what is meant, the autopilot's proposal for this photo included.
            blend = None if self._current.settings.blend is None else self._current.blend
            settings = self._current.settings
            self._copied = replace(settings, blend=blend, mask=None, keep=None, restore=None)
        return self._current is not None

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
            ),
            photo.settings.blend or base.blend,
        )
        saved = save_user_preset(self._preset_folder, preset, taken=self._presets)
        self._presets[saved.id] = saved
        self.presets_changed.emit()
        return saved

    def delete_preset(self, id: str) -> bool:
        """Remove a preset of the user's own; False if it is none."""
        if not delete_user_preset(self._preset_folder, id):
            return False
        self._presets.pop(id, None)
        self.presets_changed.emit()
        return True

    def run_preview(self, region: Box | None = None) -> list[Job]:
        """Restore the current photo before all that waits: the region first, if that helps.

        Gives the new jobs; none if the result is there or on its way.
        """
        return [] if self._current is None else self._previews.run(self._current, region)

    def run_previews(self, paths: Iterable[Path]) -> list[Job]:
        """Restore these photos before all that waits, in this order."""
        # Each goes before all that wait, so the last one is added first.
        photos = [self._photos[path] for path in paths if path in self._photos]
        runs = [self._previews.run(photo) for photo in reversed(photos)]
        return [job for jobs in reversed(runs) for job in jobs]

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
                continue
            result = remixed(shown.result, photo.settings, photo.blend)
            jobs.append(
                self._queue.add(result.request, item.output, result=result, keep_result=True)
            )
        return [*jobs, *self._queue.add_many(orders)]

    def request_for(self, photo: PhotoState, region: Box | None = None) -> RestoreRequest:
        """The order that the photo's settings amount to."""
        return photo.settings.request(photo.path, region)

    def close(self) -> None:
        """Stop all previews and remove all results."""
        self._previews.close()

    def _fresh(self, preset: Preset | None = None) -> PhotoSettings:
        start = preset or self._presets.get("auto") or next(iter(self._presets.values()))
        return PhotoSettings.of(start, model=self._model, device=self._device)

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
            photo.settings = settings
            shown = photo.variants.find(settings)
            if shown is not None:
                shown.settings = settings
                photo.variants.seen(shown)
            self.photo_changed.emit(photo)
