"""Rooms without I/O: what a moment cannot show over a socket."""

from __future__ import annotations

from typing import Any

import pytest

from wagu.domain.ballot import Ballot, Mine, Nomination, NomineeId
from wagu.domain.person import Person, PersonId, PersonRef
from wagu.ephemeral.chats import ChatLine
from wagu.ephemeral.share_maps import ShareMap
from wagu.errors import Conflict
from wagu.media_backend.base import RoomKey
from wagu.realtime import messages as m
from wagu.realtime import states as s
from wagu.realtime.map_room import MapRoom
from wagu.realtime.room import SOCKETS_PER_PERSON, SocketId, ToAll, ToPerson

A = Person(PersonId("g_a"), "guest", "하늘")
B = Person(PersonId("g_b"), "guest", "민수")
VIEWER = Person(PersonId("v_1"), "viewer", "")


def socket(number: int) -> SocketId:
    return SocketId(f"s{number}")


@pytest.fixture
def room() -> MapRoom:
    host = PersonRef(PersonId("m_1"), "지민")
    share_map = ShareMap("x", "금요일", host, False, 0.0, 0.0)
    return MapRoom(RoomKey("map/x"), share_map, [], Ballot().view())


def told(effects: list[Any]) -> list[str]:
    return [type(effect.message).__name__ for effect in effects]


def test_nothing_that_did_not_change_is_told(room: MapRoom) -> None:
    assert told(room.enter(socket(1), A, host=False)) == ["PersonMessage"]
    assert room.enter(socket(1), A, host=False) == []
    assert room.enter(socket(2), A, host=False) == []
    assert room.lose(socket(1), 0.0) == []
    assert room.set_voice(socket(2), "off") == []
    assert room.rename(A) == []
    assert room.rename(B) == []


def test_the_loudest_socket_counts(room: MapRoom) -> None:
    room.enter(socket(1), A, host=False)
    room.enter(socket(2), A, host=False)
    room.set_voice(socket(1), "muted")
    room.set_voice(socket(2), "on")
    assert room.people(9)[0].voice == "on"
    room.lose(socket(2), 0.0)
    assert room.people(9)[0].voice == "muted"
    room.lose(socket(1), 0.0)
    assert room.people(9)[0].voice == "off"


def test_away_for_15_s_and_not_a_moment_less(room: MapRoom) -> None:
    room.enter(socket(1), A, host=False)
    assert told(room.lose(socket(1), 100.0)) == ["PersonMessage"]
    assert room.present() == frozenset()
    assert room.tick(114.9) == []
    assert told(room.tick(115.0)) == ["Gone"]
    assert room.size == 0
    assert room.tick(115.0) == []


def test_the_anonymous_have_nothing_to_come_back_to(room: MapRoom) -> None:
    room.enter(socket(1), VIEWER, host=False)
    assert told(room.lose(socket(1), 0.0)) == ["Gone"]


def test_going_twice_is_going_once(room: MapRoom) -> None:
    room.enter(socket(1), A, host=False)
    room.leave(socket(1))
    assert room.leave(socket(1)) == []
    assert room.lose(socket(1), 0.0) == []


def test_one_person_has_ten_sockets_at_most(room: MapRoom) -> None:
    for number in range(SOCKETS_PER_PERSON):
        room.enter(socket(number), A, host=False)
    with pytest.raises(Conflict):
        room.enter(socket(99), A, host=False)
    room.enter(socket(0), A, host=False)


def test_an_older_ballot_never_follows_a_newer(room: MapRoom) -> None:
    one = Ballot().nominate(Nomination("가", (0.0, 0.0), A.id))
    two = one.nominate(Nomination("나", (0.0, 0.0), A.id))
    assert told(room.take_ballot(two.view())) == ["BallotMessage"]
    assert room.take_ballot(one.view()) == []
    assert room.take_ballot(two.view()) == []
    assert len(room.ballot.nominees) == 2


def test_older_votes_never_follow_newer(room: MapRoom) -> None:
    room.enter(socket(1), A, host=False)
    n1 = NomineeId("n-1")
    room.take_votes(A.id, Mine(1, 5, (n1,)))
    (late,) = room.take_votes(A.id, Mine(1, 4, ()))
    assert late == ToPerson(A.id, m.Votes(1, ["n-1"]))
    assert room.joined(socket(1), Mine(1, 3, ()), 0.0).mine == ["n-1"]


def test_votes_of_a_former_round_are_not_mine(room: MapRoom) -> None:
    room.enter(socket(1), A, host=False)
    room.take_votes(A.id, Mine(1, 5, (NomineeId("n-1"),)))
    room.take_ballot(Ballot(round=2, version=9).view())
    assert room.joined(socket(1), Mine(2, 9, ()), 0.0).mine == []


def test_lines_that_overtook_each_other_are_kept_in_order(room: MapRoom) -> None:
    author = PersonRef(A.id, A.name)
    for number in (1, 3, 2, 4):
        (effect,) = room.said(ChatLine(number, author, "", 0.0), "k")
        assert isinstance(effect, ToAll)
    assert [line.number for line in room.chat] == [1, 2, 3, 4]


def test_a_newcomer_is_told_to_all_but_itself(room: MapRoom) -> None:
    (effect,) = room.enter(socket(1), A, host=True)
    assert isinstance(effect, ToAll)
    assert effect.but == socket(1)
    assert effect.message == m.PersonMessage(
        s.PersonState("g_a", "하늘", "guest", True, "off", False)
    )
