from dataclasses import asdict, replace
from pathlib import Path

import pytest

from engine.blend import Blend
from engine.errors import BadPreset, BadRecipe
from engine.preset import Preset, load_preset, load_presets, preset_from
from engine.request import RestoreRequest, recipe_from, request_from


def test_every_shipped_preset_loads_and_auto_comes_first() -> None:
    presets = load_presets()
    assert next(iter(presets)) == "auto"
    assert len(presets) >= 10


def test_a_preset_of_ones_own_is_found_and_wins(tmp_path: Path) -> None:
    own = tmp_path / "denoise.toml"
    own.write_text(
        'id = "denoise"\ntitle = "Mine"\nsummary = "s"\ntask = "denoise"\n', encoding="utf-8"
    )
    assert load_presets([tmp_path])["denoise"].title == "Mine"


def test_a_misspelt_entry_names_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('id = "mine"\ntitle = "t"\nsummary = "s"\ntask = ""\nstrenght = 1.0\n')
    with pytest.raises(BadPreset, match="strength"):
        load_preset(path)


@pytest.mark.parametrize("change", [{"scale": 3}, {"strength": 2.0}, {"experimental": True}])
def test_impossible_values_are_refused(change: dict[str, object]) -> None:
    table = {"id": "x", "title": "t", "summary": "s", "task": ""} | change
    with pytest.raises(BadPreset):
        preset_from(table, "x.toml")


def test_the_autopilot_takes_what_proved_itself_and_what_says_so() -> None:
    table = {"id": "x", "title": "t", "summary": "s", "task": ""}
    doubtful = table | {"experimental": True, "note": "n"}
    assert preset_from(table, "x").automatic
    assert not preset_from(doubtful, "x").automatic
    sure = preset_from(doubtful | {"when_sure": True}, "x")
    assert sure.automatic
    assert sure.caution == "t is experimental: n"
    assert not preset_from(table | {"by_hand": True, "when_sure": True}, "x").automatic
    shipped = load_presets().values()
    assert not [p.id for p in shipped if p.experimental or not p.automatic]


def test_a_wrong_type_is_refused() -> None:
    with pytest.raises(BadPreset, match="order"):
        preset_from({"id": "x", "title": "t", "summary": "s", "task": "", "order": True}, "x")


def test_a_request_survives_its_recipe() -> None:
    preset = replace(load_presets()["denoise"], strength=0.4)
    request = RestoreRequest(source=Path("a.jpg"), preset=preset, seed=3)
    assert request_from(recipe_from(request), Path("a.jpg"), "recipe") == request


def test_a_recipe_of_another_version_is_refused() -> None:
    preset = Preset(id="x", title="t", summary="s", task="")
    recipe = {"version": 99, "preset": asdict(preset), "model": "lite", "seed": 0}
    with pytest.raises(BadRecipe, match="99"):
        request_from(recipe, Path("a.jpg"), "recipe")


def test_a_preset_says_how_it_is_mixed() -> None:
    table = {"id": "x", "title": "t", "summary": "s", "task": "", "grain": 0.3, "faces": 1}
    blend = preset_from(table, "x.toml").blend
    assert blend == Blend(strength=1, detail=1, colour=1, grain=0.3, faces=1)


@pytest.mark.parametrize("name", ["detail", "colour", "grain", "faces"])
def test_shares_outside_0_to_1_are_refused_by_name(name: str) -> None:
    table = {"id": "x", "title": "t", "summary": "s", "task": "", name: 1.5}
    with pytest.raises(BadPreset, match=name):
        preset_from(table, "x.toml")


def test_what_was_asked_of_the_mix_goes_before_what_a_preset_says() -> None:
    presets = load_presets()
    own = replace(presets["denoise"], strength=0.5, detail=0.8, colour=0.9)
    asked = replace(presets["auto"], strength=0.9, detail=0.2, grain=0.4)
    mixed = own.mixed_as(asked)
    assert mixed == replace(own, detail=0.2, grain=0.4)
    assert own.mixed_as(presets["auto"]) == own
    keen = replace(presets["auto"], sensitivity=0.9)
    assert presets["old-photo"].mixed_as(keen).sensitivity == 0.9, "auto may choose what repairs"


def test_a_recipe_from_before_the_mix_still_loads() -> None:
    preset = Preset(id="x", title="t", summary="s", task="denoise", strength=0.6)
    recipe = recipe_from(RestoreRequest(source=Path("a.jpg"), preset=preset))
    old = {
        k: v for k, v in asdict(preset).items() if k not in ("detail", "colour", "grain", "faces")
    }
    assert request_from(recipe | {"preset": old}, Path("a.jpg"), "recipe").preset == preset
