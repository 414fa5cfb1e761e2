"""What tests of the doctor share.

only       the one finding of a check, and its level: `only(findings)`
listener   a small HTTP server: `await listener(answer)` gives its port
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from wagu.doctor.finding import Finding, Level

MakeListener = Callable[[Callable[[web.Request], Awaitable[web.Response]]], Awaitable[int]]


@pytest.fixture
def only() -> Callable[[list[Finding], Level], str]:
    def one(findings: list[Finding], level: Level) -> str:
        (finding,) = findings
        assert finding.level is level, finding
        assert bool(finding.advice) is (level is not Level.OK), finding
        return finding.text

    return one


@pytest.fixture
async def listener() -> AsyncIterator[MakeListener]:
    servers: list[TestServer] = []

    async def listen(answer: Any) -> int:
        app = web.Application()
        app.router.add_get("/{path:.*}", answer)
        server = TestServer(app)
        servers.append(server)
        await server.start_server()
        assert server.port is not None
        return server.port

    yield listen
    for each in servers:
        await each.close()
