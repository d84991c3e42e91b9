"""A network's work on a picture of any size: tile by tile, smaller where memory is short."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from engine.diffusion.devices import pick_device, release_memory
from engine.diffusion.out_of_memory import is_out_of_memory
from engine.errors import OutOfMemory
from engine.photo import Box, FloatArray, floats
from engine.progress import Progress
from engine.tiles import Canvas, Tile, Tiling, tiles

SMALLEST_SIDE = 256

Read = Callable[[Box], FloatArray]
"""The pixels of a box, (h, w, channels)."""
Write = Callable[[int, FloatArray], None]
"""Takes (top row, finished rows), (n, width, channels), each row once and from the top down."""
Work = Callable[[FloatArray], FloatArray]
"""One tile (h, w, channels) to its result (scale h, scale w, channels)."""


def in_tiles(
    size: tuple[int, int],
    read: Read,
    write: Write,
    work: Work,
    *,
    tiling: Tiling,
    progress: Progress,
    scale: int = 1,
) -> None:
    """Do `work` on a picture of `size` (width, height) that is read and written piece by piece.

    What is written is `scale` times as large. Where memory runs out the tile is halved, down to
    `SMALLEST_SIDE`, before `OutOfMemory` is raised.
    """
    plan = list(tiles(*size, tiling))
    canvas = _canvas(size, tiling, scale, write)
    for index, tile in enumerate(plan):
        progress.report(index / len(plan), "restoring")
        canvas.add(_larger(tile, scale), _done(read(tile.seen), work, tiling, scale))
    canvas.finish()
    progress.report(1.0, "restoring")


def whole(
    picture: FloatArray, work: Work, *, tiling: Tiling, progress: Progress, scale: int = 1
) -> FloatArray:
    """`in_tiles` for a picture in memory, (h, w, channels) to (scale h, scale w, channels)."""
    parts: list[FloatArray] = []
    size = picture.shape[1], picture.shape[0]
    in_tiles(
        size,
        lambda box: picture[box.slices],
        lambda top, rows: parts.append(rows),
        work,
        tiling=tiling,
        progress=progress,
        scale=scale,
    )
    return np.concatenate(parts)


def _done(pixels: FloatArray, work: Work, tiling: Tiling, scale: int) -> FloatArray:
    """One tile's result, made in quarters if memory does not allow the whole."""
    try:
        return work(pixels)
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        if max(pixels.shape[:2]) <= SMALLEST_SIDE:
            raise OutOfMemory("Even a small part of this picture does not fit.") from error
    # Outside the handler, whose error holds on to the tensors of the failed attempt.
    release_memory(pick_device("auto"))
    return _in_quarters(pixels, work, tiling, scale)


def _in_quarters(pixels: FloatArray, work: Work, tiling: Tiling, scale: int) -> FloatArray:
    height, width = pixels.shape[:2]
    half = max(SMALLEST_SIDE, max(height, width) // 2 + tiling.overlap)
    smaller = replace(tiling, side=half, overlap=min(tiling.overlap, half // 8 // 4 * 4))
    parts: list[FloatArray] = []
    canvas = _canvas((width, height), smaller, scale, lambda top, rows: parts.append(rows))
    for tile in tiles(width, height, smaller):
        part = pixels[tile.seen.slices]
        canvas.add(_larger(tile, scale), _done(part, work, smaller, scale))
    canvas.finish()
    return np.concatenate(parts)


def _canvas(size: tuple[int, int], tiling: Tiling, scale: int, write: Write) -> Canvas:
    """Where results `scale` times as large as the tiles are put together."""
    if scale > 1 and tiling.overlap % 4:
        raise ValueError(f"an overlap of whole quarters keeps borders on pixels: {tiling}")
    large = replace(tiling, side=tiling.side * scale, overlap=tiling.overlap * scale)
    return Canvas(size[0] * scale, size[1] * scale, large, write)


def _larger(tile: Tile, scale: int) -> Tile:
    return Tile(tile.seen.times(scale), tile.kept.times(scale))


def smaller_reads(read: Read, size: tuple[int, int], times: int) -> Read:
    """What `read` gives of a picture of `size` (width, height), so many times smaller: a pixel is
    the mean of `times` by `times`, fewer at the right and lower end."""

    def smaller(box: Box) -> FloatArray:
        right, bottom = (
            min(times * b, n) for b, n in zip((box.right, box.bottom), size, strict=True)
        )
        pixels = read(Box(times * box.left, times * box.top, right, bottom))
        missing = times * box.height - pixels.shape[0], times * box.width - pixels.shape[1]
        if any(missing):
            pixels = np.pad(pixels, ((0, missing[0]), (0, missing[1]), (0, 0)), "edge")
        return floats(cv2.resize(pixels, (box.width, box.height), interpolation=cv2.INTER_AREA))

    return read if times == 1 else smaller
