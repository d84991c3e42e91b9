"""Installs Restorer into `.venv` of this checkout, and runs what the README shows.

Standard library only: it runs before anything is installed. The system's own Python is left as it
is; all that is written lies in `.venv` and, for the samples, in `out`.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOG = VENV / "setup.log"
STAMP = VENV / "setup.json"
OUT = ROOT / "out" / "samples"

TORCH_INDEX = "RESTORER_TORCH_INDEX"
"""Environment variable: a package index to take torch from, such as that of its CPU builds."""

MODULES = (
    *("engine.saving", "rawpy", "pi_heif", "engine.analysis"),
    *("engine.diffusion.restore", "restorer_app.cli"),
)
"""Modules of the program that between them load every library it needs."""

WINDOW = "restorer_app.gui.app"
"""What loads Qt, which on Linux needs system libraries that a server may lack."""

SYSTEM_LIBRARIES = {
    # library: package for apt, dnf, brew
    "libGL.so": ("libgl1", "mesa-libGL", ""),
    "libglib-2.0": ("libglib2.0-0", "glib2", "glib"),
    "libgthread-2.0": ("libglib2.0-0", "glib2", "glib"),
    "libgomp": ("libgomp1", "libgomp", "gcc"),
    "libomp": ("libomp5", "libomp", "libomp"),
    "libstdc++": ("libstdc++6", "libstdc++", "gcc"),
    "libatomic": ("libatomic1", "libatomic", "gcc"),
    "libEGL": ("libegl1", "mesa-libEGL", ""),
    "libxkbcommon": ("libxkbcommon0", "libxkbcommon", ""),
    "libdbus-1": ("libdbus-1-3", "dbus-libs", ""),
    "libfontconfig": ("libfontconfig1", "fontconfig", ""),
}

CAUSES = {
    "No space left on device": "The disk is full. Make room and run this again.",
    "No matching distribution found": (
        "A library is not offered for this computer and its Python. Another Python between"
        " the versions that the README names may help."
    ),
    "Failed to establish a new connection": "The package index cannot be reached. Is this online?",
    "Could not fetch URL": "The package index cannot be reached. Is this computer online?",
    "Read timed out": "The connection is too slow or broke off. Run this again to go on.",
}
"""What pip says, and what that means."""


class Trouble(Exception):
    """Set-up cannot go on; the text says why, and what to do."""


def main(argv: Sequence[str]) -> int:
    """Run one command; gives the exit code."""
    parser = argparse.ArgumentParser(
        prog="start.py", description="Sets Restorer up in .venv and runs it there."
    )
    parser.add_argument("command", choices=list(COMMANDS), metavar="|".join(COMMANDS))
    parser.add_argument(
        "rest", nargs=argparse.REMAINDER, metavar="...", help="after test: options for pytest"
    )
    options = parser.parse_args(argv)
    if options.rest and options.command != "test":
        parser.error(f"{options.command} takes no further words: {' '.join(options.rest)}")
    try:
        return COMMANDS[options.command](options.rest)
    except Trouble as trouble:
        say(f"\n{trouble}")
        return 1
    except KeyboardInterrupt:
        say("\nCancelled.")
        return 130


def set_up(rest: Sequence[str]) -> int:
    """Install the program and say how it is started."""
    prepare(extras=())
    say(f"Ready. Start it with {shown(script('restorer'))}, for example with the word doctor.")
    return 0


def restore_samples(rest: Sequence[str]) -> int:
    """Restore the sample photos and lay them side by side with what they were."""
    prepare(extras=())
    folder = ROOT / "resources" / "samples"
    samples = tomllib.loads((folder / "samples.toml").read_text("utf-8"))["samples"]
    failures = 0
    sheet = [str(OUT / "before-after.jpg")]
    for sample in samples:
        before, after = folder / sample["file"], OUT / sample["file"]
        arguments = [str(before), "-o", f"{OUT}{os.sep}", "--preset", sample["preset"]]
        failures += run_program("restorer_app", "restore", *arguments, "--overwrite") != 0
        sheet += [str(before), str(after)]
    if failures:
        raise Trouble(f"{failures} of {len(samples)} sample photos could not be restored.")
    if run_program("restorer_app.sheet", *sheet):
        raise Trouble("The before/after sheet could not be written.")
    say(f"\nRestored photos:     {OUT}\nBefore/after sheet:  {sheet[0]}")
    return 0


def run_tests(rest: Sequence[str]) -> int:
    """Run the test suite."""
    prepare(extras=("dev",))
    return run_program("pytest", *rest)


def make_bundle(rest: Sequence[str]) -> int:
    """Make what people install who have no Python."""
    prepare(extras=("bundle",))
    return subprocess.call([str(python()), str(ROOT / "packaging" / "bundling.py")], cwd=ROOT)


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "samples": restore_samples,
    "test": run_tests,
    "setup": set_up,
    "bundle": make_bundle,
}


def prepare(extras: Sequence[str]) -> None:
    """Make `.venv` hold the program and what it needs; quick if it already does."""
    here = installed_extras()
    if here is not None and here.issuperset(extras):
        return
    if not works(python()):
        create_venv()
    LOG.write_text("", "utf-8")
    install(extras)
    verify(extras)
    kept = sorted({*extras, *(here or ())})  # what was installed for another command stays
    STAMP.write_text(json.dumps({"of": fingerprint(), "extras": kept}), "utf-8")


def fingerprint() -> str:
    """Changes whenever an installation made before is not the one wanted now."""
    facts = [(ROOT / "pyproject.toml").read_text("utf-8"), os.environ.get(TORCH_INDEX, "")]
    return hashlib.sha256("\0".join([*facts, str(ROOT)]).encode()).hexdigest()


def installed_extras() -> set[str] | None:
    """The extras that `.venv` was finished with for this very project; None if it was not."""
    try:
        stamp = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return set(stamp["extras"]) if stamp["of"] == fingerprint() and works(python()) else None


def create_venv() -> None:
    """Make `.venv` anew, with the Python that runs this."""
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        name = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        raise Trouble(
            f"This Python cannot make a virtual environment: its venv module is not installed.\n"
            f"Install it with: sudo apt install {name}"
        )
    say(f"Making {shown(VENV)} with Python {sys.version.split()[0]}")
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Trouble(f"{VENV} could not be made: {error}") from error


def install(extras: Sequence[str]) -> None:
    """Install torch, if it is to come from elsewhere, and the program with all else."""
    index = os.environ.get(TORCH_INDEX)
    if index:
        say("Installing torch from the index that you named")
        pip_install("--index-url", index, torch_requirement())
    elif sys.platform == "linux" and not shutil.which("nvidia-smi"):
        say(f"No NVIDIA GPU is here: {TORCH_INDEX} can save much space, see the README.")
    say(f"Installing the libraries; the first time this takes minutes (log: {shown(LOG)})")
    pip_install("--editable", f".[{','.join(extras)}]" if extras else ".")


def pip_install(*what: str) -> None:
    with LOG.open("a", encoding="utf-8") as log:
        pip = [str(python()), "-m", "pip", "install", "--no-input", "--progress-bar", "off"]
        log.write(f"pip install {' '.join(what)}\n")
        log.flush()
        code = subprocess.call([*pip, *what], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    if code:
        raise Trouble(explained(LOG.read_text("utf-8", "replace")))


def explained(said: str) -> str:
    """A failed installation in words: pip's last lines, and what they mean where that is known."""
    tail = "\n".join(f"  {line}" for line in said.splitlines()[-12:])
    reasons = [meaning for sign, meaning in CAUSES.items() if sign in said]
    return f"Installing failed. {' '.join(reasons[:1])}\n{tail}\nAll of it is in {LOG}."


def torch_requirement() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return next(str(entry) for entry in project["dependencies"] if str(entry).startswith("torch"))


def verify(extras: Sequence[str]) -> None:
    """Load what was installed, in a process of its own; raises `Trouble` if it does not load."""
    say("Checking that everything loads")
    names = [*MODULES, *(["pytest", WINDOW] if "dev" in extras else [])]
    program = f"import importlib\nfor name in {names!r}: importlib.import_module(name)"
    done = subprocess.run(
        [str(python()), "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr.strip() or f"it ended with code {done.returncode}").splitlines()[-1]
        raise Trouble(
            f"It was installed, but does not load: {last}\n{remedy(done.stderr)}".rstrip()
        )


def remedy(error: str) -> str:
    """The command that installs the system library which `error` misses; empty if none is."""
    if "DLL load failed" in error or "WinError 126" in error:
        return (
            "Windows lacks the Visual C++ runtime. Install it with:"
            " winget install Microsoft.VCRedist.2015+.x64"
        )
    missing = re.search(r"(lib[\w.+-]+\.(?:so|dylib)[\w.]*)", error)
    loading = "cannot open shared object" in error or "Library not loaded" in error
    if not (missing and loading):
        return ""
    library = missing[1]
    known = (names for start, names in SYSTEM_LIBRARIES.items() if library.startswith(start))
    apt, dnf, brew = next(known, ("", "", ""))
    if shutil.which("apt"):
        other = f"sudo apt install apt-file && sudo apt-file update && apt-file search {library}"
        command = f"sudo apt install {apt}" if apt else other
    elif shutil.which("dnf"):
        command = f"sudo dnf install {dnf or repr('*/' + library)}"
    else:
        command = f"brew install {brew}" if brew else ""
    if not command:
        return f"The system library {library} is missing."
    return f"The system library {library} is missing. Install it with: {command}"


def run_program(module: str, *arguments: str) -> int:
    """Run a module of `.venv` in the checkout, its output shown; gives its exit code."""
    return subprocess.call([str(python()), "-m", module, *arguments], cwd=ROOT)


def works(interpreter: Path) -> bool:
    """Whether the Python of `.venv` starts and has pip; a moved or half-made one does not."""
    program = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    try:
        done = subprocess.run([str(interpreter), "-c", program], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def python() -> Path:
    return script("python")


def script(name: str) -> Path:
    """A program of `.venv`."""
    return VENV / "Scripts" / f"{name}.exe" if os.name == "nt" else VENV / "bin" / name


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def say(text: str) -> None:
    print(text, flush=True)
