"""A bell at the port: answers ICE checks that belong to no peer, for who asks whether we can be
reached. Only who knows its password hears anything, and nothing is bound to where they sit."""

from __future__ import annotations

from media.transport.counters import Counters
from media.transport.datagrams import Address, Sender
from media.transport.ice import BindingRequest, IceCredentials, IceResponder

UFRAG = "bell"
"""Links have eight hexadecimal digits."""


class Bell:
    def __init__(self, password: str, counters: Counters) -> None:
        self._ice = IceResponder(IceCredentials(UFRAG, password), IceCredentials(UFRAG, ""))
        self._counters = counters

    def receive_check(
        self, request: BindingRequest, source: Address, _now: float, via: Sender
    ) -> None:
        why = self._ice.judge(request, source)
        if why is not None:
            self._counters.drop(why)
            return
        via.send(self._ice.success(request, source), source)
