"""The menu bar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from restorer_app.gui.compare.compare_keys import shortcuts
from restorer_app.gui.look.translations import Languages
from restorer_app.gui.menus import MENUS, Menus, menu_texts

NAMES = [command.name for _, commands in MENUS for command in commands if command.name]


class Heard:
    """Handlers that note who was called."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def handlers(self) -> dict[str, object]:
        return {name: lambda name=name: self.calls.append(name) for name in NAMES}


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def menus(window: QMainWindow, heard: Heard) -> Menus:
    return Menus(window, heard.handlers())  # type: ignore[arg-type]


@pytest.fixture
def languages(qapp: QApplication) -> Iterator[Languages]:
    languages = Languages(qapp)
    yield languages
    languages.use("en")


def test_every_command_does_what_its_name_says_and_nothing_else(menus: Menus, heard: Heard) -> None:
    for name in NAMES:
        menus.actions[name].trigger()
    assert heard.calls == NAMES


def test_a_command_without_a_handler_is_an_error(window: QMainWindow, heard: Heard) -> None:
    handlers = heard.handlers()
    del handlers["open"]
    with pytest.raises(KeyError):
        Menus(window, handlers)  # type: ignore[arg-type]


def test_no_key_means_two_things() -> None:
    keys = [command.keys for _, commands in MENUS for command in commands if command.keys]
    assert all(not QKeySequence(key).isEmpty() for key in keys)
    keys += ["K", "R", "E", "[", "]"]
    keys += [part for each in shortcuts() for part in each.keys.split(", ")]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_what_cannot_be_done_is_gray(menus: Menus, heard: Heard) -> None:
    menus.enable({"undo": False, "redo": True})
    menus.actions["undo"].trigger()
    menus.actions["redo"].trigger()
    assert heard.calls == ["redo"]


def test_own_texts_follow_the_language(menus: Menus, languages: Languages, qtbot: QtBot) -> None:
    menus.set_text("undo", lambda: f"{languages.current}: R&B")
    assert menus.actions["undo"].text() == "en: R&&B"
    before = menus.actions["redo"].text()
    languages.use("de")
    qtbot.waitUntil(lambda: menus.actions["redo"].text() != before)
    assert menus.actions["undo"].text() == "de: R&&B"


def test_every_line_is_there_in_german(languages: Languages) -> None:
    english = menu_texts()
    languages.use("de")
    german = menu_texts()
    same = [
        before.text
        for (_, lines), (_, translated) in zip(english, german, strict=True)
        for before, after in zip(lines, translated, strict=True)
        if before.text == after.text
    ]
    assert same == []
