"""What happens to the photo on screen: it is loaded, shown, restored, and mixed as asked.

Stands between the session, which knows no widgets, and the widgets, which know no session.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from engine.compose import Blend
from engine.photo import Box, Photo
from restorer_app.gui.invention_layer import InventionLayer
from restorer_app.gui.live_mix import LiveMix
from restorer_app.gui.masks_on_disk import MasksOnDisk
from restorer_app.gui.photo_loader import PhotoLoader
from restorer_app.gui.picture import Picture
from restorer_app.gui.window import MainWindow
from restorer_app.photo_state import PhotoState
from restorer_app.session import Session
from restorer_app.variants import Variant

log = logging.getLogger(__name__)

BLEND_NAMES = frozenset(field.name for field in fields(Blend))
_REGION_FROM = 3.0
"""Megapixels from which the visible region is restored first and the whole photo after it."""


class Darkroom(QObject):
    """Keeps the view and the panels in step with the session's current photo."""

    panels_changed = Signal(object)
    """The current `PhotoState`, when panels beside the picture have to say something else."""

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
        self._masks, self._invention = masks, invention
        self._restore_at_once = restore_at_once
        self._live = LiveMix(window.view)
        self._photo: Photo | None = None
        self._path: Path | None = None
        self._pictures: dict[Path, Picture] = {}
        self._region: Variant | None = None
        self._connect()

    @property
    def photo(self) -> Photo | None:
        """The photo on screen, once it is loaded."""
        return self._photo

    def set_faces(self, path: Path, faces: tuple[Box, ...]) -> None:
        if path == self._path:
            self._live.set_faces(faces)

    def run(self) -> None:
        """Restore the current photo: what is in sight first, where that is much sooner."""
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
        view.variant_changed.connect(self._variant_shown)
        view.mask_changed.connect(self._painted)
        self._mask_timer = QTimer(self, singleShot=True, interval=400)
        self._mask_timer.timeout.connect(self._keep_masks)

    def _show(self, state: PhotoState | None) -> None:
        """Another photo is current."""
        self._region = None
        self._window.show_photo(state is not None)
        if state is None:
            self._path = self._photo = None
            self._pictures.clear()
            self._window.view.set_photo(None)
            return
        if state.path != self._path:
            self._path = state.path
            self._pictures.clear()
            self._photo = None
            self._loader.want(state.path, lambda outcome: self._loaded(state, outcome))
        self._changed(state)

    def _loaded(self, state: PhotoState, outcome: Photo | str) -> None:
        if state.path != self._path:
            return
        if isinstance(outcome, str):
            self._session.mark_unreadable(state.path, outcome)
            self._window.view.set_photo(None)
            return
        self._photo = outcome
        view = self._window.view
        view.set_photo(Picture.of_photo(self.tr("Before"), outcome))
        view.set_masks(self._masks.read(state))
        self._live.set_photo(gray=outcome.gray)
        self._changed(state)
        if not len(state.variants) and state.failure is None:
            self._restore_soon()

    def _changed(self, state: PhotoState) -> None:
        """The current photo has other settings, another result, or is on its way."""
        if state is not self._session.current or self._photo is None:
            return
        self._show_variants(state)
        self._show_region(state)
        self._live.set_blend(state.blend)
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

    def _show_variants(self, state: PhotoState) -> None:
        variants = _available(state)
        pictures = tuple(self._picture(variant) for variant in variants)
        view = self._window.view
        shown = variants.index(state.shown) if state.shown in variants else view.variant
        if pictures != view.variants:
            view.set_variants(pictures, shown)
            self._live.moved()
        elif variants and shown != view.variant >= 0:
            view.show_variant(shown)
            self._live.moved()
        self._window.bar.show_variants([variant.title for variant in variants], view.variant)

    def _picture(self, variant: Variant) -> Picture:
        """One picture object for each result, so that the view keeps what it has prepared."""
        place = variant.result.restored
        if place not in self._pictures:
            self._pictures[place] = Picture(variant.title, np.load(place, mmap_mode="r"))
        return self._pictures[place]

    def _show_region(self, state: PhotoState) -> None:
        """The restored region lies over the picture until the whole is there."""
        if state.region_result is self._region:
            return
        self._region = state.region_result
        view = self._window.view
        if self._region is None or self._region.result.request.region is None:
            self._live.moved()
            return
        pixels = np.load(self._region.result.restored)
        view.set_live((pixels >> 8).astype(np.uint8), self._region.result.request.region)

    def _moved(self, name: str, value: float) -> None:
        """A slider is being dragged."""
        if name in BLEND_NAMES:
            self._session.set_blend(name, value, live=True)

    def _committed(self, name: str, value: float) -> None:
        if name in BLEND_NAMES:
            self._session.set_blend(name, value, live=True)
            self._session.commit()
        elif name == "scale":
            self._session.set_scale(int(value))
        elif name == "seed":
            self._session.set_seed(int(value))

    def _variant_shown(self, index: int) -> None:
        state = self._session.current
        if state is None:
            return
        variants = _available(state)
        if 0 <= index < len(variants):
            self._session.choose_variant(variants[index].number)
        self._window.bar.show_variants([variant.title for variant in variants], index)
        self._live.moved()

    def _painted(self) -> None:
        self._live.moved()
        self._mask_timer.start()

    def _keep_masks(self) -> None:
        """Masks are files in a request; they are written when the brush has come to rest."""
        state = self._session.current
        if state is not None and self._photo is not None:
            keep, restore = self._masks.write(state.path, self._window.view.masks(), self._photo)
            self._session.set_brushes(keep, restore)


def _available(state: PhotoState) -> list[Variant]:
    """The results that can be shown, in the order of their keys."""
    return [variant for variant in state.variants if variant.is_available]
