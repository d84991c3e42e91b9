"""Restores a folder of photos, so that it can go on after any kind of end."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from restorer_app.errands import plan_folder
from restorer_app.journal import Journal
from restorer_app.leftovers import remove_all_unfinished
from restorer_app.orders import Misuse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from restorer_app.console import Console
    from restorer_app.report import Outcome
    from restorer_app.restoring import Restoring


def run_batch(
    restoring: Restoring, folder: Path, output: Path, *, recursive: bool, resume: bool
) -> list[Outcome]:
    """What became of each photo in `folder`; raises `Misuse` and `Cancelled`."""
    plan = plan_folder(folder, output, recursive=recursive)
    _mention(plan.unreadable, restoring.console)
    if not plan.errands:
        hint = "" if recursive else "; --recursive looks into the folders inside"
        restoring.console.note(f"There are no photos in {folder}{hint}.")
        return []
    fingerprint = restoring.order.fingerprint()
    try:
        output.mkdir(parents=True, exist_ok=True)
        journal = Journal(folder, output, fingerprint, resume=resume)
    except OSError as error:
        raise Misuse(f"argument -o/--output: {output} cannot be written to: {error}") from error
    with closing(journal):
        if resume:
            remove_all_unfinished(output)
        restoring.ledger = journal
        return restoring.run(plan.errands)


def _mention(unreadable: Sequence[Path], console: Console) -> None:
    """Say what is left out: nobody shall believe that those photos were restored as well."""
    if not unreadable:
        return
    formats = ", ".join(sorted({path.suffix.lower() for path in unreadable}))
    files = "1 photo is" if len(unreadable) == 1 else f"{len(unreadable)} photos are"
    console.note(f"{files} left out, to be developed or exported as TIFF first: {formats}.")
