from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from engine.diffusion.flux.flux1 import Flux1
from engine.diffusion.flux.flux2 import Flux2
from engine.diffusion.flux.flux_models import (
    FLUX1_DEV,
    FLUX1_SCHNELL,
    FLUX2_KLEIN_4B,
    count,
    flux1_transformer,
    flux2_transformer,
)
from engine.diffusion.flux.modulation import (
    install,
    load_table,
    modulation_layers,
    parameters_spared,
    save_table,
)
from engine.errors import MissingWeights, WrongWeights
from tests.diffusion.tiny_flux import (
    fresh_adapter1,
    latent,
    prompt1,
    shaken,
    tiny_flux1,
    tiny_flux1_guided,
    tiny_flux2,
    tiny_transformer1,
)

SIGMAS = (1.0, 0.75, 0.5, 0.25, 0.0)


def _velocities(backbone: Flux1 | Flux2, pictures: int = 1) -> list[Tensor]:
    x = latent(backbone.spec.channels, 4, 6, count=pictures)
    given = backbone.condition_on(latent(backbone.spec.channels, 4, 6, count=pictures, seed=7))
    return [backbone.velocity(x, torch.tensor(sigma), given) for sigma in SIGMAS[:-1]]


@pytest.mark.parametrize("make", [tiny_flux1, tiny_flux1_guided, tiny_flux2])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@torch.inference_mode()
def test_a_table_gives_the_full_networks_velocity_to_the_bit(make, dtype) -> None:  # type: ignore[no-untyped-def]
    backbone = make()
    backbone.transformer.to(dtype)
    backbone.dtype = dtype
    full = _velocities(backbone)
    before = count(backbone.transformer)
    spared = parameters_spared(backbone.transformer)
    backbone.use_table(backbone.modulation(SIGMAS))
    for own, expected in zip(_velocities(backbone), full, strict=True):
        assert torch.equal(own, expected)
    assert count(backbone.transformer) == before - spared
    assert spared > 0


@torch.inference_mode()
def test_a_table_serves_a_batch_and_an_adapter() -> None:
    adapter = fresh_adapter1()
    shaken(adapter, 9, 0.1)
    backbone = tiny_flux1(adapter)
    full = _velocities(backbone, pictures=3)
    backbone.use_table(backbone.modulation(SIGMAS))
    for own, expected in zip(_velocities(backbone, pictures=3), full, strict=True):
        assert torch.allclose(own, expected, atol=1e-5)


@torch.inference_mode()
def test_a_table_is_the_same_from_its_file(tmp_path: Path) -> None:
    backbone = tiny_flux1_guided()
    table = backbone.modulation(SIGMAS)
    save_table(table, tmp_path / "table.safetensors")
    read = load_table(tmp_path / "table.safetensors", backbone.spec.id)
    assert replace(read, rows={}) == replace(table, rows={})
    assert read.rows.keys() == table.rows.keys()
    assert all(torch.equal(read.rows[name], rows) for name, rows in table.rows.items())
    full = _velocities(backbone)
    backbone.use_table(read)
    assert all(map(torch.equal, _velocities(backbone), full))


@torch.inference_mode()
def test_a_table_knows_what_it_was_made_for(tmp_path: Path) -> None:
    backbone = tiny_flux1()
    table = backbone.modulation(SIGMAS)
    assert table.sigmas == SIGMAS[:-1]
    assert table.covers((1.0, 0.5 + 1e-9, 0.0), backbone.modulated_by)
    assert not table.covers((1.0, 0.6, 0.0), backbone.modulated_by)
    assert not table.covers(SIGMAS, "another prompt")
    other = tiny_flux1()
    other.prompt = prompt1(seed=8)
    with pytest.raises(WrongWeights, match="prompt"):
        other.use_table(table)
    save_table(table, tmp_path / "table.safetensors")
    with pytest.raises(WrongWeights, match="not for tiny-flux2"):
        load_table(tmp_path / "table.safetensors", "tiny-flux2")


@torch.inference_mode()
def test_a_sigma_without_a_row_is_refused() -> None:
    backbone = tiny_flux1()
    backbone.use_table(backbone.modulation(SIGMAS))
    x = latent(16, 4, 4, count=2)
    given = backbone.condition_on(x)
    with pytest.raises(WrongWeights, match=r"no row for sigma 0\.3"):
        backbone.velocity(x, torch.tensor(0.3), given)
    with pytest.raises(ValueError, match="one sigma"):
        backbone.velocity(x, torch.tensor([0.5, 1.0]), given)


@torch.inference_mode()
def test_a_table_of_another_network_is_refused() -> None:
    table = tiny_flux1().modulation(SIGMAS)
    with pytest.raises(WrongWeights, match="different"):
        install(replace(table, rows={}), tiny_transformer1())
    short = {name: rows[:, :-1] for name, rows in table.rows.items()}
    with pytest.raises(WrongWeights, match="other sizes"):
        install(replace(table, rows=short), tiny_transformer1())


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.safetensors"
    with pytest.raises(MissingWeights):
        load_table(path, "flux1-schnell")
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(WrongWeights):
        load_table(path, "flux1-schnell")


@pytest.mark.parametrize("sizes", [FLUX1_SCHNELL, FLUX1_DEV])
def test_flux1_is_spared_more_than_a_quarter(sizes) -> None:  # type: ignore[no-untyped-def]
    network = flux1_transformer(sizes, "meta")
    assert len(list(modulation_layers(network))) == 19 * 2 + 38 + 1
    assert parameters_spared(network) == 3_247_448_064
    assert round((count(network) - parameters_spared(network)) / 1e9, 2) in (8.64, 8.65)


def test_flux2_shares_its_modulation_and_is_spared_little() -> None:
    assert parameters_spared(flux2_transformer(FLUX2_KLEIN_4B, "meta")) == 17 * 3072**2
