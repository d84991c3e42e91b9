"""What of all that PyInstaller finds becomes part of a bundle."""

from __future__ import annotations

from pathlib import PurePosixPath

OWN = ("engine", "trainer", "restorer_app")
"""Our packages, all modules of them: many are loaded by name."""

LEFT_OUT = (
    *("bm3d", "setuptools", "pip", "tkinter", "readline"),
    *("pytest", "mypy", "IPython", "matplotlib", "pandas", "scipy", "tensorflow", "torchvision"),
)
"""Modules that nobody needs, or that are not ours to pass on: bm3d is free for non-commercial use
only."""

BROUGHT = (
    *("libpython", "libssl", "libcrypto", "libffi", "libsqlite3", "libbz2", "liblzma", "libuuid"),
    *("libmpdec", "libxcb-", "libxkbcommon"),
)
"""Of the libraries of a Linux system those that its desktop may lack, and what Python itself needs.
All others are left to the system: its graphics drivers want its own, not older ones of ours."""

UNUSED = (
    *("libqgtk3", "libqeglfs", "libqlinuxfb", "libqvkkhrdisplay", "libqvnc", "libqminimal"),
    *("libQt6EglFS", "libQt6EglFs", "libqevdev", "libqtuiotouch", "libqtslib", "libqlibinput"),
)
"""Qt without a desktop below it, and GTK's file dialog, which would bring all of GTK; the desktop's
own dialog comes by its portal."""


def comes_along(place: str, source: str) -> bool:
    """Whether the file `source` of the computer that builds goes to `place` in the bundle."""
    path = PurePosixPath(place.replace("\\", "/"))
    if path.name.startswith(UNUSED) or "egldeviceintegrations" in path.parts:
        return False
    if path.parts[:2] == ("torch", "test"):
        return False
    if path.parts[:2] == ("torch", "bin"):
        return path.name == "torch_shm_manager"
    return not _is_left_to_the_system(path.name, PurePosixPath(source))


def _is_left_to_the_system(name: str, source: PurePosixPath) -> bool:
    """Whether it is a library of a Linux system, CUDA's included, and not one that desktops may
    lack."""
    if ".so" not in name or not source.is_absolute():  # a link within the bundle is not
        return False
    is_pythons = any(part.startswith("python3") for part in source.parts)
    return not is_pythons and not name.startswith(BROUGHT)
