"""Behind firewalls that let nothing out but TURN: two voices, and a live, through a real coturn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.pages.live import Studio, Watch
from tests.browser.pages.parties import Arrive
from tests.browser.pages.room import Room
from tests.browser.pages.visitor import PHONE, Visitor
from tests.browser.pages.voice import Voice
from tests.clients.waiting import eventually
from tests.turn import Coturn

pytestmark = pytest.mark.browser

ONLY_RELAYED = """
const Peer = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Peer {
  constructor(settings) {
    super({ ...settings, iceTransportPolicy: 'relay' });
  }
};
"""
"""As if the network refused everything else."""


async def behind_a_firewall(arrive: Arrive, server: Any, name: str) -> Visitor:
    visitor = await arrive(server, name, PHONE)
    await visitor.page.context.add_init_script(ONLY_RELAYED)
    return visitor


async def is_relayed(visitor: Visitor) -> None:
    """What carries its media is a candidate of the TURN server."""

    async def relayed() -> bool:
        kinds = ("transport", "candidate-pair", "local-candidate")
        transports, pairs, candidates = [
            {each["id"]: each for each in await visitor.page.evaluate(f"peerStats('{kind}')")}
            for kind in kinds
        ]
        chosen = [pairs.get(each.get("selectedCandidatePairId")) for each in transports.values()]
        return bool(chosen) and all(
            pair is not None and candidates[pair["localCandidateId"]]["candidateType"] == "relay"
            for pair in chosen
        )

    await eventually(relayed, f"{visitor.name} is relayed")


async def test_a_live_and_voices_go_through_a_relay(
    coturn: Coturn, server: Callable[..., Any], arrive: Arrive
) -> None:
    here = server(**coturn.settings)
    host, sky = [await behind_a_firewall(arrive, here, name) for name in ("지민", "하늘")]
    await host.become_member()
    await sky.become_guest()

    studio, viewer = Studio(host), Watch(sky)
    await studio.prepare("벽 뒤에서")
    path = await studio.go_live()
    await viewer.by_link(path)
    await viewer.sees_picture()
    await viewer.hears_sound()
    for each in (host, sky):
        await is_relayed(each)
    await studio.end()
    await studio.is_told_it_ended(mine=True)
    await viewer.is_told_it_ended()

    link = await host.create_share_map("벽 뒤에서")
    voices = [Voice(await Room.enter(each, link)) for each in (host, sky)]
    for voice in voices:
        await voice.join()
    ids = [await voice.room.my_id() for voice in voices]
    for voice, other in zip(voices, reversed(ids), strict=True):
        await voice.hears(other)
        await is_relayed(voice.room.visitor)
