"""Saving to a file that is whole or not there, and never in place of another."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import BinaryIO

import imagecodecs
import pytest

from engine import saving, whole_file
from engine.errors import CannotSave, OutOfMemory
from engine.files import load
from engine.fitting import SaveOptions
from engine.formats import jpeg_writing
from engine.formats.order import Order, Writer
from engine.photo import Metadata
from engine.progress import Cancelled
from engine.saving import save
from tests.engine import made


def test_an_existing_file_is_kept_unless_overwriting_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"precious")
    with pytest.raises(CannotSave, match=r"“a\.png” exists already\."):
        save(made.photo(), path)
    assert path.read_bytes() == b"precious"
    save(made.photo(), path, SaveOptions(overwrite=True))
    assert load(path).width == 37
    assert [p.name for p in tmp_path.iterdir()] == ["a.png"]


def test_the_original_is_never_overwritten(tmp_path: Path) -> None:
    source = tmp_path / "a.png"
    source.write_bytes(imagecodecs.png_encode(made.whole_numbers(8)))
    before = source.read_bytes()
    with pytest.raises(CannotSave, match="is the original"):
        save(load(source), tmp_path / "." / "a.png", SaveOptions(overwrite=True))
    assert source.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_the_original_is_recognised_behind_a_link(tmp_path: Path) -> None:
    source = tmp_path / "a.png"
    source.write_bytes(imagecodecs.png_encode(made.whole_numbers(8)))
    (tmp_path / "b.png").symlink_to(source)
    with pytest.raises(CannotSave, match="is the original"):
        save(load(source), tmp_path / "b.png", SaveOptions(overwrite=True))


@pytest.mark.parametrize("links_work", [True, False])
def test_a_file_that_appears_while_writing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links_work: bool
) -> None:
    path = tmp_path / "a.png"

    def rival(order: Order, out: BinaryIO) -> tuple[str, ...]:
        out.write(b"ours")
        path.write_bytes(b"theirs")
        return ()

    if not links_work:
        forbid_links(monkeypatch)
    use_writer(monkeypatch, rival)
    with pytest.raises(CannotSave, match="exists already"):
        save(made.photo(), path)
    assert path.read_bytes() == b"theirs"
    assert [p.name for p in tmp_path.iterdir()] == ["a.png"]


def test_saving_works_where_there_are_no_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid_links(monkeypatch)
    save(made.photo(), tmp_path / "a.png")
    assert load(tmp_path / "a.png").width == 37
    assert len(list(tmp_path.iterdir())) == 1


def forbid_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(path: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", no_links)


def use_writer(monkeypatch: pytest.MonkeyPatch, write: object) -> None:
    writer = Writer("PNG", (8, 16), 1000, True, write)  # type: ignore[arg-type]
    monkeypatch.setitem(saving.WRITERS, ".png", writer)


@pytest.mark.parametrize(
    ("error", "expected", "words"),
    [
        (OSError(errno.ENOSPC, "No space left"), CannotSave, "no room left on the disk"),
        (OSError(errno.EIO, "I/O error"), CannotSave, "damaged or was removed"),
        (OSError("encoder error -2"), CannotSave, "the disk reports an error"),
        (MemoryError(), OutOfMemory, "memory"),
        (Cancelled(), Cancelled, None),
        (KeyboardInterrupt(), KeyboardInterrupt, None),
    ],
)
@pytest.mark.parametrize("existing", [False, True])
def test_a_failing_write_leaves_nothing_behind(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    expected: type[BaseException],
    words: str | None,
    existing: bool,
) -> None:
    def fail(order: Order, out: BinaryIO) -> tuple[str, ...]:
        out.write(b"half a picture")
        raise error

    path = tmp_path / "a.png"
    if existing:
        path.write_bytes(b"precious")
    use_writer(monkeypatch, fail)
    with pytest.raises(expected, match=words):
        save(made.photo(), path, SaveOptions(overwrite=existing))
    assert [p.read_bytes() for p in tmp_path.iterdir()] == ([b"precious"] if existing else [])


def test_a_failing_rename_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(temporary: Path, target: Path) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(whole_file, "_name", fail)
    with pytest.raises(CannotSave, match="can only be read"):
        save(made.photo(), tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_noticed(tmp_path: Path) -> None:
    with (
        pytest.raises(OSError, match="space"),
        Path("/dev/full").open("wb") as out,
    ):
        jpeg_writing.write(
            Order(photo=made.photo(), bits=8, quality=90, icc=b"", metadata=Metadata()), out
        )


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotSave, match="the folder does not exist"):
        save(made.photo(), tmp_path / "gone" / "a.png")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CannotSave, match="a file, not a folder"):
        save(made.photo(), tmp_path / "file" / "a.png")
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(CannotSave, match="is a folder"):
        save(made.photo(), tmp_path / "folder.png")


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotSave, match="the name is too long"):
        save(made.photo(), tmp_path / ("a" * 300 + ".png"))


@pytest.mark.skipif(
    sys.platform == "win32" or getattr(os, "geteuid", int)() == 0, reason="root may write anywhere"
)
def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(CannotSave, match="may not write"):
            save(made.photo(), tmp_path / "a.png")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_files_get_the_usual_rights(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        save(made.photo(), tmp_path / "a.png")
    finally:
        os.umask(before)
    assert (tmp_path / "a.png").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("name", ["Grüße aus Köln.jpg", "写真 1.tif", "b" * 250 + ".png"])
def test_odd_names_can_be_written(tmp_path: Path, name: str) -> None:
    save(made.photo(), tmp_path / name)
    assert [p.name for p in tmp_path.iterdir()] == [name]
    assert load(tmp_path / name).width == 37
