"""The fetched models of this machine: where they lie, and how they come, are checked and go.

Only `download` touches the network. A file counts as there once it was verified and recorded; one
download at a time fills a model's folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from engine.backbones import BackboneFile, BackboneSpec, backbones
from engine.downloads import Downloader, Order, Source, check_room, disk_errors
from engine.errors import DownloadRunning, MissingWeights, NotAllowed, WrongWeights
from engine.folder_lock import LOCK_NAME, folder_lock
from engine.progress import Part, Progress
from restorer_app.model_files import copy_file, examine, found_in, shared_out
from restorer_app.model_records import RECORDS, FileRecord, read_records, write_records
from restorer_app.model_tokens import hub_token

HUB = "https://huggingface.co"


def models_folder() -> Path:
    """Where fetched models lie: `RESTORER_MODELS`, or the user's folder for data."""
    chosen = os.environ.get("RESTORER_MODELS")
    return Path(chosen) if chosen else platformdirs.user_data_path("restorer") / "models"


def hub_address() -> str:
    """The hub: `HF_ENDPOINT`, as other programs have it, or the public one."""
    return (os.environ.get("HF_ENDPOINT") or HUB).rstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One model of the catalogue, and what of it is here."""

    spec: BackboneSpec
    variants: tuple[str, ...]
    """Those that are here whole."""
    bytes: int
    """Of all its files here."""
    begun: bool
    """Whether something is here that is not a whole, recorded file: a part of a download, say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a check found: `faults` are sentences, empty if all is well; `filled` are the paths of
    files whose checksum was not known before and is now kept."""

    faults: tuple[str, ...]
    filled: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ModelStore:
    """The folder of fetched models, and the catalogue of what may come into it."""

    folder: Path = field(default_factory=models_folder)
    catalogue: Callable[[], tuple[BackboneSpec, ...]] = backbones
    downloader: Downloader = field(default_factory=lambda: Downloader(token=hub_token))
    hub: str = field(default_factory=hub_address)

    def spec(self, id: str) -> BackboneSpec:
        """The model called `id`; raises `MissingWeights` naming those there are."""
        known = self.catalogue()
        for spec in known:
            if spec.id == id:
                return spec
        names = ", ".join(spec.id for spec in known)
        raise MissingWeights(f"No model called “{id}” can be fetched", f"There are: {names}.")

    def place(self, spec: BackboneSpec) -> Path:
        """The folder of a model, whether it is there or not."""
        return self.folder / spec.id

    def entries(self) -> list[Entry]:
        """All models of the catalogue."""
        return [self._entry(spec) for spec in self.catalogue()]

    def files(self, id: str, variant: str) -> dict[str, Path]:
        """A model's files by role, to be loaded; raises `MissingWeights` if one is not here."""
        spec = self.spec(id)
        if variant not in self._entry(spec).variants:
            raise MissingWeights(
                f"{spec.title} is not on this machine",
                f"Fetch it with “restorer models download {id} --variant {variant}”.",
            )
        return {file.role: self.place(spec) / file.path for file in spec.files_of(variant)}

    def download(
        self, id: str, progress: Progress, *, variant: str = "", accepted: bool = False
    ) -> BackboneSpec:
        """Fetch what is missing of a model; `variant` is the catalogue's choice if empty.

        Raises `NotAllowed` if its licence wants to be accepted and was not, `DownloadRunning`,
        what `Downloader.fetch` raises, and `Cancelled`.
        """
        spec = self.spec(id)
        wanted = spec.files_of(variant or spec.variant)
        if not spec.ready:
            raise MissingWeights(f"This version cannot run {spec.title} yet", "Choose another.")
        if spec.opt_in and not accepted:
            raise NotAllowed(f"{spec.title} has a licence of its own: {spec.licence_url}")
        with self._filling(spec) as records:
            missing = [file for file in wanted if not self._is_here(spec, file, records)]
            rest = sum(self._rest(spec, file) for file in missing)
            check_room(self.place(spec), rest, self.downloader.free)
            for file, part in shared_out(missing, progress):
                records[file.path] = self._bring(spec, file, part)
                write_records(self.place(spec), records)
        progress.report(1.0, "done")
        return spec

    def verify(self, id: str, progress: Progress) -> Verdict:
        """Check the files of a model that are here, against the catalogue and their records.

        What neither knows is measured and kept. Raises `MissingWeights` if nothing is here.
        """
        spec = self._known_here(id)
        faults: list[str] = []
        filled: list[str] = []
        with self._filling(spec) as records:
            present = [file for file in spec.files if self._names(spec, file, records)]
            for file, part in shared_out(present, progress):
                known = records.get(file.path)
                path = self.place(spec) / file.path
                fault, record = examine(path, file, known, part)
                if fault:
                    faults.append(fault)
                elif known is None and record is not None:
                    records[file.path] = record
                    filled.append(file.path)
            if filled:
                write_records(self.place(spec), records)
        return Verdict(faults=tuple(faults), filled=tuple(filled))

    def remove(self, id: str) -> int:
        """Remove a model's files and what a download left; gives the bytes that became free."""
        spec = self._known_here(id)
        place, freed = self.place(spec), 0
        with self._filling(spec):
            for path in [place / RECORDS, *self._traces(spec)]:
                if path.is_file():
                    freed += path.stat().st_size
                    path.unlink()
        with suppress(OSError):  # whatever else the user keeps there stays
            (place / LOCK_NAME).unlink()
            place.rmdir()
        return freed

    def import_from(
        self, id: str, folder: Path, progress: Progress, *, accepted: bool = False
    ) -> tuple[str, ...]:
        """Copy a model's files from a folder of the user's; gives the variants that are whole now.

        Raises `MissingWeights` naming what was looked for, `WrongWeights`, `NoSpace`, `NoPlace`.
        """
        spec = self.spec(id)
        if spec.opt_in and not accepted:
            raise NotAllowed(f"{spec.title} has a licence of its own: {spec.licence_url}")
        found = found_in(folder, spec)
        if not found:
            names = ", ".join(dict.fromkeys(file.path for file in spec.files))
            raise MissingWeights(
                f"{folder} holds no file of {spec.title}", f"Files are known by name: {names}."
            )
        needed = sum(path.stat().st_size for path in found.values())
        with self._filling(spec) as records:
            check_room(self.place(spec), needed, self.downloader.free)
            for file, part in shared_out(list(found), progress):
                records[file.path] = self._copied(spec, file, found[file], part)
                write_records(self.place(spec), records)
        return self._entry(spec).variants

    def _known_here(self, id: str) -> BackboneSpec:
        spec = self.spec(id)
        if not (read_records(self.place(spec)) or any(self._traces(spec))):
            remedy = f"Fetch it with “restorer models download {id}”."
            raise MissingWeights(f"{spec.title} is not on this machine", remedy)
        return spec

    def _entry(self, spec: BackboneSpec) -> Entry:
        records = read_records(self.place(spec))
        here = [file for file in spec.files if self._is_here(spec, file, records)]
        whole = [name for name in spec.variants if set(spec.files_of(name)) <= set(here)]
        return Entry(
            spec=spec,
            variants=tuple(whole),
            bytes=sum(records[file.path].bytes for file in here),
            begun=bool(set(self._traces(spec)) - {self.place(spec) / file.path for file in here}),
        )

    def _is_here(
        self, spec: BackboneSpec, file: BackboneFile, records: dict[str, FileRecord]
    ) -> bool:
        record, path = records.get(file.path), self.place(spec) / file.path
        return record is not None and path.is_file() and path.stat().st_size == record.bytes

    def _names(
        self, spec: BackboneSpec, file: BackboneFile, records: dict[str, FileRecord]
    ) -> bool:
        return file.path in records or (self.place(spec) / file.path).is_file()

    def _traces(self, spec: BackboneSpec) -> Iterator[Path]:
        """The files of a model that are here, parts of downloads among them."""
        for file in spec.files:
            whole = self.place(spec) / file.path
            for ending in ("", ".part", ".part.json", ".part.json.new", ".import"):
                path = whole.with_name(whole.name + ending)
                if path.is_file():
                    yield path

    def _rest(self, spec: BackboneSpec, file: BackboneFile) -> int:
        """Bytes still to come, as far as one knows beforehand."""
        part = self.place(spec) / (file.path + ".part")
        return max((file.about or 0) - (part.stat().st_size if part.is_file() else 0), 0)

    def _bring(self, spec: BackboneSpec, file: BackboneFile, progress: Progress) -> FileRecord:
        """Fetch one file, unless it lies there without a record or another model has it."""
        target = self.place(spec) / file.path
        if target.is_file():
            fault, record = examine(target, file, None, progress)
            if record is not None and not fault:
                return record
            target.unlink()
        if (twin := self._twin(file)) is not None:
            return self._copied(spec, file, twin, progress)
        sources = tuple(Source(url=m.url(self.hub), gated=m.gated) for m in file.mirrors)
        order = Order(target=target, sources=sources, bytes=file.bytes, sha256=file.sha256)
        came = self.downloader.fetch(order, progress)
        return FileRecord(bytes=came.bytes, sha256=came.sha256, source=came.url, commit=came.commit)

    def _twin(self, file: BackboneFile) -> Path | None:
        """The same file of another model, known by its checksum."""
        for spec in self.catalogue():
            records = read_records(self.place(spec))
            for path, record in records.items():
                place = self.place(spec) / path
                if record.sha256 == file.sha256 and place.is_file():
                    return place
        return None

    def _copied(
        self, spec: BackboneSpec, file: BackboneFile, source: Path, progress: Progress
    ) -> FileRecord:
        """Copy a file of the user's; raises `WrongWeights`."""
        target = self.place(spec) / file.path
        fresh = target.with_name(target.name + ".import")
        try:
            copy_file(source, fresh, Part(progress, 0.0, 0.5))
            fault, record = examine(fresh, file, None, Part(progress, 0.5, 1.0), source="import")
            if record is None or fault:
                raise WrongWeights(f"In {source.parent}, {fault}", "Fetch the file anew.")
            fresh.replace(target)
        finally:
            fresh.unlink(missing_ok=True)
        return record

    @contextmanager
    def _filling(self, spec: BackboneSpec) -> Iterator[dict[str, FileRecord]]:
        """A model's records, while nobody else changes its folder."""
        place = self.place(spec)
        with disk_errors(place):
            place.mkdir(parents=True, exist_ok=True)
            try:
                with folder_lock(place):
                    yield read_records(place)
            except BlockingIOError as error:
                raise DownloadRunning(
                    f"Another program is at work on {spec.title} already"
                ) from error
