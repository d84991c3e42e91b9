"""Which photos are open, which one is looked at, and which are selected."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from restorer_app.observable import Signal
from restorer_app.photo_search import found_photos
from restorer_app.photo_state import PhotoState
from restorer_app.presence import real

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from restorer_app.photo_search import Found
    from restorer_app.photo_settings import PhotoSettings


@dataclass(frozen=True, slots=True)
class Opened:
    """What came of opening: new photos (unreadable ones among them), and how many were open."""

    added: tuple[PhotoState, ...]
    known: int
    unreadable: int


class Album(ABC):
    """The list of open photos. What they start with is up to the class built on it."""

    def __init__(self) -> None:
        self.photos_changed: Signal[[]] = Signal()
        self.current_changed: Signal[[PhotoState | None]] = Signal()
        self.selection_changed: Signal[[]] = Signal()
        self.photo_changed: Signal[[PhotoState]] = Signal()
        """Settings, variants, failure or preview of a photo are others now."""
        self._photos: dict[Path, PhotoState] = {}
        self._current: PhotoState | None = None
        self._selection: frozenset[Path] = frozenset()

    @property
    def photos(self) -> Sequence[PhotoState]:
        return tuple(self._photos.values())

    @property
    def current(self) -> PhotoState | None:
        return self._current

    @property
    def selection(self) -> Sequence[PhotoState]:
        """The selected photos in the order of the list; the current one if none is selected."""
        return tuple(self.selected())

    def selected(self) -> Iterator[PhotoState]:
        """The photos of `selection`, one after another."""
        if self._selection:
            yield from (self._photos[path] for path in self._photos if path in self._selection)
        elif self._current is not None:
            yield self._current

    def photo(self, path: Path) -> PhotoState | None:
        """The photo opened under exactly this path."""
        return self._photos.get(path)

    def open(self, paths: Iterable[Path]) -> Opened:
        """Open photos and folders of photos, each file once; the first new one becomes current."""
        return self.take(found_photos(paths))

    def take(self, found: Iterable[Found], settings: PhotoSettings | None = None) -> Opened:
        """Open what a search, perhaps in another thread, has found; with these settings, or those
        that a new photo starts with."""
        open_already = {real(photo.path) for photo in self._photos.values()}
        added, known = [], 0
        for item in found:
            if real(item.path) in open_already:
                known += 1
                self.mark_unreadable(item.path, item.error)  # a drive may be back
                continue
            photo = PhotoState(item.path, item.root, settings or self._fresh(), item.error)
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
            self._forget(photo)
        self._selection &= self._photos.keys()
        self.photos_changed.emit()
        self.selection_changed.emit()
        if self._current in gone:
            place = places.index(self._current.path) if self._current else 0
            after = [path for path in places[place:] if path in self._photos]
            left = after or list(self._photos)[-1:]
            self.set_current(left[0] if left else None)

    def mark_unreadable(self, path: Path, sentence: str) -> None:
        """Note that a photo turned out to be damaged when it was decoded; "" that it is not, or no
        longer."""
        photo = self._photos.get(path)
        if photo is not None and photo.error != sentence:
            photo.error = sentence
            self.photo_changed.emit(photo)

    def set_current(self, path: Path | None) -> None:
        """Turn to another photo; a path that is not open means none."""
        photo = None if path is None else self._photos.get(path)
        if photo is not self._current:
            self._leave()
            self._current = photo
            self.current_changed.emit(photo)

    def step(self, by: int) -> None:
        """Turn to the photo that many places further, as far as there are any."""
        paths = list(self._photos)
        if self._current is not None and paths:
            place = paths.index(self._current.path) + by
            self.set_current(paths[min(max(place, 0), len(paths) - 1)])

    def set_selection(self, paths: Iterable[Path]) -> None:
        chosen = frozenset(path for path in paths if path in self._photos)
        if chosen != self._selection:
            self._selection = chosen
            self.selection_changed.emit()

    def arrange(self, paths: Sequence[Path]) -> None:
        """Bring the list into this order; photos that are not named come last."""
        places = {path: place for place, path in enumerate(paths)}
        ordered = sorted(self._photos.items(), key=lambda item: places.get(item[0], len(places)))
        self._photos = dict(ordered)

    @abstractmethod
    def _fresh(self) -> PhotoSettings:
        """The settings that a new photo starts with."""

    @abstractmethod
    def _forget(self, photo: PhotoState) -> None:
        """A photo was closed."""

    @abstractmethod
    def _leave(self) -> None:
        """Another photo is about to become the current one."""
