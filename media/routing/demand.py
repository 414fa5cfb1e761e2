"""Which layers of a simulcast publisher are worth sending: it is told, and pauses the others.

The lowest layer is always wanted: it costs least, and it is where everybody goes when a link turns
bad, which cannot wait for a publisher to begin.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from media.routing.encoding import Encoding
from media.routing.layers import flows, quality
from media.routing.publication import Publication

LINGER = 5.0
"""Seconds that a layer nobody watches any more is still sent: who left may be reloading."""

REPEAT = 5.0
"""Seconds until the same is said again while a wanted layer does not come: it may have got lost."""


class Demand:
    """The layers wanted of one publication, of all `rids` that were agreed on."""

    __slots__ = ("_publication", "_rids", "_told", "_told_at", "_wanted_at")

    def __init__(self, publication: Publication, rids: Sequence[str]) -> None:
        self._publication = publication
        self._rids = tuple(rids)
        self._told = self._rids
        self._told_at = float("-inf")
        self._wanted_at: dict[str, float] = {}

    def update(self, now: float) -> tuple[str, ...] | None:
        """The RIDs to tell the publisher, None when there is nothing new; some times a second.

        A layer that was never seen is left to the publisher.
        """
        encodings = self._publication.encodings
        if len(self._rids) < 2 or not encodings:
            return None
        for encoding in _wanted(encodings.values(), self._publication):
            self._wanted_at[encoding.rid] = now
        rids = tuple(
            rid
            for rid in self._rids
            if rid not in encodings or now - self._wanted_at.setdefault(rid, now) <= LINGER
        )
        missing = any(rid in encodings and not flows(encodings[rid], now) for rid in rids)
        again = missing and rids != self._rids and now - self._told_at >= REPEAT
        if rids == self._told and not again:
            return None
        self._told, self._told_at = rids, now
        return rids


def _wanted(encodings: Iterable[Encoding], publication: Publication) -> Iterable[Encoding]:
    ordered = sorted(encodings, key=quality)
    yield ordered[0]
    for encoding in ordered:
        if encoding.is_watched:
            yield encoding
    for subscription in publication.subscriptions:
        if not subscription.aim.paused:
            yield subscription.aim.best or _best(ordered, subscription.limit)


def _best(ordered: Sequence[Encoding], limit: int | None) -> Encoding:
    """Up to a height; of those that are all higher, the lowest (a snapshot's is such a limit)."""
    fitting = [each for each in ordered if limit is None or each.height <= limit]
    return fitting[-1] if fitting else ordered[0]
