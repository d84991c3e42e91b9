from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from restorer_app.local_engine import Machine
    from tests.app.conftest import Desk


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


def test_damaged_weights_are_broken(desk: Desk) -> None:
    (desk.models[0].folder / "weights.safetensors").unlink()
    assert desk.run("doctor") == 1
    assert "lite: weights.safetensors is missing" in desk.out


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
