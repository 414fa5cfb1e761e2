"""The composition root: parts find each other, start in order, and stop with rooms open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import CookieJar, WSMsgType, web
from aiohttp.test_utils import TestClient, TestServer

from wagu.app import create_app
from wagu.settings import Settings
from wagu.web import keys

SIGN_UP = {"username": "jimin", "password": "correct horse", "name": "지민"}


@pytest.fixture
def settings(tmp_path: Path, free_port) -> Settings:
    return Settings(
        host="127.0.0.1",
        data_dir=tmp_path,
        media_port=free_port(),
        media_addresses=("127.0.0.1",),
        rate_limits="off",
    )


@pytest.fixture
async def client(settings) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    server = TestServer(create_app(settings))
    async with TestClient(server, cookie_jar=CookieJar(unsafe=True)) as one:
        yield one


async def join(client, share_map: str) -> Any:
    socket = await client.ws_connect("/ws")
    await socket.send_json({"type": "join", "room": f"map/{share_map}"})
    answer = await asyncio.wait_for(socket.receive_json(), 5)
    assert answer["type"] == "joined"
    return socket


async def until(socket, kind: str) -> Any:
    async with asyncio.timeout(5):
        while (message := await socket.receive_json())["type"] != kind:
            pass
    return message


async def share(client) -> str:
    assert (await client.post("/api/members", json=SIGN_UP)).status == 201
    made = await (await client.post("/api/share-maps", json={})).json()
    return made["share_map"]["id"]


async def test_with_its_real_parts_it_is_ready(client):
    ready = await (await client.get("/readyz")).json()
    parts = {"database": True, "store": True, "media": True}
    assert ready == {"ready": True, "degraded": False, "parts": parts}


async def test_web_and_realtime_talk_over_the_bus(client):
    share_map = await share(client)
    socket = await join(client, share_map)
    figures = await (await client.get("/metrics")).text()
    assert "wagu_realtime_sockets 1.0" in figures
    assert "wagu_realtime_map_rooms 1.0" in figures
    assert (await client.delete(f"/api/share-maps/{share_map}")).status == 204
    assert (await until(socket, "ended"))["code"] == "share_map.ended"


async def test_a_renamed_guest_is_renamed_in_the_room(client, settings):
    share_map = await share(client)
    jar = CookieJar(unsafe=True)
    async with TestClient(client.server, cookie_jar=jar) as guest:
        await guest.post("/api/guests", json={"name": "하늘"})
        socket = await join(guest, share_map)
        await guest.post("/api/guests", json={"name": "바다"})
        message = await until(socket, "person")
        while message["person"]["name"] != "바다":
            message = await until(socket, "person")
        await socket.close()


async def test_another_sites_page_gets_no_socket(client):
    response = await client.get("/ws", headers={"Origin": "https://evil.example"})
    assert response.status == 403
    assert (await response.json())["error"]["code"] == "request.cross_origin"


async def test_what_is_no_socket_is_malformed(client):
    response = await client.get("/ws")
    assert (response.status, (await response.json())["error"]["code"]) == (400, "request.malformed")


async def test_a_stop_closes_open_sockets_with_1001(settings):
    server = TestServer(create_app(settings))
    client = TestClient(server, cookie_jar=CookieJar(unsafe=True))
    await client.start_server()
    socket = await join(client, await share(client))
    stopping = asyncio.create_task(server.close())
    async with asyncio.timeout(5):
        while (message := await socket.receive()).type is WSMsgType.TEXT:
            pass
        await stopping
    assert (message.type, message.data) == (WSMsgType.CLOSE, 1001)
    await client.session.close()


async def test_it_can_be_started_again_on_the_same_data(settings):
    async with TestClient(TestServer(create_app(settings))) as first:
        share_map = await share(first)
    async with TestClient(TestServer(create_app(settings))) as second:
        found = await (await second.get(f"/api/share-maps/{share_map}")).json()
        assert found["share_map"]["id"] == share_map
        assert await second.app[keys.MEMBERS].exists("jimin")
