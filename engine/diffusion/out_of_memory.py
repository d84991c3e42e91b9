"""What a run does when a tile does not fit, or comes out wrong: it goes on, and says how.

Memory: smaller tiles, then weights off-loaded, then the processor; what was found too large stays
too large for the rest of the run. A tile with numbers that are none, black, or washed out is made
once more with the finest numbers, and if that does not help the draft stays in its place.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import torch

from engine.bands import reach
from engine.errors import OutOfMemory
from engine.photo import Box, FloatArray
from engine.placement import Placement, lower
from engine.texture import TEXTURE
from engine.tiles import Canvas, Tiling, tiles

Run = Callable[[Box, FloatArray, Placement], FloatArray]
"""Restores one tile as placed: its box in the picture, for what neighbours have to share, and its
draft, (h, w, 3), 0..1. Its sides are at most the placement's. A `FloatingPointError` is a tile
without numbers."""
Finish = Callable[[FloatArray, FloatArray], FloatArray]
"""From a draft and the sound tile that was made of it, to what is kept of the tile."""
Release = Callable[[Placement], None]
"""Frees what a failed attempt left on the device, before the next one."""

SMALLEST_SIDE = 256

_LOG = logging.getLogger(__name__)
_SHARED = 1 / 8
"""Part of a tile's side that it shares with each neighbour."""
_ALIGN = 16
"""Pixels a token stands for: pieces begin on the grid of the whole."""
_BLACK, _BRIGHT = 0.02, 0.15
"""Mean levels: a tile below the one is black if its draft is above the other."""
_FLAT, _LIVELY = 0.2, 0.02
"""A tile is washed out if its contrast is less than this share of its draft's, where the draft
has that much (standard deviation of 0..1)."""
_SPOKEN = (
    "out of memory",  # CUDA, MPS and the driver
    "not enough memory",  # the allocator for the processor on Windows
    "can't allocate memory",  # the same elsewhere
    "cublas_status_alloc_failed",
    "cudnn_status_alloc_failed",
    "invalid buffer size",  # MPS
)


class Descent:
    """Runs tiles one after another, and steps down where the machine makes it.

    `notes` are sentences for the user about all that did not go as placed at first, each once.
    """

    def __init__(
        self,
        placement: Placement,
        run: Run,
        release: Release,
        *,
        smallest: int = SMALLEST_SIDE,
        finish: Finish = lambda draft, restored: restored,
    ) -> None:
        """`finish` sees every tile, and every piece of one that had to be cut, by itself."""
        self.placement = placement
        self.notes: list[str] = []
        self._run, self._release, self._finish = run, release, finish
        self._below: Iterator[Placement] = lower(placement, smallest)

    def restore(self, box: Box, draft: FloatArray) -> FloatArray:
        """The restored tile for the `draft` of a `box` of the picture, both (h, w, 3), float32,
        0..1.

        Raises `OutOfMemory` only when even the last resort did not fit.
        """
        while True:
            if max(draft.shape[:2]) > self.placement.side:
                return self._in_pieces(box, draft)
            try:
                return self._sound(box, draft)
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                self._step_down(error)
            # Outside the handler, whose error holds on to the tensors of the failed attempt.
            self._release(self.placement)

    def _sound(self, box: Box, draft: FloatArray) -> FloatArray:
        """Run a tile, and once more in the finest numbers if it comes out wrong."""
        restored, fault = self._tried(box, draft, self.placement)
        if not fault:
            return self._finish(draft, restored)
        self._note(f"A tile came out {fault} and was made once more.")
        restored, still = self._tried(box, draft, replace(self.placement, dtype="float32"))
        if not still:
            return self._finish(draft, restored)
        self._note(f"A tile stayed {fault}; the draft was kept in its place.")
        return draft

    def _tried(self, box: Box, draft: FloatArray, placed: Placement) -> tuple[FloatArray, str]:
        """A tile, and what is wrong with it."""
        try:
            restored = self._run(box, draft, placed)
        except FloatingPointError:
            restored = np.full_like(draft, np.nan)
        return restored, fault_of(restored, draft)

    def _step_down(self, error: Exception) -> None:
        try:
            self.placement = next(self._below)
        except StopIteration:
            raise OutOfMemory("Even a small part of this picture does not fit.") from error
        self._note(f"{self.placement.why[0].upper()}{self.placement.why[1:]}.")

    def _in_pieces(self, box: Box, draft: FloatArray) -> FloatArray:
        height, width = draft.shape[:2]
        tiling = tiling_for(self.placement.side)
        out = np.empty_like(draft)

        def write(top: int, rows: FloatArray) -> None:
            out[top : top + len(rows)] = rows

        canvas = Canvas(width, height, tiling, write)
        for tile in tiles(width, height, tiling):
            seen = tile.seen
            place = Box(
                box.left + seen.left,
                box.top + seen.top,
                box.left + seen.right,
                box.top + seen.bottom,
            )
            canvas.add(tile, self.restore(place, draft[seen.slices]))
        canvas.finish()
        return out

    def _note(self, sentence: str) -> None:
        _LOG.warning(sentence)
        if sentence not in self.notes:
            self.notes.append(sentence)


def tiling_for(side: int) -> Tiling:
    """Tiles of `side` pixels on the grid of tokens, with enough context for their texture."""
    overlap = max(int(side * _SHARED), 2 * reach(TEXTURE)) // _ALIGN * _ALIGN
    return Tiling(side=side, overlap=overlap, align=_ALIGN)


def fault_of(restored: FloatArray, draft: FloatArray) -> str:
    """What is wrong with a tile in a word or two, judged by its draft; empty if nothing is."""
    if not np.isfinite(restored).all():
        return "without numbers"
    if restored.mean() < _BLACK and draft.mean() > _BRIGHT:
        return "black"
    if draft.std() > _LIVELY and restored.std() < _FLAT * draft.std():
        return "washed out"
    return ""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory ran out; only some have a type of their own."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    said = str(error).lower()
    return isinstance(error, RuntimeError) and any(words in said for words in _SPOKEN)
