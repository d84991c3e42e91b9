from pathlib import Path

import numpy as np
import pytest
import torch

from engine.diffusion.network import Network, NetworkSizes, TaskAdapter
from engine.diffusion.repair import (
    BASE_FILE,
    KIND,
    Repairer,
    blanked,
    finder_file,
    load_repairer,
    save_filler,
    soft_rim,
    whole_marks,
    widened,
)
from engine.diffusion.weight_files import AdapterHeader, load_network, save_adapter, save_network
from engine.errors import MissingWeights, WrongAdapter, WrongWeights
from engine.photo import FloatArray, floats
from engine.weights import sha256

SIZES = NetworkSizes(widths=(8, 12), blocks=1)
CPU = torch.device("cpu")


def _network(seed: int = 0) -> Network:
    torch.manual_seed(seed)
    return Network(SIZES).eval().requires_grad_(False)


def _finder() -> TaskAdapter:
    torch.manual_seed(2)
    finder = TaskAdapter(SIZES, 2).requires_grad_(False)
    finder.layers[-1][1].bias.fill_(0.3)
    return finder


def _repairer(cut: float = 0.5) -> Repairer:
    return Repairer(_network(0), _network(1), _finder(), cut, CPU, torch.float32)


def _written(folder: Path, cut: float = 0.5) -> Path:
    """The files of a repairer; gives the filler's."""
    path = folder / "x.repair.safetensors"
    save_filler(_network(0), cut, path, "Apache-2.0")
    save_network(_network(1), folder / BASE_FILE, "Apache-2.0")
    header = AdapterHeader(
        task="x",
        title="X",
        rank=2,
        network=sha256(folder / BASE_FILE),
        recipe="",
        licence="Apache-2.0",
    )
    save_adapter(_finder(), finder_file(path), header)
    return path


def _picture(height: int = 70, width: int = 90) -> FloatArray:
    return np.random.default_rng(0).random((height, width, 3), np.float32)


class _Finds(Repairer):
    """Has found a line across the picture, whatever it sees."""

    def damage(self, pixels: FloatArray) -> FloatArray:
        found = np.full(pixels.shape[:2], 0.1, np.float32)
        found[30:32, 10:60] = 0.6
        return found


def test_outside_what_was_found_the_source_comes_back_exactly() -> None:
    picture = _picture()
    filled = _Finds(_network(), _network(), _finder(), 0.5, CPU, torch.float32).fill(
        picture, None, find=True
    )
    changed = (filled != picture).any(2)
    assert changed[30:32, 10:60].all()
    rows, columns = np.nonzero(changed)
    assert 24 <= rows.min() <= rows.max() <= 37
    assert 4 <= columns.min() <= columns.max() <= 65


def test_where_nothing_is_found_or_told_the_very_picture_comes_back() -> None:
    repairer, picture = _repairer(), _picture()
    nothing = np.zeros(picture.shape[:2], np.float32)
    assert np.array_equal(repairer.fill(picture, None, find=False), picture)
    assert np.array_equal(repairer.fill(picture, nothing, find=False), picture)
    assert np.array_equal(_repairer(1 - 1e-9).fill(picture, nothing, find=True), picture)


def test_what_the_user_marks_is_filled_without_finding_and_nothing_else_is() -> None:
    picture = _picture()
    mask = np.zeros(picture.shape[:2], np.float32)
    mask[10:20, 10:20] = 1
    filled = _repairer().fill(picture, mask, find=False)
    assert np.abs(filled - picture).max(2)[mask == 1].min() > 0
    assert np.array_equal(filled[mask == 0], picture[mask == 0])


def test_half_a_mask_takes_half_of_the_filling() -> None:
    picture, mask = _picture(), np.zeros((70, 90), np.float32)
    mask[10:20, 10:20] = 1
    whole, half = (_repairer().fill(picture, mask * m, find=False) for m in (1.0, 0.5))
    assert np.allclose(half - picture, (whole - picture) / 2, atol=1e-6)


def test_what_lies_in_a_marked_hole_does_not_show_through() -> None:
    picture, mask = _picture(), np.zeros((70, 90), np.float32)
    mask[30:40, 30:50] = 1
    other = picture.copy()
    other[30:40, 30:50] = 1 - other[30:40, 30:50]
    first, second = (_repairer().fill(p, mask, find=False) for p in (picture, other))
    assert np.allclose(first, second, atol=1e-6)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 9), (7, 33), (64, 61)])
def test_any_size_comes_back_in_its_own(height: int, width: int) -> None:
    picture = _picture(height, width)
    filled = _repairer(0.01).fill(picture, np.ones((height, width), np.float32), find=True)
    assert filled.shape == picture.shape
    assert filled.dtype == np.float32
    assert 0 <= filled.min() <= filled.max() <= 1


def test_damage_is_cut_at_one_half_wherever_the_network_is() -> None:
    picture = _picture()
    own, shifted = _repairer(0.5).damage(picture), _repairer(0.7).damage(picture)
    assert own.shape == picture.shape[:2]
    assert 0 <= shifted.min() <= own.max() <= 1
    assert np.array_equal(shifted > 0.5, own > 0.7)


def test_a_blanked_hole_is_painted_over_from_around_it() -> None:
    y, x = np.mgrid[0:60, 0:80] / 80
    ramp = floats(np.stack((x, y, 0.5 + 0 * x), 2))
    hole = np.zeros((60, 80), np.float32)
    hole[20:26, 10:70] = 1
    hole[40:50, 40:56] = 1
    ruined = np.where(hole[..., None] > 0, np.float32(1), ramp)
    assert np.array_equal(blanked(ruined, hole)[hole == 0], ramp[hole == 0])
    assert np.abs(blanked(ruined, hole) - ramp).max() < 0.06
    assert np.allclose(blanked(ramp, np.ones_like(hole)), 0.5)


def test_the_rim_is_full_in_the_hole_and_ends_near_it() -> None:
    hole = np.zeros((40, 40), np.float32)
    hole[20, 20] = 1
    rim = soft_rim(hole)
    assert rim[20, 20] == 1
    assert 0 < rim[20, 22] < rim[20, 21] < 1
    assert rim.max() == 1
    assert (rim > 0).sum() < 100
    assert widened(hole > 0).sum() == 9


def test_likely_pixels_count_only_where_they_touch_a_sure_one() -> None:
    damage = np.zeros((20, 40), np.float32)
    damage[5, 5:30] = 0.3
    damage[5, 10] = 0.7
    damage[15, 5:30] = 0.3
    marks = whole_marks(damage)
    assert marks[5, 5:30].all()
    assert marks.sum() == 25


def test_files_give_the_repairer_back(tmp_path: Path) -> None:
    picture, mask = _picture(), np.zeros((70, 90), np.float32)
    mask[30:40, 30:50] = 1
    loaded = load_repairer(_written(tmp_path, 0.37), CPU, torch.float32)
    assert np.allclose(loaded.damage(picture), _repairer(0.37).damage(picture), atol=5e-3)
    filled = _repairer().fill(picture, mask, find=False)
    assert np.allclose(loaded.fill(picture, mask, find=False), filled, atol=5e-3)
    assert loaded.reach == SIZES.reach


def test_a_file_of_another_kind_is_refused_both_ways(tmp_path: Path) -> None:
    repairer = _written(tmp_path)
    with pytest.raises(WrongWeights, match="repairer"):
        load_repairer(tmp_path / BASE_FILE, CPU, torch.float32)
    with pytest.raises(WrongWeights, match="predictor"):
        load_network(repairer)
    with pytest.raises(MissingWeights, match="gone"):
        load_repairer(tmp_path / "gone.safetensors", CPU, torch.float32)


def test_a_finder_for_another_network_is_refused_and_a_missing_one_named(tmp_path: Path) -> None:
    path = _written(tmp_path)
    save_network(_network(5), tmp_path / BASE_FILE, "Apache-2.0")
    with pytest.raises(WrongAdapter, match="another version"):
        load_repairer(path, CPU, torch.float32)
    finder_file(path).unlink()
    with pytest.raises(MissingWeights, match="finder"):
        load_repairer(path, CPU, torch.float32)


@pytest.mark.parametrize("notes", [{}, {"cut": "much"}, {"cut": "1.5"}])
def test_a_file_without_a_usable_cut_is_refused(tmp_path: Path, notes: dict[str, str]) -> None:
    save_network(_network(), tmp_path / "r.safetensors", "x", kind=KIND, notes=notes)
    with pytest.raises(WrongWeights, match="usable"):
        load_repairer(tmp_path / "r.safetensors", CPU, torch.float32)
