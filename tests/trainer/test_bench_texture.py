"""What is measured of painted texture."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from PIL import Image

from engine.diffusion.texture_files import GuidanceHeader, save_guidance, save_prior
from engine.diffusion.texture_prior import TexturePrior, texture_trajectory
from engine.photo import FloatArray, floats
from engine.weights import sha256
from tests.diffusion.tiny_texture import shaken_guidance, tiny_networks
from trainer.bench import texture as bench_texture
from trainer.bench.claims_ways import Trial
from trainer.bench.texture import (
    BARE,
    DRAFT,
    GUIDED,
    INTACT,
    NOISE,
    Case,
    main,
    painted_on_flat,
    texture_lines,
    tried,
)
from trainer.comparison import Compared, compared
from trainer.metrics import psnr
from trainer.texture_measures import sliced_distance, texture_share


def grains(seed: int, side: int = 96) -> FloatArray:
    """Soft grains on gray, elsewhere for each seed."""
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.normal(0, 0.2, (side, side)), (0, 0), 1.0)
    return floats(np.repeat(np.clip(noise + 0.5, 0, 1)[..., None], 3, 2))


def test_a_picture_is_as_far_from_itself_as_can_be_wished() -> None:
    picture = grains(1)
    assert texture_share(picture, picture) == pytest.approx(1)
    assert sliced_distance(picture, picture) == 0


def test_texture_of_the_same_kind_counts_wherever_it_lies() -> None:
    truth, other = grains(1), grains(2)
    soft = floats(cv2.GaussianBlur(truth, (0, 0), 1.5))
    assert psnr(soft, truth) > psnr(other, truth)
    assert sliced_distance(other, truth) < 0.25 * sliced_distance(soft, truth)
    assert texture_share(other, truth) == pytest.approx(1, abs=0.1)
    assert texture_share(soft, truth) < 0.6


def test_noise_is_not_taken_for_texture() -> None:
    truth = grains(1)
    white = np.random.default_rng(3).normal(0, 0.06, truth.shape[:2])[..., None]
    noise = floats(np.clip(0.5 + np.repeat(white, 3, 2), 0, 1))
    assert sliced_distance(noise, truth) > 5 * sliced_distance(grains(2), truth)


def test_the_lines_say_what_the_prior_changes() -> None:
    def found(psnr: float, distance: float) -> Compared:
        return Compared(psnr, 0.9, 0.8, distance)

    cases = [
        Case(
            f"photo {number}",
            "denoise",
            {
                (DRAFT, 0): found(30, 0.2),
                (NOISE, 0): found(29, 0.15),
                (BARE, 4): found(28, 0.1),
                (GUIDED, 4): found(29.5 - 0.01 * number, 0.05),
            },
        )
        for number in range(9)
    ]
    text = "\n".join(texture_lines(cases))
    assert "9 cases, 9 photographs" in text
    assert f"- PSNR, {GUIDED} in 4 steps against {DRAFT}: -0.540 dB, 95 %" in text
    assert f"- Distance, {GUIDED} in 4 steps against {DRAFT}: -0.150" in text
    assert f"- Distance, {GUIDED} in 4 steps against {NOISE}: -0.100" in text
    assert "Intact" not in text
    spared = Case("photo 0", INTACT, cases[0].found)
    assert "Intact pictures keep 29.50 dB" in "\n".join(texture_lines([*cases, spared]))


def test_the_noise_beside_it_is_as_strong_and_knows_nothing() -> None:
    clean = grains(1)
    draft = floats(cv2.GaussianBlur(clean, (0, 0), 1.5))
    trial = Trial(photo="p", task="t", degraded=draft, clean=clean, draft=draft, seed=3)
    prior = TexturePrior("t", tiny_networks(), torch.float32)
    found = tried({BARE: prior, GUIDED: prior}, trial).found
    noise, painted = (10 ** (-found[key].psnr / 10) for key in ((NOISE, 0), (GUIDED, 4)))
    assert noise == pytest.approx(painted, rel=0.25)
    assert compared(clean, clean).distance == 0


def test_what_is_painted_on_nothing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    prior = TexturePrior("t", tiny_networks(), torch.float32)
    assert painted_on_flat(prior) > 0
    monkeypatch.setattr(bench_texture, "_change", lambda prior, trial, steps: trial.clean * 0)
    assert painted_on_flat(prior) == 0


def test_the_bench_runs_on_files_of_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for number in range(2):
        pixels = np.rint(grains(number, 48) * 255).astype(np.uint8)
        Image.fromarray(pixels).save(photos / f"{number}.png")
    prior, guidance = tmp_path / "prior.safetensors", tmp_path / "guidance.safetensors"
    networks = shaken_guidance(tiny_networks(guided=True))
    save_prior(networks, prior, "Apache-2.0")
    header = GuidanceHeader(
        title="Tiny",
        backbone="lite-texture",
        network=sha256(prior),
        trajectory=texture_trajectory(),
        recipe="none",
        licence="Apache-2.0",
    )
    assert networks.guidance is not None
    save_guidance(networks.guidance, guidance, header)
    monkeypatch.setattr(bench_texture, "_STEPS", (1, 4))
    files = ["--prior", str(prior), "--guidance", str(guidance), "--photos", str(photos)]
    short = ["--side", "32", "--tasks", "denoise", "--json", str(tmp_path / "found.json")]
    assert main([*files, *short]) == 0
    assert "6 cases, 2 photographs" in capsys.readouterr().out
    rows = json.loads((tmp_path / "found.json").read_text("utf-8"))
    assert {(row["way"], row["steps"]) for row in rows} == {
        (DRAFT, 0),
        (NOISE, 0),
        (BARE, 4),
        (GUIDED, 1),
        (GUIDED, 4),
    }
    assert {row["task"] for row in rows} == {"denoise", "upscale x2", "upscale x4", INTACT}


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert main(["--photos", str(tmp_path / "nowhere")]) == 2
