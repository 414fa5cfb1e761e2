"""Who of a room is told: those who are in it now, however often it was told something before."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest

from wagu.domain.ballot import Ballot
from wagu.domain.person import Person, PersonId, PersonRef
from wagu.ephemeral.share_maps import ShareMap
from wagu.media_backend.base import RoomKey
from wagu.realtime.delivery import Delivery
from wagu.realtime.map_room import MapRoom
from wagu.realtime.room import Room, SocketId


@pytest.fixture
def delivery() -> Delivery:
    return Delivery(lambda: 0.0)


@pytest.fixture
def room() -> MapRoom:
    host = PersonRef(PersonId("m_1"), "지민")
    share_map = ShareMap("x", "금요일", host, False, 0.0, 0.0)
    return MapRoom(RoomKey("map/x"), share_map, [], Ballot().view())


def enter(delivery: Delivery, room: Room, number: int) -> Any:
    """A client of a person of its own."""
    client = Mock(id=SocketId(f"s{number}"), room=room)
    delivery.add(client)
    room.enter(client.id, Person(PersonId(f"g_{number}"), "guest", "하늘"), host=False)
    return client


def test_who_came_and_who_left(delivery: Delivery, room: MapRoom) -> None:
    first = enter(delivery, room, 1)
    assert delivery.clients_in(room) == (first,)
    second = enter(delivery, room, 2)
    assert delivery.clients_in(room) == (first, second)
    room.lose(first.id, 0.0)
    assert delivery.clients_in(room) == (second,)
    room.expel(PersonId("g_2"))
    assert delivery.clients_in(room) == ()


def test_a_closed_socket_is_told_nothing_while_it_still_sits(
    delivery: Delivery, room: MapRoom
) -> None:
    first, second = enter(delivery, room, 1), enter(delivery, room, 2)
    assert delivery.clients_in(room) == (first, second)
    delivery.remove(first)
    assert delivery.clients_in(room) == (second,)


def test_two_rooms_are_two(delivery: Delivery, room: MapRoom) -> None:
    other = MapRoom(RoomKey("map/y"), room.share_map, [], Ballot().view())
    first, second = enter(delivery, room, 1), enter(delivery, other, 2)
    for _ in range(2):
        assert delivery.clients_in(room) == (first,)
        assert delivery.clients_in(other) == (second,)
