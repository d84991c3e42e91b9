"""What speaks against a job before the time for it is spent."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import CannotSave, RestorerError
from engine.formats.catalogue import WRITERS
from engine.saving import check_fits
from restorer_app.jobs import JobError
from restorer_app.presence import is_folder, is_missing, is_present, is_taken, obstacle
from restorer_app.refusals import identities

if TYPE_CHECKING:
    from collections.abc import Callable

    from restorer_app.jobs import Job
    from restorer_app.refusals import Identities


def refusal(job: Job, sources: Callable[[], Identities]) -> JobError | None:
    """Why the job is not even begun; None if nothing speaks against it.

    `sources` tells the photos of all jobs, none of which is ever written to. It is asked only
    where the output is there already.
    """
    if is_missing(job.source):
        return JobError("BadPhoto", f"“{job.source.name}” is not there any more.")
    if job.output is None:
        return None
    path, options = job.output.path, job.output.options
    if path.suffix.lower() not in WRITERS:
        return JobError("CannotSave", f"“{path.name}” has an ending that cannot be written.")
    inputs = [getattr(job.request, field.name) for field in fields(job.request)]
    read = [found for found in inputs if isinstance(found, Path)]
    there = identities([path])
    if there and there & (sources() | identities(read)):
        return JobError(
            "CannotSave",
            f"“{path.name}” is an original of this list, and originals are never changed.",
            "Choose another name or folder.",
        )
    if not options.overwrite and is_taken(path):
        return JobError(
            "CannotSave", f"“{path.name}” exists already.", "Choose another name or folder."
        )
    folder = _nearest(path.parent)
    if obstacle(path) or not is_folder(folder) or not os.access(folder, os.W_OK):
        return JobError(
            "CannotSave", f"Nothing can be written into “{folder}”.", "Choose another folder."
        )
    return _unfit(job, path)


def _unfit(job: Job, path: Path) -> JobError | None:
    """What speaks against that format for the picture, as far as the header of the photo tells."""
    preset = job.request.preset if job.result is None else job.result.preset
    try:
        if job.request.region is None:
            check_fits(job.source, path, preset.scale)
    except CannotSave as error:
        return JobError(error.kind, error.message, error.remedy)
    except RestorerError:
        return None  # the engine will say so
    return None


def _nearest(folder: Path) -> Path:
    """The folder itself, or the closest above it that is there."""
    return next((place for place in (folder, *folder.parents) if is_present(place)), folder)
