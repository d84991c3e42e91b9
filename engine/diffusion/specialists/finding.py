"""From what the finder sees in every pixel to what counts as destroyed in the picture.

A pixel cannot be judged without its picture: a thin bright line is a scratch on a print that is
full of them, and a wire in a photo that has no other. So the whole picture is looked at first, and
the odds of every pixel are then set right for how much of this picture is destroyed.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.photo import Box, FloatArray, floats

_STEP = 0.125
"""Of a logit in a `Sight`, which keeps them in 8 bits: -16 to 16."""
_LEAST, _MOST = -4.0, 1.0
"""Bounds of the shift: the surest marks of a print that is nearly intact are still found."""
_ROUNDS = 40
_LIKELY = 0.25
"""Probability from which on a pixel beside a destroyed one is filled with it."""
_BESIDE = 5
"""Side, in pixels, of the square in which a pixel is compared with the surest."""
_FALL = 2.3
"""Logits by which a pixel of a mark's rim may be less sure than the surest beside it."""
_EPSILON = 1e-7
_COARSE = 3.0
"""Log odds by which a look at half the size has to be surer than one at the whole: it sees broad
and soft marks that the other does not, and takes more for one that is none."""
_ROWS = 512
"""Rows that are handled at a time where the whole width is."""
_VIEWS = ((1, 0), (-1, 1))
"""Step along rows, -1 for a mirror, and then turns by a quarter."""


def looked(picture: FloatArray, see: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """The mean of what `see` says, (h, w), of a picture (h, w, 3), as (h, w, 1).

    It is shown the picture, and the same turned by a quarter and in the mirror: what looks like a
    scratch from several sides more often is one (model card, "what was tried").
    """
    total = np.zeros(picture.shape[:2], np.float32)
    for flip, quarters in _VIEWS:
        seen = see(np.rot90(picture[:, ::flip], quarters).copy())
        total += np.rot90(seen, -quarters)[:, ::flip]
    return total[..., None] / np.float32(len(_VIEWS))


class Sight:
    """What the finder saw of a picture of `size` (width, height), looked at `times` smaller: the
    logit of every pixel that it saw, to an eighth. A byte each in memory."""

    def __init__(self, size: tuple[int, int], times: int = 1) -> None:
        self.times = times
        self.size = -(-size[0] // times), -(-size[1] // times)
        """(width, height) of what is looked at."""
        self._levels = np.zeros((self.size[1], self.size[0]), np.uint8)

    def write(self, top: int, logits: FloatArray) -> None:
        """Take rows of logits (n, width, 1) from row `top` on."""
        self._levels[top : top + len(logits)] = _levels(logits[..., 0])

    def join(self, coarse: Sight) -> None:
        """Take what a look at half of what is looked at here saw (`coarse`, of `size`, 2 times
        smaller), where that is surer by `_COARSE`."""
        width, height = self.size
        for top in range(0, height, _ROWS):
            bottom = min(top + _ROWS, height)
            seen = _levels(coarse.logits(Box(0, top, width, bottom)) - np.float32(_COARSE))
            np.maximum(self._levels[top:bottom], seen, out=self._levels[top:bottom])

    def logits(self, box: Box) -> FloatArray:
        """Those of a box of the whole picture, (h, w); between pixels that were seen, even."""
        if self.times == 1:
            return _logits(self._levels[box.slices])
        left, top = (max(b // self.times - 1, 0) for b in (box.left, box.top))
        right, bottom = (-(-b // self.times) + 1 for b in (box.right, box.bottom))
        seen = _logits(self._levels[top:bottom, left:right])
        fine = cv2.resize(seen, None, fx=self.times, fy=self.times, interpolation=cv2.INTER_LINEAR)
        y, x = box.top - self.times * top, box.left - self.times * left
        return floats(fine[y : y + box.height, x : x + box.width])

    def shift(self, prior: float) -> float:
        """What to add to the logits of a finder that expects `prior` of a picture to be destroyed.

        Set by how much of this one is: the share that best explains what was seen, by expectation
        and maximisation (Saerens, Latinne and Decaestecker 2002, "Adjusting the outputs of a
        classifier to new a priori probabilities"). Between -4 and 1.
        """
        counts = np.bincount(self._levels.ravel(), minlength=256)
        logits = _logits(np.arange(256, dtype=np.uint8))
        shift = 0.0
        for _ in range(_ROUNDS):
            share = float((counts * probability(logits + np.float32(shift))).sum() / counts.sum())
            shift = min(max(_logit(share) - _logit(prior), _LEAST), _MOST)
        return shift


def _levels(logits: FloatArray) -> NDArray[np.uint8]:
    return np.asarray(np.clip(np.rint(logits / np.float32(_STEP)) + 128, 0, 255), np.uint8)


def _logits(levels: NDArray[np.uint8]) -> FloatArray:
    return (floats(levels) - 128) * np.float32(_STEP)


def _logit(share: float) -> float:
    share = min(max(share, 1e-9), 1 - 1e-9)
    return math.log(share / (1 - share))


def probability(logits: FloatArray) -> FloatArray:
    """The logistic function."""
    return floats(1 / (1 + np.exp(-logits)))


def whole_marks(damage: FloatArray, times: int = 1) -> NDArray[np.bool_]:
    """Where marks lie, by probabilities (h, w): sure pixels, and likely ones that touch them.

    Hysteresis after Canny (1986): a scratch half filled spoils its own filling. A rim of which the
    finder is far less sure than of what lies beside it is none: intact pixels next to a sharp mark
    look likely, too. `times` is how many times smaller the picture was looked at.
    """
    _, marks = cv2.connectedComponents((damage > _LIKELY).astype(np.uint8), connectivity=8)
    sure = np.zeros(int(marks.max()) + 1, np.bool_)
    sure[np.unique(marks[damage > 0.5])] = True
    return np.asarray(sure[marks] & ~_beside_surer(damage, _BESIDE * times), np.bool_)


def _beside_surer(damage: FloatArray, side: int) -> NDArray[np.bool_]:
    """Where, (h, w), the log odds lie `_FALL` or more below the highest in a square around."""
    odds = floats(np.log((damage + _EPSILON) / (1 - damage + _EPSILON)))
    surest = cv2.dilate(odds, np.ones((side, side), np.uint8))
    return np.asarray(odds < surest - _FALL, np.bool_)
