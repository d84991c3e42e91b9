"""What the large network sees of a small picture, for the enlarger to be told."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.diffusion.network import Network, NetworkSizes, TaskAdapter
from engine.diffusion.networks import NETWORK_FILE, Networks
from engine.diffusion.specialists.enlarger import (
    TILING,
    EnlargeNetwork,
    Enlarger,
    EnlargerSizes,
    listening,
    save_enlarger,
)
from engine.diffusion.specialists.guide import Guide, guide_file, load_guide
from engine.diffusion.specialists.roster import Specialists
from engine.diffusion.tiled import whole
from engine.diffusion.weight_files import AdapterHeader, save_adapter, save_network
from engine.errors import MissingWeights, WrongAdapter, WrongWeights
from engine.photo import FloatArray
from engine.progress import Silent
from engine.resize import enlarged
from engine.tiles import Tiling, tiles
from engine.weights import sha256

CPU = torch.device("cpu")
SMALL = NetworkSizes(widths=(16, 24), blocks=1)


def _guide(sizes: NetworkSizes = SMALL) -> Guide:
    torch.manual_seed(0)
    base, adapter = Network(sizes), TaskAdapter(sizes, 4)
    for weight in adapter.parameters():
        torch.nn.init.normal_(weight, std=0.1)
    return Guide(base.eval().requires_grad_(False), adapter.eval().requires_grad_(False))


def _enlarger(guide: Guide) -> Enlarger:
    return Enlarger(_heeding(guide), CPU, torch.float32, guide)


def _heeding(guide: Guide) -> EnlargeNetwork:
    torch.manual_seed(1)
    network = listening(EnlargeNetwork(EnlargerSizes(width=8, blocks=2)), guide.channels)
    torch.nn.init.normal_(network.heed.weight, std=0.1)
    return network.eval().requires_grad_(False)


def _picture(height: int, width: int) -> FloatArray:
    return np.random.default_rng(0).random((height, width, 3), np.float32)


def _written(folder: Path, guide: Guide) -> Path:
    """A model with this guide; its enlarger's file."""
    save_network(guide.base, folder / NETWORK_FILE, "x")
    header = AdapterHeader(
        task="guide",
        title="G",
        rank=4,
        network=sha256(folder / NETWORK_FILE),
        recipe="r",
        licence="x",
    )
    save_adapter(guide.adapter, folder / "upscale.guide.safetensors", header)
    path = folder / "upscale.enlarger.safetensors"
    save_enlarger(_heeding(guide), path, "x")
    return path


@pytest.mark.parametrize(("height", "width"), [(1, 1), (5, 17), (40, 33)])
def test_it_tells_of_every_pixel(height: int, width: int) -> None:
    guide = _guide()
    told = guide.told(torch.rand(2, 3, height, width))
    assert told.shape == (2, 4, height, width)
    assert guide.channels == 4


def test_what_it_tells_goes_through_its_adapter() -> None:
    guide, image = _guide(), torch.rand(1, 3, 16, 16)
    plain = guide.told(image, None)
    other = Guide(guide.base, TaskAdapter(SMALL, 4)).told(image)
    assert not torch.allclose(plain, other)


def test_a_network_whose_features_make_no_pixels_is_refused() -> None:
    with pytest.raises(WrongWeights, match="cannot guide"):
        _guide(NetworkSizes(widths=(6,), blocks=1))


@pytest.mark.parametrize("scale", [2, 4])
def test_the_enlarger_hears_it(scale: int) -> None:
    """At factor 2 it looks once, else upside down as well."""
    guide, picture = _guide(), _picture(24, 32)
    image = torch.from_numpy(picture).permute(2, 0, 1)[None]
    network = _heeding(guide)
    change = network(image, scale, guide.told(image))
    if scale > 2:
        upset = image.flip(2, 3)
        change = (change + network(upset, scale, guide.told(upset)).flip(2, 3)) / 2
    expected = np.clip(enlarged(picture, scale) + change[0].permute(1, 2, 0).numpy(), 0, 1)
    made = _enlarger(guide).enlarge(picture, scale)
    assert np.abs(made - expected).max() < 1e-5
    silent = listening(network, 0).requires_grad_(False)
    alone = Enlarger(silent, CPU, torch.float32).enlarge(picture, scale)
    assert np.abs(made - alone).max() > 1e-3


def test_tiles_give_what_the_whole_gives() -> None:
    """Where they begin on the network's grid and see as far as it does."""
    guide = _guide()
    enlarger, picture = _enlarger(guide), _picture(210, 150)
    tiling = Tiling(128, 40, align=SMALL.multiple_of)
    tiled = whole(
        picture,
        lambda part: enlarger.enlarge(part, 2),
        tiling=tiling,
        progress=Silent(),
        scale=2,
    )
    assert np.abs(tiled - enlarger.enlarge(picture, 2)).max() < 1e-4


def test_every_tile_starts_on_the_networks_grid() -> None:
    """Off it a network tells other things of the same pixels."""
    grid = NetworkSizes().multiple_of
    for tile in tiles(1701, 1303, TILING):
        assert (tile.seen.left % grid, tile.seen.top % grid) == (0, 0)


def test_a_model_has_the_guide_whose_file_lies_in_it(tmp_path: Path) -> None:
    guide, picture = _guide(), _picture(16, 16)
    path = _written(tmp_path, guide)
    specialists = Specialists(Networks(tmp_path), CPU, torch.float32)
    assert specialists.tasks == {"upscale"}
    made = specialists.enlargers.general.enlarge(picture, 2)
    assert np.abs(made - _enlarger(guide).enlarge(picture, 2)).max() < 5e-3  # 8 and 16 bits
    guide_file(path).unlink()
    with pytest.raises(MissingWeights, match="guide"):
        _ = Specialists(Networks(tmp_path), CPU, torch.float32).enlargers


def test_a_guide_of_another_network_is_refused(tmp_path: Path) -> None:
    path = _written(tmp_path, _guide())
    other = Network(SMALL)
    save_network(other, tmp_path / NETWORK_FILE, "x")
    with pytest.raises((MissingWeights, WrongAdapter)):
        load_guide(guide_file(path), Networks(tmp_path))


def test_an_enlarger_and_a_guide_that_do_not_belong_together_are_refused() -> None:
    guide, plain = _guide(), EnlargeNetwork(EnlargerSizes(width=8, blocks=1))
    with pytest.raises(WrongWeights, match="belong together"):
        Enlarger(plain, CPU, torch.float32, guide)
    with pytest.raises(WrongWeights, match="belong together"):
        Enlarger(_heeding(guide), CPU, torch.float32)
