from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.diffusion.flux_adapter_files import read_header
from engine.diffusion.flux_configs import FluxSizes
from engine.diffusion.flux_models import flux1_transformer
from engine.diffusion.patch_autoencoder import PatchNetwork, PatchSizes
from engine.errors import MissingWeights
from engine.weights import sha256
from tests.diffusion import tiny_flux
from trainer import teachable as module
from trainer.cli import main
from trainer.flux_export import LICENCE, write_autoencoder, write_transformer
from trainer.latent_pool import LatentPool, save_pool
from trainer.teachable import teachable

CPU = torch.device("cpu")
PATCH = PatchSizes(near=8, far=16, near_blocks=1, far_blocks=1)


def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    write_autoencoder(PatchNetwork(PATCH), FluxSizes(tiny_flux.FLUX1, PATCH), 5, folder)
    write_transformer(flux1_transformer(tiny_flux.FLUX1), folder)
    return folder


def test_a_folder_of_the_trainer_is_a_model(tmp_path: Path) -> None:
    found = teachable(str(_folder(tmp_path)), "mine", None)
    backbone = found.backbone(CPU, 64)
    assert backbone.spec.id == "mine"
    assert backbone.prompt.text.shape == (5, tiny_flux.FLUX1.text_width)  # its own, not 64 long


def test_a_fresh_adapter_fits_and_changes_nothing(tmp_path: Path) -> None:
    found = teachable(str(_folder(tmp_path)), "mine", None)
    backbone = found.backbone(CPU, 64)
    picture = tiny_flux.picture(16, 16)
    given = backbone.condition(picture)
    x = tiny_flux.latent(16, 2, 2)
    with torch.inference_mode():
        plain = backbone.velocity(x, torch.tensor(0.5), given)
        backbone.adapter = found.fresh_adapter(backbone, 3)
        assert torch.equal(backbone.velocity(x, torch.tensor(0.5), given), plain)
    assert backbone.adapter.sizes.rank == 3


def test_a_model_of_the_catalogue_is_found_where_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = _shipped_as(tmp_path, monkeypatch)
    found = teachable(spec, "another", tmp_path)
    assert found.id == spec  # the catalogue's name, whatever was asked
    backbone = found.backbone(CPU, 6)
    assert backbone.prompt.text.shape[0] == 6  # blank: it has none of its own
    latent = found.autoencoder(CPU).encode(tiny_flux.picture(16, 16), 16)
    assert latent.shape == (1, 16, 2, 2)


def test_an_adapter_is_under_the_licence_of_its_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = _shipped_as(tmp_path, monkeypatch, licence="Not for sale")
    found = teachable(spec, "x", tmp_path)
    pool, out = tmp_path / "pool.st", tmp_path / "adapter.safetensors"
    latents = torch.zeros(2, 16, 4, 4).half()
    save_pool(
        LatentPool(latents, latents.clone(), latents.clone()), pool, sha256(found.autoencoder_file)
    )
    order = ["adapter", "--model", spec, "--models", str(tmp_path), "--device", "cpu"]
    seen = ["--pool", str(pool), "--sides", "4", "--tokens", "4", "--text-tokens", "5"]
    run = ["--run", str(tmp_path / "run"), "--steps", "1", "--rank", "2", "--out", str(out)]
    assert main([*order, *seen, *run]) == 0
    assert read_header(out).licence == "Not for sale"
    assert main([*order, *seen, *run, "--licence", "MIT"]) == 0
    assert read_header(out).licence == "MIT"
    assert teachable(str(tmp_path / "own"), "mine", None).licence == LICENCE


def test_a_model_that_is_not_here_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingWeights, match=r"FLUX\.1 schnell is not on this machine"):
        teachable("flux1-schnell", "x", tmp_path)
    with pytest.raises(MissingWeights, match="No model called"):
        teachable("flux9", "x", tmp_path)


def _shipped_as(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, licence: str = "Apache-2.0"
) -> str:
    """Put a tiny model where flux1-schnell's files belong; gives its id."""
    own = _folder(tmp_path)
    schnell = module.find_backbone("flux1-schnell")
    place = tmp_path / schnell.id
    place.mkdir()
    kept = []
    for file in schnell.files_of("bf16"):
        source = own / f"{file.role}.safetensors"
        (place / file.path).write_bytes(source.read_bytes())
        kept.append(replace(file, bytes=None, sha256=None))
    spec = replace(schnell, files=tuple(kept), variant="bf16", licence=licence)
    monkeypatch.setattr(module, "find_backbone", lambda id: spec)
    monkeypatch.setattr(module, "shipped_sizes", lambda spec: FluxSizes(tiny_flux.FLUX1, PATCH))
    return schnell.id
