"""What trainings in latents were begun with is noticed when they go on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from engine.errors import WrongWeights
from engine.progress import Silent
from engine.weights import sha256
from tests.diffusion import tiny_flux
from tests.trainer.flux_folder import PATCH, FluxFiles, flux_files, pool
from tests.trainer.test_recipe import _photos, _recipe
from trainer.checkpoint import sampled_sum
from trainer.cli import main
from trainer.flux.autoencoder_fit import train_autoencoder
from trainer.flux.flow_fit import FlowPlan, train_backbone
from trainer.flux.flux_export import AUTOENCODER, write_transformer
from trainer.flux.latent_pool import LatentPool, save_pool
from trainer.loop import Pace
from trainer.pairs import Pairs
from trainer.recipe_files import load_recipe

PLAN = FlowPlan(tokens=16, sides=(4,))
ORDERS = {
    "adapter": ["--rank", "2", "--steps", "2"],
    "trajectory": ["--start", "start.safetensors", "--steps", "2"],
    "distil": ["--start", "start.safetensors", "--updates", "2", "--teacher-steps", "8"],
}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FluxFiles:
    monkeypatch.chdir(tmp_path)
    return flux_files(tmp_path)


def _order(command: str) -> list[str]:
    made = ["--model", "model", "--pool", "pool.st", "--device", "cpu", "--run", "run"]
    seen = ["--sides", "4", "--tokens", "8", "--out", "out.safetensors"]
    return [command, *made, *seen, *ORDERS[command]]


def _other(known: LatentPool) -> LatentPool:
    """A pool of which one pair is another."""
    degraded = known.degraded.clone()
    degraded[2] = degraded[2].flip(0)
    return LatentPool(known.clean, degraded, known.draft)


@pytest.mark.parametrize("command", ORDERS)
def test_a_training_that_is_over_is_not_taken_for_one_of_another_pool(
    command: str, files: FluxFiles, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(_order(command)) == 0
    assert main(_order(command)) == 0
    save_pool(_other(pool()), files.pool, sha256(files.model / AUTOENCODER))
    assert main(_order(command)) == 1
    assert "another recipe, pool or seed" in capsys.readouterr().err


@pytest.mark.parametrize("command", ORDERS)
def test_an_adapter_is_not_continued_on_another_backbone(
    command: str, files: FluxFiles, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(_order(command)) == 0
    other = tiny_flux.tiny_transformer1()
    tiny_flux.shaken(other, 5, 0.01)
    write_transformer(other, files.model)
    assert main(_order(command)) == 1
    assert "another training" in capsys.readouterr().err


def test_a_state_that_tells_no_origin_goes_on(files: FluxFiles, tmp_path: Path) -> None:
    assert main(_order("adapter")) == 0
    path = tmp_path / "run" / "state.safetensors"
    with safe_open(path, "pt") as file:
        header = file.metadata()
    assert "pairs" in header.pop("origin")
    save_file(load_file(path), path, metadata=header)
    save_pool(_other(pool()), files.pool, sha256(files.model / AUTOENCODER))
    assert main(_order("adapter")) == 0


def test_a_backbone_says_when_it_goes_on_with_another_pool(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def trained(pairs: LatentPool, plan: FlowPlan, steps: int) -> None:
        pace = Pace(steps=steps)
        train_backbone(tiny_flux.tiny_flux1(), pairs, plan, pace, tmp_path, Silent())

    trained(pool(), PLAN, 2)
    trained(pool(), PLAN, 3)
    assert "goes on with these" not in caplog.text
    trained(_other(pool()), PLAN, 4)
    assert "goes on with these" in caplog.text
    with pytest.raises(WrongWeights, match="that is over"):
        trained(_other(pool()), replace(PLAN, seed=1), 4)


def test_an_autoencoder_is_not_taken_for_one_of_another_recipe(tmp_path: Path) -> None:
    recipe = replace(load_recipe(_recipe(tmp_path)), size=32, batch=2)
    photos = _photos(tmp_path)

    def trained(seed: int) -> None:
        pairs, run = Pairs(photos, recipe, seed), tmp_path / "run"
        train_autoencoder(pairs, PATCH, Pace(steps=1), run, Silent(), device="cpu", workers=0)

    trained(0)
    trained(0)
    with pytest.raises(WrongWeights, match="that is over"):
        trained(1)


def test_equal_pools_have_equal_signs() -> None:
    known = pool()
    assert known.sign() == pool().sign()
    changed = (
        pool(5),
        _other(known),
        LatentPool(known.clean, known.draft, known.degraded),
    )
    assert len({known.sign(), *(other.sign() for other in changed)}) == 4


def test_samples_tell_files_apart(tmp_path: Path) -> None:
    """Short ones as well as those of which most is never looked at."""
    whole = torch.arange(8 << 20, dtype=torch.int32).numpy().tobytes()
    contents = (b"", b"a", b"b", whole, whole[4:], whole[:-4], whole[:-1] + b"x")
    paths = [tmp_path / str(index) for index in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    assert len({sampled_sum([path]) for path in paths}) == len(paths)
    assert sampled_sum(paths[3:4]) == sampled_sum(paths[3:4]) != sampled_sum(paths[3:5])
