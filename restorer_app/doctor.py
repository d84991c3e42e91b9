"""What this machine has, and whether anything that the program needs is broken."""

from __future__ import annotations

import importlib
import os
import platform
import shutil
import sys
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.diagnosis import load_judges
from engine.errors import RestorerError
from engine.preset import load_presets
from engine.weights import verify
from restorer_app.report import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from engine.weights import ModelSpec
    from restorer_app.local_engine import Machine

_ROOM = 2 * 10**9
"""Free bytes below which large photos will fail: one of 100 megapixels, its result and room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the examination; `well` is False for what keeps the program from working."""

    subject: str
    said: str
    well: bool = True

    def __str__(self) -> str:
        return f"{'ok    ' if self.well else 'BROKEN'}  {self.subject:<12}  {self.said}"


def examine(
    *,
    inspect_machine: Callable[[], Machine],
    models: Callable[[], Sequence[ModelSpec]],
    preset_folders: Iterable[Path],
    cache: Path,
) -> list[Finding]:
    """All findings. Never raises: what is broken is a finding."""
    return [
        Finding(subject="python", said=f"{platform.python_version()} at {sys.executable}"),
        Finding(subject="system", said=platform.platform()),
        Finding(subject="processor", said=f"{_processor()}, {os.cpu_count()} cores"),
        Finding(subject="memory", said=_memory()),
        *_machine(inspect_machine),
        *_weights(models),
        _presets(preset_folders),
        _autopilot(),
        _window(),
        *_cache(cache),
    ]


def _processor() -> str:
    return platform.processor() or platform.machine()


def _memory() -> str:
    total = _total_memory()
    return "unknown" if total is None else f"{total / 2**30:.1f} GiB"


def _total_memory() -> int | None:
    """Bytes of memory, or None where the system does not tell."""
    if sys.platform == "win32":
        import ctypes

        kilobytes = ctypes.c_ulonglong()
        known = ctypes.windll.kernel32.GetPhysicallyInstalledSystemMemory(ctypes.byref(kilobytes))
        return kilobytes.value * 1024 if known else None
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        return None


def _machine(inspect_machine: Callable[[], Machine]) -> Iterator[Finding]:
    try:
        machine = inspect_machine()
    except (ImportError, OSError, RuntimeError, RestorerError) as error:
        # OSError is what a missing or mismatched shared library of torch raises.
        yield Finding(subject="torch", said=f"cannot be loaded: {error}", well=False)
        return
    yield Finding(
        subject="torch",
        said=f"{machine.torch}, {machine.capability} instructions, {machine.threads} threads",
    )
    yield Finding(subject="device", said=f"{machine.device}, because {machine.why}")


def _weights(models: Callable[[], Sequence[ModelSpec]]) -> Iterator[Finding]:
    try:
        specs = models()
    except RestorerError as error:
        yield Finding(subject="weights", said=f"{sentence(error)} {error.remedy}", well=False)
        return
    if not specs:
        yield Finding(subject="weights", said="none are here; reinstall the program", well=False)
    for spec in specs:
        faults = verify(spec)
        said = "; ".join(faults) or f"verified, {spec.bytes / 1e6:.1f} MB"
        yield Finding(subject="weights", said=f"{spec.id}: {said}", well=not faults)


def _presets(folders: Iterable[Path]) -> Finding:
    try:
        presets = load_presets(folders)
    except RestorerError as error:
        return Finding(subject="presets", said=f"{sentence(error)} {error.remedy}", well=False)
    if not presets:
        said = "none are there; reinstall the program"
        return Finding(subject="presets", said=said, well=False)
    return Finding(subject="presets", said=f"{len(presets)}: {', '.join(presets)}")


def _autopilot() -> Finding:
    try:
        judges = load_judges()
    except RestorerError as error:
        return Finding(subject="autopilot", said=f"{sentence(error)} {error.remedy}", well=False)
    return Finding(subject="autopilot", said=f"knows {len(judges)} kinds of damage")


def _window() -> Finding:
    """Whether Qt is here and can be loaded; the command line works without."""
    try:
        qt = importlib.import_module("PySide6.QtWidgets")
        version = importlib.import_module("PySide6").__version__
    except ImportError as error:
        # names the system library that is missing, where one is
        return Finding(subject="window", said=f"cannot be opened: {error}", well=False)
    del qt
    return Finding(subject="window", said=f"Qt {version}")


def _cache(cache: Path) -> Iterator[Finding]:
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=cache):
            pass
    except OSError as error:
        said = f"{cache} cannot be written to: {error}"
        yield Finding(subject="cache", said=said, well=False)
        return
    yield Finding(subject="cache", said=str(cache))
    free = shutil.disk_usage(cache).free
    said = f"{free / 10**9:.1f} GB free for the cache"
    if free < _ROOM:
        said += f"; make room, large photos need {_ROOM / 10**9:.0f} GB"
    yield Finding(subject="disk", said=said, well=free >= _ROOM)
