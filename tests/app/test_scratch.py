from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from restorer_app.scratch import scratch_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_folder_is_gone_afterwards(tmp_path: Path) -> None:
    with scratch_folder(tmp_path / "cache") as folder:
        (folder / "picture.npy").write_bytes(b"1")
    assert list((tmp_path / "cache").iterdir()) == []


def test_folder_is_gone_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), scratch_folder(tmp_path) as folder:
        (folder / "nowhere" / "picture.npy").write_bytes(b"1")
    assert list(tmp_path.iterdir()) == []


def test_folder_in_use_is_left_alone_and_an_abandoned_one_removed(tmp_path: Path) -> None:
    abandoned = tmp_path / "run-0123"
    abandoned.mkdir()
    (abandoned / "picture.npy").write_bytes(b"1")
    abandoned.with_suffix(".lock").write_bytes(b"")
    (tmp_path / "other").mkdir()
    with scratch_folder(tmp_path) as first, scratch_folder(tmp_path) as second:
        assert first.is_dir()
        assert second.is_dir()
        assert not abandoned.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["other"]
