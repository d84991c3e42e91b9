from collections.abc import Iterator
from dataclasses import replace
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from PIL import Image

from engine import network_watch
from engine.errors import BadPhoto
from engine.files import load
from engine.fitting import SaveOptions
from engine.messages import (
    Cancel,
    Connected,
    Drafted,
    Failed,
    Finished,
    Painted,
    Progressed,
    Quit,
    Run,
    Save,
    Saved,
    Stopped,
)
from engine.photo import Photo
from engine.preset import Preset
from engine.progress import Progress
from engine.request import Onlooker, RestoreRequest, RestoreResult
from engine.worker import Worker

PRESET = Preset(id="p", title="P", summary="s", task="")


def write_picture(path: Path) -> Path:
    Image.new("RGB", (6, 4), (10, 200, 30)).save(path)
    return path


def _request(name: str = "a.jpg") -> RestoreRequest:
    return RestoreRequest(source=Path(name), preset=PRESET)


def _result(request: RestoreRequest) -> RestoreResult:
    return RestoreResult(
        request=request,
        preset=request.preset,
        restored=Path("out.npy"),
        seconds=1.0,
        megapixels=1.0,
        device="cpu",
    )


class _Engine:
    """Reports in quarters; fails for pictures whose name says so."""

    def run(self, request: RestoreRequest, progress: Progress) -> RestoreResult:
        for quarter in range(5):
            progress.report(quarter / 4, "restoring")
        if request.source.name == "bad.jpg":
            raise BadPhoto("bad.jpg is not a picture.")
        if request.source.name == "bug.jpg":
            raise ZeroDivisionError("a bug")
        if request.source.name == "huge.jpg":
            raise MemoryError
        return _result(request)

    def compose(self, result: RestoreResult) -> Photo:
        photo = load(result.request.source)
        return replace(photo, warnings=("Something was assumed.",))


@pytest.fixture
def pipes() -> Iterator[tuple[Connection, Connection]]:
    ours, theirs = Pipe()
    yield ours, theirs
    ours.close()
    theirs.close()


def _said(ours: Connection) -> list[object]:
    events = []
    while ours.poll():
        events.append(ours.recv())
    return events


def _worked(pipes: tuple[Connection, Connection], *commands: object) -> list[object]:
    ours, theirs = pipes
    for command in (*commands, Quit()):
        ours.send(command)
    clock = iter(range(10**6))
    Worker(theirs, _Engine(), lambda: float(next(clock))).work()
    return _said(ours)


def test_a_job_tells_where_it_is_and_how_it_ended(pipes: tuple[Connection, Connection]) -> None:
    events = _worked(pipes, Run("1", _request()))
    assert events[-1] == Finished("1", _result(_request()))
    shares = [event.done for event in events if isinstance(event, Progressed)]
    assert shares == [0, 0.25, 0.5, 0.75, 1]


def test_a_draft_is_told_of_while_its_job_runs(pipes: tuple[Connection, Connection]) -> None:
    class Painter(_Engine):
        def run(self, request: RestoreRequest, progress: Progress) -> RestoreResult:
            progress.report(0.2, "restoring")
            assert isinstance(progress, Onlooker)
            progress.drafted(_result(request))
            progress.painted(7)
            return _result(request)

    ours, theirs = pipes
    ours.send(Run("1", _request()))
    ours.send(Quit())
    Worker(theirs, Painter()).work()
    result = _result(_request())
    assert _said(ours)[-3:] == [Drafted("1", result), Painted("1", 7), Finished("1", result)]


def test_a_bad_photo_fails_alone(pipes: tuple[Connection, Connection]) -> None:
    events = _worked(pipes, Run("1", _request("bad.jpg")), Run("2", _request()))
    failed = next(event for event in events if isinstance(event, Failed))
    assert (failed.job, failed.kind, failed.trace) == ("1", "BadPhoto", "")
    assert isinstance(events[-1], Finished)


def test_a_bug_is_told_with_its_trace(
    pipes: tuple[Connection, Connection], caplog: pytest.LogCaptureFixture
) -> None:
    failed = _worked(pipes, Run("1", _request("bug.jpg")))[-1]
    assert isinstance(failed, Failed)
    assert failed.kind == "ZeroDivisionError"
    assert "a bug" in failed.trace
    assert "job 1 failed" in caplog.text


def test_too_little_memory_is_no_bug(pipes: tuple[Connection, Connection]) -> None:
    failed = _worked(pipes, Run("1", _request("huge.jpg")))[-1]
    assert isinstance(failed, Failed)
    assert (failed.kind, failed.trace) == ("OutOfMemory", "")
    assert "does not fit" in failed.message
    assert "smaller picture" in failed.remedy


def test_a_cancelled_job_stops_and_the_next_one_runs(
    pipes: tuple[Connection, Connection],
) -> None:
    events = _worked(pipes, Run("1", _request()), Cancel("1"), Run("2", _request()))
    assert Stopped("1") in events
    assert isinstance(events[-1], Finished)
    assert events[-1].job == "2"


def test_a_waiting_job_can_be_cancelled(pipes: tuple[Connection, Connection]) -> None:
    events = _worked(pipes, Run("1", _request()), Run("2", _request()), Cancel("2"))
    assert Stopped("2") in events
    assert [e.job for e in events if isinstance(e, Finished)] == ["1"]


def test_a_late_cancel_leaves_the_next_job_alone(pipes: tuple[Connection, Connection]) -> None:
    ours, theirs = pipes
    ours.send(Run("1", _request()))
    ours.send(Quit())
    worker = Worker(theirs, _Engine())
    worker.work()
    for command in (Cancel("1"), Run("2", _request()), Quit()):
        ours.send(command)
    again = Worker(theirs, _Engine())
    again.work()
    assert [e.job for e in _said(ours) if isinstance(e, Finished)] == ["1", "2"]


def test_the_worker_ends_when_the_program_is_gone() -> None:
    ours, theirs = Pipe()
    ours.close()
    Worker(theirs, _Engine()).work()
    theirs.close()


def test_requests_compare_by_value() -> None:
    assert replace(_request(), seed=1) != _request()


def test_a_result_is_composed_and_saved_where_no_folder_was(
    pipes: tuple[Connection, Connection], tmp_path: Path
) -> None:
    source, output = write_picture(tmp_path / "a.png"), tmp_path / "new" / "b.png"
    result = _result(_request(str(source)))
    events = _worked(pipes, Save("1", result, output, SaveOptions()))
    assert events[-1] == Saved("1", output, ("Something was assumed.",))
    assert (load(output).pixels == load(source).pixels).all()


def test_a_place_that_cannot_be_written_fails_alone(
    pipes: tuple[Connection, Connection], tmp_path: Path
) -> None:
    source = write_picture(tmp_path / "a.png")
    result = _result(_request(str(source)))
    inside_a_file = Save("1", result, source / "b.png", SaveOptions())
    over_the_source = Save("2", result, source, SaveOptions(overwrite=True))
    events = _worked(pipes, inside_a_file, over_the_source, Run("3", _request()))
    failed = {e.job: e.kind for e in events if isinstance(e, Failed)}
    assert failed == {"1": "CannotSave", "2": "CannotSave"}
    assert isinstance(events[-1], Finished)


def test_a_cancelled_save_leaves_no_file(
    pipes: tuple[Connection, Connection], tmp_path: Path
) -> None:
    source, output = write_picture(tmp_path / "a.png"), tmp_path / "b.png"
    save = Save("1", _result(_request(str(source))), output, SaveOptions())
    assert Stopped("1") in _worked(pipes, save, Cancel("1"))
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_connections_are_told_of_once_each_after_the_job_that_made_them(
    pipes: tuple[Connection, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = pipes
    monkeypatch.setattr(network_watch, "_count", 1)  # one while the engine was loaded

    class Talkative(_Engine):
        def run(self, request: RestoreRequest, progress: Progress) -> RestoreResult:
            if request.source.name == "talk.jpg":
                network_watch.count_more(2)
            return _result(request)

    for name in ("quiet.jpg", "talk.jpg", "last.jpg"):
        ours.send(Run(name, _request(name)))
    ours.send(Quit())
    Worker(theirs, Talkative()).work()
    kinds = [
        e.more if isinstance(e, Connected) else e.job
        for e in _said(ours)
        if hasattr(e, "job") or isinstance(e, Connected)
    ]
    assert kinds == [1, "quiet.jpg", "talk.jpg", 2, "last.jpg"]
