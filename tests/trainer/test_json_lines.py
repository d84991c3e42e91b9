"""Trainings as another program follows them."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from engine.errors import BadRecipe
from engine.folder_lock import folder_lock
from engine.progress import Cancelled, Progress
from tests.trainer.test_recipe import _photos, _recipe
from trainer.cli import main
from trainer.json_lines import _asked_to_stop, _listen, follow

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(autouse=True)
def plain_logging() -> Iterator[None]:
    """The command sets up logging as a program does; the next test must not hear of it."""
    before = list(logging.getLogger().handlers)
    yield
    logging.getLogger().handlers[:] = before


def words(tmp_path: Path, *more: str) -> list[str]:
    """A training of a tiny network, whose end nobody waits for unless `more` says so."""
    given = {"recipe": _recipe(tmp_path), "photos": _photos(tmp_path), "run": tmp_path / "run"}
    named = [word for name, value in given.items() for word in (f"--{name}", str(value))]
    return ["--json", "predictor", *named, "--workers", "0", "--threads", "1", *more]


def test_progress_and_what_was_written_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "model"
    assert main(words(tmp_path, "--debug", "--out", str(out))) == 0
    *progress, end = lines(capsys.readouterr().out)
    assert progress
    for entry in progress:
        assert entry.keys() == {"done", "stage"}
        assert 0 <= float(str(entry["done"])) <= 1
    assert str(progress[-1]["stage"]).startswith("step ")
    assert end == {"out": str(out)}


def test_a_failure_is_told_with_its_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = tmp_path / "none.toml"
    command = ["--json", "predictor", "--recipe", str(recipe), "--photos", str(tmp_path)]
    assert main([*command, "--run", str(tmp_path / "run")]) == 1
    (entry,) = lines(capsys.readouterr().out)
    error = entry["error"]
    assert isinstance(error, dict)
    assert error["kind"] == "BadRecipe"
    assert "none.toml" in error["message"]
    assert error["remedy"] == BadRecipe.remedy


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (torch.OutOfMemoryError("CUDA"), "OutOfMemory"),
        (ZeroDivisionError("by nothing"), "RestorerError"),
    ],
)
def test_what_nobody_expected_is_told_too(
    fault: Exception, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def work(_progress: Progress) -> None:
        sys.stdout.write("for people\n")
        raise fault

    assert follow(work, tmp_path, None) == 1
    said = capsys.readouterr()
    (entry,) = lines(said.out)
    error = entry["error"]
    assert isinstance(error, dict)
    assert error["kind"] == kind
    assert "for people" in said.err


@pytest.mark.parametrize("asked", [Cancelled, KeyboardInterrupt])
def test_a_training_that_is_stopped_gives_its_own_code(
    asked: type[BaseException], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def work(_progress: Progress) -> None:
        raise asked

    before = signal.getsignal(signal.SIGTERM)
    assert follow(work, tmp_path, None) == 130
    assert signal.getsignal(signal.SIGTERM) is before
    assert capsys.readouterr().out == ""


def test_two_trainings_do_not_write_into_one_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with folder_lock(tmp_path):
        assert follow(lambda _: pytest.fail("it was let in"), tmp_path, tmp_path) == 1
    (entry,) = lines(capsys.readouterr().out)
    assert "Another training" in str(entry["error"])
    assert follow(lambda _: None, tmp_path, tmp_path) == 0


@POSIX
def test_a_training_at_a_terminal_leaves_a_checkpoint_when_it_is_ended(tmp_path: Path) -> None:
    asked = [*words(tmp_path, "--onto", LITE, "--tasks", "old-photo")]
    asked.remove("--json")
    command = [sys.executable, "-m", "restorer_app", "train", *asked]
    child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert child.stderr is not None
    while "step" not in child.stderr.readline():
        assert child.poll() is None
    os.kill(child.pid, signal.SIGTERM)
    _, said = child.communicate(timeout=300)
    assert child.returncode == 130
    assert "Traceback" not in said
    assert (tmp_path / "run" / "state.json").exists()


def begun(tmp_path: Path) -> tuple[subprocess.Popen[str], int]:
    """A training in a process of its own that has taken its first steps, and how many."""
    command = [sys.executable, "-m", "restorer_app", "train", *words(tmp_path, "--onto", LITE)]
    child = subprocess.Popen(
        [*command, "--tasks", "old-photo"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    said = json.loads(child.stdout.readline())
    assert said["done"] > 0
    return child, int(said["stage"].removeprefix("step "))


LITE = str(Path(__file__).parents[2] / "resources" / "models" / "lite")


@POSIX
@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_signal_leaves_a_checkpoint_and_no_traceback(tmp_path: Path, asked: int) -> None:
    child, steps = begun(tmp_path)
    os.kill(child.pid, asked)
    _, said = child.communicate(timeout=300)
    assert child.returncode == 130
    assert "Traceback" not in said
    state = json.loads((tmp_path / "run" / "state.json").read_text("utf-8"))
    assert state["step"] >= steps > 0


def test_a_word_leaves_a_checkpoint_where_no_signal_can(tmp_path: Path) -> None:
    child, steps = begun(tmp_path)
    _, said = child.communicate("stop\n", timeout=300)
    assert child.returncode == 130
    assert "Traceback" not in said
    state = json.loads((tmp_path / "run" / "state.json").read_text("utf-8"))
    assert state["step"] >= steps > 0


@POSIX
def test_what_is_typed_at_a_terminal_is_left_to_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    keys, terminal = os.openpty()
    with os.fdopen(terminal) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        asked = _asked_to_stop()
        os.write(keys, b"stop\n")
        assert stdin.readline() == "stop\n"
        assert not asked.is_set()
    os.close(keys)


@pytest.mark.parametrize(
    ("said", "stops"), [(b"st|op\r\n", True), (b"stopped\n", False), (b"", False)]
)
def test_only_the_word_stops_and_no_end_of_stdin(said: bytes, stops: bool) -> None:
    reading, writing = os.pipe()
    asked = threading.Event()
    listening = threading.Thread(target=_listen, args=(reading, asked))
    listening.start()
    for part in said.split(b"|"):
        os.write(writing, part)
    os.close(writing)
    listening.join(timeout=30)
    assert asked.is_set() is stops
    os.close(reading)


def test_a_reader_that_is_gone_is_ctrl_c(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    seen: list[float] = []

    def work(progress: Progress) -> None:
        progress.report(0.5, "half")
        seen.append(0.5)

    stream = os.fdopen(writing, "w")
    monkeypatch.setattr(sys, "stdout", stream)
    assert follow(work, tmp_path, None) == 130
    assert seen == []
    with pytest.raises(BrokenPipeError):
        stream.close()
