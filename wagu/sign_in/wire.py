"""Talking to providers: small JSON answers, soon, from where we asked, or ProviderFailed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from wagu.sign_in.errors import ProviderFailed

LARGEST = 256 * 1024
PATIENCE = 10.0
LOCAL = ("localhost", "127.0.0.1", "::1")


class Wire:
    def __init__(self) -> None:
        self._session: ClientSession | None = None

    async def start(self) -> None:
        self._session = ClientSession(
            timeout=ClientTimeout(total=PATIENCE), headers={"Accept": "application/json"}
        )

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(self, url: str, *, bearer: str | None = None) -> dict[str, Any]:
        headers = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
        return await self._ask("GET", url, headers=headers)

    async def post(self, url: str, form: Mapping[str, str]) -> dict[str, Any]:
        return await self._ask("POST", url, data=form)

    async def _ask(self, method: str, url: str, **rest: Any) -> dict[str, Any]:
        assert self._session is not None, "not started"
        check_address(url)
        try:
            # No redirects: a secret or a bearer token goes where it was meant for, or nowhere.
            async with self._session.request(method, url, allow_redirects=False, **rest) as answer:
                content = await answer.content.read(LARGEST)
                while len(content) < LARGEST and (more := await answer.content.read(LARGEST)):
                    content += more
                status = answer.status
        except (ClientError, TimeoutError, asyncio.IncompleteReadError, ValueError) as wrong:
            raise ProviderFailed(f"{method} {_shown(url)}: {type(wrong).__name__}") from None
        try:
            said = json.loads(content)
        except (ValueError, RecursionError):
            raise ProviderFailed(f"{method} {_shown(url)}: {status}, no JSON") from None
        if status != 200 or not isinstance(said, dict) or "error" in said:
            why = said.get("error") if isinstance(said, dict) else None
            raise ProviderFailed(f"{method} {_shown(url)}: {status} {str(why)[:80]}")
        return said


def check_address(url: str) -> None:
    """https, or this machine; raises ProviderFailed."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ProviderFailed("not an address") from None
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)
    if not (secure and parts.hostname):
        raise ProviderFailed(f"neither https nor this machine: {_shown(url)}")


def _shown(url: str) -> str:
    return url.partition("?")[0][:200]
