"""Requests that nobody's client sends: each gets one JSON error, and the server goes on."""

from __future__ import annotations

import asyncio
import gzip
import json

import pytest

from wagu.web import keys

pytestmark = pytest.mark.sql

SIGN_UP = {"username": "jimin", "password": "correct horse", "name": "지민"}
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b"[]",
        b'"text"',
        b"null",
        b"\xff\xfe",
        b'{"username": "\\ud800"}',
        b"[" * 50_000,
        b'{"a":' * 10_000,
    ],
)
async def test_what_is_no_json_object(site, body):
    status, answer = await site.visitor().call("POST", "/api/members", data=body, headers=JSON)
    assert (status, answer["error"]["code"]) == (400, "request.malformed")
    assert "field" not in answer["error"]


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""],
)
async def test_other_content_types(site, content_type):
    headers = {"Content-Type": content_type}
    body = json.dumps(SIGN_UP).encode()
    status, answer = await site.visitor().call("POST", "/api/members", data=body, headers=headers)
    assert (status, answer["error"]["code"]) == (415, "request.media_type")


async def test_a_charset_beside_the_content_type_is_fine(site):
    headers = {"Content-Type": "application/json; charset=utf-8"}
    body = json.dumps(SIGN_UP).encode()
    status, _ = await site.visitor().call("POST", "/api/members", data=body, headers=headers)
    assert status == 201


@pytest.mark.parametrize("chunked", [False, True])
async def test_too_much(site, chunked):
    async def chunks():
        for _ in range(70):
            yield b" " * 1024

    body = chunks() if chunked else b" " * (64 * 1024 + 1)
    status, answer = await site.visitor().call("POST", "/api/members", data=body, headers=JSON)
    assert (status, answer["error"]["code"]) == (413, "request.too_large")


async def test_a_little_that_unpacks_to_too_much(site):
    headers = JSON | {"Content-Encoding": "gzip"}
    body = gzip.compress(b" " * 8_000_000)
    assert len(body) < 64 * 1024
    status, answer = await site.visitor().call("POST", "/api/members", data=body, headers=headers)
    assert (status, answer["error"]["code"]) == (413, "request.too_large")


async def test_missing_and_unknown_fields_are_named(site):
    visitor = site.visitor()
    status, answer = await visitor.post("/api/session", {"username": "jimin"})
    assert (status, answer["error"]["field"]) == (422, "password")
    status, answer = await visitor.post("/api/session", SIGN_UP)
    assert (status, answer["error"]["field"]) == (422, "name")


async def test_unknown_addresses_and_methods(site):
    visitor = site.visitor()
    for method, path in [("GET", "/api/nope"), ("POST", "/nope"), ("GET", "/static/nope.js")]:
        status, answer = await visitor.call(method, path)
        assert (status, answer["error"]["code"]) == (404, "route.unknown")
    response = await visitor.raw("PUT", "/api/guests")
    assert response.status == 405
    assert response.headers["Allow"] == "POST"
    assert (await response.json())["error"]["code"] == "request.method"


async def test_odd_paths_are_only_unknown(site):
    visitor = site.visitor()
    odd = ["/api/lives/%00", "/api/lives/%FF", "/api/lives/" + "x" * 4_000, "/api/lives/가"]
    for path in odd:
        status, answer = await visitor.get(path)
        assert (status, answer["error"]["code"]) == (404, "live.unknown"), path
    for path in ["/api/members/%00", "/api/members/%00/lives", "/api/members/%ED%A0%80"]:
        status, answer = await visitor.get(path)
        assert (status, answer["error"]["code"]) == (404, "member.unknown"), path
    for path in ["/static/%2e%2e/pyproject.toml", "/static/..%2fpyproject.toml", "/static/%00"]:
        assert (await visitor.get(path))[0] == 404, path


async def test_what_nobody_expected_is_a_500_that_tells_nothing(site, monkeypatch):
    async def broken(scope, **page):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(site.app[keys.LIVES], "on", broken)
    visitor = site.visitor()
    status, answer = await visitor.get("/api/lives")
    assert (status, answer["error"]["code"]) == (500, "server.error")
    assert "secret" not in str(answer)
    assert (await visitor.get("/api/config"))[0] == 200


async def test_bytes_that_are_no_http_hurt_nobody(site):
    for junk in (b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"\x00" * 512):
        reader, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
        writer.write(junk)
        writer.write_eof()
        async with asyncio.timeout(5):
            await reader.read()
        writer.close()
    assert (await site.visitor().get("/livez"))[0] == 200
