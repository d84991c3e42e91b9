"""Windows are tested without a screen."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QLocale, QTimer
from shiboken6 import isValid

QLocale.setDefault(QLocale("en"))  # that of the texts, whatever this computer speaks

_GRACE = 5.0
"""Seconds in which what a test closed may come to its end."""

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from tests.gui.rig import Rig


@pytest.fixture(autouse=True)
def nothing_left_running(qapp: QApplication) -> Iterator[None]:
    """A test that leaves a thread or a ticking timer behind fails, wherever it came from."""
    threads, timers = set(threading.enumerate()), set(map(id, _ticking()))
    yield
    end = time.monotonic() + _GRACE
    while time.monotonic() < end:
        left = [thread.name for thread in threading.enumerate() if thread not in threads]
        left += [repr(timer) for timer in _ticking() if id(timer) not in timers]
        if not left:
            return
        qapp.processEvents()
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        time.sleep(0.01)
    pytest.fail(f"left running: {', '.join(left)}")


def _ticking() -> list[QTimer]:
    # by type: `isinstance` asks lazy proxies of other libraries for their class, which wakes them
    timers = [thing for thing in gc.get_objects() if issubclass(type(thing), QTimer)]
    return [timer for timer in timers if isValid(timer) and timer.isActive()]


@pytest.fixture
def rig(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Rig]:
    from tests.gui.rig import Rig  # not before the platform is set

    font = qapp.font()
    rig = Rig(qapp, qtbot, tmp_path)
    yield rig
    rig.close()
    qapp.setStyleSheet("")
    qapp.setFont(font)
