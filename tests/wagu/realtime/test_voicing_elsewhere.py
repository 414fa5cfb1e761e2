"""Voice whose media is at another server: a token over the socket, and what happens without it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clients.waiting import eventually
from wagu.errors import Unavailable
from wagu.media_backend.base import Capabilities

TOKENS = Capabilities("livekit", simulcast=True, slots=0, negotiation="token")
DEAF = Capabilities("openvidu2", simulcast=False, slots=0, negotiation="token", mute=False)


@pytest.fixture
def media(table: Any) -> Any:
    table.house.media.capabilities = TOKENS
    return table.house.media


async def entered(talker: Any) -> dict[str, Any]:
    answer: dict[str, Any] = await talker.ask("voice_enter", "voice_token", n=5)
    return answer


async def test_who_enters_gets_a_token_and_is_on(table: Any, media: Any) -> None:
    _, at_guest = await table.sit()
    answer = await entered(table.at_host)
    ((room, peer),) = media.peers
    assert room == table.room
    assert answer == {
        "type": "voice_token",
        "url": "wss://media.example.org",
        "token": f"token of {peer}",
    }
    told = await at_guest.expect("person")
    assert (told["person"]["id"], told["person"]["voice"]) == (table.host.id, "on")
    await table.at_host.send("voice_mute", muted=True)
    assert (await at_guest.expect("person"))["person"]["voice"] == "muted"
    await table.at_host.send("voice_leave")
    assert (await at_guest.expect("person"))["person"]["voice"] == "off"
    assert media.peers == {}


async def test_a_connection_that_is_lost_there_is_told(table: Any, media: Any) -> None:
    await entered(table.at_host)
    ((room, peer),) = list(media.peers)
    media.lose(room, peer, "timeout")
    assert (await table.at_host.expect("voice_closed"))["reason"] == "timeout"


async def test_without_that_server_voice_is_off_and_chat_goes_on(table: Any, media: Any) -> None:
    _, at_guest = await table.sit()
    await entered(table.at_host)
    assert (await at_guest.expect("person"))["person"]["voice"] == "on"
    media.refusal = Unavailable("media.unavailable", "없어요")
    assert await table.at_host.refused("voice_enter") == "media.unavailable"
    assert (await at_guest.expect("person"))["person"]["voice"] == "off"
    assert (await table.at_host.ask("chat", "chatted", text="들려?"))["chat"]["text"] == "들려?"


async def test_each_kind_of_backend_has_its_own_way_in(table: Any) -> None:
    assert await table.at_host.refused("voice_enter") == "media.no_tokens"


async def test_nobody_is_muted_where_the_server_cannot(table: Any, media: Any) -> None:
    guest, at_guest = await table.sit()
    await entered(at_guest)
    media.capabilities = DEAF
    refused = await table.at_host.refused("mute_person", person=guest.id)
    assert refused == "media.cannot_mute"
    assert media.muted == set()


async def test_a_voice_elsewhere_does_not_linger_where_everybody_is_told_to_move(
    table: Any, media: Any
) -> None:
    await entered(table.at_host)
    await table.house.hub.moves.out_of_here(0.0)
    await eventually(lambda: gone(media), "its server is told that nobody is in voice here")


async def gone(media: Any) -> bool:
    return not media.peers
