"""ICE restarts (RFC 8445 section 9): new credentials, same keys, and the old path until then."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from media.transport import Drop, IceCredentials
from media.transport.link import CONSENT_TIMEOUT, PULSE, SILENT_FOR

MakePeer = Callable[..., Awaitable[Any]]


def restart(peer: Any, ufrag: str = "again") -> None:
    peer.ice = IceCredentials(ufrag, "another password of the peer")
    peer.link.restart(peer.ice)


async def test_media_goes_on_with_the_same_keys_from_a_new_place(make_peer: MakePeer) -> None:
    peer = await make_peer()
    await peer.passes_media()
    before, keys = peer.link.local_ice, peer.link.srtp
    restart(peer)
    assert peer.link.local_ice != before
    assert peer.link.remote_ice.ufrag == "again"
    peer.open()
    await peer.bind()
    assert peer.link.remote == peer.endpoint.address
    assert peer.link.srtp is keys
    await peer.passes_media()
    assert peer.sink.connected_at == peer.sink.moved_at == [peer.clock.now]


async def test_a_peer_hears_from_us_even_when_nobody_speaks(make_peer: MakePeer) -> None:
    peer = await make_peer()
    await peer.passes_media()
    for _ in range(3):
        peer.clock.now += PULSE + 0.01
        peer.transport.tick(peer.clock.now)
    heard = [await asyncio.wait_for(peer.endpoint.media.get(), 10) for _ in range(2)]
    assert {peer.dtls._rx_srtp.unprotect_rtcp(each)[1] for each in heard} == {201}
    assert peer.endpoint.media.empty()  # not in the interval in which there was media


async def test_who_was_reached_by_batches_has_heard_from_us(make_peer: MakePeer) -> None:
    peer = await make_peer()
    for said in (True, True, False, False):
        if said:
            peer.link.note_batches()
        peer.clock.now += PULSE + 0.01
        peer.transport.tick(peer.clock.now)
    for _ in range(2):
        await asyncio.wait_for(peer.endpoint.media.get(), 10)
    assert peer.endpoint.media.empty()


@pytest.mark.parametrize("before", range(8))
@pytest.mark.parametrize("every", [0.05, 0.06, 0.074, 0.083])
async def test_nobody_is_left_in_doubt_for_long(
    make_peer: MakePeer, before: int, every: float
) -> None:
    """Browsers of ours doubt after 0.8 s; beats that have much to do come later than every 50 ms,
    and what batches reached is looked at every 100."""
    peer, said = await make_peer(), []
    peer.link.send_rtcp = lambda _: said.append(peer.clock.now)

    def beat(*, reached: bool = False) -> None:
        peer.clock.now += every
        if reached:
            peer.link.note_batches()
        peer.transport.tick(peer.clock.now)

    for _ in range(before):
        beat(reached=True)
    last = peer.clock.now
    beat()
    beat(reached=True)  # looked at late
    while not said:
        beat()
    assert said[0] - last < 0.8


async def test_until_a_check_proves_it_the_old_path_is_used(make_peer: MakePeer) -> None:
    peer = await make_peer()
    old = peer.ice
    restart(peer)
    await peer.passes_media()
    new, peer.ice = peer.ice, old
    username = f"{peer.link._ice.local.ufrag}:{old.ufrag}"
    peer.send(peer.check(username=username, password=peer.link._ice.local.pwd))
    assert await peer.answer()
    await peer.passes_media()
    peer.ice = new
    await peer.bind()
    await peer.passes_media()


async def test_afterwards_the_old_credentials_are_nobodys(make_peer: MakePeer) -> None:
    peer = await make_peer()
    before = peer.link.local_ice
    stale = peer.check()
    restart(peer)
    await peer.bind()
    assert before.ufrag not in peer.link.ufrags
    peer.send(stale)
    await peer.dropped(Drop.STUN_UNKNOWN_USER)
    assert peer.transport.objects()["ufrags"] == 1


async def test_a_restart_may_be_asked_for_again_and_again(make_peer: MakePeer) -> None:
    peer = await make_peer()
    for number in range(50):
        restart(peer, f"try{number}")
    assert peer.transport.objects()["ufrags"] == 2
    await peer.bind()
    await peer.passes_media()
    assert peer.transport.objects()["ufrags"] == 1


async def test_before_the_first_check_a_restart_is_possible_too(make_peer: MakePeer) -> None:
    peer = await make_peer(connect=False)
    restart(peer)
    await peer.connect()
    await peer.passes_media()


async def test_a_closed_link_leaves_nothing(make_peer: MakePeer) -> None:
    peer = await make_peer()
    restart(peer)
    peer.link.close()
    left = peer.transport.objects()
    assert (left["links"], left["ufrags"], left["addresses"]) == (0, 0, 0)


async def test_a_restart_that_never_comes_ends_with_consent(make_peer: MakePeer) -> None:
    peer = await make_peer()
    restart(peer)
    peer.transport.tick(peer.clock.now + CONSENT_TIMEOUT)
    assert peer.sink.closed == ["timeout"]


async def test_where_checks_stopped_a_plain_check_from_elsewhere_is_enough(
    make_peer: MakePeer,
) -> None:
    """Some agents nominate once in their life and then change networks."""
    peer = await make_peer()
    first = peer.endpoint.address
    peer.open()
    await peer.bind(nominate=False)
    assert peer.link.remote == first
    peer.clock.now += SILENT_FOR
    await peer.bind(nominate=False)
    assert peer.link.remote == peer.endpoint.address
    await peer.passes_media()
