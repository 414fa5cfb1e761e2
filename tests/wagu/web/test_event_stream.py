"""Server-sent events: as they come, alive in silence, and over when nobody reads."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

from aiohttp import ClientSession, web
from aiohttp.test_utils import unused_port

from wagu.web.event_stream import COMMENT, frame, send_events
from wagu.web.models import View


class Frames:
    """Says one thing, then nothing more; `closed` when nobody wants it any longer."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()

    async def come(self):
        try:
            yield b"event: first\n\n"
            await asyncio.Event().wait()
        finally:
            self.closed.set()


@asynccontextmanager
async def served(handler):
    """As production serves: a handler is not cancelled when its client goes away."""
    app = web.Application()
    app.router.add_get("/", handler)
    runner = web.AppRunner(app, handler_cancellation=False)
    await runner.setup()
    port = unused_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        await runner.cleanup()


async def test_silence_is_filled_and_a_closed_window_noticed():
    frames = Frames()

    async def handler(request):
        return await send_events(request, frames.come(), heartbeat=0.05)

    async with served(handler) as url, ClientSession() as session, asyncio.timeout(20):
        response = await session.get(url)
        assert await response.content.readuntil(b"\n\n") == b"event: first\n\n"
        assert await response.content.readuntil(b"\n\n") == COMMENT
        assert not frames.closed.is_set()
        response.close()
        await frames.closed.wait()


async def test_the_end_is_an_end():
    async def frames():
        yield b"event: only\n\n"

    async def handler(request):
        return await send_events(request, frames())

    async with served(handler) as url, ClientSession() as session, asyncio.timeout(20):
        response = await session.get(url)
        assert await response.read() == b"event: only\n\n"
        assert response.headers["X-Accel-Buffering"] == "no"


def test_a_line_end_in_a_text_ends_no_event():
    class Words(View):
        text: str

    written = frame("delta", Words(text="하나\n\nevent: done\r\u2028"))
    assert written.count(b"\n") == 3
    assert written.endswith(b"\n\n")
    assert b"\r" not in written
