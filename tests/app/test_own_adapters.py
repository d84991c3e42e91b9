"""Adapters that the user has trained, called by their names on the command line."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from restorer_app.training_store import FILE

if TYPE_CHECKING:
    from engine.request import RestoreRequest
    from tests.app.conftest import Desk

CAMERA = "My Camera’s Noise"
FLUX = {"model": "flux-nano", "task": ""}


def asked(desk: Desk, *words: object) -> RestoreRequest:
    """The request that these options make."""
    place = desk.folder / "b.png"
    code = desk.run("restore", desk.photo("a.png"), "-o", place, "--overwrite", *map(str, words))
    assert code == 0, desk.err
    return desk.engines[-1].asked[-1]


def refused(desk: Desk, *words: str) -> str:
    """What is said of options that are misuse."""
    assert desk.run("restore", desk.photo("a.png"), "-o", desk.folder / "b.png", *words) == 2
    assert desk.engines == []
    return desk.err


@pytest.mark.parametrize("name", [CAMERA, "my-camera-s-noise"])
def test_a_name_brings_adapter_model_and_task(desk: Desk, name: str) -> None:
    path = desk.trained(CAMERA)
    desk.trained("My look", **FLUX)
    request = asked(desk, "--adapter", name)
    assert (request.adapter, request.model, request.preset.id) == (path, "lite", "denoise")


def test_one_of_a_flux_model_brings_that_model_and_leaves_the_preset(desk: Desk) -> None:
    path = desk.trained("My look", **FLUX)
    request = asked(desk, "--adapter", "My look", "--model", "flux-nano")
    assert (request.adapter, request.model, request.preset.id) == (path, "flux-nano", "auto")
    assert asked(desk, "--adapter", "My look").model == "flux-nano"


def test_a_preset_or_recipe_that_is_asked_for_stays(desk: Desk) -> None:
    path = desk.trained(CAMERA)
    assert asked(desk, "--adapter", CAMERA, "--preset", "upscale").preset.id == "upscale"
    recipe = desk.folder / "recipe.json"
    preset = {"id": "p", "title": "P", "summary": "s", "task": "deblur"}
    told = {"version": 1, "preset": preset, "model": "flux-nano", "adapter": None, "seed": 3}
    recipe.write_text(json.dumps(told))
    request = asked(desk, "--adapter", CAMERA, "--recipe", recipe)
    assert (request.preset.id, request.seed) == ("p", 3)
    assert (request.adapter, request.model) == (path, "lite")


def test_a_file_of_that_name_goes_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.trained("My look", **FLUX)
    (desk.folder / "My look").write_bytes(b"x")
    monkeypatch.chdir(desk.folder)
    request = asked(desk, "--adapter", "My look")
    assert (request.adapter, request.model) == (desk.folder / "My look", "lite")


def test_a_model_that_contradicts_is_refused(desk: Desk) -> None:
    desk.trained(CAMERA)
    said = refused(desk, "--adapter", CAMERA, "--model", "flux-nano")
    assert f"your adapter “{CAMERA}” was trained for lite, not for flux-nano" in said


def test_an_unknown_name_lists_what_there_is(desk: Desk) -> None:
    assert refused(desk, "--adapter", "mine").endswith("there is no file mine\n")
    desk.trained(CAMERA)
    desk.trained("My look", **FLUX)
    said = refused(desk, "--adapter", "mine")
    assert f"there is no file mine, and of your own adapters there are “{CAMERA}”" in said
    assert "“My look”" in said


def test_a_training_that_is_not_through_has_no_adapter(desk: Desk) -> None:
    path = desk.trained(CAMERA)
    path.unlink()
    assert "there is no file" in refused(desk, "--adapter", CAMERA)


def test_a_title_that_two_have_is_not_guessed_at(desk: Desk) -> None:
    desk.trained(CAMERA)
    place = desk.trainings.place("my-camera-s-noise")
    copy = desk.trainings.place("copied")
    shutil.copytree(place, copy)
    said = refused(desk, "--adapter", CAMERA)
    assert f"several of yours are called “{CAMERA}”; say “" in said
    assert "“copied”" in said
    assert (copy / FILE).exists()
    assert asked(desk, "--adapter", "copied").adapter == copy / "adapters" / "denoise.safetensors"


def test_a_title_that_is_a_name_as_well_calls_that_training(desk: Desk) -> None:
    path = desk.trained("camera")
    shutil.copytree(desk.trainings.place("camera"), desk.trainings.place("copied"))
    assert asked(desk, "--adapter", "camera").adapter == path


def test_own_adapters_are_listed_after_the_models(desk: Desk) -> None:
    assert desk.run("models", "list") == 0
    without = desk.out
    assert "YOUR ADAPTER" not in without
    path = desk.trained(CAMERA)
    desk.trained("My look", **FLUX)
    assert desk.run("models", "list") == 0
    assert desk.out.startswith(without)
    lines = desk.out.removeprefix(without).splitlines()
    assert lines[0] == ""
    assert lines[1].split() == ["YOUR", "ADAPTER", "ID", "MODEL", "FOR", "FILE"]
    camera = next(line for line in lines if line.startswith(CAMERA))
    assert "  my-camera-s-noise  lite" in camera
    assert camera.endswith(f"denoise     {path}")
    assert any("flux-nano  everything" in line for line in lines)
