from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.errors import BadRecipe, CannotSave, NoPlace
from engine.photo import FloatArray
from engine.progress import Cancelled, Silent
from tests.trainer.scenes import (
    compressed,
    grainy,
    in_squares,
    out_of_focus,
    posterised,
    scene,
)
from trainer.fluxgen import selection as module
from trainer.fluxgen.likeness import Look
from trainer.fluxgen.picture_lines import MANIFEST
from trainer.fluxgen.picture_scores import MEASURES
from trainer.fluxgen.score_files import read_scores
from trainer.fluxgen.selection import (
    KEPT,
    TABLE,
    Candidate,
    Selection,
    bound_of,
    chosen_among,
    select_pictures,
)


def write(path: Path, picture: FloatArray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.rint(picture[..., ::-1] * 255).astype(np.uint8))


def candidates(*scores: tuple[float, ...]) -> list[Candidate]:
    """Pictures that do not look alike, with scores in measures called a, b, ..."""
    rng = np.random.default_rng(0)
    return [
        Candidate(
            file=f"{number:02}.png",
            scores=dict(zip("abcdef", row, strict=False)),
            look=Look(int(rng.integers(0, 2**63)), rng.bytes(192)),
        )
        for number, row in enumerate(scores)
    ]


def left_out(selection: Selection) -> dict[str, str]:
    return {one.file: one.left_out for one in selection.candidates if one.left_out}


def rows(out: Path) -> list[dict[str, str]]:
    with (out / TABLE).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("count", "keep", "fewest"),
    [
        (1, 0.95, 1),
        (2, 0.95, 2),
        (19, 0.95, 19),
        (20, 0.95, 19),
        (39, 0.95, 38),
        (40, 0.95, 38),
        (100, 0.95, 95),
        (10, 0.9, 9),
        (10, 1.0, 10),
        (3, 0.1, 1),
        (1000, 0.29, 290),
    ],
)
def test_a_measure_keeps_its_share_and_never_less(count: int, keep: float, fewest: int) -> None:
    values = np.random.default_rng(0).permutation(count).astype(np.float64)
    assert int((values >= bound_of(values, keep)).sum()) == fewest


def test_pictures_at_the_bound_stay() -> None:
    assert bound_of(np.zeros(40), 0.5) == 0
    selection = chosen_among(candidates(*[(1.0,)] * 30), 0.95)
    assert len(selection.chosen) == 30


def test_every_measure_has_to_agree() -> None:
    scores = [(float(number), float(-number)) for number in range(20)]
    selection = chosen_among(candidates(*scores), 0.95)
    assert left_out(selection) == {
        "00.png": "below the bound: a",
        "19.png": "below the bound: b",
    }
    assert selection.bounds == {"a": 1.0, "b": -18.0}
    both = chosen_among(candidates((0.0, 0.0), *[(1.0, 1.0)] * 19), 0.95)
    assert left_out(both) == {"00.png": "below the bound: a, b"}


def test_of_pictures_that_look_alike_the_one_that_is_last_in_nothing_stays() -> None:
    found = candidates((5.0, 9.0), (1.0, 1.0), (9.0, 0.0), (2.0, 2.0))
    twin = Candidate(file=found[2].file, scores=found[2].scores, look=found[0].look)
    selection = chosen_among([*found[:2], twin, found[3]], 1.0)
    assert left_out(selection) == {"02.png": "looks like 00.png"}


def test_bounds_are_those_of_pictures_that_are_there_once() -> None:
    found = candidates(*[(float(number),) for number in range(20)])
    copies = [
        Candidate(file=f"copy{number}.png", scores={"a": 0.5}, look=found[19].look)
        for number in range(9)
    ]
    selection = chosen_among([*found, *copies], 0.95)
    assert selection.bounds == {"a": 1.0}
    assert len(selection.chosen) == 19


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty-four pictures, of which six are not as the others."""
    folder = tmp_path_factory.mktemp("pictures")
    pictures = {number: scene(number) for number in range(24)}
    pictures[3] = out_of_focus(pictures[3], 3)
    pictures[7] = grainy(pictures[7], 12)
    pictures[11] = posterised(pictures[11], 12)
    pictures[13] = np.full((192, 256, 3), 0.3, np.float32)
    pictures[17] = compressed(pictures[16], 85)
    pictures[20] = in_squares(pictures[20], 16, 10)
    for number, picture in pictures.items():
        write(folder / f"{number:02}.png", picture)
    return folder


def test_what_goes_wrong_in_painted_pictures_is_left_out(spoilt: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in spoilt.iterdir()}
    out = tmp_path / "out"
    selection = select_pictures(spoilt, out, KEPT, (), Silent())
    why = left_out(selection)
    assert "sharp" in why["03.png"]
    assert "clean" in why["07.png"]
    assert "tones" in why["11.png"]
    assert why["13.png"] == "of one colour"
    assert why["17.png"] == "looks like 16.png"
    assert "gridless" in why["20.png"]
    assert len(why) <= 2 + len(MEASURES)  # each measure leaves out one
    chosen = {path.name for path in out.iterdir()} - {TABLE}
    assert chosen == {f"{number:02}.png" for number in range(24)} - set(why)
    assert all((out / name).read_bytes() == before[name] for name in chosen)
    assert {path.name: path.read_bytes() for path in spoilt.iterdir()} == before
    again = tmp_path / "again"
    assert select_pictures(spoilt, again, KEPT, (), Silent()) == selection
    assert (again / TABLE).read_bytes() == (out / TABLE).read_bytes()


def test_the_table_tells_scores_bounds_and_reasons(spoilt: Path, tmp_path: Path) -> None:
    selection = select_pictures(spoilt, tmp_path / "out", KEPT, (), Silent())
    table = {row["file"]: row for row in rows(tmp_path / "out")}
    assert list(table) == [f"{number:02}.png" for number in range(24)]
    assert table["03.png"]["chosen"] == "no"
    assert float(table["03.png"]["sharp"]) < float(table["03.png"]["sharp bound"])
    assert table["13.png"]["sharp"] == ""  # nothing to measure
    assert {row["chosen"] for row in table.values()} == {"yes", "no"}
    for one in selection.chosen:
        assert table[one.file]["left out"] == ""
        for name in MEASURES:
            assert float(table[one.file][name]) == pytest.approx(one.scores[name], rel=1e-4)
            assert one.scores[name] >= selection.bounds[name]


@pytest.mark.parametrize("count", [1, 2, 19])
def test_of_few_pictures_none_is_lost(tmp_path: Path, count: int) -> None:
    for number in range(count):
        write(tmp_path / "in" / f"{number}.png", scene(number, 64, 48))
    selection = select_pictures(tmp_path / "in", tmp_path / "out", KEPT, (), Silent())
    assert len(selection.chosen) == count
    assert len(list((tmp_path / "out").glob("*.png"))) == count


def test_photos_of_any_kind_in_any_folder(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write(folder / "a.jpg", scene(0))
    write(folder / "b" / "a.tif", scene(1))
    write(folder / "b" / "c.webp", scene(2))
    (folder / "b" / "notes.txt").write_text("nothing", encoding="utf-8")
    (folder / "bad.png").write_bytes(b"no picture")
    selection = select_pictures(folder, tmp_path / "deep" / "out", KEPT, (), Silent())
    assert [one.file for one in selection.chosen] == ["a.jpg", "b/a.tif", "b/c.webp"]
    assert (tmp_path / "deep" / "out" / "b" / "a.tif").is_file()
    (bad,) = (one for one in selection.candidates if one.unread)
    assert bad.file == "bad.png"
    assert bad.left_out.startswith("cannot be read: ")


def test_lines_of_the_manifest_go_along_with_the_chosen(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for number in range(3):
        write(folder / f"{number}.png", scene(number))
    write(folder / "9.png", np.zeros((32, 32, 3), np.float32))
    lines = [f'{{"file": "{number}.png", "model": "m"}}\n' for number in (0, 9, 2)]
    (folder / MANIFEST).write_text("".join(lines), encoding="utf-8")
    select_pictures(folder, tmp_path / "out", KEPT, (), Silent())
    assert (tmp_path / "out" / MANIFEST).read_text("utf-8") == lines[0] + lines[2]
    (folder / MANIFEST).write_text('{"model": "m"}\n', encoding="utf-8")
    with pytest.raises(BadRecipe, match="names no file"):
        select_pictures(folder, tmp_path / "other", KEPT, (), Silent())


def test_files_are_copied_where_they_cannot_be_linked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "in" / "0.png", scene(0))
    select_pictures(tmp_path / "in", tmp_path / "linked", KEPT, (), Silent())
    assert (tmp_path / "linked" / "0.png").samefile(tmp_path / "in" / "0.png")

    def refused(self: Path, target: Path) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(Path, "hardlink_to", refused)
    select_pictures(tmp_path / "in", tmp_path / "copied", KEPT, (), Silent())
    copy = tmp_path / "copied" / "0.png"
    assert not copy.samefile(tmp_path / "in" / "0.png")
    assert copy.read_bytes() == (tmp_path / "in" / "0.png").read_bytes()


def test_a_folder_that_will_not_do_is_refused(tmp_path: Path) -> None:
    folder, empty = tmp_path / "in", tmp_path / "empty"
    write(folder / "0.png", scene(0))
    empty.mkdir()
    with pytest.raises(NoPlace, match="lies in the folder"):
        select_pictures(folder, folder / "out", KEPT, (), Silent())
    with pytest.raises(NoPlace, match="not empty"):
        select_pictures(folder, _with_a_file(tmp_path / "full"), KEPT, (), Silent())
    with pytest.raises(BadRecipe, match="no pictures in"):
        select_pictures(empty, tmp_path / "out", KEPT, (), Silent())
    with pytest.raises(BadRecipe, match="is no folder"):
        select_pictures(tmp_path / "none", tmp_path / "out", KEPT, (), Silent())
    select_pictures(folder, empty, KEPT, (), Silent())  # an empty one is as good as a new one
    assert (empty / "0.png").is_file()


def _with_a_file(folder: Path) -> Path:
    folder.mkdir()
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    return folder


def test_nothing_is_left_of_a_selection_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "in" / "0.png", scene(0))

    class Stops:
        def report(self, done: float, stage: str = "") -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        select_pictures(tmp_path / "in", tmp_path / "out", KEPT, (), Stops())

    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "_put", full)
    with pytest.raises(CannotSave, match="No space left"):
        select_pictures(tmp_path / "in", tmp_path / "out", KEPT, (), Silent())
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


@pytest.fixture
def scored(tmp_path: Path) -> Path:
    for name in ("0.png", "1.png", "b/2.png"):
        write(tmp_path / "in" / name, scene(len(name) + int(name[-5]), 64, 48))
    return tmp_path / "in"


def score_file(tmp_path: Path, text: str, name: str = "scores.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_scores_of_other_programs_have_to_agree_too(scored: Path, tmp_path: Path) -> None:
    full = (scored / "1.png").resolve()
    first = score_file(tmp_path, f"\ufefffile, musiq ,maniqa\n0.png,70,0.5\n{full},60,0.6\n\n"
                       "b\\2.png,80,.7\nother.png,1,1\n")  # fmt: skip
    second = score_file(tmp_path, "name,clipiqa\n0.png,1e-1\n1.png,0.9\n2.png,0.8\n", "more.csv")
    out = tmp_path / "out"
    selection = select_pictures(scored, out, 0.67, (first, second), Silent())
    assert list(selection.bounds) == [*MEASURES, "musiq", "maniqa", "clipiqa"]
    table = {row["file"]: row for row in rows(out)}
    assert [table[name]["musiq"] for name in ("0.png", "1.png", "b/2.png")] == ["70", "60", "80"]
    low = select_pictures(scored, tmp_path / "low", 0.6, (second,), Silent())
    assert low.bounds["clipiqa"] == 0.8
    assert "clipiqa" in left_out(low)["0.png"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no scores"),
        ("file,a\n", "holds no scores"),
        ("file\n0.png\n", "line 1: each column"),
        ("file,a,\n0.png,1,2\n", "line 1: each column"),
        ("0.png,1\n1.png,2\n", "line 1: there are scores"),
        ("file,a\n0.png,x\n", "line 2: “x” is no number"),
        ("file,a\n0.png,nan\n", "line 2: “nan” is no number"),
        ("file,a\n0.png,\n", "line 2: “” is no number"),
        ("file,a\n0.png,1,2\n", "line 2: 2 scores, not 1"),
        ("file,a\n0.png,1\n\n0.png,2\n", "line 4: 0.png has scores already"),
        ("file,a\n0.png,1\n", "has no scores for 1.png and 1 more"),
        ("file,a\n0.png,1\n1.png,1\n", "has no scores for b/2.png"),
        ("file,sharp\n0.png,1\n1.png,1\n2.png,1\n", "two measures called “sharp”"),
        ("file,a,a\n0.png,1,1\n1.png,1,1\n2.png,1,1\n", "two measures called “a”"),
    ],
)
def test_a_file_of_scores_that_does_not_fit_is_named(
    scored: Path, tmp_path: Path, text: str, said: str
) -> None:
    path = score_file(tmp_path, text)
    with pytest.raises(BadRecipe, match=said):
        select_pictures(scored, tmp_path / "out", KEPT, (path,), Silent())
    assert not (tmp_path / "out").exists()


def test_a_name_that_two_pictures_have_is_no_answer(scored: Path, tmp_path: Path) -> None:
    write(scored / "b" / "0.png", scene(7, 64, 48))
    path = score_file(tmp_path, "file,a\n0.png,1\n1.png,1\n2.png,1\n")
    with pytest.raises(BadRecipe, match=r"no scores for b/0\.png"):
        select_pictures(scored, tmp_path / "out", KEPT, (path,), Silent())


def test_a_file_of_scores_that_is_none_is_named(scored: Path, tmp_path: Path) -> None:
    with pytest.raises(BadRecipe, match=r"none\.csv cannot be read"):
        read_scores(tmp_path / "none.csv", scored)
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00\xd8")
    with pytest.raises(BadRecipe, match=r"bytes\.csv cannot be read"):
        read_scores(tmp_path / "bytes.csv", scored)
