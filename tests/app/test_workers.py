"""Several photos at once: what has to be as with one, and what may go wrong in the engines."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine.errors import CannotSave
from engine.placement import GB, Hardware
from engine.preset import Preset
from engine.request import RestoreRequest
from restorer_app.engine_process import EngineProcess
from restorer_app.journal import JOURNAL, Journal
from restorer_app.shares import cores, share
from tests.app.conftest import contents, machine
from tests.app.scripted import ROOT, Plan, spawn

if TYPE_CHECKING:
    from restorer_app.errands import Errand
    from restorer_app.report import Outcome
    from tests.app.conftest import Desk

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as POSIX has them")
PATTERN = RestoreRequest(source=Path(), preset=Preset(id="p", title="P", summary="s", task=""))


def events(out: Path) -> list[tuple[str, str]]:
    lines = (out / JOURNAL).read_text().splitlines()
    return [(entry["event"], entry["source"]) for entry in map(json.loads, lines)]


def gone(pid: int) -> bool:
    """Whether a process ends, or has ended; one that nobody waits for is there a moment longer."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def told(desk: Desk) -> dict[str, object]:
    """What was said of each photo, without where its folders are."""
    return {
        Path(str(line["input"])).name: {**line, "input": "", "output": ""} for line in desk.lines
    }


def test_two_workers_give_the_files_and_lines_of_one(desk: Desk, photos: Path, out: Path) -> None:
    for seed, name in enumerate(("d.png", "sub/e.gif", "sub/f.png")):
        desk.photo(f"photos/{name}", seed)
    (photos / "b.jpg").write_bytes((photos / "b.jpg").read_bytes()[:50])
    alone, words = desk.folder / "alone", ("--recursive", "--json", "--preset", "derain")
    assert desk.run("batch", photos, "-o", alone, *words) == 1
    expected = told(desk)
    assert desk.run("batch", photos, "-o", out, *words, "--workers", "2") == 1
    assert told(desk) == expected
    assert len(desk.lines) == 6
    assert "b.jpg" in desk.err
    assert "6 photos: 5 done, 1 failed." in desk.err
    assert contents(out) == contents(alone)
    assert sorted(events(out)) == sorted(events(alone))
    assert len(desk.engines) == 1, "the second run has no engine in this process"


def test_photos_are_restored_at_the_same_time_and_share_the_cores(
    desk: Desk, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("restorer_app.restoring.cores", lambda: 9)
    sources = [desk.photo(f"in/meet{number}.png") for number in range(2)]
    assert desk.run("restore", *sources, "-o", f"{out}/", "--workers", "4") == 0
    assert [*contents(out)] == ["meet0.png", "meet1.png"]
    assert desk.shares == [4, 4], "there are no more engines than photos"


def test_an_engine_that_cannot_be_started_fails_its_photo(
    desk: Desk, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tried = EngineProcess.run, []

    def run(engine: EngineProcess, job: str, request: RestoreRequest) -> None:
        tried.append(job)
        if len(tried) == 2:
            raise OSError(11, "Resource temporarily unavailable")
        real(engine, job, request)

    monkeypatch.setattr(EngineProcess, "run", run)
    sources = [desk.photo(f"in/{number}.png") for number in range(3)]
    assert desk.run("restore", *sources, "-o", f"{out}/", "--json", "--workers", "2") == 1
    assert len(contents(out)) == 2
    assert "cannot be started: Resource temporarily unavailable. Take fewer" in desk.err


def test_one_photo_or_one_worker_needs_no_other_process(
    desk: Desk, photos: Path, out: Path
) -> None:
    assert desk.run("restore", photos / "a.png", "-o", out / "a.png", "--workers", "3") == 0
    assert desk.run("batch", photos, "-o", out, "--overwrite", "--workers", "1") == 0
    assert (len(desk.engines), desk.shares) == (2, [])


@posix
def test_an_engine_that_dies_fails_its_photo_alone(
    desk: Desk, photos: Path, out: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("deadly.png", "torn.png", "x.png"):
        desk.photo(f"photos/{name}")
    (out / f".{'1' * 16}.part").parent.mkdir()
    (out / f".{'1' * 16}.part").touch()  # of another program
    assert desk.run("batch", photos, "-o", out, "--json", "--workers", "2") == 1
    assert [*contents(out)] == [f".{'1' * 16}.part", "a.png", "b.jpg", "c.tif", "x.png"]
    assert sorted(desk.kinds, key=str) == [None, None, None, None, "WorkerDied", "WorkerDied"]
    assert "deadly.png: The engine stopped while it worked on this picture" in desk.err
    assert not caplog.records, "nothing is written across the status line"
    assert {("failed", "deadly.png"), ("failed", "torn.png")} < set(events(out))


@posix
def test_what_finds_no_memory_beside_others_is_tried_again_alone(
    desk: Desk, photos: Path, out: Path
) -> None:
    for name in ("hungry.png", "heavy.png"):
        desk.photo(f"photos/{name}")
    assert desk.run("batch", photos, "-o", out, "--json", "--workers", "2") == 0
    assert {"hungry.png", "heavy.png"} < set(contents(out))
    assert desk.kinds == [None] * 5
    assert [Path(str(line["input"])).name[0] for line in desk.lines[-2:]] == ["h", "h"]
    assert desk.err.count("tried again alone") == 2
    assert "5 photos: 5 done." in desk.err
    assert [event for event, source in events(out) if source == "hungry.png"] == [
        "started",
        "done",
    ]


def test_a_fault_in_an_engine_is_reported_with_what_it_printed(
    desk: Desk, photos: Path, out: Path
) -> None:
    desk.photo("photos/faulty.png")
    assert desk.run("batch", photos, "-o", out, "--json", "--workers", "2") == 1
    assert sorted(desk.kinds, key=str) == [None, None, None, "RuntimeError"]
    assert "oops. Please report it, with the lines above." in desk.err


@posix
def test_a_batch_goes_on_with_other_workers(desk: Desk, photos: Path, out: Path) -> None:
    desk.photo("photos/deadly.png")
    assert desk.run("batch", photos, "-o", out, "--workers", "2") == 1
    (photos / "deadly.png").rename(photos / "d.png")
    before = len(events(out))
    assert desk.run("batch", photos, "-o", out, "--workers", "3", "--resume", "--json") == 0
    assert events(out)[before:] == [("started", "d.png"), ("done", "d.png")]
    assert len(desk.lines) == 4
    assert desk.run("batch", photos, "-o", desk.folder / "clean") == 0
    assert contents(out) == contents(desk.folder / "clean")


def test_a_file_that_appears_meanwhile_is_kept(desk: Desk, photos: Path, out: Path) -> None:
    strange = desk.photo("out/b.jpg", seed=8).read_bytes()
    assert desk.run("batch", photos, "-o", out, "--workers", "2") == 1
    assert (out / "b.jpg").read_bytes() == strange
    assert "is there already" in desk.err


def test_a_journal_that_cannot_be_written_ends_all_engines(
    desk: Desk, photos: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(journal: Journal, errand: Errand, outcome: Outcome) -> None:
        raise CannotSave("The journal cannot be written")

    monkeypatch.setattr(Journal, "ended", full)
    assert desk.run("batch", photos, "-o", out, "--json", "--workers", "2") == 1
    assert len(desk.lines) == 1
    assert "The journal cannot be written." in desk.err
    assert not [name for name in contents(out) if name.endswith(".part")]


@posix
@pytest.mark.parametrize(
    "numbers",
    [[signal.SIGINT], [signal.SIGTERM], [signal.SIGINT, signal.SIGINT]],
    ids=["Ctrl-C", "SIGTERM", "Ctrl-C twice"],
)
@pytest.mark.parametrize("manner", ["reports", "native", "saves"])
def test_a_signal_ends_all_engines_in_a_moment(
    desk: Desk, manner: str, numbers: list[signal.Signals]
) -> None:
    for seed in range(2):
        desk.photo(f"in{seed}/{manner}.png")
    output, inputs = desk.folder / "out", [f"{desk.folder}/in{seed}/{manner}.png" for seed in "01"]
    plan: Plan = {
        "argv": ["restore", *inputs, "-o", f"{output}/", "--workers", "2"],
        "presets": str(desk.presets),
        "cache": str(desk.folder / "cache"),
    }
    process = spawn("crew", plan)
    end = time.monotonic() + 60
    while len(there := list(desk.folder.glob("*.hangs"))) < 2:
        assert time.monotonic() < end
        time.sleep(0.01)
    for number in numbers:
        # As a terminal does it: the engines are sent it as well, and left to the program.
        os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
    said = process.communicate(timeout=20)[1]
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert contents(output) == {}
    for path in there:
        assert gone(int(path.name.split(".")[1])), "an engine is left"


@pytest.mark.parametrize("number", ["0", "-1", "two", "1.5", "101"])
def test_a_number_of_workers_that_makes_no_sense_is_misuse(desk: Desk, number: str) -> None:
    assert desk.run("batch", "in", "-o", "out", f"--workers={number}") == 2
    assert "--workers" in desk.err


def test_a_gpu_is_not_divided(desk: Desk, photos: Path, out: Path) -> None:
    desk.inspect = lambda: replace(machine(), device="cuda")
    assert desk.run("batch", photos, "-o", out, "--workers", "2") == 0
    assert "one after another: several engines would share the GPU" in desk.err
    assert (len(desk.engines), desk.shares) == (1, [])
    words = ("--workers", "2", "--device", "cpu", "--overwrite")
    assert desk.run("batch", photos, "-o", out, *words) == 0
    assert "GPU" not in desk.err
    assert len(desk.shares) == 2


def test_a_broken_engine_is_said_of_each_photo(desk: Desk, photos: Path, out: Path) -> None:
    def broken() -> None:
        raise ImportError("libtorch is missing")

    desk.inspect = broken  # type: ignore[assignment]
    assert desk.run("batch", photos, "-o", out, "--workers", "2") == 1
    assert desk.err.count("The engine cannot be loaded: libtorch is missing.") == 3


def on_a_processor(ram: float) -> Hardware:
    return Hardware(kind="cpu", name="the processor", memory=round(ram), ram=round(ram))


def test_memory_bounds_the_engines() -> None:
    here = replace(machine(), hardware=on_a_processor(8 * GB))
    roomy = share(3, PATTERN, 10, here, 8)
    assert (roomy.engines, roomy.threads, roomy.why) == (3, 2, "")
    fewer = share(3, PATTERN, 30, here, 8)
    assert (fewer.engines, fewer.threads) == (2, 4)
    assert fewer.why == (
        "Only 2 photos are restored at a time: each may take 2.7 GB of memory,"
        " and 7.0 GB can be had."
    )
    larger = replace(PATTERN, preset=replace(PATTERN.preset, scale=2))
    assert share(3, larger, 30, here, 8).engines == 1
    assert "Only 1 photo is restored" in share(3, larger, 30, here, 8).why
    assert share(3, replace(PATTERN, model="flux1-schnell"), 1, here, 8).engines == 1
    unknown = replace(machine(), hardware=on_a_processor(0))
    assert share(3, PATTERN, 30, unknown, 2).engines == 3
    assert share(3, PATTERN, 30, unknown, 2).threads == 1


def test_a_graphics_card_does_not_hold_the_weights_for_the_processor() -> None:
    card = Hardware(kind="cuda", name="a card", memory=6 * GB, ram=64 * GB)
    order = replace(PATTERN, model="flux1-schnell", device="cpu")
    beside = share(9, order, 1, replace(machine(), device="cuda", hardware=card), 8)
    alone = share(9, order, 1, replace(machine(), hardware=on_a_processor(64 * GB)), 8)
    assert (beside.engines, beside.why) == (alone.engines, alone.why)


def test_fewer_cores_are_shared_where_the_environment_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    there = cores()
    assert there >= 1
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert cores() == 1
    monkeypatch.setenv("OMP_NUM_THREADS", "4096")
    assert cores() == there
    monkeypatch.setenv("OMP_NUM_THREADS", "many")
    assert cores() == there


def test_an_engine_keeps_to_its_share_of_the_cores(tmp_path: Path) -> None:
    code = """
import cv2, sys, torch
from pathlib import Path
from engine.messages import Ready
from engine.worker import serve

class Pipe:
    def send(self, event):
        print(type(event).__name__, torch.get_num_threads(), cv2.getNumThreads())
    def recv(self):
        raise EOFError

serve(Pipe(), Path(sys.argv[1]), threads=3)
"""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", code, str(tmp_path)]
    said = subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True, env=environment
    )
    assert said.stdout.startswith("Ready 3 3\n")
