from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.functional import pixel_shuffle, pixel_unshuffle

from engine.diffusion.devices import pick_device
from engine.diffusion.drafting import draft
from engine.diffusion.flux.flux1 import Flux1, new_adapter
from engine.diffusion.flux.flux_adapter import FluxAdapter
from engine.diffusion.flux.flux_adapter_files import load_flux_adapter
from engine.diffusion.flux.flux_configs import FluxSizes
from engine.diffusion.flux.patch_autoencoder import PatchNetwork, PatchSizes
from engine.diffusion.predictor import load_predictor
from engine.errors import BadRecipe
from engine.photo import Box, FloatArray, Photo
from engine.preset import load_presets
from engine.progress import Cancelled, Silent
from engine.request import RestoreRequest
from engine.schedule import Schedule
from engine.trajectory import Trajectory
from engine.views import View
from engine.weights import sha256
from tests.diffusion import tiny_flux
from tests.trainer.test_recipe import _photos, _recipe
from trainer.cli import main
from trainer.flux import flux_cli
from trainer.flux.autoencoder_fit import train_autoencoder
from trainer.flux.flow_fit import FlowPlan, asked, train_adapter, train_backbone
from trainer.flux.flow_loss import FlowPoint, flow_point, velocity_loss
from trainer.flux.flux_export import (
    AUTOENCODER,
    FluxFolder,
    write_autoencoder,
    write_transformer,
)
from trainer.flux.latent_pool import LatentBatch, LatentPool, load_pool, make_pool, save_pool
from trainer.loop import Pace
from trainer.pairs import Batch, Pairs
from trainer.recipe_files import load_recipe

PACE = Pace(steps=30, learning_rate=3e-3, warm_up=2, save_every=10, log_every=5)
PLAN = FlowPlan(tokens=64, sides=(8, 4))
NOISED = Trajectory(start="degraded", schedule=Schedule(steps=2, start=0.5))
CPU = pick_device("cpu")
PATCH = PatchSizes(near=8, far=16, near_blocks=1, far_blocks=1)


def _pool(count: int = 6) -> LatentPool:
    """Pairs whose degraded latent tells the clean one up to a little noise."""
    rng = torch.Generator().manual_seed(3)
    clean = torch.randn(count, 16, 8, 8, generator=rng).half()
    degraded = (clean + 0.1 * torch.randn(clean.shape, generator=rng)).half()
    return LatentPool(clean, degraded, degraded.clone())


def _backbone() -> Flux1:
    return tiny_flux.tiny_flux1()


def _fresh(model: Flux1) -> FluxAdapter:
    adapter = new_adapter(tiny_flux.FLUX1, 2, tiny_flux.WORDS)
    adapter.start_from(model.transformer)
    return adapter


def _losses(run: Path) -> list[float]:
    lines = (run / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["loss"]["loss"] for line in lines]


def test_windows_of_a_pool_are_parts_of_its_latents() -> None:
    pool = _pool()
    seen = pool.batch(5, 4, np.random.default_rng(0))
    for clean, degraded in zip(seen.clean, seen.degraded, strict=True):
        found = [
            (index, top, left)
            for index in range(len(pool.clean))
            for top in range(0, 5, 2)
            for left in range(0, 5, 2)
            if torch.equal(pool.clean[index, :, top : top + 4, left : left + 4].float(), clean)
        ]
        (index, top, left) = found[0]
        window = pool.degraded[index, :, top : top + 4, left : left + 4].float()
        assert torch.equal(window, degraded)


def test_a_window_larger_than_the_latents_is_refused() -> None:
    with pytest.raises(ValueError, match="windows of 10"):
        _pool().batch(1, 10, np.random.default_rng(0))


def test_a_pool_of_another_autoencoder_is_refused(tmp_path: Path) -> None:
    pool = _pool()
    save_pool(pool, tmp_path / "pool.safetensors", "one")
    assert torch.equal(load_pool(tmp_path / "pool.safetensors", "one").draft, pool.draft)
    with pytest.raises(BadRecipe, match="another autoencoder"):
        load_pool(tmp_path / "pool.safetensors", "two")
    (tmp_path / "pool.safetensors").write_bytes(b"no pool")
    with pytest.raises(BadRecipe, match="cannot be read"):
        load_pool(tmp_path / "pool.safetensors", "one")


class _Unshuffled:
    """An `Autoencoder` of pixels."""

    def encode(self, image: Tensor, multiple_of: int) -> Tensor:
        return pixel_unshuffle(image, 8)

    def decode(self, latent: Tensor) -> Tensor:
        return pixel_shuffle(latent, 8)


def test_a_pool_shows_the_degraded_picture_as_a_prior_sees_it(tmp_path: Path) -> None:
    """In the light of the draft, where a task sets that first."""
    rng, tasks = np.random.default_rng(0), ("low-light", "denoise")
    clean = rng.random((2, 3, 64, 64), np.float32) * np.float32(0.2)
    nothing = np.zeros((2, 1, 64, 64), np.float32)
    batch = Batch(tasks, clean.copy(), clean, nothing, nothing)
    pool = make_pool([batch], 1, _Unshuffled(), load_predictor("cpu"), CPU, Silent())
    seen = pixel_shuffle(pool.degraded.float(), 8).numpy()
    assert seen[0].mean() > 1.2 * clean[0].mean()
    assert np.abs(seen[1] - clean[1]).max() < 1e-3
    for number, task in enumerate(tasks):
        picture = np.ascontiguousarray(clean[number].transpose(1, 2, 0))
        expected = _as_a_prior_sees(picture, task, tmp_path / f"{task}.npy")
        assert np.abs(seen[number].transpose(1, 2, 0) - expected).max() < 1e-3
    plain = make_pool([batch], 1, _Unshuffled(), None, CPU, Silent())
    assert torch.equal(plain.degraded, plain.clean)


def _as_a_prior_sees(picture: FloatArray, task: str, place: Path) -> FloatArray:
    preset, view = load_presets()[task], View(Photo(pixels=picture))
    request = RestoreRequest(source=place, preset=preset)
    read = draft(load_predictor("cpu"), view, preset, request, place, Silent()).degraded
    return read(Box(0, 0, *view.size))


def test_an_autoencoder_learns_to_give_back_what_it_saw(tmp_path: Path) -> None:
    recipe = replace(load_recipe(_recipe(tmp_path)), size=32, batch=4)
    pairs = Pairs(_photos(tmp_path), recipe, 0)
    pace = replace(PACE, steps=40, learning_rate=5e-3)
    run = tmp_path / "run"
    train_autoencoder(pairs, PATCH, pace, run, Silent(), device="cpu", workers=0)
    losses = _losses(run)
    assert losses[-1] < 0.95 * losses[0]


def test_a_backbone_learns(tmp_path: Path) -> None:
    pace = replace(PACE, steps=50)
    train_backbone(_backbone(), _pool(1), PLAN, pace, tmp_path, Silent())
    losses = _losses(tmp_path)
    assert losses[-1] < 0.97 * losses[0]


def _error(model: Flux1) -> float:
    """How far the velocity is off, at fixed places on the path."""
    pool, rng = _pool(), torch.Generator().manual_seed(7)
    clean, degraded = pool.clean.float(), pool.degraded.float()
    noise, sigma = torch.randn(clean.shape, generator=rng), torch.linspace(0.1, 0.9, len(clean))
    point = flow_point(Trajectory(), clean, degraded, noise, sigma)
    given = model.condition_on(degraded)
    with torch.inference_mode():
        return float(velocity_loss(lambda x, s: model.velocity(x, s, given), point).mean())


@pytest.mark.parametrize("trajectory", [Trajectory(), NOISED])
def test_an_adapter_learns_and_its_backbone_stays(tmp_path: Path, trajectory: Trajectory) -> None:
    model = _backbone()
    before = {name: value.clone() for name, value in model.transformer.state_dict().items()}
    error = _error(model)
    pace = replace(PACE, steps=50)
    trained = train_adapter(
        model, _fresh(model), trajectory, _pool(), PLAN, pace, tmp_path, Silent()
    )
    after = model.transformer.state_dict()
    assert all(torch.equal(value, after[name]) for name, value in before.items())
    model.adapter = trained
    assert _error(model) < 0.97 * error


def test_a_start_from_the_draft_is_learnt_as_one_from_the_degraded() -> None:
    pool = _pool()
    clean, degraded, draft = pool.clean.float(), pool.degraded.float(), pool.clean.float() + 1

    def at(drafted: float, *parts: Tensor) -> FlowPoint:
        plan = replace(PLAN, travelled=1.0, drafted=drafted)
        return asked(NOISED, plan, LatentBatch(*parts), torch.Generator().manual_seed(1))

    from_draft = at(1.0, clean, degraded, draft)
    assert torch.equal(from_draft.far, at(0.0, clean, draft, degraded).far)
    assert not torch.equal(from_draft.far, at(0.0, clean, degraded, draft).far)
    assert float(from_draft.sigma.max()) <= NOISED.schedule.start  # never above where it starts


def test_the_error_of_the_decoded_picture_counts_where_asked(tmp_path: Path) -> None:
    def loss(pixels: float) -> float:
        model = _backbone()
        plan = replace(PLAN, pixels=pixels)
        run = tmp_path / str(pixels)
        pace = replace(PACE, steps=5)
        train_adapter(model, _fresh(model), NOISED, _pool(), plan, pace, run, Silent())
        return _losses(run)[0]

    assert loss(2.0) > loss(1.0) > loss(0.0)


def test_an_interrupted_training_ends_where_an_uninterrupted_one_does(tmp_path: Path) -> None:
    class Stops:
        def report(self, done: float, stage: str = "") -> None:
            if stage == "step 15":
                raise Cancelled

    def trained(run: str, progress: Silent | Stops) -> dict[str, Tensor]:
        model = _backbone()
        adapter = train_adapter(
            model, _fresh(model), NOISED, _pool(), PLAN, PACE, tmp_path / run, progress
        )
        return adapter.state_dict()

    whole = trained("whole", Silent())
    with pytest.raises(Cancelled):
        trained("broken", Stops())
    resumed = trained("broken", Silent())
    assert all(torch.equal(value, resumed[name]) for name, value in whole.items())


def test_from_photos_to_an_adapter_by_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flux_cli, "NANO", FluxSizes(tiny_flux.FLUX1, PATCH))
    folder, pool, out = tmp_path / "model", tmp_path / "pool.st", tmp_path / "adapter.safetensors"
    photos = ["--photos", str(_photos(tmp_path)), "--recipe", str(_recipe(tmp_path))]
    common = ["--model", str(folder), "--device", "cpu"]
    few = ["--steps", "4"]
    made = [*photos, "--workers", "0", "--side", "32", "--batch", "2"]
    latent = ["--pool", str(pool), "--sides", "4", "--tokens", "8"]
    run = ["--run", str(tmp_path / "autoencoder")]
    assert main(["autoencoder", *common, *made, *run, *few]) == 0
    encoded = ["--count", "2", "--clean", "--out", str(pool)]
    assert main(["latents", *common, *made, *encoded]) == 0
    run = ["--run", str(tmp_path / "backbone")]
    assert main(["backbone", *common, *latent, *run, *few]) == 0
    run = ["--run", str(tmp_path / "adapter")]
    written = ["--rank", "2", "--start-sigma", "0.4", "--out", str(out)]
    assert main(["adapter", *common, *latent, *run, *few, *written]) == 0

    adapter, header = load_flux_adapter(
        out,
        "flux-nano",
        partial(new_adapter, tiny_flux.FLUX1),
        device=CPU,
        dtype=torch.float32,
    )
    assert header.trajectory.schedule.start == 0.4
    assert header.trajectory.start == "degraded"
    model = FluxFolder(folder).backbone("flux-nano", CPU)
    model.adapter = adapter
    picture = torch.rand(1, 3, 32, 32)
    latents = model.encode(picture)
    assert float(latents.std()) == pytest.approx(1, abs=0.5)
    velocity = model.velocity(latents, torch.tensor(0.4), model.condition(picture))
    assert velocity.shape == latents.shape


@pytest.fixture
def ready(tmp_path: Path) -> list[str]:
    """An order for an adapter of a tiny model, with all that it needs."""
    folder, pool = tmp_path / "model", tmp_path / "pool.st"
    write_autoencoder(
        PatchNetwork(PATCH), FluxSizes(tiny_flux.FLUX1, PATCH), tiny_flux.WORDS, folder
    )
    write_transformer(_backbone().transformer, folder)
    save_pool(_pool(), pool, sha256(folder / AUTOENCODER))
    made = ["--pool", str(pool), "--run", str(tmp_path / "run"), "--rank", "2", "--tokens", "8"]
    out = ["--out", str(tmp_path / "new" / "adapter.safetensors"), "--steps", "1", "--sides", "4"]
    return ["adapter", "--model", str(folder), "--device", "cpu", *made, *out]


def test_the_folder_of_an_adapter_is_made(ready: list[str], tmp_path: Path) -> None:
    assert main(ready) == 0
    assert (tmp_path / "new" / "adapter.safetensors").is_file()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--pool", "none.st"], "none.st is missing"),
        (["--sides", "64"], "Windows of 64 do not fit into latents of 8 x 8"),
        (["--model", "none"], "No model called “none”"),
    ],
)
def test_what_does_not_go_together_is_a_sentence(
    ready: list[str], options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*ready, *options]) == 1
    assert said in capsys.readouterr().err


def test_the_state_of_another_training_is_not_continued(
    ready: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(ready) == 0
    assert main([*ready, "--rank", "3"]) == 1
    assert "another training" in capsys.readouterr().err


def test_a_backbone_wants_an_autoencoder_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = ["--model", str(tmp_path), "--pool", str(tmp_path / "p"), "--run", str(tmp_path)]
    assert main(["backbone", *order, "--device", "cpu"]) == 1
    assert "no autoencoder yet" in capsys.readouterr().err


@pytest.mark.parametrize(
    "option",
    ["steps=0", "sides=4,x", "sides=5", "tokens=0", "rank=0", "start-sigma=2", "learning-rate=0"],
)
def test_a_number_that_cannot_be_is_wrong_usage(ready: list[str], option: str) -> None:
    with pytest.raises(SystemExit) as end:
        main([*ready, f"--{option}"])
    assert end.value.code == 2
