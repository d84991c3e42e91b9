"""Which libraries of a Linux system a bundle brings, and which it leaves to the system."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from installation import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

BROUGHT_BY = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""Libraries that are put into the bundle, as desktops may lack them, and their Debian packages."""

LEFT_TO_THE_SYSTEM = {
    "libc6 (>= {glibc})": ("libc", "libm", "libdl", "librt", "libpthread", "libresolv", "libutil"),
    "libstdc++6": ("libstdc++",),
    "libgcc-s1": ("libgcc_s",),
    "zlib1g": ("libz",),
    "libzstd1": ("libzstd",),
    "libbrotli1": ("libbrotlidec", "libbrotlicommon"),
    "libgl1": ("libGL",),
    "libegl1": ("libEGL",),
    "libx11-6": ("libX11",),
    "libx11-xcb1": ("libX11-xcb",),
    "libxcb1": ("libxcb",),
    "libfontconfig1": ("libfontconfig",),
    "libfreetype6": ("libfreetype",),
    "libdbus-1-3": ("libdbus-1",),
    "libglib2.0-0t64 | libglib2.0-0": (
        *("libglib-2.0", "libgthread-2.0", "libgobject-2.0", "libgio-2.0"),
    ),
    "libgssapi-krb5-2": ("libgssapi_krb5",),
    "libwayland-client0": ("libwayland-client",),
    "libwayland-cursor0": ("libwayland-cursor",),
    "libwayland-egl1": ("libwayland-egl",),
}
"""Debian packages, and the libraries for which a bundle needs them."""

OF_A_GPU = ("libcuda",)
"""Libraries that come with a GPU's driver; without one nothing asks for them."""
CUDA = "nvidia"
"""The folder of CUDA's libraries. Some of them are for computers that are joined to clusters, and
name what only those have; nothing here loads these."""


def missing_libraries() -> str:
    """How to install what the window on X11 needs and this computer lacks; mostly empty."""
    lacking = sorted(set(_unresolved()))
    packages = [BROUGHT_BY.get(name, "") for name in lacking]
    if not lacking:
        return ""
    if all(packages) and shutil.which("apt"):
        return f"Install them with: sudo apt install {' '.join(packages)}"
    return f"Install what brings {', '.join(lacking)}."


def packages_for(bundle: Path) -> list[str]:
    """The Debian packages that a bundle needs; raises `Trouble` for a library that none is known to
    bring, which a desktop may lack."""
    known = {name: package for package, names in LEFT_TO_THE_SYSTEM.items() for name in names}
    needed = {name.partition(".so")[0] for name in needed_from_outside(bundle)}
    needed = {name for name in needed - set(OF_A_GPU) if not name.startswith("ld-linux")}
    if strangers := sorted(needed - known.keys()):
        raise Trouble(
            f"The bundle neither brings nor asks for libraries it needs: {', '.join(strangers)}.\n"
            "Name them in packaging/system_libraries.py or packaging/contents.py."
        )
    return [package for package in LEFT_TO_THE_SYSTEM if package in {known[n] for n in needed}]


def needed_from_outside(bundle: Path) -> set[str]:
    """Libraries that files of a bundle, CUDA's apart, name and that are not in it."""
    files = [path for path in bundle.rglob("*") if path.is_file()]
    asking = [path for path in files if CUDA not in path.relative_to(bundle).parts]
    named = {name for path in asking if _is_elf(path) for name in _named_by(path)}
    return named - {path.name for path in files}


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _named_by(path: Path) -> list[str]:
    # PyInstaller needs objdump, too
    said = subprocess.run(["objdump", "-p", str(path)], capture_output=True, text=True, check=True)
    return re.findall(r"^ *NEEDED +(\S+)", said.stdout, re.M)


def _unresolved() -> Iterator[str]:
    spec = find_spec("PySide6")
    for place in [] if spec is None else spec.submodule_search_locations or []:
        plugin = Path(place, "Qt", "plugins", "platforms", "libqxcb.so")
        said = subprocess.run(["ldd", str(plugin)], capture_output=True, text=True, check=True)
        yield from re.findall(r"(\S+) => not found", said.stdout)
