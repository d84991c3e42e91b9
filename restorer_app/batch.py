"""Restores a folder of photos, so that it can go on after any kind of end."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from restorer_app.errands import plan_folder
from restorer_app.journal import JOURNAL, Journal
from restorer_app.leftovers import remove_all_unfinished
from restorer_app.orders import Misuse
from restorer_app.presence import is_present
from restorer_app.report import closed_folder

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
    plan = plan_folder(folder, output, recursive=recursive, format=restoring.order.format)
    _mention(plan.unreadable, restoring.console)
    closed: list[Outcome] = [closed_folder(error) for error in plan.closed]
    for outcome in closed:
        restoring.tell(outcome)
    if not (plan.errands or plan.unreadable or closed):
        hint = "" if recursive else "; --recursive looks into the folders inside"
        restoring.console.note(f"There are no photos in {folder}{hint}.")
    if not plan.errands:
        return closed
    fingerprint = restoring.order.fingerprint()
    if not resume and is_present(output / JOURNAL):
        restoring.console.note("A batch was begun here before; --resume goes on with it.")
    try:
        output.mkdir(parents=True, exist_ok=True)
        journal = Journal(folder, output, fingerprint, resume=resume)
    except OSError as error:
        raise Misuse(
            f"argument -o/--output: {output} cannot be written to: {error.strerror}"
        ) from error
    with closing(journal):
        if resume:
            remove_all_unfinished(output)
        return [*closed, *replace(restoring, ledger=journal).run(plan.errands)]


def _mention(unreadable: Sequence[Path], console: Console) -> None:
    """Say what is left out: nobody shall believe that those photos were restored as well."""
    if not unreadable:
        return
    formats = ", ".join(sorted({path.suffix.lower() for path in unreadable}))
    files = "1 photo is" if len(unreadable) == 1 else f"{len(unreadable)} photos are"
    console.note(f"{files} left out, to be developed or exported as TIFF first: {formats}.")
