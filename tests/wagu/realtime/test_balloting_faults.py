"""Ballots and chat over real sockets while the store is away, or loses its answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wagu.realtime.ballots import AT, NAME, is_closed, names_in, nominated
from wagu.errors import Unavailable


async def test_it_closes_later_if_the_store_was_away(table: Any) -> None:
    _, at_guest = await table.sit()
    await nominated(table.at_host)
    await table.at_host.ask("done", "ballot", on=True)
    store = table.house.store
    close = store.close_ballot

    async def away(*args: Any) -> Any:
        store.close_ballot = close
        raise Unavailable("store.unavailable", "")

    store.close_ballot = away
    await at_guest.send("leave")
    await table.at_host.expect("gone")
    await table.house.hub.settle()
    await table.house.pass_time(0)
    await table.at_host.ballot(is_closed)


def losing_answers(house: Any, operation: str, *, retries: bool) -> None:
    """The store does it once and the answer is lost: retried, as a client of Redis does, or not."""
    do = getattr(house.store, operation)

    async def lose(*args: Any, **kwargs: Any) -> Any:
        setattr(house.store, operation, do)
        await do(*args, **kwargs)
        if retries:
            return await do(*args, **kwargs)
        raise Unavailable("store.unavailable", "")

    setattr(house.store, operation, lose)


@pytest.mark.parametrize(
    ("retries", "code"), [(True, "ballot.already_nominated"), (False, "store.unavailable")]
)
async def test_a_nomination_whose_answer_was_lost_is_seen_by_all(
    table: Any, retries: bool, code: str
) -> None:
    _, at_guest = await table.sit()
    losing_answers(table.house, "nominate", retries=retries)
    assert await at_guest.refused("nominate", name=NAME, at=AT) == code
    for talker in (at_guest, table.at_host):
        await talker.ballot(lambda ballot: names_in(ballot) == [NAME])


@pytest.mark.parametrize(("retries", "code"), [(True, "ballot.open"), (False, "store.unavailable")])
async def test_a_next_round_whose_answer_was_lost_is_seen_by_all(
    table: Any, retries: bool, code: str
) -> None:
    _, at_guest = await table.sit()
    await table.at_host.send("close_ballot")
    await at_guest.ballot(is_closed)
    losing_answers(table.house, "next_round", retries=retries)
    assert await table.at_host.refused("new_ballot", keep=[]) == code
    for talker in (at_guest, table.at_host):
        await talker.ballot(lambda ballot: ballot["round"] == 2)


async def test_the_last_done_whose_answer_was_lost_closes_after_all(table: Any) -> None:
    await nominated(table.at_host)
    losing_answers(table.house, "set_done", retries=False)
    assert await table.at_host.refused("done", on=True) == "store.unavailable"
    await table.at_host.ballot(is_closed)


async def test_it_is_read_again_until_the_store_is_back(table: Any) -> None:
    house = table.house
    read = house.store.ballot

    async def away(*_: Any) -> Any:
        raise Unavailable("store.unavailable", "")

    house.store.ballot = away
    losing_answers(house, "nominate", retries=False)
    assert await table.at_host.refused("nominate", name=NAME, at=AT) == "store.unavailable"
    await house.hub.settle()
    house.store.ballot = read
    await house.pass_time(0)
    await table.at_host.ballot(lambda ballot: names_in(ballot) == [NAME])


@pytest.mark.parametrize("retries", [True, False])
async def test_a_line_whose_answer_was_lost_is_heard_by_all_once(table: Any, retries: bool) -> None:
    _, at_guest = await table.sit()
    losing_answers(table.house, "append", retries=retries)
    said = {"text": "여기 어때?", "nonce": "k"}
    if not retries:
        assert await at_guest.refused("chat", **said) == "store.unavailable"
    for _ in range(2):
        await at_guest.ask("chat", "chatted", **said)
    await at_guest.ask("chat", "chatted", text="끝", nonce="l")
    heard = []
    while "끝" not in heard:
        heard.append((await table.at_host.expect("chatted"))["chat"]["text"])
    assert heard == ["여기 어때?", "끝"]
    assert [each["text"] for each in (await at_guest.join(table.room))["chat"]] == heard
