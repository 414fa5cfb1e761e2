"""The life of a link, as a table."""

from __future__ import annotations

from enum import Enum


class LinkState(Enum):
    """NEW → WAITING (started, no valid check yet) → SECURING (DTLS) → CONNECTED → CLOSED."""

    NEW = "new"
    WAITING = "waiting"
    SECURING = "securing"
    CONNECTED = "connected"
    CLOSED = "closed"


_TRANSITIONS: dict[LinkState, frozenset[LinkState]] = {
    LinkState.NEW: frozenset({LinkState.WAITING, LinkState.CLOSED}),
    LinkState.WAITING: frozenset({LinkState.SECURING, LinkState.CLOSED}),
    LinkState.SECURING: frozenset({LinkState.CONNECTED, LinkState.CLOSED}),
    LinkState.CONNECTED: frozenset({LinkState.CLOSED}),
    LinkState.CLOSED: frozenset(),
}


def moved(state: LinkState, to: LinkState) -> LinkState:
    """Raises RuntimeError for a step that the table has not: a bug of ours, never of a peer."""
    if to not in _TRANSITIONS[state]:
        raise RuntimeError(f"a link that is {state} cannot become {to}")
    return to
