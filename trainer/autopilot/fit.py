"""Fitting the judges of the autopilot, in plain numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.diagnosis import Judge, terms_of
from engine.photo import FloatArray
from trainer.autopilot.judge_traits import TRAITS_OF

_DECAY = 3e-4
_CLEAN_WEIGHT, _OTHER_WEIGHT = 3.0, 0.5
"""Of clean pictures and of other damage, against 1 for the damage that is to be known."""
_FOLDS = 5
_FALSE_ALARMS = 0.02
"""Share of clean photos for which a proposal of the first look is put up with."""
_LEAST = -1.0
"""Lowest threshold, in log odds, of a damage that no clean picture looks like."""
_STEPS = 25
"""Clean pictures by which one step may lower a threshold."""

FloatMatrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """One measured picture: its traits, the task it asks for, the photo it was made of."""

    traits: Mapping[str, float]
    task: str
    photo: str


def fit(
    samples: Sequence[Sample],
    told: Mapping[str, tuple[str, ...]] | None = None,
    false_alarms: float = _FALSE_ALARMS,
) -> tuple[tuple[Judge, ...], FloatMatrix]:
    """A judge for each entry of `told`, which is `TRAITS_OF` unless given, and the margins
    (n, tasks) of each sample over the thresholds, by judges that never saw its photo.

    The thresholds come from the latter; `false_alarms` is the share of clean photos for which a
    proposal is put up with, over all tasks.
    """
    told = TRAITS_OF if told is None else told
    photos = sorted({sample.photo for sample in samples})
    of_photo = np.array([photos.index(sample.photo) for sample in samples])
    folds = of_photo % _FOLDS
    wanted = np.array([sample.task for sample in samples])
    judges, held_out = [], np.zeros((len(samples), len(told)))
    for column, (task, names) in enumerate(told.items()):
        judge = _untrained(samples, task, names)
        terms = _terms(samples, judge)
        truth = (wanted == task).astype(np.float64)
        weights = _weights(wanted, task)
        for fold in range(_FOLDS):
            seen = folds != fold
            found = _minimised(terms[seen], truth[seen], weights[seen])
            held_out[~seen, column] = terms[~seen] @ found
        found = _minimised(terms, truth, weights)
        judges.append(replace(judge, weights=found.astype(np.float32)))
    damaged = [held_out[wanted == task, column] for column, task in enumerate(told)]
    clean = wanted == ""
    thresholds = _thresholds(held_out[clean], damaged, of_photo[clean], false_alarms)
    fitted = zip(judges, thresholds, strict=True)
    named = tuple(replace(judge, threshold=float(level)) for judge, level in fitted)
    return named, held_out - thresholds


def _untrained(samples: Sequence[Sample], task: str, names: tuple[str, ...]) -> Judge:
    """A judge that knows the usual size of its traits and nothing else."""
    traits = np.array([[sample.traits[name] for name in names] for sample in samples], np.float32)
    terms = 1 + len(names) + len(names) * (len(names) + 1) // 2
    return Judge(
        task=task,
        traits=names,
        centre=traits.mean(axis=0),
        spread=traits.std(axis=0) + np.float32(1e-3),
        weights=np.zeros(terms, np.float32),
        threshold=0.0,
    )


def _terms(samples: Sequence[Sample], judge: Judge) -> FloatMatrix:
    """What the judge weighs of each sample: (n, terms)."""
    traits = np.array(
        [[sample.traits[name] for name in judge.traits] for sample in samples], np.float32
    )
    scaled: FloatArray = (traits - judge.centre) / judge.spread
    return terms_of(scaled).astype(np.float64)


def _weights(wanted: NDArray[np.str_], task: str) -> FloatMatrix:
    """Weight of each sample, so that the three kinds count as they should however many."""
    weights = np.zeros(len(wanted))
    clean, right = wanted == "", wanted == task
    shares = ((right, 1.0), (clean, _CLEAN_WEIGHT), (~clean & ~right, _OTHER_WEIGHT))
    for members, share in shares:
        weights[members] = share / max(1, int(members.sum()))
    return weights


def _minimised(terms: FloatMatrix, truth: FloatMatrix, weights: FloatMatrix) -> FloatMatrix:
    """Weights of a logistic regression with a penalty on their squares, by Newton's method."""
    share = weights / weights.sum()
    penalty = np.full(terms.shape[1], _DECAY)
    penalty[0] = 1e-8
    found = np.zeros(terms.shape[1])
    for _ in range(40):
        chances = 1 / (1 + np.exp(-np.clip(terms @ found, -30, 30)))
        slope = terms.T @ (share * (chances - truth)) + penalty * found
        curve = share * np.maximum(chances * (1 - chances), 1e-6)
        bend = (terms * curve[:, None]).T @ terms + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        size = float(np.abs(step).max())
        # Far from the end a full step may overshoot, where the curve is all but flat.
        found = found - step * min(1.0, 3 / max(size, 1e-12))
        if size < 1e-5:
            break
    return found


def _thresholds(
    clean: FloatMatrix,
    damaged: Sequence[FloatMatrix],
    of_photo: NDArray[np.int64],
    false_alarms: float,
) -> FloatMatrix:
    """The thresholds that recognise most damage for a bearable number of false alarms.

    `clean` (n, tasks) are the log odds of clean pictures, `of_photo` (n) says which photo each is
    of, and `damaged` has those of each task's own pictures. Each threshold starts above all clean
    pictures; then, step by step, the one is lowered that gains most for what it costs.
    """
    allowed = false_alarms * len(set(of_photo.tolist()))
    levels: FloatMatrix = np.maximum(clean.max(axis=0) + 1e-3, _LEAST)
    while True:
        best, most = None, 1e-9
        touched = np.asarray((clean > levels).any(axis=1))
        before = _cost(touched, of_photo)
        for column, level in enumerate(levels):
            found = float((damaged[column] > level).mean())
            below = np.sort(clean[clean[:, column] < level, column])[::-1]
            for lower in np.maximum(below[1:_STEPS] + 1e-3, _LEAST):
                cost = _cost(touched | (clean[:, column] > lower), of_photo)
                if cost > allowed:
                    break
                gain = (float((damaged[column] > lower).mean()) - found) / (cost - before + 0.1)
                if gain > most:
                    best, most = (column, float(lower)), gain
        if best is None:
            return levels
        levels[best[0]] = best[1]


def _cost(touched: NDArray[np.bool_], of_photo: NDArray[np.int64]) -> float:
    """Clean photos touched; one of which only some variants are touched costs half and a share.

    The variants of a photo are no independent evidence that photos in general are harmed.
    """
    hit, all_of = np.bincount(of_photo, touched), np.bincount(of_photo)
    shares = hit[hit > 0] / all_of[hit > 0]
    return float((0.5 + 0.5 * shares).sum())
