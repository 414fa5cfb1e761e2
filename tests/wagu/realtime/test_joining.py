"""Entering, leaving, being away, and the end of a room, over real sockets."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from wagu.bus import PersonRenamed, SessionEnded, ShareMapEnded
from wagu.domain.turn import Turn, password
from wagu.errors import Unavailable
from wagu.realtime.map_room import MapRoom


async def test_joined_carries_the_whole_state(house: Any) -> None:
    host = await house.member("지민")
    share_map = await house.share_map(host, "금요일 저녁")
    talker = await house.connect(host)
    joined = await talker.ask("join", "joined", room=f"map/{share_map.id}", n=1)
    now, expires_at = joined.pop("now"), joined.pop("expires_at")
    assert abs(now - house.clock() * 1000) < 5000
    assert expires_at == round(share_map.expires_at * 1000)
    assert joined == {
        "type": "joined",
        "room": f"map/{share_map.id}",
        "you": {"id": host.id, "name": "지민", "kind": "member", "host": True, "moderator": True},
        "title": "금요일 저녁",
        "require_account": False,
        "people": [
            {
                "id": host.id,
                "name": "지민",
                "kind": "member",
                "host": True,
                "voice": "off",
                "away": False,
            }
        ],
        "presence": {},
        "chat": [],
        "ballot": {"round": 1, "phase": "open", "nominees": [], "done": [], "result": None},
        "mine": [],
        "live": None,
        "stage": None,
        "ice_servers": [],
    }


async def test_others_learn_who_came_and_who_left(table: Any) -> None:
    guest, at_guest = await table.sit()
    came = await table.at_host.expect("person")
    assert came["person"] == {
        "id": guest.id,
        "name": "하늘",
        "kind": "guest",
        "host": False,
        "voice": "off",
        "away": False,
    }
    await at_guest.send("leave")
    assert await table.at_host.expect("gone") == {"type": "gone", "id": guest.id}


async def test_the_newcomer_is_not_told_of_itself(table: Any) -> None:
    _, at_guest = await table.sit()
    assert await at_guest.all_until_pong() == []


@pytest.mark.parametrize(
    ("room", "code"),
    [
        ("map/AAAAAAAAAAAAAAAAAAAAAA", "share_map.unknown"),
        ("live/AAAAAAAAAAAAAAAAAAAAAA", "live.unknown"),
    ],
)
async def test_unknown_rooms(house: Any, room: str, code: str) -> None:
    talker = await house.connect(await house.guest())
    assert await talker.refused("join", room=room) == code


async def test_an_expired_and_an_ended_map_say_which(house: Any) -> None:
    host = await house.member()
    expired, ended = await house.share_map(host), await house.share_map(host)
    await house.share_maps.end(ended.id)
    house.clock.ahead += 3601
    talker = await house.connect(host)
    assert await talker.refused("join", room=f"map/{expired.id}") == "share_map.expired"
    assert await talker.refused("join", room=f"map/{ended.id}") == "share_map.ended"


async def test_the_anonymous_may_not_enter_a_map(table: Any) -> None:
    talker = await table.house.connect()
    assert await talker.refused("join", room=table.room) == "auth.required"


async def test_a_map_may_ask_for_an_account(house: Any) -> None:
    host = await house.member()
    share_map = await house.share_map(host, require_account=True)
    at_guest = await house.connect(await house.guest())
    room = f"map/{share_map.id}"
    assert await at_guest.refused("join", room=room) == "share_map.account_required"
    at_member = await house.connect(await house.member("민수"))
    assert (await at_member.join(room))["require_account"] is True


async def test_a_person_with_two_sockets_is_one_person(table: Any) -> None:
    guest, first = await table.sit()
    await table.at_host.expect("person")
    second = await table.house.enter(guest, table.room)
    joined = second.heard[-1]
    assert [each["id"] for each in joined["people"]] == [table.host.id, guest.id]
    await first.send("leave")
    await first.all_until_pong()
    assert await table.at_host.all_until_pong() == []
    await second.send("leave")
    await table.at_host.expect("gone", id=guest.id)


async def test_a_lost_connection_is_away_and_then_gone(table: Any) -> None:
    guest, at_guest = await table.sit()
    await table.at_host.expect("person")
    await at_guest.drop()
    away = await table.at_host.expect("person")
    assert away["person"]["away"] is True
    await table.house.pass_time(14)
    assert await table.at_host.all_until_pong() == []
    await table.house.pass_time(1.1)
    await table.at_host.expect("gone", id=guest.id)


async def test_who_comes_back_in_time_was_never_gone(table: Any) -> None:
    guest, at_guest = await table.sit()
    await at_guest.send("look", at=[37.5, 127.0])
    await table.at_host.expect("presence")
    await at_guest.drop()
    while not (await table.at_host.expect("person"))["person"]["away"]:
        pass
    back = await table.house.enter(guest, table.room)
    assert guest.id in back.heard[-1]["presence"]
    again = await table.at_host.expect("person")
    assert (again["person"]["id"], again["person"]["away"]) == (guest.id, False)
    await table.house.pass_time(20)
    assert await table.at_host.all_until_pong() == []


async def test_a_clean_close_without_leave_is_away_too(table: Any) -> None:
    """A reload closes the socket properly, and the person is back in a second."""
    _, at_guest = await table.sit()
    await table.at_host.expect("person")
    await at_guest.ws.close()
    assert (await table.at_host.expect("person"))["person"]["away"] is True


async def test_joining_again_resumes(table: Any) -> None:
    await table.at_host.send("chat", text="여기 어때?", nonce="k")
    await table.at_host.expect("chatted")
    again = await table.at_host.join(table.room)
    assert [line["text"] for line in again["chat"]] == ["여기 어때?"]
    assert len(again["people"]) == 1


async def test_another_room_is_a_leave_of_the_first(table: Any) -> None:
    guest, at_guest = await table.sit()
    await table.at_host.expect("person")
    other = await table.house.share_map(table.host)
    await at_guest.join(f"map/{other.id}")
    await table.at_host.expect("gone", id=guest.id)


async def test_a_refused_join_leaves_one_where_one_was(table: Any) -> None:
    _, at_guest = await table.sit()
    assert await at_guest.refused("join", room="map/nope") == "share_map.unknown"
    await at_guest.ask("chat", "chatted", text="아직 여기")


async def test_many_may_open_a_room_at_the_same_moment(house: Any) -> None:
    host = await house.member()
    share_map = await house.share_map(host)
    guests = [await house.guest(f"손님 {number}") for number in range(20)]
    talkers = await asyncio.gather(*(house.enter(guest, f"map/{share_map.id}") for guest in guests))
    for talker in talkers:
        await talker.all_until_pong()
        seen = {each["id"] for each in talker.heard[0]["people"]} | {
            each["person"]["id"] for each in talker.heard if each["type"] == "person"
        }
        assert seen == {guest.id for guest in guests}


async def test_a_full_room_says_so(table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wagu.realtime.map_room.MapRoom.people_max", 2)
    guest, _ = await table.sit()
    late = await table.house.connect(await table.house.guest("늦은"))
    assert await late.refused("join", room=table.room) == "room.full"
    await table.house.enter(guest, table.room)  # a second tab takes no second seat


async def test_the_host_ends_the_map(table: Any) -> None:
    _, at_guest = await table.sit()
    await table.house.share_maps.end(table.share_map.id)
    table.house.bus.publish(ShareMapEnded(table.share_map.id))
    for talker in (table.at_host, at_guest):
        ended = await talker.expect("ended")
        assert (ended["code"], bool(ended["message"])) == ("share_map.ended", True)
        assert await talker.refused("chat", text="아직?") == "room.not_joined"
    assert await at_guest.refused("join", room=table.room) == "share_map.ended"
    await table.house.hub.settle()
    assert table.house.media.closed_rooms == [table.room]


async def test_an_ended_map_leaves_no_chat_behind(table: Any) -> None:
    await table.at_host.ask("chat", "chatted", text="비밀")
    await table.house.share_maps.end(table.share_map.id)
    table.house.bus.publish(ShareMapEnded(table.share_map.id))
    await table.at_host.expect("ended")
    await table.house.hub.settle()
    assert await table.house.store.tail(f"chat/{table.room}") == ()


async def test_being_there_keeps_a_map_alive(table: Any) -> None:
    for _ in range(10):
        await table.at_host.all_until_pong()  # or it would be silent for too long
        await table.house.pass_time(25)
    for _ in range(200):
        await table.at_host.all_until_pong()
        await table.house.pass_time(29.9)
    found = await table.house.share_maps.get(table.share_map.id)
    assert found.expires_at - table.house.clock() > 3500
    assert len(await table.house.store.tail(f"hosted/{table.host.id}")) == 1


async def test_what_is_kept_lives_as_long_as_its_map(table: Any) -> None:
    await table.at_host.ask("chat", "chatted", text="아침")
    await table.at_host.ask("nominate", "ballot", name="을지면옥", at=[37.5, 127.0])
    for _ in range(300):
        await table.at_host.all_until_pong()
        await table.house.pass_time(29.9)
    await table.at_host.send("leave")
    await table.at_host.all_until_pong()
    await table.house.pass_time(0)  # the room is read anew from the store
    again = await table.at_host.join(table.room)
    assert [line["text"] for line in again["chat"]] == ["아침"]
    assert len(again["ballot"]["nominees"]) == 1


async def test_a_map_nobody_is_in_expires(table: Any) -> None:
    await table.at_host.send("leave")
    await table.at_host.all_until_pong()
    await table.house.pass_time(3601)
    late = await table.house.connect(await table.house.guest())
    assert await late.refused("join", room=table.room) == "share_map.expired"


async def test_a_map_that_is_lost_ends_for_those_in_it(table: Any) -> None:
    await table.house.store.delete(f"share_map/{table.share_map.id}")
    await table.house.pass_time(1)
    await table.at_host.all_until_pong()
    await table.house.pass_time(29.5)
    assert (await table.at_host.expect("ended"))["code"] == "share_map.expired"


async def test_empty_rooms_are_forgotten(table: Any) -> None:
    assert table.house.hub.stats()["map_rooms"] == 1
    await table.at_host.send("leave")
    await table.at_host.all_until_pong()
    await table.house.pass_time(0)
    assert table.house.hub.stats() == {"sockets": 1, "map_rooms": 0, "live_rooms": 0, "people": 0}


async def test_a_new_name_is_told(table: Any) -> None:
    guest, at_guest = await table.sit()
    await table.at_host.expect("person")
    table.house.bus.publish(PersonRenamed(replace(guest.person, name="하늘이")))
    assert (await table.at_host.expect("person"))["person"]["name"] == "하늘이"
    said = await at_guest.ask("chat", "chatted", text="나야")
    assert said["chat"]["from"] == {"id": guest.id, "name": "하늘이"}


async def test_who_signs_out_loses_the_sockets_of_that_session_only(table: Any) -> None:
    guest, first = await table.sit()
    other_token = await table.house.sessions.start(guest.person)
    second = await table.house.enter(replace(guest, token=other_token), table.room)
    await table.house.sessions.end(guest.token)
    table.house.bus.publish(SessionEnded(guest.id))
    assert await first.closed() == 4001
    await second.ask("chat", "chatted", text="나는 아직")
    assert not any(each["type"] == "gone" for each in table.at_host.heard)


async def test_a_room_that_ends_while_one_enters_lets_nobody_in(table: Any) -> None:
    """The map ends between the look at it and the step into it."""
    house = table.house
    other = await house.share_map(table.host)
    found = house.share_maps.touch

    async def touch(map_id: str) -> Any:
        share_map = await found(map_id)
        house.share_maps.touch = found
        await house.share_maps.end(map_id)
        house.bus.publish(ShareMapEnded(map_id))
        return share_map

    house.share_maps.touch = touch
    talker = await house.connect(await house.guest())
    assert await talker.refused("join", room=f"map/{other.id}") == "share_map.ended"


async def still_here(table: Any, talker: Any) -> None:
    """Nobody was told that it left, and it can talk."""
    assert not any(each["type"] == "gone" for each in await table.at_host.all_until_pong())
    await talker.ask("chat", "chatted", text="아직 여기", nonce="here")
    await table.at_host.expect("chatted", nonce="here")


async def test_who_finds_the_next_room_full_stays_where_they_are(
    table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = table.house
    _, at_guest = await table.sit()
    other = f"map/{(await house.share_map(table.host)).id}"
    await house.enter(await house.guest(), other)
    monkeypatch.setattr(MapRoom, "people_max", 1)
    assert await at_guest.refused("join", room=other) == "room.full"
    await still_here(table, at_guest)


async def test_who_cannot_be_let_in_stays_where_they_are(table: Any) -> None:
    _, at_guest = await table.sit()
    assert await at_guest.refused("join", room="map/nope") == "share_map.unknown"
    await still_here(table, at_guest)


@pytest.mark.parametrize("reading", ["mine", "tail", "ballot"])
async def test_a_room_that_cannot_be_opened_takes_nobody_out_of_theirs(
    table: Any, reading: str
) -> None:
    _, at_guest = await table.sit()
    other = f"map/{(await table.house.share_map(table.host)).id}"

    async def away(*_: Any) -> Any:
        raise Unavailable("store.unavailable", "")

    setattr(table.house.store, reading, away)
    assert await at_guest.refused("join", room=other) == "store.unavailable"
    delattr(table.house.store, reading)
    await still_here(table, at_guest)


async def test_the_next_room_takes_the_voice_out_of_the_last(table: Any) -> None:
    _, at_guest = await table.sit()
    other = f"map/{(await table.house.share_map(table.host)).id}"
    await at_guest.ask("voice_offer", "voice_answer", sdp="v=0")
    joined = await at_guest.join(other)
    assert [each["voice"] for each in joined["people"]] == ["off"]
    await table.at_host.expect("gone")
    await table.house.until(lambda: not table.house.media.peers)


async def test_being_in_a_room_keeps_a_guest(table: Any) -> None:
    house = table.house
    outside, (inside, _) = await house.guest(), await table.sit()
    await house.hub.settle()
    house.clock.ahead += 3601
    assert await house.sessions.resolve(outside.token) is None
    assert await house.sessions.resolve(inside.token) == inside.person


async def test_a_session_that_cannot_be_kept_keeps_nobody_out(table: Any) -> None:
    guest = await table.house.guest()
    talker = await table.house.connect(guest)

    async def away(_: str) -> None:
        raise Unavailable("store.unavailable", "")

    table.house.sessions.keep = away
    await talker.join(table.room)
    await talker.ask("chat", "chatted", text="여기", nonce="k")


async def test_the_voice_of_a_map_gets_turn_servers(make_house: Any) -> None:
    turn = Turn(("turn:turn.example.org",), "north")
    async with make_house(turn=turn) as house:
        host = await house.member("지민")
        share_map = await house.share_map(host)
        live = await house.live(host)
        talker = await house.connect(host)
        (server,) = (await talker.join(f"map/{share_map.id}"))["ice_servers"]
        assert server["urls"] == ["turn:turn.example.org"]
        until, _, person = server["username"].partition(":")
        assert person == host.id
        assert abs(int(until) - house.clock() - 86_400) < 5
        assert server["credential"] == password("north", server["username"])
        assert (await talker.join(f"live/{live.id}"))["ice_servers"] == [], "tickets have them"
