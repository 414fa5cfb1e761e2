"""What peers counted, kept when they go: sums over an SFU's life never go back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from media.peer import Peer


class Totals:
    """`dropped` counts packets by the reason, `counts` what is told of streams in sum: `resent`,
    `switches` of layers and `freezes`."""

    __slots__ = ("counts", "dropped")

    def __init__(self) -> None:
        self.dropped: Counter[str] = Counter()
        self.counts: Counter[str] = Counter({"resent": 0, "switches": 0, "freezes": 0})

    def keep(self, peer: Peer) -> None:
        """Of a peer who goes."""
        self.dropped.update(peer.dropped)
        for stream in peer.subscriptions.values():
            self.counts["resent"] += stream.resent
            self.counts["switches"] += stream.switches
            self.counts["freezes"] += stream.reports.freezes

    def beside(self, peers: Iterable[Peer]) -> Totals:
        """With those who are there."""
        whole = Totals()
        whole.dropped.update(self.dropped)
        whole.counts.update(self.counts)
        for peer in peers:
            whole.keep(peer)
        return whole
