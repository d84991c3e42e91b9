from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.diffusion.network import Network, NetworkSizes, TaskAdapter
from tests.trainer.test_recipe import _photos
from tests.trainer.test_repair_fit import _recipe
from trainer.recipe import load_recipe
from trainer.repair_cut import settled_cut
from trainer.repair_pairs import RepairPairs

_WHITE = 0.85
SIZES = NetworkSizes(widths=(8, 12), blocks=1)


class Sees(Network):
    """Takes what is nearly white for a mark: the more surely, the whiter."""

    def forward(self, image: Tensor, mask: Tensor, blocks=None):  # type: ignore[no-untyped-def,override]
        return image, 40 * (image.amin(1, keepdim=True) - _WHITE)


def _held_out(tmp_path: Path) -> RepairPairs:
    return RepairPairs(_photos(tmp_path), load_recipe(_recipe(tmp_path)), 0)


def test_the_prior_is_the_mean_answer_over_the_pairs(tmp_path: Path) -> None:
    pairs = _held_out(tmp_path)
    answers = [
        float(torch.sigmoid(40 * torch.from_numpy(pairs.batch(i).worn.min(1) - _WHITE)).mean())
        for i in range(5)
    ]
    cut, _ = settled_cut(Sees(SIZES), TaskAdapter(SIZES, 2), pairs, batches=5, photos=1)
    assert cut.prior == pytest.approx(np.mean(answers), rel=0.02)


def test_who_sees_every_mark_has_a_better_score_than_who_sees_none(tmp_path: Path) -> None:
    class Blind(Network):
        def forward(self, image: Tensor, mask: Tensor, blocks=None):  # type: ignore[no-untyped-def,override]
            return image, torch.zeros_like(image[:, :1]) - 3

    pairs, finder = _held_out(tmp_path), TaskAdapter(SIZES, 2)
    seeing, blind = (
        settled_cut(network(SIZES), finder, pairs, batches=2, photos=4)[1]
        for network in (Sees, Blind)
    )
    assert 0 <= blind < 0.1
    assert seeing <= 1
    assert seeing > 2 * blind


def test_whole_photos_come_worn_and_clean_in_the_size_of_the_network(tmp_path: Path) -> None:
    pairs = _held_out(tmp_path)
    made = list(pairs.whole(3, 16))
    assert len(made) == 4 * min(3, len(pairs.photos))
    assert not np.array_equal(made[0][0], made[1][0]), "each time it is worn anew"
    for worn, clean, damage in made:
        assert worn.shape == clean.shape == (*damage.shape, 3)
        assert not [n for n in damage.shape if n % 16]
        assert np.array_equal(worn[damage == 0] > 1.1, np.zeros_like(worn[damage == 0], np.bool_))
        assert (worn != clean).any(2)[damage > 0].all()
    again = list(pairs.whole(3, 16))
    assert all(np.array_equal(a[0], b[0]) for a, b in zip(made, again, strict=True))
