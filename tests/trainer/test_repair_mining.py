from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.photo import FloatArray
from tests.trainer.test_recipe import _photos
from tests.trainer.test_repair_fit import _recipe
from trainer.recipe_files import load_recipe
from trainer.specialists.repair_mining import HardPlace, hard_places
from trainer.specialists.repair_pairs import RepairPairs

BRIGHT, DIM = (200, 400), (330, 90)
"""Rows and columns of two poles."""


def _sees(picture: FloatArray) -> FloatArray:
    """Takes what is bright for a mark, the more surely, the brighter."""
    return 12 * (picture.min(2, keepdims=True) - np.float32(0.5))


def _photo() -> NDArray[np.uint8]:
    photo = np.full((448, 512, 3), 40, np.uint8)
    for (row, column), value in ((BRIGHT, 250), (DIM, 180)):
        photo[row - 20 : row + 20, column - 4 : column + 4] = value
    return photo


def test_the_place_most_wrongly_seen_comes_first() -> None:
    first, *others = hard_places([np.zeros_like(_photo()), _photo()], _sees, 60)
    assert first.photo == 1
    assert abs(first.row - BRIGHT[0]) <= 64
    assert abs(first.column - BRIGHT[1]) <= 64
    dim = next(p for p in others if abs(p.column - DIM[1]) <= 64 and abs(p.row - DIM[0]) <= 64)
    assert dim.photo == 1


def test_no_more_places_than_asked_for_and_as_many_of_each_photo_as_may_be() -> None:
    assert len(hard_places([_photo()], _sees, 5)) == 5
    assert len(hard_places([_photo()], _sees, 1000)) == 3 * 12


def test_a_photo_smaller_than_a_square_has_no_places() -> None:
    assert hard_places([np.zeros((40, 300, 3), np.uint8)], _sees, 9) == []


@pytest.mark.parametrize("shrink", [1.0, 0.7, 0.5])
def test_crops_are_taken_around_hard_places(tmp_path: Path, shrink: float) -> None:
    pairs = RepairPairs(_photos(tmp_path), load_recipe(_recipe(tmp_path)), 0)
    photo = np.zeros((300, 300, 3), np.uint8)
    photo[211:215, 77:81] = 255
    pairs.photos.append(photo)
    pairs.hard = [HardPlace(len(pairs.photos) - 1, 213, 79, shrink)]
    rng = np.random.default_rng(0)
    crops = [pairs._hard_crop(pairs.recipe.tasks[0], rng) for _ in range(20)]
    assert all(crop.max() > 0.3 for crop in crops), "each shows the place"
    assert len({int(crop.argmax()) for crop in crops}) > 10, "and hardly two in the same spot"


def test_batches_with_hard_places_replay_and_are_others(tmp_path: Path) -> None:
    photos, recipe = _photos(tmp_path), load_recipe(_recipe(tmp_path))
    plain, hard, again = (RepairPairs(photos, recipe, 3) for _ in range(3))
    hard.hard = again.hard = [HardPlace(0, 20, 20, 0.8)]
    assert np.array_equal(hard.batch(4).worn, again.batch(4).worn)
    assert any(not np.array_equal(hard.batch(i).worn, plain.batch(i).worn) for i in range(4))
