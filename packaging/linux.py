"""A bundle for Linux: an archive for any desktop, and a Debian package."""

from __future__ import annotations

import platform
import shutil
import stat
import subprocess
import tarfile
from importlib import metadata
from pathlib import Path

from system_libraries import packages_for

from restorer_app.licences import libraries

DESKTOP = Path(__file__).resolve().parent / "desktop"

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
"""What Debian calls a machine."""


def portable(bundle: Path, icons: Path, work: Path, archive: Path) -> Path:
    """An archive to unpack anywhere; `add-to-menu.sh` in it makes the desktop know the program."""
    shutil.rmtree(work, ignore_errors=True)
    share(work, icons)
    # level 6 takes twice as long for a hundredth less
    with tarfile.open(archive, "w:gz", compresslevel=5) as packed:
        packed.add(bundle, bundle.name, filter=_root_owned)
        packed.add(work, f"{bundle.name}/share", filter=_root_owned)
        script = DESKTOP / "add-to-menu.sh"
        packed.add(script, f"{bundle.name}/{script.name}", filter=_root_owned)
    return archive


def debian(bundle: Path, icons: Path, version: str, work: Path, out: Path) -> Path:
    """A Debian package of a bundle; gives its path. `dpkg-deb` makes it."""
    shutil.rmtree(work, ignore_errors=True)
    home = work / "usr" / "lib" / "restorer"
    shutil.copytree(bundle, home, symlinks=True)
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
    depends = ", ".join(packages_for(bundle)).format(glibc=platform.libc_ver()[1])
    (control / "control").write_text(_control(version, kind, size, depends), "utf-8")
    for path in (work, *work.rglob("*")):
        if not path.is_symlink():
            path.chmod(_readable_by_all(path.stat().st_mode))
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


def _root_owned(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    if not entry.issym():
        entry.mode = _readable_by_all(entry.mode | (stat.S_IFDIR if entry.isdir() else 0))
    return entry


def _readable_by_all(mode: int) -> int:
    """Permissions that suit all users, whatever those of new files are where the bundle is made."""
    return 0o755 if stat.S_ISDIR(mode) or mode & stat.S_IXUSR else 0o644


def _control(version: str, architecture: str, kilobytes: int, depends: str) -> str:
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
