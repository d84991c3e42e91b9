"""Ranges of the numbers in a network's blocks, measured and written into a model's files."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.diffusion.blocks import BlockRun, residuals
from engine.diffusion.network import Network, NetworkSizes, TaskAdapter
from engine.diffusion.networks import NETWORK_FILE
from engine.diffusion.specialists.enlarger import (
    EnlargeNetwork,
    EnlargerSizes,
    load_enlarger,
    save_enlarger,
)
from engine.diffusion.specialists.enlarger_expert import Expert, load_expert, save_expert
from engine.diffusion.specialists.finder import load_reader, save_reader
from engine.diffusion.specialists.repair import Cut, read_filler, save_filler
from engine.diffusion.weight_files import (
    AdapterHeader,
    load_network,
    load_ranges,
    save_adapter,
    save_network,
)
from engine.weights import ModelSpec, WeightFile, read_catalogue, sha256, write_catalogue
from tests.trainer.test_recipe import _photos
from trainer.cli import main
from trainer.specialists.ranges import adapter_ranges, enlarger_ranges, measured

SIZES = NetworkSizes(widths=(8, 12), blocks=1)
LICENCE = "Apache-2.0"


def _adapter(seed: int = 0) -> TaskAdapter:
    torch.manual_seed(seed)
    adapter = TaskAdapter(SIZES, 2)
    for weight in adapter.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    return adapter.requires_grad_(False)


def _network(seed: int = 0) -> Network:
    torch.manual_seed(seed)
    return Network(SIZES).requires_grad_(False)


def _pictures(count: int = 2) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.random((2, 3, 24, 32), np.float32) for _ in range(count)]


def test_a_range_is_the_largest_size_of_its_channel_in_all_pictures() -> None:
    network, adapter, pictures = _network(), _adapter(), _pictures()
    found = adapter_ranges(network, adapter, pictures)
    assert list(found) == [1], "of three blocks the outer two are of the finest level"
    layers = adapter.fold(network)
    seen: list[torch.Tensor] = []
    outer, (inner,), last = layers[:1], layers[1:2], layers[2:]
    assert outer
    assert last

    def kept(x: torch.Tensor) -> torch.Tensor:
        seen.append(x.clone())
        return x + inner.second(torch.relu(inner.first(x)))

    run: list[BlockRun] = [*residuals(outer), kept, *residuals(last)]
    with torch.inference_mode():
        for picture in pictures:
            image = torch.from_numpy(picture)
            network(image, torch.zeros(2, 1, 24, 32), run)
        given = torch.cat(seen)
        behind = torch.relu(inner.first(given))
    assert torch.allclose(found[1].before, given.abs().amax((0, 2, 3)), rtol=1e-4)
    assert torch.allclose(found[1].inside, behind.amax((0, 2, 3)), rtol=1e-4, atol=1e-5)


def test_all_blocks_of_an_enlarger_have_ranges() -> None:
    network = EnlargeNetwork(EnlargerSizes(8, 3)).requires_grad_(False)
    assert list(enlarger_ranges(network, None, _pictures())) == [0, 1, 2]


def test_without_pictures_nothing_is_measured() -> None:
    def nothing(blocks: Sequence[BlockRun]) -> None:
        assert blocks

    with pytest.raises(ValueError, match="no picture"):
        measured(_network().plain(), nothing, [1])


def _model(folder: Path) -> Path:
    """A model with every kind of file that has ranges, and a second network."""
    folder.mkdir()
    for name, seed, task in (("", 0, "deblur"), ("noise.", 1, "denoise")):
        network = folder / f"{name}{NETWORK_FILE}"
        save_network(_network(seed), network, LICENCE)
        header = AdapterHeader(
            task=task, title="", rank=2, network=sha256(network), recipe="mine", licence=LICENCE
        )
        save_adapter(_adapter(seed), folder / f"{task}.safetensors", header)
    header = AdapterHeader(
        task="find-damage",
        title="",
        rank=2,
        network=sha256(folder / NETWORK_FILE),
        recipe="repair",
        licence=LICENCE,
    )
    save_adapter(_adapter(2), folder / "old-photo.finder.safetensors", header)
    save_reader(_network(3), folder / "old-photo.reader.safetensors", LICENCE)
    cut = Cut(at=0.5, prior=0.02)
    save_filler(_network(4), cut, folder / "old-photo.repair.safetensors", LICENCE)
    sizes = EnlargerSizes(8, 2)
    save_enlarger(EnlargeNetwork(sizes), folder / "upscale.enlarger.safetensors", LICENCE)
    save_expert(Expert(sizes), folder / "upscale.expert.safetensors", LICENCE)
    files = tuple(
        WeightFile(path=path.name, bytes=path.stat().st_size, sha256=sha256(path))
        for path in sorted(folder.glob("*.safetensors"))
    )
    write_catalogue(
        ModelSpec(id="mine", title="Mine", licence=LICENCE, may_sell="", folder=folder, files=files)
    )
    return folder


def test_the_command_tells_every_file_its_ranges(tmp_path: Path) -> None:
    model, photos = _model(tmp_path / "mine"), _photos(tmp_path)
    before = load_network(model / NETWORK_FILE).state_dict()
    command = ["ranges", "--model", str(model), "--photos", str(photos), "--crops", "2"]
    assert main(command) == 0
    told = {path.name.removesuffix(".safetensors") for path in model.glob("*.safetensors")}
    told = {name for name in told if load_ranges(model / f"{name}.safetensors")}
    assert told == {
        "deblur",
        "denoise",
        "old-photo.finder",
        "old-photo.reader",
        "old-photo.repair",
        "upscale.enlarger",
        "upscale.expert",
    }
    spec = read_catalogue(model / "model.toml")
    for file in spec.files:
        assert sha256(model / file.path) == file.sha256, file.path
    for name, weight in load_network(model / NETWORK_FILE).state_dict().items():
        assert torch.equal(weight, before[name])
    filler = read_filler(model / "old-photo.repair.safetensors")[0]
    expert = load_expert(model / "upscale.expert.safetensors").network
    for network, known in (
        (load_reader(model / "old-photo.reader.safetensors"), 1),
        (filler, 1),
        (load_enlarger(model / "upscale.enlarger.safetensors"), 2),
        (expert, 2),
    ):
        assert sum(layers.ranges is not None for layers in network.plain()) == known


def test_only_the_files_that_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, photos = _model(tmp_path / "mine"), _photos(tmp_path)
    command = ["ranges", "--model", str(model), "--photos", str(photos), "--crops", "2", "--only"]
    assert main([*command, "denoise"]) == 0
    assert load_ranges(model / "denoise.safetensors")
    assert not load_ranges(model / "deblur.safetensors")
    assert main([*command, "denoise", "sharpen"]) == 1
    said = capsys.readouterr().err
    assert "no weights called sharpen" in said
    assert "deblur, denoise, old-photo.finder" in said


def test_a_run_that_fails_leaves_the_model_intact(tmp_path: Path) -> None:
    model, photos = _model(tmp_path / "mine"), _photos(tmp_path)
    (model / "old-photo.finder.safetensors").unlink()
    command = ["ranges", "--model", str(model), "--photos", str(photos), "--crops", "2"]
    assert main(command) == 1, "the reader is told by a finder that is not there"
    assert load_ranges(model / "denoise.safetensors")
    for file in read_catalogue(model / "model.toml").files:
        assert sha256(model / file.path) == file.sha256, file.path
