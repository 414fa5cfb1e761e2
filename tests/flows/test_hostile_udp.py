"""Strangers throw datagrams at the media port: dropped and counted, while two people talk on."""

from __future__ import annotations

import asyncio
import random
import re
import socket
from collections.abc import Callable
from typing import Any

from tests.clients.guest import Guest
from tests.clients.talker import Talker
from tests.clients.waiting import eventually
from tests.flows.conftest import Figure, MakeGuest, MakeTalker

DROPPED = "wagu_media_dropped"
EACH = 50


async def test_two_go_on_talking_under_a_hail_of_datagrams(
    server: Callable[..., Any], guests: MakeGuest, talkers: MakeTalker, figure: Figure
) -> None:
    here = server()
    host = await guests(here, "지민", member=True)
    sky = await guests(here, "하늘")
    room = await host.create_share_map()
    await host.join(room)
    await sky.join(room)
    ours, theirs = await talkers(host), await talkers(sky)
    await ours.hears(1)
    await theirs.hears(1)
    ufrag = re.search(r"a=ice-ufrag:(\S+)", host.last("voice_answer")["sdp"])
    assert ufrag
    wrong = Talker.check(ufrag[1], "not the password it was given")
    nobody = Talker.check("nobody", "any password")
    dice = random.Random(7)

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind(("127.0.0.1", 0))
        for _ in range(EACH):
            for datagram in (
                b"",
                dice.randbytes(9000),
                bytes([dice.choice((5, 19, 64, 100, 255))]) + dice.randbytes(300),
                bytes([0x80, 111]) + dice.randbytes(200),
                bytes([22, 254, 253]) + dice.randbytes(60),
                b"\x00\x01" + dice.randbytes(18),
                wrong,
                nobody,
                ours.last_check,
                ours.last_packet,
            ):
                stranger.sendto(datagram, ours.address)
            ours.socket.sendto(ours.last_packet, ours.address)
            await asyncio.sleep(0)  # the talkers share this loop

    for kind, least in {
        "empty": EACH,
        "oversized": EACH,
        "unclassified": EACH,
        "unbound": 3 * EACH,
        "stun_malformed": EACH,
        "stun_bad_integrity": EACH,
        "stun_unknown_user": EACH,
        "stun_replayed": EACH,
        "srtp_replayed": EACH,
    }.items():
        await at_least(figure, host, kind, least)
    await ours.hears(1)
    await theirs.hears(1)
    assert (host.id in theirs.slots, sky.id in ours.slots) == (True, True)
    assert not [m for m in host.heard + sky.heard if m["type"] == "voice_closed"]


async def at_least(figure: Figure, guest: Guest, kind: str, least: int) -> None:
    async def counted() -> bool:
        return await figure(guest, DROPPED, kind=kind) >= least

    await eventually(counted, f"{least} × {kind} are counted")
