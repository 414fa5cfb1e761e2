"""One TCP port for HTTP and for media: the first byte says which, in the manner of RFC 7983.

ICE-TCP begins with the length of a STUN message, 1500 at most, in two bytes (RFC 4571): the first
is 5 or less. HTTP begins with a letter, TLS with 22. What looks at the byte then steps aside, so
that neither side pays for the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

FRAME_AT_MOST = 1500 >> 8

MakeProtocol = Callable[[], asyncio.Protocol]


class SharedPort(asyncio.Protocol):
    """Waits for the first byte, then hands the connection over."""

    def __init__(self, http: MakeProtocol, media: MakeProtocol) -> None:
        self._http = http
        self._media = media
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        transport = self._transport
        assert transport is not None
        chosen = (self._media if data[0] <= FRAME_AT_MOST else self._http)()
        transport.set_protocol(chosen)
        chosen.connection_made(transport)
        if not transport.is_closing():
            chosen.data_received(data)
