"""What every ephemeral store promises: memory, memory replayed from its journal, Redis."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from wagu.domain.ballot import Nomination, NomineeId, Phase
from wagu.domain.person import PersonId
from wagu.ephemeral.store import EphemeralStore, Line
from wagu.errors import WaguError

LONG = 600.0
SHORT = 0.2

HANEUL, JIMIN, MINSU = PersonId("g_7Qx"), PersonId("m_12"), PersonId("g_9ab")


def nomination(name: str = "을지면옥", **changes: Any) -> Nomination:
    values: dict[str, Any] = {"name": name, "at": (37.5662, 126.9915), "by": HANEUL, **changes}
    return Nomination(**values)


# ---------------------------------------------------------------------------------------- values


async def test_an_unknown_key_holds_nothing(store: EphemeralStore) -> None:
    assert await store.get("nobody") is None


async def test_a_value_comes_back_as_it_was(store: EphemeralStore) -> None:
    text = '{"이름": "하늘", "control": "\\u0000\\n"}\x00\n끝'
    await store.put("a", text, LONG)
    assert await store.get("a") == text


async def test_the_last_put_counts(store: EphemeralStore) -> None:
    await store.put("a", "1", LONG)
    await store.put("a", "2", LONG)
    assert await store.get("a") == "2"


async def test_a_deleted_value_is_gone_and_may_be_deleted_again(store: EphemeralStore) -> None:
    await store.put("a", "1", LONG)
    await store.delete("a")
    await store.delete("a")
    assert await store.get("a") is None


async def test_a_value_expires(subject: Any) -> None:
    await subject.store.put("a", "1", SHORT)
    await subject.let_pass(SHORT)
    assert await subject.store.get("a") is None


async def test_a_put_moves_the_expiry(subject: Any) -> None:
    await subject.store.put("a", "1", SHORT)
    await subject.store.put("a", "2", LONG)
    await subject.let_pass(SHORT)
    assert await subject.store.get("a") == "2"


async def test_a_touch_moves_the_expiry(subject: Any) -> None:
    await subject.store.put("a", "1", SHORT)
    await subject.store.touch("a", LONG)
    await subject.let_pass(SHORT)
    assert await subject.store.get("a") == "1"


async def test_a_touch_makes_nothing(store: EphemeralStore) -> None:
    await store.touch("a", LONG)
    assert await store.get("a") is None


async def test_a_touch_does_not_bring_back_the_expired(subject: Any) -> None:
    await subject.store.put("a", "1", SHORT)
    await subject.let_pass(SHORT)
    await subject.store.touch("a", LONG)
    assert await subject.store.get("a") is None


async def test_a_swap_wants_what_is_there(store: EphemeralStore) -> None:
    await store.put("a", "1", LONG)
    assert not await store.swap("a", "0", "2", LONG)
    assert not await store.swap("a", None, "2", LONG)
    assert await store.get("a") == "1"
    assert await store.swap("a", "1", "2", LONG)
    assert await store.get("a") == "2"


async def test_a_swap_from_nothing_wants_nothing_there(store: EphemeralStore) -> None:
    assert not await store.swap("a", "1", "2", LONG)
    assert await store.swap("a", None, "1", LONG)
    assert not await store.swap("a", None, "2", LONG)
    assert await store.get("a") == "1"


async def test_of_many_swaps_at_once_one_wins(store: EphemeralStore) -> None:
    await store.put("a", "start", LONG)
    swaps = (store.swap("a", "start", str(number), LONG) for number in range(20))
    assert sorted(await asyncio.gather(*swaps)) == [False] * 19 + [True]


# ---------------------------------------------------------------------------------------- counts


async def test_a_count_begins_at_nothing_and_goes_both_ways(store: EphemeralStore) -> None:
    totals = [(await store.increment("a", by, LONG)).total for by in (1, 1, 5, -2)]
    assert totals == [1, 2, 7, 5]
    assert await store.get("a") == "5"


async def test_no_increment_is_lost(store: EphemeralStore) -> None:
    counted = await asyncio.gather(*(store.increment("a", 1, LONG) for _ in range(30)))
    assert sorted(one.total for one in counted) == list(range(1, 31))


async def test_an_increment_does_not_move_the_expiry(subject: Any) -> None:
    first = await subject.store.increment("a", 1, 1.0)
    second = await subject.store.increment("a", 1, LONG)
    assert 0 <= second.left <= first.left <= 1.001  # a float of today is good to 1e-7 s
    await subject.let_pass(1.0)
    again = await subject.store.increment("a", 1, LONG)
    assert again.total == 1
    assert LONG - 60 < again.left <= LONG


async def test_a_count_can_be_deleted(store: EphemeralStore) -> None:
    await store.increment("a", 3, LONG)
    await store.delete("a")
    assert (await store.increment("a", 1, LONG)).total == 1


# ------------------------------------------------------------------------------------------ logs


async def say(store: EphemeralStore, text: str, once: str, ttl: float = LONG) -> tuple[int, bool]:
    appended = await store.append("log", text, once=once, keep=3, ttl=ttl)
    return appended.line.number, appended.fresh


async def test_an_unknown_log_is_empty(store: EphemeralStore) -> None:
    assert await store.tail("log") == ()


async def test_lines_are_numbered_and_the_newest_kept(store: EphemeralStore) -> None:
    for number in range(1, 6):
        assert await say(store, f"줄 {number}", once=str(number)) == (number, True)
    assert await store.tail("log") == (Line(3, "줄 3"), Line(4, "줄 4"), Line(5, "줄 5"))


async def test_the_same_once_is_one_line_and_the_first_text_stays(store: EphemeralStore) -> None:
    await say(store, "처음", once="k")
    again = await store.append("log", "다시", once="k", keep=3, ttl=LONG)
    assert (again.line, again.fresh) == (Line(1, "처음"), False)
    assert await store.tail("log") == (Line(1, "처음"),)


async def test_a_once_is_forgotten_with_its_line(store: EphemeralStore) -> None:
    for once in ("a", "b", "c", "d"):
        await say(store, once, once=once)
    assert await say(store, "a again", once="a") == (5, True)


async def test_a_once_may_be_any_text(store: EphemeralStore) -> None:
    assert await say(store, "1", once="m_1 k:l\n\x00") == (1, True)
    assert await say(store, "2", once="1") == (2, True)
    assert await say(store, "3", once="m_1 k:l\n\x00") == (1, False)


async def test_a_log_expires_as_a_whole(subject: Any) -> None:
    await say(subject.store, "곧 사라질 말", once="a", ttl=SHORT)
    await subject.let_pass(SHORT)
    assert await subject.store.tail("log") == ()
    assert await say(subject.store, "새 말", once="a") == (1, True)


async def test_a_log_is_touched_and_deleted_like_a_value(subject: Any) -> None:
    await say(subject.store, "a", once="a", ttl=SHORT)
    await subject.store.touch("log", LONG)
    await subject.let_pass(SHORT)
    assert len(await subject.store.tail("log")) == 1
    await subject.store.delete("log")
    assert await subject.store.tail("log") == ()


async def test_an_erased_line_is_told_no_more_and_does_not_come_again(
    store: EphemeralStore,
) -> None:
    for once in ("a", "b", "c"):
        await say(store, once, once=once)
    assert await store.erase("log", 2, LONG)
    assert await store.tail("log") == (Line(1, "a"), Line(3, "c"))
    again = await store.append("log", "b", once="b", keep=3, ttl=LONG)
    assert (again.line, again.fresh) == (Line(2, ""), False)
    assert await say(store, "d", once="d") == (4, True)
    assert await store.tail("log") == (Line(3, "c"), Line(4, "d"))


async def test_only_a_line_that_is_there_is_erased(store: EphemeralStore) -> None:
    assert not await store.erase("log", 1, LONG)
    assert await store.tail("log") == ()
    await say(store, "a", once="a")
    assert not await store.erase("log", 2, LONG)
    assert await store.erase("log", 1, LONG)
    assert not await store.erase("log", 1, LONG)


async def test_lines_at_once_all_get_numbers_of_their_own(store: EphemeralStore) -> None:
    said = await asyncio.gather(
        *(store.append("log", "x", once=str(i), keep=50, ttl=LONG) for i in range(50))
    )
    assert sorted(each.line.number for each in said) == list(range(1, 51))


# --------------------------------------------------------------------------------------- ballots


async def test_an_unknown_ballot_is_a_new_one(store: EphemeralStore) -> None:
    view = await store.ballot("b")
    assert (view.round, view.version, view.phase, view.nominees) == (1, 0, Phase.OPEN, ())
    assert (await store.mine("b", HANEUL)).nominees == ()


async def test_a_nominee_comes_back_as_nominated(store: EphemeralStore) -> None:
    view = await store.nominate("b", nomination(place_id=31, category="한식"), LONG)
    (nominee,) = view.nominees
    assert nominee.id == "n-1"
    assert (nominee.name, nominee.at, nominee.by) == ("을지면옥", (37.5662, 126.9915), HANEUL)
    assert (nominee.place_id, nominee.category) == (31, "한식")
    assert await store.ballot("b") == view


async def test_a_whole_ballot(store: EphemeralStore) -> None:
    await store.nominate("b", nomination("을지면옥"), LONG)
    await store.nominate("b", nomination("우래옥"), LONG)
    assert (await store.vote("b", HANEUL, NomineeId("n-2"), on=True, ttl=LONG)).nominees == ("n-2",)
    await store.vote("b", JIMIN, NomineeId("n-2"), on=True, ttl=LONG)
    await store.vote("b", JIMIN, NomineeId("n-1"), on=True, ttl=LONG)
    await store.vote("b", JIMIN, NomineeId("n-1"), on=False, ttl=LONG)
    await store.set_done("b", HANEUL, on=True, ttl=LONG)

    waiting = await store.close_ballot("b", frozenset((HANEUL, JIMIN)), LONG)
    assert waiting.phase is Phase.OPEN

    await store.set_done("b", JIMIN, on=True, ttl=LONG)
    closed = await store.close_ballot("b", frozenset((HANEUL, JIMIN)), LONG)
    assert closed.result is not None
    assert closed.result.counts == {"n-1": 0, "n-2": 2}
    assert (closed.result.winners, closed.result.voters) == (("n-2",), 2)
    assert await store.close_ballot("b", None, LONG) == closed

    again = await store.next_round("b", frozenset((NomineeId("n-2"),)), LONG)
    assert (again.round, again.phase, again.result) == (2, Phase.OPEN, None)
    assert [each.id for each in again.nominees] == ["n-2"]
    assert again.done == frozenset()
    assert (await store.mine("b", HANEUL)).nominees == ()


async def refused(attempt: Any) -> str:
    with pytest.raises(WaguError) as caught:
        await attempt
    return caught.value.code


async def test_refusals_carry_their_codes(store: EphemeralStore) -> None:
    nobody = NomineeId("n-99")
    await store.nominate("b", nomination(), LONG)
    assert await refused(store.nominate("b", nomination(), LONG)) == "ballot.already_nominated"
    assert await refused(store.next_round("b", frozenset(), LONG)) == "ballot.open"
    assert (
        await refused(store.vote("b", JIMIN, nobody, on=True, ttl=LONG)) == "ballot.unknown_nominee"
    )
    assert (
        await refused(store.withdraw("b", nobody, JIMIN, host=True, ttl=LONG))
        == "ballot.unknown_nominee"
    )
    assert (
        await refused(store.withdraw("b", NomineeId("n-1"), JIMIN, host=False, ttl=LONG))
        == "ballot.not_yours"
    )
    for number in range(9):
        await store.nominate("b", nomination(f"식당 {number}"), LONG)
    assert await refused(store.nominate("b", nomination("더"), LONG)) == "ballot.full"
    await store.close_ballot("b", None, LONG)
    assert await refused(store.nominate("b", nomination("더"), LONG)) == "ballot.closed"
    assert await refused(store.set_done("b", JIMIN, on=True, ttl=LONG)) == "ballot.closed"
    assert (
        await refused(store.vote("b", JIMIN, NomineeId("n-1"), on=True, ttl=LONG))
        == "ballot.closed"
    )
    assert (
        await refused(store.next_round("b", frozenset((nobody,)), LONG)) == "ballot.unknown_nominee"
    )


async def test_a_withdrawn_nominee_takes_its_votes_along(store: EphemeralStore) -> None:
    await store.nominate("b", nomination("가"), LONG)
    await store.nominate("b", nomination("나"), LONG)
    for nominee in ("n-1", "n-2"):
        await store.vote("b", JIMIN, NomineeId(nominee), on=True, ttl=LONG)
    await store.vote("b", MINSU, NomineeId("n-1"), on=True, ttl=LONG)
    await store.withdraw("b", NomineeId("n-1"), HANEUL, host=False, ttl=LONG)
    assert (await store.mine("b", JIMIN)).nominees == ("n-2",)
    closed = await store.close_ballot("b", None, LONG)
    assert closed.result is not None
    assert (closed.result.counts, closed.result.voters) == ({"n-2": 1}, 1)


async def test_nobody_is_done_about_nothing(store: EphemeralStore) -> None:
    assert await refused(store.set_done("b", JIMIN, on=True, ttl=LONG)) == "ballot.empty"
    for name in ("가", "나"):
        await store.nominate("b", nomination(name), LONG)
    await store.set_done("b", JIMIN, on=True, ttl=LONG)
    view = await store.withdraw("b", NomineeId("n-1"), HANEUL, host=False, ttl=LONG)
    assert view.done == {JIMIN}
    view = await store.withdraw("b", NomineeId("n-2"), HANEUL, host=False, ttl=LONG)
    assert view.done == frozenset()


@pytest.mark.parametrize("metres", [0, 20, 29, 31, 100])
async def test_one_name_on_one_spot_is_one_place(store: EphemeralStore, metres: float) -> None:
    here = (37.5662, 126.9915)
    there = (here[0] + metres / 111_195.0, here[1])
    await store.nominate("b", nomination("을지 면옥", at=here), LONG)
    if metres < 30:
        assert (
            await refused(store.nominate("b", nomination("을지면옥", at=there), LONG))
            == "ballot.already_nominated"
        )
    else:
        assert (
            len((await store.nominate("b", nomination("을지면옥", at=there), LONG)).nominees) == 2
        )


async def test_one_place_id_is_one_place_wherever_it_is(store: EphemeralStore) -> None:
    await store.nominate("b", nomination("가", place_id=0), LONG)
    elsewhere = nomination("나", at=(35.0, 129.0), place_id=0)
    assert await refused(store.nominate("b", elsewhere, LONG)) == "ballot.already_nominated"
    await store.nominate("b", nomination("나", place_id=None), LONG)
    await store.nominate("b", nomination("다", place_id=None), LONG)


async def test_voting_at_the_same_moment_loses_nothing(store: EphemeralStore) -> None:
    for number in range(3):
        await store.nominate("b", nomination(f"식당 {number}"), LONG)
    people = [PersonId(f"g_{number}") for number in range(20)]
    await asyncio.gather(
        *(
            store.vote("b", person, NomineeId(f"n-{nominee}"), on=True, ttl=LONG)
            for person in people
            for nominee in (1, 2, 3)
            for _again in range(2)
        )
    )
    closed = await asyncio.gather(*(store.close_ballot("b", None, LONG) for _ in range(5)))
    assert all(view == closed[0] for view in closed)
    assert closed[0].result is not None
    assert closed[0].result.counts == {"n-1": 20, "n-2": 20, "n-3": 20}
    assert closed[0].result.voters == 20


async def test_a_ballot_expires(subject: Any) -> None:
    await subject.store.nominate("b", nomination(), SHORT)
    await subject.let_pass(SHORT)
    assert (await subject.store.ballot("b")).nominees == ()


async def test_a_change_moves_the_expiry_of_a_ballot(subject: Any) -> None:
    await subject.store.nominate("b", nomination(), SHORT)
    await subject.store.vote("b", JIMIN, NomineeId("n-1"), on=True, ttl=LONG)
    await subject.let_pass(SHORT)
    assert (await subject.store.mine("b", JIMIN)).nominees == ("n-1",)


async def test_keys_do_not_mix(store: EphemeralStore) -> None:
    await store.nominate("b1", nomination(), LONG)
    assert (await store.ballot("b2")).nominees == ()


async def test_it_answers_a_ping(store: EphemeralStore) -> None:
    await store.ping()


async def test_a_nominee_keeps_the_name_of_who_nominated_it(store: EphemeralStore) -> None:
    await store.nominate("b", nomination(by_name="하늘"), LONG)
    (nominee,) = (await store.ballot("b")).nominees
    assert (nominee.by, nominee.by_name) == (HANEUL, "하늘")
