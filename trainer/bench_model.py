"""The benches' doors to the program: the lite model, the autopilot, and the console.

Importing this module loads no torch; its functions do.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from engine.preset import load_presets
from engine.progress import Silent
from engine.request import RestoreRequest

if TYPE_CHECKING:
    from engine.photo import FloatArray
    from trainer.bench_harm import Auto
    from trainer.bench_trial import Model


def lite_model(weights: Path | None) -> Model:
    """The predictor on the CPU, with the shipped weights or those of a file."""
    from engine.diffusion.predictor import load_predictor

    if weights is not None:
        raise NotImplementedError
    return load_predictor("cpu")


def auto_restorer() -> Auto:
    """The whole way of a picture with the preset "auto", as the program itself goes it."""
    from engine.diffusion.restore import Restorer

    preset = load_presets()["auto"]
    cache = tempfile.TemporaryDirectory(prefix="restorer-bench-")
    restorer = Restorer(cache=Path(cache.name))

    def auto(path: Path) -> tuple[str, FloatArray]:
        request = RestoreRequest(source=path, preset=preset, device="cpu")
        photo, result = restorer.restore(request, Silent())
        result.restored.unlink(missing_ok=True)
        assert cache.name  # keeps the folder as long as this function lives
        return result.preset.id, photo.pixels

    return auto


def say(text: str) -> None:
    """Print to the console: what the bench was asked for."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
