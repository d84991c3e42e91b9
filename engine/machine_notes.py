"""What was found out about this machine once and holds until it changes: a small JSON file.

It lies in the user's cache, so a file that is missing, damaged or cannot be written is no error:
then things are found out again. No torch here: those who only read do not need it.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

NOTES_FILE = "machine.json"
"""Its name in the user's cache folder."""

TOLERANCES = {"float32": 0.002, "float16": 0.02, "bfloat16": 0.08}
"""The error at which a device is trusted: root mean square over that of the answer. Each is several
times what a sound device has: a processor is off by 0.02 in bfloat16, by 0.003 in float16."""

_ERROR, _STEP = "error in ", "seconds a step of "
_LOG = logging.getLogger(__name__)
_VERSION = 1


class MachineNotes:
    """Numbers by two names: what they are about, and which of them.

    What they are about begins with a device and a comma; what follows is the state it is in, and
    with a new state what was known of the old one is forgotten.
    """

    def __init__(self, path: Path | None) -> None:
        """Without a path they are kept as long as the program runs."""
        self._path = path
        self._found = {} if path is None else _read(path)

    def get(self, about: str, which: str) -> float | None:
        return self._found.get(about, {}).get(which)

    def about(self) -> dict[str, dict[str, float]]:
        """All that is known."""
        return {about: dict(found) for about, found in self._found.items()}

    def keep(self, about: str, which: str, value: float) -> None:
        device = about.partition(",")[0]
        for old in [one for one in self._found if one.partition(",")[0] == device]:
            if old != about:
                del self._found[old]
        self._found.setdefault(about, {})[which] = value
        if self._path is None:
            return
        fresh = self._path.with_name(self._path.name + ".new")
        text = json.dumps({"version": _VERSION, "found": self._found}, indent=1, sort_keys=True)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(self._path)
        except OSError as error:
            _LOG.info("%s cannot be written: %s", self._path, error)


def error_name(dtype: str) -> str:
    """What the error of the self-check in a number format is called."""
    return _ERROR + dtype


def step_name(model: str, variant: str, side: int) -> str:
    """What the time of a step is called, in seconds."""
    return f"{_STEP}{model}, {variant}, {side} px"


def sentences(notes: MachineNotes) -> list[tuple[str, bool]]:
    """All that is known in sentences for people, and whether it is as it should be."""
    said: list[tuple[str, bool]] = []
    for about, found in sorted(notes.about().items()):
        for which, value in sorted(found.items()):
            if which.startswith(_ERROR):
                dtype = which.removeprefix(_ERROR)
                right = value <= TOLERANCES.get(dtype, 0.0)
                verdict = "right" if right else "wrong, and not used; update the driver"
                said.append((f"{about}: {dtype} is {verdict} (error {value:.2g})", right))
            elif which.startswith(_STEP):
                said.append((f"{about}: {which.removeprefix(_STEP)}: {value:.3g} s a step", True))
    return said


def _read(path: Path) -> dict[str, dict[str, float]]:
    """What a file holds; nothing if it is missing, of another version or damaged."""
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        if table["version"] != _VERSION:
            return {}
        return {
            str(about): {str(which): float(value) for which, value in found.items()}
            for about, found in table["found"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
