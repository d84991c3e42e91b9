"""Stand-ins for a step of a training. They load nothing, so that they start at once.

    training_children.py SCRIPT [train] --json ACT ...

Scripts: `work` says that it is half through, writes what its --out names and ends; `hang` waits
for Ctrl-C and then ends as a training does; `deaf` hears no Ctrl-C; `refuse` fails with a reason;
`crash` fails with a traceback; `die` is killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

HANGS = 60.0
"""Seconds that a child hangs unless it is ended."""


def _say(**entry: object) -> None:
    sys.stdout.write(json.dumps(entry) + "\n")
    sys.stdout.flush()


def _out(words: list[str]) -> Path:
    out = Path(words[words.index("--out") + 1])
    if words[1] == "predictor":
        out = out / f"{words[words.index('--tasks') + 1]}.safetensors"
    return out


def _log(words: list[str], done: float) -> None:
    """As a training does, if this is one."""
    if "--run" in words:
        run = Path(words[words.index("--run") + 1])
        run.mkdir(parents=True, exist_ok=True)
        with (run / "log.jsonl").open("a") as file:
            for index in range(4):
                entry = {"done": done * (index + 1) / 4, "loss": {"loss": 0.5 / (index + 1)}}
                file.write(json.dumps(entry) + "\n")


def main(script: str, words: list[str]) -> int:
    """Play one part; gives the exit code."""
    words = words[1:] if words[0] == "train" else words
    assert words[0] == "--json"
    if script == "deaf":
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    _log(words, 0.5)
    _say(done=0.5, stage="half")
    match script:
        case "hang" | "deaf":
            try:
                time.sleep(HANGS)
            except KeyboardInterrupt:
                return 130
        case "refuse":
            _say(error={"kind": "BadRecipe", "message": "It is wrong", "remedy": "Mend it."})
            return 1
        case "crash":
            raise ZeroDivisionError("by nothing")
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
    sys.stdout.write("this is no JSON\n")
    out = _out(words)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(" ".join(words), encoding="utf-8")
    _say(done=1.0, stage="end")
    _say(out=str(out))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
