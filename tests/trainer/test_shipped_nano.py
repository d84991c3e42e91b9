"""flux-nano as it ships: whole, small enough, run by the command, and worth its adapter."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.backbones import find_backbone
from engine.diffusion.predictor import load_predictor
from engine.files import load
from engine.photo import FloatArray
from engine.placement import Hardware, Placement, choose
from engine.resources import resource
from engine.shelf import Shelf
from engine.weights import sha256
from restorer_app.__main__ import main
from trainer.bench.claims import loaded
from trainer.bench.claims_report import DRAFT, Case
from trainer.bench.claims_ways import BARE, FAR, NOISED, Trial, tried, ways

SPEC = find_backbone("flux-nano")


def test_its_files_are_the_catalogues() -> None:
    place = Shelf().place(SPEC)
    for file in SPEC.files:
        assert (place / file.path).stat().st_size == file.bytes
        assert sha256(place / file.path) == file.sha256
    assert sum(file.bytes or 0 for file in SPEC.files) <= 30e6


def test_it_runs_on_a_small_machine() -> None:
    small = Hardware(kind="cpu", name="the processor", memory=2 * 10**9, ram=2 * 10**9, bf16=False)
    assert isinstance(choose(SPEC, small), Placement)


@pytest.fixture(scope="module")
def clean() -> FloatArray:
    return np.ascontiguousarray(load(resource("samples", "coffee-jpeg.png")).pixels[30:286, 60:316])


@pytest.fixture(scope="module")
def case(clean: FloatArray) -> Case:
    chance = np.random.default_rng(5)
    noisy = np.clip(clean + chance.normal(0, 30 / 255, clean.shape), 0, 1).astype(np.float32)
    draft = load_predictor("cpu").restore(noisy, "denoise")
    trial = Trial(photo="coffee", task="denoise", degraded=noisy, clean=clean, draft=draft, seed=1)
    subject = loaded("flux-nano", None, None)
    known = ways(subject.header.trajectory, subject.shift)
    compared = {name: known[name] for name in (BARE, FAR, NOISED)}
    return tried(subject.backbone, compared, {4}, trial)


def test_the_adapter_beats_the_network_alone(case: Case) -> None:
    assert case.reached[NOISED, 4].psnr > case.reached[BARE, 4].psnr
    assert case.reached[NOISED, 4].decoded > case.reached[BARE, 4].decoded


def test_the_noised_start_beats_pure_noise(case: Case) -> None:
    assert case.reached[NOISED, 4].psnr > case.reached[FAR, 4].psnr


def test_the_draft_stays_recognisable(case: Case) -> None:
    assert case.reached[NOISED, 4].psnr > case.reached[DRAFT, 0].psnr - 3


def test_the_command_restores_with_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "photo.png"
    chance = np.random.default_rng(3)
    cv2.imwrite(str(picture), chance.integers(90, 160, (150, 200, 3), np.uint8))
    common = ["restore", str(picture), "--preset", "denoise", "--device", "cpu", "--json"]
    outputs = []
    for model, name in (("lite", "a"), ("flux-nano", "b"), ("flux-nano", "c")):
        out = tmp_path / f"{name}.png"
        assert main([*common, "--model", model, "-o", str(out)]) == 0
        outputs.append(load(out).pixels)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["model"] for one in told] == ["lite", "flux-nano", "flux-nano"]
    draft, painted, again = outputs
    assert np.array_equal(painted, again)
    change = painted - draft
    assert np.abs(change).max() > 2 / 255
    assert np.abs(change.mean((0, 1))).max() < 0.5 / 255  # no cast
