"""Models for the tour: a folder made up, and a download that stands still. No network."""

from __future__ import annotations

import time
from pathlib import Path

from engine.downloads import Downloader, Fetched, Order
from engine.part_file import PartFile
from engine.progress import Progress
from restorer_app.model_records import FileRecord, write_records
from restorer_app.model_store import ModelStore

_HERE, _BEGUN = "flux2-klein-4b", 0.4
_RATE = 11_000_000
"""Bytes a second of the line that is made up."""


class _StandingStill(Downloader):
    """Comes to 40 % of a file and stays there, for as long as nobody stops it."""

    def fetch(self, order: Order, progress: Progress) -> Fetched:
        part, total = PartFile(order.target), order.bytes or 6_780_000_000
        order.target.parent.mkdir(parents=True, exist_ok=True)
        here = round(total * _BEGUN) - _RATE
        while True:
            here = min(here + _RATE // 20, round(total * _BEGUN))
            with part.path.open("ab") as file:
                file.truncate(here)  # a hole: nothing is written
            progress.report(here / total, f"{part.name}, made up")
            time.sleep(0.05)


def store_for_tour(folder: Path) -> ModelStore:
    """A store with one model that is here, as far as anybody looks; others can be begun."""
    store = ModelStore(folder=folder, downloader=_StandingStill(free=lambda _: 10**12))
    spec = store.spec(_HERE)
    place, records = store.place(spec), {}
    place.mkdir(parents=True)
    for file in spec.files_of(spec.variant):
        size = file.about or 340_000_000
        with (place / file.path).open("wb") as hole:
            hole.truncate(size)
        records[file.path] = FileRecord(bytes=size, sha256="0" * 64, source="made up")
    write_records(place, records)
    return store
