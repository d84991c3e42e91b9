from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from engine.diffusion.flux import flux1, flux2
from engine.diffusion.flux.flux_adapter import FluxAdapter
from engine.diffusion.flux.flux_adapter_files import (
    FluxAdapterHeader,
    load_flux_adapter,
    read_header,
    save_flux_adapter,
)
from engine.errors import MissingWeights, WrongAdapter, WrongWeights
from engine.schedule import Schedule
from engine.trajectory import Trajectory
from tests.diffusion.tiny_flux import (
    FLUX1,
    FLUX1_GUIDED,
    FLUX2,
    RANK,
    TEXT_TOKENS,
    fresh_adapter1,
    fresh_adapter2,
    latent,
    shaken,
    tiny_flux1,
)

HEADER = FluxAdapterHeader(
    title="Denoise",
    backbone="tiny-flux1",
    trajectory=Trajectory(start="degraded", schedule=Schedule(listed=(0.6, 0.3, 0.0))),
    recipe="denoise.toml",
    rank=RANK,
    text_tokens=TEXT_TOKENS,
    licence="Apache-2.0",
)
NEW1, NEW2 = partial(flux1.new_adapter, FLUX1), partial(flux2.new_adapter, FLUX2)


def _load(path: Path, backbone: str = "tiny-flux1") -> tuple[FluxAdapter, FluxAdapterHeader]:
    return load_flux_adapter(path, backbone, NEW1, device=torch.device("cpu"), dtype=torch.float32)


def _trained() -> FluxAdapter:
    adapter = fresh_adapter1()
    shaken(adapter, 9, 0.1)
    return adapter


@torch.inference_mode()
def test_an_adapter_comes_back_as_it_was(tmp_path: Path) -> None:
    adapter = _trained()
    path = tmp_path / "denoise.safetensors"
    save_flux_adapter(adapter, path, HEADER, torch.float32)
    read, header = _load(path)
    assert header == HEADER == read_header(path)
    x, sigma = latent(16, 4, 4), torch.tensor(0.5)
    velocities = []
    for one in (adapter, read):
        backbone = tiny_flux1(one)
        velocities.append(backbone.velocity(x, sigma, backbone.condition_on(x * 0.9)))
    saved, kept = adapter.state_dict(), read.state_dict()
    assert saved.keys() == kept.keys()
    assert all(torch.equal(saved[name], kept[name]) for name in saved)
    # some processors add up in another order where weights lie otherwise in memory
    assert torch.allclose(*velocities, rtol=0, atol=1e-5)
    assert list(tmp_path.iterdir()) == [path]


def test_what_an_adapter_was_taught_travels_with_it(tmp_path: Path) -> None:
    path = tmp_path / "denoise.safetensors"
    save_flux_adapter(_trained(), path, replace(HEADER, taught="distilled from 16 steps"))
    assert read_header(path).taught == "distilled from 16 steps"
    save_flux_adapter(_trained(), path, HEADER)
    assert read_header(path).taught == ""
    with safe_open(path, "pt") as file:
        assert "taught" not in file.metadata()


def test_an_adapter_of_flux2_comes_back_too(tmp_path: Path) -> None:
    adapter = fresh_adapter2()
    path = tmp_path / "denoise.safetensors"
    save_flux_adapter(adapter, path, replace(HEADER, backbone="tiny-flux2"), torch.float32)
    read, _ = load_flux_adapter(
        path, "tiny-flux2", NEW2, device=torch.device("cpu"), dtype=torch.float32
    )
    states = adapter.state_dict(), read.state_dict()
    assert states[0].keys() == states[1].keys()
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])


def test_files_are_half_as_long_unless_asked_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "denoise.safetensors"
    save_flux_adapter(_trained(), path, HEADER)
    assert {value.dtype for value in load_file(path).values()} == {torch.bfloat16}
    assert {weight.dtype for weight in _load(path)[0].parameters()} == {torch.float32}


def test_an_adapter_of_another_backbone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "denoise.safetensors"
    save_flux_adapter(_trained(), path, HEADER)
    with pytest.raises(WrongAdapter, match="made for tiny-flux1, not for flux2-klein-4b"):
        _load(path, "flux2-klein-4b")
    guided = fresh_adapter1(FLUX1_GUIDED)
    save_flux_adapter(guided, path, HEADER)
    with pytest.raises(WrongAdapter, match="does not fit"):
        _load(path)


def test_a_header_has_to_be_complete_and_true(tmp_path: Path) -> None:
    path = tmp_path / "denoise.safetensors"
    with pytest.raises(ValueError, match="sizes"):
        save_flux_adapter(_trained(), path, replace(HEADER, rank=4))
    tensors = {"a": torch.zeros(1)}
    save_file(tensors, path)
    with pytest.raises(WrongAdapter, match="does not hold an adapter"):
        read_header(path)
    fields = {"kind": "restorer-flux-adapter", "title": "x", "rank": "3"}
    save_file(tensors, path, metadata=fields)
    with pytest.raises(WrongAdapter, match="incomplete"):
        _load(path)


def test_missing_and_damaged_files_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "denoise.safetensors"
    with pytest.raises(MissingWeights):
        _load(path)
    path.write_bytes(b"\x00" * 40)
    with pytest.raises(WrongWeights, match="damaged"):
        read_header(path)
