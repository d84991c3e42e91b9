"""Ways of showing two pictures: which of them goes where in the view. No widgets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from restorer_app.gui.compare.viewport import Size

GAP = 2
"""Device pixels between two panes."""
Rect = tuple[int, int, int, int]


class Mode(StrEnum):
    """How the pictures are laid out."""

    SPLIT = "split"
    SIDE_BY_SIDE = "side by side"
    STACKED = "stacked"
    SINGLE = "single"
    DIFFERENCE = "difference"


class Side(StrEnum):
    """What a pane shows."""

    BEFORE = "before"
    AFTER = "after"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True)
class Pane:
    """A part of the view, in device pixels: `clip` is painted, in coordinates of the viewport.

    The viewport's (0, 0) lies at (`left`, `top`) of the view.
    """

    side: Side
    left: int
    top: int
    clip: Rect

    @property
    def on_view(self) -> Rect:
        left, top, right, bottom = self.clip
        return left + self.left, top + self.top, right + self.left, bottom + self.top


def pane_size(mode: Mode, view: Size) -> Size:
    """The size of the viewport that all panes share."""
    if mode is Mode.SIDE_BY_SIDE:
        return Size(max((view.width - GAP) // 2, 1), view.height)
    if mode is Mode.STACKED:
        return Size(view.width, max((view.height - GAP) // 2, 1))
    return view


def panes(mode: Mode, view: Size, divider: float, *, vertical: bool) -> tuple[Pane, ...]:
    """The panes of a view, before first.

    `divider` is the share of the view before it, 0 to 1; a `vertical` one has before on its left,
    a horizontal one above it.
    """
    size = pane_size(mode, view)
    full = (0, 0, size.width, size.height)
    if mode is Mode.SIDE_BY_SIDE:
        return Pane(Side.BEFORE, 0, 0, full), Pane(Side.AFTER, size.width + GAP, 0, full)
    if mode is Mode.STACKED:
        return Pane(Side.BEFORE, 0, 0, full), Pane(Side.AFTER, 0, size.height + GAP, full)
    if mode is Mode.SINGLE:
        return (Pane(Side.AFTER, 0, 0, full),)
    if mode is Mode.DIFFERENCE:
        return (Pane(Side.DIFFERENCE, 0, 0, full),)
    return _split(size, divider_place(view, divider, vertical=vertical), vertical=vertical)


def divider_place(view: Size, divider: float, *, vertical: bool) -> int:
    """Device pixels before the divider."""
    return round((view.width if vertical else view.height) * divider)


def _split(size: Size, place: int, *, vertical: bool) -> tuple[Pane, ...]:
    if vertical:
        first, second = (0, 0, place, size.height), (place, 0, size.width, size.height)
    else:
        first, second = (0, 0, size.width, place), (0, place, size.width, size.height)
    halves = (Pane(Side.BEFORE, 0, 0, first), Pane(Side.AFTER, 0, 0, second))
    return tuple(
        half for half in halves if half.clip[0] < half.clip[2] and half.clip[1] < half.clip[3]
    )
