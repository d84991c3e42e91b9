"""Paths that the system refuses to look at: each fails alone."""

from __future__ import annotations

import errno
import os
import threading
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from restorer_app.errands import plan_folder
from restorer_app.export import ExportSettings
from restorer_app.export_plan import ExportWish, plan_exports
from restorer_app.headers import megapixels
from restorer_app.job_queue import JobQueue
from restorer_app.job_store import JobStore
from restorer_app.jobs import JobState
from restorer_app.photo_search import found_photos
from restorer_app.presence import is_folder, is_missing, is_present, is_taken, obstacle, real
from restorer_app.watch import WatchFolder
from tests.app.conftest import contents, write_photo
from tests.app.engine_doubles import HandEngine, destination, request_for

if TYPE_CHECKING:
    from tests.app.conftest import Desk

TOO_LONG = "x" * 300
NO_LINKS = pytest.mark.skipif(os.name == "nt", reason="links need a right there")


@pytest.fixture
def shut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A photo in a folder that may not be entered, whoever runs the tests."""
    path = write_photo(tmp_path / "shut" / "a.png")
    look = os.stat

    def refuse(place: object, **more: object) -> os.stat_result:
        if isinstance(place, str | Path) and Path(place).parent == path.parent:
            raise PermissionError(errno.EACCES, "Permission denied", str(place))
        return look(place, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "stat", refuse)
    monkeypatch.setattr(
        os, "lstat", lambda place, **more: refuse(place, follow_symlinks=False, **more)
    )
    return path


@pytest.fixture
def lax(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of photos with a folder `out` inside, on a disk to which capitals are nothing."""
    look = os.stat

    def see(place: object, **more: object) -> os.stat_result:
        named = isinstance(place, str | Path) and Path(place).name == "OUT"
        return look(Path(place).with_name("out") if named else place, **more)  # type: ignore[arg-type]

    write_photo(tmp_path / "photos" / "a.png")
    write_photo(tmp_path / "photos" / "out" / "a.png")
    monkeypatch.setattr(os, "stat", see)
    return tmp_path / "photos"


def test_a_batch_does_not_restore_its_own_output_under_another_spelling(lax: Path) -> None:
    plan = plan_folder(lax, lax / "OUT", recursive=True)
    assert [errand.source for errand in plan.errands] == [lax / "a.png"]


def test_a_watch_passes_over_its_own_output_under_another_spelling(lax: Path) -> None:
    watch = WatchFolder(lax, output=lax / "OUT")
    new = [write_photo(lax / "b.png"), write_photo(lax / "out" / "b.png")]
    assert watch.poll() == []
    assert watch.poll() == new[:1]


def test_what_may_not_be_looked_at_is_neither_there_nor_missing(shut: Path) -> None:
    assert not is_present(shut)
    assert not is_folder(shut)
    assert not is_taken(shut)
    assert not is_missing(shut)
    assert isinstance(obstacle(shut), PermissionError)


def test_what_is_there_and_what_is_not_is_told_apart(tmp_path: Path) -> None:
    path, gone = write_photo(tmp_path / "a.png"), tmp_path / "gone.png"
    assert (is_present(path), is_missing(path), is_taken(path)) == (True, False, True)
    assert (is_present(gone), is_missing(gone), is_taken(gone)) == (False, True, False)
    assert (is_folder(tmp_path), is_folder(path)) == (True, False)
    assert (obstacle(path), obstacle(gone), obstacle(path / "inside")) == (None, None, None)


@NO_LINKS
def test_a_link_in_a_circle_is_a_taken_name_and_its_own_place(tmp_path: Path) -> None:
    circle = tmp_path / "circle.png"
    circle.symlink_to(circle)
    assert (is_present(circle), is_missing(circle), is_taken(circle)) == (False, True, True)
    assert real(circle) == circle


@NO_LINKS
def test_a_link_in_a_circle_costs_no_other_photo_of_its_folder(tmp_path: Path) -> None:
    write_photo(tmp_path / "a.png")
    (tmp_path / "b.png").symlink_to(tmp_path / "b.png")
    found = list(found_photos([tmp_path]))
    assert [(each.path.name, bool(each.error)) for each in found] == [
        ("a.png", False),
        ("b.png", True),
    ]


@pytest.mark.parametrize("name", [TOO_LONG, f"{TOO_LONG}/a"])
def test_a_place_that_no_system_takes_is_an_unreadable_photo(tmp_path: Path, name: str) -> None:
    (found,) = found_photos([tmp_path / f"{name}.png"])
    assert "cannot be read" in found.error


def test_a_source_that_may_not_be_looked_at_fails_alone(desk: Desk, shut: Path) -> None:
    good, out = desk.photo("b.png"), desk.folder / "out"
    assert desk.run("restore", shut, good, "-o", f"{out}/", "--json") == 1
    assert desk.kinds == ["BadPhoto", None] or desk.kinds == [None, "BadPhoto"]
    assert [*contents(out)] == ["b.png"]


def test_an_output_that_cannot_be_is_refused_before_the_work(desk: Desk) -> None:
    output = desk.folder / f"{TOO_LONG}.png"
    assert desk.run("restore", desk.photo("a.png"), "-o", output) == 1
    assert "cannot be written" in desk.err
    assert desk.engines == []


@pytest.mark.parametrize(
    "argv",
    [
        ["restore", "a.png", "-o", "b.png", "--recipe", f"{TOO_LONG}.json"],
        ["restore", "a.png", "-o", "b.png", "--mask", f"{TOO_LONG}.png"],
        ["batch", TOO_LONG, "-o", "out"],
        [f"{TOO_LONG}.png"],
    ],
)
def test_an_impossible_path_is_misuse_and_no_fault(desk: Desk, argv: list[str]) -> None:
    assert desk.run(*argv) == 2


def test_the_queue_goes_on_behind_a_photo_that_may_not_be_looked_at(
    tmp_path: Path, shut: Path
) -> None:
    engines: list[HandEngine] = []

    def opened(cache: Path, listen: object) -> HandEngine:
        engines.append(HandEngine(cache, listen))  # type: ignore[arg-type]
        return engines[-1]

    queue = JobQueue(tmp_path / "cache", lambda call: call(), open_engine=opened)
    good = write_photo(tmp_path / "b.png")
    places = [shut.parent / "out.png", tmp_path / "out" / "b.png"]
    jobs = [queue.add(request_for(good), destination(place)) for place in places]
    assert [job.state for job in jobs] == [JobState.FAILED, JobState.RUNNING]
    assert "Nothing can be written" in str(jobs[0].error)
    jobs.append(queue.add(request_for(shut), destination(tmp_path / "out" / "a.png")))
    engines[-1].fail()
    assert jobs[2].state is JobState.RUNNING  # what is wrong with it, the engine says


def test_a_queue_is_taken_up_though_a_place_of_it_cannot_be_looked_at(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    def opened() -> JobQueue:
        return JobQueue(
            tmp_path / "cache",
            lambda call: call(),
            store=JobStore(tmp_path / "queue.jsonl"),
            open_engine=HandEngine,
        )

    first = opened()
    photo = write_photo(tmp_path / "b.png")
    (tmp_path / "shut").mkdir()
    first.add(request_for(photo), destination(tmp_path / "shut" / "out.png"))
    engine = first._engine
    assert isinstance(engine, HandEngine)
    engine.finish()  # it is being saved now
    request.getfixturevalue("shut")
    second = opened()
    second.pause()
    assert [job.source for job in second.restore()] == [photo]


def test_an_export_is_planned_though_its_folder_may_not_be_looked_into(shut: Path) -> None:
    wish = ExportWish(source=shut.parent.parent / "b.png", root=shut.parent.parent, preset="auto")
    settings = ExportSettings(folder=shut.parent)
    (planned,) = plan_exports([wish], settings, day=date(2026, 1, 1))
    assert planned.output is not None
    assert planned.output.path == shut.parent / "b-auto.png"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files there")
def test_nobody_waits_for_a_pipe_that_is_called_like_a_photo(tmp_path: Path) -> None:
    pipe = tmp_path / "a.jpg"
    os.mkfifo(pipe)
    found: list[float | None] = []
    looking = threading.Thread(target=lambda: found.append(megapixels(pipe)), daemon=True)
    looking.start()
    looking.join(10)
    assert found == [None]
