"""The engine process for real: spawned children with small main functions of their own."""

import os
import queue
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from engine.messages import Event, Failed, Finished, Progressed, Stopped
from engine.preset import Preset
from engine.progress import Progress
from engine.request import RestoreRequest, RestoreResult
from engine.worker import Worker
from restorer_app.engine_process import Died, EngineProcess

PRESET = Preset(id="p", title="P", summary="s", task="")
_LONG = 60
"""Seconds to wait for something that should come: long, for busy machines."""


class _Engine:
    def __init__(self, cache: Path) -> None:
        self._cache = cache

    def run(self, request: RestoreRequest, progress: Progress) -> RestoreResult:
        self._cache.mkdir(parents=True, exist_ok=True)
        restored = self._cache / f"{request.source.stem}.npy"
        restored.write_bytes(b"half")
        progress.report(0.1)
        match request.source.name:
            case "dies.jpg":
                os._exit(137)
            case "endless.jpg":
                while True:
                    progress.report(0.5)
                    time.sleep(0.01)
            case "deaf.jpg":
                time.sleep(3600)
        restored.write_bytes(b"whole")
        return RestoreResult(
            request=request,
            preset=request.preset,
            restored=restored,
            seconds=0.0,
            megapixels=0.0,
            device="cpu",
        )


def _serve(pipe: Connection, cache: Path) -> None:
    Worker(pipe, _Engine(cache)).work()


class _Heard:
    def __init__(self) -> None:
        self.events: queue.Queue[Event | Died] = queue.Queue()

    def until(self, *kinds: type) -> Event | Died:
        while True:
            event = self.events.get(timeout=_LONG)
            if isinstance(event, kinds):
                return event


@pytest.fixture
def heard() -> _Heard:
    return _Heard()


@pytest.fixture
def process(tmp_path: Path, heard: _Heard) -> Iterator[EngineProcess]:
    process = EngineProcess(tmp_path, heard.events.put, _serve)
    yield process
    process.close()


def _request(name: str) -> RestoreRequest:
    return RestoreRequest(source=Path(name), preset=PRESET)


def test_a_job_goes_there_and_comes_back(process: EngineProcess, heard: _Heard) -> None:
    process.run("1", _request("a.jpg"))
    finished = heard.until(Finished)
    assert isinstance(finished, Finished)
    assert finished.job == "1"


def test_a_running_job_is_cancelled(process: EngineProcess, heard: _Heard) -> None:
    process.run("1", _request("endless.jpg"))
    heard.until(Progressed)
    process.cancel("1")
    assert heard.until(Stopped, Finished, Died) == Stopped("1")
    process.run("2", _request("a.jpg"))
    assert isinstance(heard.until(Finished, Died), Finished)


def test_a_job_that_does_not_listen_is_ended_with_its_process(
    process: EngineProcess, heard: _Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("restorer_app.engine_process._PATIENCE", 0.2)
    process.run("1", _request("deaf.jpg"))
    heard.until(Progressed)
    process.cancel("1")
    assert heard.until(Stopped, Finished) == Stopped("1")
    process.run("2", _request("a.jpg"))
    assert isinstance(heard.until(Finished), Finished)


def test_the_death_of_the_engine_fails_its_job_and_the_next_one_runs(
    process: EngineProcess, heard: _Heard
) -> None:
    process.run("1", _request("dies.jpg"))
    assert heard.until(Died) == Died(137)
    failed = heard.until(Failed)
    assert isinstance(failed, Failed)
    assert (failed.job, failed.kind) == ("1", "WorkerDied")
    process.run("2", _request("a.jpg"))
    assert isinstance(heard.until(Finished), Finished)


def test_jobs_behind_a_deadly_one_are_told_so(process: EngineProcess, heard: _Heard) -> None:
    process.start()
    process.run("1", _request("dies.jpg"))
    process.run("2", _request("a.jpg"))
    kinds = {}
    while len(kinds) < 2:
        failed = heard.until(Failed)
        assert isinstance(failed, Failed)
        kinds[failed.job] = failed.kind
    assert kinds == {"1": "WorkerDied", "2": "NotStarted"}


def test_closing_twice_is_harmless(process: EngineProcess) -> None:
    process.start()
    process.close()
    process.close()


def test_what_an_ended_engine_was_at_goes_and_its_results_stay(
    process: EngineProcess, heard: _Heard, tmp_path: Path
) -> None:
    for name in ("a.jpg", "dies.jpg", "b.jpg", "dies.jpg"):
        process.run(name, _request(name))
        heard.until(Failed, Finished)
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(path.name for path in left) == ["a.npy", "b.npy"]


def test_closing_leaves_nothing_that_was_in_work(
    process: EngineProcess, heard: _Heard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("restorer_app.engine_process._FAREWELL", 0.2)
    process.run("1", _request("deaf.jpg"))
    heard.until(Progressed)
    process.close()
    assert not list(tmp_path.iterdir())
