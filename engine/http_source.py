"""Asking a server for a file, or for the rest of one, and what its answers mean.

The standard library alone: it honours `http_proxy`, `https_proxy` and `no_proxy`, trusts what the
system trusts, and its connections are seen by `network_watch`.
"""

from __future__ import annotations

import email.utils
import http.client
import importlib
import re
import ssl
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPMessage
from importlib.util import find_spec
from types import TracebackType
from typing import IO, Self
from urllib.parse import urlsplit

from engine.errors import DownloadFailed, GatedWeights, NoNetwork, ServerBusy, WeightsGone

BROKEN = (http.client.HTTPException, OSError)
"""What a connection raises that ends before its time."""

_LOCAL = ("127.0.0.1", "::1", "localhost")
_AGENT = "restorer"


class Busy(Exception):
    """The server asks to come back, after `seconds` if it says so."""

    def __init__(self, status: int, seconds: float | None) -> None:
        super().__init__(f"busy ({status})")
        self.seconds = seconds


class NothingLeft(Exception):
    """There is nothing after the byte asked for; `total` is the file's size if the server said."""

    def __init__(self, total: int | None) -> None:
        super().__init__("nothing left")
        self.total = total


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a server says of the version of a file it sends."""

    url: str
    total: int | None = None
    """Bytes of the whole file."""
    etag: str = ""
    modified: str = ""
    sha256: str = ""
    """As the hub declares it for large files; empty elsewhere."""
    commit: str = ""

    @property
    def validator(self) -> str:
        """For `If-Range`: a strong entity tag, else the date (RFC 9110, 13.1.5); may be empty."""
        strong = self.etag if self.etag.startswith('"') else ""
        return strong or self.modified


@dataclass(slots=True)
class Reply:
    """An answer whose body is still to be read; a context manager that ends the connection."""

    stamp: Stamp
    start: int
    """The byte with which the body begins."""
    body: http.client.HTTPResponse

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.body.close()

    def read(self, most: int) -> bytes:
        """Whatever has arrived, at most so many bytes; empty at the end."""
        return self.body.read1(most)


def ask(
    url: str, *, start: int = 0, validator: str = "", token: str = "", timeout: float = 30.0
) -> Reply:
    """Ask for a file from the byte `start` on; a server that cannot do that sends it whole.

    `token` goes to the server of `url` alone, never to one it sends us on to, and never without
    encryption. Raises `GatedWeights`, `WeightsGone`, `NoNetwork`, `DownloadFailed`; `Busy` and
    `NothingLeft` are for the caller.
    """
    request = urllib.request.Request(url)
    request.add_header("User-Agent", _AGENT)
    request.add_header("Accept-Encoding", "identity")
    if start:
        request.add_header("Range", f"bytes={start}-")
        if validator:
            request.add_header("If-Range", validator)
    if token and _may_carry_token(url):
        request.add_header("Authorization", f"Bearer {token}")
    hops = Hops()
    try:
        body = urllib.request.build_opener(hops, *_trusting(url)).open(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(error, url) from error
    except BROKEN as error:
        raise _no_answer(error, url) from error
    return _reply(url, body, hops)


def _trusting(url: str) -> list[urllib.request.HTTPSHandler]:
    """Knows whom to trust: the system's list; where Python finds none (a bundle on another Linux
    than it was made on), that of the package `certifi`, if it is here."""
    if urlsplit(url).scheme != "https":
        return []
    context = ssl.create_default_context()
    known = context.get_ca_certs() or any(ssl.get_default_verify_paths()[:2])
    if not known and find_spec("certifi") is not None:
        context.load_verify_locations(importlib.import_module("certifi").where())
    return [urllib.request.HTTPSHandler(context=context)]


class Hops(urllib.request.HTTPRedirectHandler):
    """Follows redirections, hears what the hub says on the way, keeps the token to itself."""

    def __init__(self) -> None:
        self.said: dict[str, str] = {}

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        self.said.update(_declared(headers))
        if urlsplit(req.full_url).scheme == "https" and urlsplit(newurl).scheme != "https":
            raise urllib.error.URLError("it sends us on to a place without encryption")
        onward = super().redirect_request(req, fp, code, msg, headers, newurl)
        if onward is not None and urlsplit(newurl).netloc != urlsplit(req.full_url).netloc:
            onward.remove_header("Authorization")
        return onward


def _declared(headers: HTTPMessage) -> dict[str, str]:
    """What the hub declares about a large file beside the usual headers."""
    said = {}
    tag = headers.get("X-Linked-Etag", "").strip('"')
    if re.fullmatch("[0-9a-f]{64}", tag):
        said["sha256"] = tag
    for field, name in (("total", "X-Linked-Size"), ("commit", "X-Repo-Commit")):
        if headers.get(name):
            said[field] = headers[name]
    return said


def _reply(url: str, body: http.client.HTTPResponse, hops: Hops) -> Reply:
    headers = body.headers
    said = {**hops.said, **_declared(headers)}
    start, total = 0, _number(headers.get("Content-Length"))
    if body.status == 206:
        found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", headers.get("Content-Range", "").strip())
        start = int(found[1]) if found else -1
        total = _number(found[2]) if found else None
    linked = _number(said.get("total"))
    stamp = Stamp(
        url=url,
        total=total if linked is None else linked,
        etag=headers.get("ETag", ""),
        modified=headers.get("Last-Modified", ""),
        sha256=said.get("sha256", ""),
        commit=said.get("commit", ""),
    )
    if headers.get_content_type() == "text/html":
        body.close()
        raise NoNetwork(
            f"Instead of the file, {_host(url)} answers with a web page",
            "Perhaps the network wants you to sign in first: open any page in a browser.",
        )
    return Reply(stamp, start, body)


def _refusal(error: urllib.error.HTTPError, url: str) -> Exception:
    """What an answer other than the file means."""
    status, host = error.code, _host(url)
    name = urlsplit(url).path.rsplit("/", 1)[-1]
    if status in (401, 403):
        return GatedWeights(f"{host} does not give {name} to everyone ({status})")
    if status in (404, 410):
        return WeightsGone(f"{name} is no longer at {host} ({status})")
    if status == 407:
        return NoNetwork("The proxy wants a name and a password", "Put them into https_proxy.")
    if status == 416:
        found = re.search(r"/(\d+)$", error.headers.get("Content-Range", ""))
        return NothingLeft(int(found[1]) if found else None)
    if status in (408, 425, 429) or status >= 500:
        return Busy(status, _seconds(error.headers.get("Retry-After", "")))
    return DownloadFailed(f"{host} refuses {name} ({status})")


def _no_answer(error: Exception, url: str) -> NoNetwork:
    reason = getattr(error, "reason", error)
    host = _host(url)
    if isinstance(reason, ssl.SSLCertVerificationError):
        return NoNetwork(
            f"{host} cannot prove who it is",
            "Check the clock. Behind a company's proxy, let SSL_CERT_FILE name its certificate.",
        )
    if isinstance(reason, TimeoutError):
        return NoNetwork(f"{host} does not answer in time")
    return NoNetwork(f"{host} cannot be reached: {_words(reason)}")


def server_busy(url: str, seconds: float | None) -> ServerBusy:
    """The error for a server that stays busy."""
    if seconds is None:
        return ServerBusy(f"{_host(url)} is too busy to send the file")
    minutes = max(1, round(seconds / 60))
    return ServerBusy(
        f"{_host(url)} gives no more files for the moment",
        f"Try again in {minutes} min; the same command goes on where it stopped.",
    )


def _words(reason: object) -> str:
    text = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return str(text).rstrip(".")


def _host(url: str) -> str:
    return urlsplit(url).hostname or "the server"


def _may_carry_token(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in _LOCAL


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() else None


def _seconds(text: str) -> float | None:
    """`Retry-After`: seconds, or a date."""
    if text.isdecimal():
        return float(text)
    try:
        then = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return max(0.0, then.timestamp() - time.time())
