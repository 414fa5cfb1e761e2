"""Voice signalling over real sockets, with a media backend that keeps to its contract."""

from __future__ import annotations

from typing import Any

import pytest

from wagu.bus import ShareMapEnded
from wagu.errors import BadRequest, Unavailable
from wagu.media_backend.base import PeerKey, RoomKey, SlotsChanged, SpeakersChanged


@pytest.fixture
def media(table: Any) -> Any:
    return table.house.media


def peers(media: Any) -> list[str]:
    return [peer for _, peer in media.peers]


async def offered(talker: Any) -> dict[str, Any]:
    answer: dict[str, Any] = await talker.ask("voice_offer", "voice_answer", sdp="v=0", n=5)
    return answer


async def voice_of(talker: Any, person: str) -> str:
    """As somebody else in the room is told."""
    while (told := (await talker.expect("person"))["person"])["id"] != person:
        pass
    voice: str = told["voice"]
    return voice


async def test_an_offer_is_answered_with_slots(table: Any, media: Any) -> None:
    guest, at_guest = await table.sit()
    assert await offered(at_guest) == {
        "type": "voice_answer",
        "sdp": "answer to v=0",
        "slots": [None] * 6,
    }
    answer = await offered(table.at_host)
    assert answer["slots"] == [guest.id, None, None, None, None, None]
    assert {(room, role) for (room, _), role in media.peers.items()} == {(table.room, "talk")}
    assert sorted(peer.split(":")[0] for peer in peers(media)) == sorted([guest.id, table.host.id])


async def test_ice_is_restarted_without_a_new_offer(table: Any, media: Any) -> None:
    await offered(table.at_host)
    restarted = await table.at_host.ask("voice_restart", "voice_restarted", fragment="a=x", n=6)
    assert restarted == {"type": "voice_restarted", "fragment": "answer to a=x"}
    await table.at_host.send("voice_leave")
    await table.at_host.send("voice_restart", fragment="a=x", n=7)
    error = await table.at_host.expect("error")
    assert (error["code"], error["n"]) == ("media.no_resource", 7)


async def test_everyone_learns_who_talks(table: Any, media: Any) -> None:
    guest, at_guest = await table.sit()
    await table.at_host.expect("person")
    await offered(at_guest)
    assert await voice_of(table.at_host, guest.id) == "on"
    await at_guest.send("voice_mute", muted=True)
    assert await voice_of(table.at_host, guest.id) == "muted"
    assert media.muted == set(peers(media))
    await at_guest.send("voice_mute", muted=False)
    assert await voice_of(table.at_host, guest.id) == "on"
    assert media.muted == set()
    await at_guest.send("voice_leave")
    assert await voice_of(table.at_host, guest.id) == "off"
    assert peers(media) == []


async def test_slots_come_to_their_socket_as_people(table: Any, media: Any) -> None:
    _, at_guest = await table.sit()
    await offered(at_guest)
    await offered(table.at_host)
    room, (one, other) = RoomKey(table.room), peers(media)
    media.tell(SlotsChanged(room, PeerKey(one), (PeerKey(other), None)))
    assert (await at_guest.expect("voice_slots"))["slots"] == [table.host.id, None]
    assert not any(each["type"] == "voice_slots" for each in await table.at_host.all_until_pong())


async def test_speakers_come_to_all_each_person_once(table: Any, media: Any) -> None:
    guest, at_guest = await table.sit()
    media.tell(
        SpeakersChanged(
            RoomKey(table.room),
            (
                PeerKey(f"{guest.id}:s1"),
                PeerKey(f"{table.host.id}:s2"),
                PeerKey(f"{guest.id}:s3"),
            ),
        )
    )
    for talker in (at_guest, table.at_host):
        assert (await talker.expect("voice_speakers"))["speakers"] == [guest.id, table.host.id]


async def test_slots_that_change_during_the_answer_are_not_lost(table: Any, media: Any) -> None:
    _, at_guest = await table.sit()
    await offered(at_guest)

    async def change() -> None:
        peer = PeerKey(f"{table.host.id}:s1")
        media.tell(SlotsChanged(RoomKey(table.room), peer, (PeerKey("g_x:s9"),)))

    media.before_answer = change
    assert (await offered(table.at_host))["slots"] == ["g_x"]


async def test_a_second_offer_replaces_the_first_in_silence(table: Any, media: Any) -> None:
    _, at_guest = await table.sit()
    await offered(at_guest)
    await offered(at_guest)
    assert len(peers(media)) == 1
    assert not any(each["type"] == "voice_closed" for each in await at_guest.all_until_pong())


@pytest.mark.parametrize("reason", ["timeout", "failed", "shutdown"])
async def test_a_lost_connection_is_told(table: Any, media: Any, reason: str) -> None:
    guest, at_guest = await table.sit()
    await offered(at_guest)
    await voice_of(table.at_host, guest.id)
    while await voice_of(table.at_host, guest.id) != "on":
        pass
    ((room, peer),) = media.peers
    media.lose(room, peer, reason)
    assert await at_guest.expect("voice_closed") == {"type": "voice_closed", "reason": reason}
    assert await voice_of(table.at_host, guest.id) == "off"
    await offered(at_guest)


async def test_leaving_the_room_hangs_up(table: Any, media: Any) -> None:
    _, at_guest = await table.sit()
    await offered(at_guest)
    await at_guest.send("leave")
    told = await at_guest.all_until_pong()
    assert not any(each["type"] == "voice_closed" for each in told)  # it asked for that itself
    assert peers(media) == []


async def test_a_lost_socket_hangs_up(table: Any, media: Any) -> None:
    _, at_guest = await table.sit()
    await offered(at_guest)
    await at_guest.drop()
    while not (told := (await table.at_host.expect("person"))["person"])["away"]:
        pass
    assert told["voice"] == "off"
    assert peers(media) == []


async def test_a_voice_is_left_alone_where_everybody_is_told_to_move(
    table: Any, media: Any
) -> None:
    _, at_guest = await table.sit()
    await offered(at_guest)
    await offered(table.at_host)
    await table.house.hub.moves.out_of_here(0.0)
    assert len(peers(media)) == 2
    assert media.closed_rooms == []


async def test_leaving_and_offering_at_once_keeps_the_new_connection(
    table: Any, media: Any
) -> None:
    _, at_guest = await table.sit()
    await offered(at_guest)
    await at_guest.send("voice_leave")
    await at_guest.send("voice_offer", sdp="v=0")
    await at_guest.expect("voice_answer")
    await at_guest.all_until_pong()
    await table.house.hub.settle()
    assert len(peers(media)) == 1


async def test_a_person_is_heard_if_one_of_two_sockets_is(table: Any, media: Any) -> None:
    guest, first = await table.sit()
    second = await table.house.enter(guest, table.room)
    await offered(first)
    await second.send("voice_leave")
    assert await second.all_until_pong() != []  # the `person` that the first caused
    assert (await table.at_host.join(table.room))["people"][1]["voice"] == "on"


async def test_mute_without_voice(table: Any) -> None:
    assert await table.at_host.refused("voice_mute", muted=True) == "voice.off"
    await table.at_host.send("voice_leave")
    assert await table.at_host.all_until_pong() == []


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (BadRequest("media.bad_offer", "읽을 수 없어요"), "media.bad_offer"),
        (Unavailable("media.unavailable", "지금 안 돼요"), "media.unavailable"),
        (RuntimeError("a bug"), "server.error"),
    ],
)
async def test_refused_offers(table: Any, media: Any, refusal: Exception, code: str) -> None:
    media.refusal = refusal
    assert await table.at_host.refused("voice_offer", sdp="junk") == code
    assert (await table.at_host.join(table.room))["people"][0]["voice"] == "off"


async def test_a_room_that_ends_during_the_answer_leaves_no_peer(table: Any, media: Any) -> None:
    async def end() -> None:
        await table.house.share_maps.end(table.share_map.id)
        table.house.bus.publish(ShareMapEnded(table.share_map.id))
        await table.house.hub.settle()

    media.before_answer = end
    await table.at_host.send("voice_offer", sdp="v=0")
    await table.at_host.expect("ended")
    assert await table.at_host.all_until_pong() == []
    assert peers(media) == []


async def test_voice_belongs_to_maps(table: Any) -> None:
    live = await table.house.live(table.host)
    await table.at_host.join(f"live/{live.id}")
    assert await table.at_host.refused("voice_offer", sdp="v=0") == "room.not_a_map"


async def test_nothing_is_kept_of_a_socket_that_closed(table: Any, media: Any) -> None:
    _, at_guest = await table.sit()
    await offered(at_guest)
    ((room, peer),) = media.peers
    media.tell(SlotsChanged(room, peer, (None,)))
    table.house.bus.publish(ShareMapEnded(table.share_map.id))  # the room goes first
    await at_guest.drop()
    await table.house.until(lambda: len(table.house.hub.delivery.clients()) == 1)
    await table.house.hub.settle()
    assert table.house.hub._voice._slots == {}
