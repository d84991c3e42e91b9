"""What can be typed about the large models, and what an engine is then asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from engine.request import RestoreRequest
    from tests.app.conftest import Desk


def asked(desk: Desk, *words: str) -> RestoreRequest:
    """The request that these options make."""
    source = desk.photo("a.png")
    assert desk.run("restore", source, "-o", desk.folder / "b.png", "--overwrite", *words) == 0
    return desk.engines[-1].asked[-1]


def test_models_of_the_catalogue_can_be_chosen(desk: Desk) -> None:
    request = asked(desk, "--model", "flux1-schnell", "--preset", "denoise", "--json")
    assert (request.model, request.steps) == ("flux1-schnell", 0)
    assert desk.lines[0]["model"] == "flux1-schnell"
    assert asked(desk).model == "lite"


def test_an_unknown_model_is_misuse_with_the_nearest_name(desk: Desk) -> None:
    words = ("restore", desk.photo("a.png"), "-o", "b.png", "--model", "flux1-schnel")
    assert desk.run(*words) == 2
    assert "did you mean “flux1-schnell”" in desk.err


def test_steps_reach_the_engine_and_the_recipe(desk: Desk) -> None:
    from engine.files import recipe_in

    assert asked(desk, "--model", "flux1-schnell", "--steps", "6").steps == 6
    recipe = desk.folder / "recipe.json"
    recipe.write_text(recipe_in(desk.folder / "b.png") or "", encoding="utf-8")
    assert json.loads(recipe.read_text("utf-8"))["steps"] == 6
    again = asked(desk, "--recipe", str(recipe))
    assert (again.model, again.steps) == ("flux1-schnell", 6)
    assert asked(desk, "--recipe", str(recipe), "--steps", "2").steps == 2


@pytest.mark.parametrize("steps", ["0", "-1", "1.5", "many", "1001"])
def test_steps_that_make_no_sense_are_misuse(desk: Desk, steps: str) -> None:
    assert desk.run("restore", desk.photo("a.png"), "-o", "b.png", f"--steps={steps}") == 2
    assert "--steps" in desk.err


def test_a_preset_of_ones_own_brings_its_model(desk: Desk) -> None:
    text = (desk.presets / "denoise.toml").read_text("utf-8")
    mine = text.replace('"denoise"\ntitle', '"mine"\ntitle') + 'model = "flux2-klein-4b"\n'
    (desk.presets / "mine.toml").write_text(mine, encoding="utf-8")
    assert asked(desk, "--preset", "mine").model == "flux2-klein-4b"
    assert asked(desk, "--preset", "mine", "--model", "lite").model == "lite"
