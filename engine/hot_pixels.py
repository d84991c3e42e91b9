"""Pixels of a sensor that are not what the light was: hot ones, which long exposures show by the
thousand, and dead ones.

No lens draws a point as small as a pixel. What is far brighter or darker than all pixels of its
colour around it, and has left nothing in the four beside it, was not seen through the lens: that
tells a hot pixel from a star.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import product

import numpy as np
from numpy.typing import NDArray

from engine.filter_array import FilterArray
from engine.photo import FloatArray, floats

_STEPS = 4
"""By which the darkest sensor's values differ without any reason."""
_SURE = 8
"""Times the noise around it, by which a pixel has to be brighter or darker than its ring."""
_STRANGE, _TRIMMED = 2, 1.4
"""Of those of its colour around it so many of the brightest and of the darkest are left out, where
the noise is told, for others may be hot; normal noise is so much stronger than what is left."""
_LEFT = 0.06
"""Share of a point that each of the four pixels beside it shows at least if it was seen, on average
of the four: an eighth by the sharpest lenses, of which red and blue see half."""
_UNSURE = 1.0
"""Times the noise, by which that may be misread: more than one standard deviation of it."""
_RIM = 5
"""Pixels on each side that are looked at around one."""
_RING, _AROUND, _TOLD = 8, 24, 3
"""How many of its colour are its ring, how many tell the noise, and how many of its own colour what
a pixel beside it would be."""

_AT_ONCE = 4
"""Places of an array that are looked at side by side."""

_Places = NDArray[np.int_]
"""Rows and columns away from a pixel, (n, 2)."""


@dataclass(frozen=True, slots=True)
class _Neighbours:
    """Around one place of a filter array."""

    ring: _Places
    around: _Places
    beside: _Places
    told: _Places
    """For each of the four beside it `_TOLD`, one behind the other."""


def mend(values: NDArray[np.uint16], array: FilterArray, start: tuple[int, int]) -> int:
    """Give the hot and the dead pixels of a mosaic (h, w) what lies around them, in place; how many
    there were. `start` is where in `array.colours` it begins."""
    if min(values.shape) <= 2 * max(_RIM, array.period):
        return 0
    wide = values[np.ix_(*(_rimmed(length, array.period) for length in values.shape))]
    # each place of the array by itself, some side by side: none reads what another writes
    with ThreadPoolExecutor(min(_AT_ONCE, os.cpu_count() or 1)) as pool:
        firsts = list(product(range(array.period), repeat=2))
        return sum(pool.map(partial(_mend_those, values, wide, array, start), firsts))


def _mend_those(
    values: NDArray[np.uint16],
    wide: NDArray[np.uint16],
    array: FilterArray,
    start: tuple[int, int],
    first: tuple[int, int],
) -> int:
    """`mend`, of those pixels that begin at `first` and repeat; `wide` is what was seen, with a
    rim."""
    place = (start[0] + first[0]) % array.period, (start[1] + first[1]) % array.period
    neighbours = _neighbours(array, place)
    rows, columns = _outliers(wide, first, array.period, neighbours.ring)
    if not len(rows):
        return 0
    ring = _at(wide, rows, columns, neighbours.ring)
    wrong = _are_wrong(wide, rows, columns, ring, neighbours)
    values[rows[wrong], columns[wrong]] = np.rint(np.median(ring[wrong], 1))
    return int(wrong.sum())


def _rimmed(length: int, period: int) -> NDArray[np.int_]:
    """The places on a line of so many pixels, with `_RIM` more on each side: pixels of the same
    colour, a period or more away from those at the rim."""
    places, away = np.arange(-_RIM, length + _RIM), max(2, -(-_RIM // period)) * period
    places = np.where(places < 0, places + away, places)
    return np.where(places >= length, places - away, places)


@lru_cache(maxsize=64)
def _neighbours(array: FilterArray, place: tuple[int, int]) -> _Neighbours:
    side = range(-_RIM, _RIM + 1)
    away = np.array([(y, x) for y in side for x in side if y or x])
    away = away[np.argsort((away**2).sum(1), kind="stable")]
    colours = array.colours[tuple(((away + place) % array.period).T)]
    same = away[colours == array.colours[place]]
    told = [
        _nearest(away[(colours == colours[index]) & ((away**2).sum(1) >= 4)], away[index])
        for index in range(4)
    ]
    return _Neighbours(same[:_RING], same[:_AROUND], away[:4], np.concatenate(told))


def _nearest(places: _Places, place: NDArray[np.int_]) -> _Places:
    return places[np.argsort(((places - place) ** 2).sum(1), kind="stable")[:_TOLD]]


def _outliers(
    wide: NDArray[np.uint16], first: tuple[int, int], period: int, ring: _Places
) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Rows and columns, of those that begin at `first` and repeat, of what lies farther outside its
    ring than the ring is wide."""
    height, width = (length - 2 * _RIM for length in wide.shape)

    def seen(down: int, across: int) -> NDArray[np.uint16]:
        top, left = first[0] + _RIM + down, first[1] + _RIM + across
        bottom, right = height + _RIM + down, width + _RIM + across
        return wide[top:bottom:period, left:right:period]

    here = seen(0, 0)
    high, low = here * np.uint16(0), np.full_like(here, 65535)
    for down, across in ring:
        other = seen(down, across)
        np.maximum(high, other, out=high)
        np.minimum(low, other, out=low)
    bound = high.astype(np.int32) - low + _STEPS
    rows, columns = np.nonzero((here - bound > high) | (here + bound < low))
    return rows * period + first[0], columns * period + first[1]


def _are_wrong(
    wide: NDArray[np.uint16],
    rows: NDArray[np.int_],
    columns: NDArray[np.int_],
    ring: FloatArray,
    neighbours: _Neighbours,
) -> NDArray[np.bool_]:
    """Which of these pixels stand out of the noise, and out of a lens's reach."""
    here = floats(wide[rows + _RIM, columns + _RIM])
    usual = np.sort(_at(wide, rows, columns, neighbours.around), 1)[:, _STRANGE:-_STRANGE]
    noise = _TRIMMED * usual.std(1)
    sign = np.where(here > usual.mean(1), 1, -1)
    apart = sign * (here - np.where(sign > 0, ring.max(1), ring.min(1)))
    beside = _at(wide, rows, columns, neighbours.beside)
    told = _at(wide, rows, columns, neighbours.told).reshape(len(rows), -1, _TOLD)
    left = sign * (beside - np.median(told, 2)).mean(1)
    return np.asarray((apart > _SURE * noise) & (left + _UNSURE * noise < _LEFT * apart))


def _at(
    wide: NDArray[np.uint16], rows: NDArray[np.int_], columns: NDArray[np.int_], away: _Places
) -> FloatArray:
    """Values (n, k) at k places away from n pixels."""
    y, x = (at[:, None] + by + _RIM for at, by in zip((rows, columns), away.T, strict=True))
    return floats(wide[y, x])
