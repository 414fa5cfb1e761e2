"""The socket: all that is readable is handed on, nothing raises, a flood leaves room for others."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from media.transport.counters import Counters, Drop
from media.transport.datagrams import MAX_DATAGRAM, Address, Sender
from media.transport.inbox import SLOTS, BySingles, Inbox, best_inbox
from media.transport.srtp import PinnedBuffer
from media.transport.udp import MAX_DRAIN, MUCH, PERIOD, STEADY, UdpSocket

WaitFor = Callable[..., Awaitable[None]]


class Receiver:
    """A handler that remembers, and a socket to feed it from."""

    def __init__(self, inbox: Inbox) -> None:
        self.counters = Counters()
        self.got: list[tuple[bytes, Address, float]] = []
        self.now = 7.0
        self.udp = UdpSocket(self.receive, self.counters, lambda: self.now, inbox)
        self.plain = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.on_receive: Callable[[], None] = lambda: None

    def receive(
        self, packet: PinnedBuffer, length: int, source: Address, now: float, via: Sender
    ) -> None:
        assert via is self.udp
        self.got.append((bytes(packet.buffer[:length]), source, now))
        self.on_receive()

    def open(self) -> None:
        self.udp.open("127.0.0.1", 0)
        self.plain.connect(("127.0.0.1", self.udp.port))


def rests(receiver: Receiver) -> bool:
    return receiver.udp._pause is not None and receiver.udp._pause.pending


@pytest.fixture(params=[best_inbox, BySingles], ids=["best", "singles"])
def receiver(request: pytest.FixtureRequest) -> Iterator[Receiver]:
    made = Receiver(request.param())
    yield made
    made.plain.close()


@pytest.fixture(autouse=True)
async def _closed(receiver: Receiver) -> Any:
    receiver.open()
    yield
    receiver.udp.close()


async def test_datagrams_arrive_with_source_and_time(receiver: Receiver, wait_for: WaitFor) -> None:
    receiver.plain.send(b"a" * MAX_DATAGRAM)
    receiver.plain.send(b"b")
    await wait_for(lambda: len(receiver.got) == 2)
    source = receiver.plain.getsockname()
    assert receiver.got == [(b"a" * MAX_DATAGRAM, source, 7.0), (b"b", source, 7.0)]
    assert receiver.counters.received_packets == 2
    assert receiver.counters.received_bytes == MAX_DATAGRAM + 1


async def test_empty_and_oversized_datagrams_go_no_further(
    receiver: Receiver, wait_for: WaitFor
) -> None:
    for length in (0, MAX_DATAGRAM + 1, 9000):
        receiver.plain.send(bytes(length))
    await wait_for(lambda: receiver.counters.received_packets == 3)
    assert receiver.got == []
    assert receiver.counters.dropped[Drop.EMPTY] == 1
    assert receiver.counters.dropped[Drop.OVERSIZED] == 2


async def test_a_failing_receive_call_is_counted(
    receiver: Receiver, wait_for: WaitFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_once(_: socket.socket) -> int:
        monkeypatch.undo()
        raise OSError(errno.ENETDOWN, "down")

    monkeypatch.setattr(receiver.udp._inbox, "receive", fail_once)
    receiver.plain.send(b"comes through")
    await wait_for(lambda: receiver.got)
    assert receiver.counters.dropped[Drop.RECEIVE_FAILED] == 1


async def test_as_many_as_an_inbox_has_room_for_are_all(
    receiver: Receiver, wait_for: WaitFor
) -> None:
    for _ in range(SLOTS):
        receiver.plain.send(b"full")
    receiver.udp._drain()
    assert len(receiver.got) == SLOTS
    receiver.plain.send(b"one more")
    await wait_for(lambda: len(receiver.got) == SLOTS + 1)


async def test_a_wake_up_has_an_end(receiver: Receiver, wait_for: WaitFor) -> None:
    for _ in range(MAX_DRAIN + 50):
        receiver.plain.send(b"flood")
    receiver.udp._drain()
    assert len(receiver.got) == MAX_DRAIN
    await wait_for(lambda: len(receiver.got) == MAX_DRAIN + 50)


async def test_who_sends_on_much_again_and_again_lets_packets_gather(
    receiver: Receiver, wait_for: WaitFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("media.transport.udp.PERIOD", 60.0)

    def send_on() -> None:
        receiver.counters.sent_packets += MUCH

    receiver.on_receive = send_on
    for number in range(STEADY + 1):
        assert not rests(receiver)
        receiver.plain.send(b"soon after")
        await wait_for(lambda number=number: len(receiver.got) > number)
    assert rests(receiver)
    for _ in range(2):
        receiver.plain.send(b"gathers")
    await asyncio.sleep(0)
    assert len(receiver.got) == STEADY + 1
    for _ in range(2):  # nothing more comes in the second pause, which ends it
        assert rests(receiver)
        receiver.now += 61.0  # late, as where much else is going on
        receiver.udp.glance()
        assert len(receiver.got) == STEADY + 3
    assert not rests(receiver)
    receiver.on_receive = lambda: None
    receiver.plain.send(b"heard at once")
    await wait_for(lambda: len(receiver.got) == STEADY + 4)


async def test_two_packets_that_come_close_together_are_no_reason_to_wait(
    receiver: Receiver, wait_for: WaitFor
) -> None:
    def send_on() -> None:
        receiver.counters.sent_packets += MUCH

    receiver.on_receive = send_on
    for number in range(4 * STEADY):
        receiver.now += PERIOD * 1.01 if number % STEADY == 0 else 0.0
        receiver.plain.send(b"heard")
        await wait_for(lambda number=number: len(receiver.got) > number)
        assert not rests(receiver)


@pytest.mark.parametrize(("sent", "later"), [(MUCH - 1, 0.0), (MUCH, PERIOD * 1.01)])
async def test_who_sends_on_little_or_seldom_waits_for_nothing(
    receiver: Receiver, wait_for: WaitFor, sent: int, later: float
) -> None:
    def send_on() -> None:
        receiver.counters.sent_packets += sent

    receiver.on_receive = send_on
    for number in range(STEADY + 2):
        receiver.now += later
        receiver.plain.send(b"heard")
        await wait_for(lambda number=number: len(receiver.got) > number)
        assert not rests(receiver)


async def test_who_glances_waits_for_no_wake_up(receiver: Receiver) -> None:
    receiver.on_receive = receiver.udp.glance  # in the midst of a datagram: not another
    for _ in range(3):
        receiver.plain.send(b"there")
    receiver.udp.glance()
    assert [data for data, _, _ in receiver.got] == [b"there"] * 3


async def test_a_glance_leaves_a_pause_until_it_should_be_over(receiver: Receiver) -> None:
    receiver.udp._worked_at = receiver.now
    receiver.udp._rest(0.9)
    receiver.plain.send(b"gathers")
    receiver.udp.glance()
    assert not receiver.got
    receiver.now += PERIOD * 1.01
    receiver.udp.glance()
    assert len(receiver.got) == 1
    receiver.udp.close()
    receiver.udp.glance()


async def test_a_pause_ends_whatever_happens(receiver: Receiver, wait_for: WaitFor) -> None:
    failed: list[object] = []

    def fail() -> None:
        receiver.udp._drained = lambda: None
        raise RuntimeError("a bug")

    asyncio.get_running_loop().set_exception_handler(lambda _, context: failed.append(context))
    receiver.udp._drained = fail
    receiver.udp._rest(0.001)
    receiver.plain.send(b"in the pause")
    await wait_for(lambda: failed)
    receiver.plain.send(b"heard")
    await wait_for(lambda: len(receiver.got) == 2)


async def test_a_pause_ends_with_the_socket(receiver: Receiver) -> None:
    receiver.udp._rest(0.001)
    pause = receiver.udp._pause
    assert pause is not None
    receiver.udp.close()
    assert (pause.pending, pause._descriptor) == (False, -1)


async def test_a_failing_handler_costs_one_datagram(
    receiver: Receiver, wait_for: WaitFor, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("a bug")

    receiver.on_receive = fail
    receiver.plain.send(b"first")
    await wait_for(lambda: receiver.counters.dropped[Drop.HANDLER_FAILED] == 1)
    assert "a bug" in caplog.text
    receiver.on_receive = lambda: None
    receiver.plain.send(b"second")
    await wait_for(lambda: len(receiver.got) == 2)


async def test_a_handler_may_close_the_socket(receiver: Receiver, wait_for: WaitFor) -> None:
    receiver.on_receive = receiver.udp.close
    receiver.plain.send(b"one")
    receiver.plain.send(b"two")
    await wait_for(lambda: receiver.got)
    await asyncio.sleep(0)
    assert len(receiver.got) == receiver.counters.received_packets == 1


async def test_sending(receiver: Receiver) -> None:
    assert receiver.udp.send(memoryview(b"hello"), receiver.plain.getsockname())
    assert receiver.plain.recv(100) == b"hello"
    assert (receiver.counters.sent_packets, receiver.counters.sent_bytes) == (1, 5)


async def test_what_the_kernel_refuses_is_counted(receiver: Receiver) -> None:
    assert not receiver.udp.send(bytes(70_000), receiver.plain.getsockname())  # EMSGSIZE
    assert not receiver.udp.send(b"x", ("255.255.255.255", 9))  # EACCES
    assert receiver.counters.dropped[Drop.SEND_FAILED] == 2
    assert receiver.counters.sent_packets == 0


@pytest.mark.parametrize("code", [errno.EAGAIN, errno.ENOBUFS])
async def test_a_full_send_buffer_is_counted(
    receiver: Receiver, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loopback never fills up, so this one needs a fake."""

    class Full:
        def sendto(self, data: bytes, address: Address) -> int:
            raise OSError(code, "full")

    with monkeypatch.context() as patch:
        patch.setattr(receiver.udp, "_socket", Full())
        assert not receiver.udp.send(b"x", ("127.0.0.1", 9))
    assert receiver.counters.dropped[Drop.SEND_FULL] == 1


async def test_nothing_is_sent_after_the_end(receiver: Receiver) -> None:
    receiver.udp.close()
    receiver.udp.close()
    assert not receiver.udp.send(b"x", ("127.0.0.1", 9))


async def test_a_taken_port_is_an_error(receiver: Receiver) -> None:
    second = UdpSocket(receiver.receive, Counters(), lambda: 0.0, BySingles())
    with pytest.raises(OSError, match="in use"):
        second.open("127.0.0.1", receiver.udp.port)
