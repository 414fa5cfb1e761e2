"""A bucket that speaks as much S3 as obstore asks for: put, get, head, list, delete; path style."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from xml.sax.saxutils import escape, unescape

from aiohttp import web
from aiohttp.test_utils import TestServer

MODIFIED = "Sun, 22 Nov 2026 12:00:00 GMT"


class Bucket:
    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.authorisations: set[str] = set()
        self.broken = False

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """The endpoint's address, while the block runs."""
        app = web.Application(client_max_size=64 << 20)
        app.router.add_route("*", "/{bucket}", self._answer)
        app.router.add_route("*", "/{bucket}/{key:.*}", self._answer)
        async with TestServer(app) as server:
            yield str(server.make_url("")).rstrip("/")

    async def _answer(self, request: web.Request) -> web.Response:
        self.authorisations.add(request.headers.get("Authorization", "").split("/")[0])
        if self.broken:
            return _error(403, "AccessDenied")
        key = request.match_info.get("key", "")
        if request.query.get("list-type") == "2":
            return self._list(request.query.get("prefix", ""))
        if request.method == "POST" and "delete" in request.query:
            return self._delete(await request.text())
        if request.method == "PUT":
            self.objects[key] = await request.read()
            return web.Response(headers={"ETag": _tag(self.objects[key])})
        return self._get(key) if request.method in ("GET", "HEAD") else _error(501, "NotHere")

    def _get(self, key: str) -> web.Response:
        if key not in self.objects:
            return _error(404, "NoSuchKey")
        body = self.objects[key]
        return web.Response(body=body, headers={"ETag": _tag(body), "Last-Modified": MODIFIED})

    def _delete(self, text: str) -> web.Response:
        keys = re.findall("<Key>.*?</Key>", text)
        for key in keys:
            self.objects.pop(unescape(key[5:-6]), None)
        rows = "".join(f"<Deleted>{key}</Deleted>" for key in keys)
        return _xml(f"<DeleteResult>{rows}</DeleteResult>")

    def _list(self, prefix: str) -> web.Response:
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(body)}</Size>"
            f"<LastModified>2026-11-22T12:00:00.000Z</LastModified><ETag>{_tag(body)}</ETag></Contents>"
            for key, body in sorted(self.objects.items())
            if key.startswith(prefix)
        )
        return _xml(f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>")


def _error(status: int, code: str) -> web.Response:
    return web.Response(status=status, text=f"<Error><Code>{code}</Code></Error>")


def _xml(text: str) -> web.Response:
    return web.Response(text=text, content_type="application/xml")


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()}"'
