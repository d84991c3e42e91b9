from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch.utils.flop_counter import FlopCounterMode

from engine.diffusion.specialists.enlarger import (
    EnlargeNetwork,
    Enlarger,
    EnlargerSizes,
    listening,
    load_enlarger,
    save_enlarger,
)
from engine.diffusion.tiled import whole
from engine.errors import MissingWeights, WrongWeights
from engine.photo import FloatArray
from engine.progress import Silent
from engine.resize import enlarged
from engine.tiles import Tiling

SIZES = EnlargerSizes(width=8, blocks=2)


def _network() -> EnlargeNetwork:
    torch.manual_seed(0)
    return EnlargeNetwork(SIZES).eval().requires_grad_(False)


def _enlarger(network: EnlargeNetwork | None = None) -> Enlarger:
    return Enlarger(network or _network(), torch.device("cpu"), torch.float32)


def _picture(height: int = 40, width: int = 33) -> FloatArray:
    return np.random.default_rng(0).random((height, width, 3), np.float32)


@pytest.mark.parametrize("scale", [2, 4])
@pytest.mark.parametrize(("height", "width"), [(1, 1), (5, 17), (40, 33)])
def test_any_size_is_enlarged(scale: int, height: int, width: int) -> None:
    large = _enlarger().enlarge(_picture(height, width), scale)
    assert large.shape == (scale * height, scale * width, 3)
    assert large.dtype == np.float32
    assert 0 <= large.min() <= large.max() <= 1


def test_a_network_of_nothing_enlarges_as_lanczos_does() -> None:
    network = _network()
    for weight in network.tails.parameters():
        weight.zero_()
    picture = _picture()
    assert np.array_equal(_enlarger(network).enlarge(picture, 2), enlarged(picture, 2))


def test_a_picture_upside_down_is_enlarged_upside_down() -> None:
    enlarger, picture = _enlarger(), _picture()
    turned = enlarger.enlarge(picture[::-1, ::-1].copy(), 2)[::-1, ::-1]
    assert np.allclose(turned, enlarger.enlarge(picture, 2), atol=1e-5)


def test_the_fast_blocks_give_what_the_network_gives() -> None:
    network, picture = _network(), _picture()
    image = torch.from_numpy(picture).permute(2, 0, 1)[None]
    both = (network(image, 2) + network(image.flip(2, 3), 2).flip(2, 3)) / 2
    change = both[0].permute(1, 2, 0).numpy()
    expected = np.clip(enlarged(picture, 2) + change, 0, 1)
    assert np.abs(_enlarger(network).enlarge(picture, 2) - expected).max() < 1e-5


def test_nothing_beyond_its_reach_is_seen() -> None:
    network, far = _network(), torch.zeros(1, 3, 1, 40)
    near = far.clone()
    near[..., SIZES.reach] = 1
    beyond = far.clone()
    beyond[..., SIZES.reach + 1] = 1
    plain = network(far, 2)[..., :2]
    assert not torch.equal(network(near, 2)[..., :2], plain)
    assert torch.equal(network(beyond, 2)[..., :2], plain)


def test_tiles_give_what_the_whole_gives() -> None:
    enlarger, picture = _enlarger(), _picture(90, 80)
    tiled = whole(
        picture,
        lambda part: enlarger.enlarge(part, 2),
        tiling=Tiling(48, 12),
        progress=Silent(),
        scale=2,
    )
    assert np.abs(tiled - enlarger.enlarge(picture, 2))[16:-16, 16:-16].max() < 1e-4


def test_operations_are_counted_as_pytorch_counts_them() -> None:
    with FlopCounterMode(display=False) as counter:
        _network()(torch.zeros(1, 3, 20, 30), 4)
    assert SIZES.flops(600, 4) == counter.get_total_flops()


def test_a_file_brings_the_network_back(tmp_path: Path) -> None:
    path = tmp_path / "upscale.enlarger.safetensors"
    save_enlarger(_network(), path, "Apache-2.0")
    again = load_enlarger(path)
    assert again.sizes == SIZES
    picture = _picture()
    difference = _enlarger(again).enlarge(picture, 4) - _enlarger().enlarge(picture, 4)
    assert np.abs(difference).max() < 2e-3  # half precision


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "upscale.enlarger.safetensors"
    with pytest.raises(MissingWeights):
        load_enlarger(path)
    save_enlarger(_network(), path, "Apache-2.0")
    tensors = load_file(path)
    save_file(tensors, path, metadata={"kind": "restorer-predictor"})
    with pytest.raises(WrongWeights, match="enlarger"):
        load_enlarger(path)
    del tensors["merge.weight"]
    header = {"kind": "restorer-enlarger", "width": "8", "blocks": "2", "scales": "2 4"}
    save_file(tensors, path, metadata=header)
    with pytest.raises(WrongWeights, match="usable"):
        load_enlarger(path)


@pytest.mark.parametrize("change", [{"width": 0}, {"blocks": 0}, {"scales": ()}, {"scales": (1,)}])
def test_sizes_that_make_no_network_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="enlarger"):
        EnlargerSizes(**change)  # type: ignore[arg-type]


def test_an_enlarger_begins_to_listen_without_being_moved() -> None:
    picture, network = torch.rand(1, 3, 20, 30), _network()
    told = torch.rand(1, 12, 20, 30)
    heeding = listening(network, 12)
    assert heeding.sizes == EnlargerSizes(width=8, blocks=2, told=12)
    assert torch.equal(heeding(picture, 2, told), network(picture, 2))
    with torch.no_grad():
        heeding.heed.weight.add_(0.1)
    again = listening(heeding, 12)  # goes on as it was
    assert torch.equal(again(picture, 2, told), heeding(picture, 2, told))
    assert not torch.equal(again(picture, 2, told), network(picture, 2))
    deaf = listening(heeding, 0)
    assert torch.equal(deaf(picture, 2), network(picture, 2))


def test_operations_of_listening_are_counted() -> None:
    network = listening(_network(), 12).requires_grad_(False)
    with FlopCounterMode(display=False) as counter:
        network(torch.zeros(1, 3, 20, 30), 4, torch.zeros(1, 12, 20, 30))
    assert network.sizes.flops(600, 4) == counter.get_total_flops()
