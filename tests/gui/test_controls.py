"""Preset cards and adjustments: what a photographer turns and presses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QLabel,
    QPushButton,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.preset import Preset, load_presets
from restorer_app.gui.look.theme import Look
from restorer_app.gui.panel.adjustments import DEFAULTS, SLIDERS, Adjustments
from restorer_app.gui.panel.preset_cards import PresetCards
from restorer_app.gui.panel.slider_row import SliderRow

W = TypeVar("W", bound=QWidget)


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    font = qapp.font()
    yield Look(qapp)
    qapp.setStyleSheet("")
    qapp.setFont(font)


def shown(qtbot: QtBot, widget: W, width: int = 300, height: int = 700) -> W:
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def test_cards_are_chosen_with_mouse_and_arrows(look: Look, qtbot: QtBot) -> None:
    cards = shown(qtbot, PresetCards(look, load_presets().values()), 260)
    chosen: list[str] = []
    cards.chosen.connect(chosen.append)
    cards.select("auto")
    assert chosen == []
    order = [card.preset.id for card in cards.cards()]
    assert order[0] == "auto"
    qtbot.mouseClick(cards.cards()[1], Qt.MouseButton.LeftButton)
    qtbot.keyClick(cards.cards()[1], Qt.Key.Key_Down)
    qtbot.keyClick(cards.cards()[2], Qt.Key.Key_End)
    assert chosen == [order[1], order[2], order[-1]]
    assert cards.selected == order[-1]
    assert [card.isChecked() for card in cards.cards()].count(True) == 1


def test_tab_stops_at_one_card_only(look: Look, qtbot: QtBot) -> None:
    cards = shown(qtbot, PresetCards(look, load_presets().values()))
    cards.select("upscale")
    stops = [
        card.preset.id
        for card in cards.cards()
        if card.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
    ]
    assert stops == ["upscale"]


def test_a_card_says_everything_in_words(look: Look, qtbot: QtBot) -> None:
    cards = shown(qtbot, PresetCards(look, load_presets().values()))
    cards.set_costs({"deblur": "~ 3 s on this computer"})
    cards.set_seen("Saw noise.", "auto")
    texts = {card.preset.id: card.accessibleDescription() for card in cards.cards()}
    deblur = load_presets()["deblur"]
    assert deblur.summary in texts["deblur"]
    assert deblur.note[1:] in texts["deblur"]
    assert "~ 3 s on this computer" in texts["deblur"]
    assert "Saw noise." in texts["auto"]
    assert "Saw noise." not in texts["denoise"]


def test_a_chosen_card_opens_to_show_all_of_its_text(look: Look, qtbot: QtBot) -> None:
    cards = shown(qtbot, PresetCards(look, load_presets().values()), 260)
    card = next(card for card in cards.cards() if card.preset.id == "old-photo")
    closed = card.heightForWidth(240)
    cards.select("old-photo")
    assert card.heightForWidth(240) > closed


def test_narrow_card_says_experimental_in_any_case(look: Look, qtbot: QtBot) -> None:
    preset = Preset(
        id="x",
        title="Removes fog and mist",
        summary="For fog.",
        task="dehaze",
        experimental=True,
        note="it darkens.",
    )
    card = shown(qtbot, PresetCards(look, [preset]), 400).cards()[0]
    wide = card.heightForWidth(380)
    assert card.heightForWidth(200) > wide, "the badge moved to a line of its own"


def test_own_presets_stand_apart_and_can_be_deleted(look: Look, qtbot: QtBot) -> None:
    mine = Preset(id="mine", title="Mine", summary="For me.", task="denoise")
    presets = [*load_presets().values(), mine]
    cards = shown(qtbot, PresetCards(look, presets, {"mine"}))
    assert cards.cards()[-1].preset.id == "mine"
    gone: list[str] = []
    cards.delete_requested.connect(gone.append)
    qtbot.keyClick(cards.cards()[-1], Qt.Key.Key_Delete)
    qtbot.keyClick(cards.cards()[1], Qt.Key.Key_Delete)
    assert gone == ["mine"]
    cards.select("mine")
    cards.set_presets(load_presets().values())
    cards.select("mine")
    assert cards.selected == ""


def slider_of(panel: Adjustments, name: str) -> QSlider:
    return panel.slider(name).findChild(QSlider)


def test_dragging_is_live_and_is_one_step_to_undo(look: Look, qtbot: QtBot) -> None:
    panel = shown(qtbot, Adjustments())
    live: list[tuple[str, float]] = []
    rests: list[tuple[str, float]] = []
    panel.changed.connect(lambda name, value: live.append((name, value)))
    panel.committed.connect(lambda name, value: rests.append((name, value)))
    slider = slider_of(panel, "strength")
    slider.setSliderDown(True)
    for value in (90, 80, 70):
        slider.setSliderPosition(value)
    assert rests == []
    slider.setSliderDown(False)
    assert live == [("strength", 0.9), ("strength", 0.8), ("strength", 0.7)]
    assert rests == [("strength", 0.7)]


def test_held_arrow_key_is_one_step_to_undo(look: Look, qtbot: QtBot) -> None:
    panel = shown(qtbot, Adjustments())
    rests: list[float] = []
    panel.committed.connect(lambda name, value: rests.append(value))
    slider = slider_of(panel, "strength")
    slider.setFocus()
    for _ in range(3):
        QTest.keyPress(slider, Qt.Key.Key_Left)
    assert rests == []
    QTest.keyRelease(slider, Qt.Key.Key_Left)
    assert rests == [0.97]


def test_values_are_shown_without_an_echo(look: Look, qtbot: QtBot) -> None:
    panel = shown(qtbot, Adjustments())
    heard: list[object] = []
    panel.changed.connect(lambda *args: heard.append(args))
    panel.committed.connect(lambda *args: heard.append(args))
    values = {"strength": 0.5, "detail": 0.4, "colour": 0.3, "grain": 0.2, "faces": 0.1}
    values["sensitivity"] = 0.7
    panel.set_values({**values, "scale": 4.0, "seed": 7.0})
    assert panel.values() == {**values, "scale": 4.0, "seed": 7.0}
    assert heard == []


def test_double_click_on_a_name_resets_to_the_presets_value(look: Look, qtbot: QtBot) -> None:
    panel = shown(qtbot, Adjustments())
    panel.set_defaults({**DEFAULTS, "grain": 0.25})
    panel.set_values({"grain": 0.9})
    rests: list[tuple[str, float]] = []
    panel.committed.connect(lambda name, value: rests.append((name, value)))
    label = panel.slider("grain").findChild(QLabel)
    qtbot.mouseDClick(label, Qt.MouseButton.LeftButton)
    assert rests == [("grain", 0.25)]
    panel.set_values({"grain": 0.9})
    qtbot.keyClick(slider_of(panel, "grain"), Qt.Key.Key_Delete)
    assert rests == [("grain", 0.25)] * 2


def test_a_typed_number_counts_once(look: Look, qtbot: QtBot) -> None:
    panel = shown(qtbot, Adjustments())
    rests: list[tuple[str, float]] = []
    panel.committed.connect(lambda name, value: rests.append((name, value)))
    number = panel.slider("detail").findChild(QAbstractSpinBox)
    number.selectAll()
    qtbot.keyClicks(number, "35")
    qtbot.keyClick(number, Qt.Key.Key_Return)
    assert rests == [("detail", 0.35)]
    assert slider_of(panel, "detail").value() == 35


def test_scale_is_chosen_by_click_and_arrow(look: Look, qtbot: QtBot) -> None:
    panel = shown(qtbot, Adjustments())
    rests: list[tuple[str, float]] = []
    panel.committed.connect(lambda name, value: rests.append((name, value)))
    buttons = {b.text(): b for b in panel.findChildren(QPushButton) if b.text().endswith("×")}
    qtbot.mouseClick(buttons["2×"], Qt.MouseButton.LeftButton)
    qtbot.keyClick(buttons["2×"], Qt.Key.Key_Right)
    assert rests == [("scale", 2.0), ("scale", 4.0)]
    assert buttons["4×"].isChecked()
    assert "run" in buttons["4×"].accessibleDescription()


def test_sensitivity_is_there_where_marks_are_looked_for(look: Look, qtbot: QtBot) -> None:
    panel = shown(qtbot, Adjustments(), height=900)
    assert not panel.slider("sensitivity").isVisible()
    panel.set_finding(True)
    assert panel.slider("sensitivity").isVisible()
    rests: list[tuple[str, float]] = []
    panel.committed.connect(lambda name, value: rests.append((name, value)))
    slider_of(panel, "sensitivity").setValue(80)
    assert rests == [("sensitivity", 0.8)]


def test_brushes_are_taken_up_and_put_down(look: Look, qtbot: QtBot) -> None:
    panel = shown(qtbot, Adjustments(), height=900)
    taken: list[str] = []
    panel.brush_chosen.connect(taken.append)
    buttons = {b.accessibleName(): b for b in panel.findChildren(QAbstractButton)}
    for name in ("Keep", "Restore", "Restore"):
        buttons[name].click()
    assert taken == ["keep", "restore", ""]
    panel.set_brush("erase")
    assert buttons["Erase"].isChecked()
    assert taken == ["keep", "restore", ""]


def test_run_becomes_cancel_while_running(look: Look, qtbot: QtBot) -> None:
    panel = shown(qtbot, Adjustments())
    panel.set_cost("~ 3 s on this computer")
    buttons = {b.text(): b for b in panel.findChildren(QPushButton)}
    with qtbot.waitSignal(panel.run_requested):
        buttons["Restore"].click()
    buttons["Restore"].setFocus()
    panel.set_running(True)
    assert buttons["Cancel"].isVisible()
    assert buttons["Cancel"].hasFocus()
    assert not buttons["Restore"].isVisible()
    with qtbot.waitSignal(panel.cancel_requested):
        buttons["Cancel"].click()
    panel.set_ready(False)
    panel.set_running(False)
    assert not buttons["Restore"].isEnabled()
    assert not any(panel.slider(name).isEnabled() for name in SLIDERS)


def test_wheel_over_a_slider_scrolls_the_panel_instead(look: Look, qtbot: QtBot) -> None:
    panel = shown(qtbot, Adjustments())
    slider = slider_of(panel, "grain")
    slider_of(panel, "strength").setFocus()
    turn = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(slider, turn)
    assert panel.values()["grain"] == 0.0


def test_progress_does_not_take_a_slider_out_of_the_hand(look: Look, qtbot: QtBot) -> None:
    row = shown(qtbot, SliderRow(), 260, 60)
    row.set_value(0.5)
    told: list[float] = []
    row.committed.connect(told.append)
    slider = row.findChild(QSlider)
    assert slider is not None
    slider.setSliderDown(True)
    slider.setValue(80)
    row.set_value(0.5)  # as each message of a run in work asks for
    assert row.value == 0.8
    slider.setSliderDown(False)
    assert told == [0.8]
    QTest.keyPress(slider, Qt.Key.Key_PageUp)
    row.set_value(0.8)
    QTest.keyRelease(slider, Qt.Key.Key_PageUp)
    assert told == [0.8, 0.9]


def test_progress_does_not_wipe_a_number_that_is_being_typed(look: Look, qtbot: QtBot) -> None:
    row = shown(qtbot, SliderRow(), 260, 60)
    row.set_value(0.5)
    told: list[float] = []
    row.committed.connect(told.append)
    number = row.findChild(QAbstractSpinBox)
    assert number is not None
    number.setFocus()
    number.selectAll()
    QTest.keyClicks(number, "3")
    row.set_value(0.5)
    QTest.keyClicks(number, "5")
    QTest.keyClick(number, Qt.Key.Key_Return)
    assert told == [0.35]


def test_an_undo_by_keyboard_reaches_the_slider_that_has_it(look: Look, qtbot: QtBot) -> None:
    row = shown(qtbot, SliderRow(), 260, 60)
    row.set_value(0.8)
    slider = row.findChild(QSlider)
    assert slider is not None
    QTest.keyPress(slider, Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)
    row.set_value(0.5)  # as an undo does
    QTest.keyRelease(slider, Qt.Key.Key_Control)
    assert row.value == 0.5


def test_the_number_comes_after_its_slider_with_tab(look: Look, qtbot: QtBot) -> None:
    panel = shown(qtbot, Adjustments())
    panel.set_ready(True)
    names = []
    panel.slider("strength").findChild(QSlider).setFocus()
    for _ in range(4):
        at = QApplication.focusWidget()
        names.append((at.accessibleName(), isinstance(at, QAbstractSpinBox)))
        QTest.keyClick(at, Qt.Key.Key_Tab)
    assert names == [("Strength", False), ("Strength", True), ("Detail", False), ("Detail", True)]
