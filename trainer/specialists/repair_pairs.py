"""Batches for the repairer: worn pictures for finding, and pictures with holes for filling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator

from engine.diffusion.specialists.holes import blanked, soft_rim
from engine.photo import FloatArray, floats
from trainer.pairs import cropped, decoded_photos
from trainer.recipe import Recipe, TaskRecipe
from trainer.specialists.repair_mining import HardPlace

_MARGIN = 12
"""Pixels around a crop that are degraded with it and cut off, so that JPEG grids lie anywhere."""

_LARGEST, _DRAWS = 1024, 4
"""Sides of whole photos, and how often each is worn anew: what is found differs more from wear to
wear than from photo to photo."""
_CHOICE = 4
"""Crops of which the one with the most thin lines is taken, where that is asked for."""

_HARD = 0.3
"""Share of the crops that are taken around hard places."""
_NEAR = 0.85, 1.15
"""What a hard place's size is multiplied by: other sizes of the same thing look alike."""

_SPREAD = 9
"""Side, in pixels, of what a scanner's lens can draw a point out to."""
_RIM, _SEEN = 0.25, 0.03
"""From what share of a mark's change a pixel beside it is destroyed; from what change at all."""

Worn = tuple[FloatArray, FloatArray, FloatArray]
"""A worn picture and the same clean, (h, w, 3), and what is destroyed of it, (h, w)."""


@dataclass(frozen=True, slots=True)
class RepairBatch:
    """Crops: `worn`, `holed` and `clean` (b, 3, s, s), `damage`, `hole` and `share` (b, 1, s, s).

    `worn` is destroyed where `damage` is 1. `holed` is the same, blanked in `hole`, which is
    somewhat wider; `clean` is what it should become, and `share` how much of a filling is taken.
    """

    worn: FloatArray
    damage: FloatArray
    holed: FloatArray
    hole: FloatArray
    share: FloatArray
    clean: FloatArray


class RepairPairs:
    """An endless, indexable supply of batches; equal (photos, recipe, seed) give equal ones."""

    def __init__(
        self,
        folder: Path,
        recipe: Recipe,
        seed: int,
        *,
        every: int = 16,
        held_out: bool = False,
        lined: float = 0.0,
    ) -> None:
        """Decode the photos below `folder`; raises `BadRecipe` if there are none.

        One in `every` is kept from the training; with `held_out` these are taken and no others.
        `lined` is the share of crops, 0..1, that are chosen for what looks like a scratch and is
        none: wires, masts, the legs of a tripod.
        """
        self.recipe, self.seed, self.lined = recipe, seed, lined
        self.hard: Sequence[HardPlace] = ()
        """Places of `photos` around which `_HARD` of the crops are taken, if there are any."""
        photos = decoded_photos(folder)
        kept = [photo for i, photo in enumerate(photos) if (i % every == 0) == held_out]
        self.photos = kept or photos  # a folder of one photo is taught and tested with it
        areas = np.array([p.shape[0] * p.shape[1] for p in self.photos], np.float64)
        self._chances = areas / areas.sum()

    def batch(self, index: int) -> RepairBatch:
        """The batch number `index`, the same whenever it is asked for."""
        rng = np.random.default_rng((self.seed, index))
        made = [self._pair(self.recipe.draw(rng), rng) for _ in range(self.recipe.batch)]
        worn, clean, damage = (np.stack(part) for part in zip(*made, strict=True))
        holes = np.stack([_hole(damage, i, rng) for i in range(len(made))])
        holed = np.stack([blanked(*pair) for pair in zip(worn, holes, strict=True)])
        share = np.stack([soft_rim(hole) for hole in holes])
        return RepairBatch(
            worn=_channels_first(worn),
            damage=damage[:, None],
            holed=_channels_first(holed),
            hole=holes[:, None],
            share=share[:, None],
            clean=_channels_first(clean),
        )

    def whole(self, count: int) -> Iterator[Worn]:
        """Up to `count` photos, their upper left part of at most `_LARGEST` pixels, each `_DRAWS`
        times: worn (h, w, 3), clean (h, w, 3) and the damage (h, w)."""
        for index, photo in enumerate(self.photos[:count]):
            for draw in range(_DRAWS):
                rng = np.random.default_rng((self.seed, index, draw))
                task = self.recipe.draw(rng)
                yield _worn(task, floats(photo[:_LARGEST, :_LARGEST]) / np.float32(255), rng)

    def _pair(self, task: TaskRecipe, rng: Generator) -> Worn:
        """Worn and clean (s, s, 3), and where it is destroyed (s, s)."""
        if self.hard and rng.random() < _HARD:
            crop = self._hard_crop(task, rng)
        elif self.lined and rng.random() < self.lined:
            crop = max((self._crop(task, rng) for _ in range(_CHOICE)), key=thin_lines)
        else:
            crop = self._crop(task, rng)
        worn, clean, damage = _worn(task, crop, rng)
        top, left = rng.integers(0, _MARGIN + 1, 2)
        cut = slice(top, top + self.recipe.size), slice(left, left + self.recipe.size)
        return worn[cut], clean[cut], damage[cut]

    def _crop(self, task: TaskRecipe, rng: Generator) -> FloatArray:
        """A crop, (s, s, 3), with its margin."""
        photo = self.photos[int(rng.choice(len(self.photos), p=self._chances))]
        side = self.recipe.size + _MARGIN
        return cropped(photo, side, task.shrink.draw(rng), rng, upright=task.upright)

    def _hard_crop(self, task: TaskRecipe, rng: Generator) -> FloatArray:
        """A crop, (s, s, 3), with its margin, in which a hard place lies."""
        place = self.hard[int(rng.integers(len(self.hard)))]
        photo, side = self.photos[place.photo], self.recipe.size + _MARGIN
        shrink = min(place.shrink * float(rng.uniform(*_NEAR)), 1.0)
        around = place.row, place.column
        return cropped(photo, side, shrink, rng, upright=task.upright, around=around)


def thin_lines(picture: FloatArray) -> float:
    """How much a picture (h, w, 3), 0..1, has of lines a few pixels wide on calm ground.

    By what an opening and a closing take away (top and bottom hat; Serra 1982): strong in a few
    places and weak in most, where texture, which has lines everywhere, is strong in all.
    """
    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))
    hats = (cv2.morphologyEx(gray, way, disc) for way in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT))
    middle, most = np.percentile(np.maximum(*hats), (50, 98))
    return float(most - 3 * middle)


def _worn(task: TaskRecipe, image: FloatArray, rng: Generator) -> Worn:
    """A picture (h, w, 3), 0..1, worn and, with its marks, scanned as it is without them."""
    clean = task.clean(image, rng)
    state = task.degraded(clean, rng)
    clean = floats(np.clip(clean, 0, 1))
    if not task.scan:
        return state.pixels, clean, state.damage
    seed = int(rng.integers(2**32))
    worn, clean = task.scanned(state.pixels, seed), task.scanned(clean, seed)
    return worn, clean, spread(state.damage, worn, clean)


def spread(damage: FloatArray, worn: FloatArray, clean: FloatArray) -> FloatArray:
    """Where marks lie once they were scanned, (h, w): a lens draws them out over their rims.

    A pixel near `damage` (h, w) is destroyed, too, where `worn` differs from `clean` (h, w, 3) by
    a good part of what the mark itself does. What nobody can see any more is no mark.
    """
    change = floats(np.abs(worn - clean).max(2))
    near = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_SPREAD, _SPREAD))
    most = cv2.dilate(change * damage, near)
    rim = (change > _RIM * most) & (change > _SEEN)
    return floats(((damage > 0) | rim) & (most > _SEEN))


def _hole(damage: FloatArray, index: int, rng: Generator) -> FloatArray:
    """What crop number `index` is to fill: its own damage, found or painted somewhat too wide.

    A crop without any takes that of another, so that intact places are learnt to be filled too.
    """
    own = damage[index]
    for offset in range(1, len(damage)):
        if own.any():
            break
        own = damage[(index + offset) % len(damage)]
    size = int(rng.choice((1, 3, 3, 5, 9), p=(0.15, 0.3, 0.3, 0.2, 0.05)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return floats(np.maximum(cv2.dilate(own, kernel), damage[index]))


def _channels_first(crops: FloatArray) -> FloatArray:
    return np.ascontiguousarray(crops.transpose(0, 3, 1, 2))
