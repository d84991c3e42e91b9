from dataclasses import replace
from pathlib import Path

import pytest

from engine.backbones import BackboneSpec, find_backbone
from engine.resources import resource
from engine.shelf import Shelf


@pytest.fixture
def spec() -> BackboneSpec:
    return find_backbone("flux1-schnell")


def put(shelf: Shelf, spec: BackboneSpec, variant: str) -> None:
    place = shelf.place(spec)
    place.mkdir(parents=True, exist_ok=True)
    for file in spec.files_of(variant):
        (place / file.path).write_bytes(b"x")


def test_a_model_is_here_in_the_precisions_that_are_whole(
    tmp_path: Path, spec: BackboneSpec
) -> None:
    shelf = Shelf(tmp_path)
    assert shelf.variants_here(spec) == ()
    put(shelf, spec, "q8")
    assert shelf.variants_here(spec) == ("q8",)
    put(shelf, spec, "q4")
    assert shelf.variants_here(spec) == ("q4", "q8")
    (tmp_path / spec.id / "ae.safetensors").unlink()
    assert shelf.variants_here(spec) == ()


def test_a_part_of_a_download_does_not_count(tmp_path: Path, spec: BackboneSpec) -> None:
    shelf = Shelf(tmp_path)
    put(shelf, spec, "q4")
    path = tmp_path / spec.id / "ae.safetensors"
    path.rename(path.with_name(path.name + ".part"))
    assert shelf.variants_here(spec) == ()


def test_a_file_of_another_size_does_not_count(tmp_path: Path, spec: BackboneSpec) -> None:
    shelf = Shelf(tmp_path)
    put(shelf, spec, "q4")
    sized = replace(spec, files=tuple(replace(file, bytes=1) for file in spec.files))
    assert shelf.variants_here(sized) == ("q4",)
    longer = replace(spec, files=tuple(replace(file, bytes=2) for file in spec.files))
    assert shelf.variants_here(longer) == ()


def test_what_ships_lies_in_the_program(spec: BackboneSpec) -> None:
    shipped = replace(spec, id="lite", shipped=True)
    assert Shelf().place(shipped) == resource("models", "lite")
    assert not Shelf().keeps_tables(shipped)


def test_without_a_folder_nothing_else_is_here(spec: BackboneSpec) -> None:
    assert Shelf().variants_here(spec) == ()
    with pytest.raises(ValueError, match="no folder"):
        Shelf().place(spec)


def test_tables_are_kept_where_they_spare_something(tmp_path: Path, spec: BackboneSpec) -> None:
    shelf = Shelf(tmp_path)
    put(shelf, spec, "q4")
    assert shelf.keeps_tables(spec)
    assert not shelf.keeps_tables(replace(spec, modulation=0.0))
