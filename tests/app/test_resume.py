"""Batches that go on where an earlier one ended."""

from __future__ import annotations

import errno
import json
import os
from typing import TYPE_CHECKING

import pytest

from engine.progress import Cancelled
from restorer_app.journal import JOURNAL, Journal
from tests.app.conftest import contents

if TYPE_CHECKING:
    from pathlib import Path

    from tests.app.conftest import Desk


def test_bad_photo_fails_alone_and_is_tried_again(desk: Desk, photos: Path, out: Path) -> None:
    good = (photos / "b.jpg").read_bytes()
    (photos / "b.jpg").write_bytes(good[:50])
    assert desk.run("batch", photos, "-o", out) == 1
    assert [*contents(out)] == ["a.png", "c.tif"]
    assert "b.jpg" in desk.err
    (photos / "b.jpg").write_bytes(good)
    assert desk.run("batch", photos, "-o", out, "--resume") == 0
    assert desk.asked == ["a.png", "c.tif", "b.jpg"]


def test_finished_batch_resumes_without_an_engine(desk: Desk, photos: Path, out: Path) -> None:
    assert desk.run("batch", photos, "-o", out, "--json") == 0
    first, made = desk.out, contents(out)
    assert desk.run("batch", photos, "-o", out, "--resume", "--json") == 0
    assert desk.out == first
    assert contents(out) == made
    assert len(desk.engines) == 1
    assert "done before" in desk.err


def test_a_batch_that_another_is_filling_is_left_to_it(desk: Desk, photos: Path, out: Path) -> None:
    assert desk.run("batch", photos, "-o", out) == 0
    unfinished = out / f".{'0' * 16}.part"
    unfinished.touch()
    other = Journal(photos, out, "another order", resume=True)
    assert desk.run("batch", photos, "-o", out, "--resume") == 1
    assert "Another batch is filling the folder" in desk.err
    assert unfinished.exists()
    other.close()
    assert desk.run("batch", photos, "-o", out, "--resume") == 0


def test_a_batch_works_where_the_disk_knows_no_locks(
    desk: Desk, photos: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(descriptor: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("restorer_app.journal.take", no_locks)
    assert desk.run("batch", photos, "-o", out) == 0
    assert desk.run("batch", photos, "-o", out, "--resume") == 0
    assert len(desk.asked) == 3


def test_without_resume_the_overwrite_rule_holds(desk: Desk, photos: Path, out: Path) -> None:
    assert desk.run("batch", photos, "-o", out) == 0
    made = contents(out)
    assert desk.run("batch", photos, "-o", out) == 1
    assert desk.err.count("is there already") == 3
    assert contents(out) == made
    assert desk.run("batch", photos, "-o", out, "--overwrite", "--seed", "5") == 0
    assert contents(out) != made
    assert len(desk.asked) == 6


def test_refusals_do_not_undo_what_is_done(desk: Desk, photos: Path, out: Path) -> None:
    assert desk.run("batch", photos, "-o", out) == 0
    assert desk.run("batch", photos, "-o", out) == 1
    assert desk.run("batch", photos, "-o", out, "--resume") == 0
    assert len(desk.asked) == 3


def test_resume_keeps_files_that_are_not_its_own(desk: Desk, photos: Path, out: Path) -> None:
    strange = desk.photo("out/a.png", seed=8)
    before = strange.read_bytes()
    assert desk.run("batch", photos, "-o", out, "--resume") == 1
    assert strange.read_bytes() == before
    assert desk.asked == ["b.jpg", "c.tif"]


def test_changed_source_is_done_again(desk: Desk, photos: Path, out: Path) -> None:
    assert desk.run("batch", photos, "-o", out) == 0
    desk.photo("photos/a.png", seed=7)
    os.utime(photos / "b.jpg", ns=(1, 1))
    assert desk.run("batch", photos, "-o", out, "--resume") == 0
    assert desk.asked[3:] == ["a.png", "b.jpg"]
    assert desk.run("batch", photos, "-o", desk.folder / "clean") == 0
    assert contents(out) == contents(desk.folder / "clean")


@pytest.mark.parametrize(
    "options", [["--seed", "1"], ["--strength", "0.5"], ["--preset", "upscale"]]
)
def test_other_options_are_done_again(
    desk: Desk, photos: Path, out: Path, options: list[str]
) -> None:
    assert desk.run("batch", photos, "-o", out) == 0
    assert desk.run("batch", photos, "-o", out, "--resume", *options) == 0
    assert len(desk.asked) == 6
    assert desk.run("batch", photos, "-o", desk.folder / "clean", *options) == 0
    assert contents(out) == contents(desk.folder / "clean")


def test_retrained_adapter_is_another_order(desk: Desk, photos: Path, out: Path) -> None:
    adapter = desk.folder / "mine.safetensors"
    for content, asked in ((b"1", 3), (b"1", 3), (b"22", 6)):
        if not adapter.exists() or adapter.read_bytes() != content:
            adapter.write_bytes(content)
        assert desk.run("batch", photos, "-o", out, "--resume", "--adapter", adapter) == 0
        assert len(desk.asked) == asked


def test_missing_and_damaged_outputs_are_done_again(desk: Desk, photos: Path, out: Path) -> None:
    assert desk.run("batch", photos, "-o", out) == 0
    made = contents(out)
    (out / "a.png").unlink()
    (out / "b.jpg").write_bytes(made["b.jpg"][:40])
    (out / "c.tif").write_bytes(b"")
    assert desk.run("batch", photos, "-o", out, "--resume") == 0
    assert contents(out) == made


def test_output_that_its_owner_has_worked_on_is_kept(desk: Desk, photos: Path, out: Path) -> None:
    assert desk.run("batch", photos, "-o", out) == 0
    retouched = desk.photo("out/a.png", seed=3)
    retouched.write_bytes(retouched.read_bytes() + b"and more")
    before = retouched.read_bytes()
    assert desk.run("batch", photos, "-o", out, "--resume") == 1
    assert retouched.read_bytes() == before
    assert "is there already" in desk.err


def test_torn_last_line_counts_as_not_written(desk: Desk, photos: Path, out: Path) -> None:
    assert desk.run("batch", photos, "-o", out) == 0
    made, journal = contents(out), out / JOURNAL
    whole = journal.read_bytes()
    for length in (len(whole) - 1, len(whole) - 30, whole.rindex(b"\n", 0, -1) + 2):
        journal.write_bytes(whole[:length])
        assert desk.run("batch", photos, "-o", out, "--resume") == 0
        assert contents(out) == made
        lines = journal.read_bytes().splitlines()
        assert json.loads(lines[-1])["event"] == "done"


def test_cancelled_batch_goes_on(desk: Desk, photos: Path, out: Path) -> None:
    desk.errors["b.jpg"] = Cancelled()
    assert desk.run("batch", photos, "-o", out) == 130
    assert [*contents(out)] == ["a.png"]
    del desk.errors["b.jpg"]
    assert desk.run("batch", photos, "-o", out, "--resume") == 0
    assert desk.asked == ["a.png", "b.jpg", "b.jpg", "c.tif"]


def test_unfinished_files_of_a_killed_batch_are_removed(
    desk: Desk, photos: Path, out: Path
) -> None:
    (out / "sub").mkdir(parents=True)
    for name in (".0123456789abcdef.part", "sub/.fedcba9876543210.part"):
        (out / name).write_bytes(b"half")
    (out / "mine.part").write_bytes(b"not ours")
    assert desk.run("batch", photos, "-o", out, "--resume") == 0
    assert [*contents(out)] == ["a.png", "b.jpg", "c.tif", "mine.part"]


def test_numbered_name_that_changed_hands_is_done_again(desk: Desk, out: Path) -> None:
    photos = desk.folder / "photos"
    desk.photo("photos/b.gif", 1)
    desk.photo("photos/b.png", 2)
    assert desk.run("batch", photos, "-o", out) == 0
    desk.photo("photos/b.bmp", 3)
    assert desk.run("batch", photos, "-o", out, "--resume") == 0
    assert desk.run("batch", photos, "-o", desk.folder / "clean") == 0
    assert contents(out) == contents(desk.folder / "clean")
    assert [*contents(out)] == ["b-2.png", "b-3.png", "b.png"]


def test_batch_without_resume_mentions_it(desk: Desk, photos: Path, out: Path) -> None:
    assert desk.run("batch", photos, "-o", out) == 0
    assert "--resume" not in desk.err
    assert desk.run("batch", photos, "-o", out) == 1
    assert "--resume goes on with it" in desk.err
