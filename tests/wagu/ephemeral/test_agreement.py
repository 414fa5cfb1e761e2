"""The rules of a ballot are written twice, in Python and in Lua: both must always agree."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wagu.domain.ballot import Ballot, BallotView, Mine, Nomination, NomineeId
from wagu.domain.person import PersonId
from wagu.ephemeral.memory import MemoryStore
from wagu.ephemeral.redis import RedisStore
from wagu.ephemeral.store import EphemeralStore
from wagu.errors import WaguError

TTL = 600.0

people = st.sampled_from([PersonId(f"g_{name}") for name in "abc"])
nominees = st.integers(1, 6).map(lambda number: NomineeId(f"n-{number}"))
spots = st.sampled_from(
    [(37.5, 127.0), (37.5002, 127.0), (37.5004, 127.0), (0.0, 179.9999), (0.0, -179.9999)]
)
nominations = st.builds(
    Nomination,
    name=st.sampled_from(["을지면옥", "을지 면옥", "Pizza", "ＰＩＺＺＡ", "우래옥"]),
    at=spots,
    by=people,
    place_id=st.sampled_from([None, None, 0, 31]),
    category=st.sampled_from([None, "한식"]),
)


@dataclass(frozen=True)
class Step:
    """One operation: its name on the domain, its name on a store, and what it is called with."""

    rule: str
    stored: str
    args: tuple[Any, ...]
    named: dict[str, Any]


def step(rule: str, stored: str, *args: st.SearchStrategy[Any], **named: Any) -> Any:
    return st.builds(
        Step,
        rule=st.just(rule),
        stored=st.just(stored),
        args=st.tuples(*args),
        named=st.fixed_dictionaries(named),
    )


steps = st.one_of(
    step("nominate", "nominate", nominations),
    step("nominate", "nominate", nominations),
    step("withdraw", "withdraw", nominees, people, host=st.booleans()),
    step("vote", "vote", people, nominees, on=st.booleans()),
    step("vote", "vote", people, nominees, on=st.just(True)),
    step("set_done", "set_done", people, on=st.booleans()),
    step("close", "close_ballot", st.none() | st.frozensets(people)),
    step("next_round", "next_round", st.frozensets(nominees, max_size=2)),
)


class Pure:
    """The rules without a store."""

    def __init__(self) -> None:
        self.ballot = Ballot()

    def run(self, step: Step) -> str | Mine | BallotView:
        try:
            self.ballot = getattr(self.ballot, step.rule)(*step.args, **step.named)
        except WaguError as refused:
            return refused.code
        if step.rule == "vote":
            return self.ballot.mine(step.args[0])
        return self.ballot.view()


async def run(store: EphemeralStore, key: str, step: Step) -> str | Mine | BallotView:
    try:
        answer: Mine | BallotView = await getattr(store, step.stored)(
            key, *step.args, **step.named, ttl=TTL
        )
    except WaguError as refused:
        return refused.code
    return answer


@pytest.mark.parametrize("kind", ["memory", "redis"])
def test_a_store_follows_the_rules(kind: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("redis_url") if kind == "redis" else ""
    with asyncio.Runner() as runner:
        store: EphemeralStore = RedisStore(url) if url else MemoryStore(lambda: 1.0)
        runner.run(store.start())
        numbers = iter(range(10**9))

        @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(st.lists(steps, max_size=40))
        def agree(history: list[Step]) -> None:
            key, pure = f"b{next(numbers)}", Pure()
            for each in history:
                assert runner.run(run(store, key, each)) == pure.run(each), each
            assert runner.run(store.ballot(key)) == pure.ballot.view()
            for person in ("g_a", "g_b", "g_c"):
                mine = runner.run(store.mine(key, PersonId(person)))
                assert mine == pure.ballot.mine(PersonId(person))

        try:
            agree()
        finally:
            runner.run(store.close())
