"""A model of the catalogue that comes with the program: here, checked, and not to be moved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.placement import GB, Hardware
from restorer_app.cli import Program
from restorer_app.local_engine import Machine
from tests.app.test_models import DECODER, SMALL, Shop, catalogue, sha, shop

__all__ = ["shop"]

HARDWARE = Hardware(kind="cpu", name="the processor", memory=32 * GB, ram=32 * GB)


@pytest.fixture
def place(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a model “nano” in the program's own resources, with its files."""
    resources = tmp_path / "resources"
    monkeypatch.setattr("engine.shelf.resource", resources.joinpath)
    spec, _ = catalogue()
    files = tuple(
        replace(file, mirrors=(), bytes=len(data), sha256=sha(data))
        for file, data in zip(spec.files_of("q4"), (SMALL, DECODER), strict=True)
    )
    nano = replace(spec, id="nano", title="Nano", shipped=True, variant="q4", files=files)
    shop.specs = (nano, *shop.specs)
    folder = resources / "models" / "nano"
    folder.mkdir(parents=True)
    for file, data in zip(files, (SMALL, DECODER), strict=True):
        (folder / file.path).write_bytes(data)
    return folder


def test_it_is_listed_as_shipped(shop: Shop, place: Path) -> None:
    entry = shop.store.entries()[0]
    assert (entry.spec.id, entry.variants, entry.begun) == ("nano", ("q4",), False)
    assert entry.bytes == len(SMALL) + len(DECODER)
    assert shop.run("list") == 0
    line = next(line for line in shop.out.splitlines() if line.startswith("nano"))
    assert " ships " in line
    assert "0.1 MB" in line
    assert shop.store.files("nano", "q4")["transformer"] == place / "small.safetensors"


@pytest.mark.parametrize("verb", ["download", "remove", "import"])
def test_it_neither_comes_nor_goes(shop: Shop, place: Path, verb: str, tmp_path: Path) -> None:
    before = sorted(place.iterdir())
    words = [verb, "nano"] + ([str(tmp_path)] if verb == "import" else [])
    assert shop.run(*words) == 1
    assert "“nano” belongs to the program" in shop.err
    assert sorted(place.iterdir()) == before
    assert not (shop.folder / "nano").exists()
    assert shop.hub.asked == []


def test_it_is_verified_without_writing_beside_it(shop: Shop, place: Path) -> None:
    assert shop.run("verify", "nano") == 0
    assert shop.run("verify") == 0
    assert "nano  intact" in shop.out
    (place / "vae.safetensors").write_bytes(DECODER[:-1] + b"\0")
    assert shop.run("verify", "nano") == 1
    assert "vae.safetensors was altered" in shop.out
    (place / "vae.safetensors").unlink()
    assert shop.run("verify", "nano") == 1
    assert "vae.safetensors is missing" in shop.out
    assert [path.name for path in place.iterdir()] == ["small.safetensors"]
    assert shop.store.entries()[0].variants == ()


def test_the_doctor_looks_at_it_too(shop: Shop, place: Path) -> None:
    machine = Machine(
        torch="2", capability="AVX2", threads=2, device="cpu", why="it is so", hardware=HARDWARE
    )

    def said() -> tuple[int, str]:
        program = Program(
            inspect_machine=lambda: machine,
            models=lambda: shop.shipped,
            open_store=lambda: shop.store,
            cache=shop.folder.parent / "cache",
            preset_folders=(),
        )
        code = program.run(["doctor"])
        return code, shop.capture.readouterr().out

    code, out = said()
    assert code == 0
    assert "nano: verified, 0.1 MB" in out
    assert "nano: on the processor (cpu) in tiles of 64 pixels, for q4 takes" in out
    (place / "vae.safetensors").unlink()
    code, out = said()
    assert code == 1
    assert "BROKEN  weights       nano: vae.safetensors is missing" in out


def test_tables_that_were_made_go_with_their_model(shop: Shop) -> None:
    assert shop.run("download", "tiny") == 0
    tables = shop.folder / "tiny" / "tables"
    tables.mkdir()
    (tables / "abc.safetensors").write_bytes(bytes(100))
    whole = sum(path.stat().st_size for path in (shop.folder / "tiny").rglob("*.*"))
    assert shop.store.remove("tiny") == whole
    assert not (shop.folder / "tiny").exists()
