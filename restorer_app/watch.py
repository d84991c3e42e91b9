"""A folder that is watched for new photos, by looking again and again.

Looking needs no support of the system and works on network drives, where notices are not sent.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from engine.stamps import Stamp
from restorer_app.picture_names import is_photo
from restorer_app.presence import is_same


class WatchFolder:
    """New photos in `folder` and below it. What is there already counts as old.

    `is_own` tells which files this program has made; they, and all below `output`, are passed
    over, or the program would feed itself. Nothing is opened, so a camera may still be writing.
    """

    def __init__(
        self,
        folder: Path,
        is_own: Callable[[Path], bool] = lambda path: False,
        *,
        output: Path | None = None,
    ) -> None:
        self._folder, self._is_own = folder, is_own
        self._output = None if output is None or is_same(output, folder) else output.absolute()
        self._told: dict[Path, Stamp] = self._seen()
        self._waiting: dict[Path, Stamp] = {}

    def poll(self) -> list[Path]:
        """The photos that are new, or others than when they were told, and stood still since the
        poll before. A folder that cannot be read for a while holds none meanwhile."""
        seen = self._seen()
        ready = []
        for path, stamp in seen.items():
            if self._told.get(path) == stamp:
                continue
            if self._waiting.get(path) == stamp and stamp.size > 0:
                self._told[path] = stamp
                if not self._is_own(path):
                    ready.append(path)
        self._waiting = {path: s for path, s in seen.items() if self._told.get(path) != s}
        return sorted(ready)

    def _is_output(self, folder: Path) -> bool:
        return self._output is not None and is_same(folder, self._output)

    def _seen(self) -> dict[Path, Stamp]:
        found: dict[Path, Stamp] = {}
        for parent, folders, names in os.walk(self._folder):
            inside = Path(parent)
            folders[:] = [
                name
                for name in folders
                if not name.startswith(".") and not self._is_output(inside / name)
            ]
            for name in names:
                path = inside / name
                if name.startswith(".") or not is_photo(path):
                    continue
                stamp = Stamp.of(path)
                if stamp is not None:
                    found[path] = stamp
        return found
