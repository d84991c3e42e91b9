"""The page of models, the choice of a photo, and the sign of a download in the status bar."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from engine.backbones import BackboneSpec, backbones
from engine.downloads import Downloader
from engine.messages import Ready
from engine.placement import Hardware
from engine.weights import models
from restorer_app.gui.look.translations import Languages
from restorer_app.gui.models import model_flow, model_words, model_work_words
from restorer_app.gui.models.model_choice import ModelChoice
from restorer_app.gui.models.model_flow import ModelFlow
from restorer_app.gui.models.model_mark import ModelMark
from restorer_app.gui.models.model_panel import ModelPanel
from restorer_app.gui.models.models_page import ModelsPage
from restorer_app.gui.pages.page_dialog import PageDialog
from restorer_app.job_queue import JobQueue
from restorer_app.jobs import JobError
from restorer_app.model_cards import ModelCard, model_cards
from restorer_app.model_phrases import PhraseWriter
from restorer_app.model_store import ModelStore
from restorer_app.model_tasks import Figures, Kind, Task, TaskState
from tests.app.test_models import DECODER, SMALL, catalogue
from tests.fake_hub import FakeHub, Shelf, fake_hub
from tests.gui.rig import Rig

CARD = Hardware(kind="cuda", name="Some GPU", memory=12 * 10**9, ram=32 * 10**9)
PROCESSOR = Hardware(kind="cpu", name="the processor", memory=10**10, ram=10**10)


class Scene:
    """A window whose models come from a hub on this computer."""

    def __init__(self, rig: Rig, qtbot: QtBot, hub: FakeHub) -> None:
        self.rig, self.qtbot, self.hub = rig, qtbot, hub
        self.specs = catalogue(bytes=len(DECODER))
        downloader = Downloader(free=lambda _: 10**12, sleep=lambda _: None, timeout=5.0)
        self.store = ModelStore(
            folder=rig.folder / "models",
            catalogue=lambda: self.specs,
            downloader=downloader,
            hub=hub.address,
        )
        self.flow = ModelFlow(rig.window, rig.session, rig.queue, self.store, rig.courier.post)
        self.page = self.flow.make_page()
        self.page.resize(640, 800)
        with qtbot.waitExposed(self.page):
            self.page.show()

    def panel(self, model: str = "tiny") -> ModelPanel:
        return self.page.panel(model)

    def press(self, name: str, model: str = "tiny") -> None:
        button = self.panel(model).button(name)
        assert button.isVisible()
        assert button.isEnabled()
        button.click()

    def wait(self, state: TaskState, model: str = "tiny") -> None:
        self.qtbot.waitUntil(lambda: self.state(model) is state, timeout=20_000)

    def state(self, model: str = "tiny") -> TaskState | None:
        task = self.flow.downloads.task(model)
        return None if task is None else task.state

    def fetch(self) -> None:
        self.press("download")
        self.wait(TaskState.DONE)

    def words(self, model: str = "tiny") -> str:
        labels = self.panel(model).findChildren(QLabel)
        return " ".join(label.text() for label in labels if label.isVisible())

    @property
    def choice(self) -> ModelChoice:
        return self.rig.window.adjustments.findChild(ModelChoice)

    @property
    def mark(self) -> ModelMark:
        return self.rig.window.models

    @property
    def lines(self) -> list[str]:
        box = self.choice.findChild(QComboBox)
        return [text for text in map(box.itemText, range(box.count())) if text]

    def choose(self, text: str) -> None:
        """As if a line of the choice were clicked."""
        box = self.choice.findChild(QComboBox)
        index = box.findText(text)
        assert index >= 0
        box.setCurrentIndex(index)
        box.activated.emit(index)


@pytest.fixture
def scene(rig: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    with fake_hub() as hub:
        for name, data in (("small", SMALL), ("vae", DECODER)):
            hub.put(f"who/tiny/resolve/main/sub/{name}.safetensors", Shelf(data))
        scene = Scene(rig, qtbot, hub)
        yield scene
        hub.closing.set()
        scene.flow.close()
        if isValid(scene.page):
            scene.page.close()
            scene.page.deleteLater()


def stalled(scene: Scene) -> None:
    """The line falls silent half-way through the first file."""
    shelf = scene.hub.shelves["/who/tiny/resolve/main/sub/small.safetensors"]
    shelf.breaks_after, shelf.stall = [len(SMALL) // 2], True


def test_it_lists_models_with_licence_and_need(scene: Scene) -> None:
    assert [panel.card.id for panel in scene.page.panels] == ["lite", "tiny", "tiny-nc"]
    words = scene.words()
    assert "Apache-2.0: a free licence." in words
    assert "Yes, without asking anyone." in words
    assert "GB of GPU memory." in words
    assert "Not here" in words
    assert "Some GPU" not in words
    assert "not a free licence" in scene.words("tiny-nc")
    assert "Built in" in scene.words("lite")
    assert "are free there" in " ".join(label.text() for label in scene.page.findChildren(QLabel))
    assert scene.hub.asked == []


def test_what_a_model_needs_is_held_against_what_the_engine_says_it_has(scene: Scene) -> None:
    scene.rig.engine.tell(Ready("cuda", CARD))
    assert "Some GPU has 12.0 GB free: it fits." in scene.words()
    scene.rig.engine.tell(Ready("cpu", PROCESSOR))
    assert "There is no GPU here that can be used" in scene.words()


def test_a_download_shows_its_progress_and_ends_here(scene: Scene) -> None:
    seen: list[int] = []
    bar = scene.panel().progress_bar
    bar.valueChanged.connect(seen.append)
    scene.press("download")
    assert scene.mark.isVisible()
    assert scene.mark.text().startswith("Tiny ")
    scene.wait(TaskState.DONE)
    assert seen[-1] == bar.maximum()
    assert not bar.isVisible()
    assert not scene.mark.isVisible()
    assert "Here" in scene.words()
    assert "on the disk" in scene.words()
    assert scene.store.entries()[0].variants == ("q4",)
    assert not scene.panel().button("download").isVisible()


def test_a_download_can_be_cancelled_and_taken_up_again(scene: Scene) -> None:
    stalled(scene)
    scene.press("download")
    scene.qtbot.waitUntil(lambda: (scene.store.folder / "tiny/small.safetensors.part").is_file())
    assert scene.panel().progress_bar.isVisible()
    assert "On its way" in scene.words()
    assert not scene.panel().button("download").isVisible()
    scene.press("cancel")
    assert "Stopping" in scene.words()
    scene.hub.closing.set()
    scene.wait(TaskState.STOPPED)
    assert "What has come stays here." in scene.words()
    assert "Begun" in scene.words()
    assert scene.panel().button("download").text() == "Resume"
    assert scene.panel().button("remove").isVisible()
    scene.fetch()
    assert any(start > 0 for start in scene.hub.starts)


def test_the_keyboard_stays_with_the_model_while_its_buttons_change(scene: Scene) -> None:
    stalled(scene)
    download, cancel = scene.panel().button("download"), scene.panel().button("cancel")
    scene.page.activateWindow()
    download.setFocus()
    scene.qtbot.keyClick(download, Qt.Key.Key_Space)
    assert scene.page.focusWidget() is cancel
    scene.hub.closing.set()
    scene.qtbot.keyClick(cancel, Qt.Key.Key_Space)
    scene.qtbot.waitUntil(lambda: scene.state() in (TaskState.STOPPED, TaskState.DONE))
    assert scene.panel().isAncestorOf(scene.page.focusWidget())


def test_it_goes_on_when_the_page_is_closed_and_failures_are_not_lost(scene: Scene) -> None:
    scene.hub.shelves.clear()
    scene.press("download")
    scene.page.deleteLater()
    scene.wait(TaskState.FAILED)
    scene.qtbot.waitUntil(lambda: scene.mark.text() == "Tiny was not fetched")
    page = scene.flow.make_page()
    scene.qtbot.addWidget(page)
    assert not scene.mark.isVisible()
    labels = " ".join(label.text() for label in page.panel("tiny").findChildren(QLabel))
    assert "import it from its folder" in labels


def test_what_was_read_on_the_page_is_not_told_again(scene: Scene, qtbot: QtBot) -> None:
    scene.hub.shelves.clear()
    scene.press("download")
    scene.wait(TaskState.FAILED)
    scene.page.deleteLater()
    qtbot.waitUntil(lambda: scene.state() is None)
    assert not scene.mark.isVisible()


def test_return_in_a_field_presses_no_button(scene: Scene, qtbot: QtBot) -> None:
    given: list[str] = []
    scene.page.token_given.connect(given.append)
    dialog = PageDialog(scene.rig.window, scene.page, lambda: "Models", margin=16)
    dialog.show()
    line = scene.page.findChild(QLineEdit)
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert given == [""]
    assert dialog.isVisible()
    assert scene.state() is None
    button = scene.panel().button("download")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert scene.state() is not None
    scene.wait(TaskState.DONE)
    dialog.close()


def test_a_licence_that_is_not_free_is_accepted_first(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    panel = scene.panel("tiny-nc")
    download, accept = panel.button("download"), panel.findChild(QCheckBox)
    assert accept.isVisible()
    assert not download.isEnabled()
    assert not panel.button("import").isEnabled()
    panel.read_licence.click()
    assert [url.toString() for url in opened] == ["https://x.test/licence"]
    accept.setChecked(True)
    scene.press("download", "tiny-nc")
    scene.wait(TaskState.DONE, "tiny-nc")
    assert not scene.panel().findChild(QCheckBox).isVisible()


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


def test_a_model_is_removed_only_after_a_yes(
    scene: Scene, answer: Callable[[QMessageBox.StandardButton], list[str]]
) -> None:
    scene.fetch()
    asked = answer(QMessageBox.StandardButton.No)
    scene.press("remove")
    assert asked == [
        "Remove Tiny from this computer? 0.1 MB become free; it can be downloaded again."
    ]
    assert scene.store.entries()[0].variants == ("q4",)
    answer(QMessageBox.StandardButton.Yes)
    scene.press("remove")
    scene.wait(TaskState.DONE)
    assert scene.store.entries()[0].variants == ()
    assert "are free again" in scene.words()


def test_a_model_is_checked_and_a_fault_is_told(scene: Scene) -> None:
    scene.fetch()
    scene.press("check")
    scene.wait(TaskState.DONE)
    assert "every file is as it came" in scene.words()
    path = scene.store.folder / "tiny" / "small.safetensors"
    path.write_bytes(bytes([1]) + SMALL[1:])
    scene.press("check")
    scene.qtbot.waitUntil(lambda: "damaged" in scene.words())
    assert "Remove what is here and download it again." in scene.words()


def test_a_model_is_imported_from_a_folder(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, data in (("small", SMALL), ("vae", DECODER)):
        (tmp_path / f"{name}.safetensors").write_bytes(data)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    scene.press("import")
    scene.wait(TaskState.DONE)
    assert scene.panel().card.here == ("q4",)
    assert scene.hub.asked == []


def test_a_token_goes_to_the_keyring_and_nowhere_else(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    monkeypatch.setattr(model_flow, "keep_token", kept.append)
    line = scene.page.findChild(QLineEdit)
    assert line.echoMode() is QLineEdit.EchoMode.Password
    line.setText(" hf_x ")
    scene.qtbot.keyClick(line, Qt.Key.Key_Return)
    assert (kept, line.text()) == (["hf_x"], "")
    labels = [label.text() for label in scene.page.findChildren(QLabel)]
    assert "The token is kept." in labels


def test_only_what_asks_for_a_token_speaks_of_one(qtbot: QtBot, rig: Rig) -> None:
    specs = {spec.id: spec for spec in backbones()}
    panel = panel_of(rig, qtbot, specs["flux1-schnell"])
    box = panel.findChild(QComboBox)
    told = {}
    for name in ("q4", "bf16"):
        box.setCurrentIndex(box.findData(name))
        labels = panel.findChildren(QLabel)
        told[name] = any("show a token" in label.text() for label in labels if label.isVisible())
    assert told == {"q4": False, "bf16": True}


def panel_of(rig: Rig, qtbot: QtBot, spec: BackboneSpec, machine: Hardware = CARD) -> ModelPanel:
    store = ModelStore(folder=rig.folder / "none", catalogue=lambda: (spec,))
    (card,) = model_cards([], PhraseWriter(store=store), machine)
    panel = ModelPanel(card)
    qtbot.addWidget(panel)
    panel.show_card(card, None, machine)
    panel.show()
    return panel


def test_the_precision_that_fits_is_proposed_with_its_reason(rig: Rig, qtbot: QtBot) -> None:
    spec = next(spec for spec in backbones() if spec.id == "flux1-schnell")
    usual = panel_of(rig, qtbot, spec)
    assert (usual.variant, reason_of(usual)) == ("q4", "The usual choice for this model.")
    small = panel_of(rig, qtbot, spec, replace(CARD, memory=6 * 10**9))
    assert (small.variant, reason_of(small)) == ("q2", "The best one that fits here.")
    assert "it does not fit" not in model_words.needs(
        small.card, small.card.precisions[1], replace(CARD, memory=6 * 10**9)
    )


def reason_of(panel: ModelPanel) -> str:
    chosen = panel.card.precision(panel.variant)
    assert chosen is not None
    return model_words.reason(panel.card, chosen)


def test_the_choice_sets_the_model_of_the_request(scene: Scene) -> None:
    scene.rig.open("a.png")
    assert scene.lines == ["Lite (built in)", "Tiny: get it…", "Tiny NC: get it…"]
    scene.fetch()
    assert scene.lines == ["Lite (built in)", "Tiny", "Tiny NC: get it…"]
    scene.rig.restore("denoise")
    scene.choose("Tiny")
    state = scene.rig.current
    assert scene.rig.session.request_for(state).model == "tiny"
    assert state.needs_run
    assert "texture that was not in the photo" in " ".join(
        label.text() for label in scene.choice.findChildren(QLabel) if label.isVisible()
    )
    scene.rig.darkroom.run()
    assert scene.rig.engine.runs[-1][1].model == "tiny"
    scene.rig.finish()
    assert [variant.settings.model for variant in state.variants] == ["lite", "tiny"]
    scene.rig.session.undo()
    assert scene.choice.model == "lite"


def test_a_model_that_is_not_here_is_asked_for_and_not_chosen(scene: Scene) -> None:
    scene.rig.open("a.png")
    with scene.qtbot.waitSignal(scene.rig.window.adjustments.model_wanted) as wanted:
        scene.choose("Tiny: get it…")
    assert wanted.args == ["tiny"]
    assert scene.rig.current.settings.model == "lite"
    assert scene.choice.findChild(QComboBox).currentText() == "Lite (built in)"
    scene.rig.session.set_model("tiny")  # by a preset, say
    scene.rig.darkroom.rename()
    button = next(b for b in scene.choice.findChildren(QAbstractButton) if b.isVisible())
    with scene.qtbot.waitSignal(scene.rig.window.adjustments.model_wanted) as wanted:
        button.click()
    assert wanted.args == ["tiny"]


def test_the_page_gives_a_model_to_the_photo_on_screen(scene: Scene) -> None:
    scene.fetch()
    assert not scene.panel().button("use").isVisible()
    scene.rig.open("a.png")
    scene.press("use")
    assert scene.rig.current.settings.model == "tiny"
    assert not scene.panel().button("use").isEnabled()
    assert scene.panel("lite").button("use").isEnabled()


def test_the_model_goes_with_copied_settings_and_own_presets(scene: Scene) -> None:
    scene.fetch()
    first, second = scene.rig.open("a.png", "b.png")
    session = scene.rig.session
    session.set_current(first)
    session.set_model("tiny")
    session.copy_settings()
    own = session.save_preset("Mine")
    session.set_current(second)
    session.set_selection([second])
    session.paste_settings()
    assert scene.rig.current.settings.model == "tiny"
    session.undo()
    assert scene.rig.current.settings.model == "lite"
    session.choose_preset(own.id)
    assert scene.rig.current.settings.model == "tiny"
    session.choose_preset("denoise")
    assert scene.rig.current.settings.model == "tiny"
    session.reset_all()
    assert scene.rig.current.settings.model == "tiny"


def test_time_is_judged_by_model(rig: Rig) -> None:
    rig.open("a.png")
    rig.restore("denoise")
    preset = rig.session.presets["denoise"]
    assert rig.queue.cost(1.0, preset) is not None
    assert rig.queue.cost(1.0, preset, "tiny") is None


def test_everything_can_be_reached_by_keys_and_has_a_name(scene: Scene) -> None:
    kinds = (QAbstractButton, QComboBox, QLineEdit, QCheckBox)
    for root in (scene.page, scene.choice):
        for part in root.findChildren(QWidget):
            if isinstance(part, kinds):
                text = part.text() if isinstance(part, QAbstractButton) else ""
                assert part.accessibleName() or text, part
                assert part.focusPolicy() & Qt.FocusPolicy.TabFocus, part


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("machine", [CARD, PROCESSOR], ids=["gpu", "processor"])
def test_no_text_is_cut_in_any_language(
    qapp: QApplication, rig: Rig, qtbot: QtBot, language: str, machine: Hardware
) -> None:
    languages = Languages(qapp)
    languages.use(language)
    store = ModelStore(folder=rig.folder / "none")
    page = ModelsPage()
    qtbot.addWidget(page)
    page.show_cards(model_cards(models(), PhraseWriter(store=store), machine), machine)
    page.show_place(store.folder, 10**11)
    page.resize(600, 700)
    try:
        for task in (*TASKS, None):
            for panel in page.panels:
                panel.show_task(None if task is None else replace(task, model=panel.card.id))
                panel.show_use(possible=True, used=False)
            page.show()
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


FIGURES = Figures(done=0.4, bytes=2_840_000_000, total=7_120_000_000, rate=1.1e7)
TASKS = (
    Task(model="", kind=Kind.DOWNLOAD, state=TaskState.RUNNING, figures=FIGURES),
    Task(model="", kind=Kind.DOWNLOAD, state=TaskState.WAITING),
    Task(
        model="",
        kind=Kind.DOWNLOAD,
        state=TaskState.FAILED,
        error=JobError("NoNetwork", "The connection to some.host breaks off again and again"),
    ),
    Task(model="", kind=Kind.CHECK, state=TaskState.DONE, faults=("a.gguf was altered",)),
)


def test_figures_are_said_as_people_say_them() -> None:
    assert model_work_words.progress(TASKS[0]) == "40 % · 2.8 GB of 7.1 GB · 11.0 MB/s · 6 min left"
    unknown = replace(TASKS[0], figures=replace(FIGURES, total=None, rate=None))
    assert model_work_words.progress(unknown) == "40 % · 2.8 GB"


def test_every_text_of_the_catalogue_is_offered_to_translators(qapp: QApplication) -> None:
    texts = {text for spec in backbones() for text in (spec.summary, spec.may_sell)}
    assert texts <= set(model_words.CATALOGUE)
    languages = Languages(qapp)
    languages.use("de")
    try:
        writer = PhraseWriter(store=ModelStore(folder=Path("none")))
        cards: list[ModelCard] = model_cards(models(), writer, None)
        for card, text in itertools.product(cards, (model_words.summary, model_words.may_sell)):
            assert text(card) not in texts
    finally:
        languages.use("en")


def test_the_queue_keeps_what_the_engine_has_to_compute_with(rig: Rig) -> None:
    queue: JobQueue = rig.queue
    assert queue.machine is None
    rig.engine.tell(Ready("cuda", CARD))
    assert queue.machine == CARD
