"""Drives the real window through all that it shows, and keeps a picture of each stop.

    python -m restorer_app.gui.tour.window_tour OUT [PHOTO...]

Without photos it takes the samples. Needs a display, real or virtual; the size of everything on it
is set by QT_SCALE_FACTOR, as for any Qt program.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from engine.resources import resource
from restorer_app.export import ExportSettings
from restorer_app.gui.compare.panes import Mode
from restorer_app.gui.desk import Desk
from restorer_app.gui.models.models_page import ModelsPage
from restorer_app.gui.tour.tour_models import store_for_tour
from restorer_app.gui.tour.tour_trainings import trainings_for_tour
from restorer_app.gui.trainings.trainings_page import TrainingsPage

log = logging.getLogger(__name__)

_PATIENCE = 120.0
"""Seconds that any stop may take."""
_REST = 0.4
"""Seconds in which the window comes to rest: tiles and histograms are made in the background."""


class Tour:
    """One window and the pictures taken of it."""

    def __init__(self, desk: Desk, out: Path, size: tuple[int, int]) -> None:
        self._desk, self._out, self._count = desk, out, 0
        desk.window.resize(*size)
        desk.window.show()

    def go(self, photos: Sequence[Path]) -> None:
        """All stops, in dark and in light."""
        desk = self._desk
        self._stop("empty")
        desk.begin(photos)
        self._until(self._settled)
        desk.window.cards.chosen.emit("old-photo")
        self._until(self._settled)
        self._stop("old-photo")
        desk.window.cards.chosen.emit("denoise")
        self._until(self._settled)
        for theme in ("dark", "light"):
            desk.preferences.keep(replace(desk.preferences.now, theme=theme))
            for name, act in self._stops():
                act()
                self._stop(f"{theme}-{name}")
            self._models(theme)
            self._trainings(theme)
        self._dialogs()

    def _stops(self) -> Iterator[tuple[str, Callable[[], object]]]:
        view, sliders = self._desk.window.view, self._desk.window.adjustments
        yield "split", lambda: view.set_mode(Mode.SPLIT)
        yield "side-by-side", lambda: view.set_mode(Mode.SIDE_BY_SIDE)
        yield "stacked", lambda: view.set_mode(Mode.STACKED)
        yield "single", lambda: view.set_mode(Mode.SINGLE)
        yield "difference", lambda: view.set_mode(Mode.DIFFERENCE)
        yield "split-again", lambda: view.set_mode(Mode.SPLIT)
        yield "zoomed", lambda: view.set_percent(200)
        yield "loupe", lambda: view.set_loupe(True)
        yield "fit", self._fit
        yield "mixed", lambda: sliders.changed.emit("strength", 0.5)
        yield "invention", lambda: view.set_invention_shown(True)
        yield "mixed-back", lambda: self._back()

    def _fit(self) -> None:
        self._desk.window.view.set_loupe(False)
        self._desk.window.view.fit()

    def _back(self) -> None:
        self._desk.window.view.set_invention_shown(False)
        self._desk.session.reset_all()
        self._desk.window.cards.chosen.emit("denoise")

    def _models(self, theme: str) -> None:
        """The page of models with a download at work, and a photo that one is chosen for."""
        desk = self._desk
        desk.models.downloads.download("flux1-schnell")
        desk.show_models()
        self._until(lambda: any(task.figures.rate for task in desk.models.downloads.tasks))
        page = desk.window.findChild(ModelsPage)
        assert page is not None
        for name, model in (("top", ""), ("download", "flux1-schnell"), ("end", "chroma1-hd")):
            page.reveal(model)
            self._rest()
            self._keep(page.window(), f"{theme}-models-{name}")
        desk.session.set_model("flux2-klein-4b")
        self._stop(f"{theme}-model-chosen")
        desk.models.downloads.cancel("flux1-schnell")
        self._until(lambda: not desk.models.downloads.tasks)
        page.window().close()
        desk.session.set_model("lite")

    def _trainings(self, theme: str) -> None:
        """The page of trainings: the form, and what was trained."""
        desk = self._desk
        desk.training.show()
        page = desk.window.findChild(TrainingsPage)
        assert page is not None
        self._rest()
        self._keep(page.window(), f"{theme}-training-form")
        page.reveal(page.panels[-1].training.name)
        self._rest()
        self._keep(page.window(), f"{theme}-training-done")
        page.window().close()

    def _dialogs(self) -> None:
        """What opens over the window, and a queue at work."""
        desk = self._desk
        shows: tuple[tuple[str, Callable[[], object]], ...] = (
            ("settings", desk.show_settings),
            ("manual", lambda: desk.chores.show_manual(lambda: desk.preferences.languages.current)),
            ("shortcuts", desk.chores.show_shortcuts),
            ("about", desk.chores.show_about),
        )
        for name, show in shows:
            before = set(QApplication.topLevelWidgets())
            show()
            self._rest()
            for dialog in set(QApplication.topLevelWidgets()) - before:
                if dialog.isVisible() and dialog.width() > 100:
                    self._keep(dialog, name)
                dialog.close()
        with tempfile.TemporaryDirectory() as out:
            desk.export_flow.queue(desk.session.photos, ExportSettings(folder=Path(out)))
            self._until(lambda: desk.queue.running is not None)
            self._stop("queue")
            self._until(lambda: all(job.state.ended for job in desk.queue.jobs))
            self._stop("queue-done")

    def _settled(self) -> bool:
        state = self._desk.session.current
        return state is not None and state.preview is None and state.shown is not None

    def _stop(self, name: str) -> None:
        self._rest()
        self._keep(self._desk.window, name)

    def _keep(self, widget: QWidget, name: str) -> None:
        self._count += 1
        place = self._out / f"{self._count:02}-{name}.png"
        widget.grab().save(str(place))
        log.info("%s", place)

    def _rest(self) -> None:
        end = time.monotonic() + _REST
        while time.monotonic() < end:
            QApplication.processEvents()
            time.sleep(0.01)

    def _until(self, reached: Callable[[], bool]) -> None:
        end = time.monotonic() + _PATIENCE
        while not reached():
            if time.monotonic() > end:
                raise TimeoutError("the window did not come to rest")
            QApplication.processEvents()
            time.sleep(0.01)


def main(argv: Sequence[str]) -> int:
    """Take the tour; 0 when all pictures are there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("photos", type=Path, nargs="*", metavar="PHOTO")
    parser.add_argument("--size", default="1440x900", metavar="WxH")
    parser.add_argument("--language", default="en")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    width, height = (int(side) for side in options.size.split("x"))
    samples = [resource("samples") / name for name in ("astronaut-noise.jpg", "coffee-jpeg.png")]
    options.out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    with tempfile.TemporaryDirectory(prefix="restorer-tour-") as folder:
        place = Path(folder)
        (place / "scratch").mkdir()
        desk = Desk(
            app,
            place / "s.json",
            place / "state",
            place / "presets",
            place / "scratch",
            store_for_tour(place / "models"),
            trainings_for_tour(place / "trainings"),
        )
        desk.preferences.keep(replace(desk.preferences.now, language=options.language))
        try:
            Tour(desk, options.out, (width, height)).go(options.photos or samples)
        finally:
            desk.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
