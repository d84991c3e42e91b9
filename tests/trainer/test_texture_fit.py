"""The trainings of a texture prior and of what guides it, on made pictures."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine.bands import luminance
from engine.diffusion.texture_files import load_prior_networks, read_guidance_header, save_prior
from engine.diffusion.texture_network import GuidanceAdapters
from engine.diffusion.texture_prior import TexturePrior, texture_trajectory
from engine.errors import BadRecipe
from engine.photo import FloatArray
from engine.progress import Silent
from engine.texture import textured
from engine.weights import sha256
from tests.diffusion.tiny_texture import TINY, shaken_guidance, tiny_networks
from trainer.checkpoint import Origin
from trainer.cli import main
from trainer.loop import Pace
from trainer.texture.fit import (
    TexturePlan,
    energy_error,
    texture_errors,
    train_guidance,
    train_prior,
)
from trainer.texture.pairs import SmoothedPairs, lacking, self_guided, without_texture
from trainer.texture.pool import DraftedPairs, DraftedPool, load_drafts, save_drafts

Photos = list[NDArray[np.uint8]]


@pytest.fixture
def photos() -> Photos:
    """Coloured steps under fine stripes."""
    y, x = np.mgrid[0:120, 0:140]
    found = []
    for number in range(2):
        steps = (x // (30 + 9 * number) + y // 40) % 2 * 90 + 70
        stripes = ((x + (number + 1) * y) // 2 % 2) * 24
        gray = (steps + stripes)[..., None]
        found.append(np.clip(gray * np.array([1.0, 0.9, 0.8]), 0, 255).astype(np.uint8))
    return found


@pytest.fixture
def folder(photos: Photos, tmp_path: Path) -> Path:
    place = tmp_path / "photos"
    place.mkdir()
    for number, photo in enumerate(photos):
        cv2.imwrite(str(place / f"{number}.png"), photo[..., ::-1])
    return place


def plan(run: Path, steps: int = 120) -> TexturePlan:
    return TexturePlan(
        run=run,
        pace=Pace(steps=steps, learning_rate=2e-2, warm_up=5, average=0.9, muon=True),
        trajectory=texture_trajectory(),
        crops=4,
        origin=Origin(),
    )


def pool_of(photos: Photos, count: int = 4, side: int = 48) -> DraftedPool:
    """Drafts that are blurred, of pictures with noise."""
    rng = np.random.default_rng(3)
    clean = np.stack([photo[:side, :side] for photo in (photos * count)[:count]])
    noisy = np.clip(clean + rng.normal(0, 9, clean.shape), 0, 255).astype(np.uint8)
    draft = np.stack([cv2.GaussianBlur(one, (0, 0), 1.5) for one in noisy])
    return DraftedPool(clean, noisy, draft)


def test_a_structure_and_what_it_lacks_are_the_picture_that_is_composed(photos: Photos) -> None:
    clean = photos[0].astype(np.float32) / np.float32(255)
    structure = without_texture(clean, np.random.default_rng(4))
    composed = luminance(textured(structure, clean - structure))
    np.testing.assert_allclose(lacking(structure, clean), composed, atol=1e-5)


def test_the_guided_filter_keeps_steps_and_takes_stripes() -> None:
    x = np.arange(96)
    row = (x >= 48) * 0.5 + 0.2 + (x % 2) * 0.02
    picture = np.repeat(np.tile(row.astype(np.float32), (96, 1))[..., None], 3, 2)
    smooth = self_guided(picture, 4, 0.05)[48, :, 0]
    assert smooth[20:40].std() < 0.2 * row[20:40].std()
    assert smooth[52] - smooth[43] > 0.45


def test_the_same_batch_is_made_whenever_it_is_asked_for(photos: Photos) -> None:
    supply = SmoothedPairs(photos, 32, 4, 7)
    one, again, other = supply.batch(5), supply.batch(5), supply.batch(6)
    assert one.structure.shape == (4, 3, 32, 32)
    assert one.light.shape == (4, 1, 32, 32)
    assert np.array_equal(one.light, again.light)
    assert not np.array_equal(one.light, other.light)


def test_most_structures_lack_texture_and_none_lacks_tone(photos: Photos) -> None:
    lights, missing = [], []
    supply = SmoothedPairs(photos, 64, 8, 1)
    for index in range(4):
        batch = supply.batch(index)
        light = np.stack([luminance(_picture(one)) for one in batch.structure])
        missing.append(batch.light[:, 0] - light)
        lights.append(light)
    spread = np.concatenate(missing).std((1, 2))
    assert (spread > 5e-3).mean() > 0.7
    assert np.abs(np.concatenate(missing).mean((1, 2))).max() < 5e-3


def test_windows_of_a_pool_are_turned_together(photos: Photos) -> None:
    pairs = DraftedPairs(pool_of(photos), 32, 6, 2)
    batch = pairs.batch(0)
    for structure, degraded, light in zip(
        batch.structure, batch.degraded, batch.light, strict=True
    ):
        for other in (luminance(_picture(degraded)), light[0]):
            agree = np.corrcoef(luminance(_picture(structure)).ravel(), other.ravel())[0, 1]
            assert agree > 0.75
    with pytest.raises(BadRecipe, match="do not fit"):
        DraftedPairs(pool_of(photos), 64, 1, 2)


def test_a_row_is_a_window_of_one_pair(photos: Photos, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = pool_of(photos, count=1)
    monkeypatch.setattr("trainer.texture.pool._turned", lambda rng: lambda picture: picture)
    batch = DraftedPairs(pool, 32, 1, 2).batch(0)
    clean, degraded, draft = (
        part[0].astype(np.float32) / np.float32(255)
        for part in (pool.clean, pool.degraded, pool.draft)
    )
    light = lacking(draft, clean)
    found = [
        (top, left)
        for top in range(17)
        for left in range(17)
        if np.array_equal(_picture(batch.structure[0]), draft[top : top + 32, left : left + 32])
    ]
    assert len(found) == 1
    part = slice(found[0][0], found[0][0] + 32), slice(found[0][1], found[0][1] + 32)
    assert np.array_equal(_picture(batch.degraded[0]), degraded[part])
    np.testing.assert_allclose(batch.light[0, 0], light[part], atol=1e-6)
    assert not np.array_equal(batch.structure, batch.degraded)


def test_crops_are_chosen_by_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the draft is busy where the truth is flat, and the other way round."""
    rng = np.random.default_rng(0)
    busy = rng.integers(0, 255, (1, 64, 32, 3)).astype(np.uint8)
    flat = np.full_like(busy, 128)
    draft, clean = np.concatenate((busy, flat), 2), np.concatenate((flat, busy), 2)
    pairs = DraftedPairs(DraftedPool(clean, draft, draft), 16, 24, 1)
    assert pairs.batch(0).structure.std((1, 2, 3)).mean() > 0.2

    photo = np.concatenate((busy[0].repeat(4, 0), flat[0].repeat(4, 0)), 1).repeat(4, 1)
    smoothed = SmoothedPairs([photo], 24, 24, 1)
    alone = SmoothedPairs([photo], 24, 24, 1)
    monkeypatch.setattr("trainer.texture.pairs.DRAWN", 1)
    by_chance = alone.batch(0).structure.std((1, 2, 3)).mean()
    monkeypatch.setattr("trainer.texture.pairs.DRAWN", 3)
    assert smoothed.batch(0).structure.std((1, 2, 3)).mean() > 1.2 * by_chance


def test_the_loss_shows_the_degraded_picture(
    photos: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    prior = TexturePrior("t", tiny_networks(guided=True), torch.float32)
    batch = DraftedPairs(pool_of(photos), 32, 4, 1).batch(0)
    shown: list[tuple[torch.Tensor, torch.Tensor | None]] = []
    real = prior.condition

    def condition(degraded: torch.Tensor, draft: torch.Tensor | None = None) -> object:
        shown.append((degraded, draft))
        return real(degraded, draft)

    monkeypatch.setattr(prior, "condition", condition)
    texture_errors(prior, batch, texture_trajectory(), torch.Generator().manual_seed(1))
    degraded, draft = shown[0]
    assert torch.equal(degraded, torch.from_numpy(batch.degraded))
    assert draft is not None
    assert torch.equal(draft, torch.from_numpy(batch.structure))


def test_pools_of_other_contents_are_refused(photos: Photos, tmp_path: Path) -> None:
    pool = pool_of(photos)
    for part in (pool.clean.astype(np.float32) / 255, pool.clean[..., :1], pool.clean[:, :16]):
        with pytest.raises(ValueError, match="pictures of a pool"):
            DraftedPool(part, part, part)


def test_crops_that_do_not_fit_are_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path / "out.safetensors")]
    run = ["--run", str(tmp_path / "run"), "--side", "90"]
    assert main(["texture", "--photos", str(folder), *run, *out]) == 1
    assert "multiple of 16" in capsys.readouterr().err
    assert main(["drafts", "--photos", str(folder), "--side", "15", *out]) == 1
    assert "multiple of 16" in capsys.readouterr().err


def test_a_run_that_is_over_is_not_given_out_for_other_photos(
    folder: Path, photos: Photos, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = ["--run", str(tmp_path / "run"), "--steps", "1", "--side", "32", "--batch", "1"]
    rest = [*run, "--workers", "0", "--out", str(tmp_path / "prior.safetensors")]
    assert main(["texture", "--photos", str(folder), *rest]) == 0
    cv2.imwrite(str(folder / "more.png"), photos[0])
    capsys.readouterr()
    assert main(["texture", "--photos", str(folder), *rest]) == 1
    assert "--run" in capsys.readouterr().err


def test_the_largest_seed_is_one_to_train_by(folder: Path, tmp_path: Path) -> None:
    run = ["--run", str(tmp_path / "run"), "--steps", "2", "--side", "32", "--batch", "1"]
    rest = [*run, "--workers", "0", "--out", str(tmp_path / "prior.safetensors")]
    assert main(["texture", "--photos", str(folder), "--seed", str(2**63 - 1), *rest]) == 0


def test_a_pool_comes_back(photos: Photos, tmp_path: Path) -> None:
    pool, path = pool_of(photos), tmp_path / "pool.safetensors"
    save_drafts(pool, path)
    back = load_drafts(path)
    assert np.array_equal(back.draft, pool.draft)
    assert np.array_equal(back.clean, pool.clean)
    save_prior(tiny_networks(), path, "Apache-2.0")
    with pytest.raises(BadRecipe, match="no pool of drafts"):
        load_drafts(path)


def test_a_prior_learns_and_its_encoder_stays(photos: Photos, tmp_path: Path) -> None:
    networks = tiny_networks()
    scene = {name: value.clone() for name, value in networks.scene.state_dict().items()}
    supply = SmoothedPairs(photos, 32, 4, 1)
    before = error(TexturePrior("t", networks, torch.float32), supply)
    trained = train_prior(networks, supply, plan(tmp_path / "run"), Silent())
    after = error(TexturePrior("t", trained, torch.float32), supply)
    assert after < 0.8 * before
    for name, value in trained.scene.state_dict().items():
        assert torch.equal(value, scene[name]), name


def test_guidance_learns_and_the_prior_stays(photos: Photos, tmp_path: Path) -> None:
    networks = tiny_networks(guided=True)
    kept = {name: value.clone() for name, value in networks.denoiser.state_dict().items()}
    supply = DraftedPairs(pool_of(photos), 32, 4, 1)
    before = error(TexturePrior("t", networks, torch.float32), supply)
    networks.guidance = train_guidance(networks, supply, plan(tmp_path / "run"), Silent())
    after = error(TexturePrior("t", networks, torch.float32), supply)
    assert after < 0.95 * before
    for name, value in networks.denoiser.state_dict().items():
        assert torch.equal(value, kept[name]), name


def test_the_loss_of_the_true_velocity_is_nothing(
    photos: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    prior = TexturePrior("t", tiny_networks(), torch.float32)
    batch = SmoothedPairs(photos, 32, 4, 1).batch(0)
    light = torch.from_numpy(batch.light)

    def true(x: torch.Tensor, sigma: torch.Tensor, given: object) -> torch.Tensor:
        return (x - light) / sigma.clamp_min(1e-6).view(-1, 1, 1, 1)

    monkeypatch.setattr(prior, "velocity", true)
    sure = torch.Generator().manual_seed(3)
    monkeypatch.setattr("trainer.texture.fit.draw_sigmas", lambda count, rng: torch.full((4,), 0.5))
    error, energy = texture_errors(prior, batch, texture_trajectory(), sure)
    assert float(error) < 1e-6
    assert float(energy) < 1e-3


def test_energies_ask_for_texture_wherever_it_lies() -> None:
    rng = torch.Generator().manual_seed(1)
    truth, other = (0.5 + 0.03 * torch.randn(2, 1, 1, 64, 64, generator=rng)).unbind(0)
    soft = torch.full_like(truth, 0.5)
    assert float(energy_error(truth, truth)) == 0
    assert float(energy_error(other, truth)) < 0.2 * float(energy_error(soft, truth))
    square = (truth - 0.5).square().mean()
    assert (other - truth).square().mean() > 1.5 * square, "which the square error does not"


def test_both_stages_from_the_command_line(folder: Path, tmp_path: Path) -> None:
    prior, pool, out = (tmp_path / f"{name}.safetensors" for name in ("prior", "pool", "guidance"))
    short = ["--steps", "2", "--side", "32", "--batch", "2", "--workers", "0"]
    run = ["--run", str(tmp_path / "one")]
    taught = ["train", "texture", "--photos", str(folder), *run, *short, "--out", str(prior)]
    assert main(taught[1:]) == 0
    made = ["drafts", "--photos", str(folder), "--count", "4", "--side", "32", "--tasks", "denoise"]
    assert main([*made, "--device", "cpu", "--out", str(pool)]) == 0
    assert load_drafts(pool).side == 32
    onto = ["texture", "--onto", str(prior), "--pool", str(pool), "--run", str(tmp_path / "two")]
    assert main([*onto, *short, "--out", str(out)]) == 0
    header = read_guidance_header(out)
    assert header.network == sha256(prior)
    assert header.trajectory == texture_trajectory()
    assert load_prior_networks(prior, out).guidance is not None


def test_what_is_missing_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rest = ["--run", str(tmp_path / "run"), "--out", str(tmp_path / "out.safetensors")]
    assert main(["texture", *rest]) == 1
    assert "--photos" in capsys.readouterr().err
    prior = tmp_path / "prior.safetensors"
    save_prior(tiny_networks(), prior, "Apache-2.0")
    assert main(["texture", "--onto", str(prior), *rest]) == 1
    assert "--pool" in capsys.readouterr().err


def test_a_recipe_of_enlarging_alone_is_no_recipe_for_drafts(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = tmp_path / "larger.toml"
    recipe.write_text(
        "size = 32\nbatch = 2\n[tasks.upscale]\nshare = 1\n[[tasks.upscale.chains]]\n"
        'steps = [{ use = "gaussian_noise", sigma = [5, 50, "log"] }]\n',
        "utf-8",
    )
    made = ["drafts", "--photos", str(folder), "--recipe", str(recipe)]
    assert main([*made, "--out", str(tmp_path / "pool.safetensors")]) == 1
    assert "larger teaches nothing but enlarging" in capsys.readouterr().err


def error(prior: TexturePrior, supply: SmoothedPairs | DraftedPairs) -> float:
    """The mean loss of some batches that are not trained on."""
    with torch.enable_grad():
        found = [
            texture_errors(
                prior,
                supply.batch(1000 + index),
                texture_trajectory(),
                torch.Generator().manual_seed(index),
            )[0].item()
            for index in range(4)
        ]
    return float(np.mean(found))


def _picture(batch: FloatArray) -> FloatArray:
    return np.ascontiguousarray(batch.transpose(1, 2, 0))


def test_guidance_has_an_adapter_for_each_block() -> None:
    networks = shaken_guidance(tiny_networks(guided=True))
    assert isinstance(networks.guidance, GuidanceAdapters)
    seen = networks.guidance.seeing(torch.rand(1, 3, 16, 16), torch.rand(1, 3, 16, 16))
    assert len(seen) == len(TINY.denoiser.block_widths)
