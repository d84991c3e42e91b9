"""Windows are tested without a screen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from tests.gui.rig import Rig


@pytest.fixture
def rig(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Rig]:
    from tests.gui.rig import Rig  # not before the platform is set

    font = qapp.font()
    rig = Rig(qapp, qtbot, tmp_path)
    yield rig
    rig.close()
    qapp.setStyleSheet("")
    qapp.setFont(font)
