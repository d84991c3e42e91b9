"""The page of trainings, and the user's own adapters among the choices for a photo."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QFontMetrics, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from restorer_app.gui.look.translations import Languages
from restorer_app.gui.models.model_choice import ModelChoice
from restorer_app.gui.models.model_words import variant_title
from restorer_app.gui.panel.segments import Segments
from restorer_app.gui.trainings import training_words
from restorer_app.gui.trainings.loss_curve import LossCurve
from restorer_app.gui.trainings.training_flow import TrainingFlow
from restorer_app.gui.trainings.training_panel import TrainingPanel
from restorer_app.gui.trainings.trainings_page import TrainingsPage
from restorer_app.jobs import JobError
from restorer_app.model_cards import Fit, ModelCard, Precision
from restorer_app.training_checks import FEWEST, Doubt, Objection
from restorer_app.training_log import LossPoint
from restorer_app.training_runner import TrainingRunner
from restorer_app.training_store import TrainingStore
from restorer_app.trainings import Act, StepState, Training, TrainingOrder, TrainingStep, begun
from tests.app import training_children
from tests.app.conftest import write_photo
from tests.gui.rig import Rig

_MILLISECONDS = 30_000


def card(id: str, title: str, **more: object) -> ModelCard:
    precision = Precision(
        name="q4", bytes=1, exact=True, need=1, fit=Fit.PROCESSOR, peak=1, gated=False
    )
    facts: dict[str, object] = {"licence": "MIT", "may_sell": "Yes.", "precisions": (precision,)}
    return ModelCard(id=id, title=title, **{**facts, **more})  # type: ignore[arg-type]


CARDS = (
    card("lite", "Lite", paints=False, shipped=True),
    card("lite-texture", "Lite Texture", here=("q4",), shipped=True, is_flux=False),
    card("flux-nano", "FLUX nano", here=("q4",), shipped=True),
    card("flux1-schnell", "FLUX.1 schnell", here=("q4",)),
    card("flux1-dev", "FLUX.1 dev"),
)


class Scene:
    """A window whose trainings are played by children of the test."""

    def __init__(self, rig: Rig, qtbot: QtBot) -> None:
        self.rig, self.qtbot = rig, qtbot
        self.store = TrainingStore(rig.folder / "trainings")
        self.photos = rig.folder / "clean"
        for seed in range(FEWEST):
            write_photo(self.photos / f"{seed}.png", seed)
        self.begun = False
        self.open("work")

    def open(self, script: str) -> None:
        """As if the program were started, with steps that play this script."""
        if self.begun:
            self.close()
            self.flow.deleteLater()
        self.begun = True
        start = [sys.executable, str(Path(training_children.__file__)), script]
        runner = TrainingRunner(self.store, self.rig.courier.post, start=start)
        self.flow = TrainingFlow(self.rig.window, self.rig.session, runner, lambda: CARDS)
        self.page = self.flow.make_page()
        self.page.resize(640, 900)
        with self.qtbot.waitExposed(self.page):
            self.page.show()

    def close(self) -> None:
        self.flow.close()
        if isValid(self.page):
            self.page.close()
            self.page.deleteLater()

    def field(self, kind: type[QWidget], name: str) -> QWidget:
        return next(w for w in self.page.form.findChildren(kind) if w.accessibleName() == name)

    def name(self, text: str) -> None:
        line = self.field(QLineEdit, "Name")
        assert isinstance(line, QLineEdit)
        line.setText(text)

    def folder(self, place: Path | str) -> None:
        line = self.field(QLineEdit, "Clean photos")
        assert isinstance(line, QLineEdit)
        line.setText(str(place))

    def choose(self, name: str, text: str) -> None:
        """As if a line of a choice were clicked."""
        box = self.field(QComboBox, name)
        assert isinstance(box, QComboBox)
        index = box.findText(text)
        assert index >= 0, [box.itemText(i) for i in range(box.count())]
        box.setCurrentIndex(index)
        box.activated.emit(index)

    def lines(self, name: str) -> list[str]:
        box = self.field(QComboBox, name)
        assert isinstance(box, QComboBox)
        return [box.itemText(index) for index in range(box.count())]

    def for_texture(self) -> None:
        self.page.form.findChild(Segments).button("flux").click()

    def for_flux(self) -> None:
        self.for_texture()
        self.choose("Model", "FLUX nano")

    @property
    def start(self) -> QAbstractButton:
        buttons = self.page.form.findChildren(QAbstractButton)
        return next(button for button in buttons if button.text() == "Start training")

    def begin(self, name: str = "Mine", state: StepState = StepState.DONE) -> TrainingPanel:
        self.name(name)
        self.folder(self.photos)
        self.start.click()
        assert self.doubt == ""
        panel = self.page.panel(self.store.name_for(name))
        self.qtbot.waitUntil(lambda: panel.training.state is state, timeout=_MILLISECONDS)
        return panel

    def until_half(self, panel: TrainingPanel) -> None:
        half = lambda: panel.training.current.done == 0.5  # noqa: E731
        self.qtbot.waitUntil(half, timeout=_MILLISECONDS)

    @property
    def doubt(self) -> str:
        labels = self.page.form.findChildren(QLabel)
        shown = [label for label in labels if label.property("role") == "error"]
        return " ".join(label.text() for label in shown if label.isVisible())

    @property
    def choice(self) -> ModelChoice:
        return self.rig.window.adjustments.findChild(ModelChoice)

    @property
    def choices(self) -> list[str]:
        box = self.choice.findChild(QComboBox)
        return [text for text in map(box.itemText, range(box.count())) if text]

    def pick(self, text: str) -> None:
        box = self.choice.findChild(QComboBox)
        index = box.findText(text)
        assert index >= 0
        box.setCurrentIndex(index)
        box.activated.emit(index)


def words(root: QWidget) -> str:
    return " ".join(label.text() for label in root.findChildren(QLabel) if label.isVisible())


@pytest.fixture
def scene(rig: Rig, qtbot: QtBot) -> Iterator[Scene]:
    scene = Scene(rig, qtbot)
    rig.window.adjustments.set_models(CARDS)
    rig.window.adjustments.model_chosen.connect(rig.session.set_model)  # as the flow of models does
    yield scene
    scene.close()


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[QMessageBox.StandardButton], list[str]]:
    """Answers the next question; gives the questions asked."""

    def set_to(button: QMessageBox.StandardButton) -> list[str]:
        asked: list[str] = []

        def question(_parent: QWidget, _title: str, text: str) -> QMessageBox.StandardButton:
            asked.append(text)
            return button

        monkeypatch.setattr(QMessageBox, "question", question)
        return asked

    return set_to


def test_a_training_for_any_computer_runs_to_an_adapter(scene: Scene) -> None:
    panel = scene.begin("My camera")
    order = panel.training.order
    assert (order.model, order.task, order.recipe) == ("lite", "denoise", "lite")
    assert order.photos == scene.photos
    assert panel.bar(Act.PREDICTOR).value() == panel.bar(Act.PREDICTOR).maximum()
    assert f"The adapter lies in {scene.flow.runner.adapter('my-camera')}" in words(panel)
    assert len(panel.curve.points) == 4
    assert panel.curve.isVisible()
    assert not panel.button("use").isVisible()
    assert not panel.button("stop").isVisible()
    line = scene.field(QLineEdit, "Name")
    assert isinstance(line, QLineEdit)
    assert line.text() == ""


def test_a_training_for_flux_paints_its_pictures_if_asked(scene: Scene) -> None:
    scene.for_flux()
    assert scene.lines("Model") == ["Lite Texture", "FLUX nano", "FLUX.1 schnell"]
    assert scene.lines("Recipe") == ["Ours: flux", "A file of your own…"]
    folder = scene.field(QLineEdit, "Clean photos")
    scene.page.form.findChild(QCheckBox).click()
    assert not folder.isEnabled()
    scene.choose("Model", "FLUX.1 schnell")
    assert "takes days" in words(scene.page.form)
    scene.choose("Model", "FLUX nano")
    assert "takes days" not in words(scene.page.form)
    panel = scene.begin()
    assert [step.act for step in panel.training.steps] == list(panel.training.order.acts)
    assert panel.training.order.pictures == 200
    said = words(panel)
    for text in ("Flux paints pictures", "The good ones are picked", "Pairs are prepared"):
        assert text in said


def test_guidance_for_lite_texture_is_trained_on_a_folder_alone(scene: Scene) -> None:
    paint = scene.page.form.findChild(QCheckBox)
    scene.for_flux()
    paint.click()
    scene.choose("Model", "Lite Texture")
    assert not paint.isVisible()
    assert scene.field(QLineEdit, "Clean photos").isEnabled()
    assert scene.lines("Recipe") == ["Ours: flux", "A file of your own…"]
    assert "graphics" not in words(scene.page.form)
    panel = scene.begin("My leaves")
    order = panel.training.order
    assert (order.model, order.task, order.recipe) == ("lite-texture", "", "flux")
    assert order.photos == scene.photos
    assert [step.act for step in panel.training.steps] == [Act.DRAFTS, Act.TEXTURE]
    said = words(panel)
    for text in ("For Lite Texture", "Pairs are prepared", "The adapter learns"):
        assert text in said
    scene.rig.open("a.png")
    panel.button("use").click()
    request = scene.rig.session.request_for(scene.rig.current)
    assert request.model == "lite-texture"
    assert request.adapter == scene.flow.runner.adapter("my-leaves")
    assert "My leaves (yours, Lite Texture)" in scene.choices


def test_its_drafts_begin_anew_and_its_learning_goes_on(scene: Scene) -> None:
    scene.open("hang")
    scene.for_texture()
    panel = scene.begin(state=StepState.RUNNING)
    scene.until_half(panel)
    panel.button("stop").click()
    stopped = lambda: panel.training.state is StepState.STOPPED  # noqa: E731
    scene.qtbot.waitUntil(stopped, timeout=_MILLISECONDS)
    assert "This step begins anew" in words(panel)
    scene.open("work")
    panel = scene.page.panel("mine")
    panel.button("go-on").click()
    done = lambda: panel.training.state is StepState.DONE  # noqa: E731
    scene.qtbot.waitUntil(done, timeout=_MILLISECONDS)
    assert panel.curve.isVisible()


def test_what_the_form_asks_for_is_what_is_ordered(scene: Scene, tmp_path: Path) -> None:
    scene.choose("Against", "Blur")
    assert scene.lines("Recipe")[0] == "Ours: lite"
    scene.choose("Recipe", "Ours: deblur")
    hours = scene.field(QDoubleSpinBox, "Learns for")
    assert isinstance(hours, QDoubleSpinBox)
    hours.setValue(0.5)
    scene.page.form.set_device("cpu")
    scene.name("  Lens ")
    scene.folder(tmp_path)
    assert scene.page.form.order() == TrainingOrder(
        title="Lens", task="deblur", photos=tmp_path, recipe="deblur", hours=0.5, device="cpu"
    )
    scene.choose("Against", "Rain")
    order = scene.page.form.order()
    assert order is not None
    assert (order.task, order.recipe) == ("derain", "lite")
    scene.for_flux()
    scene.page.form.findChild(Segments).button("lite").click()
    order = scene.page.form.order()
    assert order is not None
    assert order.recipe == "lite"


def test_a_recipe_of_ones_own_is_asked_for(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = tmp_path / "mine.toml"
    recipe.write_text("[tasks.denoise]\nshare = 1\n", encoding="utf-8")
    scene.folder(scene.photos)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    scene.choose("Recipe", "A file of your own…")
    assert scene.page.form.order().recipe == "lite"  # type: ignore[union-attr]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(recipe), ""))
    scene.choose("Recipe", "A file of your own…")
    assert scene.page.form.order().recipe == str(recipe)  # type: ignore[union-attr]
    assert scene.lines("Recipe")[-2:] == ["mine.toml", "Another file…"]


def test_a_folder_is_chosen_in_a_dialog(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(scene.photos))
    button = scene.field(QAbstractButton, "Choose the folder of clean photos")
    assert isinstance(button, QAbstractButton)
    button.click()
    assert scene.page.form.order().photos == scene.photos  # type: ignore[union-attr]


def test_what_speaks_against_it_is_said_before_the_start(scene: Scene, tmp_path: Path) -> None:
    scene.name("Mine")
    scene.start.click()
    assert scene.doubt == "Choose a folder with clean photos."
    scene.folder(tmp_path / "none")
    scene.start.click()
    assert "There is no folder" in scene.doubt
    write_photo(tmp_path / "few" / "one.png")
    scene.folder(tmp_path / "few")
    scene.start.click()
    assert f"1, and at least {FEWEST} are needed" in scene.doubt
    assert scene.page.panels == ()
    scene.begin()
    scene.name("Mine")
    scene.start.click()
    assert "already" in scene.doubt
    scene.name("!")
    scene.start.click()
    assert "Give the training a name" in scene.doubt
    assert len(scene.page.panels) == 1


def test_one_training_at_a_time_which_can_be_stopped_and_go_on(scene: Scene) -> None:
    scene.open("hang")
    panel = scene.begin(state=StepState.RUNNING)
    scene.until_half(panel)
    assert "50 %" in words(panel)
    assert "more slowly" in words(panel)
    assert not scene.start.isEnabled()
    assert not panel.button("remove").isVisible()
    panel.button("stop").click()
    stopped = lambda: panel.training.state is StepState.STOPPED  # noqa: E731
    scene.qtbot.waitUntil(stopped, timeout=_MILLISECONDS)
    assert "What is done is kept" in words(panel)
    assert scene.start.isEnabled()
    panel.button("go-on").click()
    assert panel.training.state is StepState.RUNNING
    assert panel.training.current.done == 0.5


def test_what_was_running_is_there_after_a_restart(scene: Scene) -> None:
    scene.open("hang")
    scene.until_half(scene.begin(state=StepState.RUNNING))
    path = scene.store.place("mine") / "training.json"
    killed = path.read_bytes()
    scene.flow.close()
    path.write_bytes(killed)  # as a program leaves it that is killed
    assert json.loads(killed)["steps"][0]["state"] == "running"
    scene.open("work")
    panel = scene.page.panel("mine")
    assert "Stopped · 50 %" in words(panel)
    panel.button("go-on").click()
    done = lambda: panel.training.state is StepState.DONE  # noqa: E731
    scene.qtbot.waitUntil(done, timeout=_MILLISECONDS)


def test_a_failure_is_told_with_what_to_do(scene: Scene) -> None:
    scene.open("refuse")
    panel = scene.begin(state=StepState.FAILED)
    assert "It is wrong. Mend it." in words(panel)
    assert panel.button("go-on").text() == "Try again"


def test_a_training_is_removed_only_after_a_yes(
    scene: Scene, answer: Callable[[QMessageBox.StandardButton], list[str]]
) -> None:
    panel = scene.begin()
    asked = answer(QMessageBox.StandardButton.No)
    panel.button("remove").click()
    assert asked == ["Remove the training “Mine”, with its adapter? It cannot be brought back."]
    assert scene.store.place("mine").is_dir()
    answer(QMessageBox.StandardButton.Yes)
    panel.button("remove").click()
    assert scene.page.panels == ()
    assert not scene.store.place("mine").exists()


def test_its_folder_is_shown(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    scene.begin().button("open").click()
    assert [Path(url.toLocalFile()) for url in opened] == [scene.store.place("mine")]


def test_the_adapter_is_used_for_the_photo_on_screen(scene: Scene) -> None:
    panel = scene.begin("My camera")
    scene.rig.open("a.png")
    assert scene.rig.current.settings.preset.id == "auto"
    panel.button("use").click()
    request = scene.rig.session.request_for(scene.rig.current)
    assert request.adapter == scene.flow.runner.adapter("my-camera")
    assert (request.model, request.preset.task) == ("lite", "denoise")
    assert panel.button("use").text() == "Used for this photo"
    assert not panel.button("use").isEnabled()
    box = scene.choice.findChild(QComboBox)
    assert box.currentText() == "My camera (yours, Lite)"
    scene.rig.session.run_preview()
    scene.rig.finish()
    (variant,) = scene.rig.current.variants
    assert variant_title(variant) == "Denoise, own adapter"
    scene.rig.session.undo()
    assert scene.rig.current.settings.preset.id == "auto"
    assert box.currentText() == "Lite (built in)"


def test_own_adapters_are_among_the_choices_for_a_photo(scene: Scene) -> None:
    scene.rig.open("a.png")
    before = scene.choices
    scene.begin("My camera")
    assert [line for line in scene.choices if line not in before] == ["My camera (yours, Lite)"]
    scene.pick("My camera (yours, Lite)")
    assert scene.rig.current.settings.adapter == scene.flow.runner.adapter("my-camera")
    scene.pick("Lite (built in)")
    assert scene.rig.current.settings.adapter is None
    assert scene.rig.current.settings.model == "lite"


def test_an_adapter_for_flux_keeps_the_preset_and_goes_with_its_model(scene: Scene) -> None:
    scene.for_flux()
    scene.begin("My look")
    scene.rig.open("a.png")
    session = scene.rig.session
    scene.pick("My look (yours, FLUX nano)")
    settings = scene.rig.current.settings
    assert (settings.model, settings.preset.id) == ("flux-nano", "auto")
    assert settings.adapter is not None
    session.choose_preset("denoise")
    assert scene.rig.current.settings.adapter == settings.adapter
    session.reset_all()
    assert scene.rig.current.settings.adapter == settings.adapter
    session.set_model("flux1-schnell")
    assert scene.rig.current.settings.adapter is None


def test_another_preset_brings_its_own_adapter(scene: Scene) -> None:
    scene.begin("My camera")
    scene.rig.open("a.png")
    scene.pick("My camera (yours, Lite)")
    scene.rig.session.choose_preset("enlarge")
    assert scene.rig.current.settings.adapter is None


def test_an_adapter_that_was_removed_is_still_named(scene: Scene) -> None:
    scene.begin("My camera")
    scene.rig.open("a.png")
    scene.pick("My camera (yours, Lite)")
    scene.flow.runner.remove("my-camera")
    assert scene.choice.findChild(QComboBox).currentText() == "denoise"


def test_a_damaged_training_is_named(scene: Scene) -> None:
    place = scene.store.place("torn")
    place.mkdir(parents=True)
    (place / "training.json").write_text("{", encoding="utf-8")
    scene.open("work")
    assert "What lies in “torn” cannot be read" in words(scene.page)


def test_the_wheel_scrolls_the_page_and_turns_nothing_it_passes(scene: Scene) -> None:
    box = scene.field(QDoubleSpinBox, "Learns for")
    assert isinstance(box, QDoubleSpinBox)
    before = box.value()

    def turn() -> None:
        down = QPoint(0, -120)
        place = QPointF(5, 5)
        none = Qt.MouseButton.NoButton
        keys, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(place, box.mapToGlobal(place), down, down, none, keys, phase, False)
        QApplication.sendEvent(box, event)

    turn()
    assert box.value() == before
    scene.page.activateWindow()
    box.setFocus()
    turn()
    assert box.value() < before


def test_the_keyboard_stays_with_the_training(scene: Scene) -> None:
    scene.open("hang")
    panel = scene.begin(state=StepState.RUNNING)
    scene.until_half(panel)
    scene.page.activateWindow()
    panel.button("stop").setFocus()
    scene.qtbot.keyClick(panel.button("stop"), Qt.Key.Key_Space)
    stopped = lambda: panel.training.state is StepState.STOPPED  # noqa: E731
    scene.qtbot.waitUntil(stopped, timeout=_MILLISECONDS)
    assert panel.isAncestorOf(scene.page.focusWidget())


def test_return_in_the_name_starts_it(scene: Scene) -> None:
    scene.folder(scene.photos)
    scene.name("Mine")
    scene.qtbot.keyClick(scene.field(QLineEdit, "Name"), Qt.Key.Key_Return)
    panel = scene.page.panel("mine")
    done = lambda: panel.training.state is StepState.DONE  # noqa: E731
    scene.qtbot.waitUntil(done, timeout=_MILLISECONDS)


def test_everything_can_be_reached_by_keys_and_has_a_name(scene: Scene) -> None:
    scene.begin()
    scene.for_flux()
    for part in scene.page.findChildren(QWidget):
        if isinstance(part, QAbstractButton | QComboBox | QAbstractSpinBox | QLineEdit):
            inside = isinstance(part.parent(), QAbstractSpinBox)
            if part.isHidden() or inside:
                continue
            text = part.text() if isinstance(part, QAbstractButton) else ""
            assert part.accessibleName() or text, part
            if isinstance(part.parent(), Segments):
                continue  # the arrow keys move between them
            assert part.focusPolicy() & Qt.FocusPolicy.TabFocus, part


def test_the_curve_says_what_it_shows(qtbot: QtBot) -> None:
    curve = LossCurve()
    qtbot.addWidget(curve)
    curve.resize(200, 80)
    empty = curve.grab().toImage()
    assert curve.accessibleDescription() == "There are no losses yet."
    points = [LossPoint(index / 1000, 1 / (1 + index)) for index in range(1000)]
    curve.show_points(points)
    assert curve.accessibleDescription() == "From 1 to 0.001 after 100 % of the training."
    assert (curve.points[0], curve.points[-1]) == (points[0], points[-1])
    assert len(curve.points) <= 400
    drawn = curve.grab().toImage()
    assert drawn != empty
    for y in range(drawn.height()):
        for x in range(drawn.width()):
            colour = drawn.pixelColor(x, y)
            assert (
                max(colour.red(), colour.green(), colour.blue())
                - min(colour.red(), colour.green(), colour.blue())
                <= 2
            )


FLUX = TrainingOrder(title="My look at dusk", model="flux-nano", pictures=200, recipe="flux")


def stages() -> Iterator[Training]:
    """A training in all that it can be."""
    fresh = begun("mine", FLUX)
    yield fresh
    for step in fresh.steps:
        changes = {"done": 0.4, "stage": "step 12350", "seconds_left": 90_000.0}
        yield fresh.with_step(step.act, state=StepState.RUNNING, **changes)
    for state in StepState:
        yield fresh.with_step(Act.GENERATE, state=state, done=0.3)
    for kind in ("WorkerDied", "TrainingDied", "CannotStart", "OutOfMemory"):
        failed = fresh.with_step(Act.GENERATE, state=StepState.FAILED)
        yield replace(failed, error=JobError(kind, "The machine said no", "Ask it again."))


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_text_is_cut_in_any_language(
    qapp: QApplication, rig: Rig, qtbot: QtBot, language: str
) -> None:
    languages = Languages(qapp)
    languages.use(language)
    page = TrainingsPage()
    qtbot.addWidget(page)
    page.form.set_cards(CARDS)
    page.form.set_free(10**11)
    page.show_place(rig.folder, ("torn", "worn"))
    (panel,) = page.show_list([begun("mine", FLUX)], lambda name: rig.folder / name)
    page.form.findChild(Segments).button("flux").click()
    models = page.form.findChildren(QComboBox)
    box = next(one for one in models if one.findData("flux-nano") >= 0)
    box.setCurrentIndex(box.findData("flux-nano"))
    page.resize(600, 700)
    try:
        for training in stages():
            panel.show_training(training, [LossPoint(0.1, 0.4), LossPoint(0.4, 0.2)])
            panel.show_possible(start=True, use=True, used=False)
            page.show()
            for _ in range(3):  # a layout that changes asks the one around it, later
                qapp.processEvents()
            assert page.widget().width() <= page.viewport().width()
            for label in page.findChildren(QLabel):
                if label.isVisible():
                    assert label.height() >= label.heightForWidth(label.width()), label.text()
                    word = max(label.text().split() or [""], key=len)
                    assert label.width() >= QFontMetrics(label.font()).horizontalAdvance(word)
            for button in page.findChildren(QAbstractButton):
                if button.isVisible():
                    assert button.width() >= button.minimumSizeHint().width(), button.text()
    finally:
        languages.use("en")


def test_every_objection_has_its_sentence_in_both_languages(qapp: QApplication) -> None:
    doubts = [
        Doubt(objection=objection, what="Mine", found=3 * 10**9, needed=5 * 10**9)
        for objection in Objection
    ]
    english = [training_words.doubt_line(doubt) for doubt in doubts]
    assert all("{" not in line for line in english)
    assert len(set(english)) == len(Objection)
    languages = Languages(qapp)
    languages.use("de")
    try:
        german = [training_words.doubt_line(doubt) for doubt in doubts]
    finally:
        languages.use("en")
    assert not set(german) & set(english)


def test_figures_are_said_as_people_say_them() -> None:
    step = TrainingStep(
        act=Act.ADAPTER,
        state=StepState.RUNNING,
        done=0.4,
        stage="step 350",
        seconds_left=3600.0,
    )
    assert training_words.step_line(step) == "40 % · step 350 · 60 min left"
    step = replace(step, act=Act.GENERATE, stage="picture 3 of 20")
    assert training_words.step_line(step) == "40 % · picture 3 of 20 · 60 min left"
    step = replace(step, act=Act.LATENTS, stage="encoding", seconds_left=None)
    assert training_words.step_line(step) == "40 %"
    step = replace(step, state=StepState.STOPPED)
    assert training_words.step_line(step) == "Stopped"
