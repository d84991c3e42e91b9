"""Options of the trainings in latents, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import BadRecipe
from tests.trainer.test_recipe import _photos, _recipe
from trainer.cli import main
from trainer.flux.latent_pool import load_pool


def test_crops_for_an_autoencoder_are_whole_latents(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--photos", str(_photos(tmp_path)), "--recipe", str(_recipe(tmp_path))]
    model = ["--model", str(tmp_path / "model"), "--run", str(tmp_path / "run")]
    assert main(["autoencoder", *model, *given, "--side", "33", "--steps", "1"]) == 1
    assert "a multiple of 8" in capsys.readouterr().err


def test_what_to_do_follows_a_full_stop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ["--out", str(tmp_path / "pairs.safetensors")]
    assert main(["latents", "--model", "none", "--photos", str(_photos(tmp_path)), *out]) == 1
    assert "can be fetched. There are: " in capsys.readouterr().err


def test_a_pool_that_is_none_is_not_taken_for_a_recipe(tmp_path: Path) -> None:
    path = tmp_path / "pool.safetensors"
    path.touch()
    with pytest.raises(BadRecipe) as told:
        load_pool(path, "")
    assert told.value.remedy == "Make it anew."
