"""What a batch has done, kept in its output folder so that it can go on after any kind of end.

One JSON object a line, only ever appended, on the disk before the batch goes on:
`started` before a photo's output may appear, then `done` or `failed`. Of a source the last line
counts; a line that cannot be read (the last one, torn by a power cut) counts as not written.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from engine.errors import CannotSave, RestorerError
from engine.folder_lock import take
from engine.stamps import Stamp
from restorer_app.report import Done, Failed, done_from

if TYPE_CHECKING:
    from io import BufferedRandom
    from pathlib import Path

    from restorer_app.errands import Errand
    from restorer_app.report import Outcome

JOURNAL = ".restorer-journal.jsonl"


class Journal:
    """The journal of the folder `output` for a batch of the photos in `folder`.

    `fingerprint` is that of the order: what another order has done is not done. What earlier runs
    wrote counts only with `resume`. Raises `OSError` where the folder cannot be written at first,
    `CannotSave` where it no longer can, or where another batch is filling it.
    """

    def __init__(self, folder: Path, output: Path, fingerprint: str, *, resume: bool) -> None:
        self._folder = folder
        self._output = output
        self._fingerprint = fingerprint
        self._last: dict[str, dict[str, object]] = {}
        self._begun: dict[str, Stamp | None] = {}
        """The sources that this run has started, as they looked then."""
        self._open_outputs: set[str] = set()
        self._made: dict[str, object] = {}
        """Outputs by the size in bytes they had when they were done."""
        self._maker: dict[str, str] = {}
        """Outputs by the source they were last begun for: numbered names may change hands."""
        self._file = self._open(output / JOURNAL, resume=resume)

    def close(self) -> None:
        self._file.close()

    def finished_before(self, errand: Errand) -> Done | None:
        """The outcome of an earlier run, if source, order and output are still the same."""
        entry = self._last.get(self._source(errand), {})
        source, output = Stamp.of(errand.source), Stamp.of(errand.output)
        if source is None or output is None or entry.get("event") != "done":
            return None
        if self._maker.get(self._target(errand)) != self._source(errand):
            return None
        expected = {
            "output": self._target(errand),
            "output_size": output.size,
            "source_size": source.size,
            "source_changed": source.changed,
            "fingerprint": self._fingerprint,
        }
        report = entry.get("report")
        if not isinstance(report, dict) or any(entry.get(k) != v for k, v in expected.items()):
            return None
        names = {"input": str(errand.source), "output": str(errand.output)}
        return done_from({**report, **names})

    def owns(self, output: Path) -> bool:
        """Whether the file at `output` is this batch's own, and so may be made anew.

        One that has become another good picture since is its owner's work and no longer ours.
        """
        target = output.relative_to(self._output).as_posix()
        if target in self._open_outputs:
            return True
        if target not in self._made:
            return False
        stamp = Stamp.of(output)
        return stamp is None or stamp.size == self._made[target] or _is_damaged(output)

    def started(self, errand: Errand) -> None:
        """Note that `errand.output` may appear from now on."""
        self._begun[self._source(errand)] = Stamp.of(errand.source)
        self._append({"event": "started", **self._names(errand)})

    def ended(self, errand: Errand, outcome: Outcome) -> None:
        """Note how it ended; a restored photo counts as done from here on."""
        if isinstance(outcome, Failed):
            self._append({"event": "failed", **self._names(errand), **outcome.record()})
            return
        source = self._begun.get(self._source(errand))
        output = Stamp.of(errand.output)
        self._append(
            {
                "event": "done",
                **self._names(errand),
                "output_size": None if output is None else output.size,
                "source_size": None if source is None else source.size,
                "source_changed": None if source is None else source.changed,
                "fingerprint": self._fingerprint,
                "report": outcome.record(),
            }
        )

    def _source(self, errand: Errand) -> str:
        return errand.source.relative_to(self._folder).as_posix()

    def _target(self, errand: Errand) -> str:
        return errand.output.relative_to(self._output).as_posix()

    def _names(self, errand: Errand) -> dict[str, object]:
        return {"source": self._source(errand), "output": self._target(errand)}

    def _open(self, path: Path, *, resume: bool) -> BufferedRandom:
        file = path.open("a+b")
        try:
            _claim(file)
            written = file.read()  # not by another way: Windows would not let us
        except (OSError, CannotSave):
            file.close()
            raise
        for line in written.splitlines() if resume else []:
            self._take(line)
        if written and not written.endswith(b"\n"):
            # Ends the torn line, or it would spoil the next one as well.
            file.write(b"\n")
        return file

    def _take(self, line: bytes) -> None:
        try:
            entry = json.loads(line)
        except ValueError:
            return
        if isinstance(entry, dict) and {"event", "source", "output"} <= entry.keys():
            self._note(entry)

    def _append(self, entry: dict[str, object]) -> None:
        try:
            self._file.write(json.dumps(entry).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            # Without it, nobody would know which files are whole: no use in going on.
            raise CannotSave(
                f"{self._output / JOURNAL} cannot be written: {error.strerror}"
            ) from error
        self._note(entry)

    def _note(self, entry: dict[str, object]) -> None:
        output = str(entry["output"])
        source = str(entry["source"])
        self._last[source] = entry
        self._maker[output] = source
        if entry["event"] == "started":
            self._open_outputs.add(output)
        else:
            self._open_outputs.discard(output)
        if entry["event"] == "done":
            self._made[output] = entry.get("output_size")


def _claim(file: BufferedRandom) -> None:
    """Keep other batches from this journal; two would take each other's files away."""
    try:
        file.seek(0)
        take(file.fileno())
    except BlockingIOError as error:
        raise CannotSave(
            f"Another batch is filling the folder of {file.name}.",
            "Wait until it is through, or end it.",
        ) from error
    except OSError:
        return  # a file system that knows no locks


def _is_damaged(picture: Path) -> bool:
    from engine.files import load

    try:
        load(picture)
    except RestorerError:
        return True
    return False
