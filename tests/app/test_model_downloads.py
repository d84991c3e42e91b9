"""Work on models in the background: one after another, stopped, taken up again, told when it fails.

The hub is one on this computer that can be told to misbehave.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from engine.backbones import BackboneSpec
from engine.downloads import Downloader
from engine.part_file import PartFile
from restorer_app.model_downloads import ModelDownloads, arrived
from restorer_app.model_store import ModelStore
from restorer_app.model_tasks import Doing, Figures, Kind, Task, TaskState
from tests.app.engine_doubles import Loop
from tests.app.test_models import DECODER, SMALL, catalogue
from tests.fake_hub import FakeHub, Shelf, fake_hub

HALF = len(SMALL) // 2


@dataclass
class Bench:
    """Downloads over a hub of this computer, and what they told."""

    hub: FakeHub
    store: ModelStore
    loop: Loop = field(default_factory=Loop)
    told: list[Task] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._seconds = itertools.count()
        self.downloads = ModelDownloads(self.store, self.loop.post, self._ticking)
        self.downloads.changed.connect(self.told.append)

    def _ticking(self) -> float:
        """A second passes between two looks, so that all figures are told."""
        return float(next(self._seconds))

    def shelf(self, name: str) -> Shelf:
        return self.hub.shelves[f"/who/tiny/resolve/main/sub/{name}.safetensors"]

    def state(self, model: str = "tiny") -> TaskState | None:
        task = self.downloads.task(model)
        return None if task is None else task.state

    def finish(self, model: str = "tiny") -> Task:
        """Wait for the end of the work on a model."""
        self.loop.until(lambda: bool(self.task(model).state.ended))
        return self.task(model)

    def task(self, model: str = "tiny") -> Task:
        task = self.downloads.task(model)
        assert task is not None
        return task

    @property
    def place(self) -> Path:
        return self.store.folder / "tiny"

    @property
    def spec(self) -> BackboneSpec:
        return self.store.spec("tiny")


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    before = set(threading.enumerate())
    with fake_hub() as hub:
        for name, data in (("small", SMALL), ("vae", DECODER)):
            hub.put(f"who/tiny/resolve/main/sub/{name}.safetensors", Shelf(data))
        downloader = Downloader(free=lambda _: 10**12, sleep=lambda _: None, timeout=5.0)
        specs = catalogue()
        store = ModelStore(
            folder=tmp_path / "models",
            catalogue=lambda: specs,
            downloader=downloader,
            hub=hub.address,
        )
        bench = Bench(hub, store)
        yield bench
        bench.downloads.close()
    end = time.monotonic() + 5
    while not set(threading.enumerate()) <= before:
        assert time.monotonic() < end, "a thread was left running"
        time.sleep(0.01)


def test_a_model_is_fetched_and_tells_how_far_it_is(bench: Bench) -> None:
    bench.downloads.download("tiny", "q4")
    assert [task.model for task in bench.downloads.tasks] == ["tiny"]
    task = bench.finish()
    assert (task.state, task.error) == (TaskState.DONE, None)
    assert bench.downloads.tasks == ()
    assert bench.store.entries()[0].variants == ("q4",)
    states = list(dict.fromkeys(task.state for task in bench.told))
    assert states == [TaskState.WAITING, TaskState.RUNNING, TaskState.DONE]
    assert task.figures.done == 1
    assert task.figures.bytes == task.figures.total == len(SMALL) + len(DECODER)


def test_nothing_is_asked_of_the_hub_before_a_download_is(bench: Bench) -> None:
    bench.store.entries()
    bench.downloads.check("tiny")
    assert bench.finish().state is TaskState.FAILED
    assert bench.hub.asked == []


def test_a_stopped_download_goes_on_where_it_stopped(bench: Bench) -> None:
    bench.shelf("small").breaks_after = [HALF]
    bench.shelf("small").stall = True
    bench.downloads.download("tiny")
    part = PartFile(bench.place / "small.safetensors")
    bench.loop.until(lambda: _further(bench))
    bench.downloads.cancel("tiny")
    assert bench.state() is TaskState.STOPPING
    bench.hub.closing.set()  # the line comes to life again
    assert bench.finish().state is TaskState.STOPPED
    size = part.size
    assert 0 < size < len(SMALL)
    assert bench.store.entries()[0].begun
    bench.shelf("small").stall = False
    bench.downloads.download("tiny")
    assert bench.finish().state is TaskState.DONE
    assert size in bench.hub.starts
    assert (bench.place / "small.safetensors").read_bytes() == SMALL


def _further(bench: Bench) -> bool:
    return any(task.figures.bytes for task in bench.told)


def test_models_come_one_after_another_and_one_that_waits_can_be_taken_back(bench: Bench) -> None:
    bench.downloads.download("tiny")
    bench.downloads.download("tiny-nc", accepted=True)
    bench.downloads.download("tiny")  # is on its way already
    assert [task.model for task in bench.downloads.tasks] == ["tiny", "tiny-nc"]
    assert bench.state("tiny-nc") is TaskState.WAITING
    bench.downloads.cancel("tiny-nc")
    assert bench.state("tiny-nc") is TaskState.STOPPED
    bench.downloads.download("tiny-nc", accepted=True)
    assert bench.finish().state is TaskState.DONE
    assert bench.finish("tiny-nc").state is TaskState.DONE
    running = [task.model for task in bench.told if task.state is TaskState.RUNNING]
    assert list(dict.fromkeys(running)) == ["tiny", "tiny-nc"]


def test_work_that_is_asked_for_anew_comes_after_what_waits(bench: Bench) -> None:
    bench.downloads.check("first")
    assert bench.finish("first").state is TaskState.FAILED  # there is no such model
    bench.downloads.download("tiny")
    bench.downloads.check("second")
    bench.downloads.check("first")
    assert [task.model for task in bench.downloads.tasks] == ["tiny", "second", "first"]
    bench.finish("first")


def test_a_failure_is_told_and_does_not_keep_the_next_one(bench: Bench) -> None:
    bench.shelf("small").refusals = [(404, "")]
    bench.downloads.download("tiny", "q4")
    bench.downloads.download("tiny-nc")  # whose licence was not accepted
    gone, unasked = bench.finish(), bench.finish("tiny-nc")
    assert gone.error is not None
    assert (gone.state, gone.error.kind) == (TaskState.FAILED, "WeightsGone")
    assert unasked.error is not None
    assert unasked.error.kind == "NotAllowed"
    bench.downloads.download("tiny")
    assert bench.finish().state is TaskState.DONE


def test_a_fault_of_the_program_is_a_failure_too(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(ModelStore, "remove", fault)
    bench.downloads.remove("tiny")
    error = bench.finish().error
    assert error is not None
    assert (error.kind, "oops" in error.message) == ("ZeroDivisionError", True)


def test_a_model_is_checked_removed_and_imported(bench: Bench, tmp_path: Path) -> None:
    source = tmp_path / "elsewhere"
    source.mkdir()
    for name, data in (("small", SMALL), ("vae", DECODER)):
        (source / f"{name}.safetensors").write_bytes(data)
    bench.downloads.import_from("tiny", source)
    assert bench.finish().state is TaskState.DONE
    assert bench.store.entries()[0].variants == ("q4",)
    bench.downloads.check("tiny")
    assert bench.finish().faults == ()
    (bench.place / "small.safetensors").write_bytes(bytes([1]) + SMALL[1:])
    bench.downloads.check("tiny")
    assert len(bench.finish().faults) == 1
    bench.downloads.remove("tiny")
    assert bench.finish().freed > len(SMALL)
    assert not bench.place.exists()
    assert bench.hub.asked == []


def test_what_was_read_can_be_let_go_what_runs_cannot(bench: Bench) -> None:
    bench.downloads.download("tiny")
    bench.downloads.forget("tiny")
    assert bench.finish().kind is Kind.DOWNLOAD
    bench.downloads.forget("tiny")
    assert bench.downloads.task("tiny") is None


def test_closing_stops_what_runs_and_begins_nothing_more(bench: Bench) -> None:
    bench.shelf("small").breaks_after = [HALF]
    bench.shelf("small").stall = True
    bench.downloads.download("tiny")
    bench.downloads.download("tiny-nc", accepted=True)
    bench.loop.until(lambda: _further(bench))
    line_back = threading.Timer(0.05, bench.hub.closing.set)
    line_back.start()
    bench.downloads.close()
    line_back.join()
    bench.downloads.download("tiny")
    assert not any(thread.name.startswith("model-") for thread in threading.enumerate())
    assert (bench.place / "small.safetensors.part").stat().st_size > 0
    assert bench.state("tiny-nc") is TaskState.WAITING


def test_parts_count_with_what_they_have_and_the_whole_as_far_as_it_is_known(
    bench: Bench,
) -> None:
    files = bench.spec.files_of("q4")
    assert arrived(bench.place, files) == (0, None)
    bench.place.mkdir(parents=True)
    (bench.place / "vae.safetensors").write_bytes(DECODER)
    (bench.place / "small.safetensors.part").write_bytes(SMALL[:HALF])
    assert arrived(bench.place, files) == (len(DECODER) + HALF, None)
    told = [replace(file, bytes=len(SMALL)) if file.variant else file for file in files]
    assert arrived(bench.place, told) == (len(DECODER) + HALF, len(DECODER) + len(SMALL))


def test_time_left_is_what_is_missing_at_the_speed_of_the_line() -> None:
    figures = Figures(done=0.4, bytes=4_000_000, total=10_000_000, rate=2e6)
    assert figures.seconds_left == pytest.approx(3.0)
    assert replace(figures, rate=None).seconds_left is None
    assert replace(figures, total=None).seconds_left is None
    assert replace(figures, doing=Doing.CHECKING).seconds_left is None
