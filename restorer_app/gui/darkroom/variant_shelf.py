"""The results of the photo on screen, as pictures in the view and as names in the bar above it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine.photo import Photo
from restorer_app.gui.compare.compare_view import CompareView
from restorer_app.gui.compare.picture import Picture
from restorer_app.gui.view_bar import ViewBar
from restorer_app.photo_state import PhotoState
from restorer_app.variants import Variant


class VariantShelf:
    """Has the view hold what can be shown of a photo, and show what its state says.

    `title` names a variant; `told` is called once the view was made to show another picture.
    """

    def __init__(
        self,
        view: CompareView,
        bar: ViewBar,
        *,
        title: Callable[[Variant], str],
        told: Callable[[], None],
    ) -> None:
        self._view, self._bar, self._title, self._told = view, bar, title, told
        self._pictures: dict[Path | Variant, Picture] = {}
        self._variants: list[Variant] = []
        """Those that the view holds, in its order."""
        self.is_telling = False
        """Whether the view changes because the settings say so, not by the user's hand."""

    def show(self, state: PhotoState, photo: Photo) -> None:
        """What there is of the photo, which `state` is about."""
        view, shown = self._view, state.shown or _drafted(state)
        if shown is None:  # what was shown stays, if it is still there
            shown = self.at(view.variant)
        had_draft = any(not variant.number for variant in self._variants)
        self._variants = _available(state)
        pictures = tuple(self._picture(variant, photo) for variant in self._variants)
        index = self._variants.index(shown) if shown in self._variants else -1
        if had_draft and view.variant < 0 and index >= 0 and not self._variants[index].number:
            index = -1  # whoever looks at the source is not called away for every tile
        if pictures != view.variants:
            self._tell(lambda: view.set_variants(pictures, index))
        elif view.variant >= 0 and index != view.variant:
            self._tell(lambda: view.show_variant(index))
        self._pictures = {  # no file is held open longer than it is shown
            _key(variant): picture
            for variant, picture in zip(self._variants, pictures, strict=True)
        }
        self.show_names()

    def show_names(self) -> None:
        """Name the variants in the bar, with a mark at the one that the view shows."""
        self._bar.show_variants([self._title(each) for each in self._variants], self._view.variant)

    def at(self, index: int) -> Variant | None:
        """The variant that the view has at `index`, or None for the source."""
        return self._variants[index] if 0 <= index < len(self._variants) else None

    def rename(self) -> None:
        """The language is another one: pictures are made anew when they are shown next."""
        self._pictures.clear()

    def clear(self) -> None:
        """Let go of the variants; the view shows them until it is told otherwise."""
        self._pictures.clear()
        self._variants = []

    def _tell(self, change: Callable[[], None]) -> None:
        """Have the view show something that the settings say already."""
        self.is_telling = True
        change()
        self.is_telling = False
        self._told()

    def _picture(self, variant: Variant, photo: Photo) -> Picture:
        """One picture object for each result, so that the view keeps what it has prepared."""
        known = self._pictures.get(_key(variant))
        if known is not None:
            return known
        pixels = np.load(variant.result.restored, mmap_mode="r")
        return Picture.of_result(self._title(variant), pixels, photo)


def _available(state: PhotoState) -> list[Variant]:
    """The results that can be shown, in the order of their keys, and the draft of the next."""
    draft = _drafted(state)
    there = [variant for variant in state.variants if variant.is_available]
    return there if draft is None else [*there, draft]


def _drafted(state: PhotoState) -> Variant | None:
    """The draft of the run in work, while its file is there."""
    return state.draft if state.draft is not None and state.draft.is_available else None


def _key(variant: Variant) -> Path | Variant:
    """What a picture is known by. A draft, and what comes of it bit by bit, lie in one file, and
    each look at it is a picture of its own."""
    return variant.result.restored if variant.number else variant
