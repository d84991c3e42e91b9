"""Runs the program over a double in a process of its own, which something then happens to.

    python -m tests.app.scripted kill PLAN       PLAN is JSON: argv, presets, cache, at
    python -m tests.app.scripted hang PLAN
    python -m tests.app.scripted crew PLAN

`kill` ends itself with SIGKILL at the `at`-th change of a file below the folder `output`. `hang`
prints "hanging" on stderr once the engine is at work, and then works without end: with "reports"
it goes on reporting, with "computes" it never reports again, with "native" it even stays in one
call into C. `crew` has engines in processes of their own that hang as their photos are called.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TypedDict

from restorer_app.cli import Program
from tests.app.conftest import machine
from tests.app.crew_doubles import open_hanging
from tests.doubles import FakeRestorer, Hook, no_hook

ROOT = Path(__file__).resolve().parents[2]
_CHANGES = ("open", "os.rename", "os.remove", "os.mkdir", "os.truncate", "os.link", "shutil.rmtree")


class Plan(TypedDict, total=False):
    """What the process shall do."""

    argv: list[str]
    presets: str
    cache: str
    output: str
    at: int
    manner: str


def spawn(verb: str, plan: Plan) -> subprocess.Popen[str]:
    """The process, started as the first of a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.app.scripted", verb, json.dumps(plan)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run_program(plan: Plan, hook: Hook = no_hook, steps: int = 4) -> int:
    program = Program(
        open_engine=lambda cache: FakeRestorer(cache, hook=hook, steps=steps),
        models=list,
        preset_folders=(Path(plan["presets"]),),
        cache=Path(plan["cache"]),
        open_process=open_hanging,
        inspect_machine=machine,
    )
    return program.run(plan["argv"])


def kill_at(number: int, output: str) -> None:
    """Arrange for SIGKILL just before the `number`-th change of a file below `output`."""
    seen = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event not in _CHANGES or output not in str(arguments[0]):
            return
        seen += 1
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def hanging(manner: str) -> Hook:
    """A hook that never comes back, except to report where `manner` says so."""
    told: list[str] = []

    def hook(name: str, done: float) -> None:
        if done == 0:
            return
        if not told:
            told.append(name)
            sys.stderr.write("hanging\n")
            sys.stderr.flush()
        while manner == "computes":
            pass
        if manner == "native":
            # One call that takes an hour and lets no signal handler of Python's run.
            hashlib.pbkdf2_hmac("sha256", b"", b"", 2**31 - 1)

    return hook


if __name__ == "__main__":
    verb, text = sys.argv[1:]
    plan: Plan = json.loads(text)
    if verb == "kill":
        kill_at(plan["at"], plan["output"])
    if verb in ("kill", "crew"):
        sys.exit(run_program(plan))
    # So many reports that the end of them is never reached.
    sys.exit(
        run_program(plan, hanging(plan["manner"]), 10**9 if plan["manner"] == "reports" else 4)
    )
