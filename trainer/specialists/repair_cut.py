"""Where the line between intact and destroyed is drawn for a finder: settled on photos that were
kept from its training, worn as whole pictures, as it will be used."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from engine.diffusion.specialists.finder import seen
from engine.diffusion.specialists.finding import probability, whole_marks
from engine.diffusion.specialists.repair import Cut
from engine.photo import Box, FloatArray
from engine.progress import Silent
from trainer.specialists.repair_mining import Look
from trainer.specialists.repair_pairs import RepairPairs

_CUTS = np.linspace(0.3, 0.98, 18)
_ALIKE = 0.002
"""F1 by which two cuts do not differ: from draw to draw the best one moves from 0.38 to 0.66."""
Marks = NDArray[np.bool_]


def settled_cut(
    look: Look, held_out: RepairPairs, batches: int = 24, photos: int = 24
) -> tuple[Cut, float]:
    """The highest cut whose F1, in which precision and recall weigh the same, is as good as the
    best, and that F1 (0 to 1).

    As good is what `_ALIKE` says: the score hardly depends on the cut, and an intact place filled
    is worse than a mark that stays. What the finder expects of a picture is its mean answer over
    `batches` of crops; the cut is chosen on `photos` whole ones, each with marks and without, by
    the pixels that would be filled.
    """
    prior = float(np.mean([_expected(look, held_out, i) for i in range(batches)]))
    hits, said, so = np.zeros_like(_CUTS), np.zeros_like(_CUTS), 0.0
    for logits, true in _judged(look, held_out, prior, photos):
        chosen = [whole_marks(probability(logits - _logit(cut))) for cut in _CUTS]
        hits += [np.count_nonzero(c & true) for c in chosen]
        said += [np.count_nonzero(c) for c in chosen]
        so += np.count_nonzero(true)
    scores = 2 * hits / np.maximum(said + so, 1)
    best = int(np.nonzero(scores >= scores.max() - _ALIKE)[0][-1])
    return Cut(at=float(_CUTS[best]), prior=prior), float(scores[best])


def _logit(cut: float) -> np.float32:
    return np.float32(np.log(cut / (1 - cut)))


def _expected(look: Look, held_out: RepairPairs, index: int) -> float:
    crops = held_out.batch(index).worn.transpose(0, 2, 3, 1)
    return float(np.mean([probability(look(np.ascontiguousarray(crop))).mean() for crop in crops]))


def _judged(
    look: Look, held_out: RepairPairs, prior: float, count: int
) -> Iterator[tuple[FloatArray, Marks]]:
    """(logit, truth) of every pixel of worn photos and of the same unharmed."""
    for worn, clean, damage in held_out.whole(count):
        for picture, truth in ((worn, damage > 0.5), (clean, np.zeros(damage.shape, np.bool_))):
            size = truth.shape[1], truth.shape[0]
            sight = seen(look, size, partial(_read, picture), 1, Silent())
            yield sight.logits(Box(0, 0, *size)) + np.float32(sight.shift(prior)), truth


def _read(picture: FloatArray, box: Box) -> FloatArray:
    return picture[box.slices]
