"""What the fakes of media servers have in common: an address that stays, being down and coming
back, slowness, failing, and webhooks that are sent, or lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

Hook = Callable[[str, bytes], Awaitable[None]]
"""Gets the Authorization header and the body."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class FakeServer:
    """`fails` are statuses that the next calls are answered with, `delay` seconds before any."""

    port: int
    clock: Callable[[], float]
    hook: Hook | None = None
    delay: float = 0.0
    fails: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    _runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def routes(self) -> list[web.RouteDef]:
        raise NotImplementedError  # each server has its own

    async def start(self) -> None:
        @web.middleware
        async def misbehave(request: web.Request, handler: Handler) -> web.StreamResponse:
            self.asked.append(f"{request.method} {request.path}")
            await asyncio.sleep(self.delay)
            if self.fails:
                return web.Response(status=self.fails.pop(0), text="<html>no</html>")
            return await handler(request)

        app = web.Application(middlewares=[misbehave])
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()

    async def stop(self) -> None:
        """Refuses connections; what it knows stays."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def tell(self, authorization: str, body: bytes) -> None:
        if self.hook is not None:
            await self.hook(authorization, body)


@asynccontextmanager
async def serving(fake: FakeServer) -> AsyncIterator[None]:
    await fake.start()
    try:
        yield
    finally:
        await fake.stop()
