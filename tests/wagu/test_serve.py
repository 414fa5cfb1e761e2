"""The serving process: its first words, its log, its ends."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from typing import Any

import aiohttp

from media.room import Room
from wagu import lan
from wagu.media_backend.base import RoomKey, label_of
from wagu.serve import greeting, picture, reachable_at
from wagu.settings import Settings

SETUP = re.compile(r"/setup/([\w-]{43})")
SIGN_UP = {"username": "jimin", "password": "correct horse", "name": "지민"}


def call(method: str, url: str, body: Any = None, **headers: str) -> tuple[int, Any, Any]:
    """Status, JSON, headers; blocking."""
    data = None if body is None else json.dumps(body).encode()
    wanted = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(url, data, wanted, method=method)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, json.loads(answer.read() or b"null"), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read()), error.headers


def cookie_of(headers: Any) -> str:
    return headers["Set-Cookie"].partition(";")[0]


def test_the_setup_link_is_printed_once_and_anew_until_it_is_used(server):
    one = server()
    (first,) = SETUP.findall(one.log)
    assert f"{one.url}/setup/{first}" in one.log
    one.restart()
    _, second = SETUP.findall(one.log)
    assert call("GET", f"{one.url}/api/setup/{first}")[1] == {"valid": False}
    assert call("GET", f"{one.url}/api/setup/{second}")[1] == {"valid": True}
    status, answer, _ = call("POST", f"{one.url}/api/members", SIGN_UP | {"setup_token": second})
    assert (status, answer["person"]["admin"]) == (201, True)
    one.restart()
    assert len(SETUP.findall(one.log)) == 2, "no link once there is an admin"


def test_no_secret_is_logged(server):
    one = server(WAGU_LOG_LEVEL="debug")
    (token,) = SETUP.findall(one.log)
    call("GET", f"{one.url}/api/setup/{token}")
    call("GET", f"{one.url}/setup/{token}", Accept="application/json")
    _, _, headers = call("POST", f"{one.url}/api/members", SIGN_UP | {"setup_token": token})
    session = cookie_of(headers)
    call("POST", f"{one.url}/api/session", {"username": "jimin", "password": "hunter2hunter2"})
    _, live, _ = call("POST", f"{one.url}/api/lives", {"title": "x"}, Cookie=session)
    tickets = f"{one.url}/api/lives/{live['live']['id']}/tickets"
    _, ticket, _ = call("POST", tickets, {"role": "publish"}, Cookie=session)
    whip = {"Authorization": f"Bearer {ticket['token']}", "Content-Type": "application/sdp"}
    status, _, _ = call("POST", f"{one.url}{ticket['url']}", "v=0 ice-pwd:sesame", **whip)
    assert status == 400
    _, shared, _ = call("POST", f"{one.url}/api/share-maps", {}, Cookie=session)
    call("GET", f"{one.url}/api/share-maps/{shared['share_map']['id']}")
    one.stop()
    assert one.log.count(token) == 1
    secrets = ("correct horse", "hunter2", "sesame", ticket["token"], shared["share_map"]["id"])
    for secret in (session.partition("=")[2], *secrets):
        assert secret not in one.log
    assert "> 200 GET /api/setup/{token}" in one.log


async def test_ctrl_c_with_a_room_open_tells_the_socket_and_ends(server):
    one = await asyncio.to_thread(server)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        await session.post(f"{one.url}/api/members", json=SIGN_UP)
        made = await (await session.post(f"{one.url}/api/share-maps", json={})).json()
        socket = await session.ws_connect(f"{one.url}/ws")
        await socket.send_json({"type": "join", "room": f"map/{made['share_map']['id']}"})
        assert (await socket.receive_json())["type"] == "joined"
        stopping = asyncio.create_task(asyncio.to_thread(one.interrupt))
        async with asyncio.timeout(10):
            while (message := await socket.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 1001)
        assert await stopping < 3.0, "promised to whoever presses Ctrl-C"
    assert one.process.returncode == 0
    assert "Traceback" not in one.log


def test_a_session_and_a_map_survive_the_plug_being_pulled(server):
    one = server()
    _, _, headers = call("POST", f"{one.url}/api/members", SIGN_UP)
    cookie = cookie_of(headers)
    _, made, _ = call("POST", f"{one.url}/api/share-maps", {}, Cookie=cookie)
    one.kill()
    one.start()
    _, answer, _ = call("GET", f"{one.url}/api/session", Cookie=cookie)
    assert answer["person"]["username"] == "jimin"
    _, mine, _ = call("GET", f"{one.url}/api/share-maps", Cookie=cookie)
    assert [each["id"] for each in mine["share_maps"]] == [made["share_map"]["id"]]


def test_json_logs_are_json(server):
    one = server(WAGU_LOG_FORMAT="json")
    call("GET", f"{one.url}/api/config")
    one.stop()
    lines = [line for line in one.log.splitlines() if line.startswith("{")]
    events = [json.loads(line) for line in lines]
    (access,) = [event for event in events if event["event"] == "> 200 GET /api/config"]
    assert {"ms", "peer", "request", "timestamp", "level"} <= access.keys()


async def test_lines_about_one_room_and_one_request_are_found_by_them(server):
    one = await asyncio.to_thread(server, WAGU_LOG_FORMAT="json", WAGU_TRUSTED_PROXIES="127.0.0.1")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        await session.post(f"{one.url}/api/members", json=SIGN_UP)
        made = await (await session.post(f"{one.url}/api/share-maps", json={})).json()
        key = made["share_map"]["id"]
        chosen = {"X-Request-Id": "proxy-7"}
        async with session.get(f"{one.url}/api/share-maps/{key}", headers=chosen) as answer:
            assert answer.headers["X-Request-Id"] == "proxy-7"
        socket = await session.ws_connect(f"{one.url}/ws", headers={"X-Request-Id": "no good!"})
        await socket.send_json({"type": "join", "room": f"map/{key}"})
        assert (await socket.receive_json())["type"] == "joined"
        await socket.send_json({"type": "leave"})
        await socket.close()
        await session.delete(f"{one.url}/api/share-maps/{key}")
    await asyncio.to_thread(one.stop)
    events = [json.loads(line) for line in one.log.splitlines() if line.startswith("{")]
    label = label_of(RoomKey(f"map/{key}"))
    assert {event["event"] for event in events if event.get("room") == label} >= {
        "> 200 GET /api/share-maps/{id}",
        "> 204 DELETE /api/share-maps/{id}",
        "< join",
        "< leave",
    }
    (shown,) = [event for event in events if event["event"] == "> 200 GET /api/share-maps/{id}"]
    assert shown["request"] == "proxy-7"
    (opened,) = [event for event in events if event["event"] == "< open"]
    assert re.fullmatch("[0-9a-f]{12}", opened["request"]), "not what nobody would write"
    of_socket = [e["event"] for e in events if e.get("request") == opened["request"]]
    assert {"< open", "< join", "< leave", "= closed"} <= set(of_socket)
    assert key not in one.log


def test_the_media_server_calls_a_room_the_same():
    key = RoomKey("map/abc")
    room = Room(key, lambda _event: None, 2)
    assert room.label == label_of(key)


async def test_a_request_id_is_taken_from_a_proxy_only(server):
    one = await asyncio.to_thread(server)
    headers = await asyncio.to_thread(
        lambda: call("GET", f"{one.url}/api/config", **{"X-Request-Id": "mine"})[2]
    )
    assert headers["X-Request-Id"] != "mine"


def test_the_greeting_says_what_to_open():
    settings = Settings(host="127.0.0.1", port=9000)
    assert reachable_at(settings) == ["http://127.0.0.1:9000"]
    assert "https" not in " ".join(greeting(settings)), "a microphone works there"
    public = Settings(public_url="https://wagu.example.org", port=9000)
    assert reachable_at(public) == ["https://wagu.example.org", "http://localhost:9000"]
    assert greeting(public)[0].endswith("open https://wagu.example.org")
    link = "https://wagu.example.org/setup/abc"
    assert any(line.endswith(f": {link}") for line in greeting(public, link))
    assert "/setup/" not in " ".join(greeting(public))
    anywhere = greeting(Settings(port=9000))
    assert anywhere[0].endswith("open http://localhost:9000")


def test_phones_are_told_https_and_this_machine_http(monkeypatch):
    monkeypatch.setattr(lan, "addresses", lambda: ["192.168.0.5"])
    settings = Settings(tls="self-signed", port=9000)
    assert reachable_at(settings) == ["http://localhost:9000", "https://192.168.0.5:9000"]
    assert "warn once" in " ".join(greeting(settings))
    assert len(picture(settings)) == 15, "version 2, two rows in a line, two of light around"
    plain = Settings(port=9000)
    assert reachable_at(plain) == ["http://localhost:9000", "http://192.168.0.5:9000"]
    assert "wagu serve --lan" in " ".join(greeting(plain))
    assert picture(plain) == []
    assert picture(Settings(tls="self-signed", host="127.0.0.1")) == []


def test_it_imports_nothing_that_most_servers_never_need():
    """Decoders are for worker processes, clients for who has set up what they speak to."""
    program = """
import sys
import wagu.serve
from wagu.media_backend.embedded import EmbeddedBackend
heavy = {"PIL", "pillow_heif", "redis", "asyncpg", "joserfc", "openai", "httpx2", "obstore"}
heavy |= {"alembic", "segno", "aiortc", "av", "cryptography"}
print("HEAVY", sorted(heavy & set(sys.modules)))
"""
    command = [sys.executable, "-c", program]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert said.strip() == "HEAVY []"
