from pathlib import Path

import numpy as np
import pytest
import torch

from engine.diffusion.blocks import residuals
from engine.diffusion.network import Network, NetworkSizes, TaskAdapter
from engine.diffusion.networks import NETWORK_FILE, Networks
from engine.diffusion.specialists.finder import (
    SUREST,
    Finder,
    finder_file,
    reader_file,
    save_reader,
)
from engine.diffusion.specialists.finding import Sight
from engine.diffusion.specialists.repair import (
    KIND,
    Cut,
    Repairer,
    load_repairer,
    repair,
    save_filler,
    work_of_repair,
)
from engine.diffusion.weight_files import AdapterHeader, load_network, save_adapter, save_network
from engine.errors import MissingWeights, WrongWeights
from engine.photo import Box, FloatArray
from engine.progress import Silent
from engine.weights import sha256

SIZES = NetworkSizes(widths=(8, 12), blocks=1)
PRIOR = 0.5
CPU = torch.device("cpu")


def _network(seed: int = 0) -> Network:
    torch.manual_seed(seed)
    return Network(SIZES).eval().requires_grad_(False)


def _adapter() -> TaskAdapter:
    torch.manual_seed(2)
    adapter = TaskAdapter(SIZES, 2).requires_grad_(False)
    adapter.layers[-1][1].bias.fill_(0.3)
    return adapter


def _finder() -> Finder:
    return Finder(_network(1), _adapter(), _network(3), CPU, torch.float32)


def _repairer(cut: float = 0.5) -> Repairer:
    return Repairer(_network(0), _finder(), Cut(cut, PRIOR), CPU, torch.float32)


def _written(folder: Path, cut: float = 0.5) -> Path:
    """The files of a repairer; gives the filler's."""
    path = folder / "x.repair.safetensors"
    save_filler(_network(0), Cut(cut, PRIOR), path, "Apache-2.0")
    save_network(_network(1), folder / NETWORK_FILE, "Apache-2.0")
    header = AdapterHeader(
        task="x",
        title="X",
        rank=2,
        network=sha256(folder / NETWORK_FILE),
        recipe="",
        licence="Apache-2.0",
    )
    save_adapter(_adapter(), finder_file(path), header)
    save_reader(_network(3), reader_file(path), "Apache-2.0")
    return path


def _picture(height: int = 70, width: int = 90) -> FloatArray:
    return np.random.default_rng(0).random((height, width, 3), np.float32)


def _repaired(
    repairer: Repairer,
    picture: FloatArray,
    mask: FloatArray | None = None,
    sensitivity: float | None = 0.5,
) -> FloatArray:
    """The whole course on a picture in memory."""
    height, width = picture.shape[:2]
    told = np.zeros((height, width), np.float32) if mask is None else mask
    rows: list[FloatArray] = []
    repair(
        repairer,
        (width, height),
        lambda box: picture[box.slices],
        lambda box: told[box.slices],
        lambda top, part: rows.append(part),
        Silent(),
        sensitivity=sensitivity,
    )
    return np.concatenate(rows)


def _line() -> FloatArray:
    """A line found across the picture."""
    found = np.full((70, 90), 0.1, np.float32)
    found[30:32, 10:60] = 0.6
    return found


def test_outside_what_was_found_the_source_comes_back_exactly() -> None:
    picture = _picture()
    changed = (_repairer().fill(picture, None, _line()) != picture).any(2)
    assert changed[30:32, 10:60].all()
    rows, columns = np.nonzero(changed)
    assert 24 <= rows.min() <= rows.max() <= 37
    assert 4 <= columns.min() <= columns.max() <= 65


def test_where_nothing_is_found_or_told_the_very_picture_comes_back() -> None:
    repairer, picture = _repairer(), _picture()
    nothing = np.zeros(picture.shape[:2], np.float32)
    assert np.array_equal(repairer.fill(picture, None, None), picture)
    assert np.array_equal(repairer.fill(picture, nothing, None), picture)
    assert np.array_equal(_repaired(repairer, picture, sensitivity=None), picture)
    assert np.array_equal(_repaired(_repairer(1 - 1e-9), picture), picture)


def test_the_whole_course_is_look_judge_and_fill() -> None:
    repairer, picture = _repairer(0.01), _picture()
    by_hand = repairer.fill(picture, None, repairer.damage(picture))
    assert (by_hand != picture).any()
    assert np.array_equal(_repaired(repairer, picture), by_hand)


def test_the_reader_sees_a_tile_from_two_sides_and_is_told_what_was_read_before() -> None:
    network, adapter, reader, picture = _network(1), _adapter(), _network(3), _picture(40, 56)

    def tensor(tile: FloatArray) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(tile.transpose(2, 0, 1)))[None]

    image = tensor(picture)
    first = network(image, torch.zeros_like(image[:, :1]), residuals(adapter.fold(network)))[1]
    told = (first / SUREST).clamp(-1, 1)[0, 0].numpy()
    assert told.std() > 0

    def logits(tile: FloatArray) -> FloatArray:
        both = tensor(tile)
        return reader(both[:, :3], both[:, 3:])[1][0, 0].numpy()

    both = np.concatenate((picture, told[..., None]), 2)
    plain, turned = logits(both), np.rot90(logits(np.rot90(both[:, ::-1])), -1)[:, ::-1]
    assert np.allclose(_repairer().look(picture)[..., 0], (plain + turned) / 2, atol=1e-5)
    assert not np.allclose(plain, turned, atol=1e-3), "the other look adds nothing"
    assert np.allclose(_finder().glance(picture)[..., 0], plain, atol=1e-5)


def test_a_glance_is_the_finders() -> None:
    picture = _picture()
    assert np.array_equal(_repairer().glance(picture), _finder().glance(picture)[..., 0])


def test_one_mark_is_judged_by_how_many_others_there_are() -> None:
    class Sees(Repairer):
        """Doubts the first row, and as many more as it is told."""

        rows = 1

        def look(self, pixels: FloatArray) -> FloatArray:
            seen = np.full((*pixels.shape[:2], 1), -6.0, np.float32)
            seen[: self.rows] = 1.0
            return seen

    repairer = Sees(_network(), _finder(), Cut(0.5, 0.05), CPU, torch.float32)
    assert repairer.damage(_picture())[0].max() < 0.5
    repairer.rows = 30
    assert repairer.damage(_picture())[0].min() > 0.5


def test_large_pictures_are_looked_at_smaller_and_filled_as_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engine.effort.FOUND_ON", 70 * 90 / 4)
    looks: list[tuple[int, ...]] = []

    class Sees(Repairer):
        """Sees a line in the middle of what it is shown."""

        def look(self, pixels: FloatArray) -> FloatArray:
            looks.append(pixels.shape)
            seen = np.full((*pixels.shape[:2], 1), -9.0, np.float32)
            if len(pixels) == 35:
                seen[17:18, 5:30] = 9.0
            return seen

    repairer = Sees(_network(), _finder(), Cut(0.5, 0.5), CPU, torch.float32)
    picture = _picture()
    changed = (_repaired(repairer, picture) != picture).any(2)
    assert looks == [(35, 45, 3), (18, 23, 3)]
    assert changed[34:36, 10:60].all()
    assert not changed[:26].any()
    assert not changed[44:].any()


def test_looking_for_marks_takes_longest_and_less_where_it_is_done_smaller() -> None:
    small, large = (1000, 1000), (6000, 4000)
    assert work_of_repair(small, find=True) > 5 * work_of_repair(small, find=False)
    assert work_of_repair(large, find=False) == work_of_repair(small, find=False)
    assert work_of_repair(large, find=True) < 0.5 * work_of_repair(small, find=True)


def test_more_sensitivity_finds_more() -> None:
    class Sees(Repairer):
        """Doubts of all strengths, from the left to the right."""

        def look(self, pixels: FloatArray) -> FloatArray:
            doubts = np.linspace(-8, 8, pixels.shape[1], dtype=np.float32)
            return np.broadcast_to(doubts[:, None], (*pixels.shape[:2], 1)).copy()

    repairer = Sees(_network(), _finder(), Cut(0.5, 0.5), CPU, torch.float32)
    picture = _picture()
    sight = Sight((90, 70))
    sight.write(0, repairer.look(picture))
    whole = Box(0, 0, 90, 70)
    found = [(repairer.judge(sight, s)(whole) > 0.5).mean() for s in (0.0, 0.5, 1.0)]
    assert np.allclose(found, (0.19, 0.5, 0.81), atol=0.02)
    assert np.array_equal(repairer.judge(sight)(whole), repairer.judge(sight, 0.5)(whole))
    changed = [(_repaired(repairer, picture, sensitivity=s) != picture).sum() for s in (0, 0.5, 1)]
    assert changed[0] < changed[1] < changed[2]


def test_what_the_user_marks_is_filled_without_finding_and_nothing_else_is() -> None:
    picture = _picture()
    mask = np.zeros(picture.shape[:2], np.float32)
    mask[10:20, 10:20] = 1
    filled = _repairer().fill(picture, mask, None)
    assert np.abs(filled - picture).max(2)[mask == 1].min() > 0
    assert np.array_equal(filled[mask == 0], picture[mask == 0])


def test_half_a_mask_takes_half_of_the_filling() -> None:
    picture, mask = _picture(), np.zeros((70, 90), np.float32)
    mask[10:20, 10:20] = 1
    whole, half = (_repairer().fill(picture, mask * m, None) for m in (1.0, 0.5))
    assert np.allclose(half - picture, (whole - picture) / 2, atol=1e-6)


def test_what_lies_in_a_marked_hole_does_not_show_through() -> None:
    picture, mask = _picture(), np.zeros((70, 90), np.float32)
    mask[30:40, 30:50] = 1
    other = picture.copy()
    other[30:40, 30:50] = 1 - other[30:40, 30:50]
    first, second = (_repairer().fill(p, mask, None) for p in (picture, other))
    assert np.allclose(first, second, atol=1e-6)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 9), (7, 33), (64, 61)])
def test_any_size_comes_back_in_its_own(height: int, width: int) -> None:
    picture = _picture(height, width)
    filled = _repaired(_repairer(0.01), picture, np.ones((height, width), np.float32))
    assert filled.shape == picture.shape
    assert filled.dtype == np.float32
    assert 0 <= filled.min() <= filled.max() <= 1


def test_damage_is_cut_at_one_half_wherever_the_network_is() -> None:
    picture = _picture()
    own, shifted = _repairer(0.5).damage(picture), _repairer(0.7).damage(picture)
    assert own.shape == picture.shape[:2]
    assert 0 <= shifted.min() <= own.max() <= 1
    assert np.array_equal(shifted > 0.5, own > 0.7)
    assert (shifted != own).any()


def test_files_give_the_repairer_back(tmp_path: Path) -> None:
    picture, mask = _picture(), np.zeros((70, 90), np.float32)
    mask[30:40, 30:50] = 1
    loaded = load_repairer(_written(tmp_path, 0.37), CPU, torch.float32)
    assert np.allclose(loaded.damage(picture), _repairer(0.37).damage(picture), atol=0.03)
    filled = _repairer().fill(picture, mask, None)
    assert np.allclose(loaded.fill(picture, mask, None), filled, atol=5e-3)


def test_a_file_of_another_kind_is_refused_both_ways(tmp_path: Path) -> None:
    repairer = _written(tmp_path)
    with pytest.raises(WrongWeights, match="repairer"):
        load_repairer(tmp_path / NETWORK_FILE, CPU, torch.float32)
    with pytest.raises(WrongWeights, match="predictor"):
        load_network(repairer)
    with pytest.raises(MissingWeights, match="gone"):
        load_repairer(tmp_path / "gone.safetensors", CPU, torch.float32)


def test_a_finder_whose_network_is_gone_is_refused_and_a_missing_one_named(tmp_path: Path) -> None:
    path = _written(tmp_path)
    save_network(_network(5), tmp_path / NETWORK_FILE, "Apache-2.0")
    with pytest.raises(MissingWeights, match="network"):
        load_repairer(path, CPU, torch.float32)
    _written(tmp_path)
    for file, name in ((reader_file(path), "reader"), (finder_file(path), "finder")):
        file.unlink()
        with pytest.raises(MissingWeights, match=name):
            load_repairer(path, CPU, torch.float32)


@pytest.mark.parametrize(
    "notes",
    [
        {},
        {"cut": "0.5"},
        {"cut": "much", "prior": "0.1"},
        {"cut": "1.5", "prior": "0.1"},
        {"cut": "0.5", "prior": "0"},
    ],
)
def test_a_file_without_a_usable_cut_is_refused(tmp_path: Path, notes: dict[str, str]) -> None:
    save_network(_network(), tmp_path / "r.safetensors", "x", kind=KIND, notes=notes)
    with pytest.raises(WrongWeights, match="usable"):
        load_repairer(tmp_path / "r.safetensors", CPU, torch.float32)


def test_the_network_that_others_run_on_stays_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("finder", "repair"):
        monkeypatch.setattr(
            f"engine.diffusion.specialists.{module}.TileNetwork", lambda *rest: None
        )
    networks = Networks(tmp_path)
    load_repairer(_written(tmp_path), torch.device("meta"), torch.float32, networks)
    network, _ = networks.main
    assert {weight.device.type for weight in network.parameters()} == {"cpu"}
