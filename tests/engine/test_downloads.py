from __future__ import annotations

import errno
import functools
import hashlib
import io
import os
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.client import HTTPMessage
from pathlib import Path

import pytest

from engine.downloads import Downloader, Fetched, Order, Source, check_room
from engine.errors import (
    DownloadFailed,
    GatedWeights,
    NoNetwork,
    NoPlace,
    NoSpace,
    RestorerError,
    ServerBusy,
    WeightsGone,
    WrongWeights,
)
from engine.folder_lock import folder_lock
from engine.http_source import Hops
from engine.progress import Cancelled, Silent
from engine.speed import Speed
from tests.fake_hub import FakeHub, Shelf, fake_hub, safetensors_bytes

DATA = safetensors_bytes(50_000)
SHA = hashlib.sha256(DATA).hexdigest()
NAME = "w.safetensors"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    with fake_hub() as found:
        yield found


class Clock:
    """Time that passes by waiting alone."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def __call__(self) -> float:
        return self.now


class StopsAt:
    """Cancels when it is told of a stage with this word."""

    def __init__(self, word: str) -> None:
        self.word = word

    def report(self, done: float, stage: str = "") -> None:
        if self.word in stage:
            raise Cancelled


class Listens:
    def __init__(self) -> None:
        self.heard: list[tuple[float, str]] = []

    def report(self, done: float, stage: str = "") -> None:
        self.heard.append((done, stage))


def downloader(token: str = "", clock: Clock | None = None) -> Downloader:
    clock = clock or Clock()
    return Downloader(token=lambda: token, sleep=clock.sleep, clock=clock, timeout=5.0)


def order(folder: Path, *urls: str, sha256: str | None = SHA, bytes: int | None = None) -> Order:
    sources = tuple(Source(url=url) for url in urls)
    return Order(target=folder / NAME, sources=sources, bytes=bytes, sha256=sha256)


def assert_whole(folder: Path, data: bytes = DATA) -> None:
    assert {path.name for path in folder.iterdir()} == {NAME}
    assert (folder / NAME).read_bytes() == data


def test_a_file_comes_with_its_size_and_checksum(hub: FakeHub, tmp_path: Path) -> None:
    url = hub.put("a", Shelf(DATA))
    heard = Listens()
    fetched = downloader().fetch(order(tmp_path / "new", url, sha256=None), heard)
    assert fetched == Fetched(bytes=len(DATA), sha256=SHA, url=url)
    assert_whole(tmp_path / "new")
    shares = [done for done, _ in heard.heard]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert heard.heard[0][1].startswith(f"{NAME}, 0.0 of 0.1 MB")


def test_a_broken_connection_is_gone_on_with(hub: FakeHub, tmp_path: Path) -> None:
    url = hub.put("a", Shelf(DATA, breaks_after=[20_000, 10_000]))
    downloader().fetch(order(tmp_path, url, sha256=None), Silent())
    assert_whole(tmp_path)
    assert hub.starts == [0, 20_000, 30_000]
    assert hub.asked[1].validator == '"v1"'


def test_a_cancelled_download_goes_on_where_it_stopped(hub: FakeHub, tmp_path: Path) -> None:
    url = hub.put("a", Shelf(DATA, breaks_after=[20_000]))
    with pytest.raises(Cancelled):
        downloader().fetch(order(tmp_path, url), StopsAt("waiting"))
    assert {path.name for path in tmp_path.iterdir()} == {f"{NAME}.part", f"{NAME}.part.json"}
    held = (tmp_path / f"{NAME}.part").stat().st_size
    assert held > 0
    downloader().fetch(order(tmp_path, url), Silent())
    assert_whole(tmp_path)
    assert hub.starts[-1] == held


def test_a_server_without_ranges_begins_again(hub: FakeHub, tmp_path: Path) -> None:
    url = hub.put("a", Shelf(DATA, ranges=False, breaks_after=[20_000]))
    downloader().fetch(order(tmp_path, url), Silent())
    assert_whole(tmp_path)
    assert hub.statuses == [200, 200]


def test_a_file_that_changed_meanwhile_begins_again(hub: FakeHub, tmp_path: Path) -> None:
    other = safetensors_bytes(60_000, seed=3)
    url = hub.put("a", Shelf(other, etag='"v0"', breaks_after=[20_000]))
    with pytest.raises(Cancelled):
        downloader().fetch(order(tmp_path, url, sha256=None), StopsAt("waiting"))
    hub.put("a", Shelf(DATA))
    downloader().fetch(order(tmp_path, url, sha256=None), Silent())
    assert_whole(tmp_path)


def test_a_change_that_the_server_hides_is_found_by_the_checksum(
    hub: FakeHub, tmp_path: Path
) -> None:
    other = safetensors_bytes(50_000, seed=3)
    url = hub.put("a", Shelf(other, etag="", breaks_after=[20_000]))
    with pytest.raises(Cancelled):
        downloader().fetch(order(tmp_path, url), StopsAt("waiting"))
    hub.put("a", Shelf(DATA, etag=""))
    downloader().fetch(order(tmp_path, url), Silent())
    assert_whole(tmp_path)
    assert hub.starts[-2:] == [20_000, 0]


def test_without_etag_and_checksum_nothing_is_pieced_together(hub: FakeHub, tmp_path: Path) -> None:
    url = hub.put("a", Shelf(DATA, etag="", breaks_after=[20_000]))
    downloader().fetch(order(tmp_path, url, sha256=None), Silent())
    assert_whole(tmp_path)
    assert hub.starts == [0, 0]


def test_a_weak_etag_is_not_relied_on(hub: FakeHub, tmp_path: Path) -> None:
    url = hub.put("a", Shelf(DATA, etag='W/"v1"', breaks_after=[20_000]))
    downloader().fetch(order(tmp_path, url, sha256=None), Silent())
    assert hub.starts == [0, 0]


def test_a_piece_from_the_wrong_byte_is_not_taken(hub: FakeHub, tmp_path: Path) -> None:
    url = hub.put("a", Shelf(DATA, breaks_after=[20_000], shift=5))
    downloader().fetch(order(tmp_path, url), Silent())
    assert_whole(tmp_path)
    assert hub.starts == [0, 20_000, 0]


def test_a_part_that_is_whole_needs_no_request(hub: FakeHub, tmp_path: Path) -> None:
    url = hub.put("a", Shelf(DATA))
    with pytest.raises(Cancelled):
        downloader().fetch(order(tmp_path, url), StopsAt("checking"))
    assert (tmp_path / f"{NAME}.part").stat().st_size == len(DATA)
    asked = len(hub.asked)
    downloader().fetch(order(tmp_path, url), Silent())
    assert_whole(tmp_path)
    assert len(hub.asked) == asked


@pytest.mark.parametrize("length", [len(DATA) + 1000, len(DATA) - 1000, -1])
def test_a_server_that_lies_about_the_size_leaves_no_file(
    hub: FakeHub, tmp_path: Path, length: int
) -> None:
    url = hub.put("a", Shelf(DATA, length=length))
    with pytest.raises((WrongWeights, NoNetwork)):
        downloader().fetch(order(tmp_path, url, sha256=None), Silent())
    assert not (tmp_path / NAME).exists()


def test_another_size_than_the_catalogue_says_is_refused(hub: FakeHub, tmp_path: Path) -> None:
    url = hub.put("a", Shelf(DATA))
    with pytest.raises(WrongWeights, match="instead of 17"):
        downloader().fetch(order(tmp_path, url, sha256=None, bytes=17), Silent())
    assert list(tmp_path.iterdir()) == []


def test_corrupt_bytes_leave_no_file(hub: FakeHub, tmp_path: Path) -> None:
    corrupt = bytearray(DATA)
    corrupt[30_000] ^= 1
    url = hub.put("a", Shelf(bytes(corrupt)))
    with pytest.raises(WrongWeights, match="checksum differs"):
        downloader().fetch(order(tmp_path, url), Silent())
    assert list(tmp_path.iterdir()) == []


def test_a_corrupt_mirror_is_passed_over(hub: FakeHub, tmp_path: Path) -> None:
    bad = hub.put("bad", Shelf(DATA[:-1] + b"\0"))
    gone = f"{hub.address}/nowhere"
    good = hub.put("good", Shelf(DATA))
    assert downloader().fetch(order(tmp_path, bad, gone, good), Silent()).url == good
    assert_whole(tmp_path)


def test_another_mirror_goes_on_with_the_part_if_the_checksum_is_known(
    hub: FakeHub, tmp_path: Path
) -> None:
    refusals = [(404, "")]
    first = hub.put("first", Shelf(DATA, breaks_after=[20_000]))
    with pytest.raises(Cancelled):
        downloader().fetch(order(tmp_path, first), StopsAt("waiting"))
    hub.put("first", Shelf(DATA, refusals=refusals))
    second = hub.put("second", Shelf(DATA, etag='"other"'))
    downloader().fetch(order(tmp_path, first, second), Silent())
    assert_whole(tmp_path)
    assert (hub.asked[-1].path, hub.asked[-1].start) == ("/second", 20_000)


@pytest.mark.parametrize("other", [safetensors_bytes(60_000), safetensors_bytes(10_000)])
def test_a_mirror_with_a_file_of_another_size_leaves_the_part_alone(
    hub: FakeHub, tmp_path: Path, other: bytes
) -> None:
    good = hub.put("good", Shelf(DATA, breaks_after=[20_000]))
    with pytest.raises(Cancelled):
        downloader().fetch(order(tmp_path, good, bytes=len(DATA)), StopsAt("waiting"))
    changed = hub.put("changed", Shelf(other, etag='"v2"'))
    with pytest.raises(WrongWeights, match="instead of"):
        downloader().fetch(order(tmp_path, changed, bytes=len(DATA)), Silent())
    downloader().fetch(order(tmp_path, changed, good, bytes=len(DATA)), Silent())
    assert_whole(tmp_path)
    assert (hub.asked[-1].path, hub.asked[-1].start) == ("/good", 20_000)


def test_what_the_hub_declares_is_checked(hub: FakeHub, tmp_path: Path) -> None:
    url = hub.put("a", Shelf(DATA, linked=True))
    fetched = downloader().fetch(order(tmp_path, url, sha256=None), Silent())
    assert (fetched.sha256, fetched.commit) == (SHA, "c0ffee")
    short = hub.put("short", Shelf(DATA, linked=True, length=len(DATA) - 1))
    with pytest.raises(NoNetwork):
        downloader().fetch(order(tmp_path / "b", short, sha256=None), Silent())


def test_the_token_is_shown_when_asked_for_and_to_no_other_host(
    hub: FakeHub, tmp_path: Path
) -> None:
    url = hub.put("a", Shelf(DATA, linked=True, wants_token="secret"))
    downloader("secret").fetch(order(tmp_path, url), Silent())
    assert_whole(tmp_path)
    assert [(one.token, one.status) for one in hub.asked] == [("", 401), ("secret", 302), ("", 200)]


def test_a_gated_source_gets_the_token_at_once(hub: FakeHub, tmp_path: Path) -> None:
    url = hub.put("a", Shelf(DATA, wants_token="secret"))
    wanted = order(tmp_path, url)
    wanted = replace(wanted, sources=(Source(url=url, gated=True),))
    downloader("secret").fetch(wanted, Silent())
    assert hub.statuses == [200]


@pytest.mark.parametrize("token", ["", "wrong"])
def test_gated_weights_say_what_to_do(hub: FakeHub, tmp_path: Path, token: str) -> None:
    url = hub.put("a", Shelf(DATA, wants_token="secret"))
    with pytest.raises(GatedWeights, match="does not give") as caught:
        downloader(token).fetch(order(tmp_path, url), Silent())
    assert "HF_TOKEN" in caught.value.remedy


@pytest.mark.parametrize(
    ("status", "kind"),
    [(403, GatedWeights), (404, WeightsGone), (410, WeightsGone), (400, DownloadFailed)],
)
def test_refusals_have_their_error(
    hub: FakeHub, tmp_path: Path, status: int, kind: type[RestorerError]
) -> None:
    url = hub.put("a", Shelf(DATA, refusals=[(status, "")]))
    with pytest.raises(kind, match=str(status)):
        downloader().fetch(order(tmp_path, url), Silent())
    assert len(hub.asked) == 1


def test_a_busy_server_is_waited_for_as_long_as_it_says(hub: FakeHub, tmp_path: Path) -> None:
    clock = Clock()
    url = hub.put("a", Shelf(DATA, refusals=[(429, "30"), (503, "")]))
    downloader(clock=clock).fetch(order(tmp_path, url), Silent())
    assert_whole(tmp_path)
    assert clock.now == pytest.approx(32.0)


def test_a_long_wait_is_left_to_the_user(hub: FakeHub, tmp_path: Path) -> None:
    url = hub.put("a", Shelf(DATA, refusals=[(429, "3600")]))
    with pytest.raises(ServerBusy) as caught:
        downloader().fetch(order(tmp_path, url), Silent())
    assert "60 min" in caught.value.remedy
    assert len(hub.asked) == 1


def test_a_date_to_come_back_at_is_understood(hub: FakeHub, tmp_path: Path) -> None:
    url = hub.put("a", Shelf(DATA, refusals=[(429, "Fri, 31 Dec 2100 23:59:59 GMT")]))
    with pytest.raises(ServerBusy):
        downloader().fetch(order(tmp_path, url), Silent())


def test_a_server_that_stays_busy_is_given_up(hub: FakeHub, tmp_path: Path) -> None:
    url = hub.put("a", Shelf(DATA, refusals=[(500, "")] * 9))
    with pytest.raises(ServerBusy, match="too busy"):
        downloader().fetch(order(tmp_path, url), Silent())
    assert len(hub.asked) == 5


def test_waiting_can_be_cancelled(hub: FakeHub, tmp_path: Path) -> None:
    url = hub.put("a", Shelf(DATA, refusals=[(429, "100")]))
    with pytest.raises(Cancelled):
        downloader().fetch(order(tmp_path, url), StopsAt("waiting 99 s"))


def test_a_server_that_forever_begins_anew_is_given_up(hub: FakeHub, tmp_path: Path) -> None:
    url = hub.put("a", Shelf(DATA, breaks_after=[20_000] * 99, shift=5))
    with pytest.raises(NoNetwork, match="again and again"):
        downloader().fetch(order(tmp_path, url), Silent())
    assert len(hub.asked) < 15


def test_a_connection_that_never_brings_anything_is_given_up(hub: FakeHub, tmp_path: Path) -> None:
    url = hub.put("a", Shelf(DATA, breaks_after=[20_000, *[0] * 9]))
    with pytest.raises(NoNetwork, match="breaks off again and again"):
        downloader().fetch(order(tmp_path, url), Silent())
    assert (tmp_path / f"{NAME}.part").stat().st_size == 20_000


def test_nobody_is_followed_out_of_encryption() -> None:
    here = urllib.request.Request("https://hub.test/a", headers={"Authorization": "Bearer x"})
    hop = functools.partial(Hops().redirect_request, here, io.BytesIO(), 302, "", HTTPMessage())
    with pytest.raises(urllib.error.URLError, match="without encryption"):
        hop("http://hub.test/a")
    onward, elsewhere = hop("https://hub.test/b"), hop("https://cdn.test/b")
    assert onward is not None
    assert elsewhere is not None
    assert onward.has_header("Authorization")
    assert not elsewhere.has_header("Authorization")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (ssl.SSLCertVerificationError("self-signed"), "cannot prove who it is"),
        (TimeoutError(), "does not answer in time"),
        (OSError(-2, "Name or service not known"), "cannot be reached: Name or service not known"),
    ],
)
def test_every_way_of_not_answering_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reason: OSError, said: str
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise urllib.error.URLError(reason)

    monkeypatch.setattr(urllib.request.OpenerDirector, "open", fail)
    with pytest.raises(NoNetwork, match=said):
        downloader("secret").fetch(order(tmp_path, "https://hub.test/a"), Silent())


def test_nobody_there_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    with fake_hub() as hub:
        address = hub.address
    with pytest.raises(NoNetwork, match=r"127\.0\.0\.1 cannot be reached: Connection refused"):
        downloader().fetch(order(tmp_path, f"{address}/a"), Silent())


def test_a_sign_in_page_is_not_taken_for_weights(hub: FakeHub, tmp_path: Path) -> None:
    url = hub.put("a", Shelf(b"<html>Welcome!</html>", content_type="text/html; charset=utf-8"))
    with pytest.raises(NoNetwork, match="a web page"):
        downloader().fetch(order(tmp_path, url, sha256=None), Silent())
    assert not (tmp_path / NAME).exists()


def test_a_proxy_of_the_environment_is_used(
    hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.shelves["http://hub.invalid/a"] = Shelf(DATA)
    monkeypatch.setenv("http_proxy", hub.address)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    downloader().fetch(order(tmp_path, "http://hub.invalid/a"), Silent())
    assert_whole(tmp_path)


def test_room_is_checked_before_the_first_byte(hub: FakeHub, tmp_path: Path) -> None:
    url = hub.put("a", Shelf(DATA))
    full = replace(downloader(), free=lambda folder: len(DATA))
    with pytest.raises(NoSpace, match="are needed"):
        full.fetch(order(tmp_path, url), Silent())
    assert not (tmp_path / f"{NAME}.part").exists()
    with pytest.raises(NoSpace):
        check_room(tmp_path, 10**18)


def fails_with(number: int) -> Callable[[Path], int]:
    def free(folder: Path) -> int:
        raise OSError(number, os.strerror(number))

    return free


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, NoSpace), (errno.EACCES, NoPlace), (errno.EROFS, NoPlace)]
)
def test_errors_of_the_disk_are_sentences(
    hub: FakeHub, tmp_path: Path, number: int, kind: type[RestorerError]
) -> None:
    url = hub.put("a", Shelf(DATA))
    broken = replace(downloader(), free=fails_with(number))
    with pytest.raises(kind):
        broken.fetch(order(tmp_path, url), Silent())


def test_a_place_that_is_a_file_is_a_sentence(hub: FakeHub, tmp_path: Path) -> None:
    url = hub.put("a", Shelf(DATA))
    (tmp_path / "file").touch()
    with pytest.raises(NoPlace):
        downloader().fetch(order(tmp_path / "file", url), Silent())


def test_a_folder_is_filled_by_one_at_a_time(tmp_path: Path) -> None:
    with folder_lock(tmp_path), pytest.raises(BlockingIOError), folder_lock(tmp_path):
        pass
    with folder_lock(tmp_path):
        pass


def test_speed_and_time_left_are_said() -> None:
    speed = Speed()
    assert speed.said(0, 6_780_000_000) == "0.0 of 6.8 GB"
    for second in range(11):
        speed.arrived(float(second), second * 11_000_000)
    assert speed.rate == 11_000_000
    assert speed.said(110_000_000, 6_780_000_000) == "0.1 of 6.8 GB, 11 MB/s, 10 min left"
    assert speed.said(100_000_000, 110_000_000) == "100.0 of 110.0 MB, 11 MB/s, 1 s left"


def test_downloads_are_counted_as_connections(tmp_path: Path) -> None:
    script = f"""
from pathlib import Path
from engine import network_watch
from engine.downloads import Downloader, Order, Source
from engine.errors import NoNetwork
from engine.progress import Silent
network_watch.watch()
wanted = Order(target=Path({str(tmp_path)!r}) / "a", sources=(Source(url="http://hub.invalid/a"),))
try:
    Downloader().fetch(wanted, Silent())
except NoNetwork:
    print(network_watch.connections())
"""
    names = ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")
    environment = {name: value for name, value in os.environ.items() if name not in names}
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment
    )
    assert int(found.stdout) >= 1
