"""Counts the histograms of what is compared, off the window's thread."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from restorer_app.gui.compare.histogram import Histogram, histogram
from restorer_app.gui.compare.picture import Picture
from restorer_app.gui.compare.workshop import Workshop


class Tally(QObject):
    """Remembers what it counted for as long as the picture is among those compared."""

    ready = Signal(object, object)
    """Histogram of the source, and of the result or None; emitted again for each new pair, and
    without either once there is no photo."""

    def __init__(self, workshop: Workshop, parent: QObject) -> None:
        super().__init__(parent)
        self._workshop = workshop
        self._counted: dict[Picture, Histogram] = {}
        self._compared: set[Picture] = set()
        self._pair: tuple[Picture | None, Picture | None] = (None, None)
        self._told: tuple[Histogram | None, Histogram | None] = (None, None)
        workshop.made.connect(self._tell)

    def compare(self, photo: Picture | None, result: Picture | None) -> None:
        """Count these two if that is not done yet; `result` is None where there is only one."""
        self._pair = photo, result
        self.prepare(tuple(picture for picture in self._pair if picture is not None))
        self._tell()

    def prepare(self, pictures: tuple[Picture, ...]) -> None:
        """Count these beforehand, so that nothing is left to do when one is flipped to."""
        for picture in pictures:
            self._compared.add(picture)
            if picture not in self._counted:
                self._workshop.soon(picture, partial(self._count, picture))

    def keep(self, pictures: tuple[Picture, ...]) -> None:
        """Forget all others."""
        self._compared = set(pictures)
        self._counted = {p: h for p, h in self._counted.items() if p in pictures}

    def _count(self, picture: Picture) -> None:
        if picture in self._counted or picture not in self._compared:
            return
        counts = histogram(picture)
        if picture in self._compared:  # else its photo was closed meanwhile
            self._counted[picture] = counts

    def _tell(self) -> None:
        photo, result = self._pair
        before = None if photo is None else self._counted.get(photo)
        after = None if result is None else self._counted.get(result)
        if (photo is not None and before is None) or (result is not None and after is None):
            return
        if (before, after) != self._told:
            self._told = before, after
            self.ready.emit(before, after)
