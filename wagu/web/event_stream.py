"""Server-sent events (HTML Living Standard, 9.2): an answer that is written while it comes about.

aiohttp does not tell a handler that its client went away; a write does. So something is written
every few seconds, a comment if there is nothing to say, which also keeps proxies from giving up.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import structlog
from aiohttp import web

from wagu.web.models import View

log = structlog.get_logger("wagu.web")

EVENT_STREAM = "text/event-stream"
HEARTBEAT = 2.0
COMMENT = b": still here\n\n"
PATIENCE = 30.0
"""Seconds for a client to take what was written."""


def frame(event: str, data: View) -> bytes:
    """One line is enough: JSON escapes the line ends of texts."""
    return f"event: {event}\ndata: {data.model_dump_json(exclude_unset=True)}\n\n".encode()


async def send_events(
    request: web.Request, frames: AsyncGenerator[bytes, None], heartbeat: float = HEARTBEAT
) -> web.StreamResponse:
    """Everything that comes out of `frames`, which is closed as soon as nobody reads."""
    response = web.StreamResponse(
        headers={
            "Content-Type": f"{EVENT_STREAM}; charset=utf-8",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",  # nginx would collect it
        }
    )
    coming: asyncio.Task[bytes | None] | None = None
    try:
        await response.prepare(request)
        while True:
            coming = asyncio.create_task(_next(frames))
            while not (await asyncio.wait((coming,), timeout=heartbeat))[0]:
                await _write(response, COMMENT)
            piece = coming.result()
            if piece is None:
                await response.write_eof()
                break
            await _write(response, piece)
    except (ConnectionError, TimeoutError):
        log.info("x stopped: nobody reads")
    finally:
        if coming is not None and not coming.done():
            coming.cancel()
            await asyncio.wait((coming,))
        await frames.aclose()
    return response


async def _next(frames: AsyncGenerator[bytes, None]) -> bytes | None:
    return await anext(frames, None)


async def _write(response: web.StreamResponse, piece: bytes) -> None:
    async with asyncio.timeout(PATIENCE):
        await response.write(piece)
