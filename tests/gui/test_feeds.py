"""What panels, filmstrip and queue bar are told."""

from __future__ import annotations

import inspect
import os
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.errors import BadPhoto, MissingWeights
from engine.messages import Failed
from engine.preset import Preset
from restorer_app.gui.film.failure_report import FailureReport
from restorer_app.gui.film.photo_keys import key_of, path_of
from restorer_app.gui.film.queue_bar import QueueFigures
from restorer_app.gui.step_words import STEPS, stage_title, step_title
from restorer_app.photo_settings import BLEND_NAMES
from restorer_app.session import Session
from restorer_app.tuning import Tuning
from tests.app.engine_doubles import destination, request_for
from tests.gui.rig import Rig

NOISY = Preset(id="denoise", title="Denoise", summary="s", task="denoise", strength=0.6)


def states(rig: Rig) -> dict[str, str]:
    return {entry.path.name: entry.state for entry in rig.window.film.entries}


def figures(rig: Rig) -> QueueFigures:
    rig.film.refresh()
    return rig.window.queue.figures


def click(rig: Rig, row: int, keys: Qt.KeyboardModifier) -> None:
    view = rig.window.film.view()
    place: QPoint = view.visualRect(view.model().index(row, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, keys, place)


def selected(rig: Rig) -> list[str]:
    """As film and session both say."""
    film = [Path(key).name for key in rig.window.film.selected]
    assert film == [state.path.name for state in rig.session.selection]
    return film


def test_the_panel_says_what_the_autopilot_took_and_why(rig: Rig) -> None:
    rig.open("a.png")
    rig.session.run_preview()
    rig.finish(NOISY, ("There is noise.",))
    assert rig.window.cards._seen == "Denoise: There is noise."
    assert rig.window.adjustments.values()["strength"] == pytest.approx(0.6)
    rig.restore("denoise")
    assert rig.window.cards._seen == ""


def test_a_card_says_what_its_preset_found(rig: Rig) -> None:
    rig.open("a.png")
    rig.session.choose_preset("denoise")
    rig.session.run_preview()
    rig.finish(reasons=("There is one blur.",))
    said = {card.preset.id: card.toolTip() for card in rig.window.cards.cards()}
    assert "There is one blur." in said["denoise"]
    assert "There is one blur." not in said["auto"]
    rig.session.choose_preset("auto")
    assert rig.window.cards._seen == ""


def test_a_run_that_failed_says_why_beside_the_button(rig: Rig) -> None:
    rig.open("a.png")
    rig.session.run_preview()
    rig.engine.fail(BadPhoto.__name__, "It is damaged.")
    assert rig.window.adjustments._run._line.text() == "It is damaged. Look at it."


def test_progress_is_shown_while_a_photo_is_restored_and_gone_when_another_is_chosen(
    rig: Rig,
) -> None:
    _, second = rig.open("a.png", "bb.png")
    rig.session.run_preview()
    rig.engine.progress(0.5, "restoring")
    run = rig.window.adjustments._run
    assert run._cancel.isVisible()
    assert run._line.text() == "Restoring"
    rig.session.set_current(second)
    assert not run._cancel.isVisible()


def test_nothing_can_be_turned_before_a_photo_is_there(rig: Rig) -> None:
    slider = rig.window.adjustments.slider("strength")
    assert not slider.isEnabled()
    rig.open("a.png")
    assert slider.isEnabled()
    rig.session.mark_unreadable(rig.current.path, "It is damaged.")
    assert not slider.isEnabled()


def test_own_presets_come_and_go(rig: Rig) -> None:
    rig.open("a.png")
    saved = rig.session.save_preset("My look")
    assert rig.window.cards._cards[saved.id].is_own
    assert not rig.window.cards._cards["denoise"].is_own
    rig.session.delete_preset(saved.id)
    assert saved.id not in rig.window.cards._cards


def test_costs_are_told_once_this_computer_was_measured(rig: Rig) -> None:
    rig.open("a.png")
    assert rig.window.adjustments._run._cost == ""
    rig.restore("denoise")
    assert rig.window.adjustments._run._cost.startswith("about ")
    assert not rig.window.adjustments._run._line.isVisible()  # there is nothing left to do
    rig.session.set_seed(5)
    assert rig.window.adjustments._run._line.text().startswith("about ")


@pytest.mark.parametrize(
    ("count", "text"), [(0, "No faces found"), (1, "1 face found"), (3, "3 faces found")]
)
def test_faces_are_counted_in_words(rig: Rig, count: int, text: str) -> None:
    rig.panels.show_faces(count)
    assert rig.window.adjustments._faces_note.text() == text


def test_the_filmstrip_follows_jobs_of_every_kind(rig: Rig) -> None:
    places = rig.open("a.png", "bb.png", "ccc.png")
    out = rig.folder / "out"
    jobs = [rig.queue.add(request_for(p), destination(out / p.name)) for p in places]
    assert states(rig) == {"a.png": "running", "bb.png": "waiting", "ccc.png": "waiting"}
    rig.engine.tell(Failed(jobs[0].id, "BadPhoto", "It is damaged.", "Look."))
    rig.queue.cancel(jobs[2].id)
    rig.finish()
    rig.engine.saved("The profile was dropped.")
    assert states(rig) == {"a.png": "failed", "bb.png": "look", "ccc.png": "cancelled"}
    notes = {entry.path.name: entry.note for entry in rig.window.film.entries}
    assert notes == {
        "a.png": "It is damaged. Look.",
        "bb.png": "The profile was dropped.",
        "ccc.png": "",
    }
    rig.queue.clear_done()
    assert states(rig)["ccc.png"] == "open"


def test_a_photo_looked_at_but_not_saved_is_just_open(rig: Rig) -> None:
    rig.open("a.png")
    rig.session.run_preview()
    assert states(rig) == {"a.png": "running"}
    rig.finish()
    assert states(rig) == {"a.png": "open"}


def test_several_photos_are_selected_with_ctrl_and_shift(rig: Rig) -> None:
    rig.open("a.png", "bb.png", "ccc.png", "dddd.png")
    click(rig, 0, Qt.KeyboardModifier.NoModifier)
    click(rig, 2, Qt.KeyboardModifier.ControlModifier)
    assert selected(rig) == ["a.png", "ccc.png"]
    click(rig, 3, Qt.KeyboardModifier.ShiftModifier)
    assert len(selected(rig)) > 1


def test_stepping_to_another_photo_selects_it_alone(rig: Rig) -> None:
    rig.open("a.png", "bb.png", "ccc.png")
    rig.window.film.select_all()
    assert len(selected(rig)) == 3
    rig.session.step(1)
    assert selected(rig) == ["bb.png"]


def test_the_order_of_the_strip_is_the_order_of_work_and_stays(rig: Rig) -> None:
    places = rig.open("a.png", "bb.png", "ccc.png")
    rig.queue.pause()
    for place in places:
        rig.queue.add(request_for(place), destination(rig.folder / "out" / place.name))
    rig.window.film._move([str(places[2])], str(places[0]))
    assert [job.source.name for job in rig.queue.jobs] == ["ccc.png", "a.png", "bb.png"]
    rig.session.open([rig.photo("dddd.png")])
    names = [entry.path.name for entry in rig.window.film.entries]
    assert names == ["ccc.png", "a.png", "bb.png", "dddd.png"]


def test_photos_are_restored_from_their_menu_in_order(rig: Rig) -> None:
    places = rig.open("a.png", "bb.png", "ccc.png")
    rig.window.film.restore_requested.emit([str(places[1]), str(places[2])])
    assert {job.source.name for job in rig.queue.jobs} == {"bb.png", "ccc.png"}
    rig.finish()
    rig.finish()
    assert rig.engine.asked == ["bb.png", "ccc.png"]
    assert [len(state.variants) for state in rig.session.photos] == [0, 1, 1]


def test_the_queue_bar_counts(rig: Rig) -> None:
    assert figures(rig) == QueueFigures()
    places = rig.open("a.png", "bb.png")
    for place in places:
        rig.queue.add(request_for(place), destination(rig.folder / "out" / place.name))
    rig.engine.progress(0.5, "restoring")
    seen = figures(rig)
    assert (seen.photo, seen.stage, seen.done, seen.total) == ("a.png", "Restoring", 0, 2)
    assert 0 < seen.photo_done < 1
    rig.engine.fail()
    assert (figures(rig).failed, figures(rig).photo) == (1, "bb.png")
    rig.window.queue.pause_requested.emit()
    assert figures(rig).paused
    rig.window.queue.retry_requested.emit()
    assert figures(rig).failed == 0


def test_the_report_lists_what_failed_and_is_gone_when_closed(rig: Rig) -> None:
    places = rig.open("a.png")
    rig.queue.add(request_for(places[0]), destination(rig.folder / "out" / "a.png"))
    rig.engine.fail("BadPhoto", "It is damaged.")
    rig.window.queue.report_requested.emit()
    report = rig.window.findChild(FailureReport)
    assert report is not None
    assert "a.png" in report.text()
    assert "It is damaged." in report.text()
    report.close()
    QApplication.sendPostedEvents(None, 52)  # what deleteLater has posted
    assert rig.window.findChild(FailureReport) is None


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Strength", "Stärke"),
        ("Preset: Denoise", "Vorgabe: Entrauschen"),
        ("Variant 2: Denoise", "Variante 2: Entrauschen"),
        ("Paste settings to 3", "Einstellungen auf 3 einfügen"),
        ("Size: 2x", "Größe: 2x"),
        ("Sensitivity", "Empfindlichkeit"),
    ],
)
def test_steps_are_named_in_the_language_of_the_window(
    qapp: QApplication, title: str, said: str
) -> None:
    from restorer_app.gui.look.translations import Languages

    languages = Languages(qapp)
    try:
        assert step_title(title) == title
        languages.use("de")
        assert step_title(title) == said
        assert stage_title("restoring") != "restoring"
        assert stage_title("who knows") == "who knows"
    finally:
        languages.use("en")


def test_every_step_of_the_session_has_a_name_in_the_window() -> None:
    files = (inspect.getsourcefile(kind) or "" for kind in (Session, Tuning))
    source = "".join(Path(file).read_text(encoding="utf-8") for file in files)
    named = re.findall(r"_(?:edit|change)\(\s*f?\"([^\"]+)\"", source)
    heads = {re.sub(r"\{[^}]*\}", "{}", title.partition(": ")[0]) for title in named}
    assert {"Sensitivity", "Preset", "Variant {}", "Reset all"} <= heads
    assert heads <= set(STEPS)
    assert {name.capitalize() for name in BLEND_NAMES} <= set(STEPS)


def test_a_run_that_failed_is_tried_again(rig: Rig) -> None:
    rig.open("a.png")
    rig.session.run_preview()
    rig.engine.fail(BadPhoto.__name__, "It is damaged.")
    before = len(rig.engine.runs)
    rig.window.film.retry_requested.emit([str(rig.current.path)])
    assert len(rig.engine.runs) == before + 1


def test_an_export_that_failed_waits_again(rig: Rig) -> None:
    places = rig.open("a.png")
    rig.queue.add(request_for(places[0]), destination(rig.folder / "out" / "a.png"))
    rig.engine.fail()
    before = len(rig.engine.runs)
    rig.window.film.retry_requested.emit([str(places[0])])
    assert len(rig.engine.runs) == before + 1
    assert figures(rig).total == 1, "the same job, not another one"


def test_what_a_filter_hides_is_not_selected_any_more(rig: Rig) -> None:
    rig.open("a.png", "bb.png", "ccc.png")
    places = [state.path for state in rig.session.photos]
    rig.window.film.select_all()
    assert len(selected(rig)) == 3
    rig.queue.add(request_for(places[1]), destination(rig.folder / "out" / "b.png"))
    rig.engine.fail()
    box = rig.window.film._filter
    box.setCurrentIndex(box.findData("failed"))
    assert selected(rig) == ["bb.png"]
    box.setCurrentIndex(0)
    assert selected(rig) == ["bb.png"]


def test_jobs_go_where_their_photo_was_put_even_before_one_without_a_job(rig: Rig) -> None:
    places = rig.open("a.png", "bb.png", "ccc.png", "dddd.png")
    rig.queue.pause()
    for place in (places[0], places[2], places[3]):
        rig.queue.add(request_for(place), destination(rig.folder / "out" / place.name))
    film = rig.window.film
    film._move([str(places[3])], str(places[1]))
    assert [entry.path.name for entry in film.entries] == ["a.png", "dddd.png", "bb.png", "ccc.png"]
    assert [job.source.name for job in rig.queue.jobs] == ["a.png", "dddd.png", "ccc.png"]


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_photo_whose_name_is_no_text_can_be_chosen(rig: Rig) -> None:
    odd = Path(os.fsdecode(os.fsencode(rig.folder) + b"/gr\xfc\xdfe.png"))
    try:
        odd.write_bytes(rig.photo("a.png").read_bytes())
    except OSError:
        pytest.skip("this file system takes no such name")
    rig.session.open([rig.photo("bb.png"), odd])
    rig.window.film.step(1)
    assert rig.current.path == odd
    assert path_of(key_of(odd)) == odd


def test_runs_that_failed_or_deserve_a_look_say_so_while_others_come_and_go(rig: Rig) -> None:
    places = rig.open("a.png", "bb.png", "ccc.png")
    rig.window.film.restore_requested.emit([str(place) for place in places])
    rig.engine.fail(MissingWeights.__name__, "It is not here")
    rig.finish(warnings=("It is dark.",))
    rig.finish()
    rig.session.open([rig.photo("dddd.png")])
    rig.queue.add(request_for(places[2]), destination(rig.folder / "out" / "c.png"))
    assert states(rig) == {
        "a.png": "failed", "bb.png": "look", "ccc.png": "running", "dddd.png": "open"
    }  # fmt: skip
    notes = {entry.path.name: entry.note for entry in rig.window.film.entries}
    assert (notes["a.png"], notes["bb.png"]) == ("It is not here. Look at it.", "It is dark.")


def test_a_run_that_failed_is_tried_again_though_the_photo_was_exported_before(rig: Rig) -> None:
    places = rig.open("a.png")
    rig.queue.add(request_for(places[0]), destination(rig.folder / "out" / "a.png"))
    rig.finish()
    rig.engine.saved()
    rig.session.choose_preset("enlarge")
    rig.session.run_preview()
    rig.engine.fail()
    assert states(rig) == {"a.png": "failed"}
    before = len(rig.engine.runs)
    rig.window.film.retry_requested.emit([str(places[0])])
    assert len(rig.engine.runs) == before + 1


def test_what_failed_with_another_preset_is_not_said_beside_the_button(rig: Rig) -> None:
    rig.open("a.png")
    rig.restore("denoise")
    rig.session.choose_preset("enlarge")
    rig.session.run_preview()
    rig.engine.fail()
    line = rig.window.adjustments._run._line
    assert line.text().startswith("It is damaged.")
    rig.session.choose_preset("denoise")
    assert line.text() == ""


def test_remedies_speak_of_the_window_and_not_of_commands(rig: Rig) -> None:
    places = rig.open("a.png")
    job = rig.queue.add(request_for(places[0]), destination(rig.folder / "out" / "a.png"))
    remedy = "Fetch it with “restorer models download tiny”."
    rig.engine.tell(Failed(job.id, "MissingWeights", "Tiny is not on this machine", remedy))
    said = "Tiny is not on this machine. See the page of models (Ctrl+Shift+M)."
    assert rig.window.film.entries[0].note == said
    rig.film.report()
    report = rig.window.findChild(FailureReport)
    assert report is not None
    assert said.replace(". See", ".\nSee") in report.text()
    report.close()


def test_the_current_photo_is_marked_again_once_a_filter_that_hid_it_is_gone(rig: Rig) -> None:
    places = rig.open("a.png", "bb.png", "ccc.png")
    film = rig.window.film
    film.set_filter("failed")
    assert film.current == ""
    rig.session.set_current(places[1])
    film.set_filter("")
    assert film.current == str(places[1])


def test_an_unreadable_photo_shows_nothing_of_the_one_before(rig: Rig, qtbot: QtBot) -> None:
    rig.open("a.png")
    rig.restore("denoise")
    heard: list[tuple[object, object]] = []
    rig.window.view.histograms_ready.connect(lambda *pair: heard.append(pair))
    qtbot.waitUntil(lambda: bool(heard))
    torn = rig.folder / "torn.png"
    torn.write_bytes(b"no picture")
    rig.session.open([torn])
    rig.session.set_current(torn)
    assert heard[-1] == (None, None)
    assert len(rig.window.bar._variant_group.buttons()) == 1


def test_the_card_that_is_ticked_is_what_the_next_photo_starts_with(rig: Rig) -> None:
    assert rig.window.cards.selected == "auto"
    rig.window.cards.chosen.emit("denoise")
    rig.open("a.png")
    assert rig.current.settings.preset.id == "denoise"
    rig.session.choose_preset("enlarge")
    rig.session.close_photos([rig.current.path])
    assert rig.window.cards.selected == "denoise"
