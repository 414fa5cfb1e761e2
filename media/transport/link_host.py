"""What a link needs of the transport it lives in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from media.transport.counters import Counters
from media.transport.datagrams import Address
from media.transport.ice import IceCredentials
from media.transport.srtp import Pins

if TYPE_CHECKING:
    from media.transport.dtls import Aiortc
    from media.transport.link import Link


class LinkHost(Protocol):
    """Implemented by `media.transport.hub.Transport`."""

    @property
    def counters(self) -> Counters: ...

    @property
    def clock(self) -> Callable[[], float]: ...

    @property
    def pins(self) -> Pins: ...

    @property
    def aiortc(self) -> Aiortc: ...

    def new_credentials(self) -> IceCredentials: ...

    def register(self, link: Link) -> None: ...

    def renew(self, link: Link, ufrag: str) -> None: ...

    def retire(self, ufrag: str) -> None: ...

    def glance(self) -> None: ...

    def bind(self, link: Link, address: Address, now: float) -> bool: ...

    def unbind(self, link: Link, address: Address) -> None: ...

    def release(self, link: Link, task: asyncio.Task[None] | None) -> None: ...
