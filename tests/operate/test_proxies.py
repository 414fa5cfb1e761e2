"""Behind a real nginx and a real Caddy with the files that we hand out; Traefik's is only read."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from tests.certificate import make_certificate
from tests.clients.guest import PASSWORD, Guest, Refused
from tests.conftest import find_free_port, missing
from tests.operate.proxies import FILES, Caddy, Nginx, Proxy
from tests.server import end, wait_until
from wagu.images.limits import LARGEST_FILE

PROXIES: dict[str, type[Proxy]] = {"nginx": Nginx, "caddy": Caddy}
CLIENT = "127.0.0.2"
"""Where our client comes from, as the proxy is at 127.0.0.1."""

ELSEWHERE = {"Origin": "https://elsewhere.example"}


def listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(params=PROXIES)
def proxy(
    request: pytest.FixtureRequest, tmp_path: Path, server: Callable[..., Any]
) -> Iterator[tuple[Proxy, Any]]:
    name = request.param
    program = shutil.which(name, path="/usr/sbin:/usr/bin") or missing(name, name)
    certificate = make_certificate(tmp_path)
    made = PROXIES[name](program, tmp_path, certificate, (find_free_port(), find_free_port()))
    one = server(WAGU_PUBLIC_URL=made.url, WAGU_TRUSTED_PROXIES="127.0.0.1", WAGU_LOG_FORMAT="json")
    process = made.start(one.port)
    try:
        wait_until(lambda: listens(made.port) or process.poll() is not None, 20, f"{name} listens")
        assert process.poll() is None, made.log_file.read_text()
        yield made, one
    finally:
        end(process)


@pytest.fixture
async def guest(proxy: tuple[Proxy, Any], tmp_path: Path) -> AsyncIterator[Guest]:
    """Somebody who comes from another address than the proxy's."""
    trusting = ssl.create_default_context(cafile=str(tmp_path / "certificate.pem"))
    connector = aiohttp.TCPConnector(ssl=trusting, local_addr=(CLIENT, 0))
    made = Guest(proxy[0].url, "하늘", connector)
    yield made
    await made.close()


def accesses(log: str, event: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == event]


async def test_all_that_has_to_come_through_does(proxy: tuple[Proxy, Any], guest: Guest) -> None:
    at, here = proxy
    await a_page(at, guest)
    await a_write(at, guest, here)
    await a_socket(at, guest)
    await a_photo(at, guest)
    with pytest.raises(Refused) as caught:
        await guest.api("GET", "/metrics")
    assert caught.value.code == "404"
    if isinstance(at, Nginx):  # Caddy does so by itself, on ports that a test cannot choose
        await http_leads_to_https(at)


async def a_page(at: Proxy, guest: Guest) -> None:
    async with guest.http.get(at.url) as page:
        assert (page.status, page.content_type) == (200, "text/html")
        assert f"wss://127.0.0.1:{at.port}" in page.headers["Content-Security-Policy"]


async def a_write(at: Proxy, guest: Guest, here: Any) -> None:
    member = {"username": "haneul", "password": PASSWORD, "name": "하늘"}
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"}
    async with guest.http.post(f"{at.url}/api/members", json=member, headers=forged) as made:
        assert made.status == 201
        assert "Secure" in made.headers["Set-Cookie"]
    (line,) = accesses(here.log, "> 201 POST /api/members")
    assert line["peer"] == CLIENT, "neither the proxy's address nor what a client claims"
    async with guest.http.post(f"{at.url}/api/share-maps", json={}, headers=ELSEWHERE) as refused:
        assert (await refused.json())["error"]["code"] == "request.cross_origin"


async def a_socket(at: Proxy, guest: Guest) -> None:
    assert (await guest.join(await guest.create_share_map()))["type"] == "joined"
    await guest.ask("chatted", type="chat", text="안녕")
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await guest.http.ws_connect(f"{at.url}/ws", headers=ELSEWHERE)


async def a_photo(at: Proxy, guest: Guest) -> None:
    """As large as we take it; what is larger is refused by whoever sees it first."""
    jpeg = {"Content-Type": "image/jpeg"}
    url = f"{at.url}/api/photos"
    async with guest.http.post(url, data=bytes(LARGEST_FILE), headers=jpeg) as answer:
        assert (await answer.json())["error"]["code"] == "image.unknown_format"
    too_large = bytes(LARGEST_FILE + 2 * 1024**2)
    async with guest.http.post(url, data=too_large, headers=jpeg) as answer:
        assert answer.status == 413


async def http_leads_to_https(at: Proxy) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"http://127.0.0.1:{at.plain_port}/live/7", allow_redirects=False) as answer,
    ):
        assert (answer.status, answer.headers["Location"]) == (301, "https://127.0.0.1/live/7")


def test_traefik_is_told_of_one_way_in_and_one_server() -> None:
    static = yaml.safe_load((FILES / "traefik.yaml").read_text())
    routes = yaml.safe_load((FILES / "traefik-wagu.yaml").read_text())
    assert static.keys() == {"entryPoints", "certificatesResolvers", "providers"}
    web, websecure = static["entryPoints"]["web"], static["entryPoints"]["websecure"]
    assert web["http"]["redirections"]["entryPoint"] == {"to": "websecure", "scheme": "https"}
    assert (web["address"], websecure["address"]) == (":80", ":443")
    assert static["providers"]["file"]["filename"].endswith("/traefik-wagu.yaml")
    assert routes.keys() == {"http"}
    assert routes["http"].keys() == {"routers", "services"}
    (router,) = routes["http"]["routers"].values()
    assert router.keys() == {"rule", "entryPoints", "service", "tls"}
    assert set(router["entryPoints"]) <= static["entryPoints"].keys()
    assert router["tls"]["certResolver"] in static["certificatesResolvers"]
    assert "!Path(`/metrics`)" in router["rule"]
    service = routes["http"]["services"][router["service"]]
    assert service == {"loadBalancer": {"servers": [{"url": "http://127.0.0.1:8080"}]}}
