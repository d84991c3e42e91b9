"""The compare view as a hand, a keyboard and an eye meet it."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.photo import Box
from restorer_app.gui.compare.brush import Brush, BrushKind
from restorer_app.gui.compare.compare_view import CompareView
from restorer_app.gui.compare.panes import Mode
from restorer_app.gui.compare.picture import Picture
from restorer_app.gui.compare.viewport import Size
from restorer_app.gui.look.translations import Languages

WIDTH, HEIGHT = 640, 420
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
BLUE, RED, GREEN = (30, 60, 200), (200, 40, 30), (40, 180, 60)


def flat(name: str, colour: tuple[int, int, int], width: int = 1800) -> Picture:
    return Picture(name, np.full((width * 2 // 3, width, 3), colour, np.uint8))


def detailed(name: str, seed: int, width: int = 1800) -> Picture:
    shape = (width * 2 // 3, width, 3)
    return Picture(name, np.random.default_rng(seed).integers(0, 256, shape, np.uint8))


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[CompareView]:
    made = CompareView()
    qtbot.addWidget(made)
    made.resize(WIDTH, HEIGHT)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.end()
    assert not [t for t in threading.enumerate() if t.name == "pictures"]


@pytest.fixture
def pair(view: CompareView) -> CompareView:
    view.set_photo(flat("photo", BLUE))
    view.set_variants((flat("Denoise", RED), flat("Deblur", GREEN)))
    return view


def colour(view: CompareView, x: float, y: float) -> tuple[int, int, int]:
    seen = view.grab().toImage().pixelColor(round(x), round(y))
    return seen.red(), seen.green(), seen.blue()


def settled(qtbot: QtBot, view: CompareView) -> QImage:
    qtbot.waitUntil(lambda: not view.preparing, timeout=20_000)
    QApplication.processEvents()
    return view.grab().toImage()


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return rows[:, : image.width(), 2::-1].copy()


def wheel(view: CompareView, at: QPointF, notches: int) -> None:
    place = view.mapToGlobal(at)
    event = QWheelEvent(
        at,
        place,
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def test_source_is_left_and_result_right(pair: CompareView) -> None:
    assert colour(pair, 200, 210) == BLUE
    assert colour(pair, 440, 210) == RED


def test_dragging_the_divider_moves_it(pair: CompareView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(pair.divider_changed):
        qtbot.mousePress(pair, LEFT, pos=QPoint(WIDTH // 2 + 11, 200))
        qtbot.mouseMove(pair, QPoint(WIDTH * 3 // 4 + 11, 220))
        qtbot.mouseRelease(pair, LEFT, pos=QPoint(WIDTH * 3 // 4 + 11, 220))
    assert pair.divider == pytest.approx(0.75, abs=0.01)
    assert colour(pair, 440, 150) == BLUE
    assert colour(pair, 560, 150) == RED


def test_dragging_beside_the_divider_pans(pair: CompareView, qtbot: QtBot) -> None:
    pair.set_percent(100)
    before = pair.photo_point(QPointF(100, 100))
    qtbot.mousePress(pair, LEFT, pos=QPoint(150, 200))
    qtbot.mouseMove(pair, QPoint(110, 180))
    qtbot.mouseRelease(pair, LEFT, pos=QPoint(110, 180))
    after = pair.photo_point(QPointF(100, 100))
    assert (after[0] - before[0], after[1] - before[1]) == (40, 20)
    assert pair.divider == 0.5


def test_double_click_turns_the_divider(pair: CompareView, qtbot: QtBot) -> None:
    qtbot.mouseDClick(pair, LEFT, pos=QPoint(WIDTH // 2, 200))
    assert not pair.divider_vertical
    assert colour(pair, 200, 120) == BLUE
    assert colour(pair, 200, 300) == RED


def test_arrow_keys_move_the_divider(pair: CompareView, qtbot: QtBot) -> None:
    qtbot.keyClick(pair, Qt.Key.Key_Right)
    assert pair.divider == pytest.approx(0.51)
    qtbot.keyClick(pair, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert pair.divider == pytest.approx(0.41)
    assert "divider at 41 %" in pair.accessibleDescription()


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Backslash])
def test_original_is_shown_while_a_key_is_held(
    pair: CompareView, qtbot: QtBot, key: Qt.Key
) -> None:
    pair.set_mode(Mode.SINGLE)
    assert colour(pair, 320, 300) == RED
    qtbot.keyPress(pair, key)
    assert colour(pair, 320, 300) == BLUE
    time.sleep(0.3)  # longer than a tap
    qtbot.keyRelease(pair, key)
    assert colour(pair, 320, 300) == RED


def test_a_tap_leaves_the_original_on_until_the_next(pair: CompareView, qtbot: QtBot) -> None:
    qtbot.keyClick(pair, Qt.Key.Key_Backslash)
    assert colour(pair, 440, 300) == BLUE
    qtbot.keyClick(pair, Qt.Key.Key_Backslash)
    assert colour(pair, 440, 300) == RED


def test_losing_the_focus_ends_holding(pair: CompareView, qtbot: QtBot) -> None:
    pair.setFocus()
    qtbot.keyPress(pair, Qt.Key.Key_Space)
    assert pair.original_is_shown
    pair.clearFocus()
    assert not pair.original_is_shown


def test_numbers_flip_in_place(pair: CompareView, qtbot: QtBot) -> None:
    pair.set_percent(150)
    pair.pan(-80, 30)
    region = pair.visible_region()
    for key, expected in ((Qt.Key.Key_2, GREEN), (Qt.Key.Key_1, RED), (Qt.Key.Key_0, BLUE)):
        qtbot.keyClick(pair, key)
        assert colour(pair, 500, 150) == expected
        assert pair.visible_region() == region
    qtbot.keyClick(pair, Qt.Key.Key_9)
    assert pair.variant == -1


def test_modes_keep_the_place_and_show_both(pair: CompareView, qtbot: QtBot) -> None:
    pair.set_percent(100)
    pair.centre_on(700, 500)
    for key, mode, first, second in (
        (Qt.Key.Key_B, Mode.SIDE_BY_SIDE, (160, 210), (480, 150)),
        (Qt.Key.Key_T, Mode.STACKED, (160, 100), (160, 320)),
        (Qt.Key.Key_S, Mode.SPLIT, (160, 100), (480, 150)),
    ):
        qtbot.keyClick(pair, key)
        assert pair.mode is mode
        assert colour(pair, *first) == BLUE
        assert colour(pair, *second) == RED
        region = pair.visible_region()
        assert region is not None
        assert region[1] == 1
        assert (region[0].left + region[0].right) / 2 == pytest.approx(700, abs=2)


def test_difference_is_black_where_nothing_changed(view: CompareView) -> None:
    source = flat("photo", BLUE)
    changed = source.pixels.copy()
    changed[:, 900:] += 10
    view.set_photo(source)
    view.set_variants((Picture("changed", changed),))
    view.set_mode(Mode.DIFFERENCE)
    assert colour(view, 150, 300) == (0, 0, 0)
    assert colour(view, 450, 300) == (40, 40, 40)


def test_100_percent_shows_the_files_own_pixels(view: CompareView, qtbot: QtBot) -> None:
    source, result = detailed("photo", 1), detailed("result", 2)
    view.set_photo(source)
    view.set_variants((result,))
    view.set_percent(100)
    view.centre_on(900, 600)
    seen = pixels(settled(qtbot, view))
    x, y = (int(value) for value in view.photo_point(QPointF(0, 0)))
    part = np.s_[60:200, 40:300]
    assert np.array_equal(seen[part], source.pixels[y : y + HEIGHT, x : x + WIDTH][part])
    part = np.s_[60:200, 340:440]
    assert np.array_equal(seen[part], result.pixels[y : y + HEIGHT, x : x + WIDTH][part])


@pytest.mark.parametrize("factor", ["1.25", "2"])
def test_100_percent_means_device_pixels_on_a_dense_screen(factor: str) -> None:
    program = """
import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication
from restorer_app.gui.compare.panes import Mode
from tests.gui.test_compare_view import CompareView, detailed, pixels
app = QApplication([])
view, source = CompareView(), detailed("photo", 1)
view.resize(400, 320)
view.set_photo(source)
view.set_variants((detailed("result", 2),))
view.set_percent(100)
view.centre_on(901, 603)
view.grab()
while view.preparing:
    app.processEvents()
seen = pixels(view.grab().toImage())
dpr = view.devicePixelRatioF()
x, y = (round(value) for value in view.photo_point(QPointF(0, 0)))
part = np.s_[100:250, 50:190]
height, width = seen.shape[:2]
same = np.array_equal(seen[part], source.pixels[y : y + height, x : x + width][part])
view.end()
print(dpr, same)
"""
    environment = {**os.environ, "QT_SCALE_FACTOR": factor, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(float(factor)), "True"]


def test_a_larger_result_lies_on_its_source(view: CompareView) -> None:
    small = np.full((300, 450, 3), BLUE, np.uint8)
    small[:, 225:] = GREEN
    view.set_photo(Picture("photo", small))
    view.set_variants((Picture("twice", small.repeat(2, 0).repeat(2, 1)),))
    view.set_percent(100)
    assert view.zoom == 2
    view.centre_on(225, 150)
    view.set_divider_vertical(False)
    for y in (100, 300):
        assert colour(view, 300, y) == BLUE
        assert colour(view, 340, y) == GREEN


def test_wheel_zooms_at_the_pointer(pair: CompareView) -> None:
    at = QPointF(420, 130)
    before = pair.photo_point(at)
    wheel(pair, at, 6)
    assert pair.zoom > 1
    assert pair.photo_point(at) == pytest.approx(before, abs=1)


def test_z_goes_to_100_percent_at_the_pointer_and_back(pair: CompareView, qtbot: QtBot) -> None:
    at = QPointF(400, 260)
    pair.point_at(at)
    before = pair.photo_point(at)
    qtbot.keyClick(pair, Qt.Key.Key_Z)
    assert pair.percent == 100
    assert pair.photo_point(at) == pytest.approx(before, abs=2)
    qtbot.keyClick(pair, Qt.Key.Key_Z)
    assert pair.is_fit


@pytest.mark.parametrize(("key", "percent"), [("1", 100), ("2", 200), ("4", 400)])
def test_control_and_a_number_zoom(
    pair: CompareView, qtbot: QtBot, key: str, percent: float
) -> None:
    qtbot.keyClick(pair, key, Qt.KeyboardModifier.ControlModifier)
    assert pair.percent == percent
    assert f"zoom {percent} %" in pair.accessibleDescription()
    qtbot.keyClick(pair, "0", Qt.KeyboardModifier.ControlModifier)
    assert pair.is_fit


def test_the_next_photo_of_the_same_shape_keeps_the_view(pair: CompareView) -> None:
    pair.set_percent(200)
    pair.centre_on(500, 400)
    region = pair.visible_region()
    pair.set_photo(flat("next", GREEN))
    assert pair.visible_region() == region
    assert pair.variants == ()


def test_the_minimap_leads_to_a_place(pair: CompareView, qtbot: QtBot) -> None:
    pair.set_percent(200)
    corner = QPoint(WIDTH - 16, HEIGHT - 16)
    assert pair.on_minimap(QPointF(corner))
    qtbot.mouseClick(pair, LEFT, pos=corner)
    region = pair.visible_region()
    assert region is not None
    assert (region[0].right, region[0].bottom) == (1800, 1200)
    pair.fit()
    assert not pair.on_minimap(QPointF(corner))


def test_a_live_layer_replaces_the_result_in_its_box_alone(pair: CompareView) -> None:
    pair.set_percent(100)
    pair.centre_on(900, 600)
    white = np.full((100, 100, 3), 255, np.uint8)
    pair.set_live(white, Box(930, 600, 1030, 700))
    assert colour(pair, 380, 250) == (255, 255, 255)
    assert colour(pair, 380, 200) == RED
    pair.pan(0, -60)
    assert colour(pair, 380, 170) == (255, 255, 255)
    pair.show_variant(1)
    assert colour(pair, 380, 170) == GREEN


def test_visible_pixels_come_back_as_the_very_picture(view: CompareView, qtbot: QtBot) -> None:
    view.set_photo(detailed("photo", 1))
    view.set_variants((detailed("result", 2),))
    view.zoom_at(1.37, QPointF(200, 100))
    shown = pixels(settled(qtbot, view))
    seen = view.visible_pixels()
    assert seen is not None
    assert seen.before.shape == seen.after.shape
    view.set_live(seen.after, seen.box)
    again = pixels(view.grab().toImage()).astype(int)
    assert np.abs(again - shown).max() <= 1


def test_the_invention_map_warms_the_result_where_it_is_high(
    pair: CompareView, qtbot: QtBot
) -> None:
    amount = np.zeros((60, 90), np.float32)
    amount[:30] = 1
    pair.set_invention(amount)
    assert colour(pair, 500, 150) == RED
    qtbot.keyClick(pair, Qt.Key.Key_I)
    assert colour(pair, 500, 120) != RED
    assert colour(pair, 500, 330) == RED
    assert colour(pair, 150, 120) == BLUE


def test_the_brush_paints_a_mask_and_alt_erases_it(pair: CompareView, qtbot: QtBot) -> None:
    pair.brush_mode(Brush(BrushKind.RESTORE, 100, 1.0))
    with qtbot.waitSignal(pair.mask_changed):
        qtbot.mousePress(pair, LEFT, pos=QPoint(100, 200))
        qtbot.mouseMove(pair, QPoint(180, 200))
        qtbot.mouseRelease(pair, LEFT, pos=QPoint(180, 200))
    x, y = pair.photo_point(QPointF(140, 200))
    restore = pair.masks().restore
    assert restore is not None
    assert restore.shape == (300, 450)
    assert restore[int(y / 4), int(x / 4)] == 1
    assert colour(pair, 140, 200) != BLUE
    pair.brush_mode(Brush(BrushKind.RESTORE, 400, 1.0))
    qtbot.mouseClick(pair, LEFT, Qt.KeyboardModifier.AltModifier, QPoint(140, 200))
    assert pair.masks().restore is None
    assert colour(pair, 140, 200) == BLUE


def test_the_loupe_shows_both_enlarged(view: CompareView, qtbot: QtBot) -> None:
    source = flat("photo", BLUE)
    marked = np.array(flat("", RED).pixels)
    marked[:, 900:] = GREEN
    view.set_photo(source)
    view.set_variants((Picture("marked", marked),))
    qtbot.keyClick(view, Qt.Key.Key_L)
    at = QPointF(*(round(v) for v in (320 + 60, 250)))
    view.point_at(at)
    assert colour(view, at.x() - 40, 250) == BLUE
    assert colour(view, at.x() + 40, 250) == GREEN
    percent = view.percent
    plain = view.grab().toImage()
    wheel(view, at, 4)
    assert view.percent == percent
    assert view.grab().toImage() != plain
    qtbot.keyClick(view, Qt.Key.Key_L)
    assert colour(view, at.x() - 40, 250) == GREEN


def test_values_under_the_pointer_are_told(pair: CompareView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(pair.pixel_read) as heard:
        qtbot.mouseMove(pair, QPoint(300, 200))
    reading = heard.args[0]
    assert reading.before == BLUE
    assert reading.after == RED
    with qtbot.waitSignal(pair.pixel_read) as heard:
        pair.point_at(QPointF(-500, 10))
    assert heard.args[0] is None


def test_histograms_of_both_arrive(view: CompareView, qtbot: QtBot) -> None:
    heard = []
    view.histograms_ready.connect(lambda *pair: heard.append(pair))
    view.set_photo(flat("photo", BLUE))
    view.set_variants((flat("result", RED),))
    qtbot.waitUntil(lambda: bool(heard) and heard[-1][1] is not None, timeout=20_000)
    before, after = heard[-1]
    assert before.shares[0, BLUE[0]] == 1
    assert after.shares[0, RED[0]] == 1


def test_moving_is_told_once_it_is_over(pair: CompareView, qtbot: QtBot) -> None:
    heard: list[tuple[Box, float]] = []
    qtbot.wait(150)
    pair.view_changed.connect(lambda box, zoom: heard.append((box, zoom)))
    pair.set_percent(100)
    for _ in range(20):
        pair.pan(-3, 0)
    qtbot.waitUntil(lambda: bool(heard))
    assert len(heard) == 1
    assert heard[0] == pair.visible_region()


def test_surround_is_as_told_and_stays_neutral_otherwise(view: CompareView) -> None:
    red, green, blue = colour(view, 100, 100)
    assert red == green == blue
    view.set_surround(QColor(128, 128, 128))
    assert colour(view, 100, 100) == (128, 128, 128)
    assert view.accessibleDescription() == "No photo"


def test_keyboard_focus_is_visible_and_a_click_draws_no_ring(
    pair: CompareView, qtbot: QtBot
) -> None:
    pair.clearFocus()
    plain = pair.grab().toImage()
    pair.setFocus(Qt.FocusReason.TabFocusReason)
    assert pair.grab().toImage().pixelColor(1, 100) != plain.pixelColor(1, 100)
    pair.clearFocus()
    pair.setFocus(Qt.FocusReason.MouseFocusReason)
    assert pair.grab().toImage().pixelColor(1, 100) == plain.pixelColor(1, 100)


def test_a_destroyed_view_leaves_no_thread(qtbot: QtBot) -> None:
    view = CompareView()
    view.set_photo(detailed("photo", 5, 3000))
    assert view.preparing
    view.deleteLater()
    qtbot.waitUntil(
        lambda: not [t for t in threading.enumerate() if t.name == "pictures"], timeout=20_000
    )


@pytest.mark.parametrize("width", [180, 1800])
def test_a_result_in_place_of_another_is_what_is_seen(
    view: CompareView, qtbot: QtBot, width: int
) -> None:
    view.set_mode(Mode.SINGLE)
    view.set_photo(flat("photo", BLUE, width))
    settled(qtbot, view)
    for level in range(20, 240, 20):  # each takes the memory of the one before
        view.set_variants((flat("draft", (level, level, level), width),))
        settled(qtbot, view)
        assert colour(view, WIDTH / 2, HEIGHT / 2) == (level,) * 3


def test_on_a_denser_screen_it_fits_anew(
    pair: CompareView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CompareView, "_dpr", lambda self: 2.0)
    QApplication.sendEvent(pair, QEvent(QEvent.Type.DevicePixelRatioChange))
    assert pair._viewport is not None
    assert pair._viewport.pane == Size(2 * WIDTH, 2 * HEIGHT)
    assert pair.is_fit


def test_it_names_itself_in_another_language_at_once(pair: CompareView, qtbot: QtBot) -> None:
    languages = Languages(QApplication.instance() or QApplication([]))
    try:
        languages.use("de")
        qtbot.waitUntil(lambda: "Vorher" in pair.accessibleName() or "Teil" in _said(pair))
        assert pair.accessibleName() != "Comparison of before and after"
    finally:
        languages.use("en")
        qtbot.waitUntil(lambda: pair.accessibleName() == "Comparison of before and after")


def _said(view: CompareView) -> str:
    return view.accessibleDescription()


def test_a_photo_that_was_closed_takes_no_memory(pair: CompareView, qtbot: QtBot) -> None:
    pair.set_percent(100)
    settled(qtbot, pair)
    kept = weakref.ref(pair.variants[0].pixels)
    assert pair._comparison._cache.bytes > 0
    pair._rested()  # it begins to draw ahead what may be flipped to
    assert pair._ahead
    pair.set_photo(None)
    qtbot.waitUntil(lambda: not pair.preparing, timeout=20_000)
    gc.collect()
    assert kept() is None
    assert pair._comparison._cache.bytes == 0


@pytest.mark.parametrize("mode", [Mode.SIDE_BY_SIDE, Mode.STACKED])
def test_a_stroke_over_the_edge_of_a_pane_stays_where_it_began(
    pair: CompareView, qtbot: QtBot, mode: Mode
) -> None:
    pair.set_mode(mode)
    pair.brush_mode(Brush(BrushKind.KEEP, 20))
    middle, step = QPoint(WIDTH // 2, HEIGHT // 2), QPoint(WIDTH // 64, HEIGHT // 42)
    for way in (1, -1):  # out of the first pane into the second, and back
        qtbot.mousePress(pair, LEFT, pos=middle - way * step)
        qtbot.mouseMove(pair, middle)
        qtbot.mouseMove(pair, middle + way * step)
        qtbot.mouseRelease(pair, LEFT, pos=middle + way * step)
    keep = pair.masks().keep
    assert keep is not None
    inside = keep[:, 40:-40] if mode is Mode.SIDE_BY_SIDE else keep[40:-40]
    assert keep.any()
    assert not inside.any()


@pytest.mark.parametrize("mode", [Mode.SPLIT, Mode.SIDE_BY_SIDE, Mode.STACKED])
def test_without_a_pointer_the_middle_of_the_photo_stays(pair: CompareView, mode: Mode) -> None:
    pair.set_mode(mode)
    pair.point_at(None)
    pair.fit()
    pair.set_percent(100)
    seen = pair.visible_region()
    assert seen is not None
    box = seen[0]
    middle = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    assert middle == pytest.approx((900, 600), abs=2)
