from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.diffusion.flux.flux_adapter_files import read_header
from engine.diffusion.flux.flux_configs import FluxSizes
from engine.diffusion.flux.flux_models import flux1_transformer
from engine.diffusion.flux.patch_autoencoder import PatchNetwork, PatchSizes
from engine.errors import MissingWeights, WrongAdapter
from engine.schedule import Schedule
from engine.trajectory import Trajectory
from engine.weights import sha256
from tests.diffusion import tiny_flux
from tests.trainer.flux_folder import NOISED, write_adapter
from trainer.cli import main
from trainer.flux import teachable as module
from trainer.flux.flux_export import LICENCE, write_autoencoder, write_transformer
from trainer.flux.latent_pool import LatentPool, save_pool
from trainer.flux.teachable import teachable

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


def test_a_trained_adapter_is_read_for_its_model_alone(tmp_path: Path) -> None:
    found, path = teachable(str(_folder(tmp_path)), "mine", None), tmp_path / "a.safetensors"
    write_adapter(path, NOISED, "mine")
    adapter, header = found.trained_adapter(path, CPU)
    assert header.trajectory == NOISED
    assert {weight.dtype for weight in adapter.parameters()} == {torch.float32}
    write_adapter(path, NOISED, "another")
    with pytest.raises(WrongAdapter, match="made for another, not for mine"):
        found.trained_adapter(path, CPU)


def test_an_adapter_for_shorter_prompts_than_the_models_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    write_adapter(path, NOISED, "mine")
    folder = tmp_path / "long"
    words = tiny_flux.WORDS + 1
    write_autoencoder(PatchNetwork(PATCH), FluxSizes(tiny_flux.FLUX1, PATCH), words, folder)
    found = teachable(str(folder), "mine", None)
    with pytest.raises(WrongAdapter, match=f"prompts of {words - 1} tokens, not {words}"):
        found.trained_adapter(path, CPU)


def test_sigmas_are_those_of_a_restoration_whatever_the_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shifted = Trajectory(schedule=Schedule(steps=4, shift="flux1"))
    shipped = teachable(_shipped_as(tmp_path, monkeypatch), "x", tmp_path)
    assert shipped.spec is not None
    native = (shipped.spec.size.native // 16) ** 2
    run = shipped.run_as(shifted, 8)
    assert run.schedule.sigmas(4) == shifted.schedule.sigmas(native)
    assert shipped.run_as(shifted, 8, 9).schedule.steps == 9
    own = teachable(str(tmp_path / "own"), "mine", None).run_as(shifted, 32)
    assert own.schedule.sigmas(4) == shifted.schedule.sigmas(256)


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
