"""Tries a bundle as a new user would: an empty home, and nothing of this checkout's Python.

What it restores has to be what the checkout restores, pixel by pixel.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PHOTO = "cat-shake.jpg"
WAYS = (("--preset", "denoise"), ("--model", "lite-texture"), ("--model", "flux-nano"))
"""Options that between them load every kind of model that ships."""
FORMATS = (".jpg", ".tif", ".webp", ".avif")
"""Whose libraries are loaded when a photo is written."""
PATIENCE = 300
"""Seconds that a restoration may take."""
OPEN = 15
"""Seconds that the window stays open."""
_IS_BAD = re.compile(" (WARNING|ERROR|CRITICAL) ")


def faults(program: Path, samples: Path) -> list[str]:
    """What is wrong with the bundle that `program` starts; mostly nothing."""
    with tempfile.TemporaryDirectory(prefix="restorer-trial-") as home:
        trial = _Trial(program, Path(home))
        return [
            *trial.answers("--version"),
            *trial.answers("doctor"),
            *(fault for way in WAYS for fault in trial.restores(samples / PHOTO, way)),
            *(fault for suffix in FORMATS for fault in trial.writes(samples / PHOTO, suffix)),
            *trial.trains(samples),
            *trial.opens(samples / PHOTO),
        ]


class _Trial:
    def __init__(self, program: Path, home: Path) -> None:
        self._program, self._home = program, home
        kept = ("SYSTEMROOT", "TEMP", "TMP", "DISPLAY", "PATH")
        self._surroundings = {name: os.environ[name] for name in kept if name in os.environ}
        self._surroundings |= {"HOME": str(home), "USERPROFILE": str(home), "LANG": "C.UTF-8"}
        # Windows tells a program where its user's folders are whatever its environment says
        self._surroundings["WIN_PD_OVERRIDE_LOCAL_APPDATA"] = str(home)

    def answers(self, *words: str) -> Iterator[str]:
        """Whether it ends well; it says something in any case."""
        done = self._run([str(self._program), *words])
        if done.returncode or not done.stdout.strip():
            yield f"{' '.join(words)}: {_end_of(done)}"

    def restores(self, photo: Path, way: Sequence[str]) -> Iterator[str]:
        """Whether bundle and checkout make the same picture."""
        pictures = []
        starts = ([str(self._program)], [sys.executable, "-m", "restorer_app"])
        for number, start in enumerate(starts):
            output = self._home / f"{number}.png"
            words = ["restore", str(photo), "-o", str(output), "--device", "cpu", "--overwrite"]
            done = self._run([*start, *words, *way])
            if done.returncode:
                yield f"restore {' '.join(way)}: {_end_of(done)}"
                return
            with Image.open(output) as picture:
                pictures.append(np.asarray(picture))
        before, after = pictures
        if not np.array_equal(before, after):
            yield f"restore {' '.join(way)}: other pixels than without a bundle"

    def writes(self, photo: Path, suffix: str) -> Iterator[str]:
        """Whether a photo in a format can be written, and what was written be read."""
        first, second = self._home / f"first{suffix}", self._home / f"second{suffix}"
        for before, after in ((photo, first), (first, second)):
            words = ["restore", str(before), "-o", str(after), "--preset", "denoise", "--quiet"]
            done = self._run([str(self._program), *words])
            if done.returncode:
                yield f"{suffix}: {_end_of(done)}"
                return

    def trains(self, photos: Path) -> Iterator[str]:
        """Whether a training runs, with the processes that make its pairs."""
        words = ["train", "enlarger", "--photos", str(photos), "--steps", "2", "--workers", "1"]
        run, out = self._home / "run", self._home / "upscale.enlarger.safetensors"
        done = self._run([str(self._program), *words, "--run", str(run), "--out", str(out)])
        if done.returncode or not out.exists():
            yield f"train: {_end_of(done)}"

    def opens(self, photo: Path) -> Iterator[str]:
        """Whether the window opens, ends as it is asked to, and logs nothing that went wrong: also
        that its engine ended would be there."""
        surroundings = {"QT_QPA_PLATFORM": "offscreen"} | self._surroundings
        window = subprocess.Popen(
            [str(self._program), str(photo)], env=surroundings, stderr=subprocess.PIPE, text=True
        )
        time.sleep(OPEN)
        ended = window.poll()
        window.terminate()
        try:
            _, said = window.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            window.kill()
            _, said = window.communicate()
            yield "the window did not end"
        if ended is not None:
            yield f"the window closed by itself with code {ended}: {said[-500:]}"
        yield from self.logged()

    def logged(self) -> Iterator[str]:
        """What the window's log has to say."""
        logs = [path.read_text("utf-8") for path in self._home.rglob("restorer.log")]
        if not logs:
            yield "the window kept no log"
        lines = [line for log in logs for line in log.splitlines()]
        yield from (f"the window logged {line}" for line in lines if _IS_BAD.search(line))

    def _run(self, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(
                words,
                env=self._surroundings,
                cwd=self._home,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(words, 1, "", f"no end within {PATIENCE} s")


def _end_of(done: subprocess.CompletedProcess[str]) -> str:
    said = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()
    return f"code {done.returncode}, and it said: {' / '.join(said[-3:])}"
