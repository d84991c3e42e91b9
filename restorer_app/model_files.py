"""Files of models on the disk: found, checked and copied. Nothing here touches the network."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from engine.downloads import checksum
from engine.errors import MissingWeights, WrongWeights
from engine.progress import Part
from engine.shelf import is_there
from engine.weight_headers import header_fault
from restorer_app.model_records import FileRecord
from restorer_app.presence import is_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
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


def is_here(place: Path, file: BackboneFile, records: Mapping[str, FileRecord]) -> bool:
    """Whether a file is in a model's folder, whole and recorded."""
    record, path = records.get(file.path), place / file.path
    return record is not None and is_there(path) and path.stat().st_size == record.bytes


def shipped_records(place: Path, spec: BackboneSpec) -> dict[str, FileRecord]:
    """The records of a model that ships: what the catalogue promises of files that are there."""
    found = {}
    for file in spec.files:
        path = place / file.path
        if path.is_file():
            size, digest = file.bytes or path.stat().st_size, file.sha256 or "0" * 64
            found[file.path] = FileRecord(bytes=size, sha256=digest, source="shipped")
    return found


def is_named(place: Path, file: BackboneFile, records: Mapping[str, FileRecord]) -> bool:
    """Whether there should be, or is, something under a file's name."""
    return file.path in records or (place / file.path).is_file()


def traces(place: Path, files: Iterable[BackboneFile]) -> Iterator[Path]:
    """Those of some files that are in a model's folder, parts of downloads among them."""
    for file in files:
        whole = place / file.path
        for ending in ("", ".part", ".part.json", ".part.json.new", ".import"):
            path = whole.with_name(whole.name + ending)
            if is_there(path):
                yield path


def rest_of(place: Path, file: BackboneFile) -> int:
    """Bytes of a file still to come, as far as one knows beforehand."""
    part = place / (file.path + ".part")
    return max((file.about or 0) - (part.stat().st_size if part.is_file() else 0), 0)


def checked(
    place: Path,
    files: Sequence[BackboneFile],
    records: Mapping[str, FileRecord],
    progress: Progress,
) -> tuple[tuple[str, ...], dict[str, FileRecord]]:
    """What is wrong with files of a model, one sentence each; and the records of those that are
    well and had none."""
    faults: list[str] = []
    filled: dict[str, FileRecord] = {}
    for file, part in shared_out(files, progress):
        fault, record = examine(place / file.path, file, records.get(file.path), part)
        if fault:
            faults.append(fault)
        elif file.path not in records and record is not None:
            filled[file.path] = record
    return tuple(faults), filled


def copied(target: Path, file: BackboneFile, source: Path, progress: Progress) -> FileRecord:
    """Copy a file of the user's to where `file` belongs; raises `WrongWeights`."""
    fresh = target.with_name(target.name + ".import")
    fresh.parent.mkdir(parents=True, exist_ok=True)
    try:
        copy_file(source, fresh, Part(progress, 0.0, 0.5))
        fault, record = examine(fresh, file, None, Part(progress, 0.5, 1.0), source="import")
        if record is None or fault:
            raise WrongWeights(f"In {source.parent}, {fault}", "Fetch the file anew.")
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return record


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


def remove_empty(folder: Path) -> None:
    """Remove a folder and those inside, as far as no file is in them; raises `OSError`."""
    for inside in [path for path in folder.iterdir() if path.is_dir()]:
        with suppress(OSError):
            remove_empty(inside)
    folder.rmdir()


def found_in(folder: Path, spec: BackboneSpec) -> dict[BackboneFile, Path]:
    """The files of a model that lie in `folder` or below, known by the names they have there or
    with their publisher; raises `MissingWeights` if there is no such folder."""
    if not is_folder(folder):
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
