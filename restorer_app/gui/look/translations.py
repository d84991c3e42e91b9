"""The language of the window, which can be changed while it is open."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QApplication

from engine.resources import resource

if TYPE_CHECKING:

    def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802  # Qt's own, untyped
        """Marks a text for translation, which happens when it is shown."""
else:
    from PySide6.QtCore import QT_TRANSLATE_NOOP  # noqa: F401  # for all who have such texts

log = logging.getLogger(__name__)

SOURCE = "en"
"""The language that the texts are written in."""
_STEM = "restorer_"


class Languages(QObject):
    """Installs the translations of the program, and Qt's own for the same language.

    Widgets hear of a change as `QEvent.LanguageChange` and write their texts again. The numbers in
    their boxes are written as the language writes them, in German with a decimal comma.
    """

    def __init__(self, app: QCoreApplication, folder: Path | None = None) -> None:
        super().__init__(app)
        self._app = app
        self._folder = folder or resource("translations")
        self._installed: list[QTranslator] = []
        self._current = SOURCE

    @property
    def current(self) -> str:
        """The code of the language that is shown, such as `de`."""
        return self._current

    def available(self) -> dict[str, str]:
        """What each language calls itself, by its code; English first."""
        codes = sorted(path.stem.removeprefix(_STEM) for path in self._folder.glob("*.qm"))
        return {code: _own_name(code) for code in (SOURCE, *codes)}

    def use(self, code: str) -> None:
        """Show another language; empty for the system's. An unknown one is English."""
        wanted = code or QLocale.system().name()
        known = self.available()
        chosen = next((each for each in (wanted, wanted[:2]) if each in known), SOURCE)
        for translator in self._installed:
            self._app.removeTranslator(translator)
        self._installed = []
        self._current = chosen
        _write_numbers(chosen)
        if chosen != SOURCE:
            qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
            self._install(f"qtbase_{chosen}", qt)
            self._install(f"{_STEM}{chosen}", str(self._folder))

    def _install(self, name: str, folder: str) -> None:
        translator = QTranslator(self)
        if translator.load(name, folder):
            self._app.installTranslator(translator)
            self._installed.append(translator)
        else:
            log.info("there is no translation %s in %s", name, folder)


def as_written(number: str) -> str:
    """A number as the language of the window writes it; given with a point."""
    return number.replace(".", QLocale().decimalPoint())


def decimal(value: float) -> str:
    """A number with one decimal, so written."""
    return as_written(f"{value:.1f}")


def _write_numbers(code: str) -> None:
    """Have all boxes, of open windows and of those to come, write and read numbers so."""
    QLocale.setDefault(QLocale(code))
    for window in QApplication.topLevelWidgets():
        window.unsetLocale()  # it takes the default anew, and hands it down


def _own_name(code: str) -> str:
    name = QLocale(code).nativeLanguageName()
    return "English" if code == SOURCE else name[:1].upper() + name[1:]
