"""nginx sends each request and each WebSocket to the next of three nodes; nobody notices."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.clients.aiortc_live import Publisher, Viewer
from tests.clients.waiting import eventually
from tests.conftest import missing
from tests.flows.conftest import MakeGuest, MakeTalker
from tests.flows.test_voting import closed, nominate
from tests.operate.proxies import NGINX
from tests.server import end, wait_until

NODES, PEOPLE = 3, 6
SITE = """
map $http_upgrade $connection_upgrade {{ default upgrade; "" ""; }}
upstream wagu {{ {servers} keepalive 16; }}
server {{
    listen 127.0.0.1:{port};
    location / {{
        proxy_pass http://wagu;
        proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }}
}}
"""


@pytest.fixture
def front(
    server: Callable[..., Any],
    redis_url: str,
    postgres_url: str,
    free_port: Callable[[], int],
    tmp_path: Path,
) -> Iterator[Any]:
    """`url` of an nginx in front of `nodes`."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin") or missing("nginx", "nginx")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    shared = {
        "WAGU_REDIS_URL": redis_url,
        "WAGU_DATABASE_URL": postgres_url,
        "WAGU_PUBLIC_URL": url,
        "WAGU_TRUSTED_PROXIES": "127.0.0.1",
    }
    nodes = [server(**shared) for _ in range(NODES)]
    servers = " ".join(f"server 127.0.0.1:{node.port};" for node in nodes)
    (tmp_path / "wagu.conf").write_text(SITE.format(servers=servers, port=port))
    (tmp_path / "nginx.conf").write_text(NGINX.format(folder=tmp_path))
    with (tmp_path / "nginx.log").open("wb") as log:
        command = [program, "-c", str(tmp_path / "nginx.conf"), "-e", "stderr", "-p", str(tmp_path)]
        nginx = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_until((tmp_path / "pid").exists, 10, "nginx runs")
        wait_until(lambda: all("node came" in node.log for node in nodes), 20, "all hear all")
        yield SimpleNamespace(url=url, nodes=nodes)
    finally:
        end(nginx)


async def test_a_room_and_a_live_behind_round_robin(
    front: Any, guests: MakeGuest, talkers: MakeTalker
) -> None:
    host = await guests(front, "지민", member=True)
    room = await host.create_share_map("금요일 저녁")
    others = [await guests(front, f"친구 {number}") for number in range(1, PEOPLE)]
    people = [host, *others]
    for person in people:
        await person.join(room)
    voices = [await talkers(person) for person in people]
    await asyncio.gather(*(voice.hears(PEOPLE - 1) for voice in voices))
    noodles = await nominate(others[0], "을지면옥")
    await asyncio.gather(
        *(person.ask("votes", type="vote", nominee=noodles, on=True) for person in people)
    )
    for person in people:
        await person.send(type="done", on=True)
    for person in people:
        assert (await closed(person))["ballot"]["result"]["counts"] == {noodles: PEOPLE}

    live = (await host.api("POST", "/api/lives", {"title": "불 앞에서"}))["live"]["id"]
    tickets = f"/api/lives/{live}/tickets"
    publisher = Publisher(host, await host.api("POST", tickets, {"role": "publish"}))
    await publisher.connect()
    fans = [Viewer(each, await each.api("POST", tickets, {"role": "watch"})) for each in others[:3]]
    for fan in fans:
        await fan.connect()

    async def watched() -> bool:
        return all(fan.seen.frames > 30 for fan in fans)

    await eventually(watched, "all see it")
    for session in (*fans, publisher):
        assert await session.close() == 200

    opened = Counter(node.port for node in front.nodes for _ in range(node.log.count("< open")))
    assert set(opened) == {node.port for node in front.nodes}, "all of them had WebSockets"
