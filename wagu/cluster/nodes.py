"""Which nodes live, by what they say of themselves. No I/O, no clock: `now` is monotonic."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from wagu.cluster.node import Beat, Node, NodeId

log = structlog.get_logger("wagu.cluster")

SILENT_MAX = 4.0
"""Seconds, of a second between two beats."""


@dataclass(frozen=True, slots=True)
class Heard:
    beat: Beat
    at: float


class Nodes:
    """Never this node itself. `gone` is called with each that fell silent or said good-bye."""

    def __init__(self, me: NodeId, gone: Callable[[Node], None]) -> None:
        self._me = me
        self._gone = gone
        self._heard: dict[NodeId, Heard] = {}

    def hear(self, beat: Beat, now: float) -> bool:
        """Whether it is new here."""
        if beat.node.id == self._me:
            return False
        is_new = beat.node.id not in self._heard
        if is_new:
            log.info("= node came", node=beat.node.id, role=beat.role)
        self._heard[beat.node.id] = Heard(beat, now)
        return is_new

    def knows(self, node: NodeId) -> bool:
        return node in self._heard

    def tick(self, now: float) -> None:
        for each in list(self._heard.values()):
            if now - each.at >= SILENT_MAX:
                self.leave(each.beat.node)

    def leave(self, node: Node) -> None:
        if self._heard.pop(node.id, None) is not None:
            log.info("= node gone", node=node.id)
            self._gone(node)

    def all(self) -> list[Beat]:
        return [each.beat for each in self._heard.values()]

    def roomier(self) -> Node | None:
        """Of two who take rooms, by lot, the one with fewer. What they have is a second old: if all
        who ask chose the emptiest of all, it would get everything until it spoke again."""
        takers = [beat for beat in self.all() if beat.takes_rooms]
        if not takers:
            return None
        return min(random.sample(takers, min(2, len(takers))), key=lambda beat: beat.rooms).node
