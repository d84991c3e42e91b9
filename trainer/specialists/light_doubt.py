"""How little a light estimator may change before it leaves a photo as it is: settled on photos that
were kept from its training."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.diffusion.specialists.light_estimator import LightEstimator, levels, worth
from engine.diffusion.specialists.light_network import LightNetwork
from engine.photo import Box, FloatArray, floats
from engine.resize import reduced
from trainer.metrics import psnr
from trainer.recipe import Recipe, TaskRecipe

_DOUBTS = (2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 12.0, 14.0, 16.0)
"""Levels of 255 that are tried."""
_PRICE = 0.1
"""Decibels that pictures may lose which need the change, for those that do not."""
_EACH = 6
"""Pictures drawn of each photo."""
_SIDE = 576
"""Longest side of what is judged: an estimator of tones wants to see no less."""
_UNTOUCHED = 50.0
"""Decibels from which a picture is as good as untouched."""

Photos = list[NDArray[np.uint8]]
"""(h, w, 3) each, RGB."""


def settled_doubt(
    network: LightNetwork, photos: Photos, recipe: Recipe, seed: int, contrast: float = 0.0
) -> float:
    """The largest doubt, in levels of 255, that costs pictures of the recipe's one task no more
    than a tenth of a decibel of what the best would give them, where automatic contrast counts so
    much (`LightEstimator`); 0 where the network sets no tones, or where no photos were kept.
    """
    if network.sizes.veil or not photos:
        return 0.0
    (task,) = recipe.tasks
    sure = LightEstimator(network, task.id, contrast=contrast)
    scores = np.mean([_scores(sure, *pair) for pair in _pairs(photos, task, seed)], axis=0)
    bearable = scores.max() - _PRICE
    return max(d for d, score in zip((0.0, *_DOUBTS), scores, strict=True) if score >= bearable)


def _pairs(photos: Photos, task: TaskRecipe, seed: int) -> Iterator[tuple[FloatArray, FloatArray]]:
    """(degraded, clean) copies of whole photos, (h, w, 3), 0..1."""
    for index, photo in enumerate(photos):
        rng = np.random.default_rng((seed, index))
        shrink = _SIDE / max(photo.shape[:2])
        height, width = (max(1, round(n * shrink)) for n in photo.shape[:2])
        scene = reduced(floats(photo) / np.float32(255), width, height)
        for _ in range(_EACH):
            clean = floats(np.clip(task.clean(scene, rng), 0, 1))
            yield floats(task.degraded(clean, rng).pixels), clean


def _scores(sure: LightEstimator, worse: FloatArray, clean: FloatArray) -> list[float]:
    """PSNR in dB of what is made of a picture without doubt, and with each of `_DOUBTS`."""
    height, width = worse.shape[:2]
    found = sure.estimate(worse, (width, height))
    change = levels(found, worse)
    shares = [1.0, *(worth(change, doubt) for doubt in _DOUBTS)]
    whole = Box(0, 0, width, height)
    lit = {share: found.toned(share)(worse, whole) for share in {*shares}}
    decibels = {share: min(_UNTOUCHED, psnr(made, clean)) for share, made in lit.items()}
    return [decibels[share] for share in shares]
