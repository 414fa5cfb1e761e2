"""Both ways to take datagrams in say the same of them."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from media.transport import inbox as module
from media.transport.inbox import SLOT_LENGTH, SLOTS, ByMany, BySingles, Inbox, best_inbox

HOSTS = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}


class Town:
    """A socket to receive at, and others to send from."""

    def __init__(self, inbox: Inbox, family: int) -> None:
        self.inbox = inbox
        self.family = family
        self.here = self.opened()
        self.here.setblocking(False)

    def opened(self) -> socket.socket:
        made = socket.socket(self.family, socket.SOCK_DGRAM)
        made.bind((HOSTS[self.family], 0))
        return made

    def received(self) -> list[tuple[bytes, Any]]:
        found = self.inbox.receive(self.here)
        return [
            (
                bytes(self.inbox.packets[n].buffer[: self.inbox.lengths[n]]),
                self.inbox.source(n),
            )
            for n in range(found)
        ]


@pytest.fixture(params=[socket.AF_INET, socket.AF_INET6], ids=["IPv4", "IPv6"])
def family(request: pytest.FixtureRequest) -> int:
    found: int = request.param
    return found


@pytest.fixture(params=[ByMany, BySingles])
def town(request: pytest.FixtureRequest, family: int) -> Iterator[Town]:
    made = Town(request.param(), family)
    yield made
    made.here.close()


class Kernel:
    """Refuses to take many, with this error."""

    def __init__(self, code: int) -> None:
        self.code = code

    def recvmmsg(self, *_: Any) -> int:
        module._system.errno = self.code
        return -1


def test_this_machine_takes_many_at_a_time() -> None:
    assert isinstance(best_inbox(), ByMany)


def test_elsewhere_they_come_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert isinstance(best_inbox(), BySingles)


@pytest.mark.parametrize("kernel", [Kernel(errno.ENOSYS), Kernel(errno.EPERM), object()])
def test_where_the_call_is_not_to_be_had_they_come_one_by_one(
    kernel: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_libc", kernel)
    assert isinstance(best_inbox(), BySingles)


@pytest.mark.parametrize("make", [ByMany, BySingles])
def test_sockets_of_both_families_share_one(make: Callable[[], Inbox]) -> None:
    """A long name after a short one in the same slot is a long one."""
    shared = make()
    towns = [Town(shared, family) for family in HOSTS]
    for number, town in enumerate([*towns, *towns, *reversed(towns)]):
        with town.opened() as sender:
            sender.sendto(bytes([number]), town.here.getsockname())
            assert town.received() == [(bytes([number]), sender.getsockname())]
    for town in towns:
        town.here.close()


def test_an_error_does_not_take_what_came_before_it() -> None:
    class Failing:
        left = 2

        def recvfrom_into(self, buffer: bytearray) -> tuple[int, Any]:
            if not self.left:
                raise OSError(errno.ECONNREFUSED, "refused")
            self.left -= 1
            buffer[:1] = b"!"
            return 1, ("127.0.0.1", self.left)

    received, failing = BySingles(), Failing()
    sock: Any = failing
    assert received.receive(sock) == 2
    assert [received.source(n) for n in range(2)] == [("127.0.0.1", 1), ("127.0.0.1", 0)]
    with pytest.raises(OSError, match="refused"):
        received.receive(sock)


def test_each_datagram_has_its_bytes_and_its_source(town: Town) -> None:
    assert town.received() == []
    with town.opened() as one, town.opened() as other:
        for number, sender in enumerate([one, other, one, one]):
            sender.sendto(bytes([number]) * (number * 400), town.here.getsockname())
        assert town.received() == [
            (b"", one.getsockname()),
            (b"\1" * 400, other.getsockname()),
            (b"\2" * 800, one.getsockname()),
            (b"\3" * 1200, one.getsockname()),
        ]
    assert town.received() == []


def test_sources_are_what_python_makes_of_them(town: Town) -> None:
    with town.opened() as sender:
        for _ in range(2):
            sender.sendto(b"?", town.here.getsockname())
        _, said = town.here.recvfrom(10)
        assert [source for _, source in town.received()] == [said]


def test_more_than_there_is_room_for_waits(town: Town) -> None:
    with town.opened() as sender:
        for number in range(SLOTS + 3):
            sender.sendto(bytes([number]), town.here.getsockname())
        assert [data[0] for data, _ in town.received()] == [*range(SLOTS)]
        assert [data[0] for data, _ in town.received()] == [SLOTS, SLOTS + 1, SLOTS + 2]


def test_one_that_is_too_long_shows_as_such(town: Town) -> None:
    with town.opened() as sender:
        sender.sendto(bytes(9000), town.here.getsockname())
        sender.sendto(b"next", town.here.getsockname())
        first, second = town.received()
    assert len(first[0]) == SLOT_LENGTH
    assert second[0] == b"next"


def test_a_closed_socket_is_an_error(town: Town) -> None:
    town.here.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        town.inbox.receive(town.here)


def test_an_interrupted_call_brings_nothing(family: int, monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town(ByMany(), family)
    monkeypatch.setattr(module, "_libc", Kernel(errno.EINTR))
    assert town.received() == []
    town.here.close()


def test_addresses_are_not_remembered_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_SOURCES", 2)
    received = ByMany()
    town = Town(received, socket.AF_INET)
    senders = [town.opened() for _ in range(5)]
    for sender in senders:
        sender.sendto(b"!", town.here.getsockname())
    assert [source for _, source in town.received()] == [each.getsockname() for each in senders]
    assert 0 < len(received._known) <= 2
    for each in (*senders, town.here):
        each.close()
