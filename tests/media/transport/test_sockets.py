"""One port, many addresses: answers leave by the address that the question came to."""

from __future__ import annotations

import errno
import socket
from collections.abc import Awaitable, Callable

import pytest

from media.transport.counters import Counters
from media.transport.datagrams import Address, Sender
from media.transport.sockets import GLANCE_EVERY, UdpSockets
from media.transport.srtp import PinnedBuffer

WaitFor = Callable[..., Awaitable[None]]


class Echo:
    """Answers whatever comes, by where it came."""

    def __init__(self) -> None:
        self.sources: list[Address] = []
        self.now = 0.0
        self.sockets = UdpSockets(self.receive, Counters(), lambda: self.now)

    def receive(
        self, packet: PinnedBuffer, length: int, source: Address, now: float, via: Sender
    ) -> None:
        self.sources.append(source)
        via.send(bytes(packet.buffer[:length]), source)


def ask(family: int, host: str, port: int) -> socket.socket:
    """A connected socket takes datagrams from exactly the address that it asked."""
    asking = socket.socket(family, socket.SOCK_DGRAM)
    asking.setblocking(False)
    asking.connect((host, port))
    asking.send(b"hello")
    return asking


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "127.7.7.7"])
async def test_each_address_answers_for_itself(host: str, wait_for: WaitFor) -> None:
    echo = Echo()
    echo.sockets.open("0.0.0.0", 0)
    echo.sockets.sit_on(["127.0.0.1", "127.0.0.2", "127.7.7.7"])
    with ask(socket.AF_INET, host, echo.sockets.main.port) as asking:
        await wait_for(lambda: echo.sources)
        assert asking.recv(100) == b"hello"
    echo.sockets.close()


async def test_an_address_without_a_socket_reaches_the_general_one(wait_for: WaitFor) -> None:
    echo = Echo()
    echo.sockets.open("0.0.0.0", 0)
    echo.sockets.sit_on(["127.0.0.2"])
    with ask(socket.AF_INET, "127.0.0.1", echo.sockets.main.port):
        await wait_for(lambda: echo.sources)
    echo.sockets.close()


async def test_both_families_share_a_port(wait_for: WaitFor) -> None:
    echo = Echo()
    echo.sockets.open("::", 0)
    port = echo.sockets.main.port
    with ask(socket.AF_INET6, "::1", port) as six, ask(socket.AF_INET, "127.0.0.1", port) as four:
        await wait_for(lambda: len(echo.sources) == 2)
        assert six.recv(100) == four.recv(100) == b"hello"
    echo.sockets.close()


async def test_addresses_come_and_go(wait_for: WaitFor) -> None:
    echo = Echo()
    echo.sockets.open("0.0.0.0", 0)
    for addresses in (["127.0.0.2", "127.0.0.3"], ["127.0.0.3"], [], ["127.0.0.2"]):
        echo.sockets.sit_on(addresses)
        assert sorted(echo.sockets._own) == addresses
    echo.sockets.sit_on(["203.0.113.9"])  # not ours
    assert echo.sockets._own == {}
    echo.sockets.close()


async def test_nobody_else_gets_the_port() -> None:
    echo = Echo()
    echo.sockets.open("0.0.0.0", 0)
    echo.sockets.sit_on(["127.0.0.1"])
    for host in ("127.0.0.1", "127.0.0.5", "0.0.0.0"):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as thief:
            thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with pytest.raises(OSError, match="in use") as refused:
                thief.bind((host, echo.sockets.main.port))
            assert refused.value.errno == errno.EADDRINUSE
    echo.sockets.close()


async def test_glances_leave_time_for_others() -> None:
    echo = Echo()
    echo.sockets.open("0.0.0.0", 0)
    with ask(socket.AF_INET, "127.0.0.1", echo.sockets.main.port) as asking:
        echo.sockets.glance()
        assert len(echo.sources) == 1
        asking.send(b"again")
        echo.now += GLANCE_EVERY * 0.9
        echo.sockets.glance()
        assert len(echo.sources) == 1
        echo.now += GLANCE_EVERY
        echo.sockets.glance()
        assert len(echo.sources) == 2
    echo.sockets.close()
