"""Grain for places that were filled: that of the photo around them.

What fills a hole is smooth, for nobody knows the grain that was there; on a print that has some it
shows as a smear. Grain is no content: any of the same strength does. It is taken from intact
places beside the hole, evened out to one strength, and laid over what was filled.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.bands import luminance
from engine.diffusion.specialists.holes import blanked
from engine.photo import FloatArray, floats

_Places = NDArray[np.intp]

_COARSEST = 2.0
"""Standard deviation, in pixels, of what grain is told from by being finer."""
_PLACE = 9
"""Side, in pixels, of the places of which the strength of grain is told."""
_AROUND = 61
"""Side of the surroundings of which the quietest place tells it: where all is busy, texture goes
on like grain, and where anything is quiet, texture is none."""
_LARGEST = 2.5
"""Largest grain over its standard deviation: what is larger was an edge."""
_STEP, _STEPS = 8, 24
"""Pixels between two distances from which grain is taken, and how many of those are tried."""
_NEARLY_ALL = 0.8
"""Share of a hole that has something at a distance for all of it to be taken from there."""
_DEEPEST = 96
"""Pixels from the middle of the broadest hole that gets grain to its rim. What is broader was an
object, and its filling shows as one."""
_NONE = 0.3 / 255
"""Strength below which there is none to be seen."""


def with_grain(filled: FloatArray, pixels: FloatArray, hole: FloatArray) -> FloatArray:
    """`filled` (h, w, 3), 0..1, with grain in the hole (h, w), 0 or 1, as strong as in `pixels`
    (h, w, 3) around it, as far as it has none of its own; not in holes of 200 pixels across."""
    known = floats(1 - hole)
    fine = _fine(pixels, known)
    strength = _strength(luminance(fine), known)
    quiet = _quietest(strength, known)
    if not (quiet[hole > 0] > _NONE).any():
        return filled
    own = _strength(_fine(luminance(filled)[..., None], hole)[..., 0], hole)
    lacking = np.sqrt(np.maximum(quiet**2 - own**2, 0)) * hole
    grain = _from_beside(floats(fine / np.maximum(strength, _NONE)[..., None]), known)
    grain = np.clip(grain, -_LARGEST, _LARGEST, out=grain)
    return floats(np.clip(filled + lacking[..., None] * grain, 0, 1))


def _fine(pixels: FloatArray, known: FloatArray) -> FloatArray:
    """What is finer than `_COARSEST` of what is `known` (h, w), 0 or 1, (h, w, channels)."""
    share = np.maximum(cv2.GaussianBlur(known, (0, 0), _COARSEST), 1e-6)[..., None]
    smooth = cv2.GaussianBlur(pixels * known[..., None], (0, 0), _COARSEST)
    return floats((pixels - smooth.reshape(pixels.shape) / share) * known[..., None])


def _strength(fine: FloatArray, known: FloatArray) -> FloatArray:
    """The standard deviation of a plane (h, w) around each pixel, of what is known there."""
    size = (_PLACE, _PLACE)
    power, count = cv2.blur(fine**2, size), cv2.blur(known, size)
    return floats(np.sqrt(np.maximum(power, 0) / np.maximum(count, 1e-6)))


def _quietest(strength: FloatArray, known: FloatArray) -> FloatArray:
    """The least strength (h, w) of grain around each pixel, of places that are known in full; what
    has none around it takes it over from farther away."""
    whole = cv2.erode(known, np.ones((_PLACE, _PLACE), np.uint8))
    around = np.ones((_AROUND, _AROUND), np.uint8)
    least = floats(cv2.erode(np.where(whole > 0, strength, np.float32(1)), around))
    missing = least >= 1  # as strong as that is none
    # what is missing far from all that is known is gray to `blanked`
    most = least[~missing].max(initial=0)
    return floats(np.minimum(blanked(least[..., None], floats(missing))[..., 0], most))


def _from_beside(even: FloatArray, known: FloatArray) -> FloatArray:
    """For each pixel that is not known what lies at some distance and is, (h, w, 3); 0 where there
    is none. All of a hole takes it from the same distance, the nearest that lies outside of nearly
    all of it, so that no piece comes twice; what is left of it from wherever is nearest."""
    grain = np.zeros_like(even)
    hole = (known == 0).astype(np.uint8)
    count, labels = cv2.connectedComponents(hole, connectivity=8)
    depth = cv2.distanceTransform(hole, cv2.DIST_C, 3)
    narrow = np.ones(count, np.bool_)
    narrow[np.unique(labels[depth > _DEEPEST])] = False
    rows, columns = np.nonzero((hole > 0) & narrow[labels])
    for least in (_NEARLY_ALL, 0.0):
        served = np.zeros(count, np.bool_)
        for way in _ways():
            if not len(rows):
                return grain
            (y, x), found = _beside(rows, columns, known, way)
            holes = labels[rows, columns]
            size = np.maximum(np.bincount(holes, minlength=count), 1)
            ready = np.bincount(holes, found, count) / size >= least
            taken = found & (ready & ~served)[holes]
            grain[rows[taken], columns[taken]] = even[y[taken], x[taken]]
            if least:
                served |= ready
            rows, columns = rows[~taken], columns[~taken]
    return grain


def _beside(
    rows: _Places, columns: _Places, known: FloatArray, way: tuple[int, int]
) -> tuple[tuple[_Places, _Places], NDArray[np.bool_]]:
    """Places (n) one way from others, and which of them are inside and known."""
    height, width = known.shape
    x, y = columns + way[0], rows + way[1]
    found = (y >= 0) & (y < height) & (x >= 0) & (x < width)
    found[found] = known[y[found], x[found]] > 0
    return (y, x), found


def _ways() -> Iterator[tuple[int, int]]:
    """Right and down, in pixels, nearest first."""
    for step in range(1, _STEPS + 1):
        far = step * _STEP
        yield from ((far, 0), (-far, 0), (0, far), (0, -far))
