"""Tickets: what the bearer may do, for a while."""

from __future__ import annotations

from typing import Any

from wagu.domain.person import MemberId, Person, PersonId
from wagu.ephemeral.memory import MemoryStore
from wagu.ephemeral.store import EphemeralStore
from wagu.ephemeral.tickets import TicketClaims, Tickets

JIMIN = Person(PersonId("m_12"), "member", "지민", MemberId(12))
CLAIMS = TicketClaims("live/Qm", "publish", JIMIN, "m_12:p1")


async def test_a_ticket_says_what_the_bearer_may_do(store: EphemeralStore) -> None:
    tickets = Tickets(store)
    token = await tickets.issue(CLAIMS, 60)
    assert await tickets.resolve(token) == CLAIMS
    assert await tickets.resolve(token) == CLAIMS


async def test_other_tokens_are_no_tickets(store: EphemeralStore) -> None:
    tickets = Tickets(store)
    token = await tickets.issue(CLAIMS, 60)
    for other in ("", token + "x", "session"):
        assert await tickets.resolve(other) is None


async def test_a_ticket_expires(clock: Any) -> None:
    tickets = Tickets(MemoryStore(clock))
    token = await tickets.issue(CLAIMS, 60)
    clock.now += 60
    assert await tickets.resolve(token) is None


async def test_the_store_knows_only_its_hash() -> None:
    store = MemoryStore(lambda: 1.0)
    token = await Tickets(store).issue(CLAIMS, 60)
    assert token not in str(store._entries)
