"""Sets Restorer up in `.venv` and runs it there: `packaging/start.py samples|test|setup|bundle`.

This file only finds a Python that the program runs on, so it keeps to what every Python 3 reads;
`installation.py` beside it does the work.
"""

import os
import subprocess
import sys

OLDEST, NEWEST = (3, 11), (3, 14)
"""The Python versions that all libraries of the program come ready-made for."""


def suits(version: "tuple[int, ...]") -> bool:
    return OLDEST <= version[:2] <= NEWEST


def version_of(python: "list[str]") -> "tuple[int, ...]":
    """The version of an interpreter; empty where there is none, or one that does not start."""
    program = "import sys; print(sys.version_info[0], sys.version_info[1])"
    try:
        found = subprocess.run(
            [*python, "-c", program],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return ()
    return tuple(int(part) for part in found.split())


def other_python() -> "list[str]":
    """How to start a suitable Python of this machine; empty if none is found."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        python = ["py", f"-3.{minor}"] if os.name == "nt" else [f"python3.{minor}"]
        if suits(version_of(python)):
            return python
    return []


def main() -> int:
    if suits(sys.version_info[:2]):
        import installation

        return installation.main(sys.argv[1:])
    python = other_python()
    if not python:
        sys.stderr.write(
            f"Restorer needs Python 3.{OLDEST[1]} to 3.{NEWEST[1]}. This one is"
            f" {sys.version.split()[0]}, and no other was found.\n"
            "Install python3.12 with apt, dnf, brew or winget, then run this again.\n"
        )
        return 1
    try:
        return subprocess.call([*python, __file__, *sys.argv[1:]])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
