"""The panel of controls: what is mixed live, what needs a run, the brushes, the run itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QWidget

from restorer_app.gui.look.theme import role, rows
from restorer_app.gui.models.model_choice import ModelChoice
from restorer_app.gui.panel.brush_row import BrushRow
from restorer_app.gui.panel.rerun_heading import RerunHeading
from restorer_app.gui.panel.run_bar import RunBar
from restorer_app.gui.panel.segments import Segments
from restorer_app.gui.panel.slider_row import SliderRow
from restorer_app.model_cards import ModelCard
from restorer_app.own_adapters import OwnAdapter

SLIDERS = ("strength", "detail", "colour", "grain", "faces")
"""Of the mix."""
SENSITIVITY = "sensitivity"
"""The slider that says how readily something is taken for a damaged place."""
SCALES = (1, 2, 4)
DEFAULTS = {
    "strength": 1.0,
    "detail": 1.0,
    "colour": 1.0,
    "grain": 0.0,
    "faces": 0.0,
    "scale": 1.0,
    SENSITIVITY: 0.5,
    "seed": 0.0,
}


class Adjustments(QWidget):
    """All controls of the current photo. Values run from 0 to 1; `scale` is 1, 2 or 4."""

    changed = Signal(str, float)
    """A control moved: which, and where it is now. Live, for the mix on screen."""
    committed = Signal(str, float)
    """A control came to rest: one step to undo."""
    brush_chosen = Signal(str)
    brush_size_changed = Signal(int)
    masks_cleared = Signal()
    model_chosen = Signal(str)
    adapter_chosen = Signal(object)
    """An `OwnAdapter`."""
    model_wanted = Signal(str)
    """A model that is not here is asked for."""
    run_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seed = DEFAULTS["seed"]
        self._sliders = {name: SliderRow() for name in (*SLIDERS, SENSITIVITY)}
        self._scale = Segments([f"{scale}×" for scale in SCALES])
        self._brushes = BrushRow()
        self._model = ModelChoice()
        self._run = RunBar()
        self._headings = {name: role(QLabel(), "heading") for name in ("mix", "brush")}
        self._rerun_headings = {name: RerunHeading() for name in ("size", SENSITIVITY)}
        self._finding = QWidget()
        self._faces_note = role(QLabel(), "dim")
        self._faces_note.setWordWrap(True)
        self._faces_note.hide()
        self._arrange()
        self._connect()
        self.set_defaults(DEFAULTS)
        self.set_values(DEFAULTS)
        self.retranslate()

    def values(self) -> dict[str, float]:
        """Where every control stands."""
        found = {name: row.value for name, row in self._sliders.items()}
        return {**found, "scale": float(self._scale.value.rstrip("×") or 1), "seed": self._seed}

    def set_values(self, values: Mapping[str, float]) -> None:
        """Show these without a signal; controls that are not named stay."""
        for name, row in self._sliders.items():
            if name in values:
                row.set_value(values[name])
        if "scale" in values:
            self._scale.choose(f"{round(values['scale'])}×")
        self._seed = values.get("seed", self._seed)

    def set_defaults(self, values: Mapping[str, float]) -> None:
        """Where a reset brings each control: the preset's own values."""
        for name, row in self._sliders.items():
            if name in values:
                row.set_default(values[name])

    def set_available(self, names: Collection[str]) -> None:
        """Which controls can be moved now; the others stand still, greyed."""
        for name, row in self._sliders.items():
            row.setEnabled(name in names)
        self._scale.setEnabled("scale" in names)
        self._brushes.setEnabled("brush" in names)
        self._model.setEnabled("model" in names)

    def set_ready(self, is_ready: bool) -> None:
        """Whether a photo is open."""
        self.set_available((*SLIDERS, "scale", SENSITIVITY, "brush", "model") if is_ready else ())
        self._run.set_ready(is_ready)

    def set_models(self, cards: Sequence[ModelCard]) -> None:
        """The models there are to choose from."""
        self._model.set_cards(cards)

    def set_model(self, model: str) -> None:
        """The model of the photo on screen, without a signal."""
        self._model.show_model(model)

    def set_adapters(self, adapters: Sequence[OwnAdapter]) -> None:
        """The user's own adapters there are to choose from."""
        self._model.set_adapters(adapters)

    def set_adapter(self, adapter: Path | None) -> None:
        """The user's own adapter of the photo on screen, without a signal; None for none."""
        self._model.show_adapter(adapter)

    def set_cost(self, text: str) -> None:
        self._run.set_cost(text)

    def set_running(self, is_running: bool) -> None:
        self._run.set_running(is_running)

    def set_progress(self, done: float, text: str = "") -> None:
        """How far the run is, 0 to 1, and in words."""
        self._run.set_progress(done, text)

    def set_needs_run(self, needs_run: bool, why: str = "") -> None:
        """Whether the picture on screen is older than what is set, and why."""
        self._run.set_needs_run(needs_run, why)

    def set_finding(self, is_finding: bool) -> None:
        """Whether damaged places are looked for, so that there is something to set about it."""
        self._finding.setVisible(is_finding)

    def set_faces_note(self, text: str) -> None:
        """A line below face protection, such as how many faces were found; empty for none."""
        self._faces_note.setText(text)
        self._faces_note.setVisible(bool(text))

    def set_brush(self, kind: str) -> None:
        """Take up a brush (`keep`, `restore`, `erase`) or put it down, without a signal."""
        self._brushes.set_kind(kind)

    def press_brush(self, kind: str) -> None:
        """As if its button were clicked: takes the brush up, or puts it down."""
        self._brushes.press(kind)

    def resize_brush(self, factor: float) -> None:
        """Make the brush larger or smaller, with a signal."""
        self._brushes.resize_by(factor)

    def set_brush_size(self, radius: int) -> None:
        """Radius in pixels of the photo, without a signal."""
        self._brushes.set_size(radius)

    def slider(self, name: str) -> SliderRow:
        """One of `SLIDERS`, or `SENSITIVITY`; raises `KeyError` for another."""
        return self._sliders[name]

    def reset(self, name: str) -> None:
        """Bring one slider back to its start, as the user would."""
        self._sliders[name].reset()

    def retranslate(self) -> None:
        hint = self.tr("Double-click the name, or press Delete, to reset.")
        for name, (title, text) in self._words().items():
            self._sliders[name].set_words(title, text, hint)
        self._headings["mix"].setText(self.tr("Mix"))
        self._headings["brush"].setText(self.tr("Brush"))
        mark, why = self.tr("Needs a new run"), self.tr("A change here shows after the next run.")
        self._rerun_headings["size"].set_words(self.tr("Size"), mark, why)
        self._rerun_headings[SENSITIVITY].set_words(self.tr("Scratches and dust"), mark, why)
        for scale in SCALES:
            button = self._scale.button(f"{scale}×")
            size = self.tr("Same size") if scale == 1 else self.tr("{n} times as large")
            button.setToolTip(f"{size.format(n=scale)}. {mark}.")
            button.setAccessibleName(size.format(n=scale))
            button.setAccessibleDescription(mark)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _words(self) -> dict[str, tuple[str, str]]:
        return {
            "strength": (
                self.tr("Strength"),
                self.tr("How much of the whole change is kept. At 0 % the original shows."),
            ),
            "detail": (
                self.tr("Detail"),
                self.tr("How much of the change in fine texture is kept."),
            ),
            "colour": (
                self.tr("Colour"),
                self.tr("How much of the change in colour is kept; brightness is not touched."),
            ),
            "grain": (
                self.tr("Grain"),
                self.tr("Gives back some of the fine noise that was taken away."),
            ),
            "faces": (
                self.tr("Face protection"),
                self.tr("Keeps faces as they were. At 100 % they stay the original's."),
            ),
            SENSITIVITY: (
                self.tr("Sensitivity"),
                self.tr(
                    "How readily a line or a speck is taken for damage. More where scratches stay,"
                    " less where wires or lashes go."
                ),
            ),
        }

    def _connect(self) -> None:
        for name, row in self._sliders.items():
            row.changed.connect(lambda value, name=name: self.changed.emit(name, value))
            row.committed.connect(lambda value, name=name: self.committed.emit(name, value))
        self._scale.chosen.connect(self._tell_scale)
        self._brushes.chosen.connect(self.brush_chosen)
        self._brushes.size_changed.connect(self.brush_size_changed)
        self._brushes.cleared.connect(self.masks_cleared)
        self._model.chosen.connect(self.model_chosen)
        self._model.adapter_chosen.connect(self.adapter_chosen)
        self._model.wanted.connect(self.model_wanted)
        self._run.run_requested.connect(self.run_requested)
        self._run.cancel_requested.connect(self.cancel_requested)

    def _arrange(self) -> None:
        page = QWidget()
        layout = rows(gap=6, margin=12)
        page.setLayout(layout)
        layout.addWidget(self._finding)
        self._arrange_finding()
        layout.addWidget(self._headings["mix"])
        for name in SLIDERS:
            layout.addWidget(self._sliders[name])
        layout.addWidget(self._faces_note)
        layout.addWidget(_line())
        layout.addWidget(self._rerun_headings["size"])
        layout.addWidget(self._scale)
        layout.addWidget(_line())
        layout.addWidget(self._headings["brush"])
        layout.addWidget(self._brushes)
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        foot = rows(gap=8, margin=12)
        foot.addWidget(self._model)
        foot.addWidget(self._run)
        whole = rows(gap=0)
        whole.addWidget(scroll, 1)
        whole.addWidget(_line())
        whole.addLayout(foot)
        self.setLayout(whole)

    def _arrange_finding(self) -> None:
        """What there is to set where damage is looked for; on top, for such photos need it most."""
        finding = rows(gap=6)
        finding.addWidget(self._rerun_headings[SENSITIVITY])
        finding.addWidget(self._sliders[SENSITIVITY])
        finding.addWidget(_line())
        self._finding.setLayout(finding)
        self._finding.hide()

    def _tell_scale(self, value: str) -> None:
        scale = float(value.rstrip("×"))
        self.changed.emit("scale", scale)
        self.committed.emit("scale", scale)


def _line() -> QFrame:
    return role(QFrame(), "line")
