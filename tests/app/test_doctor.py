from __future__ import annotations

import sys
from dataclasses import replace
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from engine.backbones import find_backbone
from engine.machine_notes import NOTES_FILE, MachineNotes, error_name
from engine.placement import GB, Hardware
from restorer_app.model_records import FileRecord, write_records
from tests.app.conftest import machine

if TYPE_CHECKING:
    from restorer_app.local_engine import Machine
    from tests.app.conftest import Desk

MODELS = ("flux1-schnell", "flux2-klein-4b")


def test_well_machine(desk: Desk) -> None:
    assert desk.run("doctor") == 0
    for said in ("python", "2.13.0, AVX2", "cpu, because there is no other", "lite: verified"):
        assert said in desk.out
    for subject in ("memory", "processor", "presets", "cache", "disk"):
        assert subject in desk.out
    assert "BROKEN" not in desk.out


def test_broken_torch_is_said_and_the_rest_goes_on(desk: Desk) -> None:
    def broken() -> Machine:
        raise OSError("libgomp.so.1 is missing")

    desk.inspect = broken
    assert desk.run("doctor") == 1
    assert "BROKEN  torch         cannot be loaded: libgomp.so.1 is missing" in desk.out
    assert "lite: verified" in desk.out


def test_what_encodes_phrases_may_be_missing_but_not_broken(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("restorer_app.doctor.has_transformers", lambda: False)
    assert desk.run("doctor") == 0
    assert "only models that follow words want it" in desk.out
    monkeypatch.setattr("restorer_app.doctor.has_transformers", lambda: True)
    library = ModuleType("transformers")
    monkeypatch.setitem(sys.modules, "transformers", library)
    assert desk.run("doctor") == 1
    assert "BROKEN  phrases       cannot be encoded" in desk.out


def test_a_library_that_cannot_be_loaded_is_broken(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert desk.run("doctor") == 0
    assert "RAW by LibRaw " in desk.out
    monkeypatch.setitem(sys.modules, "rawpy", None)
    assert desk.run("doctor") == 1
    assert "BROKEN  formats       RAW files and HEIC cannot be read" in desk.out


def test_damaged_weights_are_broken(desk: Desk) -> None:
    (desk.models[0].folder / "weights.safetensors").unlink()
    assert desk.run("doctor") == 1
    assert "lite: weights.safetensors is missing" in desk.out


def test_a_model_that_is_not_here_says_what_it_needs(desk: Desk) -> None:
    assert desk.run("doctor") == 0
    line = next(line for line in desk.out.splitlines() if "flux1-schnell" in line)
    assert "not here; as q4 it takes 7.6 GB of a GPU" in line
    assert "restorer models download flux1-schnell" in line
    assert "chroma1-hd" not in desk.out  # this version cannot run it


def put(desk: Desk, id: str, variant: str) -> None:
    """Files under the names of a model's, recorded as fetched."""
    spec, place = find_backbone(id), desk.folder / "models" / id
    records = {}
    for file in spec.files_of(variant):
        path = place / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        records[file.path] = FileRecord(bytes=1, sha256="0" * 64, source="found")
    write_records(place, records)


def test_the_placement_of_each_model_is_explained(desk: Desk) -> None:
    card = Hardware(kind="cuda", name="A Card", memory=8 * GB, ram=32 * GB, fp8=True)
    desk.inspect = lambda: replace(machine(), hardware=card)
    put(desk, "flux1-schnell", "q4")
    put(desk, "flux2-klein-4b", "fp8")
    assert desk.run("doctor") == 0
    said = {id: next(line for line in desk.out.splitlines() if id in line) for id in MODELS}
    for line in said.values():
        assert "on A Card (cuda) in tiles of" in line
        assert "of 8.0 GB" in line
    assert "for q4 takes" in said["flux1-schnell"]
    assert "with an adapter of yours" in said["flux1-schnell"]
    assert "adapter" not in said["flux2-klein-4b"]
    small = replace(card, memory=GB, ram=4 * GB)
    desk.inspect = lambda: replace(machine(), hardware=small)
    assert desk.run("doctor") == 0
    assert "does not fit: A Card has 1.0 GB free" in desk.out


def test_without_torch_nothing_is_said_of_a_placement(desk: Desk) -> None:
    def broken() -> Machine:
        raise ImportError("no torch")

    desk.inspect = broken
    put(desk, "flux1-schnell", "q4")
    assert desk.run("doctor") == 1
    assert "here as q4; where it would run is not known" in desk.out


def test_no_weights_are_broken(desk: Desk) -> None:
    desk.models.clear()
    assert desk.run("doctor") == 1
    assert "none are here" in desk.out


def test_broken_preset_is_named(desk: Desk) -> None:
    (desk.presets / "mine.toml").write_text("id = 3", encoding="utf-8")
    assert desk.run("doctor") == 1
    assert "mine.toml" in desk.out


def test_unusable_cache_is_broken(desk: Desk) -> None:
    (desk.folder / "cache").write_bytes(b"")
    assert desk.run("doctor") == 1
    assert "BROKEN  cache" in desk.out


def test_a_device_that_computed_wrong_is_broken(desk: Desk) -> None:
    assert desk.run("doctor") == 0
    assert "self-check" not in desk.out
    path = desk.folder / "cache" / NOTES_FILE
    notes = MachineNotes(path)
    notes.keep("The Card, driver 1, torch 2", error_name("float32"), 0.0001)
    notes.keep("The Card, driver 1, torch 2", error_name("bfloat16"), 0.7)
    assert desk.run("doctor") == 1
    assert "BROKEN  self-check    The Card, driver 1, torch 2: bfloat16 is wrong" in desk.out
    assert "ok      self-check    The Card, driver 1, torch 2: float32 is right" in desk.out
    path.unlink()
