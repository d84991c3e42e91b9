"""Restores one photo and says when the first of it was finished.

    python -m trainer.bench.watched PHOTO CACHE PRESET [LEFT TOP RIGHT BOTTOM]

That is its first tile, or of a part of it, as it is in sight, all.

`restorer bench speed` starts it as a process of its own, to see what starting anew costs.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

FIRST = "first pixels at "
"""How the moment is announced, in seconds since the epoch."""


class FirstTile:
    """A `Progress` that announces the first finished tile on stdout."""

    def __init__(self) -> None:
        self._tiles = 0

    def report(self, done: float, stage: str = "") -> None:
        if stage != "restoring":
            return
        # the predictor reports before each tile, so the second report means one is done
        self._tiles += 1
        if self._tiles == 2:
            sys.stdout.write(f"{FIRST}{time.time()}\n")


def main(photo: Path, cache: Path, preset: str, sides: Sequence[int]) -> None:
    """Restore `photo`, or the box with these sides; the result is thrown away."""
    # here, because this module is also read by those who only start it
    from engine.diffusion.restore import Restorer
    from engine.photo import Box
    from engine.progress import Silent
    from engine.request import RestoreRequest

    restorer = Restorer(cache=cache)
    request = RestoreRequest(
        source=photo,
        preset=restorer.presets[preset],
        region=Box(*sides) if sides else None,
        device="cpu",
    )
    result = restorer.run(request, Silent() if sides else FirstTile())
    if sides:
        sys.stdout.write(f"{FIRST}{time.time()}\n")
    result.restored.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], [int(side) for side in sys.argv[4:]])
