"""What the desktop hands over. In a process of its own: there is one application in each."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QFileOpenEvent
from restorer_app.gui.application import Application, introduce

app = Application(["restorer"])
introduce(app)
app.given.connect(lambda paths: (print(*(path.name for path in paths)), app.quit()))
for name in ("a.jpg", "b c.jpg"):
    app.sendEvent(app, QFileOpenEvent(QUrl.fromLocalFile("/photos/" + name)))
QTimer.singleShot(20000, app.quit)
app.exec()
print(app.windowIcon().isNull(), app.desktopFileName())
"""


def test_files_from_the_desktop_come_as_one_list() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["a.jpg b c.jpg", "False restorer"]
