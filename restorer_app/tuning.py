"""What is chosen for the open photos: presets, sliders and masks, each a step to be undone."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING

from restorer_app.album import Album
from restorer_app.history import History
from restorer_app.photo_settings import BLEND_NAMES, PhotoSettings, needs_run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from engine.preset import Preset
    from restorer_app.own_adapters import OwnAdapter
    from restorer_app.photo_state import PhotoState

Snapshot = dict["Path", PhotoSettings]
"""The settings of the photos that a step touches."""


class Tuning(Album):
    """The open photos and their settings. New ones start with the preset that was chosen while none
    was open, else with "auto", or the first one there is."""

    def __init__(self, presets: Mapping[str, Preset], model: str, device: str) -> None:
        """`presets` may not be empty."""
        super().__init__()
        self.history: History[Snapshot] = History(self._apply)
        self._presets = dict(presets)
        self._model, self._device = model, device
        self._start = "auto"
        self._copied: PhotoSettings | None = None

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
                self._outdate(photo)
                photo.failure = None  # it was that of a run with other settings
            photo.settings = settings
            shown = photo.variants.find(settings)
            if shown is not None:
                shown.settings = settings
                photo.variants.seen(shown)
            self.photo_changed.emit(photo)

    @abstractmethod
    def _outdate(self, photo: PhotoState) -> None:
        """Its settings are about to need another run."""


def _with_preset(old: PhotoSettings, preset: Preset) -> PhotoSettings:
    """The settings with another preset, where that starts."""
    return replace(
        old, preset=preset, scale=preset.scale, sensitivity=preset.sensitivity, blend=None
    )
