"""What happens to the photo on screen: it is loaded, shown, restored, and mixed as asked.

Stands between the session, which knows no widgets, and the widgets, which know no session.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from engine.compose import Blend
from engine.photo import Box, Photo
from restorer_app.gui.compare.mixed_histogram import MixedHistogram
from restorer_app.gui.compare.picture import Picture
from restorer_app.gui.darkroom.brushwork import Brushwork
from restorer_app.gui.darkroom.invention_layer import InventionLayer
from restorer_app.gui.darkroom.live_mix import LiveMix, region_seen
from restorer_app.gui.darkroom.masks_on_disk import MasksOnDisk
from restorer_app.gui.darkroom.photo_loader import PhotoLoader
from restorer_app.gui.darkroom.variant_shelf import VariantShelf
from restorer_app.gui.models.model_words import variant_title
from restorer_app.gui.sentences.sentence_words import said
from restorer_app.gui.window import MainWindow
from restorer_app.photo_state import PhotoState
from restorer_app.session import Session
from restorer_app.variants import Variant

BLEND_NAMES = frozenset(field.name for field in fields(Blend))
_SLOW = 300
"""Milliseconds of reading a photo after which that is said."""
_REGION_FROM = 3.0
"""Megapixels from which the visible region is restored first and the whole photo after it."""


class Darkroom(QObject):
    """Keeps the view and the panels in step with the session's current photo."""

    panels_changed = Signal(object)
    """The current `PhotoState`, when panels beside the picture have to say something else."""
    faces_found = Signal(int)
    """How many there are in the photo on screen."""

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        loader: PhotoLoader,
        masks: MasksOnDisk,
        invention: InventionLayer,
        *,
        restore_at_once: Callable[[], bool],
    ) -> None:
        """`restore_at_once` says whether a photo without results is restored as it is opened."""
        super().__init__(window)
        self._window, self._session, self._loader = window, session, loader
        self._invention = invention
        self._brushwork = Brushwork(window.view, session, masks)
        self._restore_at_once = restore_at_once
        self._live = LiveMix(window.view)
        MixedHistogram(window.view, self._live, window.histogram)
        self._photo: Photo | None = None
        self._path: Path | None = None
        self._shelf = VariantShelf(
            window.view, window.bar, title=self._title, told=self._live.changed
        )
        self._region: Variant | None = None
        self._run_once_read = False
        self._connect()

    @property
    def photo(self) -> Photo | None:
        """The photo on screen, once it is loaded."""
        return self._photo

    def set_faces(self, path: Path, faces: tuple[Box, ...]) -> None:
        """Faces were found; nothing happens if another photo is on screen by now."""
        if path == self._path and self._photo is not None:
            self._live.set_faces(faces)
            self.faces_found.emit(len(faces))

    def settle(self) -> None:
        """Take down what was just painted, before something is done that depends on it."""
        self._brushwork.settle()

    def rename(self) -> None:
        """The language is another one: pictures have other names."""
        self._shelf.rename()
        state = self._session.current
        if state is not None and state.error:
            self._window.say(said(state.error))
        elif state is not None:
            self._changed(state)

    def look_again(self) -> bool:
        """Read the photo on screen anew if its file was changed by another program, or if it could
        not be read; whether that is so."""
        state = self._session.current
        if state is None or not (state.error or self._loader.is_outdated(state.path)):
            return False
        self._show(state)
        return True

    def run(self) -> None:
        """Restore the current photo: what is in sight first, where that is much sooner."""
        if self.look_again():
            self._run_once_read = True
            return
        seen = self._window.view.visible_region()
        region: Box | None = None
        if seen is not None and self._photo is not None:
            box, _ = seen
            whole = self._photo.megapixels
            if whole >= _REGION_FROM and box.width * box.height / 1e6 < whole / 3:
                region = box
        self._session.run_preview(region)

    def _connect(self) -> None:
        session, window, view = self._session, self._window, self._window.view
        session.current_changed.connect(self._show)
        session.photo_changed.connect(self._changed)
        session.preview_progressed.connect(self._progressed)
        window.adjustments.changed.connect(self._moved)
        window.adjustments.committed.connect(self._committed)
        window.adjustments.run_requested.connect(self.run)
        window.adjustments.cancel_requested.connect(session.cancel_preview)
        window.cards.chosen.connect(self._chosen)
        view.view_changed.connect(lambda *_: self._live.moved())
        view.variant_changed.connect(self._flipped)
        view.mask_changed.connect(self._painted)
        self._slow = QTimer(self, singleShot=True, interval=_SLOW)
        self._slow.timeout.connect(self._say_loading)

    def _show(self, state: PhotoState | None) -> None:
        """Another photo is current."""
        self.settle()
        self._window.show_photo(state is not None)
        path = None if state is None else state.path
        self._leave()
        self._path = path
        if state is None:
            self._window.view.set_photo(None)
            return
        if state.error:  # until it is read after all: a drive may be back
            self._refused(state)
        if self._session.refresh(state):
            self._window.thumbnails.forget(state.path)
        self._slow.start()
        self._loader.want(state.path, lambda outcome: self._loaded(state, outcome))

    def _leave(self) -> None:
        """Let go of the photo on screen; the view shows it until the next one is read."""
        self._photo = self._region = None
        self._run_once_read = False
        self._live.show_region(None)
        self._shelf.clear()
        self._brushwork.leave()
        self._invention.clear()
        self._slow.stop()
        self._window.say("")

    def _say_loading(self) -> None:
        if self._path is not None:
            self._window.say(self.tr("Opening {}…").format(self._path.name))

    def _refused(self, state: PhotoState) -> None:
        """The photo cannot be opened."""
        self._window.view.set_photo(None)
        self._shelf.show_names()
        self._window.say(said(state.error))

    def _loaded(self, state: PhotoState, outcome: Photo | str) -> None:
        if state is not self._session.current or self._photo is not None:
            return
        self._slow.stop()
        self._window.say("")
        if isinstance(outcome, str):
            self._session.mark_unreadable(state.path, outcome)
            self._refused(state)
            return
        if state.error:
            self._window.thumbnails.forget(state.path)
            self._session.mark_unreadable(state.path, "")
        self._photo = outcome
        self._window.view.set_photo(Picture.of_photo(self.tr("Before"), outcome))
        self._live.set_photo(gray=outcome.gray)
        self._changed(state)
        if self._run_once_read:
            QTimer.singleShot(0, self, self.run)
        elif not len(state.variants) and state.failure is None:
            self._restore_soon()

    def _changed(self, state: PhotoState) -> None:
        """The current photo has other settings, another result, or is on its way."""
        if state is not self._session.current or self._photo is None:
            return
        self._shelf.show(state, self._photo)
        self._brushwork.show(state, self._photo)
        self._live.set_blend(state.blend)
        self._show_region(state, self._photo)
        self._invention.show(self._photo, state.shown)
        self.panels_changed.emit(state)

    def _chosen(self, preset: str) -> None:
        self._session.choose_preset(preset)
        self._restore_soon()

    def _restore_soon(self) -> None:
        if self._restore_at_once():
            QTimer.singleShot(0, self, self.run)

    def _progressed(self, state: PhotoState) -> None:
        if state is self._session.current:
            self.panels_changed.emit(state)

    def _title(self, variant: Variant) -> str:
        """What a picture is called; one that a model still paints on is a draft."""
        title = variant_title(variant)
        return title if variant.number else self.tr("{}: draft").format(title)

    def _show_region(self, state: PhotoState, photo: Photo) -> None:
        """The restored region lies over the picture until the whole is there."""
        if state.region_result is not self._region:
            self._region = state.region_result
            self._live.show_region(region_seen(self._region, photo))

    def _moved(self, name: str, value: float) -> None:
        """A slider is being dragged."""
        if name in BLEND_NAMES and self._photo is not None:
            self._session.set_blend(name, value, live=True)

    def _committed(self, name: str, value: float) -> None:
        if name in BLEND_NAMES:
            self._moved(name, value)
            self._session.commit()
        elif name == "scale":
            self._session.set_scale(int(value))
        elif name == "sensitivity":
            self._session.set_sensitivity(value)
        elif name == "seed":
            self._session.set_seed(int(value))

    def _flipped(self, index: int) -> None:
        """The user shows another variant: its settings come with it."""
        if self._shelf.is_telling or self._photo is None:
            return
        variant = self._shelf.at(index)
        if variant is not None:
            self.settle()  # what was just painted belongs to the variant that was left
            self._session.choose_variant(variant.number)
        self._shelf.show_names()
        self._live.changed()

    def _painted(self) -> None:
        self._live.changed()
        if self._photo is not None and self._session.current is not None:
            self._brushwork.painted(self._session.current, self._photo)
