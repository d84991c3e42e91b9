"""The window over an engine in the hands of a test: no process, no network, no waiting."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.messages import Finished
from engine.preset import Preset
from engine.request import RestoreResult
from engine.stamps import Stamp
from restorer_app.gui.courier import Courier
from restorer_app.gui.darkroom.darkroom import Darkroom
from restorer_app.gui.darkroom.invention_layer import InventionLayer
from restorer_app.gui.darkroom.masks_on_disk import MasksOnDisk
from restorer_app.gui.darkroom.photo_loader import PhotoLoader
from restorer_app.gui.film.film_feed import FilmFeed
from restorer_app.gui.look.theme import Look
from restorer_app.gui.panel.panel_feed import PanelFeed
from restorer_app.gui.window import MainWindow
from restorer_app.job_queue import JobQueue
from restorer_app.photo_state import PhotoState
from restorer_app.result_cache import ResultCache
from restorer_app.session import Session
from tests.app.conftest import write_photo
from tests.app.engine_doubles import AUTO, DENOISE, HandEngine

ENLARGE = Preset(id="enlarge", title="Enlarge", summary="s", task="upscale", scale=2)
PRESETS = {preset.id: preset for preset in (AUTO, DENOISE, ENLARGE)}


class Rig:
    """Window, session and queue of one test; nothing is restored before the test says so."""

    def __init__(self, app: QApplication, qtbot: QtBot, folder: Path) -> None:
        self.folder, self._qtbot = folder, qtbot
        self.engines: list[HandEngine] = []
        self.courier = Courier()
        self.window = MainWindow(Look(app))
        self.queue = JobQueue(folder / "cache", lambda call: call(), open_engine=self._open)
        self.results = ResultCache(10**9)
        own = folder / "presets"
        self.session = Session(self.queue, PRESETS, self.results, preset_folder=own)
        self.panels = PanelFeed(self.window, self.session, self.queue, own)
        self.film = FilmFeed(self.window, self.session, self.queue)
        self.loader = PhotoLoader(self.courier.post)
        self.invention = InventionLayer(self.window.view, self.courier.post)
        self.at_once = False
        self.darkroom = Darkroom(
            self.window,
            self.session,
            self.loader,
            MasksOnDisk(folder / "masks"),
            self.invention,
            restore_at_once=lambda: self.at_once,
        )
        self.darkroom.panels_changed.connect(lambda state: self.panels.show(state, 1.0))
        self.window.show()

    def close(self) -> None:
        self.courier.close()
        self.session.close()
        self.queue.close()
        self.loader.close()
        self.invention.close()
        self.window.close()
        self.window.deleteLater()

    @property
    def engine(self) -> HandEngine:
        return self.engines[-1]

    @property
    def current(self) -> PhotoState:
        assert self.session.current is not None
        return self.session.current

    def photo(self, name: str, size: tuple[int, int] = (24, 16)) -> Path:
        """A new photo, not yet open."""
        return write_photo(self.folder / name, len(name), size)

    def open(self, *names: str) -> list[Path]:
        """Open new photos, and wait until the current one is on screen."""
        places = [self.photo(name) for name in names]
        self.session.open(places)
        self.wait()
        return places

    def wait(self) -> None:
        """Until the current photo is on screen."""
        path = self.current.path
        self._qtbot.waitUntil(
            lambda: self.darkroom.photo is not None and self.darkroom.photo.source == path
        )

    def restore(self, preset: str) -> Path:
        """Choose, run, finish; gives the file of the result."""
        self.session.choose_preset(preset)
        self.session.run_preview()
        return self.finish()

    def finish(
        self,
        preset: Preset | None = None,
        reasons: tuple[str, ...] = (),
        warnings: tuple[str, ...] = (),
    ) -> Path:
        """The last run gives a picture of a brightness of its own."""
        job, request = self.engine.runs[-1]
        number = len(self.engine.runs)
        with Image.open(request.source) as source:
            width, height = source.size
        if request.region is not None:
            width, height = request.region.width, request.region.height
        done = preset or request.preset
        shape = (height * done.scale, width * done.scale, 3)
        self.engine.cache.mkdir(parents=True, exist_ok=True)
        restored = self.engine.cache / f"{job}-{number}.npy"
        # Another file in its place: what is drawn of a draft there may still be read.
        fresh = restored.with_suffix(".new.npy")
        np.save(fresh, np.full(shape, 3000 * number, np.uint16))
        fresh.replace(restored)
        result = RestoreResult(
            request=request,
            preset=done,
            restored=restored,
            seconds=1.0,
            megapixels=math.prod(shape[:2]) / 1e6,
            device="cpu",
            reasons=reasons,
            warnings=warnings,
            stamp=Stamp.of(request.source),
        )
        self.engine.tell(Finished(job, result))
        return restored

    def _open(self, cache: Path, listen: object) -> HandEngine:
        self.engines.append(HandEngine(cache, listen))  # type: ignore[arg-type]
        return self.engines[-1]
