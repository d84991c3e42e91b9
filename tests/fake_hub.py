"""A hub on this computer that can be told to misbehave."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def safetensors_bytes(size: int, seed: int = 0) -> bytes:
    """A file of `size` data bytes that any reader of the format accepts."""
    head = json.dumps({"w": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}).encode()
    data = bytes((seed + 7 * i) % 251 for i in range(size))
    return len(head).to_bytes(8, "little") + head + data


@dataclass
class Shelf:
    """One file of the hub, and how it is served."""

    data: bytes
    etag: str = '"v1"'
    ranges: bool = True
    """Whether it honours `Range`."""
    if_range: bool = True
    """Whether it honours `If-Range`."""
    breaks_after: list[int] = field(default_factory=list)
    """For the next answers in turn: bytes after which the connection ends."""
    refusals: list[tuple[int, str]] = field(default_factory=list)
    """For the next requests in turn: status, and `Retry-After` if not empty."""
    length: int | None = None
    """The Content-Length claimed, if it is a lie; -1 for none at all."""
    linked: bool = False
    """Whether it is reached by a redirection that declares size and checksum, as on the hub."""
    wants_token: str = ""
    content_type: str = "application/octet-stream"
    stall: bool = False
    """Whether it goes silent where it would break off, until the hub is closed."""
    shift: int = 0
    """Bytes by which a partial answer begins too late."""


@dataclass
class Asked:
    """One request that came in."""

    path: str
    start: int
    token: str
    validator: str
    status: int = 0


@dataclass
class FakeHub:
    """Files by path, and what was asked for."""

    address: str = ""
    shelves: dict[str, Shelf] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    elsewhere: str = ""
    """Another address of this computer, to which redirections go."""

    def put(self, path: str, shelf: Shelf) -> str:
        """Serve a file; gives its address."""
        self.shelves["/" + path] = shelf
        return f"{self.address}/{path}"

    @property
    def starts(self) -> list[int]:
        """The bytes from which files were asked for, redirections left out."""
        return [one.start for one in self.asked if one.status not in (302,)]

    @property
    def statuses(self) -> list[int]:
        return [one.status for one in self.asked]


class _Handler(BaseHTTPRequestHandler):
    hub: FakeHub
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.close_connection = True
        wanted = self.headers.get("Range", "")
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        asked = Asked(self.path, start, token, self.headers.get("If-Range", ""))
        self.hub.asked.append(asked)
        shelf = self.hub.shelves.get(self.path.removeprefix("/cdn"))
        if shelf is None:
            self._refuse(asked, 404)
        elif shelf.refusals:
            self._refuse(asked, *shelf.refusals.pop(0))
        elif shelf.wants_token and not self._on_cdn() and token != shelf.wants_token:
            self._refuse(asked, 401 if not token else 403)
        elif shelf.linked and not self._on_cdn():
            self._send_on(asked, shelf)
        else:
            self._serve(asked, shelf)

    def _on_cdn(self) -> bool:
        return self.path.startswith("/cdn/")

    def _send_on(self, asked: Asked, shelf: Shelf) -> None:
        asked.status = 302
        self.send_response(302)
        self.send_header("Location", f"{self.hub.elsewhere}/cdn{self.path}")
        self.send_header("X-Linked-Etag", f'"{hashlib.sha256(shelf.data).hexdigest()}"')
        self.send_header("X-Linked-Size", str(len(shelf.data)))
        self.send_header("X-Repo-Commit", "c0ffee")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _refuse(self, asked: Asked, status: int, retry_after: str = "") -> None:
        asked.status = status
        self.send_response(status)
        if retry_after:
            self.send_header("Retry-After", retry_after)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _serve(self, asked: Asked, shelf: Shelf) -> None:
        start, size = asked.start, len(shelf.data)
        fresh = shelf.if_range and asked.validator not in ("", shelf.etag)
        if not shelf.ranges or fresh:
            start = 0
        if start and start >= size:
            asked.status = 416
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{size}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        asked.status = 206 if start else 200
        self.send_response(asked.status)
        body = shelf.data[start:]
        if start:
            first = start + shelf.shift
            self.send_header("Content-Range", f"bytes {first}-{size - 1}/{size}")
        if shelf.length != -1:
            claimed = len(body) if shelf.length is None else shelf.length - start
            self.send_header("Content-Length", str(claimed))
        if shelf.etag:
            self.send_header("ETag", shelf.etag)
        self.send_header("Content-Type", shelf.content_type)
        self.end_headers()
        if shelf.breaks_after:
            body = body[: shelf.breaks_after.pop(0)]
        self.wfile.write(body)
        if shelf.stall:
            self.wfile.flush()
            self.hub.closing.wait(30)

    def log_message(self, format: str, *args: object) -> None:
        return


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news: that is what is tested."""


@contextmanager
def fake_hub() -> Iterator[FakeHub]:
    """A hub that serves until the block ends; `localhost` is the other host it redirects to."""
    hub = FakeHub()
    handler = type("Handler", (_Handler,), {"hub": hub})
    with _Server(("127.0.0.1", 0), handler) as server:
        port = server.server_address[1]
        hub.address = f"http://127.0.0.1:{port}"
        hub.elsewhere = f"http://localhost:{port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield hub
        finally:
            hub.closing.set()
            server.shutdown()
            thread.join()
