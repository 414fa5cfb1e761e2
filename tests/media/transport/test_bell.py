"""The bell: an answer to who knows its password, nothing to others, and no trace of either."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from media.transport import Drop, Transport
from media.transport.ring import Unheard, ring_tcp, ring_udp

PASSWORD = "only for who may read it"


@pytest.fixture
async def transport(clock: Any) -> AsyncIterator[Transport]:
    made = Transport(clock, bell=PASSWORD)
    await made.start("127.0.0.1", 0, 0)
    yield made
    await made.close()


def tcp_port(transport: Transport) -> int:
    return transport.tcp_candidates()[0][1]


async def test_it_answers_by_udp_and_by_tcp(transport: Transport) -> None:
    host, port = await ring_udp("127.0.0.1", transport.port, PASSWORD)
    assert (host, port > 0) == ("127.0.0.1", True)
    host, port = await ring_tcp("127.0.0.1", tcp_port(transport), PASSWORD)
    assert (host, port > 0) == ("127.0.0.1", True)
    objects = transport.objects()
    del objects["connections"]  # closed a moment ago
    assert set(objects.values()) == {0}, "nobody sits there"


async def test_strangers_hear_nothing(transport: Transport) -> None:
    with pytest.raises(Unheard, match="no answer"):
        await ring_udp("127.0.0.1", transport.port, "a guess")
    assert transport.counters.dropped[Drop.STUN_BAD_INTEGRITY] > 0
    assert transport.counters.sent_packets == 0


async def test_without_a_password_there_is_no_bell(clock: Any) -> None:
    transport = Transport(clock)
    await transport.start("127.0.0.1", 0)
    try:
        with pytest.raises(Unheard, match="no answer"):
            await ring_udp("127.0.0.1", transport.port, "")
        assert transport.counters.dropped[Drop.STUN_UNKNOWN_USER] > 0
    finally:
        await transport.close()


async def test_a_port_where_nobody_listens(transport: Transport) -> None:
    udp, tcp = transport.port, tcp_port(transport)
    await transport.close()
    for ring, port in ((ring_udp, udp), (ring_tcp, tcp)):
        with pytest.raises(Unheard, match="refused"):
            await ring("127.0.0.1", port, PASSWORD)
