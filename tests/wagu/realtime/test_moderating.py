"""Moderation over real sockets: who may, what it does at once, and what a ban keeps out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from wagu.media_backend.base import PeerKey, RoomKey

HOME, CAFE = "10.0.0.1", "10.0.0.2"


@pytest.fixture
async def guest(table: Any) -> Any:
    return (await table.sit())[0]


@pytest.fixture
async def at_guest(table: Any, guest: Any) -> Any:
    return await table.house.enter(guest, table.room, **{"X-Network": HOME})


async def an_admin(house: Any) -> Any:
    member = await house.member("관리")
    await house.sessions.update(replace(member.person, admin=True))
    return member


async def join_code(house: Any, who: Any, room: str, network: str = CAFE) -> str:
    """`joined`, or the code of the refusal."""
    talker = await house.connect(who, **{"X-Network": network})
    await talker.send("join", room=room, n=1)
    answer = await talker.hear()
    return str(answer.get("code", answer["type"]))


async def banned(talker: Any) -> list[str]:
    return [ban["person"]["id"] for ban in (await talker.expect("bans"))["bans"]]


async def test_the_host_is_a_moderator_and_so_is_an_admin(table: Any) -> None:
    house = table.house
    admin = await an_admin(house)
    _, at_guest = await table.sit()
    at_admin = await house.enter(admin, table.room)
    assert at_admin.heard[-1]["you"]["moderator"] is True
    assert at_admin.heard[-1]["you"]["host"] is False
    assert at_guest.heard[-1]["you"]["moderator"] is False
    assert (await at_admin.ask("list_bans", "bans"))["bans"] == []


@pytest.mark.parametrize("type_", ["mute_person", "remove", "ban", "unban"])
async def test_nobody_else_moderates(table: Any, type_: str, at_guest: Any) -> None:
    assert await at_guest.refused(type_, person=table.host.id) == "room.not_host"
    assert await at_guest.refused("list_bans") == "room.not_host"
    assert await at_guest.refused("list_people") == "room.not_host"
    assert await at_guest.refused("delete_chat", chat="c-1") == "room.not_host"


@pytest.mark.parametrize("type_", ["mute_person", "remove", "ban"])
async def test_whom_it_cannot_be_done_to(table: Any, type_: str) -> None:
    house = table.house
    admin = await an_admin(house)
    at_admin = await house.enter(admin, table.room)
    assert await table.at_host.refused(type_, person=table.host.id) == "room.protected"
    assert await table.at_host.refused(type_, person=admin.id) == "room.protected"
    assert await at_admin.refused(type_, person=table.host.id) == "room.protected"
    assert await table.at_host.refused(type_, person="g_nobody") == "room.unknown_person"


async def test_moderation_wants_a_room(house: Any) -> None:
    talker = await house.connect(await house.member())
    assert await talker.refused("ban", person="g_1") == "room.not_joined"


# ------------------------------------------------------------------------------------------ muting


async def test_a_microphone_is_muted_and_its_owner_told(
    table: Any, guest: Any, at_guest: Any
) -> None:
    media = table.house.media
    assert await table.at_host.refused("mute_person", person=guest.id) == "voice.off"
    await at_guest.ask("voice_offer", "voice_answer", sdp="v=0")
    await table.at_host.send("mute_person", person=guest.id)
    told = await at_guest.expect("muted_by")
    assert told["by"] == {"id": table.host.id, "name": "지민"}
    assert len(media.muted) == 1
    while (await table.at_host.expect("person"))["person"]["voice"] != "muted":
        pass
    await table.at_host.send("mute_person", person=guest.id)  # already: nothing happens
    assert not [x for x in await at_guest.all_until_pong() if x["type"] == "muted_by"]
    await at_guest.send("voice_mute", muted=False)
    while (await table.at_host.expect("person"))["person"]["voice"] != "on":
        pass
    assert media.muted == set()


async def test_viewers_of_a_live_have_no_microphone(table: Any, guest: Any) -> None:
    live = await table.house.live(table.host)
    at_host = await table.house.enter(table.host, f"live/{live.id}")
    await table.house.enter(guest, f"live/{live.id}")
    assert await at_host.refused("mute_person", person=guest.id) == "voice.off"


# ---------------------------------------------------------------------------------------- removing


async def test_who_is_removed_is_gone_with_all_sockets_and_may_come_back(
    table: Any, guest: Any, at_guest: Any
) -> None:
    other_tab = await table.house.enter(guest, table.room)
    await at_guest.ask("voice_offer", "voice_answer", sdp="v=0")
    await table.at_host.send("remove", person=guest.id)
    for talker in (at_guest, other_tab):
        assert (await talker.expect("ended"))["code"] == "room.removed"
        assert await talker.refused("chat", text="왜요?") == "room.not_joined"
    await table.at_host.expect("gone", id=guest.id)
    await table.at_host.all_until_pong()
    assert table.house.media.peers == {}
    assert await join_code(table.house, guest, table.room) == "joined"


async def test_who_is_away_is_removed_too(table: Any, guest: Any, at_guest: Any) -> None:
    house = table.house
    lone, at_lone = await table.sit()
    await at_lone.drop()
    await table.at_host.expect("person", person=_away(lone))
    await table.at_host.send("remove", person=lone.id)
    await table.at_host.expect("gone", id=lone.id)
    assert await table.at_host.refused("remove", person=lone.id) == "room.unknown_person"
    assert await join_code(house, lone, table.room) == "joined"


def _away(who: Any) -> dict[str, Any]:
    state = {"id": who.id, "name": who.person.name, "kind": "guest", "host": False}
    return state | {"voice": "off", "away": True}


async def test_a_viewers_media_ends(house: Any) -> None:
    host = await house.member()
    viewer, room = await house.guest(), f"live/{(await house.live(host)).id}"
    at_host, at_viewer = await house.enter(host, room), await house.enter(viewer, room)
    for peer in (f"{viewer.id}:a", f"{viewer.id}:b", f"{viewer.id}x:c"):
        await house.media.answer(RoomKey(room), PeerKey(peer), "watch", "v=0")
    await at_host.send("remove", person=viewer.id)
    assert (await at_viewer.expect("ended"))["code"] == "room.removed"
    await at_host.all_until_pong()
    assert [peer for _, peer in house.media.peers] == [f"{viewer.id}x:c"]


# ----------------------------------------------------------------------------------------- banning


async def test_a_ban_keeps_out_until_it_is_lifted(table: Any, guest: Any, at_guest: Any) -> None:
    house = table.house
    await table.at_host.send("ban", person=guest.id)
    assert (await at_guest.expect("ended"))["code"] == "room.banned"
    assert await banned(table.at_host) == [guest.id]
    assert await join_code(house, guest, table.room) == "room.banned"
    assert await join_code(house, guest, f"map/{(await house.share_map(table.host)).id}") == (
        "joined"
    )
    await table.at_host.send("unban", person=guest.id)
    assert await banned(table.at_host) == []
    assert await join_code(house, guest, table.room) == "joined"


async def test_another_name_does_not_help(table: Any, guest: Any, at_guest: Any) -> None:
    house = table.house
    neighbour = await house.guest("이웃")
    await house.pass_time(1)
    await table.at_host.send("ban", person=guest.id)
    await table.at_host.expect("bans")
    await house.pass_time(1)
    again = await house.guest("새 이름")
    assert await join_code(house, again, table.room, HOME) == "room.network_banned"
    assert await join_code(house, again, table.room, CAFE) == "joined"
    assert await join_code(house, neighbour, table.room, HOME) == "joined"
    assert await join_code(house, await house.member(), table.room, HOME) == "joined"


async def test_who_left_is_banned_by_what_they_said(table: Any) -> None:
    house = table.house
    gone, at_gone = await table.sit()
    await at_gone.ask("chat", "chatted", text="메롱")
    await at_gone.send("leave")
    await table.at_host.expect("gone", id=gone.id)
    assert await table.at_host.refused("remove", person=gone.id) == "room.unknown_person"
    await table.at_host.send("ban", person=gone.id)
    assert await banned(table.at_host) == [gone.id]
    assert await join_code(house, gone, table.room) == "room.banned"


async def test_a_banned_one_does_not_slip_in_meanwhile(
    table: Any, guest: Any, at_guest: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ban comes after the door has looked, and before the room is entered."""
    house, rooms = table.house, table.house.hub.rooms
    opened = rooms._open

    async def open_late(key: Any, visit: Any) -> Any:
        room = await opened(key, visit)
        monkeypatch.setattr(rooms, "_open", opened)
        await table.at_host.send("ban", person=guest.id)
        await banned(table.at_host)
        return room

    monkeypatch.setattr(rooms, "_open", open_late)
    assert await join_code(house, guest, table.room) == "room.banned"


async def test_a_room_that_ended_forgets_its_bans(table: Any, guest: Any, at_guest: Any) -> None:
    house = table.house
    await table.at_host.send("ban", person=guest.id)
    await banned(table.at_host)
    await house.hub._clear(RoomKey(table.room))
    assert await house.hub._bans.all(table.room) == ()


# ------------------------------------------------------------------------------------ what is said


async def test_a_deleted_line_is_gone_for_everybody(table: Any, guest: Any, at_guest: Any) -> None:
    said = await at_guest.ask("chat", "chatted", text="아차", nonce="k")
    line = said["chat"]["id"]
    await at_guest.ask("chat", "chatted", text="괜찮은 말", nonce="l")
    await table.at_host.send("delete_chat", chat=line)
    for talker in (at_guest, table.at_host):
        assert (await talker.expect("chat_deleted"))["id"] == line
    assert await table.at_host.refused("delete_chat", chat=line) == "chat.unknown"
    assert await table.at_host.refused("delete_chat", chat="c-99") == "chat.unknown"
    assert await table.at_host.refused("delete_chat", chat="17") == "message.malformed"
    assert await at_guest.refused("chat", text="아차", nonce="k") == "chat.deleted"
    assert [each["text"] for each in (await at_guest.join(table.room))["chat"]] == ["괜찮은 말"]


async def test_a_live_tells_its_host_who_is_there(house: Any) -> None:
    host = await house.member("지민")
    room = f"live/{(await house.live(host)).id}"
    at_host = await house.enter(host, room)
    await house.enter(None, room)
    sky = await house.guest("하늘")
    await house.enter(sky, room)
    people = (await at_host.ask("list_people", "people"))["people"]
    assert [each["name"] for each in people] == ["하늘", "지민"]
