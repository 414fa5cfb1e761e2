"""The network under the SDK: one request, no redirect, no compression, and so many bytes at most.

The SDK collects a line until it ends and an error's body whole, so a bound belongs below it. A few
kilobytes of gzip can be gigabytes: what is compressed, though we asked for it plain, is refused.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2

LARGEST_ANSWER = 2 * 1024 * 1024
"""Bytes: a review of 2,000 characters, one a chunk, with 500 bytes of JSON around each, is half."""


class Unreadable(httpx2.TransportError):
    """Too many bytes, or compressed ones."""


class BoundedTransport(httpx2.AsyncBaseTransport):
    def __init__(self, inner: httpx2.AsyncBaseTransport, largest: int = LARGEST_ANSWER) -> None:
        self._inner = inner
        self._largest = largest

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._inner.handle_async_request(request)
        stream = response.stream
        assert isinstance(stream, httpx2.AsyncByteStream)
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            await stream.aclose()
            raise Unreadable("compressed")
        response.stream = _Bounded(stream, self._largest)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream, left: int) -> None:
        self._inner = inner
        self._left = left

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._inner:
            self._left -= len(piece)
            if self._left < 0:
                raise Unreadable("too many bytes")
            yield piece

    async def aclose(self) -> None:
        await self._inner.aclose()


def plain_client() -> httpx2.AsyncClient:
    """Nothing from the environment: no proxy, no .netrc."""
    return httpx2.AsyncClient(
        transport=BoundedTransport(httpx2.AsyncHTTPTransport(trust_env=False)),
        headers={"Accept-Encoding": "identity"},
        follow_redirects=False,
        trust_env=False,
    )
