"""Fitting the autopilot's small network, in plain numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.diagnosis import TRAITS, Doctor
from engine.photo import FloatArray

_UNITS = 24
_ROUNDS = 1200
_RATE = 0.01
_DECAY = 3e-4
_CLEAN_WEIGHT = 3.0
_FOLDS = 5
_FALSE_ALARMS = 0.006
"""Share of clean pictures for which a proposal is put up with, over all tasks."""
_SURE = 0.7
"""Least log odds of any task, however rarely clean pictures reach it."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One measured picture: its traits, the task it asks for, the photo it was made of."""

    traits: FloatArray
    task: str
    photo: str


def fit(samples: Sequence[Sample], tasks: Sequence[str], seed: int) -> tuple[Doctor, FloatArray]:
    """Fit a network, and the log odds (n, tasks) of each sample by one that never saw its photo.

    The thresholds come from the latter.
    """
    traits = np.stack([sample.traits for sample in samples])
    wanted = np.array([tasks.index(sample.task) for sample in samples])
    photos = sorted({sample.photo for sample in samples})
    folds = np.array([photos.index(sample.photo) % _FOLDS for sample in samples])
    held_out = np.zeros((len(samples), len(tasks)), np.float32)
    for fold in range(_FOLDS):
        seen = folds != fold
        doctor = _trained(traits[seen], wanted[seen], tasks, np.random.default_rng([seed, fold]))
        held_out[~seen] = doctor.log_odds(traits[~seen])
    thresholds = _thresholds(held_out[wanted == 0])
    doctor = _trained(traits, wanted, tasks, np.random.default_rng([seed, _FOLDS]))
    return _with(doctor, thresholds), held_out


def _thresholds(clean: FloatArray) -> FloatArray:
    """Log odds that too few clean pictures reach: the same share for each task."""
    low, high = 0.0, 1.0
    for _ in range(30):
        share = (low + high) / 2
        levels = np.maximum(np.quantile(clean, 1 - share, axis=0), _SURE)
        if (clean[:, 1:] > levels[1:]).any(axis=1).mean() > _FALSE_ALARMS:
            high = share
        else:
            low = share
    levels = np.maximum(np.quantile(clean, 1 - low, axis=0), _SURE)
    levels[0] = 0
    return np.asarray(levels, np.float32)


def _with(doctor: Doctor, thresholds: FloatArray) -> Doctor:
    return Doctor(
        tasks=doctor.tasks,
        centre=doctor.centre,
        spread=doctor.spread,
        hidden=doctor.hidden,
        outer=doctor.outer,
        thresholds=thresholds,
    )


def _trained(
    traits: FloatArray, wanted: NDArray[np.int64], tasks: Sequence[str], rng: Generator
) -> Doctor:
    """Minimise the weighted cross entropy by Adam on all samples at once."""
    centre, spread = traits.mean(axis=0), traits.std(axis=0) + 1e-3
    inputs = np.clip((traits - centre) / spread, -4, 4)
    counts = np.bincount(wanted, minlength=len(tasks))
    weights = 1 / np.maximum(counts[wanted], 1)
    weights[wanted == 0] *= _CLEAN_WEIGHT
    weights = (weights / weights.sum()).astype(np.float32)
    truth = np.eye(len(tasks), dtype=np.float32)[wanted]
    layers = [
        rng.normal(0, 0.5 / np.sqrt(len(TRAITS)), (len(TRAITS) + 1, _UNITS)).astype(np.float32),
        rng.normal(0, 0.5 / np.sqrt(_UNITS), (_UNITS + 1, len(tasks))).astype(np.float32),
    ]
    _descend(layers, inputs, truth, weights)
    return Doctor(
        tasks=tuple(tasks),
        centre=centre,
        spread=spread,
        hidden=layers[0],
        outer=layers[1],
        thresholds=np.zeros(len(tasks), np.float32),
    )


def _descend(
    layers: list[FloatArray], inputs: FloatArray, truth: FloatArray, weights: FloatArray
) -> None:
    """Adam (Kingma and Ba, 2015) with decoupled decay, changing `layers` in place."""
    first = [np.zeros_like(layer) for layer in layers]
    second = [np.zeros_like(layer) for layer in layers]
    for count in range(1, _ROUNDS + 1):
        rate = _RATE * (1 - count / (_ROUNDS + 1))
        for index, slope in enumerate(_slopes(layers, inputs, truth, weights)):
            first[index] += 0.1 * (slope - first[index])
            second[index] += 0.001 * (np.square(slope) - second[index])
            step = first[index] / (1 - 0.9**count)
            step /= np.sqrt(second[index] / (1 - 0.999**count)) + 1e-8
            layers[index] -= rate * step


def _slopes(
    layers: Sequence[FloatArray], inputs: FloatArray, truth: FloatArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Gradient of the loss, with a penalty on large weights, for both layers."""
    hidden, outer = layers
    units = np.tanh(inputs @ hidden[:-1] + hidden[-1])
    scores = units @ outer[:-1] + outer[-1]
    chances = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    errors = (chances - truth) * weights[:, None]
    back = (errors @ outer[:-1].T) * (1 - np.square(units))
    to_outer = np.concatenate([units.T @ errors, errors.sum(axis=0, keepdims=True)])
    to_hidden = np.concatenate([inputs.T @ back, back.sum(axis=0, keepdims=True)])
    to_outer[:-1] += _DECAY * outer[:-1]
    to_hidden[:-1] += _DECAY * hidden[:-1]
    return to_hidden, to_outer
