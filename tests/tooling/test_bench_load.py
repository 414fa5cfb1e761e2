"""The load generator of scripts/bench against our own SFU: it connects, and it counts right."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import pytest

from benches.rtc.cast import Cast
from benches.rtc.load import Load
from benches.rtc.peer import PROFILES, Peer
from benches.rtc.rooms import room_at
from benches.rtc.scenarios import SCENARIOS, Scenario
from benches.rtc.sdp import SSRC, offer, read
from benches.serving import serving
from media.sfu import Sfu, SfuConfig
from media.transport.certificate import Certificate


async def run_until(load, enough, every=0.2):
    """However busy the machine is."""
    while not enough():
        await load.run(every)


@pytest.fixture
async def sfu():
    made = Sfu(SfuConfig(host="127.0.0.1"), on_event=lambda event: None)
    await made.start()
    yield made
    await made.close()


@pytest.fixture
async def connect(sfu):
    """connect(role, **what it offers): a peer with keys."""
    certificate = Certificate(0.0)
    peers = []

    async def make(role, kind, profile="gcm", **offered):
        peer = Peer("127.0.0.1", certificate, profile)
        peers.append(peer)
        answer = sfu.answer("room", f"peer {len(peers)}", role, offer(peer.local, kind, **offered))
        await peer.connect(read(answer.sdp))
        return peer

    yield make
    for peer in peers:
        await peer.close()


@pytest.mark.parametrize("profile", PROFILES)
async def test_every_packet_of_a_video_is_counted_at_every_viewer(connect, profile):
    scenario = Scenario("video", packets_per_second=300, size=1200, per_frame=10)
    publisher = await connect("publish", "video", profile, ssrc=SSRC)
    viewers = [await connect("watch", "video", profile, receives=1) for _ in range(3)]
    load = Load(scenario.sources(publisher, SSRC), viewers)
    await run_until(load, lambda: load.latencies and load.tally.count().received > 300)
    assert load.tally.count().loss == 0
    assert all(len(load.tally.highest(owner)) == 1 for owner in range(3))
    assert (load.refused, load.repairs) == (0, 0)
    assert ("GCM" in publisher.srtp.profile) == (profile == "gcm")


async def test_viewers_get_again_what_they_ask_for(connect):
    scenario = Scenario("video", packets_per_second=300, size=1200, per_frame=10)
    publisher = await connect("publish", "video", ssrc=SSRC)
    load = Load(
        scenario.sources(publisher, SSRC),
        [await connect("watch", "video", receives=1)],
        repaired=0.2,
    )
    await run_until(load, lambda: load.repairs > 5)
    assert load.repairs < load.tally.count().received
    assert load.tally.count().loss == 0


async def test_whoever_talks_may_listen_on_the_same_connection(connect):
    scenario = Scenario("audio", packets_per_second=50, size=100)
    voices = [await connect("talk", "audio", ssrc=SSRC + n, receives=6) for n in range(3)]
    sources = [each for n, voice in enumerate(voices) for each in scenario.sources(voice, SSRC + n)]
    load = Load(sources, voices)
    await run_until(load, lambda: all(len(load.tally.highest(owner)) == 2 for owner in range(3)))
    assert load.tally.count().loss == 0


async def test_viewers_of_a_simulcast_come_to_stand_on_the_layers_their_links_carry(connect):
    scenario = SCENARIOS["simulcast"]
    publisher = await connect("publish", "video", ssrc=SSRC, rids=scenario.rids)
    viewers = [await connect("watch", "video", receives=1) for _ in scenario.layers]
    for viewer, layer in zip(viewers, scenario.layers, strict=True):
        viewer.link = layer.link
    load = Load(scenario.sources(publisher, SSRC), viewers)

    def last():
        return [sum(load.tally.highest(owner).values()) for owner in range(3)]

    before = last()

    def spread():
        """In packets since the last look: 1, 2 and 10 a frame."""
        nonlocal before
        low, middle, high = (new - old for new, old in zip(last(), before, strict=True))
        before = last()
        return low and 1.5 < middle / low < 2.5 and 4 < high / middle < 6

    await run_until(load, spread, every=1.0)
    assert load.tally.count().loss == 0


async def test_viewers_of_a_live_at_a_real_server_receive_it(tmp_path):
    scenario = Scenario("video", packets_per_second=300, size=1200, per_frame=10)
    where = SimpleNamespace(address="127.0.0.1", profile="gcm")
    with serving(tmp_path, WAGU_SNAPSHOTS="0") as site:
        cast = Cast(scenario, partial(room_at, "wagu", site.url, "video"), where)
        try:
            await cast.open(2)
            await cast.come(2)
            load = Load(cast.sources, cast.receivers)
            await run_until(load, lambda: load.tally.highest(0) and load.tally.highest(1))
        finally:
            await cast.close()
