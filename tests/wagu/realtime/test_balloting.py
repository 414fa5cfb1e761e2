"""Nominating and voting over real sockets."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.wagu.realtime.ballots import AT, NAME, is_closed, is_empty, nominated
from wagu.domain.place import Point


async def test_a_nomination_reaches_everyone(table: Any) -> None:
    guest, at_guest = await table.sit()
    await at_guest.send("nominate", name=" 을지  면옥 ", at=AT, category="한식")
    for talker in (at_guest, table.at_host):
        assert (await talker.expect("ballot"))["ballot"] == {
            "round": 1,
            "phase": "open",
            "nominees": [
                {
                    "id": "n-1",
                    "name": "을지 면옥",
                    "at": AT,
                    "place_id": None,
                    "category": "한식",
                    "by": guest.id,
                    "by_name": "하늘",
                }
            ],
            "done": [],
            "result": None,
        }


async def test_a_known_place_is_taken_from_our_records(table: Any) -> None:
    place = await table.house.places.create(
        name="우래옥",
        at=Point(37.5681, 126.9986),
        category="한식",
        address=None,
        created_by=table.host.person.member_id,
        now=1.0,
    )
    ballot = await table.at_host.ask(
        "nominate", "ballot", name="거짓말", at=[0, 0], place_id=place.id, category="분식"
    )
    (nominee,) = ballot["ballot"]["nominees"]
    assert (nominee["name"], nominee["at"]) == ("우래옥", [37.5681, 126.9986])
    assert (nominee["place_id"], nominee["category"]) == (place.id, "한식")


async def places(table: Any) -> list[str]:
    page = await table.house.places.search(text="", box=None, limit=100, after=None)
    return [place.name for place in page.places]


async def test_what_a_member_taps_becomes_a_known_place(table: Any) -> None:
    ballot = await table.at_host.ask("nominate", "ballot", name=NAME, at=AT, category="한식")
    place = await table.house.places.get(ballot["ballot"]["nominees"][0]["place_id"])
    assert (place.name, place.at, place.category) == (NAME, Point(*AT), "한식")


async def test_a_member_teaches_each_place_once(table: Any) -> None:
    first = await table.at_host.ask("nominate", "ballot", name=NAME, at=AT)
    other = await table.house.share_map(table.host)
    await table.at_host.join(f"map/{other.id}")
    near = [AT[0] + 0.0001, AT[1]]
    again = await table.at_host.ask("nominate", "ballot", name="을지면옥", at=near)
    assert again["ballot"]["nominees"][0]["place_id"] == first["ballot"]["nominees"][0]["place_id"]
    assert await places(table) == [NAME]


async def test_what_a_guest_taps_does_not(table: Any) -> None:
    _, at_guest = await table.sit()
    await nominated(at_guest)
    assert await places(table) == []


async def test_a_refused_nomination_leaves_no_place_behind(table: Any) -> None:
    await table.at_host.send("close_ballot")
    await table.at_host.expect("ballot")
    assert await table.at_host.refused("nominate", name=NAME, at=AT) == "ballot.closed"
    assert await places(table) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": " ", "at": AT}, "place.bad_name"),
        ({"name": "가" * 61, "at": AT}, "place.bad_name"),
        ({"name": "a\u0000b", "at": AT}, "place.bad_name"),
        ({"name": NAME, "at": AT, "category": "가" * 21}, "place.bad_category"),
        ({"name": NAME, "at": AT, "place_id": 999}, "place.unknown"),
        ({"name": NAME, "at": AT, "place_id": 2**53}, "place.unknown"),
        ({"name": NAME, "at": [91, 0]}, "message.malformed"),
        ({"name": NAME, "at": [0, 181]}, "message.malformed"),
        ({"name": NAME, "at": AT, "place_id": 0}, "message.malformed"),
    ],
)
async def test_what_cannot_be_nominated(table: Any, fields: dict[str, Any], code: str) -> None:
    assert await table.at_host.refused("nominate", **fields) == code


async def test_ten_at_most_and_none_twice(table: Any) -> None:
    for number in range(10):
        await nominated(table.at_host, f"식당 {number}")
    assert await table.at_host.refused("nominate", name="식당 3", at=AT) == (
        "ballot.already_nominated"
    )
    assert await table.at_host.refused("nominate", name="열한째", at=AT) == "ballot.full"


async def test_who_may_withdraw(table: Any) -> None:
    _, one = await table.sit()
    _, other = await table.sit()
    nominee = await nominated(one)
    assert await other.refused("withdraw", nominee=nominee) == "ballot.not_yours"
    assert await other.refused("withdraw", nominee="n-9") == "ballot.unknown_nominee"
    await one.send("withdraw", nominee=nominee)
    await other.ballot(is_empty)
    await one.ballot(is_empty)
    nominee = await nominated(one)
    await table.at_host.send("withdraw", nominee=nominee)
    await one.ballot(is_empty)


async def test_votes_are_told_to_their_owner_only(table: Any) -> None:
    guest, first = await table.sit()
    nominee = await nominated(table.at_host)
    second = await table.house.enter(guest, table.room)
    await first.send("vote", nominee=nominee, on=True)
    for talker in (first, second):
        assert await talker.expect("votes") == {"type": "votes", "round": 1, "mine": [nominee]}
    assert not any(each["type"] == "votes" for each in await table.at_host.all_until_pong())
    await first.send("vote", nominee=nominee, on=True)
    assert (await first.expect("votes"))["mine"] == [nominee]
    await first.send("vote", nominee=nominee, on=False)
    assert (await first.expect("votes"))["mine"] == []


async def test_my_votes_are_there_when_i_come_back(table: Any) -> None:
    guest, at_guest = await table.sit()
    nominee = await nominated(at_guest)
    await at_guest.ask("vote", "votes", nominee=nominee, on=True)
    await at_guest.drop()
    again = await table.house.enter(guest, table.room)
    assert again.heard[-1]["mine"] == [nominee]
    assert (await table.at_host.join(table.room))["mine"] == []


async def test_when_all_are_done_the_result_comes_to_all(table: Any) -> None:
    _, at_guest = await table.sit()
    one = await nominated(table.at_host, "가")
    two = await nominated(table.at_host, "나")
    await table.at_host.ask("vote", "votes", nominee=one, on=True)
    await at_guest.ask("vote", "votes", nominee=one, on=True)
    await at_guest.ask("vote", "votes", nominee=two, on=True)
    await table.at_host.send("done", on=True)
    ballot = await at_guest.ballot(lambda each: each["done"] != [])
    assert (ballot["phase"], ballot["done"], ballot["result"]) == ("open", [table.host.id], None)
    await at_guest.send("done", on=True)
    results = [await talker.ballot(is_closed) for talker in (at_guest, table.at_host)]
    assert results[0] == results[1]
    assert results[0]["result"] == {"counts": {one: 2, two: 1}, "winners": [one], "voters": 2}
    assert await at_guest.refused("vote", nominee=two, on=False) == "ballot.closed"
    assert await at_guest.refused("done", on=False) == "ballot.closed"


async def test_not_done_after_all(table: Any) -> None:
    guest, at_guest = await table.sit()
    await nominated(table.at_host)
    await at_guest.send("done", on=True)
    await at_guest.ballot(lambda each: each["done"] == [guest.id])
    await at_guest.send("done", on=False)
    await at_guest.ballot(lambda each: each["done"] == [])
    await table.at_host.send("done", on=True)
    await table.at_host.expect("ballot")
    assert (await table.at_host.join(table.room))["ballot"]["phase"] == "open"


async def test_done_wants_something_to_be_done_about(table: Any) -> None:
    assert await table.at_host.refused("done", on=True) == "ballot.empty"


async def test_it_closes_when_the_last_undecided_leaves(table: Any) -> None:
    _, at_guest = await table.sit()
    await nominated(table.at_host)
    await table.at_host.ask("done", "ballot", on=True)
    await at_guest.send("leave")
    assert (await table.at_host.ballot(is_closed))["result"]["winners"] == []


async def lost(table: Any, talker: Any) -> None:
    await talker.drop()
    while not (await table.at_host.expect("person"))["person"]["away"]:
        pass


async def test_it_waits_for_the_away_and_closes_when_they_are_gone(table: Any) -> None:
    _, at_guest = await table.sit()
    await nominated(table.at_host)
    await table.at_host.ask("done", "ballot", on=True)
    await lost(table, at_guest)
    await table.house.pass_time(14)
    assert (await table.at_host.join(table.room))["ballot"]["phase"] == "open"
    await table.house.pass_time(1.1)
    await table.at_host.ballot(is_closed)


async def test_a_reload_closes_nothing(table: Any) -> None:
    _, at_other = await table.sit()
    guest, at_guest = await table.sit()
    nominee = await nominated(table.at_host)
    for talker in (table.at_host, at_other):
        await talker.send("done", on=True)
        await talker.ballot(lambda each: each["done"] != [])
    await lost(table, at_guest)
    await table.house.hub.settle()
    again = await table.house.enter(guest, table.room)
    assert again.heard[-1]["ballot"]["phase"] == "open"
    await table.house.pass_time(20)
    await again.ask("vote", "votes", nominee=nominee, on=True)
    await again.send("done", on=True)
    assert (await table.at_host.ballot(is_closed))["result"]["counts"] == {nominee: 1}


async def test_a_second_tab_that_closes_closes_nothing(table: Any) -> None:
    guest, at_guest = await table.sit()
    second = await table.house.enter(guest, table.room)
    await nominated(table.at_host)
    await table.at_host.ask("done", "ballot", on=True)
    await second.drop()
    await at_guest.all_until_pong()
    await table.house.pass_time(20)
    assert (await table.at_host.join(table.room))["ballot"]["phase"] == "open"


async def test_only_the_host_closes(table: Any) -> None:
    _, at_guest = await table.sit()
    nominee = await nominated(at_guest)
    await at_guest.ask("vote", "votes", nominee=nominee, on=True)
    assert await at_guest.refused("close_ballot") == "ballot.not_host"
    await table.at_host.send("close_ballot")
    assert (await at_guest.ballot(is_closed))["result"]["counts"] == {nominee: 1}


async def test_one_result_however_many_close_it(table: Any) -> None:
    _, at_guest = await table.sit()
    await nominated(table.at_host)
    await table.at_host.ask("done", "ballot", on=True)
    second = await table.house.enter(table.host, table.room)
    await asyncio.gather(
        at_guest.send("done", on=True),
        table.at_host.send("close_ballot"),
        second.send("close_ballot"),
        at_guest.send("leave"),
    )
    await table.at_host.ballot(is_closed)
    await second.all_until_pong()
    await table.house.hub.settle()
    later = await table.at_host.all_until_pong()
    assert not any(each["type"] == "ballot" for each in later)


async def test_a_run_off(table: Any) -> None:
    _, at_guest = await table.sit()
    one, two, three = [await nominated(table.at_host, name) for name in ("가", "나", "다")]
    await at_guest.ask("vote", "votes", nominee=one, on=True)
    await table.at_host.ask("vote", "votes", nominee=two, on=True)
    assert await table.at_host.refused("new_ballot", keep=[]) == "ballot.open"
    await table.at_host.send("close_ballot")
    assert (await at_guest.ballot(is_closed))["result"]["winners"] == [one, two]
    assert await at_guest.refused("new_ballot", keep=[one]) == "ballot.not_host"
    assert await table.at_host.refused("new_ballot", keep=["n-9"]) == "ballot.unknown_nominee"
    await table.at_host.send("new_ballot", keep=[one, two])
    ballot = await at_guest.ballot(lambda each: each["round"] == 2)
    assert (ballot["round"], ballot["result"], ballot["done"]) == (2, None, [])
    assert [each["id"] for each in ballot["nominees"]] == [one, two]
    assert await at_guest.refused("vote", nominee=three, on=True) == "ballot.unknown_nominee"
    assert (await at_guest.join(table.room))["mine"] == []
    assert (await at_guest.ask("vote", "votes", nominee=two, on=True))["round"] == 2


async def test_there_is_no_ballot_in_a_live(table: Any) -> None:
    live = await table.house.live(table.host)
    await table.at_host.join(f"live/{live.id}")
    for type_, fields in (
        ("nominate", {"name": NAME, "at": AT}),
        ("withdraw", {"nominee": "n-1"}),
        ("vote", {"nominee": "n-1", "on": True}),
        ("done", {"on": True}),
        ("close_ballot", {}),
        ("new_ballot", {"keep": []}),
    ):
        assert await table.at_host.refused(type_, **fields) == "room.not_a_map"
