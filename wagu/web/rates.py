"""How often one network may do something costly. In memory, so a restart forgives; in Redis where
there is one, so that all nodes count together, and while it is away nobody counts.

Not for the WebSocket, which counts by itself. IPv6 is counted by /64: one customer has that many
addresses. The figures are generous, since a table of friends shares one address behind NAT.
"""

from __future__ import annotations

import ipaddress
import math
import time
from typing import TYPE_CHECKING

import structlog
from aiohttp import web
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError

from wagu.errors import RateLimited
from wagu.settings import Settings
from wagu.web.origin import client_address

if TYPE_CHECKING:
    from redis.asyncio import ConnectionPool


log = structlog.get_logger("wagu.web")

ANSWER_WITHIN = 2.0
"""Seconds that a request waits for the count."""


class Rates:
    def __init__(self, *, enabled: bool = True, redis_url: str | None = None) -> None:
        self._enabled = enabled
        self._pool: ConnectionPool | None = None
        if redis_url is None:
            self._limiter = FixedWindowRateLimiter(MemoryStorage())
        else:
            self._pool, storage = _in_redis(redis_url)
            self._limiter = FixedWindowRateLimiter(storage)

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.disconnect()

    async def hit(self, limit: RateLimitItem, what: str, address: str) -> None:
        """Count one; RateLimited `rate.limited` with the seconds until the window is over."""
        if not self._enabled:
            return
        try:
            await self._hit(limit, what, network(address))
        except StorageError as error:
            log.warning("x not counted", what=what, reason=repr(error))

    async def _hit(self, limit: RateLimitItem, *keys: str) -> None:
        if await self._limiter.hit(limit, *keys):
            return
        window = await self._limiter.get_window_stats(limit, *keys)
        wait = math.ceil(window.reset_time - time.time())  # the library's clock, not ours
        raise RateLimited(
            "rate.limited",
            "너무 자주 시도했어요. 잠시 뒤에 다시 해 주세요.",
            retry_after=float(max(1, wait)),
        )


def _in_redis(url: str) -> tuple[ConnectionPool, RedisStorage]:
    from redis.asyncio import ConnectionPool  # noqa: PLC0415 - 150 ms that memory need not pay

    pool = ConnectionPool.from_url(
        url, socket_timeout=ANSWER_WITHIN, socket_connect_timeout=ANSWER_WITHIN
    )
    storage = RedisStorage(
        "async+redis://",  # the pool knows better
        implementation="redispy",
        wrap_exceptions=True,
        key_prefix="wagu:rate",
        connection_pool=pool,  # type: ignore[arg-type]  # passed on to redis-py
    )
    return pool, storage


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
