"""An adapter that begins from the weights of another one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from safetensors.torch import load_file

from engine.diffusion.flux.flux_adapter_files import read_header
from engine.schedule import Schedule
from tests.diffusion import tiny_flux
from tests.trainer.flux_folder import NOISED, flux_files, write_adapter
from trainer.cli import main

OWN = replace(NOISED, schedule=Schedule(steps=3, start=0.4))
"""Of the adapter that is begun from; no option's default."""


@pytest.fixture
def order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    flux_files(tmp_path, OWN)
    made = ["--model", "model", "--pool", "pool.st", "--start", "start.safetensors"]
    seen = ["--device", "cpu", "--sides", "4", "--tokens", "8", "--steps", "1", "--run", "run"]
    return ["adapter", *made, *seen, "--out", "out.safetensors"]


def test_a_training_begins_from_the_weights_of_a_file(order: list[str], tmp_path: Path) -> None:
    assert main(order) == 0
    before, after = (load_file(tmp_path / f"{name}.safetensors") for name in ("start", "out"))
    assert before.keys() == after.keys()
    assert all(float((after[name] - before[name]).abs().max()) < 1e-3 for name in before)
    assert float(after["text_offset"].abs().max()) > 0  # a fresh one begins with none
    assert read_header(tmp_path / "out.safetensors") == read_header(tmp_path / "start.safetensors")


def test_the_new_file_says_what_was_asked_for_in_its_place(
    order: list[str], tmp_path: Path
) -> None:
    said = ["--title", "Mine", "--licence", "MIT", "--start-sigma", "0.3"]
    assert main([*order, "--rank", "2", "--text-tokens", str(tiny_flux.WORDS), *said]) == 0
    header = read_header(tmp_path / "out.safetensors")
    assert (header.title, header.licence, header.rank) == ("Mine", "MIT", 2)
    assert header.trajectory == replace(OWN, schedule=Schedule(steps=3, start=0.3))


@pytest.mark.parametrize(
    ("said", "schedule"),
    [
        (["--sampling-steps", "4"], Schedule(listed=(0.6, 0.4, 0.2, 0.1, 0))),
        (["--start-sigma", "0.3"], Schedule(steps=2, start=0.3)),
    ],
)
def test_the_rest_of_its_way_stays(
    order: list[str], tmp_path: Path, said: list[str], schedule: Schedule
) -> None:
    bridge = replace(OWN, noise=0.5, degraded=1.0, schedule=Schedule(listed=(0.6, 0.2, 0)))
    write_adapter(tmp_path / "start.safetensors", bridge)
    assert main([*order, *said]) == 0
    found = read_header(tmp_path / "out.safetensors").trajectory
    assert replace(found, schedule=schedule) == replace(bridge, schedule=schedule)
    assert found.schedule.sigmas(9) == pytest.approx(schedule.sigmas(9))


def test_what_does_not_go_with_the_file_is_a_sentence(
    order: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_adapter(tmp_path / "other.safetensors", OWN, "flux1-schnell")
    for options, said in (
        (["--rank", "3"], "has --rank 2, and a training from it cannot have 3"),
        (["--text-tokens", "99"], f"has --text-tokens {tiny_flux.WORDS}, and"),
        (["--start", "other.safetensors"], "made for flux1-schnell, not for flux-nano"),
        (["--start", "none.safetensors"], "The adapter none.safetensors is missing"),
    ):
        assert main([*order, *options]) == 1
        assert said in capsys.readouterr().err
