"""A chat-completions server as OpenAI's API reference describes it, that misbehaves on demand.

`answer` is called for each POST /v1/chat/completions with the request; it defaults to `says(...)`.
Streams are `data: {chunk}` events, ended by `data: [DONE]`; errors are {"error": {message, type,
param, code}} with a status.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
DONE = b"data: [DONE]\n\n"


class FakeOpenAI:
    """`asked` are the bodies that came, `headers` those of the last one; `left` is set when a
    client went away from an answer that was not over."""

    def __init__(self) -> None:
        self.answer: Answer = says("맛있", "게 먹", "었다.")
        self.asked: list[dict[str, Any]] = []
        self.headers: dict[str, str] = {}
        self.paths: list[str] = []
        self.left = asyncio.Event()
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.paths.append(request.path)
        self.headers = dict(request.headers)
        self.asked.append(await request.json())
        try:
            return await self.answer(request)
        except (ConnectionError, asyncio.CancelledError):
            self.left.set()
            raise


@asynccontextmanager
async def fake_openai() -> AsyncIterator[FakeOpenAI]:
    fake = FakeOpenAI()
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_post("/{path:.*}", fake.handle)
    server = TestServer(app)
    await server.start_server(shutdown_timeout=0.1)  # which cancels handlers whose client left
    fake.url = f"http://127.0.0.1:{server.port}/v1"
    try:
        yield fake
    finally:
        await server.close()


# ------------------------------------------------------------------------------------ good manners


def chunk(delta: Any, finish_reason: str | None = None) -> bytes:
    body = {
        "id": "chatcmpl-123",
        "object": "chat.completion.chunk",
        "created": 1_795_000_000,
        "model": "test-model",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}],
    }
    return event(body)


def event(body: Any) -> bytes:
    return f"data: {json.dumps(body)}\n\n".encode()


async def begin(request: web.Request, **headers: str) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", **headers})
    await response.prepare(request)
    return response


def says(*pieces: str, finish: str | None = "stop", done: bool = True) -> Answer:
    """A stream of these pieces of text."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = await begin(request)
        await response.write(chunk({"role": "assistant", "content": ""}))
        for piece in pieces:
            await response.write(chunk({"content": piece}))
        if finish is not None:
            await response.write(chunk({}, finish))
        if done:
            await response.write(DONE)
        return response

    return answer


def tells(content: str | None, finish: str = "stop", **message: Any) -> Answer:
    """A whole answer, not streamed."""

    async def answer(request: web.Request) -> web.StreamResponse:
        said = {"role": "assistant", "content": content, **message}
        choices = [{"index": 0, "message": said, "finish_reason": finish}]
        body = {"id": "chatcmpl-123", "object": "chat.completion", "created": 1, "model": "m"}
        return web.json_response({**body, "choices": choices})

    return answer


def one_after_the_other(*answers: Answer) -> Answer:
    """The last one from then on."""
    left = list(answers)

    async def answer(request: web.Request) -> web.StreamResponse:
        return await (left.pop(0) if len(left) > 1 else left[0])(request)

    return answer


def sends(*events: bytes) -> Answer:
    """A stream of these bytes."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = await begin(request)
        for one in events:
            await response.write(one)
        return response

    return answer


def refuses(status: int, code: str | None = None, message: str = "no", **headers: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
        return web.json_response({"error": error}, status=status, headers=headers)

    return answer


# ------------------------------------------------------------------------------------- bad manners


async def hangs(request: web.Request) -> web.StreamResponse:
    """Never says a word."""
    await asyncio.Event().wait()
    raise AssertionError


def then_hangs(*pieces: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = await begin(request)
        for piece in pieces:
            await response.write(chunk({"content": piece}))
        await asyncio.Event().wait()
        return response

    return answer


def for_ever(one: bytes) -> Answer:
    """The same bytes, as fast as they are read."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = await begin(request)
        while True:
            await response.write(one)
            await asyncio.sleep(0)

    return answer


async def html(request: web.Request) -> web.StreamResponse:
    """A captive portal."""
    return web.Response(text="<html><script>alert(1)</script></html>", content_type="text/html")


async def hangs_up(request: web.Request) -> web.StreamResponse:
    response = await begin(request)
    await response.write(chunk({"content": "반"}))
    assert request.transport is not None
    request.transport.abort()
    return response


def compressed(body: bytes) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = await begin(request, **{"Content-Encoding": "gzip"})
        await response.write(body)
        return response

    return answer


def redirects(to: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        raise web.HTTPTemporaryRedirect(to)

    return answer
