"""Presets of the user's own, as the command line reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import BadPreset, CannotSave
from engine.preset import Preset, load_presets
from restorer_app.user_presets import delete_user_preset, save_user_preset, slug, user_preset_ids

MINE = Preset(
    id="denoise",
    title="Großvaters Dias, ½ Stärke",
    summary='Says "soft" \\ and\nmore – ü 🙂 \x7f',
    task="denoise",
    scale=2,
    strength=0.35,
    repairs=True,
)


def test_a_saved_preset_is_found_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "presets"
    saved = save_user_preset(folder, MINE)
    assert saved.id == "grossvaters-dias-1-2-starke"
    again = load_presets([folder])[saved.id]
    assert again == saved
    for name in ("title", "summary", "task", "scale", "strength", "repairs"):
        assert getattr(again, name) == getattr(MINE, name)


def test_an_id_is_never_taken_twice(tmp_path: Path) -> None:
    ids = [save_user_preset(tmp_path, MINE, taken=["denoise"]).id for _ in range(3)]
    assert ids == [slug(MINE.title), f"{slug(MINE.title)}-2", f"{slug(MINE.title)}-3"]
    assert user_preset_ids(tmp_path) == set(ids)


@pytest.mark.parametrize(
    ("title", "stem"),
    [("Été à Çà", "ete-a-ca"), ("한글", "한글"), ("ガラス", "ガラス"), ("Мой", "мой")],
)
def test_letters_of_all_scripts_stay_as_one_types_them(title: str, stem: str) -> None:
    assert slug(title) == stem


def test_no_preset_gets_a_name_that_windows_keeps_for_itself(tmp_path: Path) -> None:
    saved = save_user_preset(tmp_path, Preset(id="x", title="Con", summary="s", task=""))
    assert saved.id == "con-2"


def test_a_title_without_letters_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadPreset):
        save_user_preset(tmp_path, Preset(id="x", title=" ../ ", summary="s", task=""))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotSave, match="cannot be saved"):
        save_user_preset(tmp_path / "file" / "presets", MINE)


def test_only_own_presets_are_deleted(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.toml").touch()
    folder = tmp_path / "presets"
    saved = save_user_preset(folder, MINE)
    assert not delete_user_preset(folder, "../elsewhere")
    assert delete_user_preset(folder, saved.id)
    assert not delete_user_preset(folder, saved.id)
    assert (tmp_path / "elsewhere.toml").exists()


def test_a_preset_written_by_hand_is_deleted_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "My_Look 2.toml").touch()
    assert delete_user_preset(tmp_path, "My_Look 2")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_lets_nothing_go_is_told(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").mkdir()  # which nobody, not even the system's owner, unlinks
    with pytest.raises(CannotSave, match="cannot be removed"):
        delete_user_preset(tmp_path, "mine")
