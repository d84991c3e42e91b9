"""The piece of a file that has been fetched, and the version of the file it is a piece of."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from engine.http_source import Reply, Stamp


class BrokeOff(Exception):
    """The connection ended before the file did."""


class OtherSize(Exception):
    """The server has a file of another size than was ordered; the part may be right all the same.

    `str(error)` is the sentence for the user.
    """


class PartFile:
    """`target`.part, with its stamp in `target`.part.json."""

    def __init__(self, target: Path) -> None:
        self.target, self.name = target, target.name
        self.path = target.with_name(target.name + ".part")
        self._note = target.with_name(target.name + ".part.json")
        self.stamp = self._read()

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def start_for(self, url: str, *, checked: bool) -> int:
        """The byte to go on from: 0 where the rest could come from another version unnoticed.

        `checked` says whether the whole file's checksum is known beforehand.
        """
        same = self.stamp.url == url and bool(self.stamp.validator)
        total = self.stamp.total
        if not (same or checked or self.stamp.sha256) or (total is not None and self.size > total):
            self.drop()
        return self.size

    def begin(self, reply: Reply, asked: int) -> int:
        """Make ready for a body; gives the byte it continues at.

        Raises `BrokeOff` where the body fits neither behind the part nor in its place.
        """
        if reply.start != asked or (asked and _other(self.stamp, reply.stamp)):
            if reply.start != 0:
                # It answers with a piece that does not fit: begin again without asking for one.
                self.drop()
                raise BrokeOff
            self.drop()
        self.keep(_joined(self.stamp, reply.stamp))
        return self.size

    def keep(self, stamp: Stamp) -> None:
        """Note which version the part belongs to."""
        self.stamp = stamp
        fresh = self._note.with_name(self._note.name + ".new")
        fresh.write_text(json.dumps(asdict(stamp)), encoding="utf-8")
        fresh.replace(self._note)

    def drop(self) -> None:
        """Forget the part."""
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)
        self.stamp = Stamp(url="")

    def finish(self) -> None:
        """Give the part the file's name."""
        self.path.replace(self.target)
        self._note.unlink(missing_ok=True)

    def _read(self) -> Stamp:
        with suppress(OSError, ValueError, TypeError):
            return Stamp(**json.loads(self._note.read_text(encoding="utf-8")))
        return Stamp(url="")


def _other(old: Stamp, new: Stamp) -> bool:
    """Whether two stamps cannot be of the same version of a file."""
    pairs = [(old.total, new.total), (old.sha256, new.sha256)]
    if old.url == new.url:
        pairs.append((old.etag, new.etag))
    return any(one and two and one != two for one, two in pairs)


def _joined(old: Stamp, new: Stamp) -> Stamp:
    """The newer stamp, with what only the older one says."""
    return replace(
        new,
        total=new.total or old.total,
        sha256=new.sha256 or old.sha256,
        commit=new.commit or old.commit,
    )
