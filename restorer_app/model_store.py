"""The fetched models of this machine: where they lie, and how they come, are checked and go.

Only `download` touches the network. A file counts as there once it was verified and recorded; one
download at a time fills a model's folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from engine.backbones import ENCODER, BackboneFile, BackboneSpec, backbones
from engine.downloads import Downloader, check_room, disk_errors
from engine.errors import DownloadRunning, MissingWeights, NotAllowed, RestorerError
from engine.folder_lock import LOCK_NAME, folder_lock
from engine.phrases import PROMPTS, stored
from engine.progress import Progress
from engine.shelf import TABLES, Shelf
from restorer_app.model_files import (
    checked,
    copied,
    found_in,
    is_here,
    is_named,
    remove_empty,
    rest_of,
    shared_out,
    shipped_records,
    traces,
)
from restorer_app.model_records import RECORDS, FileRecord, read_records, write_records
from restorer_app.model_supply import Supply, hub_address
from restorer_app.model_tokens import hub_token
from restorer_app.places import models_folder

_MADE = (PROMPTS, TABLES)
"""Folders, in that of a model, with what this machine computed for it."""


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
    prompts: Mapping[str, str] = field(default_factory=dict)
    """The words of its encoded phrases, by name."""


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

    @property
    def shelf(self) -> Shelf:
        """Where the models lie."""
        return Shelf(self.folder)

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
        return self.shelf.place(spec)

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
        spec = self._fetchable(id)
        wanted = spec.files_of(variant or spec.variant)
        if not spec.ready:
            raise MissingWeights(f"This version cannot run {spec.title} yet", "Choose another.")
        if spec.opt_in and not accepted:
            raise NotAllowed(f"{spec.title} has a licence of its own: {spec.licence_url}")
        with self._filling(spec) as records:
            self._fetch(spec, wanted, records, progress)
        progress.report(1.0, "done")
        return spec

    @contextmanager
    def encoder(self, id: str, progress: Progress, *, keep: bool = False) -> Iterator[Path]:
        """The folder of a model's text encoder, fetched if it is not here.

        It goes once the block is through, unless it is to be kept; what a block leaves by an
        error stays for the next time. Raises what `download` raises.
        """
        spec = self.spec(id)
        with self._filling(spec) as records:
            self._fetch(spec, spec.encoder, records, progress)
            yield self.place(spec) / ENCODER
            if not keep:
                self._drop_encoder(spec)
                for file in spec.encoder:
                    records.pop(file.path, None)
                write_records(self.place(spec), records)

    def to_fetch(self, spec: BackboneSpec, files: Sequence[BackboneFile]) -> int:
        """Bytes of these files that are not here, as far as one knows beforehand."""
        records = read_records(self.place(spec))
        missing = [file for file in files if not is_here(self.place(spec), file, records)]
        return sum(rest_of(self.place(spec), file) for file in missing)

    def verify(self, id: str, progress: Progress) -> Verdict:
        """Check the files of a model that are here, against the catalogue and their records.

        What neither knows is measured and kept. Raises `MissingWeights` if nothing is here.
        """
        spec = self._known_here(id)
        place = self.place(spec)
        if spec.shipped:  # nobody may write beside its files
            faults, _ = checked(place, spec.files, {}, progress)
            return Verdict(faults=faults, filled=())
        with self._filling(spec) as records:
            files = (*spec.files, *spec.encoder)
            present = [file for file in files if is_named(place, file, records)]
            faults, filled = checked(place, present, records, progress)
            if filled:
                records |= filled
                write_records(place, records)
        return Verdict(faults=faults, filled=tuple(filled))

    def remove(self, id: str) -> int:
        """Remove a model's files, what was made for it and what a download left; gives the bytes
        that became free."""
        self._fetchable(id)
        spec = self._known_here(id)
        place, freed = self.place(spec), 0
        with self._filling(spec):
            made = [path for name in _MADE for path in (place / name).glob("*.safetensors*")]
            for path in [place / RECORDS, *traces(place, spec.files), *made]:
                if path.is_file():
                    freed += path.stat().st_size
                    path.unlink()
            freed += self._drop_encoder(spec)
        with suppress(OSError):  # whatever else the user keeps there stays
            (place / LOCK_NAME).unlink()
            remove_empty(place)
        return freed

    def import_from(
        self, id: str, folder: Path, progress: Progress, *, accepted: bool = False
    ) -> tuple[str, ...]:
        """Copy a model's files from a folder of the user's; gives the variants that are whole now.

        Raises `MissingWeights` naming what was looked for, `WrongWeights`, `NoSpace`, `NoPlace`.
        """
        spec = self._fetchable(id)
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
                target = self.place(spec) / file.path
                records[file.path] = copied(target, file, found[file], part)
                write_records(self.place(spec), records)
        return self._entry(spec).variants

    def _fetch(
        self,
        spec: BackboneSpec,
        wanted: Sequence[BackboneFile],
        records: dict[str, FileRecord],
        progress: Progress,
    ) -> None:
        """Bring those of some files that are not here, and record them."""
        missing = [file for file in wanted if not is_here(self.place(spec), file, records)]
        rest = sum(rest_of(self.place(spec), file) for file in missing)
        check_room(self.place(spec), rest, self.downloader.free)
        supply = Supply(
            shelf=self.shelf, catalogue=self.catalogue(), downloader=self.downloader, hub=self.hub
        )
        for file, part in shared_out(missing, progress):
            records[file.path] = supply.bring(spec, file, part)
            write_records(self.place(spec), records)

    def _drop_encoder(self, spec: BackboneSpec) -> int:
        """Remove a text encoder and what a download of it left; gives the bytes."""
        freed = 0
        for path in list(traces(self.place(spec), spec.encoder)):
            freed += path.stat().st_size
            path.unlink()
        with suppress(OSError):
            remove_empty(self.place(spec) / ENCODER)
        return freed

    def _fetchable(self, id: str) -> BackboneSpec:
        """A model that comes and goes on its own; raises `RestorerError` for one that ships."""
        spec = self.spec(id)
        if spec.shipped:
            raise RestorerError(f"“{id}” belongs to the program", "It is here; nothing is to do.")
        return spec

    def _known_here(self, id: str) -> BackboneSpec:
        spec = self.spec(id)
        place = self.place(spec)
        files = (*spec.files, *spec.encoder)
        if not (read_records(place) or stored(place) or any(traces(place, files))):
            remedy = f"Fetch it with “restorer models download {id}”."
            raise MissingWeights(f"{spec.title} is not on this machine", remedy)
        return spec

    def _entry(self, spec: BackboneSpec) -> Entry:
        place = self.place(spec)
        records = shipped_records(place, spec) if spec.shipped else read_records(place)
        here = [file for file in spec.files if is_here(self.place(spec), file, records)]
        whole = [name for name in spec.variants if set(spec.files_of(name)) <= set(here)]
        return Entry(
            spec=spec,
            variants=tuple(whole),
            bytes=sum(
                records[file.path].bytes
                for file in (*spec.files, *spec.encoder)
                if is_here(self.place(spec), file, records)
            ),
            begun=bool(
                set(traces(self.place(spec), spec.files))
                - {self.place(spec) / file.path for file in here}
            ),
            prompts=stored(self.place(spec)),
        )

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
