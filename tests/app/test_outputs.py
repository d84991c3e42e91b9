"""Where the results of `restore` go, and what they never replace."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.app.conftest import contents, write_photo

if TYPE_CHECKING:
    from tests.app.conftest import Desk


def test_existing_output_is_kept_and_costs_no_run(desk: Desk) -> None:
    source, output = desk.photo("a.png"), desk.photo("out.png", seed=5)
    before = output.read_bytes()
    assert desk.run("restore", source, "-o", output, "--json") == 1
    assert output.read_bytes() == before
    assert desk.engines == []
    assert desk.kinds == ["CannotSave"]
    assert "--overwrite" in desk.err
    assert desk.run("restore", source, "-o", output, "--overwrite") == 0
    assert output.read_bytes() != before


def test_dangling_link_counts_as_an_existing_output(desk: Desk) -> None:
    output = desk.folder / "out.png"
    output.symlink_to(desk.folder / "nowhere.png")
    assert desk.run("restore", desk.photo("a.png"), "-o", output) == 1
    assert output.is_symlink()


@pytest.mark.parametrize("spelling", ["a.png", "sub/../a.png", "link.png", "hard.png"])
def test_output_equal_to_the_input_is_always_refused(desk: Desk, spelling: str) -> None:
    source = desk.photo("a.png")
    (desk.folder / "sub").mkdir()
    (desk.folder / "link.png").symlink_to(source)
    (desk.folder / "hard.png").hardlink_to(source)
    before = source.read_bytes()
    assert desk.run("restore", source, "-o", desk.folder / spelling, "--overwrite") == 1
    assert source.read_bytes() == before
    assert desk.engines == []
    assert "never changed" in desk.err


def test_output_equal_to_another_input_is_refused(desk: Desk) -> None:
    first, second = desk.photo("a.png"), desk.photo("sub/a.png", seed=1)
    before = first.read_bytes()
    code = desk.run("restore", second, first, "-o", desk.folder, "--overwrite", "--json")
    assert code == 1
    assert first.read_bytes() == before
    assert (desk.folder / "a-2.png").exists()


def test_output_equal_to_the_mask_is_refused(desk: Desk) -> None:
    source, mask = desk.photo("a.png"), desk.photo("mask.png")
    before = mask.read_bytes()
    assert desk.run("restore", source, "--mask", mask, "-o", mask, "--overwrite") == 1
    assert mask.read_bytes() == before


def test_equal_names_both_survive(desk: Desk) -> None:
    photos = [desk.photo("one/a.png", 1), desk.photo("two/a.png", 2), desk.photo("a-2.png", 3)]
    assert desk.run("restore", *photos, "-o", desk.folder / "out", "--json") == 0
    made = contents(desk.folder / "out")
    assert [*made] == ["a-2.png", "a-3.png", "a.png"]
    assert len(set(made.values())) == 3
    assert "saved as a-3.png" in str(desk.lines[1]["warnings"])


def test_names_that_differ_in_case_both_survive(desk: Desk) -> None:
    photos = [desk.photo("one/a.png", 1), desk.photo("two/A.png", 2)]
    assert desk.run("restore", *photos, "-o", desk.folder / "out") == 0
    assert [*contents(desk.folder / "out")] == ["A-2.png", "a.png"]


@pytest.mark.parametrize("pattern", ["*.png", "**.png", "[ab].png", "?.png"])
def test_a_pattern_that_no_shell_resolved_means_what_a_shell_means(
    desk: Desk, pattern: str
) -> None:
    for name in ("a.png", "b.png", "._a.png", "c.jpg"):
        desk.photo(f"in [1]/{name}")
    assert desk.run("restore", desk.folder / "in [1]" / pattern, "-o", f"{desk.folder}/out/") == 0
    assert [*contents(desk.folder / "out")] == ["a.png", "b.png"]


@pytest.mark.parametrize("name", ["a.jfif", "a.jpe"])
def test_a_jpeg_of_another_name_stays_one(desk: Desk, name: str) -> None:
    source = desk.photo("a.jpg").rename(desk.folder / name)
    assert desk.run("restore", source, "-o", f"{desk.folder}/out/") == 0
    (made,) = contents(desk.folder / "out").values()
    assert [*contents(desk.folder / "out")] == [name]
    assert made.startswith(b"\xff\xd8\xff")


def test_an_output_too_large_for_its_format_costs_no_run(desk: Desk) -> None:
    source = write_photo(desk.folder / "a.png", size=(9000, 1))
    output = desk.folder / "b.webp"
    assert desk.run("restore", source, "-o", output, "--preset", "upscale", "--json") == 1
    assert desk.kinds == ["CannotSave"]
    assert "WebP ends at 16383 pixels" in desk.err
    assert desk.asked == []


def test_a_link_that_leads_in_a_circle_is_no_fault_of_the_program(desk: Desk) -> None:
    output, other = desk.folder / "b.png", desk.folder / "c.png"
    output.symlink_to(other)
    other.symlink_to(output)
    assert desk.run("restore", desk.photo("a.png"), "-o", output, "--overwrite", "--json") == 1
    assert desk.kinds == ["CannotSave"]
    assert "a link that leads in a circle" in desk.err


def test_folder_among_the_inputs_points_to_batch(desk: Desk) -> None:
    (desk.folder / "photos").mkdir()
    photos = [desk.folder / "photos", desk.photo("a.png")]
    assert desk.run("restore", *photos, "-o", desk.folder / "out") == 1
    assert "restorer batch" in desk.err


def test_pattern_that_the_shell_left_alone(desk: Desk) -> None:
    desk.photo("b.png"), desk.photo("a.png"), desk.photo("c.jpg")
    assert desk.run("restore", desk.folder / "*.png", "-o", desk.folder / "out") == 0
    assert [*contents(desk.folder / "out")] == ["a.png", "b.png"]


def test_file_named_like_a_pattern_is_taken_as_it_is(desk: Desk) -> None:
    source = desk.photo("a[1].png")
    assert desk.run("restore", source, "-o", f"{desk.folder}/out/") == 0
    assert [*contents(desk.folder / "out")] == ["a[1].png"]


def test_unwritable_folder_fails_before_the_run(desk: Desk) -> None:
    (desk.folder / "file").write_bytes(b"")
    output = desk.folder / "file" / "b.png"
    assert desk.run("restore", desk.photo("a.png"), "-o", output, "--json") == 1
    assert desk.asked == []
    assert desk.kinds == ["CannotSave"]


def test_format_that_cannot_be_written_becomes_png(desk: Desk) -> None:
    assert desk.run("restore", desk.photo("a.gif"), "-o", f"{desk.folder}/out/") == 0
    assert [*contents(desk.folder / "out")] == ["a.png"]


def test_deep_picture_in_a_format_that_cannot_be_written_becomes_tiff(desk: Desk) -> None:
    source = desk.folder / "a.pgm"
    source.write_bytes(b"P5 4 2 65535\n" + bytes(range(16)))
    assert desk.run("restore", source, "-o", f"{desk.folder}/out/") == 0
    assert [*contents(desk.folder / "out")] == ["a.tif"]


@pytest.mark.parametrize(("name", "becomes"), [("p3", "a.jpg"), ("ten-bits", "a.tif")])
def test_a_telephones_photo_becomes_jpeg_if_nothing_is_lost_by_that(
    desk: Desk, name: str, becomes: str
) -> None:
    source = desk.folder / "a.heic"
    shutil.copy(Path(__file__).parents[1] / "engine" / "heic" / f"{name}.heic", source)
    assert desk.run("restore", source, "-o", f"{desk.folder}/out/") == 0
    assert [*contents(desk.folder / "out")] == [becomes]


def test_file_that_appears_during_the_run_is_kept(desk: Desk) -> None:
    output = desk.folder / "out.png"

    def meddle(name: str, done: float) -> None:
        output.write_bytes(b"mine")

    desk.hook = meddle
    assert desk.run("restore", desk.photo("a.png"), "-o", output) == 1
    assert output.read_bytes() == b"mine"


def test_same_photo_given_twice_is_restored_twice(desk: Desk) -> None:
    photo = desk.photo("a.png")
    assert desk.run("restore", photo, photo, "-o", desk.folder / "out", "--json") == 0
    assert [*contents(desk.folder / "out")] == ["a-2.png", "a.png"]
    assert len(desk.lines) == 2
