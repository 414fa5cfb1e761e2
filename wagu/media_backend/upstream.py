"""HTTP calls to a media server elsewhere: in time, bounded, tried again within a budget, and not at
all while it is known to be down. Knows nothing of what is asked."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import msgspec
import structlog

from wagu.errors import Unavailable
from wagu.media_backend.base import unavailable
from wagu.media_backend.breaker import Breaker, Budget

log = structlog.get_logger("wagu.media")

TIMEOUT = 2.0
TRIES = 3
PAUSE = 0.1
"""Seconds for one try and, times 1, 2, … and a random 0.5–1.5, between two."""

LARGEST_ANSWER = 8 * 1024 * 1024
CONNECTIONS = 16
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that may be others a moment later."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes

    def json(self) -> Any:
        """Errors: Unavailable, for what no media server says."""
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            log.warning("x media server: not JSON", status=self.status)
            raise unavailable() from None


class Upstream:
    """`url` is what all paths begin with. Every call must be one that may be made twice."""

    def __init__(
        self,
        url: str,
        *,
        timeout: float = TIMEOUT,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url
        self._timeout = timeout
        self._monotonic = monotonic
        self._breaker = Breaker()
        self._budget = Budget()
        self._session: aiohttp.ClientSession | None = None
        self.answers = True
        """Whether it did, the last time."""
        self.calls = self.failures = 0

    async def call(
        self, method: str, path: str, headers: Mapping[str, str], json: Any = None, *, what: str
    ) -> Reply:
        """Whatever it answers below 500. Errors: Unavailable. `what` is for the log: a path may
        have the id of a shared map in it, which opens that map."""
        for number in range(1, TRIES + 1):
            if not self._breaker.allows(self._monotonic()):
                raise unavailable()
            reply = await self._try(method, path, headers, json, what)
            if reply is not None:
                return reply
            if number < TRIES and not self._budget.spend():
                break
            if number < TRIES:
                await asyncio.sleep(PAUSE * number * random.uniform(0.5, 1.5))
        raise unavailable()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _try(
        self, method: str, path: str, headers: Mapping[str, str], json: Any, what: str
    ) -> Reply | None:
        self.calls += 1
        try:
            async with asyncio.timeout(self._timeout):
                reply = await self._ask(method, path, headers, json)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            self._failed(what, type(error).__name__)
            return None
        except Unavailable:
            self._failed(what, "too many bytes")
            return None
        if reply.status in AGAIN or reply.status >= 500:
            self._failed(what, str(reply.status))
            return None
        self.answers = True
        self._breaker.answered()
        self._budget.earn()
        return reply

    def _failed(self, what: str, why: str) -> None:
        self.answers = False
        self.failures += 1
        self._breaker.failed(self._monotonic())
        log.warning("x media server", what=what, why=why)

    async def _ask(self, method: str, path: str, headers: Mapping[str, str], json: Any) -> Reply:
        async with self._opened().request(
            method, self._url + path, headers=headers, json=json, allow_redirects=False
        ) as response:
            body = bytearray()
            async for piece in response.content.iter_chunked(64 * 1024):
                body += piece
                if len(body) > LARGEST_ANSWER:
                    raise unavailable()
            return Reply(response.status, bytes(body))

    def _opened(self) -> aiohttp.ClientSession:
        """Made at the first use: it belongs to a running loop."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._session
