"""Folders and pages that other programs show: the file manager and the browser."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

_OF_A_BUNDLE = ("LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QML2_IMPORT_PATH")
"""Where a bundle finds its libraries; programs of the desktop would take ours for theirs."""


def show_folder(folder: Path) -> None:
    _show(QUrl.fromLocalFile(str(folder)))


def show_page(address: str) -> None:
    _show(QUrl(address))


def _show(place: QUrl) -> None:
    with _surroundings_of_the_desktop():
        QDesktopServices.openUrl(place)


@contextmanager
def _surroundings_of_the_desktop() -> Iterator[None]:
    """A process that is started now finds what it would find if the desktop had started it."""
    if not getattr(sys, "frozen", False):
        yield
        return
    # the last for a process of our own that another thread starts just now: it sets its own anew
    changed = {name: os.environ.get(f"{name}_ORIG") for name in _OF_A_BUNDLE}
    changed["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    before = {name: os.environ.get(name) for name in changed}
    _set(changed)
    try:
        yield
    finally:
        _set(before)


def _set(variables: dict[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
