"""Runs that are stopped from outside, each in a process of its own."""

from __future__ import annotations

import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.app.conftest import contents
from tests.app.scripted import Plan, spawn

if TYPE_CHECKING:
    from tests.app.conftest import Desk

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="signals are sent as POSIX has them"
)


def plan_for(desk: Desk, *argv: str) -> Plan:
    return {
        "argv": [*argv],
        "presets": str(desk.presets),
        "cache": str(desk.folder / "cache"),
        "output": str(desk.folder / "out"),
    }


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("manner", ["reports", "computes", "native"])
def test_signal_ends_a_run_within_a_second(desk: Desk, manner: str, number: signal.Signals) -> None:
    source, output = desk.photo("a.png"), desk.folder / "out" / "b.png"
    plan = plan_for(desk, "restore", str(source), "-o", str(output))
    process = spawn("hang", {**plan, "manner": manner})
    assert process.stderr is not None
    assert process.stderr.readline() == "hanging\n"
    asked = time.monotonic()
    process.send_signal(number)
    said = process.communicate(timeout=20)[1]
    took = time.monotonic() - asked
    assert process.returncode == 130
    assert "Traceback" not in said
    assert contents(desk.folder / "out") == {}
    # A second is the promise; the rest is for a machine that is busy with other things.
    assert took < 3


def test_second_signal_ends_at_once(desk: Desk) -> None:
    source, output = desk.photo("a.png"), desk.folder / "out" / "b.png"
    plan = plan_for(desk, "restore", str(source), "-o", str(output))
    process = spawn("hang", {**plan, "manner": "native"})
    assert process.stderr is not None
    process.stderr.readline()
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 130
    assert contents(desk.folder / "out") == {}


def test_batch_goes_on_after_a_kill_at_any_change_of_a_file(desk: Desk) -> None:
    photos = desk.folder / "photos"
    for seed, name in enumerate(("a.png", "b.jpg", "sub/a.png")):
        desk.photo(f"photos/{name}", seed)
    assert desk.run("batch", photos, "-o", desk.folder / "clean", "--recursive", "--quiet") == 0
    expected = contents(desk.folder / "clean")
    assert [*expected] == ["a.png", "b.jpg", "sub/a.png"]
    killed = 0
    for at in range(1, 200):
        output = desk.folder / f"out{at}"
        argv = ("batch", str(photos), "-o", str(output), "--recursive", "--quiet")
        plan: Plan = {**plan_for(desk, *argv), "output": str(output), "at": at}
        process = spawn("kill", plan)
        process.communicate(timeout=60)
        code = process.returncode
        if code == 0:
            break
        assert code == -signal.SIGKILL
        killed += 1
        assert desk.run(*argv, "--resume") == 0
        assert contents(output) == expected, f"killed at change {at}"
        assert not list((desk.folder / "cache").glob("*")), "what the killed run left is removed"
    assert killed >= 8
