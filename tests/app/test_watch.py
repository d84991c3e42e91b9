"""Watching a folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from restorer_app.watch import WatchFolder
from tests.app.conftest import write_photo


def test_a_new_photo_counts_once_and_only_when_it_stands_still(tmp_path: Path) -> None:
    write_photo(tmp_path / "old.png")
    watch = WatchFolder(tmp_path)
    assert watch.poll() == []
    path = tmp_path / "deep" / "new.jpg"
    path.parent.mkdir()
    for size in (10, 20, 30):
        path.write_bytes(bytes(size))
        assert watch.poll() == []
    assert watch.poll() == [path]
    assert watch.poll() == []


def test_a_photo_that_was_replaced_counts_again(tmp_path: Path) -> None:
    path = write_photo(tmp_path / "a.png")
    watch = WatchFolder(tmp_path)
    write_photo(path, seed=1, size=(40, 40))
    watch.poll()
    assert watch.poll() == [path]


def test_empty_hidden_and_other_files_do_not_count(tmp_path: Path) -> None:
    watch = WatchFolder(tmp_path)
    for name in ("empty.jpg", ".hidden.png", "notes.txt", ".0123456789abcdef.part"):
        (tmp_path / name).write_bytes(b"" if name == "empty.jpg" else b"x")
    assert [watch.poll(), watch.poll(), watch.poll()] == [[], [], []]


def test_what_the_program_writes_does_not_feed_it(tmp_path: Path) -> None:
    made: set[Path] = set()
    watch = WatchFolder(tmp_path, output=tmp_path / "out", is_own=made.__contains__)
    write_photo(tmp_path / "out" / "a.png")
    made.add(write_photo(tmp_path / "a-restored.png"))
    theirs = write_photo(tmp_path / "b.png")
    watch.poll()
    assert watch.poll() == [theirs]


def test_writing_next_to_the_sources_does_not_hide_them(tmp_path: Path) -> None:
    watch = WatchFolder(tmp_path, output=tmp_path)
    path = write_photo(tmp_path / "a.png")
    watch.poll()
    assert watch.poll() == [path]


@pytest.mark.parametrize("gone_for", [1, 3])
def test_a_drive_that_is_away_for_a_while_brings_nothing_twice(
    tmp_path: Path, gone_for: int
) -> None:
    folder, away = tmp_path / "drive", tmp_path / "away"
    old = write_photo(folder / "old.png")
    watch = WatchFolder(folder)
    shutil.move(folder, away)
    assert [watch.poll() for _ in range(gone_for)] == [[]] * gone_for
    shutil.move(away, folder)
    new = write_photo(folder / "new.png")
    assert [watch.poll(), watch.poll()] == [[], [new]]
    assert old.exists()
