"""The menu bar: every command with its name and key, in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from restorer_app.gui.look.translations import QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class Command:
    """A line of a menu. `name` is what the program calls it, an empty one is a separator."""

    name: str = ""
    text: str = ""
    keys: str = ""


_LINE = Command()

MENUS: tuple[tuple[str, tuple[Command, ...]], ...] = (
    (
        QT_TRANSLATE_NOOP("Menus", "&File"),
        (
            Command("open", QT_TRANSLATE_NOOP("Menus", "Open photos…"), "Ctrl+O"),
            Command("open-folder", QT_TRANSLATE_NOOP("Menus", "Open folder…"), "Ctrl+Shift+O"),
            Command("paste", QT_TRANSLATE_NOOP("Menus", "Paste photos"), "Ctrl+V"),
            _LINE,
            Command("export", QT_TRANSLATE_NOOP("Menus", "Export…"), "Ctrl+E"),
            Command("export-all", QT_TRANSLATE_NOOP("Menus", "Export all…"), "Ctrl+Shift+E"),
            Command("watch", QT_TRANSLATE_NOOP("Menus", "Watch a folder…")),
            _LINE,
            Command("close-photo", QT_TRANSLATE_NOOP("Menus", "Close photo"), "Ctrl+W"),
            Command("quit", QT_TRANSLATE_NOOP("Menus", "Quit"), "Ctrl+Q"),
        ),
    ),
    (
        QT_TRANSLATE_NOOP("Menus", "&Edit"),
        (
            Command("undo", QT_TRANSLATE_NOOP("Menus", "Undo"), "Ctrl+Z"),
            Command("redo", QT_TRANSLATE_NOOP("Menus", "Redo"), "Ctrl+Shift+Z"),
            _LINE,
            Command("copy-settings", QT_TRANSLATE_NOOP("Menus", "Copy settings"), "Ctrl+Shift+C"),
            Command("paste-settings", QT_TRANSLATE_NOOP("Menus", "Paste settings"), "Ctrl+Shift+V"),
            Command("reset", QT_TRANSLATE_NOOP("Menus", "Reset all sliders"), "Ctrl+Shift+R"),
            Command("save-preset", QT_TRANSLATE_NOOP("Menus", "Save as preset…"), "Ctrl+Shift+S"),
            _LINE,
            Command("models", QT_TRANSLATE_NOOP("Menus", "Models…"), "Ctrl+Shift+M"),
            Command("training", QT_TRANSLATE_NOOP("Menus", "Train an adapter…"), "Ctrl+Shift+T"),
            Command("settings", QT_TRANSLATE_NOOP("Menus", "Settings…"), "Ctrl+,"),
        ),
    ),
    (
        QT_TRANSLATE_NOOP("Menus", "&Photo"),
        (
            Command("restore", QT_TRANSLATE_NOOP("Menus", "Restore"), "Ctrl+Return"),
            Command("cancel", QT_TRANSLATE_NOOP("Menus", "Stop restoring"), "Esc"),
            _LINE,
            Command("next", QT_TRANSLATE_NOOP("Menus", "Next photo"), "PgDown"),
            Command("previous", QT_TRANSLATE_NOOP("Menus", "Previous photo"), "PgUp"),
        ),
    ),
    (
        QT_TRANSLATE_NOOP("Menus", "&View"),
        (
            Command("panels", QT_TRANSLATE_NOOP("Menus", "Hide or show panels"), "F9"),
            Command("full-screen", QT_TRANSLATE_NOOP("Menus", "Full screen"), "F11"),
            Command("presets", QT_TRANSLATE_NOOP("Menus", "Go to the presets"), "P"),
            _LINE,
            Command("dark", QT_TRANSLATE_NOOP("Menus", "Dark")),
            Command("mid", QT_TRANSLATE_NOOP("Menus", "Middle gray")),
            Command("light", QT_TRANSLATE_NOOP("Menus", "Light")),
        ),
    ),
    (
        QT_TRANSLATE_NOOP("Menus", "&Queue"),
        (
            Command("pause", QT_TRANSLATE_NOOP("Menus", "Pause or go on")),
            Command("cancel-all", QT_TRANSLATE_NOOP("Menus", "Cancel all")),
            Command("retry", QT_TRANSLATE_NOOP("Menus", "Retry what failed")),
            Command("failures", QT_TRANSLATE_NOOP("Menus", "What failed, and why…")),
            Command("clear-done", QT_TRANSLATE_NOOP("Menus", "Forget what is done")),
        ),
    ),
    (
        QT_TRANSLATE_NOOP("Menus", "&Help"),
        (
            Command("manual", QT_TRANSLATE_NOOP("Menus", "Manual"), "F1"),
            Command("shortcuts", QT_TRANSLATE_NOOP("Menus", "Keyboard shortcuts"), "?"),
            Command("about", QT_TRANSLATE_NOOP("Menus", "About Restorer")),
        ),
    ),
)


def menu_texts() -> list[tuple[str, list[Command]]]:
    """The titles of the menus with their commands, in the language of the window."""
    translate = QCoreApplication.translate
    return [
        (
            translate("Menus", title).replace("&", ""),
            [Command(c.name, translate("Menus", c.text), c.keys) for c in commands if c.name],
        )
        for title, commands in MENUS
    ]


class Menus(QObject):
    """The menu bar of a window; `actions` are its lines by name."""

    def __init__(self, window: QMainWindow, handlers: Mapping[str, Callable[[], object]]) -> None:
        """`handlers` says for every command what it does; raises `KeyError` if one is missing."""
        super().__init__(window)
        self.actions: dict[str, QAction] = {}
        self._texts: dict[str, Callable[[], str]] = {}
        self._menus: list[tuple[QMenu, str]] = []
        for title, commands in MENUS:
            menu = window.menuBar().addMenu("")
            self._menus.append((menu, title))
            for command in commands:
                if not command.name:
                    menu.addSeparator()
                    continue
                action = QAction(window)
                handler = handlers[command.name]
                action.triggered.connect(lambda _=False, handler=handler: handler())
                if command.keys:
                    action.setShortcut(QKeySequence(command.keys))
                menu.addAction(action)
                self.actions[command.name] = action
        self._retranslate()
        window.installEventFilter(self)

    def enable(self, names: Mapping[str, bool]) -> None:
        """Say of some commands whether they can be used now."""
        for name, possible in names.items():
            self.actions[name].setEnabled(possible)

    def set_text(self, name: str, text: Callable[[], str]) -> None:
        """Another text for a line, such as “Undo: strength”, in whatever language it is asked."""
        self._texts[name] = text
        self.actions[name].setText(_plain(text()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        return super().eventFilter(watched, event)

    def _retranslate(self) -> None:
        for menu, title in self._menus:
            menu.setTitle(QCoreApplication.translate("Menus", title))
        for _, commands in MENUS:
            for command in commands:
                if command.name:
                    own = self._texts.get(command.name)
                    text = QCoreApplication.translate("Menus", command.text)
                    self.actions[command.name].setText(text if own is None else _plain(own()))


def _plain(text: str) -> str:
    """A text whose ampersands, which may be part of a name, mark no key."""
    return text.replace("&", "&&")
