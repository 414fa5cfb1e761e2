"""A real coturn takes the credentials that we hand out, and relays to our media port."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest
from aioice import stun, turn

from tests.clients.guest import Message
from tests.clients.talker import Talker
from tests.clients.waiting import PATIENCE
from tests.flows.conftest import MakeGuest
from tests.turn import Coturn


class Relayed(asyncio.DatagramProtocol):
    """What comes back through the relay."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[bytes] = asyncio.Queue()

    def datagram_received(self, data: bytes, _address: Any) -> None:
        self.heard.put_nowait(data)


async def allocate(coturn: Coturn, server: Message) -> tuple[Any, Relayed]:
    return await asyncio.wait_for(
        turn.create_turn_endpoint(
            Relayed, ("127.0.0.1", coturn.port), server["username"], server["credential"]
        ),
        PATIENCE,
    )


async def test_a_voice_goes_through_a_relay(
    coturn: Coturn, server: Callable[..., Any], guests: MakeGuest
) -> None:
    here = server(**coturn.settings)
    host = await guests(here, "지민", member=True)
    (given,) = (await host.join(await host.create_share_map()))["ice_servers"]
    assert given["urls"] == [coturn.url]
    transport, relayed = await allocate(coturn, given)
    talker = Talker(host)
    try:
        sdp = (await host.ask("voice_answer", type="voice_offer", sdp=talker.offer()))["sdp"]
        ufrag, pwd = (re.search(rf"a=ice-{name}:(\S+)", sdp) for name in ("ufrag", "pwd"))
        assert ufrag
        assert pwd
        transport.sendto(Talker.check(ufrag[1], pwd[1]), ("127.0.0.1", here.port))
        answer = stun.parse_message(await asyncio.wait_for(relayed.heard.get(), PATIENCE))
        answer.check_message_integrity(pwd[1].encode())
        seen = answer.attributes["XOR-MAPPED-ADDRESS"]
        assert seen == transport.get_extra_info("sockname"), "the server sees the relay"
    finally:
        transport.close()
        await talker.close()


async def test_what_expired_or_was_made_up_opens_nothing(
    coturn: Coturn, server: Callable[..., Any], guests: MakeGuest
) -> None:
    here = server(**coturn.settings)
    host = await guests(here, "지민", member=True)
    (given,) = (await host.join(await host.create_share_map()))["ice_servers"]
    until, _, person = given["username"].partition(":")
    later = {**given, "username": f"{int(until) + 1}:{person}"}
    forged = {**given, "credential": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}
    for wrong in (later, forged):
        with pytest.raises(stun.TransactionFailed):
            await allocate(coturn, wrong)
    assert given["credential"] not in here.log
