"""A link from its first STUN check to its end, over real sockets, with aiortc at the other end."""

from __future__ import annotations

import asyncio
import gc
import logging
import weakref
from collections.abc import Awaitable, Callable
from typing import Any

import aioice
import pytest
from aiortc.rtcdtlstransport import (
    SRTP_AEAD_AES_256_GCM,
    SRTP_AES128_CM_SHA1_80,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
)

from media.transport import Drop, IceCredentials, Transport
from media.transport.link import (
    CONNECT_TIMEOUT,
    CONSENT_TIMEOUT,
    HANDSHAKE_TIMEOUT,
    MAX_ADDRESSES,
    LinkState,
)

MakePeer = Callable[..., Awaitable[Any]]
WaitFor = Callable[..., Awaitable[None]]


@pytest.mark.parametrize("peer_role", ["client", "server"])
async def test_media_flows_both_ways_in_either_dtls_role(
    make_peer: MakePeer, peer_role: str
) -> None:
    peer = await make_peer(peer_role)
    assert peer.sink.connected_at == [peer.clock.now]
    assert peer.link.srtp.profile == "SRTP_AEAD_AES_128_GCM"
    for _ in range(3):
        await peer.passes_media()
    assert not any(peer.transport.counters.dropped.values())


@pytest.mark.parametrize("profile", [SRTP_AEAD_AES_256_GCM, SRTP_AES128_CM_SHA1_80])
async def test_a_peer_may_know_another_cipher_only(make_peer: MakePeer, profile: Any) -> None:
    peer = await make_peer(connect=False)
    peer.dtls._srtp_profiles = [profile]
    await peer.connect()
    assert peer.link.srtp.profile == profile.openssl_profile.decode()
    await peer.passes_media()


async def test_an_ice_agent_of_its_own_connects(
    make_peer: MakePeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """aioice's full agent gathers, checks and nominates against our lite one."""
    monkeypatch.setattr("aioice.ice.get_host_addresses", lambda **_: ["127.0.0.1"])
    peer = await make_peer(connect=False)
    agent = aioice.Connection(
        ice_controlling=True, local_username=peer.ice.ufrag, local_password="p" * 22
    )
    agent.remote_is_lite = True
    agent.remote_username = peer.link.local_ice.ufrag
    agent.remote_password = peer.link.local_ice.pwd
    peer.link.start()
    await agent.gather_candidates()
    for number, (host, port) in enumerate(peer.transport.candidates()):
        await agent.add_remote_candidate(
            aioice.Candidate(str(number), 1, "udp", 1, host, port, "host")
        )
    await agent.add_remote_candidate(None)
    await agent.connect()

    peer._recv = agent.recv
    peer._send = agent.send
    fingerprint = RTCDtlsFingerprint("sha-256", peer.link.fingerprint)
    await peer.dtls.start(RTCDtlsParameters(fingerprints=[fingerprint]))
    assert peer.dtls.state == "connected"
    await agent.close()


async def test_checks_are_answered_with_the_address_they_came_from(make_peer: MakePeer) -> None:
    peer = await make_peer(connect=False)
    endpoint = peer.open()
    peer.link.start()
    answer = await peer.bind()
    assert answer.message_class.name == "RESPONSE"
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == endpoint.address
    assert answer.check_message_integrity(peer.link.local_ice.pwd.encode())


async def test_nothing_is_sent_before_keys(make_peer: MakePeer) -> None:
    peer = await make_peer(connect=False)
    buffer = bytearray(200)
    assert not peer.link.send_rtp(buffer, 100)
    assert not peer.link.send_rtcp(b"\x80\xc9\x00\x01abcd")
    peer.open()
    peer.link.start()
    await peer.bind()
    assert not peer.link.send_rtp(buffer, 100)
    assert not peer.link.connected


async def test_a_stranger_with_the_password_but_another_certificate_is_refused(
    make_peer: MakePeer, wait_for: WaitFor
) -> None:
    peer = await make_peer(connect=False)
    other = await make_peer(connect=False)
    peer.dtls = other.dtls
    peer.dtls._transport = peer
    peer.open()
    peer.link.start()
    await peer.bind()
    fingerprint = RTCDtlsFingerprint("sha-256", peer.link.fingerprint)
    await peer.dtls.start(RTCDtlsParameters(fingerprints=[fingerprint]))
    await wait_for(lambda: peer.sink.closed)
    assert peer.sink.closed == ["failed"]
    assert peer.sink.connected_at == []
    assert peer.transport.links == 0


async def test_the_peer_says_goodbye(peer: Any, wait_for: WaitFor) -> None:
    await peer.dtls.stop()
    await wait_for(lambda: peer.sink.closed)
    assert peer.sink.closed == ["left"]
    assert peer.link.state is LinkState.CLOSED
    assert not peer.link.send_rtp(bytearray(200), 100)


async def test_close_says_goodbye_and_tells_the_sink_nothing(peer: Any, wait_for: WaitFor) -> None:
    peer.link.close()
    peer.link.close()
    await wait_for(lambda: peer.dtls.state == "closed")
    assert peer.sink.closed == []
    assert peer.transport.links == 0


async def test_closing_the_transport_says_goodbye_to_all(
    make_peer: MakePeer, wait_for: WaitFor
) -> None:
    peers = [await make_peer() for _ in range(3)]
    transport = peers[0].transport
    await transport.close()
    for peer in peers:
        await wait_for(lambda peer=peer: peer.dtls.state == "closed")
        assert peer.sink.closed == ["shutdown"]
    await transport.close()


async def test_a_link_closed_before_it_started(make_peer: MakePeer) -> None:
    peer = await make_peer(connect=False)
    peer.link.close()
    with pytest.raises(RuntimeError, match="cannot become"):
        peer.link.start()


async def test_a_link_closed_in_its_handshake(make_peer: MakePeer, wait_for: WaitFor) -> None:
    peer = await make_peer("server", connect=False)
    peer.open()
    peer.link.start()
    await peer.bind()
    await asyncio.wait_for(peer.endpoint.dtls.get(), 10)  # our ClientHello
    peer.link.close()
    peer.clock.now += 100
    peer.transport.tick(peer.clock.now)
    assert peer.sink.closed == []


async def test_who_never_comes_is_given_up(make_peer: MakePeer) -> None:
    peer = await make_peer(connect=False)
    peer.link.start()
    peer.transport.tick(peer.clock.now + CONNECT_TIMEOUT - 0.1)
    assert peer.sink.closed == []
    peer.transport.tick(peer.clock.now + CONNECT_TIMEOUT)
    assert peer.sink.closed == ["timeout"]


async def test_who_never_finishes_the_handshake_is_given_up(make_peer: MakePeer) -> None:
    peer = await make_peer(connect=False)
    peer.open()
    peer.link.start()
    await peer.bind()
    peer.transport.tick(peer.clock.now + HANDSHAKE_TIMEOUT - 0.1)
    assert peer.sink.closed == []
    peer.transport.tick(peer.clock.now + HANDSHAKE_TIMEOUT)
    assert peer.sink.closed == ["failed"]


async def test_consent_lasts_thirty_seconds_after_the_last_sign_of_life(peer: Any) -> None:
    peer.clock.now += CONSENT_TIMEOUT - 1
    await peer.bind()
    peer.clock.now += CONSENT_TIMEOUT - 1
    peer.transport.tick(peer.clock.now)
    await peer.passes_media()
    peer.clock.now += CONSENT_TIMEOUT - 0.1
    peer.transport.tick(peer.clock.now)
    assert peer.sink.closed == []
    peer.clock.now += 0.2
    peer.transport.tick(peer.clock.now)
    assert peer.sink.closed == ["timeout"]


async def test_authentic_media_alone_is_a_sign_of_life(peer: Any, wait_for: WaitFor) -> None:
    peer.clock.now += CONSENT_TIMEOUT - 1
    peer.send(peer.protect())
    await wait_for(lambda: peer.sink.rtp)
    peer.clock.now += CONSENT_TIMEOUT - 1
    peer.transport.tick(peer.clock.now)
    assert peer.sink.closed == []


@pytest.mark.parametrize("kind", [192, 200, 205, 206, 223])
async def test_packet_types_192_to_223_are_rtcp(peer: Any, wait_for: WaitFor, kind: int) -> None:
    compound = bytes([0x80, kind, 0, 1]) + bytes(4)
    peer.send(peer.dtls._tx_srtp.protect_rtcp(compound))
    await wait_for(lambda: peer.sink.rtcp)
    assert peer.sink.rtcp == [compound]


@pytest.mark.parametrize("second", [0, 63, 96, 127, 128 + 63, 128 + 96])
async def test_other_payload_types_are_rtp(peer: Any, wait_for: WaitFor, second: int) -> None:
    packet = bytes([0x80, second, 0, 1]) + bytes(8) + b"media"
    peer.send(peer.dtls._tx_srtp.protect(packet))
    await wait_for(lambda: peer.sink.rtp)
    assert peer.sink.rtp == [packet]


async def test_a_sink_with_a_bug_does_not_stop_the_heartbeat(make_peer: MakePeer) -> None:
    first, second = await make_peer(connect=False), await make_peer(connect=False)
    for peer in (first, second):
        peer.sink.raises = True
        peer.link.start()
    first.transport.tick(first.clock.now + CONNECT_TIMEOUT)
    assert first.sink.closed == second.sink.closed == ["timeout"]


async def test_media_follows_the_newest_nomination(peer: Any) -> None:
    """Wi-Fi to mobile: the same keys, another address."""
    before = peer.endpoint
    await peer.passes_media()
    peer.open()
    await peer.bind(nominate=False)
    assert peer.link.remote == before.address, "a mere check moves nothing"
    await peer.bind(nominate=True)
    assert peer.link.remote == peer.endpoint.address
    await peer.passes_media()
    assert before.media.empty()


async def test_the_way_of_batches_is_made_once_for_each_address(peer: Any) -> None:
    first = peer.link.route()
    assert first is not None
    assert peer.link.route() is first
    peer.open()
    await peer.bind()
    moved = peer.link.route()
    assert moved.name != first.name
    assert moved.context is first.context
    peer.link.close()
    assert peer.link.route() is None


async def test_addresses_per_link_are_bounded(peer: Any, wait_for: WaitFor) -> None:
    first = peer.endpoint
    others = []
    for _ in range(MAX_ADDRESSES + 2):
        others.append(peer.open())
        await peer.bind(nominate=False)
    # The oldest ones were forgotten, the nominated one was not.
    peer.endpoint = others[0]
    peer.send(peer.protect())
    await peer.dropped(Drop.UNBOUND)
    for endpoint in (first, others[-1]):
        peer.endpoint = endpoint
        count = len(peer.sink.rtp)
        peer.send(peer.protect())
        await wait_for(lambda count=count: len(peer.sink.rtp) > count)


async def test_an_address_in_use_is_not_given_to_another_link(make_peer: MakePeer) -> None:
    victim, thief = await make_peer(), await make_peer(connect=False)
    thief.link.start()
    victim.send(thief.check())  # as if the thief had forged the victim's address
    await victim.dropped(Drop.ADDRESS_TAKEN)
    await victim.passes_media()


async def test_an_abandoned_address_may_change_links(make_peer: MakePeer) -> None:
    """A NAT gives a port to somebody new, long before the old link has expired."""
    gone, newcomer = await make_peer(), await make_peer(connect=False)
    gone.clock.now += 11
    newcomer.link.start()
    gone.send(newcomer.check())
    assert (await gone.answer()).message_class.name == "RESPONSE"
    assert newcomer.link.remote == gone.endpoint.address
    assert gone.link.remote is None
    assert not gone.link.send_rtp(bytearray(200), 100)


async def test_a_buffer_without_room_for_the_tag_is_refused(peer: Any) -> None:
    with pytest.raises(ValueError, match="no room"):
        peer.link.send_rtp(bytearray(120), 100)
    await peer.passes_media()


async def test_what_cannot_be_a_packet_is_not_sent(peer: Any) -> None:
    assert not peer.link.send_rtp(bytearray(200), 5)
    assert not peer.link.send_rtcp(b"no")
    assert not peer.link.send_rtcp(b"\x80\xc9\x01\x90" + bytes(1600))
    await peer.dropped(Drop.SEND_REFUSED, 3)
    await peer.passes_media()


async def test_churn_leaves_nothing_behind(
    transport: Transport, make_peer: MakePeer, wait_for: WaitFor
) -> None:
    before = len(asyncio.all_tasks())
    ghosts = []
    for index in range(6):
        peer = await make_peer("client" if index % 2 else "server")
        ghosts.append(weakref.ref(peer.link))
        peer.link.close()
        del peer.link
        await peer.close()
    del peer
    await wait_for(lambda: len(asyncio.all_tasks()) == before, "all tasks ended")
    await asyncio.sleep(0)
    gc.collect()
    assert [ghost() for ghost in ghosts] == [None] * 6
    assert transport.links == 0


async def test_no_secret_reaches_the_log(
    make_peer: MakePeer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    peer = await make_peer()
    peer.send(peer.check(password="a wrong password"))
    await peer.dropped(Drop.STUN_BAD_INTEGRITY)
    peer.link.close()
    assert "connected" in caplog.text
    for secret in (peer.link.local_ice.pwd, peer.ice.pwd):
        assert secret not in caplog.text
        assert secret not in repr(IceCredentials("ufrag", secret))
