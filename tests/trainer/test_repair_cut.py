from pathlib import Path

import numpy as np
import pytest

from engine.photo import FloatArray
from tests.trainer.test_recipe import _photos
from tests.trainer.test_repair_fit import _recipe
from trainer.recipe_files import load_recipe
from trainer.specialists.repair_cut import settled_cut
from trainer.specialists.repair_pairs import RepairPairs

_WHITE = 0.85


def _sees(picture: FloatArray) -> FloatArray:
    """Takes what is nearly white for a mark: the more surely, the whiter."""
    return 40 * (picture.min(2, keepdims=True) - np.float32(_WHITE))


def _held_out(tmp_path: Path) -> RepairPairs:
    return RepairPairs(_photos(tmp_path), load_recipe(_recipe(tmp_path)), 0)


def test_the_prior_is_the_mean_answer_over_the_pairs(tmp_path: Path) -> None:
    pairs = _held_out(tmp_path)
    answers = [
        float((1 / (1 + np.exp(-40 * (pairs.batch(i).worn.min(1) - _WHITE)))).mean())
        for i in range(5)
    ]
    cut, _ = settled_cut(_sees, pairs, batches=5, photos=1)
    assert cut.prior == pytest.approx(np.mean(answers), rel=0.02)


def test_who_sees_every_mark_has_a_better_score_than_who_sees_none(tmp_path: Path) -> None:
    def blindly(picture: FloatArray) -> FloatArray:
        return np.full((*picture.shape[:2], 1), -3, np.float32)

    pairs = _held_out(tmp_path)
    seeing, blind = (settled_cut(look, pairs, batches=2, photos=4)[1] for look in (_sees, blindly))
    assert 0 <= blind < 0.1
    assert seeing <= 1
    assert seeing > 2 * blind


def test_whole_photos_come_worn_and_clean(tmp_path: Path) -> None:
    pairs = _held_out(tmp_path)
    made = list(pairs.whole(3))
    assert len(made) == 4 * min(3, len(pairs.photos))
    assert not np.array_equal(made[0][0], made[1][0]), "each time it is worn anew"
    for worn, clean, damage in made:
        assert worn.shape == clean.shape == (*damage.shape, 3)
        assert np.array_equal(worn[damage == 0] > 1.1, np.zeros_like(worn[damage == 0], np.bool_))
        assert (worn != clean).any(2)[damage > 0].all()
    again = list(pairs.whole(3))
    assert all(np.array_equal(a[0], b[0]) for a, b in zip(made, again, strict=True))
