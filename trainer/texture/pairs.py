"""Pictures and their structure, for the training of a texture prior: clean photographs with their
texture taken away (stage I of DTPM), and pairs with the draft that the embedded model made of them
(stage II)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.bands import luminance
from engine.measures.slopes import squared_slopes
from engine.photo import FloatArray, floats
from engine.texture import TEXTURE, texture
from trainer.pairs import cropped

_MARGIN = 16
"""Pixels around a crop that are smoothed with it and cut off, so that filters see no border."""
_SHRINK = 0.5, 1.0
"""Photos are reduced to such a share of their size, drawn evenly."""
_LEFT = 0.4
"""Share of the texture that a structure keeps, drawn evenly up to this: drafts keep some."""
DRAWN = 3
"""Crops of which the one with most to see is taken: half of a photo is sky, or out of focus. Judged
by what a prior is shown; by what is to come out, it would learn that there is always much."""
_WHOLE = 0.06
"""Share of the crops whose structure has all of its texture: there is nothing to add."""


@dataclass(frozen=True, slots=True)
class TextureBatch:
    """Crops (b, 3, s, s), 0..1: what the texture is painted on, and what it was made of; and the
    light (b, 1, s, s) that is to come out."""

    structure: FloatArray
    degraded: FloatArray
    light: FloatArray


class SmoothedPairs:
    """Clean photographs beside themselves without their texture: an endless, indexable supply."""

    def __init__(self, photos: Sequence[NDArray[np.uint8]], side: int, batch: int, seed: int):
        """`photos` (h, w, 3) RGB; `side` of the crops in pixels, `batch` of them a step."""
        self.photos, self.side, self.count, self.seed = photos, side, batch, seed
        areas = np.array([p.shape[0] * p.shape[1] for p in photos], np.float64)
        self._chances = areas / areas.sum()

    def batch(self, index: int) -> TextureBatch:
        """The batch number `index`, the same whenever it is asked for."""
        rng = np.random.default_rng((self.seed, index))
        return batch_of([self._pair(rng) for _ in range(self.count)])

    def _pair(self, rng: Generator) -> tuple[FloatArray, FloatArray, FloatArray]:
        drawn = [self._crop(rng) for _ in range(DRAWN)]
        chance = int(rng.integers(2**62))  # one way of smoothing, for a weak one leaves more to see
        structures = [without_texture(crop, np.random.default_rng(chance)) for crop in drawn]
        most = int(np.argmax([detail(one) for one in structures]))
        clean, structure = drawn[most], structures[most]
        light = lacking(structure, clean)
        inner = slice(_MARGIN, -_MARGIN), slice(_MARGIN, -_MARGIN)
        return structure[inner], structure[inner], light[inner]

    def _crop(self, rng: Generator) -> FloatArray:
        photo = self.photos[int(rng.choice(len(self.photos), p=self._chances))]
        shrink = float(rng.uniform(*_SHRINK))
        return cropped(photo, self.side + 2 * _MARGIN, shrink, rng, upright=False)


def detail(crop: FloatArray) -> float:
    """How much there is to see in a crop (h, w, 3), 0..1: its mean squared slope."""
    return float(squared_slopes(luminance(crop)).mean())


def batch_of(rows: Sequence[tuple[FloatArray, FloatArray, FloatArray]]) -> TextureBatch:
    """Structures and degraded pictures (s, s, 3) and lights (s, s), as one batch."""
    structure, degraded, light = (np.stack(part) for part in zip(*rows, strict=True))
    return TextureBatch(
        np.ascontiguousarray(structure.transpose(0, 3, 1, 2)),
        np.ascontiguousarray(degraded.transpose(0, 3, 1, 2)),
        np.ascontiguousarray(light[:, None]),
    )


def lacking(structure: FloatArray, clean: FloatArray) -> FloatArray:
    """The light (h, w) of a structure (h, w, 3) with the texture of `clean` that it lacks.

    Only what `engine.texture` takes of a change is to be learnt: tones are the structure's.
    """
    return floats(luminance(structure) + texture(clean - structure, TEXTURE))


def without_texture(clean: FloatArray, rng: Generator) -> FloatArray:
    """The structure of a picture (h, w, 3), 0..1: smoothed in one of the ways in which a restored
    picture is smooth, and some of its texture left."""
    if rng.random() < _WHOLE:
        return clean
    way = _WAYS[int(rng.choice(len(_WAYS), p=_SHARES))]
    smooth = way(clean, rng)
    left = np.float32(rng.uniform(0, _LEFT))
    return floats(np.clip(smooth + left * (clean - smooth), 0, 1))  # as drafts are


def self_guided(image: FloatArray, radius: int, evenness: float) -> FloatArray:
    """A picture (h, w, 3) smoothed by its own light: the guided filter (He et al., "Guided image
    filtering", ECCV 2010). Steps of light above `evenness` stay."""
    size = (2 * radius + 1, 2 * radius + 1)

    def mean(x: FloatArray) -> FloatArray:
        return floats(cv2.boxFilter(x, -1, size, borderType=cv2.BORDER_REFLECT_101))

    light = luminance(image)[..., None]
    centre, centres = mean(light)[..., None], mean(image)
    spread = mean(floats(light * light))[..., None] - centre * centre
    slope = (mean(light * image) - centre * centres) / (spread + np.float32(evenness**2))
    return floats(mean(floats(slope)) * light + mean(floats(centres - slope * centre)))


def _guided(image: FloatArray, rng: Generator) -> FloatArray:
    return self_guided(image, int(rng.integers(2, 8)), float(np.exp(rng.uniform(-4.2, -2.2))))


def _bilateral(image: FloatArray, rng: Generator) -> FloatArray:
    colour, space = float(np.exp(rng.uniform(-3.5, -1.8))), float(rng.uniform(1.5, 4))
    return floats(cv2.bilateralFilter(image, 9, colour, space))


def _blurred(image: FloatArray, rng: Generator) -> FloatArray:
    return floats(cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.5, 2.2))))


def _reduced(image: FloatArray, rng: Generator) -> FloatArray:
    """As from a smaller picture."""
    height, width = image.shape[:2]
    share = 1 / float(rng.uniform(1.4, 4))
    size = max(1, round(width * share)), max(1, round(height * share))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return floats(np.clip(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), 0, 1))


def _both(image: FloatArray, rng: Generator) -> FloatArray:
    return _guided(_reduced(image, rng), rng)


_WAYS: tuple[Callable[[FloatArray, Generator], FloatArray], ...] = (
    _guided,
    _bilateral,
    _blurred,
    _reduced,
    _both,
)
_SHARES = (0.35, 0.15, 0.1, 0.25, 0.15)
