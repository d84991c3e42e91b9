"""From “Export” to jobs in the queue: ask how, plan where, and say what was left out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox

from restorer_app import headers
from restorer_app.export import BadTemplate, ExportSettings, Naming, example
from restorer_app.export_plan import ExportWish, Planned, plan_exports
from restorer_app.export_size import estimated_bytes, spoken_size
from restorer_app.gui.pages.export_choice import ExportChoice, ExportFormat
from restorer_app.gui.pages.export_dialog import ask_export
from restorer_app.gui.sentences.sentence_words import said
from restorer_app.gui.window import MainWindow
from restorer_app.photo_state import PhotoState
from restorer_app.session import Session
from restorer_app.settings import Settings

log = logging.getLogger(__name__)

_PREFIX = "export_"

FORMATS = (
    ExportFormat("jpeg", "JPEG", (8,), quality=True),
    ExportFormat("png", "PNG", (8, 16)),
    ExportFormat("tiff", "TIFF", (8, 16, 32)),
    ExportFormat("webp", "WebP", (8,), quality=True),
    ExportFormat("avif", "AVIF", (8,), quality=True),
    ExportFormat("dng", "DNG (RAW)", (16,), quality=True),  # of photos that are none
)


class ExportFlow(QObject):
    """Asks, plans, and queues; the last choice is where the next one starts."""

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        chosen: Callable[[], ExportSettings],
        keep: Callable[[ExportSettings], None],
    ) -> None:
        """`chosen` gives the export settings of last time, `keep` remembers new ones."""
        super().__init__(window)
        self._window, self._session, self._chosen, self._keep = window, session, chosen, keep

    def export_selection(self) -> None:
        """Export what is selected, or the current photo."""
        self._export(self._session.selection)

    def export_all(self) -> None:
        self._export(self._session.photos)

    def settings(self) -> ExportSettings:
        """How pictures were exported last."""
        return self._chosen()

    def queue(self, photos: Sequence[PhotoState], settings: ExportSettings) -> list[Planned]:
        """Queue these photos, and give the plan. Raises `BadTemplate`."""
        planned = plan_exports(
            [_wish(photo) for photo in photos],
            settings,
            day=_today(),
            inputs=[photo.path for photo in self._session.photos],
            promised=self._session.promised,
            made_of=self._session.made_of,
        )
        self._session.export(planned)
        return planned

    def _export(self, photos: Sequence[PhotoState]) -> None:
        photos = [photo for photo in photos if not photo.error]
        if not photos:
            return
        before = self._chosen()
        choice = ask_export(
            ExportChoice(**_shared(before, ExportChoice)),
            count=len(photos),
            formats=FORMATS,
            example=lambda choice: self._example(photos[0], len(photos), choice),
            estimate=lambda choice: _estimate(photos, _settings(before, choice)),
            can_mirror=any(photo.path.parent != photo.root for photo in photos),
            parent=self._window,
        )
        if choice is None:
            return
        settings = _settings(before, choice)
        self._keep(settings)
        try:
            planned = self.queue(photos, settings)
        except BadTemplate as error:
            QMessageBox.warning(self._window, self.tr("Export"), said(str(error)))
            return
        self._tell([said(item.note) for item in planned if item.note])

    def _example(self, photo: PhotoState, count: int, choice: ExportChoice) -> str:
        wish = _wish(photo)
        naming = Naming(
            source=photo.path, preset=wish.preset, scale=wish.scale, count=count, day=_today()
        )
        return example(
            choice.template, naming, _settings(self._chosen(), choice).suffix(photo.path)
        )

    def _tell(self, notes: Sequence[str]) -> None:
        """What an owner may not expect, in one window."""
        if notes:
            rest = len(notes) - _NOTES
            more = "\n" + self.tr("and {} more").format(rest) if rest > 0 else ""
            text = "\n".join(notes[:_NOTES]) + more
            QMessageBox.information(self._window, self.tr("Export"), text)


_NOTES = 12


def export_settings(settings: Settings) -> ExportSettings:
    """The part of the program's settings that is about exports."""
    names = {field.name for field in fields(ExportSettings)} - {"folder"}
    values: dict[str, Any] = {name: getattr(settings, _PREFIX + name) for name in names}
    folder = Path(settings.export_folder) if settings.export_folder else None
    return ExportSettings(folder=folder, **values)


def with_export(settings: Settings, export: ExportSettings) -> Settings:
    """The program's settings with another way to export."""
    values: dict[str, Any] = {_PREFIX + name: value for name, value in asdict(export).items()}
    values["export_folder"] = "" if export.folder is None else str(export.folder)
    return replace(settings, **values)


def _wish(photo: PhotoState) -> ExportWish:
    """A photo as it is set: what the autopilot chose stands in the name, where it is known."""
    shown = photo.shown
    preset = photo.settings.preset.id if shown is None else shown.preset.id
    return ExportWish(source=photo.path, root=photo.root, preset=preset, scale=photo.settings.scale)


def _settings(before: ExportSettings, choice: ExportChoice) -> ExportSettings:
    return replace(before, **_shared(choice, ExportSettings))


def _shared(record: ExportSettings | ExportChoice, other: type) -> dict[str, Any]:
    """The fields that both records have, under the same names."""
    names = {field.name for field in fields(other)}
    return {name: value for name, value in asdict(record).items() if name in names}


def _estimate(photos: Sequence[PhotoState], settings: ExportSettings) -> str:
    """The size of all files in words; of a very large selection, as the first few suggest."""
    looked = photos[:_LOOKED]
    total = 0.0
    for photo in looked:
        megapixels = headers.megapixels(photo.path) or 12.0
        suffix = settings.suffix(photo.path)
        total += estimated_bytes(megapixels * photo.settings.scale**2, settings, suffix)
    return spoken_size(int(total * len(photos) / len(looked)))


_LOOKED = 50


def _today() -> date:
    return datetime.now().astimezone().date()
