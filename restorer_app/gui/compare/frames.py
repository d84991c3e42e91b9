"""What one picture looks like through one viewport: pixels ready to be laid on the screen."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from dataclasses import dataclass, replace

import cv2
import numpy as np
from PySide6.QtGui import QImage

from restorer_app.gui.compare.display_colour import Shown
from restorer_app.gui.compare.pyramid import Pyramid
from restorer_app.gui.compare.viewport import Viewport

Rect = tuple[int, int, int, int]
"""Left, top, right, bottom in device pixels of the pane; right and bottom are outside."""

NEAREST_FROM = 2.0
"""Zoom from which single pixels are shown as squares."""
_SPARE = 4
"""Pixels around what is drawn that an enlargement looks at."""
_KEPT = 7
_PATIENCE = 0.006
"""Seconds that painting may spend on making tiles."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Part of a pane: contiguous `pixels` with the upper left corner at (`left`, `top`).

    `exact` tells whether nothing blurred stands in for what is still being prepared.
    """

    left: int
    top: int
    pixels: Shown
    exact: bool

    @property
    def rect(self) -> Rect:
        height, width = self.pixels.shape[:2]
        return self.left, self.top, self.left + width, self.top + height

    def image(self) -> QImage:
        """All of it, sharing memory: the frame must outlive the image."""
        height, width = self.pixels.shape[:2]
        return QImage(self.pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)


@dataclass(frozen=True, slots=True)
class Sight:
    """Which picture, through which viewport.

    `nearest` shows its pixels as squares. `fine` enlarges with more care, which takes some 30 ms;
    to a whole multiple as the engine does.
    """

    pyramid: Pyramid
    viewport: Viewport
    nearest: bool
    fine: bool = False


class Frames:
    """Draws frames and remembers the last few, so that a flip is one copy.

    A frame is good until a few others have been asked for: its memory is used again, since fresh
    memory costs more time than drawing.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, Viewport, bool, bool], tuple[int, Frame]] = OrderedDict()
        self._spare: list[Shown] = []

    def frame(self, sight: Sight, clip: Rect) -> Frame | None:
        """The picture inside `clip`, or None where it has no pixels there.

        The frame may reach beyond `clip`. Never waits: what is not ready is shown blurred.
        """
        needed = _common(sight.viewport.photo_rect, clip)
        if needed is None:
            return None
        key = (sight.pyramid.number, sight.viewport, sight.nearest, sight.fine)
        found = self._kept.get(key)
        if found is not None and _good(found, sight.pyramid.version, needed):
            self._kept.move_to_end(key)
            return found[1]
        if found is not None:
            # The clip changes while nothing else does: a divider is being dragged.
            needed = _common(sight.viewport.photo_rect, _whole(sight.viewport)) or needed
        version = sight.pyramid.version
        room = self._room(needed[3] - needed[1], needed[2] - needed[0])
        frame = drawn(sight, needed, time.perf_counter() + _PATIENCE, room)
        if found is not None:
            self._spare.append(found[1].pixels)
        self._kept[key] = (version, frame)
        self._kept.move_to_end(key)
        return frame

    def _room(self, height: int, width: int) -> Shown:
        """Memory for a new frame, if possible that of one no longer needed."""
        while len(self._kept) >= _KEPT:
            self._spare.append(self._kept.popitem(last=False)[1][1].pixels)
        needed = height * width * 4
        for number, old in enumerate(self._spare):
            if old.nbytes >= needed and old.flags.c_contiguous:
                del self._spare[number]
                self._spare[:-2] = []
                return old.reshape(-1)[:needed].reshape(height, width, 4)
        self._spare.clear()
        return np.empty((height, width, 4), np.uint8)

    def clear(self) -> None:
        self._kept.clear()
        self._spare.clear()


def drawn(sight: Sight, rect: Rect, deadline: float, room: Shown | None = None) -> Frame:
    """`rect` of the pane, which must lie inside the photo, drawn from the fitting level.

    `room` is memory of the right shape that the frame may use.
    """
    zoom = _own_zoom(sight)
    wanted = 0 if zoom > 0.5 else math.floor(math.log2(1 / zoom) + 1e-9)
    wanted = min(wanted, sight.pyramid.levels)
    level = sight.pyramid.finest_ready(wanted)
    step = zoom * (1 << level)
    if room is None:
        room = np.empty((rect[3] - rect[1], rect[2] - rect[0], 4), np.uint8)
    frame = _sampled(sight, rect, level, step, deadline, room)
    lasting = frame.exact and level == wanted and sight.pyramid.is_final(level)
    return frame if lasting == frame.exact else replace(frame, exact=lasting)


def bounds(sight: Sight, rect: Rect, level: int, step: float) -> Rect:
    """The pixels of `level` that `rect` needs, with some to spare on each side."""
    left, top = sight.viewport.origin
    width, height = sight.pyramid.level_size(level)
    x0 = min(max(math.floor((rect[0] - left) / step) - _SPARE, 0), width - 1)
    y0 = min(max(math.floor((rect[1] - top) / step) - _SPARE, 0), height - 1)
    x1 = min(math.ceil((rect[2] - left) / step) + _SPARE, width)
    y1 = min(math.ceil((rect[3] - top) / step) + _SPARE, height)
    return x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)


def prepare(sight: Sight) -> None:
    """Have everything made that `sight` will need, without drawing it."""
    needed = _full_size_bounds(sight)
    if needed is not None:
        sight.pyramid.prepare(*needed)


def tile_bytes(sight: Sight) -> int:
    """Memory of the full-size pixels that `sight` needs; 0 where a smaller level is enough."""
    needed = _full_size_bounds(sight)
    return 0 if needed is None else (needed[2] - needed[0]) * (needed[3] - needed[1]) * 4


def _full_size_bounds(sight: Sight) -> Rect | None:
    zoom = _own_zoom(sight)
    rect = _common(sight.viewport.photo_rect, _whole(sight.viewport))
    if rect is None or (zoom <= 0.5 and sight.pyramid.levels):
        return None
    return bounds(sight, rect, 0, zoom)


def _sampled(
    sight: Sight, rect: Rect, level: int, step: float, deadline: float, room: Shown
) -> Frame:
    x0, y0, x1, y1 = bounds(sight, rect, level, step)
    source, exact = sight.pyramid.region(level, x0, y0, x1, y1, deadline)
    left, top = sight.viewport.origin
    width, height = rect[2] - rect[0], rect[3] - rect[1]
    off_x, off_y = rect[0] - left, rect[1] - top
    if step == 1 and off_x >= x0 and off_x + width <= x1 and off_y + height <= y1:
        pixels = source[off_y - y0 : off_y - y0 + height, off_x - x0 : off_x - x0 + width]
        np.copyto(room, pixels)
        return Frame(rect[0], rect[1], room, exact)
    if sight.nearest:
        squares = _squares(source, rect, (left, top), (x0, y0), step)
        return Frame(rect[0], rect[1], squares, exact)
    if sight.fine and step > 1 and step.is_integer():
        whole = round(step)
        large = enlarged_as_saved(source, whole)
        place = np.s_[off_y - y0 * whole :, off_x - x0 * whole :]
        np.copyto(room, large[place][:height, :width])
        return Frame(rect[0], rect[1], room, exact)
    matrix = np.array(
        [
            [1 / step, 0, (off_x + 0.5) / step - 0.5 - x0],
            [0, 1 / step, (off_y + 0.5) / step - 0.5 - y0],
        ]
    )
    kind = cv2.INTER_CUBIC if step > 1 and sight.fine else cv2.INTER_LINEAR
    cv2.warpAffine(
        source,
        matrix,
        (width, height),
        dst=room,
        flags=kind | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return Frame(rect[0], rect[1], room, exact)


def enlarged_as_saved(source: Shown, factor: int) -> Shown:
    """`factor` times as large by Lanczos-4, as `engine.resize.enlarged` makes a saved photo."""
    size = (source.shape[1] * factor, source.shape[0] * factor)
    return np.asarray(cv2.resize(source, size, interpolation=cv2.INTER_LANCZOS4), np.uint8)


def _squares(
    source: Shown, rect: Rect, origin: tuple[int, int], corner: tuple[int, int], step: float
) -> Shown:
    columns = np.floor((np.arange(rect[0], rect[2]) + 0.5 - origin[0]) / step).astype(np.intp)
    rows = np.floor((np.arange(rect[1], rect[3]) + 0.5 - origin[1]) / step).astype(np.intp)
    np.clip(columns - corner[0], 0, source.shape[1] - 1, out=columns)
    np.clip(rows - corner[1], 0, source.shape[0] - 1, out=rows)
    # Whole pixels are moved as one 32-bit word.
    words = np.ascontiguousarray(source).view(np.uint32)[..., 0]
    chosen = np.ascontiguousarray(words[rows[:, None], columns])
    return np.frombuffer(chosen, np.uint8).reshape(len(rows), len(columns), 4)


def _own_zoom(sight: Sight) -> float:
    """Device pixels per pixel of this picture, which may be larger than the photo."""
    return sight.viewport.zoom * sight.viewport.photo.width / sight.pyramid.picture.size.width


def _whole(viewport: Viewport) -> Rect:
    return 0, 0, viewport.pane.width, viewport.pane.height


def _common(a: Rect, b: Rect) -> Rect | None:
    rect = max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])
    return rect if rect[0] < rect[2] and rect[1] < rect[3] else None


def _good(found: tuple[int, Frame], version: int, needed: Rect) -> bool:
    """Whether a kept frame still shows the best there is, and all that is needed."""
    return (found[1].exact or found[0] == version) and _holds(found[1], needed)


def _holds(frame: Frame, rect: Rect) -> bool:
    left, top, right, bottom = frame.rect
    return left <= rect[0] and top <= rect[1] and right >= rect[2] and bottom >= rect[3]
