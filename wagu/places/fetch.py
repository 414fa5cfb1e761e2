"""One GET for JSON from a server that is not ours: in time, bounded, no redirect, no cookie."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import aiohttp
import msgspec
import structlog

from wagu.places.errors import places_error, too_often

log = structlog.get_logger("wagu.places")

TIMEOUT = 5.0
LARGEST_ANSWER = 512 * 1024
CONNECTIONS = 8
COME_BACK = 10.0
LONGEST_WAIT = 3600.0

T = TypeVar("T")


class Fetch:
    """`headers` go with every request: keys, and who we are."""

    def __init__(self, headers: Mapping[str, str], *, timeout: float = TIMEOUT) -> None:
        self._headers = {"Accept": "application/json", **headers}
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def json(self, url: str, params: Mapping[str, str]) -> Any:
        """Errors: see `errors`."""
        try:
            async with asyncio.timeout(self._timeout):
                return msgspec.json.decode(await self._body(url, params))
        except TimeoutError:
            log.warning("x no places: too slow")
            raise places_error("places.timeout") from None
        except (aiohttp.ClientError, OSError) as error:
            log.warning("x no places", why=type(error).__name__)
            raise places_error("places.unavailable") from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            log.warning("x no places: not JSON")
            raise places_error("places.broken") from None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _body(self, url: str, params: Mapping[str, str]) -> bytes:
        async with self._opened().get(url, params=params, allow_redirects=False) as response:
            _check(response)
            body = bytearray()
            async for piece in response.content.iter_chunked(64 * 1024):
                body += piece
                if len(body) > LARGEST_ANSWER:
                    log.warning("x no places: too many bytes")
                    raise places_error("places.broken")
            return bytes(body)

    def _opened(self) -> aiohttp.ClientSession:
        """Made at the first use: it belongs to a running loop."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                headers=self._headers,
                connector=aiohttp.TCPConnector(limit=CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._session


def rows(answer: Any, key: str | None, kind: type[T]) -> Sequence[T]:
    """The list of rows in an answer, without those that are of another shape."""
    listed = answer.get(key) if isinstance(answer, dict) and key else answer
    if not isinstance(listed, list):
        raise places_error("places.broken")
    good = []
    for row in listed:
        try:
            good.append(msgspec.convert(row, kind, strict=False))
        except msgspec.ValidationError:
            log.debug("x dropped: a row of another shape")
    return good


def _check(response: aiohttp.ClientResponse) -> None:
    status = response.status
    if status == 200:
        return
    log.warning("x no places", status=status)
    if status == 429:
        raise too_often(_seconds(response.headers.get("Retry-After", "")))
    if status == 408 or status >= 500:
        raise places_error("places.unavailable")
    raise places_error("places.misconfigured")


def _seconds(text: str) -> float:
    if text.isascii() and text.isdigit() and len(text) < 10:
        return max(1.0, min(float(text), LONGEST_WAIT))
    return COME_BACK
