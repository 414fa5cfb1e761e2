"""The rules of a ballot that are worth a sentence; the stores' agreement covers the rest."""

from __future__ import annotations

from typing import Any

import pytest

from wagu.domain.ballot import Ballot, Nomination, NomineeId, Phase, all_done, refusal, spelling
from wagu.domain.person import PersonId
from wagu.errors import Conflict, Forbidden, NotFound, WaguError

A, B, C = PersonId("g_a"), PersonId("g_b"), PersonId("g_c")
N1, N2, N3 = NomineeId("n-1"), NomineeId("n-2"), NomineeId("n-3")
HERE = (37.5662, 126.9915)


def nomination(name: str, **changes: Any) -> Nomination:
    values: dict[str, Any] = {"name": name, "at": HERE, "by": A, **changes}
    return Nomination(**values)


@pytest.fixture
def three() -> Ballot:
    return (
        Ballot()
        .nominate(nomination("을지면옥"))
        .nominate(nomination("우래옥"))
        .nominate(nomination("필동면옥"))
    )


def code_of(attempt: Any) -> str:
    with pytest.raises(WaguError) as caught:
        attempt()
    return caught.value.code


def test_ids_are_not_used_again(three: Ballot) -> None:
    fewer = three.withdraw(N3, A, host=False)
    assert [each.id for each in fewer.nominate(nomination("봉피양")).nominees] == [
        "n-1", "n-2", "n-4",
    ]  # fmt: skip


def test_ten_are_enough() -> None:
    ballot = Ballot()
    for number in range(10):
        ballot = ballot.nominate(nomination(f"식당 {number}"))
    assert code_of(lambda: ballot.nominate(nomination("열한째"))) == "ballot.full"


@pytest.mark.parametrize(
    ("one", "other"), [("을지면옥", "을지 면옥"), ("Café", "cafe\u0301"), ("PIZZA", "ｐｉｚｚａ")]
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert spelling(one) == spelling(other)


@pytest.mark.parametrize(
    ("at", "same"),
    [
        (HERE, True),
        ((HERE[0] + 0.00026, HERE[1]), True),  # 29 m north
        ((HERE[0] + 0.00028, HERE[1]), False),  # 31 m
        ((HERE[0], HERE[1] + 0.00032), True),  # 28 m east, where a degree is shorter
        ((HERE[0], HERE[1] + 0.00035), False),  # 31 m
    ],
)
def test_one_name_nearby_is_one_place(at: tuple[float, float], same: bool) -> None:
    ballot = Ballot().nominate(nomination("을지면옥"))
    again = nomination("을지면옥", at=at)
    if same:
        assert code_of(lambda: ballot.nominate(again)) == "ballot.already_nominated"
    else:
        assert len(ballot.nominate(again).nominees) == 2


def test_the_antimeridian_does_not_part_what_is_near() -> None:
    ballot = Ballot().nominate(nomination("Lagoon", at=(0.0, 179.9999)))
    near = nomination("Lagoon", at=(0.0, -179.9999))
    assert code_of(lambda: ballot.nominate(near)) == "ballot.already_nominated"


def test_neighbours_with_other_names_are_other_places() -> None:
    assert len(Ballot().nominate(nomination("가")).nominate(nomination("나")).nominees) == 2


def test_a_vote_counts_once_per_person_and_nominee(three: Ballot) -> None:
    voted = three.vote(A, N1, on=True)
    assert voted.vote(A, N1, on=True) is voted
    assert voted.vote(A, N2, on=True).mine(A).nominees == (N1, N2)
    assert voted.vote(A, N1, on=False).mine(A).nominees == ()
    assert three.vote(A, N1, on=False) is three


def test_counts_are_secret_until_the_end(three: Ballot) -> None:
    voted = three.vote(A, N1, on=True)
    assert voted.view().result is None
    result = voted.close().view().result
    assert result is not None
    assert result.counts == {N1: 1, N2: 0, N3: 0}


def test_a_tie_is_a_tie(three: Ballot) -> None:
    tied = three.vote(A, N1, on=True).vote(B, N3, on=True).vote(C, N3, on=True).vote(C, N1, on=True)
    result = tied.close().result()
    assert result is not None
    assert (result.winners, result.voters) == ((N1, N3), 3)


def test_nobody_wins_without_a_vote(three: Ballot) -> None:
    result = three.vote(A, N1, on=True).vote(A, N1, on=False).close().result()
    assert result is not None
    assert (result.winners, result.voters) == ((), 0)


def test_the_result_is_final(three: Ballot) -> None:
    closed = three.vote(A, N1, on=True).close()
    assert closed.close() is closed
    for attempt in (
        lambda: closed.vote(B, N2, on=True),
        lambda: closed.set_done(B, on=True),
        lambda: closed.withdraw(N1, A, host=True),
        lambda: closed.nominate(nomination("새 집")),
    ):
        assert code_of(attempt) == "ballot.closed"


def test_it_closes_by_itself_only_when_all_present_are_done(three: Ballot) -> None:
    both = frozenset((A, B))
    one = three.set_done(A, on=True)
    assert one.close(both) is one
    assert one.set_done(B, on=True).close(both).phase is Phase.CLOSED
    assert one.close(frozenset((A,))).phase is Phase.CLOSED
    assert one.set_done(A, on=False).close(frozenset((A,))).phase is Phase.OPEN


def test_nobody_present_closes_nothing(three: Ballot) -> None:
    assert not all_done(three.set_done(A, on=True).view(), ())


def test_nobody_is_done_about_nothing() -> None:
    assert code_of(lambda: Ballot().set_done(A, on=True)) == "ballot.empty"
    one = Ballot().nominate(nomination("가")).set_done(A, on=True)
    none = one.withdraw(N1, A, host=False)
    assert none.done == frozenset()
    assert none.nominate(nomination("나")).close(frozenset((A,))).phase is Phase.OPEN


def test_the_next_round_keeps_nominees_but_no_votes(three: Ballot) -> None:
    closed = three.vote(A, N1, on=True).set_done(A, on=True).close()
    run_off = closed.next_round(frozenset((N1, N3)))
    assert (run_off.round, run_off.phase) == (2, Phase.OPEN)
    assert [each.id for each in run_off.nominees] == [N1, N3]
    assert (run_off.votes, run_off.done) == ({}, frozenset())
    assert closed.next_round(frozenset()).nominate(nomination("새 집")).nominees[0].id == "n-4"
    assert code_of(lambda: closed.next_round(frozenset((NomineeId("n-9"),)))) == (
        "ballot.unknown_nominee"
    )
    assert code_of(lambda: three.next_round(frozenset())) == "ballot.open"


def test_who_may_withdraw(three: Ballot) -> None:
    assert code_of(lambda: three.withdraw(N1, B, host=False)) == "ballot.not_yours"
    assert len(three.withdraw(N1, B, host=True).nominees) == 2
    assert len(three.withdraw(N1, A, host=False).nominees) == 2


def test_every_change_raises_the_version_by_one(three: Ballot) -> None:
    history = [
        three,
        three := three.vote(A, N1, on=True),
        three := three.set_done(A, on=True),
        three := three.withdraw(N2, A, host=False),
        three := three.close(),
        three.next_round(frozenset()),
    ]
    assert [each.version for each in history] == [3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ballot.full", Conflict),
        ("ballot.closed", Conflict),
        ("ballot.not_host", Forbidden),
        ("ballot.unknown_nominee", NotFound),
    ],
)
def test_refusals_fit_the_error_tree(code: str, kind: type[WaguError]) -> None:
    error = refusal(code)
    assert isinstance(error, kind)
    assert error.code == code
    assert error.message
