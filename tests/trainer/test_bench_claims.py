from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.diffusion.flux.flux_adapter_files import FluxAdapterHeader
from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.errors import MissingWeights
from engine.photo import FloatArray
from engine.resources import resource
from engine.schedule import Schedule
from engine.trajectory import Trajectory
from tests.diffusion.tiny_flux import RANK, TEXT_TOKENS, fresh_adapter1, shaken, tiny_flux1
from trainer.bench import claims as bench_claims
from trainer.bench.claims import Subject, claimed, damaged, loaded, main
from trainer.bench.claims_report import (
    DRAFT,
    Case,
    Claim,
    Reached,
    claim_data,
    claim_lines,
    difference,
)
from trainer.bench.claims_ways import (
    BARE,
    CLAIMS,
    DRAFTED,
    FAR,
    MAIN,
    NOISED,
    Trial,
    _Rig,
    tried,
    ways,
)
from trainer.drafts import Drafted
from trainer.recipe_files import load_recipe

TRAINED = Trajectory(start="degraded", schedule=Schedule(steps=4, start=0.6))
RECIPE = load_recipe(resource("recipes", "lite.toml")).only(["denoise", "artifacts"])


class Drafter:
    """A predictor whose draft is the picture itself, in a light that is a little brighter."""

    def drafted(self, srgb: FloatArray, task: str) -> Drafted:
        lit = np.asarray(srgb * np.float32(0.9) + np.float32(0.1), np.float32)
        return Drafted(draft=lit, degraded=lit)


def _photos(folder: Path, count: int = 2) -> Path:
    rng = np.random.default_rng(1)
    for number in range(count):
        coarse = rng.integers(0, 255, (10, 12, 3), np.uint8)
        Image.fromarray(coarse).resize((96, 80)).save(folder / f"photo{number}.png")
    return folder


def _backbone() -> FluxBackbone:
    adapter = fresh_adapter1()
    shaken(adapter, 9, 0.1)
    return tiny_flux1(adapter)


def _subject(trained: Trajectory = TRAINED) -> Subject:
    header = FluxAdapterHeader(
        title="", backbone="tiny-flux1", trajectory=trained, recipe="", rank=RANK,
        text_tokens=TEXT_TOKENS, licence="",
    )  # fmt: skip
    return Subject(backbone=_backbone(), header=header, shift=0.0)


def _trials(folder: Path, most: int = 9) -> Iterator[Trial]:
    return damaged(_photos(folder), RECIPE, most, 64, Drafter())


def test_trials_are_the_same_in_every_run(tmp_path: Path) -> None:
    first, second = list(_trials(tmp_path)), list(_trials(tmp_path))
    assert [(one.photo, one.task) for one in first] == [
        (photo, task) for photo in ("photo0", "photo1") for task in ("denoise", "artifacts")
    ]
    for one, other in zip(first, second, strict=True):
        assert one.clean.shape == one.degraded.shape == (64, 64, 3)
        assert np.array_equal(one.degraded, other.degraded)
        assert one.degraded.min() > 0.09  # in the light of the draft, as a prior is shown it
        assert one.seed == other.seed
    assert len(list(_trials(tmp_path, most=1))) == 2


def test_every_way_is_tried_with_the_same_noise_and_the_adapter_stays(tmp_path: Path) -> None:
    subject, trial = _subject(), next(_trials(tmp_path))
    trial = replace(trial, draft=trial.clean)
    adapter = subject.backbone.adapter
    known = ways(TRAINED, 0.0)
    case = tried(subject.backbone, known, {1, MAIN}, trial)
    assert subject.backbone.adapter is adapter
    assert (DRAFT, 0) in case.reached
    assert {count for way, count in case.reached if way == NOISED} == {1, MAIN}
    assert {name for name, count in case.reached if count == MAIN} == set(known)
    numbers = {one.decoded for one in case.reached.values()}
    assert len(numbers) == len(case.reached)
    again = tried(subject.backbone, known, {1, MAIN}, trial)
    assert again == case


def test_noise_that_is_mixed_in_is_fresh_and_the_same_for_all_ways(tmp_path: Path) -> None:
    trial, backbone = next(_trials(tmp_path)), _backbone()
    rig, other = (_Rig(backbone, backbone.adapter, trial) for _ in range(2))
    assert torch.equal(rig.noise(1), other.noise(1))
    assert abs(float((rig.noise(0) * rig.noise(1)).mean())) < 0.1


def test_without_an_effect_the_adapter_makes_no_difference(tmp_path: Path) -> None:
    backbone = tiny_flux1(fresh_adapter1())
    case = tried(backbone, ways(TRAINED, 0.0), {MAIN}, next(_trials(tmp_path)))
    assert case.reached[NOISED, MAIN] == case.reached[BARE, MAIN]
    assert case.reached[NOISED, MAIN] != case.reached[FAR, MAIN]


def test_a_start_from_the_draft_is_one_from_the_degraded_where_they_are_equal(
    tmp_path: Path,
) -> None:
    trial = next(_trials(tmp_path))
    case = tried(_backbone(), ways(TRAINED, 0.0), {MAIN}, trial)
    assert case.reached[DRAFTED, MAIN] == case.reached[NOISED, MAIN]
    other = tried(_backbone(), ways(TRAINED, 0.0), {MAIN}, replace(trial, draft=trial.clean))
    assert other.reached[DRAFTED, MAIN] != other.reached[NOISED, MAIN]


@pytest.mark.parametrize("trained", [TRAINED, Trajectory(), Trajectory(start="degraded",
                                     schedule=Schedule(listed=(0.7, 0.5, 0.2, 0.0)))])  # fmt: skip
def test_starts_are_where_their_names_say(trained: Trajectory) -> None:
    known = ways(trained, 0.0)
    for steps in (1, 4, 8):
        assert known[FAR].trajectory(steps).schedule.start == 1
        noised = known[NOISED].trajectory(steps)
        assert noised.start == "degraded"
        assert noised.schedule.steps == steps
        assert 0.5 < noised.schedule.start < 0.8
        assert noised == known[BARE].trajectory(steps)


def _case(photo: str, better: float, worse: float) -> Case:
    def reached(psnr: float) -> Reached:
        return Reached(
            psnr=psnr,
            ssim=0.9,
            decoded=psnr - 5,
            decoded_ssim=0.8,
            decoded_free=psnr - 4,
            share=1,
            distance=0,
        )

    found = {(DRAFT, 0): reached(30.0), ("new", 4): reached(better), ("old", 4): reached(worse)}
    return Case(photo=photo, task="denoise", reached=found)


@pytest.mark.parametrize(
    ("gains", "verdict"),
    [([0.4, 0.5, 0.6, 0.5], "holds"), ([-0.4, -0.5], "is refuted"), ([0.5, -0.5], "is not shown")],
)
def test_a_claim_holds_where_the_whole_interval_is_above_zero(
    gains: list[float], verdict: str
) -> None:
    cases = [_case(str(number), 31 + gain, 31) for number, gain in enumerate(gains)]
    found = difference(cases, "new", "old", 4)
    assert found.verdict == verdict
    assert found.mean == pytest.approx(sum(gains) / len(gains))
    assert found.low <= found.mean <= found.high
    assert difference(cases, "new", DRAFT, 4).mean == pytest.approx(found.mean + 1)


def test_damages_of_one_photograph_do_not_count_as_many_photographs() -> None:
    gains = (1.0, -0.6, 0.9, -0.5)
    apart = [_case(str(n), 31 + gain, 31) for n, gain in enumerate(gains)]
    thrice = [case for case in apart for _ in range(3)]
    one, three = difference(apart, "new", "old", 4), difference(thrice, "new", "old", 4)
    assert (one.low, one.high) == pytest.approx((three.low, three.high))


def test_the_report_says_what_was_found() -> None:
    cases = [_case(str(n), 31.5, 31) for n in range(3)]
    claims = [Claim("The new way is better.", "new", "old")]
    text = "\n".join(claim_lines(cases, claims, 4))
    assert "3 cases, 3 photographs" in text
    assert "an interval says little" in text
    many = [_case(str(n), 31.5, 31) for n in range(8)]
    assert "says little" not in "\n".join(claim_lines(many, claims, 4))
    assert "| new | 31.500 | 0.9000 | 1.00 | 0.000 | 26.500 | 27.500 |" in text
    assert "“The new way is better.” holds in the composed picture: +0.500 dB" in text
    found = claim_data(cases, claims, 4)
    assert json.loads(json.dumps(found)) == found
    assert len(found["cases"]) == 9  # type: ignore[arg-type]


def test_the_command_runs_on_a_tiny_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_claims, "lite_drafts", lambda weights: Drafter())
    monkeypatch.setattr(bench_claims, "loaded", lambda *_: _subject())
    _photos(tmp_path)
    out = tmp_path / "claims.json"
    options = f"--photos {tmp_path} --tasks denoise --limit 2 --side 64 --steps 1,4 --json {out}"
    assert main(options.split()) == 0
    said = capsys.readouterr().out
    assert all(claim.words in said for claim in CLAIMS)
    assert "| composed PSNR by steps | 1 | 4 |" in said
    assert "| adapter, bridge goub |" in said
    assert len(json.loads(out.read_text())["claims"]) == 4


@pytest.mark.parametrize("words", [["--limit", "0"], ["--side", "-8"], ["--steps", "0"]])
def test_the_command_refuses_numbers_that_are_none(words: list[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main(["--photos", str(tmp_path), *words])


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(MissingWeights, match="not on this machine") as told:
        loaded("flux1-schnell", None, tmp_path)
    assert "models download flux1-schnell" in told.value.remedy
    assert main(["--photos", str(tmp_path / "nowhere")]) == 2


def test_sampling_is_left_as_it_was(tmp_path: Path) -> None:
    subject, trials = _subject(), list(_trials(tmp_path, 1))
    state = torch.random.get_rng_state()
    claimed(subject, trials, (1,))
    assert torch.equal(torch.random.get_rng_state(), state)
