"""The colour filter arrays of sensors: what each pixel sees, and how it becomes three colours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine import interpolation, xtrans
from engine.photo import FloatArray


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class FilterArray:
    """Colours that repeat, and what is peculiar to them; there is one of each kind.

    Colours are counted as red, green and blue. Turned or mirrored it is the same, but for where it
    begins.
    """

    name: str
    colours: NDArray[np.uint8]
    """(n, n), repeated all over the sensor."""
    interpolated: Callable[[FloatArray, tuple[int, int]], FloatArray]
    """Three colours (h, w, 3) of a mosaic with `interpolation.REACH` more on each side, (h + 56,
    w + 56), and the row and the column in `colours` of its first pixel."""
    from_start: bool
    """Whether that has to be (0, 0), and the network sees it so, too."""
    axes: tuple[int, int]
    """The first row and column about which it is a mirror image of itself, and after how many the
    next comes."""

    @property
    def period(self) -> int:
        """Pixels after which it repeats."""
        return len(self.colours)

    def over(self, size: tuple[int, ...], start: tuple[int, int] = (0, 0)) -> NDArray[np.uint8]:
        """The colours that the pixels of a picture of `size` (height, width) see, whose first is
        that in row and column `start`."""
        first = np.roll(self.colours, (-start[0], -start[1]), (0, 1))
        repeats = [-(-side // self.period) for side in size]
        return np.tile(first, repeats)[: size[0], : size[1]]

    def start_of(self, seen: NDArray[np.integer]) -> tuple[int, int] | None:
        """Where in `colours` the first of these colours lies, of at least a period each way; None
        if they are another array's."""
        period = self.period
        for row in range(period):
            for column in range(period):
                if np.array_equal(
                    self.over((period, period), (row, column)), seen[:period, :period]
                ):
                    return row, column
        return None


def _of_squares(mosaic: FloatArray, start: tuple[int, int]) -> FloatArray:
    if start != (0, 0):
        raise ValueError("a Bayer mosaic is interpolated from a red pixel on")
    return interpolation.interpolated(mosaic)


BAYER = FilterArray(
    name="Bayer",
    colours=np.array([(0, 1), (1, 2)], np.uint8),
    interpolated=_of_squares,
    from_start=True,
    axes=(0, 1),
)
X_TRANS = FilterArray(
    name="X-Trans",
    colours=xtrans.PATTERN,
    interpolated=xtrans.interpolated,
    from_start=False,
    axes=(1, 3),
)
KNOWN = (BAYER, X_TRANS)
