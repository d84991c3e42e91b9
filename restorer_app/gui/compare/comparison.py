"""The pictures that are compared: a source, its results, and which of them is shown."""

from __future__ import annotations

from restorer_app.gui.compare.display_colour import ScreenColour
from restorer_app.gui.compare.frames import Sight, prepare, tile_bytes
from restorer_app.gui.compare.picture import Picture
from restorer_app.gui.compare.pyramid import Pyramid, TileCache
from restorer_app.gui.compare.viewport import Size, Viewport
from restorer_app.gui.compare.workshop import Workshop

ORIGINAL = -1
"""The index that means the source itself instead of a variant."""


class Comparison:
    """One source and its variants with the pyramids that draw them."""

    def __init__(self, workshop: Workshop) -> None:
        self.photo: Picture | None = None
        self.variants: tuple[Picture, ...] = ()
        self.variant = ORIGINAL
        self._workshop = workshop
        self._cache = TileCache()
        self._colour = ScreenColour()
        self._pyramids: dict[Picture, Pyramid] = {}

    def open(self, photo: Picture | None) -> None:
        """Another source, without variants."""
        self.photo, self.variants, self.variant = photo, (), ORIGINAL
        self._keep()

    def put_variants(self, variants: tuple[Picture, ...], shown: int) -> None:
        """Other variants; those that were there already stay prepared.

        Raises `ValueError` without a photo, or where `shown` names none of them.
        """
        if self.photo is None:
            raise ValueError("variants need a photo")
        if not ORIGINAL <= shown < max(len(variants), 1):
            raise ValueError(f"no variant {shown} among {len(variants)}")
        self.variants, self.variant = variants, shown if variants else ORIGINAL
        self._keep()

    def put_colour(self, colour: ScreenColour) -> None:
        """The view is on another screen: everything is prepared anew."""
        if colour == self._colour:
            return
        self._colour = colour
        for pyramid in self._pyramids.values():
            pyramid.close()
        self._pyramids = {}
        self._keep()

    @property
    def colour(self) -> ScreenColour:
        return self._colour

    @property
    def size(self) -> Size | None:
        return None if self.photo is None else self.photo.size

    @property
    def scale(self) -> float:
        """Pixels of the shown variant per pixel of the source, along one side."""
        result = self.result
        if result is None or self.photo is None:
            return 1.0
        return result.size.width / self.photo.size.width

    @property
    def result(self) -> Picture | None:
        """The shown variant; the source itself where there is none."""
        return self.photo if self.variant == ORIGINAL else self.variants[self.variant]

    @property
    def before(self) -> Pyramid | None:
        return None if self.photo is None else self._pyramids[self.photo]

    @property
    def after(self) -> Pyramid | None:
        return None if self.result is None else self._pyramids[self.result]

    def prepare(self, viewport: Viewport) -> None:
        """Have ready what may be flipped to at this place, as far as half the cache holds it."""
        shown = {self.photo, self.result}
        order = sorted(self._pyramids.items(), key=lambda item: item[0] not in shown)
        sights = [Sight(pyramid, viewport, nearest=False) for _, pyramid in order]
        room, chosen = self._cache.limit // 2, []
        for sight in sights:
            room -= tile_bytes(sight)
            if room >= 0 or sight in sights[: len(shown)]:
                chosen.append(sight)
        for sight in reversed(chosen):  # what is asked for last is done first
            prepare(sight)

    def results(self) -> tuple[Pyramid, ...]:
        """Of the variants, in their order."""
        return tuple(self._pyramids[picture] for picture in self.variants)

    @property
    def versions(self) -> int:
        """Changes whenever something finer can be drawn."""
        return sum(pyramid.version for pyramid in self._pyramids.values())

    def close(self) -> None:
        for pyramid in self._pyramids.values():
            pyramid.close()

    def _keep(self) -> None:
        """One pyramid for each picture there is, none for those that are gone."""
        pictures = (() if self.photo is None else (self.photo,)) + self.variants
        for picture in tuple(self._pyramids):
            if picture not in pictures:
                self._pyramids.pop(picture).close()
        for picture in pictures:
            if picture not in self._pyramids:
                self._pyramids[picture] = Pyramid(
                    picture, self._colour, self._cache, self._workshop
                )
