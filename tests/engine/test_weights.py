from pathlib import Path

import pytest

from engine.errors import MissingWeights, WrongWeights
from engine.weights import (
    ModelSpec,
    WeightFile,
    find_model,
    models,
    sha256,
    verify,
    write_catalogue,
)
from engine.weights import read_catalogue as read


def _spec(folder: Path) -> ModelSpec:
    path = folder / "a.safetensors"
    path.write_bytes(b"weights")
    return ModelSpec(
        id="small",
        title="Small",
        licence="Apache-2.0",
        may_sell="Yes.",
        folder=folder,
        files=(WeightFile(path=path.name, bytes=7, sha256=sha256(path)),),
    )


def test_a_catalogue_survives_its_file(tmp_path: Path) -> None:
    spec = _spec(tmp_path)
    write_catalogue(spec)
    assert read(tmp_path / "model.toml") == spec
    assert verify(spec) == []


def test_every_damage_is_named(tmp_path: Path) -> None:
    spec = _spec(tmp_path)
    path = tmp_path / "a.safetensors"
    path.write_bytes(b"weighty")
    assert "altered" in verify(spec)[0]
    path.write_bytes(b"short")
    assert "5 bytes instead of 7" in verify(spec)[0]
    path.unlink()
    assert "missing" in verify(spec)[0]


def test_a_damaged_catalogue_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "model.toml").write_text("id = ", encoding="utf-8")
    with pytest.raises(WrongWeights):
        read(tmp_path / "model.toml")


def test_the_shipped_models_are_intact() -> None:
    assert [spec.id for spec in models()] == ["lite"]
    for spec in models():
        assert verify(spec) == []
        assert spec.bytes <= 20e6


def test_an_unknown_model_names_those_there_are() -> None:
    with pytest.raises(MissingWeights, match="lite"):
        find_model("topaz")
