"""A site with fakes of all sign-in providers, and the way through one of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.fakes.providers import (
    CLIENT_ID,
    CLIENT_SECRET,
    FakeKakao,
    FakeNaver,
    FakeOidc,
    consent,
    serving,
)
from wagu.sign_in.provider import Endpoints, Provider, kakao, naver, openid_connect

DAY = 86_400.0
PASSWORD = "correct horse"
ALL = ("kakao", "naver", "oidc")


@dataclass
class Lobby:
    """A site with all providers, and the way through one of them."""

    site: Any
    fakes: dict[str, Any]

    async def start(self, visitor: Any, key: str, **query: str) -> str:
        response = await visitor.raw("GET", f"/auth/{key}/start", params=query)
        assert response.status == 302, await response.text()
        return str(response.headers["Location"])

    async def back(self, visitor: Any, key: str, query: dict[str, str]) -> str:
        """Where the browser ends up."""
        response = await visitor.raw("GET", f"/auth/{key}/callback?{urlencode(query)}")
        assert response.status == 302
        return str(response.headers["Location"])

    async def sign_in(self, visitor: Any, key: str, **query: str) -> str:
        return await self.back(visitor, key, await consent(await self.start(visitor, key, **query)))


async def who(visitor: Any) -> Any:
    return (await visitor.get("/api/session"))[1]["person"]


def at(url: str, provider: Provider) -> Provider:
    """The provider as it is, but on this machine."""
    assert provider.profile is not None
    path = urlsplit(provider.profile.url).path
    return replace(
        provider,
        endpoints=Endpoints(f"{url}/authorize", f"{url}/token"),
        profile=replace(provider.profile, url=url + path),
    )


@asynccontextmanager
async def open_lobby(site_with: Callable[..., Any]) -> AsyncIterator[Lobby]:
    def clock() -> float:
        return float(site.clock.now)

    fakes: dict[str, Any] = {
        "kakao": FakeKakao(clock),
        "naver": FakeNaver(clock, subject="naver-id"),
        "oidc": FakeOidc(clock),
    }
    async with AsyncExitStack() as stack:
        for fake in fakes.values():
            await stack.enter_async_context(serving(fake))
        providers = (
            at(fakes["kakao"].url, kakao(CLIENT_ID, CLIENT_SECRET)),
            at(fakes["naver"].url, naver(CLIENT_ID, CLIENT_SECRET)),
            openid_connect(fakes["oidc"].url, CLIENT_ID, CLIENT_SECRET, "우리 회사"),
        )
        site = await stack.enter_async_context(site_with(providers=providers))
        yield Lobby(site, fakes)
