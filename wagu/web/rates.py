"""How often one network may do something costly; in memory, so a restart forgives.

Not for the WebSocket, which counts by itself. IPv6 is counted by /64: one customer has that many
addresses. The figures are generous, since a table of friends shares one address behind NAT.
"""

from __future__ import annotations

import ipaddress
import math
import time

from aiohttp import web
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from wagu.errors import RateLimited
from wagu.settings import Settings
from wagu.web.origin import client_address


class Rates:
    def __init__(self, *, enabled: bool = True) -> None:
        self._enabled = enabled
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def hit(self, limit: RateLimitItem, what: str, address: str) -> None:
        """Count one; RateLimited `rate.limited` with the seconds until the window is over."""
        if not self._enabled:
            return
        keys = (what, network(address))
        if await self._limiter.hit(limit, *keys):
            return
        window = await self._limiter.get_window_stats(limit, *keys)
        wait = math.ceil(window.reset_time - time.time())  # the library's clock, not ours
        raise RateLimited(
            "rate.limited",
            "너무 자주 시도했어요. 잠시 뒤에 다시 해 주세요.",
            retry_after=float(max(1, wait)),
        )


def rate(text: str) -> RateLimitItem:
    """`20/minute` as a value."""
    return parse(text)


def network_of(request: web.Request, settings: Settings) -> str:
    """The network that a request comes from."""
    return network(client_address(request, settings))


def network(address: str) -> str:
    """What counts as one: an IPv4 address, an IPv6 /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
    return address
