"""The order for one picture as the recipe that a saved picture carries."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.errors import BadRecipe
from engine.preset import Preset
from engine.request import RestoreRequest, recipe_from, request_from

PRESET = Preset(id="p", title="P", summary="s", task="denoise")


def request(**changes: object) -> RestoreRequest:
    return RestoreRequest(source=Path("a.png"), preset=PRESET, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("steps", [0, 3])
def test_a_recipe_makes_the_same_request(steps: int) -> None:
    asked = request(model="flux1-schnell", adapter=Path("mine.safetensors"), seed=5, steps=steps)
    recipe = json.loads(json.dumps(recipe_from(asked)))
    assert request_from(recipe, Path("a.png"), "a.json") == asked


def test_a_recipe_from_before_there_were_steps_is_read() -> None:
    recipe = recipe_from(request())
    assert "steps" not in recipe
    assert request_from(recipe, Path("a.png"), "a.json").steps == 0


@pytest.mark.parametrize("steps", [-1, 1.5, True, "4", None])
def test_steps_that_are_no_number_are_refused(steps: object) -> None:
    recipe = {**recipe_from(request()), "steps": steps}
    with pytest.raises(BadRecipe, match="steps"):
        request_from(recipe, Path("a.png"), "a.json")


def test_a_request_for_fewer_than_no_steps_is_none() -> None:
    with pytest.raises(ValueError, match="steps"):
        request(steps=-1)
