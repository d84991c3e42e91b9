"""Settings in a file that anybody may have touched."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest

from restorer_app.export import ExportSettings
from restorer_app.settings import Settings, load_settings, save_settings, shown_fields

OTHERS = Settings(
    theme="light",
    ui_scale=1.5,
    language="de",
    confirm_quit=False,
    export_bits=16,
    recent=("/a ü.jpg", "/b"),
    cache_gigabytes=3,
)


def test_settings_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.json"
    assert load_settings(path) == Settings()
    assert save_settings(OTHERS, path)
    assert load_settings(path) == OTHERS
    assert [file.name for file in path.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "pink"),
        ("ui_scale", 9),
        ("ui_scale", "large"),
        ("ui_scale", float("nan")),
        ("confirm_quit", 1),
        ("export_bits", 12),
        ("export_bits", True),
        ("export_quality", 0),
        ("recent", [1, 2]),
        ("language", None),
        ("from_the_future", 1),
    ],
)
def test_a_bad_entry_costs_only_itself(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str, value: object
) -> None:
    path = tmp_path / "settings.json"
    save_settings(OTHERS, path)
    path.write_text(json.dumps({**json.loads(path.read_text()), name: value}))
    known = {own.name: own.default for own in fields(Settings)}
    expected = replace(OTHERS, **{name: known[name]}) if name in known else OTHERS
    assert load_settings(path) == expected
    assert f"“{name}”" in caplog.text


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000])
def test_a_broken_file_means_defaults(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    assert load_settings(path) == Settings()
    assert "settings.json is ignored" in caplog.text


def test_a_place_that_cannot_be_written_is_no_crash(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    assert not save_settings(OTHERS, tmp_path / "file" / "settings.json")
    assert "cannot be saved" in caplog.text


def test_every_setting_on_the_page_says_what_it_is() -> None:
    shown = shown_fields()
    assert {"theme", "ui_scale", "language"} <= {own.name for own in shown}
    for own in shown:
        assert own.metadata["title"]
        assert own.metadata["help"].endswith(".")


def test_what_was_opened_last_comes_first_and_once() -> None:
    settings = Settings()
    for name in [*(str(i) for i in range(20)), "15"]:
        settings = settings.with_recent(name)
    assert settings.recent[:3] == ("15", "19", "18")
    assert len(settings.recent) == 12


def test_every_way_to_export_can_be_remembered() -> None:
    remembered = {own.name.removeprefix("export_"): own for own in fields(Settings)}
    for own in fields(ExportSettings):
        usual = "" if own.name == "folder" else own.default
        assert remembered[own.name].default == usual
    with pytest.raises(ValueError, match="quality"):
        ExportSettings(quality=0)
    with pytest.raises(ValueError, match="collision"):
        ExportSettings(collision="ask")  # type: ignore[arg-type]
