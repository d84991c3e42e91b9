"""The whole program with its window: real widgets, real engine process, small photos."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QFileDialog,
    QMessageBox,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from engine.downloads import Downloader, Fetched, Order
from engine.files import recipe_in
from engine.progress import Progress
from restorer_app.export import ExportSettings
from restorer_app.gui.app import _asked_to_end
from restorer_app.gui.desk import Desk
from restorer_app.gui.menus import MENUS
from restorer_app.gui.models.models_page import ModelsPage
from restorer_app.gui.pages.about import AboutDialog
from restorer_app.gui.pages.help_page import HelpPage
from restorer_app.gui.pages.licences_page import LicencesPage
from restorer_app.gui.pages.settings_page import SettingsPage
from restorer_app.gui.single_instance import MeetingPoint, handed_over
from restorer_app.gui.trainings.trainings_page import TrainingsPage
from restorer_app.jobs import JobState
from restorer_app.model_store import ModelStore
from restorer_app.training_checks import FEWEST
from restorer_app.training_store import TrainingStore
from restorer_app.trainings import TrainingOrder
from tests.app import training_children
from tests.app.conftest import write_photo


class _Silent(Downloader):
    """A line on which nothing comes, until somebody has enough of waiting."""

    def fetch(self, order: Order, progress: Progress) -> Fetched:
        while True:
            progress.report(0.4, "")
            time.sleep(0.01)


ROOT = Path(__file__).resolve().parents[2]
_ENGLISH_LINES = {command.text for _, commands in MENUS for command in commands if command.name}
PATIENCE = 60_000
"""Milliseconds; the engine process has to load torch first, on machines of any speed."""


def noisy(path: Path, size: tuple[int, int] = (96, 64), seed: int = 0) -> Path:
    """A flat picture with noise that no preset leaves as it is."""
    rng = np.random.default_rng(seed)
    ramp = np.linspace(60, 190, size[0])[None, :, None] + np.zeros((size[1], 1, 3))
    pixels = np.clip(ramp + rng.normal(0, 25, ramp.shape), 0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def settled(desk: Desk) -> bool:
    """Whether the current photo has its result and nothing is under way."""
    state = desk.session.current
    return state is not None and state.preview is None and len(state.variants) > 0


@pytest.fixture
def make_desk(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[], Desk]]:
    desks: list[Desk] = []

    def make() -> Desk:
        scratch = tmp_path / f"scratch{len(desks)}"
        scratch.mkdir()
        settings = tmp_path / "config" / "settings.json"
        store = ModelStore(folder=tmp_path / "models", downloader=_Silent())
        trainings = TrainingStore(tmp_path / "trainings")
        own = tmp_path / "presets"
        desk = Desk(qapp, settings, tmp_path / "state", own, scratch, store, trainings)
        desks.append(desk)
        desk.window.show()
        return desk

    before = set(threading.enumerate())
    yield make
    for desk in desks:
        desk.close()
    qtbot.waitUntil(lambda: set(threading.enumerate()) <= before, timeout=PATIENCE)


def test_a_photo_is_restored_as_it_is_opened_and_mixed_as_sliders_move(
    make_desk: Callable[[], Desk], qtbot: QtBot, tmp_path: Path
) -> None:
    desk = make_desk()
    desk.preferences.keep(replace(desk.preferences.now, run_on_open=False))
    desk.begin([noisy(tmp_path / "a.png")])
    qtbot.waitUntil(lambda: desk.darkroom.photo is not None, timeout=PATIENCE)
    desk.preferences.keep(replace(desk.preferences.now, run_on_open=True))
    desk.window.cards.chosen.emit("denoise")
    qtbot.waitUntil(lambda: settled(desk), timeout=PATIENCE)
    view = desk.window.view
    assert [variant.name for variant in view.variants] == ["Denoise"]
    seen = view.visible_pixels()
    assert seen is not None
    assert np.std(seen.after.astype(float)) < np.std(seen.before.astype(float))
    runs = len(desk.queue.jobs)
    desk.window.adjustments.changed.emit("strength", 0.0)
    desk.window.adjustments.committed.emit("strength", 0.0)
    assert desk.session.current is not None
    assert desk.session.current.blend.strength == 0
    assert len(desk.queue.jobs) == runs
    assert desk.session.history.undo_title == "Strength"
    desk.session.undo()
    assert desk.session.current.blend.strength == 1
    assert desk.window.adjustments.values()["strength"] == 1


def test_presets_become_variants_that_keys_flip_between(
    make_desk: Callable[[], Desk], qtbot: QtBot, tmp_path: Path
) -> None:
    desk = make_desk()
    desk.begin([noisy(tmp_path / "a.png")])
    qtbot.waitUntil(lambda: settled(desk), timeout=PATIENCE)
    desk.window.cards.chosen.emit("artifacts")
    state = desk.session.current
    assert state is not None
    qtbot.waitUntil(lambda: len(state.variants) == 2 and settled(desk), timeout=PATIENCE)
    view = desk.window.view
    assert len(view.variants) == 2
    assert view.variant == 1
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_1)
    assert view.variant == 0
    assert state.settings.preset.id == "auto"
    assert desk.window.cards.selected == "auto"


def test_a_batch_with_bad_files_saves_the_others_and_says_why(
    make_desk: Callable[[], Desk], qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(27):
        noisy(folder / f"good{number:02}.png", (40, 32), number)
    (folder / "bad0.png").write_bytes(b"")
    (folder / "bad1.jpg").write_bytes(b"\xff\xd8\xff\xe0" + b"x" * 100)
    whole = (folder / "good00.png").read_bytes()
    (folder / "bad2.png").write_bytes(whole[: len(whole) // 2])
    desk = make_desk()
    desk.preferences.keep(replace(desk.preferences.now, run_on_open=False))
    desk.begin([folder])
    assert len(desk.session.photos) == 30
    out = tmp_path / "out"
    photos = [photo for photo in desk.session.photos if not photo.error]
    desk.export_flow.queue(photos, ExportSettings(folder=out, template="{name}"))
    jobs = desk.queue.jobs
    qtbot.waitUntil(lambda: all(job.state.ended for job in jobs), timeout=2 * PATIENCE)
    assert {path.name for path in out.iterdir()} == {f"good{n:02}.png" for n in range(27)}
    assert recipe_in(out / "good00.png") is not None
    entries = {entry.title: entry for entry in desk.window.film.entries}
    for name in ("bad0.png", "bad1.jpg", "bad2.png"):
        assert entries[name].state == "failed"
        assert entries[name].note
    assert sum(entry.state in ("done", "look") for entry in entries.values()) == 27


def test_an_engine_killed_in_mid_job_costs_that_job_alone(
    make_desk: Callable[[], Desk], qtbot: QtBot, tmp_path: Path
) -> None:
    desk = make_desk()
    desk.begin([noisy(tmp_path / "large.png", (2600, 2000))])
    state = desk.session.current
    assert state is not None
    qtbot.waitUntil(
        lambda: (
            state.preview is not None
            and state.preview.state is JobState.RUNNING
            and state.preview.done > 0
        ),
        timeout=PATIENCE,
    )
    desk.preferences.keep(replace(desk.preferences.now, run_on_open=False))
    child = desk.queue._engine._process  # type: ignore[attr-defined]
    os.kill(child.pid, signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    qtbot.waitUntil(lambda: state.failure is not None, timeout=PATIENCE)
    assert state.failure is not None
    assert "engine" in state.failure.message.lower()
    desk.open([noisy(tmp_path / "b.png")])
    desk.session.set_current(tmp_path / "b.png")
    qtbot.waitUntil(lambda: desk.darkroom.photo is not None, timeout=PATIENCE)
    desk.darkroom.run()
    qtbot.waitUntil(lambda: settled(desk), timeout=PATIENCE)


def test_a_running_preview_is_cancelled_within_a_second_or_so(
    make_desk: Callable[[], Desk], qtbot: QtBot, tmp_path: Path
) -> None:
    desk = make_desk()
    desk.begin([noisy(tmp_path / "large.png", (2600, 2000))])
    state = desk.session.current
    assert state is not None
    qtbot.waitUntil(
        lambda: state.preview is not None and state.preview.state is JobState.RUNNING,
        timeout=PATIENCE,
    )
    desk.window.adjustments.cancel_requested.emit()
    assert state.preview is None
    qtbot.waitUntil(lambda: desk.queue.running is None, timeout=PATIENCE)
    assert len(state.variants) == 0


def test_the_whole_window_takes_files_that_are_dropped(
    make_desk: Callable[[], Desk], tmp_path: Path
) -> None:
    desk = make_desk()
    desk.preferences.keep(replace(desk.preferences.now, run_on_open=False))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(noisy(tmp_path / "ä b.png")))])
    drop = QDropEvent(
        QPointF(20, 20),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    desk.window.dropEvent(drop)
    assert [photo.path.name for photo in desk.session.photos] == ["ä b.png"]


def test_a_second_start_hands_its_files_to_the_first(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    name = f"restorer-test-{os.getpid()}"
    assert not handed_over(name, [])
    meeting = MeetingPoint(name)
    with qtbot.waitSignal(meeting.met, timeout=PATIENCE) as met:
        code = (
            "from pathlib import Path\n"
            "from PySide6.QtCore import QCoreApplication\n"
            "from restorer_app.gui.single_instance import handed_over\n"
            "app = QCoreApplication([])\n"
            f"raise SystemExit(not handed_over({name!r}, [Path('photo ü.jpg')]))\n"
        )
        later = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    assert later.wait(60) == 0
    assert met.args == [[ROOT / "photo ü.jpg"]]
    meeting.close()


def test_a_window_that_is_busy_takes_the_files_later(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("restorer_app.gui.single_instance._PATIENCE", 200)
    name = f"restorer-test-{os.getpid()}-busy"
    meeting, met = MeetingPoint(name), []
    meeting.met.connect(met.append)
    try:
        assert handed_over(name, [Path("/photo.jpg")])  # nothing is answered while this waits
        assert "busy" in capsys.readouterr().err
        qtbot.waitUntil(lambda: met == [[Path("/photo.jpg")]])
    finally:
        meeting.close()


def test_the_window_never_loads_torch() -> None:
    code = (
        "import sys, restorer_app.gui.app\n"
        "sys.exit(any(name.split('.')[0] == 'torch' for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
def test_after_kill_9_the_next_start_goes_on_with_what_is_left(
    make_desk: Callable[[], Desk],
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for number in range(6):
        noisy(folder / f"{number}.png", (900, 700), number)
    first = subprocess.Popen(
        [sys.executable, "-m", "tests.gui.killed_desk", str(tmp_path), str(folder), str(out)],
        cwd=ROOT,
        start_new_session=True,
    )
    started = time.monotonic()
    while not (out.is_dir() and len(list(out.glob("[0-9].png"))) >= 2):
        assert first.poll() is None, "the first run ended by itself"
        assert time.monotonic() - started < 120
        time.sleep(0.02)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    done = {path.name: path.stat().st_mtime_ns for path in out.glob("[0-9].png")}
    assert len(done) < 6
    desk = make_desk()
    desk.preferences.keep(replace(desk.preferences.now, run_on_open=False))
    desk.begin([])
    assert sum(not job.state.ended for job in desk.queue.jobs) == 6 - len(done)
    assert len(desk.session.photos) == 6 - len(done)
    qtbot.waitUntil(lambda: all(job.state.ended for job in desk.queue.jobs), timeout=2 * PATIENCE)
    assert {path.name for path in out.iterdir()} == {f"{n}.png" for n in range(6)}
    for name, written in done.items():
        assert (out / name).stat().st_mtime_ns == written


def test_opening_only_damaged_files_says_why_and_never_turns_a_good_photo_away(
    make_desk: Callable[[], Desk], qtbot: QtBot, tmp_path: Path
) -> None:
    desk = make_desk()
    desk.preferences.keep(replace(desk.preferences.now, run_on_open=False))
    for name in ("bad0.png", "bad1.png"):
        (tmp_path / name).write_bytes(b"no picture")
    desk.open([tmp_path / "bad0.png"])
    assert desk.session.current is not None
    assert desk.window._note.isVisible()
    assert desk.window._note.text() == desk.session.current.error
    good = noisy(tmp_path / "a.png")
    desk.open([good])
    qtbot.waitUntil(lambda: desk.darkroom.photo is not None, timeout=PATIENCE)
    desk.open([tmp_path / "bad1.png"])
    assert desk.session.current.path == good
    assert not desk.window._note.isVisible()


def test_a_photo_that_is_open_already_is_turned_to(
    make_desk: Callable[[], Desk], qtbot: QtBot, tmp_path: Path
) -> None:
    desk = make_desk()
    desk.preferences.keep(replace(desk.preferences.now, run_on_open=False))
    first, second = noisy(tmp_path / "a.png"), noisy(tmp_path / "b.png")
    desk.open([first, second])
    desk.welcome([second])
    assert desk.session.current is not None
    assert desk.session.current.path == second
    qtbot.waitUntil(lambda: desk.darkroom.photo is not None, timeout=PATIENCE)
    desk.session.close_photos([first, second])
    assert desk.loader.kept(second) is None


def test_another_language_reaches_every_text(
    make_desk: Callable[[], Desk], qtbot: QtBot, tmp_path: Path
) -> None:
    desk = make_desk()
    desk.preferences.keep(replace(desk.preferences.now, run_on_open=False, language="en"))
    desk.open([noisy(tmp_path / "a.png")])
    qtbot.waitUntil(lambda: desk.darkroom.photo is not None, timeout=PATIENCE)
    desk.session.set_blend("strength", 0.5)
    undo, watch = desk.commands.menus.actions["undo"], desk.commands.menus.actions["watch"]
    desk.watching.watch(tmp_path / "in & out")
    assert (undo.text(), watch.text()) == ("Undo: Strength", "Stop watching “in && out”")
    desk.chores.show_manual(lambda: desk.preferences.languages.current)
    manual = desk.window.findChild(HelpPage)
    assert manual is not None
    desk.preferences.keep(replace(desk.preferences.now, language="de"))
    qtbot.waitUntil(lambda: undo.text() == "Rückgängig: Stärke", timeout=PATIENCE)
    assert watch.text() == "„in && out“ nicht mehr überwachen"
    qtbot.waitUntil(lambda: manual.text().startswith("Erste Schritte"), timeout=PATIENCE)
    english = {
        name
        for name, action in desk.commands.menus.actions.items()
        if action.text() in _ENGLISH_LINES
    }
    assert english == set()
    desk.preferences.keep(replace(desk.preferences.now, language="en"))
    qtbot.waitUntil(lambda: undo.text() == "Undo: Strength", timeout=PATIENCE)
    desk.watching.stop()
    assert watch.text() == "Watch a folder…"


def test_escape_puts_the_brush_down_then_leaves_the_full_screen(
    make_desk: Callable[[], Desk], qtbot: QtBot, tmp_path: Path
) -> None:
    desk = make_desk()
    desk.preferences.keep(replace(desk.preferences.now, run_on_open=False))
    escape = desk.commands.menus.actions["cancel"]
    escape.trigger()  # with no photo at all
    desk.open([noisy(tmp_path / "a.png")])
    qtbot.waitUntil(lambda: desk.darkroom.photo is not None, timeout=PATIENCE)
    desk.window.toggle_full_screen()
    desk.window.adjustments.press_brush("keep")
    assert desk.window.view._brush is not None
    escape.trigger()
    assert desk.window.view._brush is None
    assert desk.window.isFullScreen()
    escape.trigger()
    assert not desk.window.isFullScreen()


def test_dialogs_are_gone_once_they_are_closed(make_desk: Callable[[], Desk], qtbot: QtBot) -> None:
    desk = make_desk()
    shows: tuple[Callable[[], object], ...] = (
        desk.show_settings,
        desk.show_models,
        desk.training.show,
        lambda: desk.chores.show_manual(lambda: "en"),
        desk.chores.show_shortcuts,
        desk.chores.show_about,
        lambda: desk.chores.show_licences(desk.window),
    )
    for show in shows:
        for _ in range(2):
            show()
            dialogs = desk.window.findChildren(QDialog)
            assert len(dialogs) == 1
            dialogs[0].close()
            qtbot.waitUntil(lambda: not desk.window.findChildren(QDialog), timeout=PATIENCE)


def test_licences_are_read_over_the_page_that_leads_to_them(
    make_desk: Callable[[], Desk], qtbot: QtBot
) -> None:
    desk = make_desk()
    desk.chores.show_about()
    (about,) = desk.window.findChildren(AboutDialog)
    about.licences_requested.emit()
    (page,) = desk.window.findChildren(LicencesPage)
    licences = page.window()
    assert licences.parentWidget() is about
    (close,) = licences.findChildren(QPushButton)
    close.click()
    qtbot.waitUntil(lambda: not desk.window.findChildren(LicencesPage), timeout=PATIENCE)
    assert about.isVisible()
    about.close()


def test_a_training_outlives_its_page_and_is_asked_about_before_the_end(
    make_desk: Callable[[], Desk],
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "restorer_app.training_runner.program",
        lambda: [sys.executable, str(Path(training_children.__file__)), "hang"],
    )
    desk = make_desk()
    desk.preferences.keep(replace(desk.preferences.now, device="cpu"))
    desk.commands.menus.actions["training"].trigger()
    page = desk.window.findChild(TrainingsPage)
    assert page is not None
    for seed in range(FEWEST):
        write_photo(tmp_path / "clean" / f"{seed}.png", seed)
    page.form.ordered.emit(
        TrainingOrder(title="Mine", task="denoise", photos=tmp_path / "clean", device="cpu")
    )
    runner = desk.training.runner
    qtbot.waitUntil(lambda: runner.training("mine").current.done == 0.5, timeout=PATIENCE)
    page.window().close()
    qtbot.waitUntil(lambda: desk.window.findChild(TrainingsPage) is None, timeout=PATIENCE)
    assert runner.running is not None
    questions: list[str] = []

    def question(_parent: object, _title: str, text: str) -> QMessageBox.StandardButton:
        questions.append(text)
        return QMessageBox.StandardButton.No

    monkeypatch.setattr(QMessageBox, "question", question)
    desk.window.close()
    assert desk.window.isVisible()
    assert [text.split(".")[0] for text in questions] == ["The training “Mine” is running"]


def test_settings_lead_to_the_models_and_a_download_outlives_the_page(
    make_desk: Callable[[], Desk], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk()
    desk.show_settings()
    (settings,) = desk.window.findChildren(QDialog)
    next(b for b in settings.findChildren(QPushButton) if b.text() == "Models…").click()
    qtbot.waitUntil(lambda: desk.window.findChildren(QDialog) != [settings], timeout=PATIENCE)
    page = desk.window.findChild(ModelsPage)
    assert page is not None
    page.panel("flux1-schnell").button("download").click()
    page.window().close()
    qtbot.waitUntil(lambda: desk.window.models.text() == "FLUX.1 schnell 38 %", timeout=PATIENCE)
    qtbot.waitUntil(lambda: desk.window.findChild(ModelsPage) is None, timeout=PATIENCE)
    questions: list[str] = []

    def question(_parent: object, _title: str, text: str) -> QMessageBox.StandardButton:
        questions.append(text)
        return QMessageBox.StandardButton.No

    monkeypatch.setattr(QMessageBox, "question", question)
    desk.window.close()
    assert desk.window.isVisible()
    assert "the download can go on later" in questions[0]
    desk.window.models.click()
    again = desk.window.findChild(ModelsPage)
    assert again is not None
    again.panel("flux1-schnell").button("cancel").click()
    qtbot.waitUntil(lambda: not desk.models.downloads.tasks, timeout=PATIENCE)
    assert not desk.window.models.isVisible()


def test_the_device_and_the_room_for_results_follow_the_settings(
    make_desk: Callable[[], Desk], tmp_path: Path
) -> None:
    desk = make_desk()
    desk.preferences.keep(replace(desk.preferences.now, run_on_open=False))
    desk.open([noisy(tmp_path / "a.png")])
    desk.preferences.keep(replace(desk.preferences.now, device="cpu", cache_gigabytes=3))
    desk.open([noisy(tmp_path / "b.png")])
    assert [state.settings.device for state in desk.session.photos] == ["cpu", "cpu"]
    assert desk.results.limit == 3 * 10**9


@pytest.fixture
def quiet(make_desk: Callable[[], Desk]) -> Desk:
    """A desk that restores nothing by itself, in English."""
    desk = make_desk()
    desk.preferences.keep(replace(desk.preferences.now, run_on_open=False, language="en"))
    return desk


def test_what_is_opened_while_the_settings_are_shown_is_not_forgotten(
    quiet: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    quiet.show_settings()
    page = quiet.window.findChild(SettingsPage)
    assert page is not None
    quiet.welcome([noisy(tmp_path / "a.png")])
    box = page.editor("reduced_motion")
    assert isinstance(box, QCheckBox)
    box.setChecked(True)
    assert quiet.preferences.now.reduced_motion
    assert quiet.preferences.now.recent == (str(tmp_path / "a.png"),)
    for dialog in quiet.window.findChildren(QDialog):
        dialog.close()
    qtbot.waitUntil(lambda: quiet.darkroom.photo is not None, timeout=PATIENCE)


def test_the_next_dialog_begins_where_photos_were_opened_last(
    quiet: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "holidays"
    folder.mkdir()
    quiet.open([noisy(folder / "a.png")])
    begun: list[str] = []
    monkeypatch.setattr(
        QFileDialog, "getOpenFileNames", lambda _p, _t, place: (begun.append(place) or [], "")
    )
    monkeypatch.setattr(
        QFileDialog, "getExistingDirectory", lambda _p, _t, place: begun.append(place) or ""
    )
    quiet.chores.open_photos()
    quiet.chores.open_folder()
    assert begun == [str(folder)] * 2
    qtbot.waitUntil(lambda: quiet.darkroom.photo is not None, timeout=PATIENCE)


def test_a_photo_that_was_changed_while_it_was_closed_has_another_thumbnail(
    quiet: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    place, thumbnails = noisy(tmp_path / "a.png"), quiet.window.thumbnails
    for size in ((96, 64), (30, 20)):
        quiet.open([noisy(place, size)])
        qtbot.waitUntil(lambda: thumbnails.picture(place) is not None, timeout=PATIENCE)
        picture = thumbnails.picture(place)
        assert picture is not None
        assert picture.width() == size[0]
        qtbot.waitUntil(lambda: quiet.darkroom.photo is not None, timeout=PATIENCE)
        quiet.remove([place])


def test_commands_with_nothing_to_act_on_are_gray(
    quiet: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    actions = quiet.commands.menus.actions

    def usable(*names: str) -> list[bool]:
        QApplication.processEvents()
        return [actions[name].isEnabled() for name in names]

    queue = ("pause", "cancel-all", "retry", "failures", "clear-done")
    assert usable(*queue) == [False] * 5
    (tmp_path / "torn.png").write_bytes(b"no picture")
    quiet.open([tmp_path / "torn.png"])
    assert usable("export", "export-all", "restore", "close-photo") == [False, False, False, True]
    assert not quiet.window.export.isEnabled()
    quiet.open([noisy(tmp_path / "a.png")])
    assert usable("export", "export-all", "restore") == [True] * 3
    assert quiet.window.export.isEnabled()
    quiet.queue.pause()
    assert usable(*queue) == [True, False, False, False, False]
    (tmp_path / "out").write_bytes(b"no folder")
    quiet.export_flow.queue(quiet.session.photos[1:], ExportSettings(folder=tmp_path / "out"))
    assert usable(*queue) == [True, True, False, False, False]
    quiet.queue.resume()
    assert usable(*queue) == [False, False, True, True, False]
    qtbot.waitUntil(lambda: quiet.darkroom.photo is not None, timeout=PATIENCE)


def test_a_preset_is_deleted_only_if_that_is_meant(
    quiet: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    quiet.open([noisy(tmp_path / "a.png")])
    saved = quiet.session.save_preset("Mine & yours")
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    asked: list[str] = []
    monkeypatch.setattr(
        QMessageBox, "question", lambda _p, _t, text: asked.append(text) or answers.pop(0)
    )
    quiet.window.cards.delete_requested.emit(saved.id)
    assert saved.id in quiet.session.presets
    quiet.window.cards.delete_requested.emit(saved.id)
    assert saved.id not in quiet.session.presets
    assert "“Mine & yours”" in asked[0]
    qtbot.waitUntil(lambda: quiet.darkroom.photo is not None, timeout=PATIENCE)


@pytest.mark.skipif(os.name == "nt", reason="signals end a program there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_system_that_shuts_down_is_not_kept_waiting_by_a_question(
    quiet: Desk,
    qtbot: QtBot,
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    number: signal.Signals,
) -> None:
    quiet.open([noisy(tmp_path / "a.png")])
    quiet.queue.pause()
    quiet.export_flow.queue(quiet.session.photos, ExportSettings())
    qtbot.waitUntil(lambda: quiet.darkroom.photo is not None, timeout=PATIENCE)
    asked: list[str] = []
    monkeypatch.setattr(
        QMessageBox,
        "question",
        lambda _p, _t, text: asked.append(text) or QMessageBox.StandardButton.No,
    )
    too_late = QTimer(quiet, singleShot=True, interval=5000)
    too_late.timeout.connect(lambda: qapp.exit(7))
    too_late.start()
    with _asked_to_end(qapp):
        QTimer.singleShot(0, lambda: signal.raise_signal(number))
        assert qapp.exec() == 0
    too_late.stop()
    assert asked == []
