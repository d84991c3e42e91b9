"""Makes what photographers install: one folder with all that the program needs, tried and packed.

Runs in `.venv`, by `python3 packaging/start.py bundle`. What comes out lies in `dist`: the folder
itself; on Linux an archive of it and, where `dpkg-deb` is, a Debian package; elsewhere a zip.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import trial
from installation import Trouble
from linux import debian, portable
from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from system_libraries import missing_libraries

from restorer_app.gui.look.icons import program_icon

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
WORK = ROOT / "build" / "bundle"
VERSION = metadata.version("restorer")


def main() -> int:
    """Draw, freeze, try and pack; gives the exit code."""
    try:
        for made in bundled():
            print(f"{made.relative_to(ROOT)}  {made.stat().st_size / 1e6:.0f} MB")
    except Trouble as trouble:
        print(f"\n{trouble}")
        return 1
    return 0


def bundled() -> list[Path]:
    """The files to hand on, made and tried; raises `Trouble`."""
    if platform.system() == "Linux" and (missing := missing_libraries()):
        raise Trouble(f"The bundle would lack libraries that its window needs.\n{missing}")
    shutil.rmtree(WORK, ignore_errors=True)
    icons = draw_icons(WORK / "icons")
    folder = freeze(icons)
    print("Trying it, as a new user would", flush=True)
    if faults := trial.faults(started_by(folder), ROOT / "resources" / "samples"):
        raise Trouble("\n".join(f"BROKEN  {fault}" for fault in faults))
    print("Packing it", flush=True)
    return pack(folder, icons)


def draw_icons(folder: Path) -> Path:
    """The program's sign as each system wants it: PNGs by size, `.ico` and `.icns`."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    QGuiApplication.instance() or QGuiApplication([])
    folder.mkdir(parents=True)
    sign = program_icon()
    for size in sign.availableSizes():
        sign.pixmap(QSize(size)).save(str(folder / f"{size.width()}.png"))
    # here: Pillow must not be loaded before Qt has looked for its own libraries
    from PIL import Image

    with Image.open(folder / "256.png") as large:
        large.save(folder / "restorer.ico")
        large.save(folder / "restorer.icns")
    return folder


def freeze(icons: Path) -> Path:
    """Let PyInstaller do its work; gives the folder or, on macOS, the `.app`. Raises `Trouble`."""
    print("Gathering the program and its libraries; this takes some minutes", flush=True)
    spec = ROOT / "packaging" / "restorer.spec"
    words = ["--noconfirm", "--distpath", str(DIST), "--workpath", str(WORK), str(spec)]
    log = WORK / "pyinstaller.log"
    with log.open("w", encoding="utf-8") as said:
        done = subprocess.run(
            [sys.executable, "-m", "PyInstaller", *words],
            cwd=ROOT,
            env={**os.environ, "RESTORER_ICONS": str(icons), "RESTORER_VERSION": VERSION},
            stdout=said,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        tail = "\n".join(log.read_text("utf-8", "replace").splitlines()[-12:])
        raise Trouble(f"PyInstaller failed:\n{tail}\nAll of it is in {log}.")
    return DIST / ("Restorer.app" if platform.system() == "Darwin" else "restorer")


def started_by(folder: Path) -> Path:
    """The program in a bundle, as a terminal starts it."""
    if platform.system() == "Darwin":
        return folder / "Contents" / "MacOS" / "restorer"
    return folder / ("restorer-cli.exe" if platform.system() == "Windows" else "restorer")


def pack(folder: Path, icons: Path) -> list[Path]:
    """The files to hand on."""
    name = f"restorer-{VERSION}-{sys.platform}-{platform.machine().lower()}"
    if platform.system() == "Linux":
        made = [portable(folder, icons, WORK / "share", DIST / f"{name}.tar.gz")]
        if shutil.which("dpkg-deb"):
            made.append(debian(folder, icons, VERSION, WORK / "debian", DIST))
        return made
    archive = DIST / f"{name}.zip"
    if platform.system() == "Darwin":  # a zip by Python would follow the links in it
        command = ["ditto", "-c", "-k", "--keepParent", str(folder), str(archive)]
        subprocess.run(command, check=True)
        return [archive]
    return [Path(shutil.make_archive(str(archive.with_suffix("")), "zip", DIST, folder.name))]


if __name__ == "__main__":
    sys.exit(main())
