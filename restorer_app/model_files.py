"""Files of models on the disk: found, checked and copied. Nothing here touches the network."""

from __future__ import annotations

import os
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from engine.downloads import checksum
from engine.errors import MissingWeights
from engine.progress import Part
from engine.weight_headers import header_fault
from restorer_app.model_records import FileRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from engine.backbones import BackboneFile, BackboneSpec
    from engine.progress import Progress

_CHUNK = 8 << 20
_USUAL = 1e9
"""Bytes of a file of which nobody says how large it is."""


def examine(
    path: Path,
    file: BackboneFile,
    known: FileRecord | None,
    progress: Progress,
    *,
    source: str = "found",
) -> tuple[str, FileRecord | None]:
    """What is wrong with a file, as a sentence without its full stop, and its record if nothing is.

    The catalogue's size and checksum count before those of `known`.
    """
    if not path.is_file():
        return f"{file.path} is missing", None
    size, pure = path.stat().st_size, PurePosixPath(file.path)
    expected = file.bytes or (known.bytes if known else size)
    if size != expected:
        return f"{file.path} has {size} bytes instead of {expected}", None
    if fault := header_fault(path, suffix=pure.suffix):
        return f"{file.path} is damaged: {fault}", None
    digest = checksum(path, progress, f"{pure.name}, checking")
    if digest != (file.sha256 or (known.sha256 if known else digest)):
        return f"{file.path} was altered: its checksum differs", None
    return "", FileRecord(bytes=size, sha256=digest, source=source)


def copy_file(source: Path, target: Path, progress: Progress) -> None:
    """Copy a large file with progress; raises `OSError`."""
    total, done = max(source.stat().st_size, 1), 0
    with source.open("rb") as old, target.open("wb") as new:
        while data := old.read(_CHUNK):
            new.write(data)
            done += len(data)
            progress.report(done / total, f"{source.name}, copying")
        new.flush()
        os.fsync(new.fileno())


def found_in(folder: Path, spec: BackboneSpec) -> dict[BackboneFile, Path]:
    """The files of a model that lie in `folder` or below, known by the names they have there or
    with their publisher; raises `MissingWeights` if there is no such folder."""
    if not folder.is_dir():
        raise MissingWeights(f"There is no folder {folder}", "Check its name.")
    by_name: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            by_name.setdefault(path.name, path)
    found = {}
    for file in spec.files:
        names = [file.path, *(mirror.file for mirror in file.mirrors)]
        hits = [by_name[name] for name in map(_last, names) if name in by_name]
        if hits:
            found[file] = hits[0]
    return found


def shared_out(
    files: Sequence[BackboneFile], progress: Progress
) -> Iterator[tuple[BackboneFile, Part]]:
    """Each file with its part of the progress, by size."""
    sizes = [float(file.about or _USUAL) for file in files]
    whole, done = sum(sizes), 0.0
    for file, size in zip(files, sizes, strict=True):
        yield file, Part(progress, done / whole, min((done + size) / whole, 1.0))
        done += size


def _last(path: str) -> str:
    return PurePosixPath(path).name
