"""The bus of many processes: what happens in one is told to all, there as if it had happened there.

At home delivery is as on the LocalBus; elsewhere it comes a moment later, and once at most.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import msgspec

from wagu.bus import Event, LocalBus
from wagu.cluster.node import NodeId

KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Event)}


class _Envelope(msgspec.Struct, frozen=True):
    origin: NodeId
    kind: str
    event: msgspec.Raw


_read = msgspec.json.Decoder(_Envelope)


class NodeBus(LocalBus):
    """`send` takes what all the others shall hear."""

    def __init__(self, me: NodeId, send: Callable[[bytes], None]) -> None:
        super().__init__()
        self._me = me
        self._send = send

    def publish(self, event: Event) -> None:
        super().publish(event)
        body = msgspec.Raw(msgspec.json.encode(event))
        envelope = _Envelope(self._me, type(event).__name__, body)
        self._send(msgspec.json.encode(envelope))

    def receive(self, message: bytes) -> None:
        """From the wire. A kind that is not known comes from a newer release: it is ignored."""
        envelope = _read.decode(message)
        kind = KINDS.get(envelope.kind)
        if envelope.origin != self._me and kind is not None:
            super().publish(msgspec.json.decode(envelope.event, type=kind))
