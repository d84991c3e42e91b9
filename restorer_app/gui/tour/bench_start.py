"""Opens the window in an empty folder and says when it was shown: a process of its own.

    python -m restorer_app.gui.tour.bench_start FOLDER

`restorer bench ui` starts it, to see how long a fresh start takes.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path


def main(place: Path) -> None:
    """Print the moment, in seconds since the epoch, and whether torch was loaded."""
    # here, because this module is also found by those who only start it
    from PySide6.QtWidgets import QApplication

    from restorer_app.gui.desk import Desk

    app = QApplication([])
    (place / "scratch").mkdir(parents=True)
    desk = Desk(app, place / "s.json", place / "state", place / "presets", place / "scratch")
    desk.show()
    app.processEvents()
    sys.stdout.write(f"{time.time()} {'torch' in sys.modules}\n")
    sys.stdout.flush()
    desk.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
