"""The transport as a whole: its port, its candidates, its certificate."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from media.transport import Transport, hub
from media.transport.addresses import machine_addresses
from media.transport.certificate import RENEWAL, Certificate

MakePeer = Callable[..., Awaitable[Any]]


async def test_candidates_are_where_the_socket_is(transport: Transport) -> None:
    assert transport.port > 0
    assert transport.candidates() == [("127.0.0.1", transport.port)]


async def test_announced_addresses_come_instead() -> None:
    transport = Transport(lambda: 0.0, ["203.0.113.7", "198.51.100.1"])
    await transport.start("127.0.0.1", 0)
    assert [address for address, _ in transport.candidates()] == ["203.0.113.7", "198.51.100.1"]
    await transport.close()


async def test_everywhere_means_the_addresses_of_the_machine() -> None:
    transport = Transport(lambda: 0.0)
    await transport.start("::", 0)
    assert [address for address, _ in transport.candidates()] == machine_addresses()
    await transport.close()


def test_loopback_is_an_address_of_the_machine_and_the_last_resort() -> None:
    found = [ipaddress.ip_address(address) for address in machine_addresses()]
    assert found[-1].is_loopback
    assert not any(address.is_link_local for address in found)
    loopback = [address.is_loopback for address in found]
    assert loopback == sorted(loopback)


async def test_a_taken_port_is_an_error() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        transport = Transport(lambda: 0.0)
        with pytest.raises(OSError, match="in use"):
            await transport.start("127.0.0.1", taken.getsockname()[1])
        await transport.close()


async def test_the_certificate_is_renewed_for_new_links_only(
    make_peer: MakePeer, transport: Transport
) -> None:
    old = await make_peer(connect=False)
    shown = transport.fingerprint
    transport.tick(old.clock.now + RENEWAL - 1)
    assert transport.fingerprint == shown
    transport.tick(old.clock.now + RENEWAL)
    assert transport.fingerprint != shown
    assert old.link.fingerprint == shown
    new = await make_peer(connect=False)
    assert new.link.fingerprint == transport.fingerprint
    for peer in (old, new):
        await peer.connect()
        await peer.passes_media()


async def test_who_prepares_at_the_same_time_gets_one_certificate(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is made once, and they go on in the order in which they came."""
    made, through = [], []
    make = hub._certificate

    def count(now: float) -> Certificate:
        time.sleep(0.02)  # all come meanwhile
        made.append(make(now))
        return made[-1]

    async def prepare(number: int) -> None:
        await transport.prepare()
        through.append(number)

    monkeypatch.setattr(hub, "_certificate", count)
    await asyncio.gather(*(prepare(number) for number in range(20)))
    await transport.prepare()
    assert through == list(range(20))
    assert [each.fingerprint for each in made] == [transport.fingerprint]


def test_a_fingerprint_reads_as_sdp_wants_it() -> None:
    fingerprint = Transport(lambda: 0.0).fingerprint
    parts = fingerprint.split(":")
    assert len(parts) == 32
    assert all(len(part) == 2 and part == part.upper() for part in parts)


async def test_links_have_credentials_of_their_own(make_peer: MakePeer) -> None:
    first, second = await make_peer(), await make_peer()
    assert first.link.local_ice != second.link.local_ice
    await first.passes_media()
    await second.passes_media()
    assert first.transport.links == 2
