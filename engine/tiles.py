"""Cutting a large picture into overlapping tiles and putting the results together again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from engine.photo import Box, FloatArray


@dataclass(frozen=True, slots=True)
class Tiling:
    """How a picture is cut: tiles of at most `side` pixels that share `overlap` with neighbours."""

    side: int
    overlap: int
    align: int = 1
    """Tiles start at multiples of this, so that a network which works on a coarser grid sees the
    same grid in every tile."""

    def __post_init__(self) -> None:
        # Of a shorter one two halves would be left, mixed with neighbours from both sides at once.
        if self.overlap < 0 or self.align < 1 or self.core < max(1, 4 * self.blend):
            raise ValueError(f"tiles need a core between their overlaps: {self}")

    @property
    def core(self) -> int:
        """The part of a tile's side that it does not share, with a neighbour on either side."""
        return self.side - 2 * self.overlap - (self.align - 1)

    @property
    def blend(self) -> int:
        """Pixels to each side of a border over which two tiles are mixed.

        The rest of the overlap is context: seen, so that the border is predicted as the middle
        of a tile would be, but not written.
        """
        return self.overlap // 4


@dataclass(frozen=True, slots=True)
class Tile:
    """One piece: `seen` is what is read, `kept` the part of it that is written."""

    seen: Box
    kept: Box


def tiles(width: int, height: int, tiling: Tiling) -> Iterator[Tile]:
    """The tiles of a picture, row by row from the top.

    The kept parts cover every pixel; neighbouring ones share half an overlap on each side of
    their border, over which they are blended.
    """
    rows = _spans(height, tiling)
    columns = _spans(width, tiling)
    for seen_top, seen_bottom, top, bottom in rows:
        for seen_left, seen_right, left, right in columns:
            yield Tile(
                Box(seen_left, seen_top, seen_right, seen_bottom),
                Box(left, top, right, bottom),
            )


def _spans(length: int, tiling: Tiling) -> list[tuple[int, int, int, int]]:
    """(seen start, seen end, kept start, kept end) along one axis; as much is seen by all."""
    if length <= tiling.side:
        return [(0, length, 0, length)]
    # Those at the ends share one side alone, and keep the other overlap besides.
    inside = length - 2 * tiling.overlap
    count = -(-inside // tiling.core)
    inner = [tiling.overlap + round(i * inside / count) for i in range(1, count)]
    borders = [0, *inner, length]
    spans = []
    for start, end in pairwise(borders):
        kept = max(0, start - tiling.blend), min(length, end + tiling.blend)
        first = max(0, start - tiling.overlap) // tiling.align * tiling.align
        seen = first, min(length, end + tiling.overlap)
        spans.append((*seen, *kept))
    return spans


class Canvas:
    """Collects tiles in the order of `tiles` and hands finished rows to `write`.

    Holds no more than one row of tiles. `write(top, rows)` is given rows (n, width, channels),
    float32, each exactly once and from the top down.
    """

    def __init__(
        self, width: int, height: int, tiling: Tiling, write: Callable[[int, FloatArray], None]
    ) -> None:
        self._size, self._tiling, self._write = (width, height), tiling, write
        self._top = 0
        self._rows: FloatArray | None = None

    def add(self, tile: Tile, pixels: FloatArray) -> None:
        """Put down a tile's prediction, (h, w, channels), for all of `tile.seen`."""
        kept, seen = tile.kept, tile.seen
        rows = self._room_for(kept, pixels.shape[2])
        inner = pixels[
            kept.top - seen.top : kept.bottom - seen.top,
            kept.left - seen.left : kept.right - seen.left,
        ]
        shares = _weights(kept, *self._size, self._tiling.blend)[..., None]
        part = slice(kept.top - self._top, kept.bottom - self._top)
        rows[part, kept.left : kept.right] += inner * shares

    def finish(self) -> None:
        """Hand out the last rows."""
        if self._rows is not None:
            self._write(self._top, self._rows)
            self._rows = None

    def _room_for(self, kept: Box, channels: int) -> FloatArray:
        """The buffer, moved down to where `kept` starts."""
        height = kept.bottom - kept.top
        if self._rows is None:
            self._top = kept.top
            self._rows = np.zeros((height, self._size[0], channels), np.float32)
        elif kept.top > self._top:
            done = kept.top - self._top
            self._write(self._top, self._rows[:done])
            rest = self._rows[done:]
            self._rows = np.zeros((height, self._size[0], channels), np.float32)
            self._rows[: len(rest)] = rest
            self._top = kept.top
        return self._rows


def _weights(kept: Box, width: int, height: int, blend: int) -> FloatArray:
    """How much of a tile's kept part counts, (h, w) in 0..1: ramps `2 * blend` wide at borders
    shared with other tiles, so that the weights of neighbours add up to one."""
    rows = _ramp(kept.height, kept.top > 0, kept.bottom < height, blend)
    columns = _ramp(kept.width, kept.left > 0, kept.right < width, blend)
    return np.outer(rows, columns).astype(np.float32)


def _ramp(length: int, before: bool, after: bool, blend: int) -> FloatArray:
    ramp = np.ones(length, np.float32)
    if blend:
        rise = (np.arange(2 * blend, dtype=np.float32) + 0.5) / np.float32(2 * blend)
        if before:
            ramp[: 2 * blend] *= rise
        if after:
            ramp[-2 * blend :] *= rise[::-1]
    return ramp
