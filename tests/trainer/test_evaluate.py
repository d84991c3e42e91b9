from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.diffusion.prior import Painter
from engine.photo import FloatArray
from engine.progress import Silent
from engine.schedule import Schedule
from engine.texture import textured
from tests.trainer.flux_folder import NOISED, FluxFiles, flux_files, write_adapter
from trainer import evaluate as module
from trainer import metrics
from trainer.bench.claims_report import DRAFT, Case, Reached
from trainer.bench.claims_ways import Trial
from trainer.cli import build_parser, main
from trainer.drafts import Drafted
from trainer.evaluate import HeldOut, contested, judged
from trainer.evaluate_report import DEGRADED, evaluation_lines

SIDE = 64
RECIPE = """
size = 64
batch = 1
[tasks.plain]
share = 0.5
[[tasks.plain.chains]]
steps = [{ use = "gaussian_blur", sigma = [1, 2], stretch = 1 }]
[tasks.denoise]
share = 0.5
[[tasks.denoise.chains]]
steps = [{ use = "gaussian_noise", sigma = [10, 30] }]
"""


class Brighter:
    """A predictor that lifts what it sees, and shows the degraded picture half as much lifted."""

    def drafted(self, srgb: FloatArray, task: str) -> Drafted:
        lifted = np.asarray(np.clip(srgb + 0.02, 0, 1), np.float32)
        return Drafted(lifted, np.asarray(np.clip(srgb + 0.01, 0, 1), np.float32))


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(2):
        coarse = rng.integers(60, 200, (10, 12, 3), np.uint8)
        Image.fromarray(coarse).resize((96, 80)).save(folder / f"photo{number}.png")
    return folder


@pytest.fixture
def files(tmp_path: Path) -> FluxFiles:
    return flux_files(tmp_path)


@pytest.fixture(autouse=True)
def _predictor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "lite_drafts", lambda weights: Brighter())


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    path = tmp_path / "two.toml"
    path.write_text(RECIPE, encoding="utf-8")
    return path


@pytest.fixture
def order(photos: Path, recipe: Path) -> list[str]:
    seen = ["--photos", str(photos), "--recipe", str(recipe), "--side", str(SIDE)]
    return ["evaluate", *seen, "--device", "cpu"]


def _without_seconds(text: str) -> list[str]:
    return [re.sub(r"\| \d+\.\d\d \|$", "|", line) for line in text.splitlines()]


def test_a_predictor_alone_is_measured(
    order: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*options: str) -> list[str]:
        assert main([*order, *options]) == 0
        return _without_seconds(capsys.readouterr().out)

    first = said()
    assert first[0].startswith("4 pictures of 2 photographs")
    assert any(line.startswith(f"| {DRAFT} | ") for line in first)
    assert "| PSNR / SSIM by task | plain | denoise |" in first
    assert "| PSNR, more than | degraded |" in first
    assert not any(line.startswith("| decoded") for line in first)
    assert first == said()
    assert first != said("--seed", "1")
    assert said("--count", "1")[0].startswith("2 pictures of 1 photographs")


def test_photographs_are_found_as_for_a_training(
    order: list[str], photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (photos / "inner").mkdir()
    (photos / "photo0.png").rename(photos / "PHOTO.PNG")
    (photos / "photo1.png").rename(photos / "inner" / "PHOTO.png")
    assert main(order) == 0
    assert capsys.readouterr().out.startswith("4 pictures of 2 photographs")


def test_what_cannot_be_measured_is_named_and_ends_nothing(
    order: list[str],
    photos: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    (photos / "a-text.jpg").write_text("no picture", encoding="utf-8")
    Image.new("RGB", (40, 15)).save(photos / "small.png")
    assert main(order) == 0
    assert capsys.readouterr().out.startswith("4 pictures of 2 photographs")
    assert "a-text.jpg is left out" in caplog.text
    assert "small.png is left out" in caplog.text
    for path in photos.glob("photo*.png"):
        path.unlink()
    assert main(order) == 1
    assert "None of the photographs" in capsys.readouterr().err


def test_crops_have_room_for_the_measures(
    order: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([*order, "--side", "8"])
    assert "16 or more" in capsys.readouterr().err
    assert main([*order, "--side", "16"]) == 0


def test_adapters_are_compared_on_the_same_pictures(
    order: list[str], files: FluxFiles, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fewer = tmp_path / "fewer.safetensors"
    write_adapter(fewer, replace(NOISED, schedule=Schedule(listed=(0.5, 0.1, 0.0))))
    adapters = ["--adapter", str(files.adapter), "--adapter", str(fewer)]
    model = ["--model", str(files.model), *adapters]
    assert main([*order, *model]) == 0
    said = capsys.readouterr().out
    assert "| start, 4 steps | " in said
    assert "| fewer, 2 steps | " in said
    assert "| PSNR, more than | draft alone | start, 4 steps |" in said
    assert main([*order, *model, "--count", "1", "--steps", "4,1", "2"]) == 0
    rows = re.findall(r"^\| ((?:start|fewer), \d steps?) \|", capsys.readouterr().out, re.M)
    assert list(dict.fromkeys(rows)) == ["start, 4 steps", "start, 1 step", "fewer, 2 steps"]
    assert main([*order, *model, "--steps", "1", "2", "4"]) == 1
    assert "2 adapters and 3 lists of steps" in capsys.readouterr().err


def test_files_of_one_name_are_told_apart(
    order: list[str], files: FluxFiles, tmp_path: Path
) -> None:
    other = tmp_path / "other" / files.adapter.name
    other.parent.mkdir()
    write_adapter(other, NOISED)
    adapters = ["--adapter", str(files.adapter), "--adapter", str(other)]
    options = build_parser().parse_args([*order, "--model", str(files.model), *adapters])
    contenders = contested(options)
    names = [name for one in contenders for name in one.ways]
    assert names == [f"{files.adapter}, 4 steps", f"{other}, 4 steps"]


def _held(seed: int = 5) -> HeldOut:
    rng = np.random.default_rng(seed)
    clean, degraded, draft = (rng.random((SIDE, SIDE, 3), np.float32) for _ in range(3))
    nothing = Reached(
        psnr=1, ssim=0, decoded=0, decoded_ssim=0, decoded_free=0, share=1, distance=0, seconds=3
    )
    trial = Trial(
        photo="one", task="denoise", degraded=degraded, clean=clean, draft=draft, seed=seed
    )
    return HeldOut(trial, nothing, nothing)


def test_a_result_is_what_a_prior_paints(order: list[str], files: FluxFiles) -> None:
    """Against the engine's own way from draft to picture, with the same noise."""
    adapter = ["--model", str(files.model), "--adapter", str(files.adapter)]
    contenders = contested(build_parser().parse_args([*order, *adapter]))
    held = _held()
    reached = judged(held, contenders).reached
    noise = torch.randn(1, 16, 8, 8, generator=torch.Generator().manual_seed(held.trial.seed))
    painter = Painter(contenders[0].backbone, NOISED)
    trial = held.trial
    change = painter.paint(trial.degraded, trial.draft, lambda draw: noise, Silent())
    wanted = metrics.psnr(textured(trial.draft, change), trial.clean)
    assert reached["start, 4 steps", 0].psnr == pytest.approx(wanted, abs=1e-4)
    assert reached["start, 4 steps", 0].seconds > 0
    assert reached[DRAFT, 0].seconds == held.drafted.seconds
    assert reached[DEGRADED, 0] is held.degraded


def _case(photo: str, task: str, better: float) -> Case:
    def reached(psnr: float, decoded: float) -> Reached:
        return Reached(
            psnr=psnr, ssim=psnr / 40, decoded=decoded, decoded_ssim=decoded, decoded_free=0,
            share=psnr / 50, distance=1 - psnr / 50, seconds=0.5,
        )  # fmt: skip

    nan = float("nan")
    found = {(DEGRADED, 0): reached(20, nan), (DRAFT, 0): reached(30, 25)}
    found |= {("a, 4 steps", 0): reached(28, 22), ("b, 2 steps", 0): reached(28 + better, 23)}
    return Case(photo=photo, task=task, reached=found)


def _said(cases: Sequence[Case]) -> str:
    return "\n".join(evaluation_lines(cases))


def test_the_report_says_what_was_found() -> None:
    cases = [_case(str(n), task, 0.4) for n in range(8) for task in ("plain", "deblur")]
    said = _said(cases)
    assert "16 pictures of 8 photographs" in said
    assert "| degraded | 20.000 | 0.5000 | 0.40 | 0.600 | – | – |  |" in said
    assert "| b, 2 steps | 28.400 | 0.7100 | 0.57 | 0.432 | 23.000 | 23.0000 | 0.50 |" in said
    assert "| a, 4 steps | 28.00 / 0.7000 | 28.00 / 0.7000 |" in said
    assert "| a, 4 steps | 22.00 / 22.0000 | 22.00 / 22.0000 |" in said
    assert "| PSNR, more than | draft alone | a, 4 steps |" in said
    ahead = "+0.400 (+0.400 to +0.400)"
    assert f"| b, 2 steps | -1.600 (-1.600 to -1.600) | {ahead} |" in said
    assert "| a, 4 steps | -0.0500 (-0.0500 to -0.0500) |  |" in said
    assert "| b, 2 steps | -2.000 (-2.000 to -2.000) | +1.000 (+1.000 to +1.000) |" in said
    assert "| its distance (less is better) beyond that of | draft alone | a, 4 steps |" in said
    assert "| b, 2 steps | +0.032 (+0.032 to +0.032) | -0.008 (-0.008 to -0.008) |" in said
    assert "says little" not in said
    assert "says little" in _said(cases[:4])


def test_what_is_missing_is_a_sentence(
    order: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*order, "--photos", str(tmp_path / "none")]) == 1
    assert "Name their folder with --photos." in capsys.readouterr().err
    assert main([*order, "--adapter", str(tmp_path / "none")]) == 1
    assert "The adapter none is missing" in capsys.readouterr().err
    for option in ("--steps=0", "--count=0", "--side=0"):
        with pytest.raises(SystemExit) as end:
            main([*order, option])
        assert end.value.code == 2
