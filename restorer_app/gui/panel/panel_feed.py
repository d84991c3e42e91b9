"""What the preset cards and the sliders show of the current photo."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject

from engine.preset import Preset
from restorer_app.gui.models.model_work_words import explained
from restorer_app.gui.panel.preset_words import preset_title
from restorer_app.gui.panel.reason_words import reason_words
from restorer_app.gui.spoken_time import cost
from restorer_app.gui.step_words import stage_title
from restorer_app.gui.window import MainWindow
from restorer_app.job_queue import JobQueue
from restorer_app.photo_state import PhotoState
from restorer_app.session import Session


class PanelFeed(QObject):
    """Keeps the panels beside the picture true."""

    def __init__(self, window: MainWindow, session: Session, queue: JobQueue, own: Path) -> None:
        """`own` is the folder of the user's own presets."""
        super().__init__(window)
        self._window, self._session, self._queue, self._own = window, session, queue, own
        self._costs_for: tuple[object, ...] = ()
        session.presets_changed.connect(self.list_presets)
        session.current_changed.connect(self._current)
        session.photo_changed.connect(self._changed)
        self.list_presets()
        self._current(session.current)

    def list_presets(self) -> None:
        """The cards, the user's own apart."""
        presets = self._session.presets
        own = {id for id in presets if (self._own / f"{id}.toml").exists()}
        self._window.cards.set_presets(presets.values(), own)
        self._costs_for = ()
        self._select()

    def show(self, state: PhotoState, megapixels: float, *, anew: bool = False) -> None:
        """Settings, progress and cost for a photo of so many megapixels; `anew` in another
        language."""
        settings, sliders = state.settings, self._window.adjustments
        self._window.cards.select(settings.preset.id)
        self._window.cards.set_seen(_seen(state), settings.preset.id)
        extra = {
            "scale": settings.scale,
            "sensitivity": settings.sensitivity,
            "seed": settings.seed,
        }
        sliders.set_values(asdict(state.blend) | extra)
        usual = {
            "scale": settings.preset.scale,
            "sensitivity": settings.preset.sensitivity,
            "seed": 0,
        }
        sliders.set_defaults(asdict(state.proposed) | usual)
        sliders.set_finding(settings.preset.repairs)
        sliders.set_ready(not state.error)
        running = state.preview is not None
        sliders.set_running(running)
        if state.preview is not None:
            sliders.set_progress(state.preview.done, stage_title(state.preview.stage))
        sliders.set_needs_run(state.needs_run and not running, _why(state))
        chosen = replace(settings.preset, scale=settings.scale)
        own = settings.adapter is not None
        self._show_costs(megapixels, chosen, settings.model, adapter=own, anew=anew)

    def show_faces(self, count: int) -> None:
        """How many faces there are to protect."""
        if count == 1:
            text = self.tr("1 face found")
        else:
            text = self.tr("{} faces found").format(count) if count else self.tr("No faces found")
        self._window.adjustments.set_faces_note(text)

    def _current(self, state: PhotoState | None) -> None:
        """Another photo: nothing can be turned before it is there."""
        self._window.adjustments.set_ready(False)
        self._window.adjustments.set_running(False)
        self._window.adjustments.set_faces_note("")
        self._window.cards.set_seen("")
        if state is None:
            self._select()

    def _select(self) -> None:
        """Tick the preset of the photo on screen, or the one that the next photo starts with."""
        state = self._session.current
        preset = self._session.start if state is None else state.settings.preset
        self._window.cards.select(preset.id)

    def _changed(self, state: PhotoState) -> None:
        if state is self._session.current and state.error:
            self._current(state)

    def _show_costs(
        self, megapixels: float, chosen: Preset, model: str, *, adapter: bool, anew: bool
    ) -> None:
        """How long each preset would take here, once this session has measured the machine."""
        seconds = self._queue.cost(megapixels, chosen, model, adapter=adapter)
        shown = None if seconds is None else round(seconds, 1)
        key = (megapixels, chosen.id, chosen.scale, model, shown)
        if key == self._costs_for and not anew:
            return
        self._costs_for = key
        text = "" if seconds is None else cost(seconds)
        self._window.adjustments.set_cost(text)
        costs = {}
        for id, preset in self._session.presets.items():
            one = self._queue.cost(megapixels, preset, preset.model or model)
            costs[id] = "" if one is None else cost(one)
        self._window.cards.set_costs(costs)


def _seen(state: PhotoState) -> str:
    """What was found in the photo and, of the autopilot's, the preset that it took for that."""
    shown = state.shown
    if shown is None or shown.result.request.preset.id != state.settings.preset.id:
        return ""
    result = shown.result
    reasons = " ".join(reason_words(reason) for reason in result.reasons)
    if state.settings.preset.task != "auto":
        return reasons
    if result.preset.task in ("auto", "nothing"):
        return QCoreApplication.translate("PanelFeed", "Left as it is. {}").format(reasons)
    return f"{preset_title(result.preset)}: {reasons}"


def _why(state: PhotoState) -> str:
    return "" if state.failure is None else explained(state.failure)
