"""The queue over the engine that ships: torch in a child, never in this process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engine.files import load, recipe_in
from engine.preset import load_presets
from engine.request import RestoreRequest
from restorer_app.engine_process import EngineProcess
from restorer_app.job_queue import JobQueue
from restorer_app.jobs import JobState
from restorer_app.photo_settings import PhotoSettings, remixed
from tests.app.conftest import write_photo
from tests.app.engine_doubles import Loop, destination

ROOT = Path(__file__).resolve().parents[2]


def test_a_photo_is_restored_mixed_anew_and_saved_and_a_killed_engine_comes_back(
    tmp_path: Path,
) -> None:
    source = write_photo(tmp_path / "a.png", size=(64, 48))
    settings = PhotoSettings.of(load_presets()["denoise"], device="cpu")
    loop, engines = Loop(), list[EngineProcess]()

    def open_engine(cache: Path, listen: object) -> EngineProcess:
        engines.append(EngineProcess(cache, listen))  # type: ignore[arg-type]
        return engines[-1]

    queue = JobQueue(tmp_path / "cache", loop.post, open_engine=open_engine)
    try:
        (preview,) = queue.add_previews([settings.request(source)])
        loop.until(lambda: preview.state.ended)
        assert preview.state is JobState.DONE, preview.error
        assert preview.result is not None
        kept = remixed(preview.result, settings, replace(settings.preset.blend, strength=0.0))
        job = queue.add(
            kept.request, destination(tmp_path / "b.png"), result=kept, keep_result=True
        )
        loop.until(lambda: job.state.ended)
        assert (load(tmp_path / "b.png").pixels == load(source).pixels).all()
        assert '"strength": 0.0' in (recipe_in(tmp_path / "b.png") or "")
        large = write_photo(tmp_path / "large.png", size=(1600, 1200))
        (lost,) = queue.add_previews([settings.request(large)])
        loop.until(lambda: lost.done > 0)
        child = engines[0]._process
        assert child is not None
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        loop.until(lambda: lost.state.ended)
        assert lost.error is not None
        assert lost.error.kind == "WorkerDied"
        again = queue.add(settings.request(source), destination(tmp_path / "c.png"))
        loop.until(lambda: again.state.ended)
        assert again.state is JobState.DONE
    finally:
        queue.close()
    left = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert left == [preview.result.restored], "nothing stays of the engine that was killed"
    assert queue.engine == "cpu" or queue.engine.startswith(("cuda", "mps"))


@pytest.mark.parametrize("module", ["job_queue", "session", "watch", "settings", "export_plan"])
def test_the_state_of_the_window_loads_neither_torch_nor_qt(module: str) -> None:
    code = (
        f"import sys, restorer_app.{module}\n"
        "sys.exit(any(name.split('.')[0] in ('torch', 'PySide6') for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_the_request_is_the_one_the_command_line_would_make(tmp_path: Path) -> None:
    preset = load_presets()["upscale"]
    request = PhotoSettings.of(preset).request(tmp_path / "a.png")
    assert request == RestoreRequest(source=tmp_path / "a.png", preset=preset)
