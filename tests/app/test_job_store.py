"""A queue that outlives its program."""

from __future__ import annotations

import errno
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engine.files import load
from engine.photo import Box
from restorer_app.job_queue import JobQueue
from restorer_app.job_store import JobStore
from restorer_app.jobs import JobState
from tests.app.conftest import write_photo
from tests.app.engine_doubles import HandEngine, destination, request_for

ROOT = Path(__file__).resolve().parents[2]


class Program:
    """One life of the program over the same folder."""

    def __init__(self, folder: Path, state: Path | None = None) -> None:
        self.folder = folder
        self.engines: list[HandEngine] = []
        self.queue = JobQueue(
            folder / "cache",
            lambda call: call(),
            store=JobStore((state or folder) / "queue.jsonl"),
            open_engine=self._open,
        )

    def _open(self, cache: Path, listen: object) -> HandEngine:
        self.engines.append(HandEngine(cache, listen))  # type: ignore[arg-type]
        return self.engines[-1]

    @property
    def engine(self) -> HandEngine:
        return self.engines[-1]

    def add(self, *names: str) -> None:
        photos = [write_photo(self.folder / name) for name in names]
        self.queue.add_many(
            (request_for(photo), destination(self.folder / "out" / photo.name)) for photo in photos
        )


def listed(program: Program) -> dict[str, str]:
    return {job.source.name: str(job.state) for job in program.queue.jobs}


def test_what_had_not_ended_goes_on_and_what_had_is_not_done_again(tmp_path: Path) -> None:
    first = Program(tmp_path)
    first.add("a.png", "b.png", "c.png", "d.png")
    first.engine.finish()
    first.engine.saved()
    first.engine.fail()
    second = Program(tmp_path)
    waiting = second.queue.restore()
    assert [job.source.name for job in waiting] == ["c.png", "d.png"]
    assert second.engine.asked == ["c.png"]
    assert listed(second) == {
        "a.png": "done", "b.png": "failed", "c.png": "running", "d.png": "waiting"
    }  # fmt: skip
    assert str(second.queue.jobs[1].error) == "It is damaged. Look at it."


def test_a_picture_that_was_complete_when_the_program_died_counts_as_done(tmp_path: Path) -> None:
    first = Program(tmp_path)
    first.add("a.png", "b.png")
    first.engine.finish()
    write_photo(tmp_path / "out" / "a.png")
    second = Program(tmp_path)
    second.queue.restore()
    assert listed(second) == {"a.png": "done", "b.png": "running"}


def test_the_half_file_of_a_killed_run_goes_and_those_of_others_stay(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    others = out / ".00000000000000ff.part"
    others.touch()
    first = Program(tmp_path)
    first.add("a.png")
    first.engine.finish()
    (out / ".0123456789abcdef.part").touch()
    second = Program(tmp_path)
    assert len(second.queue.restore()) == 1
    assert list(out.iterdir()) == [others]


def test_order_and_removals_outlive_the_program(tmp_path: Path) -> None:
    first = Program(tmp_path)
    first.queue.pause()
    first.add("a.png", "b.png", "c.png")
    a, b, c = first.queue.jobs
    first.queue.move([c.id], 0)
    first.queue.remove([b.id])
    second = Program(tmp_path)
    second.queue.pause()
    assert [job.id for job in second.queue.restore()] == [c.id, a.id]
    assert second.engine.asked == []


def test_a_finished_queue_is_forgotten(tmp_path: Path) -> None:
    first = Program(tmp_path)
    first.add("a.png")
    first.engine.finish()
    first.engine.saved()
    first.queue.close()
    second = Program(tmp_path)
    assert second.queue.restore() == []
    assert second.queue.jobs == ()


def test_previews_die_with_the_program(tmp_path: Path) -> None:
    first = Program(tmp_path)
    first.queue.add(request_for(write_photo(tmp_path / "a.png")))
    assert Program(tmp_path).queue.restore() == []


def test_torn_and_foreign_lines_cost_only_themselves(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = Program(tmp_path)
    first.queue.pause()
    first.add("a.png")
    first.queue.close()
    path = tmp_path / "queue.jsonl"
    path.write_bytes(path.read_bytes() + b'{"event": "future"}\n[1]\n{"event": "added", "id"')
    second = Program(tmp_path)
    second.queue.pause()
    second.add("b.png")
    assert caplog.text.count("is left out") == 3
    assert len(JobStore(path).recovered()) == 2


def test_a_request_comes_back_as_it_was(tmp_path: Path) -> None:
    request = replace(
        request_for(tmp_path / "ü \udcff.png"),
        region=Box(1, 2, 30, 40),
        mask=tmp_path / "mask.png",
        adapter=tmp_path / "mine.safetensors",
        seed=7,
    )
    program = Program(tmp_path)
    program.queue.pause()
    output = destination(tmp_path / "out.jpg", overwrite=True)
    job = program.queue.add(request, output, megapixels=1.0)
    (stored,) = JobStore(tmp_path / "queue.jsonl").recovered()
    assert (stored.request, stored.output, stored.state) == (request, output, JobState.WAITING)
    assert stored.id == job.id


@pytest.mark.skipif(sys.platform == "win32", reason="a signal as POSIX has it")
@pytest.mark.parametrize("number", [1, 3])
def test_after_kill_9_the_next_start_does_exactly_the_rest(tmp_path: Path, number: int) -> None:
    photos = [write_photo(tmp_path / "in" / f"slow{i}.png", i) for i in range(5)]
    command = [sys.executable, "-m", "tests.app.engine_doubles", str(tmp_path)]
    seen = [""]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while sum("done" in line for line in seen) < number or "running" not in seen[-1]:
            seen.append(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        seen += process.stdout.readlines()
    done_before = {line.split()[0] for line in seen if "done" in line}
    stamps = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}
    assert number <= len(done_before) < 5
    again = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    ran = {line.split()[0] for line in again.stdout.splitlines() if "running" in line}
    assert ran == {photo.name for photo in photos} - done_before
    out = tmp_path / "out"
    assert sorted(path.name for path in out.iterdir()) == [photo.name for photo in photos]
    assert all((out / name).stat().st_mtime_ns == stamps[name] for name in done_before)
    assert all(load(path).width == 24 for path in out.iterdir())


def test_a_folder_that_cannot_be_written_any_more_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    state = tmp_path / "state"
    program = Program(tmp_path, state)
    state.rmdir()
    assert program.queue.restore() == []
    program.add("a.png")
    program.engine.finish()
    program.engine.saved()
    assert listed(program) == {"a.png": "done"}
    program.queue.close()
    assert program.engine.closed
    assert "the queue will not outlive a crash" in caplog.text


def test_what_was_written_stands_until_it_can_be_replaced_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first = Program(tmp_path)
    first.queue.pause()
    first.add("a.png", "b.png")
    before = (tmp_path / "queue.jsonl").read_bytes()

    def no_room(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    second = Program(tmp_path)
    second.queue.pause()
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", no_room)
        assert len(second.queue.restore()) == 2
    assert (tmp_path / "queue.jsonl").read_bytes() == before
    assert "No space left" in caplog.text
    assert [job.state for job in JobStore(tmp_path / "queue.jsonl").recovered()] == [
        JobState.WAITING
    ] * 2


@pytest.fixture
def appends(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What stores have written, each time with a wait for the disk."""
    written: list[bytes] = []
    write = JobStore._write

    def count(store: JobStore, lines: bytes) -> None:
        written.append(lines)
        write(store, lines)

    monkeypatch.setattr(JobStore, "_write", count)
    return written


def test_a_thousand_jobs_cost_as_many_waits_for_the_disk_as_one(
    tmp_path: Path, appends: list[bytes]
) -> None:
    program = Program(tmp_path)
    program.queue.pause()
    program.add(*(f"{number}.png" for number in range(20)))
    assert len(appends) == 1
    program.queue.cancel_all()
    assert len(appends) == 2
    assert set(listed(program).values()) == {"cancelled"}
    program.queue.retry([job.id for job in program.queue.jobs])
    assert len(appends) == 3
    assert len(JobStore(tmp_path / "queue.jsonl").recovered()) == 20


def test_jobs_that_are_refused_are_noted_together_before_the_next_one_begins(
    tmp_path: Path, appends: list[bytes]
) -> None:
    program = Program(tmp_path)
    program.queue.pause()
    program.add(*(f"{number}.png" for number in range(20)))
    for number in range(19):
        write_photo(tmp_path / "out" / f"{number}.png")
    begun_after: list[int] = []
    program.queue.job_changed.connect(
        lambda job: begun_after.append(len(appends)) if job.state is JobState.RUNNING else None
    )
    program.queue.resume()
    assert program.engine.asked == ["19.png"]
    assert (len(appends), begun_after) == (2, [2])
    states = [job.state for job in JobStore(tmp_path / "queue.jsonl").recovered()]
    assert states == [JobState.FAILED] * 19 + [JobState.WAITING]


def test_previews_that_go_cost_no_wait_for_the_disk(tmp_path: Path, appends: list[bytes]) -> None:
    program = Program(tmp_path)
    preview = program.queue.add(request_for(write_photo(tmp_path / "a.png")))
    program.engine.finish()
    program.queue.remove([preview.id])
    assert not appends
