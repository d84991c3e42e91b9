from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine.errors import CannotSave
from restorer_app.journal import JOURNAL, Journal
from tests.app.conftest import contents

if TYPE_CHECKING:
    from restorer_app.errands import Errand
    from restorer_app.report import Outcome
    from tests.app.conftest import Desk


def entries(out: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (out / JOURNAL).read_text().splitlines()]


def test_whole_folder_and_nothing_else(desk: Desk, photos: Path, out: Path) -> None:
    desk.photo("photos/.hidden.png")
    desk.photo("photos/sub/d.png")
    (photos / "notes.txt").write_text("not a photo")
    assert desk.run("batch", photos, "-o", out, "--json") == 0
    assert [*contents(out)] == ["a.png", "b.jpg", "c.tif"]
    assert [Path(str(line["output"])).name for line in desk.lines] == ["a.png", "b.jpg", "c.tif"]
    assert "notes" not in desk.err


def test_recursive_mirrors_the_folders(desk: Desk, photos: Path, out: Path) -> None:
    desk.photo("photos/sub/deep/a.png")
    desk.photo("photos/.hidden/a.png")
    assert desk.run("batch", photos, "-o", out, "--recursive") == 0
    assert [*contents(out)] == ["a.png", "b.jpg", "c.tif", "sub/deep/a.png"]


def test_output_folder_inside_the_photos_is_left_out(desk: Desk, photos: Path) -> None:
    out = photos / "restored"
    for _ in range(2):
        assert desk.run("batch", photos, "-o", out, "--recursive", "--overwrite") == 0
    assert [*contents(out)] == ["a.png", "b.jpg", "c.tif"]


def test_photos_own_folder_as_output_is_misuse(desk: Desk, photos: Path) -> None:
    before = contents(photos)
    assert desk.run("batch", photos, "-o", photos / "." / "", "--overwrite") == 2
    assert contents(photos) == before


def test_output_that_is_a_photo_of_the_batch_is_refused(desk: Desk, photos: Path) -> None:
    inner = desk.photo("photos/photos/a.png", seed=9)
    before = inner.read_bytes()
    # Mirrored into the parent, photos/photos/a.png would replace photos/a.png.
    root = desk.folder
    code = desk.run("batch", root / "photos", "-o", root, "--recursive", "--overwrite", "--json")
    assert code == 1
    assert inner.read_bytes() == before
    assert [line["input"] for line in desk.lines if "error" in line] == [str(inner)]


def test_misuse_of_the_folders(desk: Desk, photos: Path, out: Path) -> None:
    assert desk.run("batch", desk.folder / "nowhere", "-o", out) == 2
    assert "FOLDER: there is no folder" in desk.err
    assert desk.run("batch", photos, "-o", photos / "a.png") == 2
    assert "-o/--output" in desk.err
    (desk.folder / "file").write_bytes(b"")
    assert desk.run("batch", photos, "-o", desk.folder / "file" / "out") == 2
    assert "cannot be written to" in desk.err


def test_a_folder_of_other_photos_is_not_called_one_without_photos(desk: Desk, out: Path) -> None:
    (desk.folder / "photos").mkdir()
    (desk.folder / "photos" / "a.psd").touch()
    assert desk.run("batch", desk.folder / "photos", "-o", out) == 0
    assert "1 photo is left out" in desk.err
    assert "There are no photos" not in desk.err


def test_empty_folder_is_no_failure(desk: Desk, out: Path) -> None:
    desk.photo("photos/sub/a.png")
    assert desk.run("batch", desk.folder / "photos", "-o", out) == 0
    assert "There are no photos" in desk.err
    assert "--recursive" in desk.err
    assert not out.exists()


def test_same_names_of_different_formats_all_survive(desk: Desk, out: Path) -> None:
    for seed, name in enumerate(("a.bmp", "a.gif", "a.png")):
        desk.photo(f"photos/{name}", seed)
    assert desk.run("batch", desk.folder / "photos", "-o", out) == 0
    assert len(contents(out)) == 3


def test_journal_tells_start_and_end_of_each_photo(desk: Desk, photos: Path, out: Path) -> None:
    desk.errors["b.jpg"] = ValueError("oops")
    assert desk.run("batch", photos, "-o", out, "--quiet") == 1
    told = [(entry["event"], entry["source"]) for entry in entries(out)]
    assert told == [
        *(("started", "a.png"), ("done", "a.png")),
        *(("started", "b.jpg"), ("failed", "b.jpg")),
        *(("started", "c.tif"), ("done", "c.tif")),
    ]


def test_photos_in_formats_that_are_not_read_are_mentioned(
    desk: Desk, photos: Path, out: Path
) -> None:
    for name in ("d.PSD", "e.xcf", "f.psd"):
        (photos / name).write_bytes(b"other")
    assert desk.run("batch", photos, "-o", out) == 0
    assert "3 photos are left out" in desk.err
    assert ".psd, .xcf." in desk.err


def test_folder_that_may_not_be_read_is_a_failure(
    desk: Desk, photos: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.photo("photos/closed/a.png")
    scan = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert desk.run("batch", photos, "-o", out, "--recursive", "--json") == 1
    assert desk.kinds == ["BadPhoto", None, None, None]
    assert f"{photos / 'closed'}: The folder cannot be read: Permission denied." in desk.err


@pytest.mark.parametrize("options", [[], ["--resume"]])
def test_file_that_appears_during_the_batch_is_kept(
    desk: Desk, photos: Path, out: Path, options: list[str]
) -> None:
    def meddle(name: str, done: float) -> None:
        (out / "b.jpg").write_bytes(b"mine")

    desk.hook = meddle
    assert desk.run("batch", photos, "-o", out, *options) == 1
    assert (out / "b.jpg").read_bytes() == b"mine"
    assert [*contents(out)] == ["a.png", "b.jpg", "c.tif"]


def test_a_photo_that_is_done_is_told_though_it_cannot_be_noted(
    desk: Desk, photos: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = Journal.ended

    def full(journal: Journal, errand: Errand, outcome: Outcome) -> None:
        if errand.source.name == "b.jpg":
            raise CannotSave("The journal cannot be written")
        ended(journal, errand, outcome)

    monkeypatch.setattr(Journal, "ended", full)
    assert desk.run("batch", photos, "-o", out, "--json") == 1
    assert [Path(str(line["output"])).name for line in desk.lines] == ["a.png", "b.jpg"]
    assert "The journal cannot be written." in desk.err


def test_journal_that_can_no_longer_be_written_stops_the_batch(
    desk: Desk, photos: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("restorer_app.journal.os.fsync", full)
    assert desk.run("batch", photos, "-o", out) == 1
    assert "cannot be written: No space left on device" in desk.err
    assert desk.asked == []
