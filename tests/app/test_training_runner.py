"""Trainings in processes of their own: progress, failure, stop, restart, death."""

from __future__ import annotations

import os
import queue
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from restorer_app.jobs import JobError
from restorer_app.training_child import program
from restorer_app.training_runner import SAID, TrainingRunner, _Pace
from restorer_app.training_store import TrainingStore
from restorer_app.trainings import Act, StepState, Training, TrainingOrder

CHILD = Path(__file__).with_name("training_children.py")
_PATIENCE = 30.0


class Bench:
    """Runners over scripted children; what these say is taken when the test waits."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.posted: queue.Queue[Callable[[], None]] = queue.Queue()
        self.seen: list[Training] = []
        self.runners: list[TrainingRunner] = []

    def runner(self, script: str, patience: float = _PATIENCE) -> TrainingRunner:
        store = TrainingStore(self.folder / "trainings")
        start = [sys.executable, str(CHILD), script]
        runner = TrainingRunner(store, self.posted.put, start=start, patience=patience)
        runner.changed.connect(self.seen.append)
        self.runners.append(runner)
        return runner

    def begin(self, script: str, patience: float = _PATIENCE, **more: object) -> TrainingRunner:
        runner = self.runner(script, patience)
        facts = {"title": "Mine", "task": "denoise", "photos": self.folder} | more
        assert runner.order(TrainingOrder(**facts)) is not None  # type: ignore[arg-type]
        return runner

    def until(self, reached: Callable[[], bool]) -> None:
        end = time.monotonic() + _PATIENCE
        while not reached():
            self.posted.get(timeout=max(end - time.monotonic(), 0.01))()

    def ended(self, runner: TrainingRunner) -> Training:
        self.until(lambda: runner.running is None)
        return runner.training("mine")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    for runner in bench.runners:
        runner.close()


def half(runner: TrainingRunner) -> bool:
    running = runner.running
    return running is not None and running.current.done == 0.5


def test_a_training_runs_to_its_adapter(bench: Bench) -> None:
    runner = bench.begin("work")
    training = bench.ended(runner)
    assert training.state is StepState.DONE
    assert runner.adapter("mine").is_file()
    states = [(one.current.state, one.current.done) for one in bench.seen]
    assert states[:2] == [(StepState.RUNNING, 0.0), (StepState.RUNNING, 0.5)]
    assert bench.seen[1].current.stage == "half"
    assert bench.seen[1].current.seconds_left is not None
    assert TrainingStore(runner.store.folder).load().trainings[0].state is StepState.DONE


def test_the_steps_of_flux_follow_one_another(bench: Bench) -> None:
    runner = bench.begin("work", model="flux-nano", task="", photos=None, pictures=4)
    training = bench.ended(runner)
    acts = [Act.GENERATE, Act.SELECT, Act.LATENTS, Act.ADAPTER]
    assert [step.act for step in training.steps] == acts
    assert {step.state for step in training.steps} == {StepState.DONE}
    begun = [one.current.act for one in bench.seen if one.current.done == 0.5]
    assert list(dict.fromkeys(begun)) == acts
    assert runner.adapter("mine").read_text("utf-8").startswith("--json adapter")


def test_only_one_training_runs(bench: Bench) -> None:
    runner = bench.begin("hang")
    other = TrainingOrder(title="Other", task="derain", photos=bench.folder)
    assert runner.order(other) is None
    assert [one.name for one in runner.trainings] == ["mine"]
    runner.remove("mine")
    assert runner.store.place("mine").is_dir()


def test_a_stopped_training_goes_on_where_it_was(bench: Bench) -> None:
    runner = bench.begin("hang")
    bench.until(lambda: half(runner))
    runner.stop()
    assert runner.training("mine").state is StepState.STOPPING
    runner.stop()
    training = bench.ended(runner)
    assert (training.state, training.current.done, training.error) == (
        StepState.STOPPED,
        0.5,
        None,
    )
    again = bench.runner("work")
    again.go_on("mine")
    assert bench.ended(again).state is StepState.DONE


def test_a_step_that_does_not_stop_is_killed(bench: Bench) -> None:
    runner = bench.begin("deaf", patience=0.2)
    bench.until(lambda: half(runner))
    runner.stop()
    assert bench.ended(runner).state is StepState.STOPPED


def test_a_reason_is_told_and_the_training_can_be_tried_again(bench: Bench) -> None:
    runner = bench.begin("refuse")
    training = bench.ended(runner)
    assert training.state is StepState.FAILED
    assert training.error == JobError("BadRecipe", "It is wrong", "Mend it.")
    (kept,) = TrainingStore(runner.store.folder).load().trainings
    assert (kept.state, kept.error) == (training.state, training.error)
    again = bench.runner("work")
    again.go_on("mine")
    done = bench.ended(again)
    assert (done.state, done.error) == (StepState.DONE, None)


def test_a_crash_leaves_its_last_words(bench: Bench) -> None:
    runner = bench.begin("crash")
    training = bench.ended(runner)
    assert training.error == JobError("TrainingDied", "ZeroDivisionError: by nothing")
    assert "Traceback" in (runner.store.place("mine") / SAID).read_text("utf-8")


def test_a_death_is_told_as_one(bench: Bench) -> None:
    training = bench.ended(bench.begin("die"))
    assert training.error == JobError("WorkerDied", "signal 9")


def test_a_program_that_cannot_be_started_is_a_failure(bench: Bench) -> None:
    store = TrainingStore(bench.folder / "trainings")
    missing = str(bench.folder / "none")
    runner = TrainingRunner(store, bench.posted.put, start=[missing])
    assert runner.order(TrainingOrder(title="Mine", task="denoise", photos=bench.folder))
    training = runner.training("mine")
    assert training.state is StepState.FAILED
    assert training.error is not None
    assert training.error.kind == "CannotStart"
    assert runner.running is None


def test_the_time_that_is_left_to_learn_is_what_was_ordered(bench: Bench) -> None:
    runner = bench.begin("hang", hours=3.0)
    bench.until(lambda: half(runner))
    left = runner.training("mine").current.seconds_left
    assert left == pytest.approx(1.5 * 3600)  # however long it read photos before


def test_what_a_step_reads_before_it_begins_is_not_taken_for_its_pace() -> None:
    pace = _Pace(0.0)
    assert pace.seconds_left(100.0, 0.2) is None
    assert pace.seconds_left(110.0, 0.3) == pytest.approx(70)


@pytest.mark.parametrize("vanished", [True, False])
def test_a_folder_that_cannot_be_written_is_no_reason_to_install_anew(
    bench: Bench, vanished: bool
) -> None:
    runner = bench.begin("refuse")
    bench.ended(runner)
    place = runner.store.place("mine")
    if vanished:
        shutil.rmtree(place)
    else:
        (place / SAID).unlink()
        (place / SAID).mkdir()
    runner.go_on("mine")
    error = runner.training("mine").error
    assert error is not None
    assert error.kind == "CannotSave"
    assert str(place) in error.message
    assert runner.running is None


def test_closing_stops_it_and_the_next_start_of_the_program_can_go_on(bench: Bench) -> None:
    runner = bench.begin("hang")
    bench.until(lambda: half(runner))
    child = runner._child
    assert child is not None
    runner.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)
    again = bench.runner("work")
    assert again.training("mine").state is StepState.STOPPED
    again.go_on("mine")
    assert bench.ended(again).state is StepState.DONE


def test_a_selection_that_broke_off_begins_without_what_it_left(bench: Bench) -> None:
    runner = bench.begin("hang", model="flux-nano", task="", photos=None, pictures=4)
    bench.until(lambda: half(runner))
    runner.stop()
    training = bench.ended(runner).with_step(Act.GENERATE, state=StepState.DONE)
    runner.store.save(training.with_step(Act.SELECT, state=StepState.STOPPED))
    left = runner.store.place("mine") / "photos" / "half.png"
    left.parent.mkdir()
    left.write_bytes(b"x")
    painted = runner.store.place("mine") / "painted" / "one.png"
    painted.parent.mkdir()
    painted.write_bytes(b"x")
    again = bench.runner("hang")
    again.go_on("mine")
    assert not left.exists()
    assert painted.exists()


def test_a_training_is_removed(bench: Bench) -> None:
    runner = bench.begin("work")
    bench.ended(runner)
    heard: list[int] = []
    runner.list_changed.connect(lambda: heard.append(len(runner.trainings)))
    runner.remove("mine")
    assert heard == [0]
    assert not runner.store.place("mine").exists()


def test_a_training_whose_folder_is_gone_already_is_removed(bench: Bench) -> None:
    runner = bench.begin("work")
    bench.ended(runner)
    shutil.rmtree(runner.store.place("mine"))
    runner.remove("mine")
    assert runner.trainings == ()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has classes of priority instead")
def test_it_lets_other_programs_go_first(bench: Bench) -> None:
    runner = bench.begin("hang")
    child = runner._child
    assert child is not None
    assert os.getpriority(os.PRIO_PROCESS, child.pid) >= 10


def test_a_packaged_program_is_its_own_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    assert program() == [sys.executable, "-m", "restorer_app"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert program() == [sys.executable]
