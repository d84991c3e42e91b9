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
from engine.machine_notes import NOTES_FILE, MachineNotes, sentences
from engine.placement import NoPlacement, choose, need, runnable
from engine.preset import load_presets
from engine.progress import Silent
from engine.shelf import Shelf
from engine.weights import verify
from restorer_app.memory import total_memory
from restorer_app.model_phrases import has_transformers
from restorer_app.report import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from engine.placement import Hardware
    from engine.weights import ModelSpec
    from restorer_app.local_engine import Machine
    from restorer_app.model_store import Entry, ModelStore

_ROOM = 2 * 10**9
"""Free bytes below which large photos will fail: one of 100 megapixels, its result and room."""
_ENCODERS = (
    *("Qwen2Tokenizer", "Qwen3Model", "CLIPTokenizer"),
    *("CLIPTextModel", "T5Tokenizer", "T5EncoderModel"),
)
"""What encodes phrases for the models of the catalogue."""


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
    store: ModelStore,
    preset_folders: Iterable[Path],
    cache: Path,
) -> list[Finding]:
    """All findings. Never raises: what is broken is a finding."""
    machine, findings = _machine(inspect_machine)
    return [
        Finding(subject="python", said=f"{platform.python_version()} at {sys.executable}"),
        Finding(subject="system", said=platform.platform()),
        Finding(subject="processor", said=f"{_processor()}, {os.cpu_count()} cores"),
        Finding(subject="memory", said=_memory()),
        *findings,
        *_weights(models),
        *_large_models(store, machine),
        *_self_checks(cache),
        _presets(preset_folders),
        _formats(),
        _phrases(),
        _autopilot(),
        _window(),
        *_cache(cache),
    ]


def _processor() -> str:
    return platform.processor() or platform.machine()


def _memory() -> str:
    total = total_memory()
    return "unknown" if total is None else f"{total / 2**30:.1f} GiB"


def _machine(inspect_machine: Callable[[], Machine]) -> tuple[Machine | None, list[Finding]]:
    """What torch finds here, if it can be loaded, and what is to be said of it."""
    try:
        machine = inspect_machine()
    except (ImportError, OSError, RuntimeError, RestorerError) as error:
        # OSError is what a missing or mismatched shared library of torch raises.
        return None, [Finding(subject="torch", said=f"cannot be loaded: {error}", well=False)]
    said = f"{machine.torch}, {machine.capability} instructions, {machine.threads} threads"
    return machine, [
        Finding(subject="torch", said=said),
        Finding(subject="device", said=f"{machine.device}, because {machine.why}"),
    ]


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


def _large_models(store: ModelStore, machine: Machine | None) -> Iterator[Finding]:
    """How the models of the catalogue would run here. That one is not here is no fault."""
    try:
        entries = store.entries()
    except (RestorerError, OSError) as error:
        yield Finding(subject="models", said=str(error), well=False)
        return
    hardware = None if machine is None else machine.hardware
    for entry in entries:
        if entry.spec.shipped:
            yield _verified(entry, store)
        if entry.spec.ready and (entry.variants or not entry.spec.shipped):
            yield Finding(subject="model", said=f"{entry.spec.id}: {_run(entry, store, hardware)}")


def _verified(entry: Entry, store: ModelStore) -> Finding:
    """Whether a large model that comes with the program is intact."""
    id = entry.spec.id
    try:
        faults = store.verify(id, Silent()).faults
    except (RestorerError, OSError) as error:
        faults = (str(error),)
    said = "; ".join(faults) or f"verified, {entry.bytes / 1e6:.1f} MB"
    return Finding(subject="weights", said=f"{id}: {said}", well=not faults)


def _run(entry: Entry, store: ModelStore, hardware: Hardware | None) -> str:
    """Where a model runs and why, or what it wants."""
    spec = entry.spec
    if not entry.variants:
        wanted = need(spec, spec.variant) / 1e9
        return (
            f"not here; as {spec.variant} it takes {wanted:.1f} GB of a GPU; "
            f"“restorer models download {spec.id}” fetches it"
        )
    if hardware is None:
        return f"here as {', '.join(entry.variants)}; where it would run is not known"
    tables = Shelf(store.folder).keeps_tables(spec)
    placement = choose(spec, hardware, runnable(entry.variants), tables=tables)
    if isinstance(placement, NoPlacement):
        return placement.why
    steered = spec.reference or any(file.role == "adapter" for file in spec.files)
    more = "" if steered else "; it restores with an adapter of yours"
    return (
        f"on {hardware.name} ({placement.device}) in tiles of {placement.side} pixels, "
        f"for {placement.why}{more}"
    )


def _self_checks(cache: Path) -> Iterator[Finding]:
    """What devices were found to compute when a large model first ran on them, and how fast."""
    for said, right in sentences(MachineNotes(cache / NOTES_FILE)):
        yield Finding(subject="self-check", said=said, well=right)


def _presets(folders: Iterable[Path]) -> Finding:
    try:
        presets = load_presets(folders)
    except RestorerError as error:
        return Finding(subject="presets", said=f"{sentence(error)} {error.remedy}", well=False)
    if not presets:
        said = "none are there; reinstall the program"
        return Finding(subject="presets", said=said, well=False)
    return Finding(subject="presets", said=f"{len(presets)}: {', '.join(presets)}")


def _formats() -> Finding:
    """Whether what is loaded for RAW and HEIC alone can be."""
    try:
        raw = importlib.import_module("rawpy").libraw_version
        heic = importlib.import_module("pi_heif").libheif_version()
    except ImportError as error:
        said = f"RAW files and HEIC cannot be read: {error}"
        return Finding(subject="formats", said=said, well=False)
    return Finding(
        subject="formats",
        said=f"RAW by LibRaw {'.'.join(map(str, raw))}, HEIC by libheif {heic}",
    )


def _phrases() -> Finding:
    """Whether text encoders could run: presets are phrases to models that follow words."""
    if not has_transformers():
        said = "the library that encodes them is not here; only models that follow words want it"
        return Finding(subject="phrases", said=said)
    try:
        library = importlib.import_module("transformers")
        for name in _ENCODERS:
            getattr(library, name)  # loads it
    except (ImportError, AttributeError, OSError, RuntimeError) as error:
        return Finding(subject="phrases", said=f"cannot be encoded: {error}", well=False)
    return Finding(subject="phrases", said=f"transformers {library.__version__} encodes them")


def _autopilot() -> Finding:
    try:
        judges = load_judges()
        load_judges(second=True)
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
        said = f"{cache} cannot be written to: {error.strerror}"
        yield Finding(subject="cache", said=said, well=False)
        return
    yield Finding(subject="cache", said=str(cache))
    free = shutil.disk_usage(cache).free
    said = f"{free / 10**9:.1f} GB free for the cache"
    if free < _ROOM:
        said += f"; make room, large photos need {_ROOM / 10**9:.0f} GB"
    yield Finding(subject="disk", said=said, well=free >= _ROOM)
