"""`restorer restore --model ...` with tiny models in the user's folder for models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.files import recipe_in
from restorer_app.cli import Program
from tests.diffusion.test_prior_restored import photo_in
from tests.diffusion.tiny_models import TinyModels, tiny_models

__all__ = ["tiny_models"]


@pytest.mark.parametrize("family", ["flux1", "flux2"])
def test_the_command_line_restores_with_a_fetched_model(
    family: str,
    tiny_models: TinyModels,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RESTORER_MODELS", str(tiny_models.folder))
    spec = tiny_models.add(family)  # type: ignore[arg-type]
    path, target = photo_in(tmp_path, (90, 70)), tmp_path / "out.png"
    words = ["restore", str(path), "-o", str(target), "--model", spec.id, "--preset", "denoise"]
    code = Program(cache=tmp_path / "cache").run([*words, "--steps", "1", "--json"])
    out, err = capsys.readouterr()
    assert code == 0, err
    said = json.loads(out)
    assert (said["model"], said["device"], said["preset"]) == (spec.id, "cpu", "denoise")
    carried = json.loads(recipe_in(target) or "")
    assert (carried["model"], carried["steps"]) == (spec.id, 1)


def test_a_model_that_is_not_here_is_one_sentence_with_the_command(
    tiny_models: TinyModels,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RESTORER_MODELS", str(tiny_models.folder))
    tiny_models.add("flux1", on_disk=False)
    words = ["restore", str(photo_in(tmp_path)), "-o", str(tmp_path / "out.png")]
    code = Program(cache=tmp_path / "cache").run([*words, "--model", "tiny-flux1", "--quiet"])
    said = capsys.readouterr().err.strip()
    assert code == 1
    assert len(said.splitlines()) == 1
    assert "restorer models download tiny-flux1" in said
    assert Program().run([*words, "--model", "unheard-of"]) == 2
