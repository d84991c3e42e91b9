"""Where the bytes of a model's file come from: what lies in its folder, another model, the hub."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine.backbones import BackboneFile, BackboneSpec
from engine.downloads import Downloader, Order, Source
from engine.errors import WrongWeights
from engine.progress import Progress
from engine.shelf import Shelf
from restorer_app.model_files import copied, examine
from restorer_app.model_records import FileRecord, read_records

HUB = "https://huggingface.co"


def hub_address() -> str:
    """The hub: `HF_ENDPOINT`, as other programs have it, or the public one."""
    return (os.environ.get("HF_ENDPOINT") or HUB).rstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Brings files of the catalogue to their places; the network is asked last."""

    shelf: Shelf
    catalogue: tuple[BackboneSpec, ...]
    downloader: Downloader
    hub: str

    def bring(self, spec: BackboneSpec, file: BackboneFile, progress: Progress) -> FileRecord:
        """Fetch one file, unless it lies there without a record or another model has it.

        Raises what `Downloader.fetch` raises, and `Cancelled`.
        """
        target = self.shelf.place(spec) / file.path
        if target.is_file():
            fault, record = examine(target, file, None, progress)
            if record is not None and not fault:
                return record
            target.unlink()
        if (twin := self._twin(file)) is not None:
            with suppress(WrongWeights, FileNotFoundError):  # damaged, or gone by now
                return copied(target, file, twin, progress)
        sources = tuple(Source(url=m.url(self.hub), gated=m.gated) for m in file.mirrors)
        order = Order(target=target, sources=sources, bytes=file.bytes, sha256=file.sha256)
        came = self.downloader.fetch(order, progress)
        return FileRecord(bytes=came.bytes, sha256=came.sha256, source=came.url, commit=came.commit)

    def _twin(self, file: BackboneFile) -> Path | None:
        """The same file of another model, known by its checksum."""
        for spec in self.catalogue:
            records = read_records(self.shelf.place(spec))
            for path, record in records.items():
                place = self.shelf.place(spec) / path
                if record.sha256 == file.sha256 and place.is_file():
                    return place
        return None
