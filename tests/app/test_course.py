from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from restorer_app.console import Console
from restorer_app.course import Course
from restorer_app.headers import estimated_megapixels
from restorer_app.interrupts import Interrupts
from restorer_app.pace import Pace, spoken


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_pace_follows_megapixels_not_photos() -> None:
    pace = Pace(waiting=40)
    assert pace.left_of_run(10, 0.0, 0.0) is None
    pace.finished(10, 20)
    assert pace.left_of_photo(10, 0.0, 0.0) == pytest.approx(20)
    assert pace.left_of_run(10, 0.0, 0.0) == pytest.approx(60)
    assert pace.left_of_run(10, 0.5, 20.0) == pytest.approx(25 * 40 / 15)
    pace.dropped(25)
    assert pace.left_of_run(0, 0.0, 0.0) == pytest.approx(10)


def test_first_photo_tells_its_own_pace() -> None:
    pace = Pace(waiting=10)
    assert pace.left_of_photo(10, 0.01, 5.0) is None
    assert pace.left_of_photo(10, 0.25, 5.0) == pytest.approx(15)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.1, "1 s"), (59.4, "59 s"), (90, "2 min"), (4800, "1 h 20 min")]
)
def test_durations_are_spoken(seconds: float, text: str) -> None:
    assert spoken(seconds) == text


def course(console: Console, clock: Clock) -> Course:
    return Course([10.0, 30.0], console, Interrupts(), clock)


def test_terminal_shows_photo_and_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    err, clock = Terminal(), Clock()
    console = Console(io.StringIO(), err)
    run = course(console, clock)
    leg = run.begin(Path("a.png"))
    clock.now += 10
    leg.report(0.5, "predicting")
    shown = err.getvalue().split("\r")[-1]
    assert shown == "1 of 2: a.png 50 % · 10 s left · all: 1 min left · predicting"
    clock.now += 10
    assert leg.end(counts=True) == "1 of 2: a.png: done in 20 s, 1 min left"
    assert run.begin(Path("b.png")).end(counts=False) == "2 of 2: b.png: failed"


def test_several_at_once_share_the_line_and_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    err, clock = Terminal(), Clock()
    run = Course([10.0] * 5, Console(io.StringIO(), err), Interrupts(), clock)
    first, second = run.begin(Path("a.png")), run.begin(Path("b.png"))
    clock.now += 60  # while the engines are loaded
    first.restart()
    second.restart()
    clock.now += 20
    first.report(0.25)
    second.report(0.5)
    clock.now += 1
    second.report(0.5)
    # Of 50 megapixels 7.5 are done, in 42 seconds, and two go on at once.
    shown = err.getvalue().split("\r")[-1]
    assert shown == "0 of 5 done · 2 min left · a.png 25 %, b.png 50 %"
    clock.now += 19
    assert second.end(counts=True) == "1 of 5: b.png: done in 40 s, 2 min left"
    third = run.begin(Path("c.png"))
    clock.now += 20
    assert first.end(counts=True) == "2 of 5: a.png: done in 1 min, 1 min left"
    assert third.end(counts=False) == "3 of 5: c.png: failed"
    fourth, fifth = run.begin(Path("d.png")), run.begin(Path("e.png"))
    clock.now += 50
    assert fourth.end(counts=True) == "4 of 5: d.png: done in 50 s, 50 s left"
    assert fifth.end(counts=True) == "5 of 5: e.png: done in 50 s"


def test_status_line_fits_the_terminal_and_is_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "10")
    err = Terminal()
    console = Console(io.StringIO(), err)
    console.status("0123456789abcdef")
    assert err.getvalue().split("\r")[-1] == "012345678"
    console.status("ab")
    assert err.getvalue().split("\r")[-2:] == ["ab       ", "ab"]
    console.error("wrong")
    assert err.getvalue().split("\r")[-2:] == ["  ", "wrong\n"]


def test_wide_letters_take_two_columns_and_marks_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "10")
    err = Terminal()
    console = Console(io.StringIO(), err)
    console.status("写真一二三四五六")
    assert err.getvalue().split("\r")[-1] == "写真一二"
    console.status("e\u0301" * 12)
    assert err.getvalue().split("\r")[-1] == "e\u0301" * 9
    console.status("")
    assert err.getvalue().split("\r")[-2:] == [" " * 9, ""]


def test_names_give_no_orders_to_the_terminal() -> None:
    err = Terminal()
    console = Console(io.StringIO(), err)
    console.status("a\x1b[2J\nb.png")
    console.error("a\x1b[2J.png: is damaged")
    assert "\x1b" not in err.getvalue()
    assert err.getvalue().count("\n") == 1


def test_status_is_redrawn_a_few_times_a_second() -> None:
    err, clock = Terminal(), Clock()
    run = course(Console(io.StringIO(), err), clock)
    leg = run.begin(Path("a.png"))
    before = err.getvalue()
    leg.report(0.1)
    assert err.getvalue() == before
    clock.now += 1
    leg.report(0.2)
    assert err.getvalue() != before


@pytest.mark.parametrize("quiet", [False, True])
def test_no_status_where_it_cannot_be_redrawn_or_is_unwanted(quiet: bool) -> None:
    err = Terminal() if quiet else io.StringIO()
    Console(io.StringIO(), err, quiet=quiet).status("half")
    assert err.getvalue() == ""


def test_sizes_come_from_headers(tmp_path: Path) -> None:
    Image.new("RGB", (2000, 1000)).save(tmp_path / "a.png")
    Image.new("RGB", (2000, 2000)).save(tmp_path / "b.jpg")
    (tmp_path / "c.png").write_bytes(b"damaged")
    sizes = estimated_megapixels([tmp_path / name for name in ("a.png", "b.jpg", "c.png")])
    assert sizes == [2.0, 4.0, 3.0]
