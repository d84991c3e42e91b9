import socket
import subprocess
import sys

from engine.network_watch import _is_here

COUNT = """
import socket
from engine import network_watch
network_watch.watch()
network_watch.watch()
{act}
print(network_watch.connections())
"""


def _counted(act: str) -> int:
    # a process of its own, for an audit hook can never be taken out again
    done = subprocess.run(
        [sys.executable, "-c", COUNT.format(act=act)], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def test_nothing_done_is_nothing_counted() -> None:
    assert _counted("") == 0


def test_connections_to_this_computer_are_not_counted() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert _counted(f"socket.create_connection(('127.0.0.1', {port})).close()") == 0


def test_a_connection_is_counted_even_if_it_fails() -> None:
    act = """
connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
connection.setblocking(False)
try:
    connection.connect(("192.0.2.1", 9))
except OSError:
    pass
connection.close()
"""
    assert _counted(act) == 1


def test_looking_up_a_name_is_counted() -> None:
    act = """
try:
    socket.getaddrinfo("restorer.invalid", 80)
except OSError:
    pass
"""
    assert _counted(act) == 1


def test_a_datagram_is_counted() -> None:
    act = """
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
    try:
        connection.sendto(b"x", ("192.0.2.1", 9))
    except OSError:
        pass
"""
    assert _counted(act) == 1


def test_only_this_computer_counts_as_this_computer() -> None:
    here = "localhost", "127.0.0.1", "::1", "::ffff:127.0.0.1", "", b"localhost", None
    there = (
        "localhost.example.org",
        "127.example.org",
        "192.0.2.1",
        "::ffff:192.0.2.1",
        "2001:db8::1",
    )
    assert all(_is_here(host) for host in here)
    assert not any(_is_here(host) for host in there)
