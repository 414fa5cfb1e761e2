"""What `scripts/bench scale` reckons with: sums to be checked by hand, and who gets a room."""

from __future__ import annotations

from random import Random

import pytest

from benches.paper import costs, mix
from benches.paper.limits import full_at, growing, needs
from benches.paper.load import hearing, loads, shared
from benches.paper.meeting import meeting
from benches.paper.mix import MIX, Room, rooms
from benches.paper.placement import Fleet, Placement, place

VOICE = Room("map/a", "voice", 4)
LIVE = Room("live/b", "live", 1000)


async def placed(nodes: int, seed: int = 1, web: int = 0) -> tuple[list[Room], Placement]:
    chance = Random(seed)
    made = rooms(nodes, MIX, chance)
    return made, await place(made, nodes, chance, within=8.0, web=web)


async def test_everybody_is_with_the_room_or_comes_through_another_node() -> None:
    made, placement = await placed(5)
    for number, room in enumerate(made):
        assert placement.here[number] + placement.through[number] == room.sockets
        assert sum(doors.get(number, 0) for doors in placement.doors) == placement.through[number]
        assert number not in placement.doors[placement.owners[number]]
    assert 0.1 < sum(placement.here) / sum(room.sockets for room in made) < 0.3, "one in five"


async def test_the_same_seed_is_the_same_placement() -> None:
    (_, once), (_, again), (_, other) = [await placed(5, seed, web=2) for seed in (1, 1, 2)]
    assert once == again != other


async def test_alone_nothing_comes_through_another() -> None:
    made, placement = await placed(1)
    assert placement.owners == [0] * len(made)
    assert not any(placement.through)


async def test_nodes_for_the_web_keep_no_rooms() -> None:
    made, placement = await placed(5, web=2)
    assert set(placement.owners) <= {2, 3, 4}
    assert not any(placement.here)
    assert all(node.rooms == 0 for node in loads(made, placement, web=2)[:2])


async def test_of_two_nodes_the_emptier_gets_all_rooms_between_two_beats() -> None:
    fleet = Fleet(3, web=1)
    first = await fleet.enter(0, "map/first")
    await fleet.pass_time(fleet.now + 1.0)
    assert {await fleet.enter(0, f"live/{n}") for n in range(9)} == {3 - first}


async def test_leases_are_kept_for_as_long_as_rooms_are_used() -> None:
    fleet = Fleet(2, web=0)
    assert await fleet.enter(0, "map/a") == 0
    await fleet.pass_time(fleet.now + 60.0)
    assert await fleet.enter(1, "map/a") == 0


def test_a_table_of_four_costs_what_its_packets_do() -> None:
    (node,) = loads([VOICE], Placement([0], [4], [0], [{}]))
    assert node.cpu["media"] == pytest.approx(4 * 3 * 50 * costs.VOICE_PACKET / 1e6)
    assert node.memory == costs.NODE_MEMORY + 4 * (costs.SOCKET_MEMORY + costs.VOICE_MEMORY)
    assert "passing" not in node.cpu


def test_a_socket_through_another_node_costs_both() -> None:
    room, door = loads([VOICE], Placement([0], [1], [3], [{}, {0: 3}]))
    (alone,) = loads([VOICE], Placement([0], [4], [0], [{}]))
    assert room.cpu["sockets"] == pytest.approx(alone.cpu["sockets"])
    assert door.cpu["passing"] > room.cpu["sockets"] * 3 / 4
    assert door.rooms == 0


def test_who_comes_late_to_a_live_is_no_peer() -> None:
    (many,) = loads([LIVE], Placement([0], [1001], [0], [{}]))
    some = Room("live/c", "live", mix.WEBRTC_MAX)
    (fewer,) = loads([some], Placement([0], [201], [0], [{}]))
    assert many.cpu["media"] == fewer.cpu["media"] > 0.5
    assert many.cpu["sockets"] > fewer.cpu["sockets"]


def test_what_each_says_is_told_to_each() -> None:
    few, many = shared([VOICE] * 10, 10), shared([VOICE] * 100, 100)
    assert many.heard == pytest.approx(100 * few.heard)
    assert many.cpu["beats"] == pytest.approx(100 * few.cpu["beats"])
    assert many.cpu["votes"] == pytest.approx(10 * few.cpu["votes"])
    grown = growing(few, 10)
    assert grown["core of Redis"](100) == pytest.approx(many.busy)


async def test_what_is_full_first_comes_first() -> None:
    made, placement = await placed(3)
    found = needs(loads(made, placement), shared(made, 3))
    assert [each.share for each in found] == sorted((each.share for each in found), reverse=True)


@pytest.mark.parametrize("share_of_one", [0.3, 0.01, 1 / 7])
def test_full_is_the_first_that_does_not_fit(share_of_one: float) -> None:
    def share(nodes: int) -> float:
        return nodes * share_of_one

    found = full_at(share)
    assert found is not None
    assert share(found - 1) <= 1 < share(found)
    assert full_at(lambda _nodes: 0.9) is None


def test_curves_go_through_what_was_measured() -> None:
    for count, total in costs.SOURCE_PACKET:
        assert costs.at(costs.SOURCE_PACKET, count) == total
    assert costs.at(((0, 0), (10, 50)), 4) == 20
    assert costs.at(((0, 0), (10, 50)), 20) == 100
    assert hearing(2000) == pytest.approx(2 * hearing(1000))


@pytest.mark.parametrize("nodes", [1, 4, 7])
async def test_nodes_that_start_at_once_know_each_other_by_one_beat_each(nodes: int) -> None:
    assert await meeting(nodes) == nodes
