"""An egress for tests of the routing: what is sent by the batch can be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Hall:
    """It encrypts nothing: what is sent lies in the inbox of its route at once."""

    stride, longest = 256, 200

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self.buffer = bytearray(slots * self.stride)
        self.refused = 0
        self._claimed = 0

    def table(self, routes: Sequence[Any]) -> Sequence[Any]:
        return routes

    def claim(self, slots: int) -> int:
        assert 0 < slots <= self.slots
        # Never at the beginning, where a mistake in the offsets would not show.
        self._claimed = min(3, self.slots - slots) * self.stride
        return self._claimed

    def send(self, table: Any, sizes: Sequence[int]) -> None:
        at = self._claimed
        for route in table:
            for size in sizes:
                route.inbox.append(bytes(self.buffer[at : at + size]))
                at += self.stride

    def refuse(self, packets: int) -> None:
        self.refused += packets


class Way:
    """A route through a hall, if there is one."""

    group = "all"

    def __init__(self, hall: Hall | None) -> None:
        self.egress: Any = hall
        self.inbox: list[bytes] = []
