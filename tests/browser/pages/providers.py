"""A site in this process whose sign-in providers are fakes on this machine: Kakao, Naver, Google
and a company's own OpenID Connect. Nobody talks here, so its media are a fake, too."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestServer

from tests.fakes.providers import (
    CLIENT_ID,
    CLIENT_SECRET,
    Fake,
    FakeKakao,
    FakeNaver,
    FakeOidc,
    serving,
)
from tests.wagu.web.conftest import FakeMedia
from tests.wagu.web.sign_in_lobby import at
from wagu.app import create_app
from wagu.settings import Settings
from wagu.sign_in.provider import Oidc, google, kakao, naver, openid_connect


@dataclass
class Doors:
    """The site's address, and the fakes behind its buttons."""

    url: str
    fakes: dict[str, Any]


@asynccontextmanager
async def open_doors(data_dir: Path, port: int) -> AsyncIterator[Doors]:
    fakes: dict[str, Fake] = {
        "kakao": FakeKakao(time.time),
        "naver": FakeNaver(time.time, subject="naver-id"),
        "google": FakeOidc(time.time),
        "oidc": FakeOidc(time.time),
    }
    async with AsyncExitStack() as stack:
        for fake in fakes.values():
            await stack.enter_async_context(serving(fake))
        url = {key: fake.url for key, fake in fakes.items()}
        providers = (
            at(url["kakao"], kakao(CLIENT_ID, CLIENT_SECRET)),
            at(url["naver"], naver(CLIENT_ID, CLIENT_SECRET)),
            replace(google(CLIENT_ID, CLIENT_SECRET), oidc=Oidc(url["google"])),
            openid_connect(url["oidc"], CLIENT_ID, CLIENT_SECRET, "우리 회사"),
        )
        settings = Settings(data_dir=data_dir, rate_limits="off", host="127.0.0.1", port=port)
        app = create_app(settings, backend=FakeMedia(), providers=providers)
        server = TestServer(app, host="127.0.0.1", port=port)
        await server.start_server()
        try:
            yield Doors(str(server.make_url("")).rstrip("/"), fakes)
        finally:
            await server.close()
