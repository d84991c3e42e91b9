"""A picture in halving sizes, ready for the screen: tiles of full size, the rest kept whole.

Full size is never converted as a whole. What is looked at is cut into tiles that a cache of bounded
size remembers; each further level is half as large by area averaging and stays in memory: 4/3 bytes
for each pixel of the picture in all. Everything slow happens in the workshop.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterator
from itertools import count
from threading import Lock

import cv2
import numpy as np

from engine.colour import is_srgb
from restorer_app.gui.compare.display_colour import ScreenColour, Shown, over_ground
from restorer_app.gui.compare.picture import Picture
from restorer_app.gui.compare.workshop import Workshop

TILE = 512
_STRIP = 512
"""Rows of full size reduced in one step, so that a wanted tile never waits long."""
_GLANCE = 700_000
"""Pixels of the first, rough version that is shown until the levels are built."""
_COARSEST = 256

Key = tuple[int, int, int]
_numbers = count()
"""Pyramids are told apart by number: a memory address may come again, and old pixels with it."""


class TileCache:
    """Tiles of all pictures, the longest unused dropped first. Safe from several threads."""

    def __init__(self, limit: int = 384 * 1024 * 1024) -> None:
        """`limit` in bytes; a view of 4K needs up to 270 MB for both its pictures."""
        self.limit = limit
        self._tiles: OrderedDict[Key, Shown] = OrderedDict()
        self._bytes = 0
        self._sheet = np.empty(0, np.uint8)
        self._lock = Lock()

    def get(self, key: Key) -> Shown | None:
        with self._lock:
            tile = self._tiles.get(key)
            if tile is not None:
                self._tiles.move_to_end(key)
            return tile

    def sheet(self, height: int, width: int) -> Shown:
        """Room to lay tiles side by side, used again and again; for the window's thread alone."""
        needed = height * width * 4
        if self._sheet.size < needed:
            self._sheet = np.empty(needed * 5 // 4, np.uint8)
        return self._sheet[:needed].reshape(height, width, 4)

    def put(self, key: Key, tile: Shown) -> None:
        with self._lock:
            old = self._tiles.pop(key, None)
            self._bytes += tile.nbytes - (0 if old is None else old.nbytes)
            self._tiles[key] = tile
            while self._bytes > self.limit and len(self._tiles) > 1:
                self._bytes -= self._tiles.popitem(last=False)[1].nbytes

    def forget(self, number: int) -> None:
        """Drop the tiles of a pyramid that is of no use any more."""
        with self._lock:
            for key in [key for key in self._tiles if key[0] == number]:
                self._bytes -= self._tiles.pop(key).nbytes

    def __contains__(self, key: Key) -> bool:
        with self._lock:
            return key in self._tiles

    @property
    def bytes(self) -> int:
        with self._lock:
            return self._bytes


class Pyramid:
    """One picture on one kind of screen. `version` grows whenever something finer is ready."""

    def __init__(
        self, picture: Picture, colour: ScreenColour, cache: TileCache, workshop: Workshop
    ) -> None:
        self.picture = picture
        self.version = 0
        self._colour = colour
        self._cache = cache
        self._workshop = workshop
        self._closed = False
        self.number = next(_numbers)
        # Rounding to 8 bits is so quick that it may happen while painting; profiles are not.
        self._quick = colour.is_srgb and is_srgb(picture.profile)
        self._levels: list[Shown | None] = [None] * (self._count() + 1)
        self._exact = False
        self._finished = 0
        if self.levels:
            # Something to draw from the first moment, so that no flip shows a blank.
            self._levels[-1] = self._rough(self.levels)
        workshop.steadily(self._build())

    @property
    def levels(self) -> int:
        """How many levels there are above full size, which is level 0."""
        return len(self._levels) - 1

    @property
    def complete(self) -> bool:
        return self._exact

    def is_final(self, level: int) -> bool:
        """Whether `level` is what it will remain, not a rough version of it."""
        return level <= self._finished

    def close(self) -> None:
        """Stop preparing; what is there may still be drawn."""
        self._closed = True
        self._cache.forget(self.number)

    def finest_ready(self, wanted: int) -> int:
        """The level to draw for `wanted`: itself, else the next coarser one."""
        if wanted <= 0:
            return 0
        return next(n for n in range(wanted, self.levels + 1) if self._levels[n] is not None)

    def level_size(self, level: int) -> tuple[int, int]:
        """(width, height); a last column or row that stands alone counts as a pixel."""
        size = self.picture.size
        return -(-size.width >> level), -(-size.height >> level)

    def region(
        self, level: int, left: int, top: int, right: int, bottom: int, deadline: float
    ) -> tuple[Shown, bool]:
        """Pixels of `level` inside the bounds, and whether all of them are exact.

        At level 0 tiles are made until `deadline` (`time.perf_counter`); then what is missing is
        asked of the workshop and stands in blurred from a coarser level. The pixels are good until
        the next call.
        """
        whole = self._levels[level]
        if whole is not None:
            return whole[top:bottom, left:right], True
        result = self._cache.sheet(bottom - top, right - left)
        exact = True
        for row in range(top // TILE, (bottom - 1) // TILE + 1):
            for column in range(left // TILE, (right - 1) // TILE + 1):
                tile = self._tile(column, row, deadline)
                exact &= tile is not None
                self._lay(result, left, top, column, row, tile)
        return result, exact

    def prepare(self, left: int, top: int, right: int, bottom: int) -> None:
        """Have the workshop make the tiles of full size that cover these bounds."""
        for row in range(top // TILE, (bottom - 1) // TILE + 1):
            for column in range(left // TILE, (right - 1) // TILE + 1):
                if self._key(column, row) not in self._cache:
                    self._ask(column, row)

    def _count(self) -> int:
        size, levels = self.picture.size, 0
        while max(size.width, size.height) >> levels > _COARSEST:
            levels += 1
        return levels

    def _key(self, column: int, row: int) -> Key:
        return self.number, column, row

    def _tile(self, column: int, row: int, deadline: float) -> Shown | None:
        found = self._cache.get(self._key(column, row))
        if found is not None:
            return found
        if self.levels == 0 or (self._quick and time.perf_counter() < deadline):
            return self._made(column, row)
        self._ask(column, row)
        return None

    def _ask(self, column: int, row: int) -> None:
        self._workshop.soon(self._key(column, row), lambda: self._make_later(column, row))

    def _make_later(self, column: int, row: int) -> None:
        if not self._closed and self._key(column, row) not in self._cache:
            self._made(column, row)
            self.version += 1

    def _made(self, column: int, row: int) -> Shown:
        rows = slice(row * TILE, (row + 1) * TILE)
        tile = self._shown(rows, slice(column * TILE, (column + 1) * TILE))
        if not self._closed:
            self._cache.put(self._key(column, row), tile)
        return tile

    def _lay(
        self, result: Shown, left: int, top: int, column: int, row: int, tile: Shown | None
    ) -> None:
        x0, y0 = max(column * TILE, left), max(row * TILE, top)
        x1 = min((column + 1) * TILE, left + result.shape[1])
        y1 = min((row + 1) * TILE, top + result.shape[0])
        target = result[y0 - top : y1 - top, x0 - left : x1 - left]
        if tile is None:
            target[:] = self._stand_in(x0, y0, x1, y1)
        else:
            dx, dy = column * TILE, row * TILE
            target[:] = tile[y0 - dy : y1 - dy, x0 - dx : x1 - dx]

    def _stand_in(self, x0: int, y0: int, x1: int, y1: int) -> Shown:
        """Full-size pixels guessed from the finest level there is."""
        level = self.finest_ready(1)
        small = self._levels[level]
        assert small is not None
        step = float(1 << level)
        matrix = np.array(
            [[1 / step, 0, (x0 + 0.5) / step - 0.5], [0, 1 / step, (y0 + 0.5) / step - 0.5]]
        )
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        size = (x1 - x0, y1 - y0)
        guess = cv2.warpAffine(small, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(guess, np.uint8)

    def _build(self) -> Iterator[None]:
        """The steps that make all levels: a rough one at once, then the true ones."""
        if self.levels == 0:
            self._exact = True
            return
        rough = self._glance_level()
        if rough:
            self._levels[rough] = self._rough(rough)
            self.version += 1
            yield
        yield from self._first_level()
        for level in range(2, self.levels + 1):
            if self._closed:
                return
            finer = self._levels[level - 1]
            assert finer is not None
            self._levels[level] = _halved(finer)
            self._finished = level
        self._exact = True
        self.version += 1

    def _rough(self, level: int) -> Shown:
        """A level by leaving pixels out, which reads little even of a large file."""
        step = 1 << level
        size = self.picture.size
        # The last pixel of the level may be of less than half a step.
        rests = [side % step for side in (size.width, size.height)]
        first = 0 if any(0 < rest <= step // 2 for rest in rests) else step // 2
        chosen = slice(first, None, step)
        return self._shown(chosen, chosen)

    def _shown(self, rows: slice, columns: slice) -> Shown:
        """Pixels of full size for the screen; where the photo is transparent, in one gray."""
        picture = self.picture
        shown = self._colour.shown(picture.part(rows, columns), picture.profile)
        return over_ground(shown, picture.alpha_part(rows, columns))

    def _glance_level(self) -> int:
        size, level = self.picture.size, 0
        while (size.width * size.height) >> (2 * level) > _GLANCE:
            level += 1
        return min(level, self.levels)

    def _first_level(self) -> Iterator[None]:
        width, height = self.level_size(1)
        half = np.empty((height, width, 4), np.uint8)
        full = self.picture.size.height
        for top in range(0, full, _STRIP):
            if self._closed:
                return
            strip = _halved(self._shown(slice(top, top + _STRIP), slice(None)))
            half[top // 2 : top // 2 + len(strip)] = strip
            yield
        self._levels[1] = half
        self._finished = 1
        self.version += 1


def _halved(image: Shown) -> Shown:
    """Mean of each 2 x 2; a last odd row or column counts twice."""
    height, width = image.shape[:2]
    if height % 2 or width % 2:
        more = (0, height % 2, 0, width % 2)
        image = np.asarray(cv2.copyMakeBorder(image, *more, cv2.BORDER_REPLICATE), np.uint8)
    size = ((width + 1) // 2, (height + 1) // 2)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
