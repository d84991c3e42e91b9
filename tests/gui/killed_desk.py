"""A window that exports a folder until somebody kills it: `killed_desk PLACE FOLDER OUT`."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from restorer_app.export import ExportSettings
from restorer_app.gui.desk import Desk


def main(place: Path, folder: Path, out: Path) -> int:
    """Never returns by itself before all is exported."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QApplication([])
    scratch = place / "scratch-killed"
    scratch.mkdir()
    desk = Desk(app, place / "config" / "s.json", place / "state", place / "presets", scratch)
    desk.preferences.now = replace(desk.preferences.now, run_on_open=False)
    desk.begin([folder])
    for photo in desk.session.photos:
        desk.session.set_current(photo.path)
        desk.session.choose_preset("denoise")
    settings = ExportSettings(folder=out, template="{name}")
    desk.export_flow.queue(desk.session.photos, settings)
    QTimer.singleShot(300_000, app.quit)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
