"""Fetching large files: resumed, verified, and never half a file under a whole one's name.

While it is fetched, `name` is `name.part`, and `name.part.json` says which version of the file the
part belongs to. Only what has the right size and checksum takes the name. A stopped download, by
whatever cause, leaves both behind, and the next one goes on from there.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import (
    DownloadFailed,
    GatedWeights,
    NoNetwork,
    NoPlace,
    NoSpace,
    ServerBusy,
    WeightsGone,
    WrongWeights,
)
from engine.http_source import BROKEN, Busy, NothingLeft, Reply, Stamp, ask, server_busy
from engine.part_file import BrokeOff, OtherSize, PartFile
from engine.progress import Part, Progress
from engine.speed import Speed
from engine.weight_headers import header_fault

RESERVE = 500_000_000
"""Bytes that a download leaves free on the disk: a full one harms more than this program."""
_CHUNK = 1 << 20
_ATTEMPTS = 5
"""How often in a row a server may break off without having sent anything new."""
_LONGEST_WAIT = 120.0
"""Seconds that a busy server may ask us to wait; for more, the user decides."""
_CHECKING = 0.05
"""Share of a file's progress for the checksum: a disk reads faster than a line brings."""
_TELLING = (WrongWeights, ServerBusy, GatedWeights, WeightsGone, NoNetwork)
"""Of several mirrors' errors the one that is told, by what can be done about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place to fetch a file from."""

    url: str
    gated: bool = False
    """Whether to show the token at once; elsewhere it is shown when asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A file to fetch. `bytes` and `sha256` where they are known beforehand."""

    target: Path
    sources: tuple[Source, ...]
    bytes: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came: exact size and checksum of the file on the disk, and where it is from."""

    bytes: int
    sha256: str
    url: str
    commit: str = ""


def _no_token() -> str:
    return ""


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloader:
    """Fetches one file after another. What it stands on can be replaced, for tests."""

    token: Callable[[], str] = _no_token
    free: Callable[[Path], int] = _free
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    timeout: float = 30.0
    """Seconds of silence after which a connection counts as broken."""

    def fetch(self, order: Order, progress: Progress) -> Fetched:
        """Bring `order.target` about, from the first source that has it.

        Raises `DownloadFailed` and its kinds, `WrongWeights`, `NoSpace`, `NoPlace`, and
        `Cancelled` from `progress`; a usable part of the file stays for the next time.
        """
        errors: list[DownloadFailed | WrongWeights] = []
        with disk_errors(order.target.parent):
            order.target.parent.mkdir(parents=True, exist_ok=True)
            for source in order.sources:
                try:
                    return self._fetch_from(source, order, progress)
                except OtherSize as error:
                    errors.append(WrongWeights(str(error)))
                except (DownloadFailed, WrongWeights) as error:
                    errors.append(error)
        raise min(errors, key=_rank)

    def _fetch_from(self, source: Source, order: Order, progress: Progress) -> Fetched:
        part = PartFile(order.target)
        resumed = part.size > 0
        try:
            return self._whole(source, order, part, progress)
        except WrongWeights:
            part.drop()
            if not resumed:
                raise
        # The first piece may be of another time; the file itself can still be right.
        try:
            return self._whole(source, order, part, progress)
        except WrongWeights:
            part.drop()
            raise

    def _whole(self, source: Source, order: Order, part: PartFile, progress: Progress) -> Fetched:
        attempts, token = _ATTEMPTS, self.token() if source.gated else ""
        began = most = part.size
        while True:
            try:
                self._piece(source, order, part, token, Part(progress, 0.0, 1 - _CHECKING))
                break
            except GatedWeights:
                if token or not (token := self.token()):
                    raise
                continue
            except Busy as busy:
                wait = busy.seconds
                if attempts == 1 or (wait is not None and wait > _LONGEST_WAIT):
                    raise server_busy(source.url, wait) from busy
            except (NoNetwork, BrokeOff) as error:
                wait = None
                attempts = _ATTEMPTS + 1 if part.size > most else attempts
                most = max(most, part.size)
                if attempts == 1 or (isinstance(error, NoNetwork) and part.size == began):
                    raise _broke_off(source, error) from error
            attempts -= 1
            pause = 2.0 ** (_ATTEMPTS - attempts - 1) if wait is None else wait
            self._wait(pause, part, progress)
        return self._check(order, part, Part(progress, 1 - _CHECKING, 1.0))

    def _piece(
        self, source: Source, order: Order, part: PartFile, token: str, progress: Progress
    ) -> None:
        """Fetch what is missing, as far as the connection lasts."""
        start = part.start_for(source.url, checked=order.sha256 is not None)
        if start and start == part.stamp.total:
            return
        validator = part.stamp.validator if part.stamp.url == source.url else ""
        try:
            reply = ask(
                source.url, start=start, validator=validator, token=token, timeout=self.timeout
            )
        except NothingLeft as end:
            _check_size(order, end.total)
            if end.total == start and part.stamp.total is None:
                part.keep(replace(part.stamp, total=start))
                return
            raise WrongWeights(f"The server contradicts itself about {part.name}") from end
        with reply:
            total = _expected(order, reply.stamp)
            start = part.begin(reply, start)
            self._make_room(order.target.parent, total - start)
            self._receive(reply, part, total, progress)

    def _receive(self, reply: Reply, part: PartFile, total: int, progress: Progress) -> None:
        """Append the body to the part; raises `BrokeOff` where it ends too soon."""
        speed, done = Speed(), part.size
        with part.path.open("ab") as out:
            while done < total:
                speed.arrived(self.clock(), done)
                progress.report(done / total, f"{part.name}, {speed.said(done, total)}")
                try:
                    data = reply.read(min(_CHUNK, total - done))
                except BROKEN as error:
                    raise BrokeOff from error
                if not data:
                    raise BrokeOff
                out.write(data)
                done += len(data)
            out.flush()
            os.fsync(out.fileno())

    def _check(self, order: Order, part: PartFile, progress: Progress) -> Fetched:
        """Give a part its name if it is what was ordered; raises `WrongWeights`."""
        name, stamp, size = part.name, part.stamp, part.size
        if order.bytes is not None and size != order.bytes:
            raise WrongWeights(f"{name} came with {size} bytes instead of {order.bytes}")
        if fault := header_fault(part.path, suffix=order.target.suffix):
            raise WrongWeights(f"{name} came damaged: {fault}")
        digest = checksum(part.path, progress, f"{name}, checking")
        if digest != (order.sha256 or stamp.sha256 or digest):
            raise WrongWeights(
                f"{name} came damaged or altered: its checksum differs",
                "Try again; if it stays so, the place it is fetched from has changed.",
            )
        part.finish()
        return Fetched(bytes=size, sha256=digest, url=stamp.url, commit=stamp.commit)

    def _make_room(self, folder: Path, needed: int) -> None:
        check_room(folder, needed, self.free)

    def _wait(self, seconds: float, part: PartFile, progress: Progress) -> None:
        """Wait, and stay ready to be cancelled."""
        end = self.clock() + seconds
        total = part.stamp.total
        share = part.size / total if total else 0.0
        while (left := end - self.clock()) > 0:
            progress.report(min(share, 1.0), f"{part.name}, waiting {max(1, round(left))} s")
            self.sleep(min(left, 0.2))


def check_room(folder: Path, needed: int, free: Callable[[Path], int] = _free) -> None:
    """Raise `NoSpace` unless `folder`'s disk takes so many bytes and keeps a reserve."""
    have = free(folder)
    if have < needed + RESERVE:
        raise NoSpace(
            f"The disk of {folder} has {have / 1e9:.1f} GB free,"
            f" and {(needed + RESERVE) / 1e9:.1f} GB are needed"
        )


def checksum(path: Path, progress: Progress, stage: str) -> str:
    """sha256 of a large file, as 64 hexadecimal digits, with progress."""
    total, done, digest = max(path.stat().st_size, 1), 0, hashlib.sha256()
    with path.open("rb") as file:
        while data := file.read(8 * _CHUNK):
            digest.update(data)
            done += len(data)
            progress.report(done / total, stage)
    return digest.hexdigest()


def _expected(order: Order, stamp: Stamp) -> int:
    """Bytes of the whole file; raises `OtherSize`, and `WrongWeights` where nobody says."""
    _check_size(order, stamp.total)
    total = order.bytes or stamp.total
    if total is None:
        raise WrongWeights(f"The server does not say how long {order.target.name} is")
    return total


def _check_size(order: Order, there: int | None) -> None:
    """Raises `OtherSize` if a server says it has another number of bytes than was ordered."""
    if order.bytes is not None and there not in (None, order.bytes):
        raise OtherSize(f"{order.target.name} has {there} bytes there instead of {order.bytes}")


def _broke_off(source: Source, error: Exception) -> NoNetwork:
    if isinstance(error, NoNetwork):
        return error
    host = source.url.split("/")[2].split(":")[0]
    return NoNetwork(f"The connection to {host} breaks off again and again")


def _rank(error: Exception) -> int:
    kinds = [place for place, kind in enumerate(_TELLING) if isinstance(error, kind)]
    return kinds[0] if kinds else len(_TELLING)


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Errors of the disk, while `folder` is filled, as `NoSpace` and `NoPlace`."""
    try:
        yield
    except (BlockingIOError, BrokenPipeError):
        raise  # of a lock, and of whoever reads our progress
    except OSError as error:
        if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
            raise NoSpace(f"The disk of {folder} is full") from error
        raise NoPlace(f"{folder} cannot be written: {error.strerror or error}") from error
