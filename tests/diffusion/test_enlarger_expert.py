"""The choice between the enlarger and its expert for clean pictures."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from engine.diffusion.networks import Networks
from engine.diffusion.specialists.enlarger import (
    EnlargeNetwork,
    Enlarger,
    EnlargerSizes,
    save_enlarger,
)
from engine.diffusion.specialists.enlarger_expert import (
    PLACE,
    Both,
    Enlargers,
    Expert,
    expert_share,
    levels,
    load_expert,
    places,
    save_expert,
)
from engine.diffusion.specialists.roster import Specialists
from engine.errors import MissingWeights, WrongWeights
from engine.photo import Box, FloatArray

SIZES = EnlargerSizes(width=8, blocks=2)
CPU = torch.device("cpu")


def _network(seed: int = 0, sizes: EnlargerSizes = SIZES) -> EnlargeNetwork:
    torch.manual_seed(seed)
    return EnlargeNetwork(sizes).eval().requires_grad_(False)


def _expert(bias: float = 0.0) -> Expert:
    """Prefers itself the more, the more there is in a picture, from `-bias` on."""
    torch.manual_seed(1)
    expert = Expert(SIZES).eval().requires_grad_(False)
    for gate in expert.gates.values():
        gate.weight.fill_(1 / SIZES.width)
        gate.bias.fill_(bias)
    return expert


def _general() -> Enlarger:
    return Enlarger(_network(), CPU, torch.float32)


def _picture(height: int = 40, width: int = 33) -> FloatArray:
    return np.random.default_rng(0).random((height, width, 3), np.float32)


def _of(enlargers: Enlargers, picture: FloatArray) -> Enlarger | Both:
    size = picture.shape[1], picture.shape[0]
    return enlargers.of(size, lambda box: np.ascontiguousarray(picture[box.slices]), 2)


def test_without_an_expert_there_is_no_choice() -> None:
    general = _general()
    assert _of(Enlargers(general, None), _picture()) is general


def test_the_gate_chooses_by_what_the_enlarger_sees() -> None:
    general, bright = _general(), _picture()
    dim = bright * np.float32(0.01)
    seen = [float(levels(general.features(picture)).mean()) for picture in (dim, bright)]
    enlargers = Enlargers(general, _expert(-sum(seen) / 2))
    assert _of(enlargers, dim) is general
    chosen = _of(enlargers, bright)
    assert chosen is not general
    expected = Enlarger(_expert().network, CPU, torch.float32).enlarge(bright, 2)
    assert np.array_equal(chosen.enlarge(bright, 2), expected)


def test_in_doubt_both_are_asked() -> None:
    general, picture = _general(), _picture()
    seen = float(levels(general.features(picture)).mean())
    mean = _of(Enlargers(general, _expert(-seen - 0.7)), picture)
    assert isinstance(mean, Both)
    assert mean.share == pytest.approx(0.5, abs=1e-4)
    one, other = (each.enlarge(picture, 2) for each in (general, mean.expert))
    assert not np.array_equal(one, other)
    assert np.allclose(mean.enlarge(picture, 2), (one + other) / 2, atol=1e-4)


@pytest.mark.parametrize(
    ("scale", "odds"),
    [(2, (-9.0, -1.0, -0.8, -0.6, -0.4, 9.0)), (4, (-9.0, -0.75, -0.6, -0.4, -0.25, 9.0))],
)
def test_the_share_of_the_expert_grows_with_its_odds(scale: int, odds: tuple[float, ...]) -> None:
    shares = [expert_share(each, scale) for each in odds]
    assert shares == sorted(shares)
    assert shares[:2] == [0, 0]
    assert 0 < shares[2] < shares[3] < 1
    assert shares[4:] == [1, 1]


@pytest.mark.parametrize(("height", "width"), [(1, 1), (7, 200), (63, 64), (65, 64), (500, 700)])
def test_the_places_lie_inside_and_are_of_one_size(height: int, width: int) -> None:
    picture = _picture(height, width)
    boxes = list(places((width, height), lambda box: picture[box.slices]))
    assert 1 <= len(boxes) <= 12
    assert len(set(boxes)) == len(boxes)
    for box in boxes:
        assert box.width == min(PLACE, width)
        assert box.height == min(PLACE, height)
        assert 0 <= box.left <= box.right <= width
        assert 0 <= box.top <= box.bottom <= height


def test_the_most_detailed_places_are_looked_at() -> None:
    picture = np.full((8 * PLACE, 8 * PLACE, 3), 0.5, np.float32)
    busy = Box(2 * PLACE, 3 * PLACE, 5 * PLACE, 7 * PLACE)  # twelve places
    picture[busy.slices] = _picture(busy.height, busy.width)
    boxes = list(places((8 * PLACE, 8 * PLACE), lambda box: picture[box.slices]))
    assert len(boxes) == 12
    for box in boxes:
        assert busy.left <= box.left < box.right <= busy.right
        assert busy.top <= box.top < box.bottom <= busy.bottom


def test_a_file_brings_expert_and_gate_back(tmp_path: Path) -> None:
    path = tmp_path / "upscale.expert.safetensors"
    save_expert(_expert(0.25), path, "Apache-2.0")
    again, features = load_expert(path), torch.rand(3, 8, 5, 5)
    assert again.network.sizes == SIZES
    for scale in SIZES.scales:
        expected = _expert(0.25).odds(features, scale)
        assert torch.allclose(again.odds(features, scale), expected, atol=2e-3)


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "upscale.expert.safetensors"
    with pytest.raises(MissingWeights):
        load_expert(path)
    save_enlarger(_network(), path, "Apache-2.0")
    with pytest.raises(WrongWeights, match="expert"):
        load_expert(path)
    save_expert(_expert(), path, "Apache-2.0")
    tensors = load_file(path)
    del tensors["gates.2.bias"]
    header = {"kind": "restorer-enlarger-expert", "width": "8", "blocks": "2", "scales": "2 4"}
    save_file(tensors, path, metadata=header)
    with pytest.raises(WrongWeights, match="usable"):
        load_expert(path)


def test_a_model_has_the_expert_whose_file_lies_in_it(tmp_path: Path) -> None:
    save_enlarger(_network(), tmp_path / "upscale.enlarger.safetensors", "x")
    alone = Specialists(Networks(tmp_path), CPU, torch.float32)
    picture = _picture()
    assert _of(alone.enlargers, picture) is alone.enlargers.general
    save_expert(_expert(1e3), tmp_path / "upscale.expert.safetensors", "x")
    both = Specialists(Networks(tmp_path), CPU, torch.float32)
    assert both.tasks == {"upscale"}
    assert _of(both.enlargers, picture) is not both.enlargers.general


def test_an_expert_of_another_enlarger_is_refused(tmp_path: Path) -> None:
    wide = _network(0, EnlargerSizes(width=12, blocks=1))
    with pytest.raises(WrongWeights, match="belong together"):
        Enlargers(Enlarger(wide, CPU, torch.float32), _expert())
