"""The service as one node sees it: itself, the others by their last beats, the rooms open here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wagu.cluster.node import Beat, Node
from wagu.cluster.nodes import Nodes


class Overview:
    """`own` is what this node says of itself, `nodes` whom it hears (None: it is alone), `people`
    how many are in each room that is open here."""

    def __init__(
        self,
        own: Callable[[], Beat],
        nodes: Nodes | None,
        people: Callable[[], Mapping[str, int]],
    ) -> None:
        self.own = own
        self.people = people
        self._nodes = nodes

    def beats(self) -> list[Beat]:
        """This node first, then the others in an order that stays."""
        others = [] if self._nodes is None else self._nodes.all()
        return [self.own(), *sorted(others, key=lambda beat: beat.node.url)]

    def others(self) -> list[Node]:
        return [beat.node for beat in self.beats()[1:]]
