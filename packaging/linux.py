"""A bundle for Linux: what its system must bring, an archive for any desktop, a Debian package."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import tarfile
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from restorer_app.licences import libraries

if TYPE_CHECKING:
    from collections.abc import Iterator

DESKTOP = Path(__file__).resolve().parent / "desktop"

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

DEPENDS = (
    "libc6 (>= {glibc})",
    "libstdc++6",
    "libgcc-s1",
    "zlib1g",
    "libgl1",
    "libegl1",
    "libx11-6",
    "libx11-xcb1",
    "libxcb1",
    "libfontconfig1",
    "libfreetype6",
    "libdbus-1-3",
    "libglib2.0-0t64 | libglib2.0-0",
)
"""Debian packages of the libraries that are left to the system."""

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
"""What Debian calls a machine."""


def missing_libraries() -> str:
    """How to install what the window on X11 needs and this computer lacks; mostly empty."""
    lacking = sorted(set(_unresolved()))
    packages = [BROUGHT_BY.get(name, "") for name in lacking]
    if not lacking:
        return ""
    if all(packages) and shutil.which("apt"):
        return f"Install them with: sudo apt install {' '.join(packages)}"
    return f"Install what brings {', '.join(lacking)}."


def portable(bundle: Path, icons: Path, archive: Path) -> Path:
    """An archive to unpack anywhere; `add-to-menu.sh` in it makes the desktop know the program."""
    share(bundle / "share", icons)
    shutil.copy(DESKTOP / "add-to-menu.sh", bundle)
    # level 6 takes twice as long for a hundredth less
    with tarfile.open(archive, "w:gz", compresslevel=5) as packed:
        packed.add(bundle, bundle.name, filter=_root_owned)
    return archive


def debian(bundle: Path, icons: Path, version: str, work: Path, out: Path) -> Path:
    """A Debian package of a bundle; gives its path. `dpkg-deb` makes it."""
    shutil.rmtree(work, ignore_errors=True)
    home = work / "usr" / "lib" / "restorer"
    shutil.copytree(bundle, home, symlinks=True, ignore=shutil.ignore_patterns("share", "*.sh"))
    share(work / "usr" / "share", icons)
    (work / "usr" / "bin").mkdir()
    (work / "usr" / "bin" / "restorer").symlink_to("../lib/restorer/restorer")
    notes = work / "usr" / "share" / "doc" / "restorer"
    notes.mkdir(parents=True)
    (notes / "copyright").write_text(_copyright(), "utf-8")
    kind = ARCHITECTURES.get(platform.machine(), platform.machine())
    control = work / "DEBIAN"
    control.mkdir()
    size = sum(path.lstat().st_size for path in work.rglob("*")) // 1024
    (control / "control").write_text(_control(version, kind, size), "utf-8")
    package = out / f"restorer_{version}_{kind}.deb"
    # by gzip: xz takes minutes for a tenth less, and dpkg before 1.21.18 does not know zstd
    command = ["dpkg-deb", "--root-owner-group", "-Zgzip", "-z5", "--build", str(work)]
    subprocess.run([*command, str(package)], check=True, stdout=subprocess.DEVNULL)
    return package


def share(folder: Path, icons: Path) -> None:
    """What desktops look for: the entry of the menu, and the icon in its sizes."""
    entries = folder / "applications"
    entries.mkdir(parents=True, exist_ok=True)
    shutil.copy(DESKTOP / "restorer.desktop", entries)
    for picture in icons.glob("*.png"):
        place = folder / "icons" / "hicolor" / f"{picture.stem}x{picture.stem}" / "apps"
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(picture, place / "restorer.png")


def _unresolved() -> Iterator[str]:
    spec = find_spec("PySide6")
    for place in [] if spec is None else spec.submodule_search_locations or []:
        plugin = Path(place, "Qt", "plugins", "platforms", "libqxcb.so")
        said = subprocess.run(["ldd", str(plugin)], capture_output=True, text=True, check=True)
        yield from re.findall(r"(\S+) => not found", said.stdout)


def _root_owned(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry


def _control(version: str, architecture: str, kilobytes: int) -> str:
    depends = ", ".join(DEPENDS).format(glibc=platform.libc_ver()[1])
    summary = metadata.metadata("restorer")["Summary"]
    return (
        f"Package: restorer\nVersion: {version}\nArchitecture: {architecture}\n"
        f"Maintainer: the Restorer developers\nSection: graphics\nPriority: optional\n"
        f"Installed-Size: {kilobytes}\nDepends: {depends}\n"
        f"Description: {summary[0].lower()}{summary[1:]}\n"
        " A window with before and after, a command line, and a model that is part of it: no GPU,\n"
        " no account and no further download are needed.\n"
    )


def _copyright() -> str:
    """Our licence, and what the libraries say of theirs; their texts lie beside them."""
    lines = [f"{each.name} {each.version}: {each.licence}" for each in libraries()]
    return "\n".join(
        ("Restorer is Apache-2.0: /usr/share/common-licenses/Apache-2.0", "", "It brings:", *lines)
    )
