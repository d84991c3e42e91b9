"""The main window: what is where, what is dropped, what is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from restorer_app.gui.compare.panes import Mode
from restorer_app.gui.look.theme import Look
from restorer_app.gui.look.translations import Languages
from restorer_app.gui.view_bar import ViewBar
from restorer_app.gui.window import MainWindow, paths_in


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    font = qapp.font()
    window = MainWindow(Look(qapp))
    window.show()
    yield window
    window.may_close = lambda: True
    window.close()
    window.deleteLater()
    qapp.setStyleSheet("")
    qapp.setFont(font)


def panels(window: MainWindow) -> tuple[bool, ...]:
    """Which of presets, sliders and filmstrip are to be seen."""
    return tuple(panel.isVisible() for panel in (window.cards, window.adjustments, window.film))


def links(*paths: Path | str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(p)) if isinstance(p, Path) else QUrl(p) for p in paths])
    return data


def test_without_a_photo_it_says_how_to_begin(window: MainWindow) -> None:
    assert window.empty.isVisible()
    assert panels(window) == (True, False, False)
    window.show_photo(True)
    assert not window.empty.isVisible()
    assert window.view.isVisible()
    assert panels(window) == (True, True, True)


def test_hidden_panels_stay_hidden_as_photos_change(window: MainWindow) -> None:
    window.show_photo(True)
    window.toggle_panels()
    window.show_photo(True)
    assert panels(window) == (False, False, False)
    window.show_photo(False)
    window.toggle_panels()
    assert panels(window) == (True, False, False)


def test_a_sentence_can_lie_over_the_picture(window: MainWindow) -> None:
    window.show_photo(True)
    window.say("“a.png” does not exist.")
    assert window._note.isVisible()
    area = window.view.rect()
    assert area.contains(window._note.geometry())
    assert abs(window._note.geometry().center().x() - area.center().x()) <= 1
    window.say("")
    assert not window._note.isVisible()


def test_files_and_folders_are_dropped_anywhere_addresses_are_not(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    data = links(tmp_path / "ä b.png", "https://example.org/c.png")
    assert paths_in(data) == [tmp_path / "ä b.png"]
    copy, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter = QDragEnterEvent(QPoint(9, 9), copy, data, left, none)
    window.dragEnterEvent(enter)
    assert enter.isAccepted()
    with qtbot.waitSignal(window.dropped) as dropped:
        window.dropEvent(QDropEvent(QPointF(9, 9), copy, data, left, none))
    assert dropped.args == [[tmp_path / "ä b.png"]]
    address = links("https://example.org/c.png")
    with qtbot.assertNotEmitted(window.dropped):
        window.dropEvent(QDropEvent(QPointF(9, 9), copy, address, left, none))


def test_it_closes_only_if_it_may(window: MainWindow) -> None:
    window.may_close = lambda: False
    window.close()
    assert window.isVisible()
    window.may_close = lambda: True
    window.close()
    assert not window.isVisible()


def test_its_texts_follow_the_language(window: MainWindow, qtbot: QtBot) -> None:
    window.bar.show_variants(["Denoise"], 0)
    languages = Languages(QApplication.instance() or QApplication([]))
    original = window.bar._variant_group.buttons()[0]
    try:
        languages.use("de")
        qtbot.waitUntil(lambda: window.export.text().startswith("Exportieren"))
        assert original.accessibleName() == "Original"
        assert all(_german(button) for button in window.bar._modes.values())
    finally:
        languages.use("en")
    qtbot.waitUntil(lambda: window.export.text() == "Export…")


def _german(button: QToolButton) -> bool:
    english = {"Side by side", "One above the other", "Difference between before and after"}
    return bool(button.accessibleName()) and button.accessibleName() not in english


@pytest.fixture
def bar(qtbot: QtBot) -> ViewBar:
    bar = ViewBar()
    qtbot.addWidget(bar)
    bar.show()
    return bar


def test_the_bar_offers_the_original_and_each_result(bar: ViewBar, qtbot: QtBot) -> None:
    bar.show_variants(["Denoise", "Enlarge"], 1)
    buttons = bar._variant_group.buttons()
    assert [button.text() for button in buttons] == ["0", "1", "2"]
    assert [button.isChecked() for button in buttons] == [False, False, True]
    assert buttons[1].toolTip() == "Denoise (1)"
    with qtbot.waitSignal(bar.variant_chosen) as chosen:
        buttons[0].click()
    assert chosen.args == [-1]
    bar.show_variants([], -1)
    assert len(bar._variant_group.buttons()) == 1


def test_the_bar_shows_what_keys_have_done_without_an_echo(bar: ViewBar, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(bar.loupe_toggled), qtbot.assertNotEmitted(bar.invention_toggled):
        bar.show_loupe(True)
        bar.show_invention(True, True)
        bar.show_mode(Mode.STACKED)
        bar.show_percent(66.7)
    assert bar._loupe.isChecked()
    assert bar._invention.isChecked()
    assert [mode for mode, button in bar._modes.items() if button.isChecked()] == [Mode.STACKED]
    assert bar._percent.text() == "67 %"
    with qtbot.waitSignal(bar.mode_chosen) as chosen:
        bar._modes[Mode.SINGLE].click()
    assert chosen.args == [Mode.SINGLE]


def test_the_keyboard_is_on_the_picture_once_there_is_one(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitActive(window)
    window.show_photo(True)
    assert window.focusWidget() is window.view
    window.bar._loupe.setFocus()
    window.show_photo(True)
    assert window.focusWidget() is window.bar._loupe
    window.show_photo(False)
    assert window.focusWidget() is window.empty._open


@pytest.mark.parametrize(("scale", "screen"), [(1.0, 1024), (2.0, 1920)])
def test_it_fits_on_a_small_screen_with_all_results(
    window: MainWindow, qtbot: QtBot, scale: float, screen: int
) -> None:
    window.show()
    window.show_photo(True)
    window.look.set(scale=scale)
    window.bar.show_variants([f"Denoise {number}" for number in range(9)], 8)
    window.resize(screen, 700)
    qtbot.waitUntil(lambda: window.minimumSizeHint().width() <= screen == window.width())
    window.look.set(scale=1.0)


def test_results_are_a_row_of_their_own_where_the_bar_is_narrow(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    bar = ViewBar(window)
    window.show()
    bar.show_variants([f"Denoise {number}" for number in range(9)], 8)
    last, zoom = bar._variant_group.buttons()[-1], bar._zoom["full"]
    for width, is_narrow in ((450, True), (1200, False), (450, True)):
        bar.resize(width, 80)
        qtbot.waitUntil(
            lambda is_narrow=is_narrow: is_narrow == (_place(last).top() > _place(zoom).bottom())
        )
        assert max(_place(last).right(), _place(zoom).right()) < width


def _place(button: QAbstractButton) -> QRect:
    """Where it is in the window."""
    return QRect(button.mapTo(button.window(), QPoint(0, 0)), button.size())
