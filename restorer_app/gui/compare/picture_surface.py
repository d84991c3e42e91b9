"""The pictures of a photo on a surface: which there are, which is shown, what is made ready."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from restorer_app.gui.compare.comparison import ORIGINAL, Comparison
from restorer_app.gui.compare.display_colour import ScreenColour
from restorer_app.gui.compare.frames import Frames, Sight
from restorer_app.gui.compare.layered_surface import LayeredSurface
from restorer_app.gui.compare.panes import Side
from restorer_app.gui.compare.picture import Picture
from restorer_app.gui.compare.scene import Scene
from restorer_app.gui.compare.tally import Tally
from restorer_app.gui.compare.viewport import Viewport
from restorer_app.gui.compare.workshop import Workshop

_AHEAD = 2
"""How many other variants are drawn before they are asked for."""


class PictureSurface(LayeredSurface):
    """Holds a source and its variants, and prepares what is seen of them and may be seen next."""

    variant_changed = Signal(int)
    refined = Signal()
    """What is seen has become as sharp as it will be; `visible_pixels` gives better ones now."""
    colour_changed = Signal()
    """The screen has another profile: a live layer has to be given anew."""
    histograms_ready = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workshop = Workshop()
        self._workshop.made.connect(self._refined)
        self._comparison = Comparison(self._workshop)
        self._frames = Frames()
        self._kept_original = False
        self._tally = Tally(self._workshop, self)
        self._tally.ready.connect(self.histograms_ready)
        self._seen_versions = self._told_versions = -1
        self._ahead: list[Sight] = []
        self._idle = self.single_shot(0, self._draw_ahead)
        self.destroyed.connect(self._workshop.close)

    @property
    def photo(self) -> Picture | None:
        return self._comparison.photo

    @property
    def variants(self) -> tuple[Picture, ...]:
        return self._comparison.variants

    @property
    def variant(self) -> int:
        """Index of the shown variant; -1 is the original."""
        return self._comparison.variant

    @property
    def scale(self) -> float:
        """Pixels of the shown result per pixel of the source, along one side."""
        return self._comparison.scale

    def set_photo(self, photo: Picture | None) -> None:
        """Another photo; variants, masks, live layer and invention map of the last one go."""
        self._comparison.open(photo)
        self._lay_over(photo)
        self._kept_original = False
        self._tally.keep(())
        self._frames.clear()
        self._ahead = []  # or the pictures that were to be drawn would stay in memory
        if photo is None:
            self._viewport = None
        else:
            last, pane = self._viewport, self._pane_size()
            self._viewport = (
                Viewport.fitting(photo.size, pane) if last is None else last.on(photo.size)
            )
        self._moved()
        self._count()

    def set_variants(self, variants: tuple[Picture, ...], shown: int = 0) -> None:
        """Results of the photo; those that are known already stay as quick as they were."""
        same = self._comparison.result is (
            variants[shown] if variants and shown >= 0 else self.photo
        )
        self._comparison.put_variants(variants, shown)
        self._live = self._live if same else None
        self._tally.keep((*variants, *filter(None, (self.photo,))))
        self.variant_changed.emit(self.variant)
        self._moved()
        self._count()

    def show_variant(self, index: int) -> None:
        """Flip to a variant in place; -1 is the original. Nothing happens if there is none."""
        if index == self.variant or not ORIGINAL <= index < len(self.variants):
            return
        self._comparison.variant = index
        self._live = None
        self._kept_original = False
        self.variant_changed.emit(index)
        self._tell()
        self.update()
        self._settle.start()
        self._count()

    @property
    def preparing(self) -> bool:
        """Whether something is still being made ready for this place."""
        return self._workshop.busy or self._settle.isActive() or bool(self._ahead)

    def set_screen_colour(self, colour: ScreenColour) -> None:
        """The profile of the screen that the view is on."""
        self._comparison.put_colour(colour)
        self._live = None
        self._frames.clear()
        self.colour_changed.emit()
        self.update()

    def end(self) -> None:
        """Stop preparing pictures; the view is of no use afterwards."""
        self._settle.stop()
        self._stop_painting()
        self._idle.stop()
        self._comparison.close()
        self._workshop.close()

    @abstractmethod
    def _scene(self) -> Scene | None:
        """What is painted now; None without a photo."""

    @abstractmethod
    def _two_sided(self) -> bool:
        """Whether there is a result to be seen beside the source."""

    @property
    def _colour(self) -> ScreenColour:
        return self._comparison.colour

    def _rested(self) -> None:
        # Whatever may be flipped to next shall be ready at this place.
        self._workshop.forget_urgent()
        if self._viewport is not None:
            self._comparison.prepare(self._viewport)
        self._ahead = self._sights_ahead()
        self._idle.start()
        self._count()
        self.update()

    def _sights_ahead(self) -> list[Sight]:
        """What a dragged divider or a flip would need next, the most likely last."""
        scene = self._scene()
        if scene is None or not self._two_sided():
            return []
        others = [p for p in self._comparison.results() if p is not scene.after][:_AHEAD]
        flips = [replace(scene, after=pyramid).sight(Side.AFTER) for pyramid in others]
        return [*reversed(flips), scene.sight(Side.AFTER), scene.sight(Side.BEFORE)]

    def _draw_ahead(self) -> None:
        if self._ahead and not self._settle.isActive():
            pane = self._pane_size()
            self._frames.frame(self._ahead.pop(), (0, 0, pane.width, pane.height))
            self._idle.start()

    def _refined(self) -> None:
        versions = self._comparison.versions
        if versions != self._seen_versions:
            self._seen_versions = versions
            self.update()
        if not (self._workshop.busy or self._settle.isActive()):
            if versions != self._told_versions:
                self._told_versions = versions
                self.refined.emit()
            self._ahead = self._sights_ahead()
            self._idle.start()

    def _count(self) -> None:
        result = self._comparison.result
        self._tally.compare(self.photo, None if result is self.photo else result)
        self._tally.prepare(self.variants)
