"""Blue to green to blue, five times, with everybody at it: nobody is refused, lost or logged out.

A real nginx in front, a real Redis and PostgreSQL behind, scripts/deploy in between.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientOSError,
    ServerDisconnectedError,
)

from tests.clients.guest import Guest, Message, Refused
from tests.clients.waiting import eventually
from tests.conftest import ROOT, find_free_port, missing
from tests.operate.proxies import NGINX
from tests.server import end, wait_until

pytestmark = pytest.mark.load

FLIPS = 5
REQUESTS, ASKED_WITHIN = 20_000, 400.0
ASKING = 8
ROOMS, VOTERS = 3, 10
BACK_WITHIN = 3.0
SPOT = [37.5662, 126.9915]

SITE = """
map $http_upgrade $connection_upgrade {{ default upgrade; "" ""; }}
upstream wagu {{ include {folder}/upstream.conf; keepalive 32; }}
server {{
    listen 127.0.0.1:{port} backlog=1024;
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


class Host:
    """A machine with nginx and what scripts/deploy starts on it."""

    def __init__(self, program: str, folder: Path, redis_url: str, database_url: str) -> None:
        self.folder = folder
        self.port, self.ports = find_free_port(), (find_free_port(), find_free_port())
        self.url = f"http://127.0.0.1:{self.port}"
        self.config = folder / "nginx.conf"
        self.settings = {
            "WAGU_REDIS_URL": redis_url,
            "WAGU_DATABASE_URL": database_url,
            "WAGU_PUBLIC_URL": self.url,
            "WAGU_MEDIA_ADDRESSES": "127.0.0.1",
            "WAGU_TRUSTED_PROXIES": "127.0.0.1",
            "WAGU_RATE_LIMITS": "off",
        }
        (folder / "wagu.conf").write_text(SITE.format(folder=folder, port=self.port))
        (folder / "upstream.conf").write_text("server 127.0.0.1:1;\n")
        whole = NGINX.format(folder=folder).replace("master_process off;\n", "")
        self.config.write_text(whole)
        self.nginx = [program, "-c", str(self.config), "-e", "stderr", "-p", str(folder)]

    def deploy(self, **settings: str) -> subprocess.CompletedProcess[str]:
        own = {key: text for key, text in os.environ.items() if not key.startswith("WAGU_")}
        return subprocess.run(
            [
                *(sys.executable, str(ROOT / "scripts" / "deploy")),
                *("--nginx", str(self.folder / "upstream.conf")),
                *("--reload", " ".join([*self.nginx, "-s", "reload"])),
                *("--folder", str(self.folder / "deploy")),
                *("--ports", *map(str, self.ports)),
            ],
            env=own | self.settings | settings,
            capture_output=True,
            text=True,
            check=False,
            timeout=110,
        )

    def serves(self) -> str:
        return (self.folder / "upstream.conf").read_text()

    def stop(self) -> None:
        for pid in (self.folder / "deploy").glob("*.pid"):
            os.kill(int(pid.read_text()), signal.SIGKILL)


@pytest.fixture
def host(tmp_path: Path, redis_url: str, postgres_url: str) -> Iterator[Host]:
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin") or missing("nginx", "nginx")
    made = Host(program, tmp_path, redis_url, postgres_url)
    with (tmp_path / "nginx.log").open("wb") as log:
        nginx = subprocess.Popen(made.nginx, stdout=log, stderr=log)
    try:
        wait_until((tmp_path / "pid").exists, 10, "nginx runs")
        yield made
    finally:
        made.stop()
        end(nginx)


class Crowd:
    """Who asks, votes and comes back, until told to stop. What goes wrong is kept, not raised."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answers: Counter[int] = Counter()
        self.failures: list[str] = []
        self.repeated = 0
        self.gaps: list[float] = []
        self.over = asyncio.Event()

    @property
    def asked(self) -> int:
        return self.answers.total()

    async def asked_enough(self) -> bool:
        return self.asked >= REQUESTS

    async def ask(self, member: Guest) -> None:
        """Reads and writes, one after the other, as one person."""
        for number in itertools.count():
            if self.over.is_set():
                return
            path, method, body = self._request(number)
            try:
                status = await self._answer(member, method, path, body)
            except (ClientError, OSError, TimeoutError) as error:
                self.failures.append(f"{method} {path}: {error!r}")
            else:
                self.answers[status] += 1
                if status not in (200, 204):
                    self.failures.append(f"{status} {method} {path}")

    async def _answer(self, member: Guest, method: str, path: str, body: object) -> int:
        """A request that met the end of a kept connection, which nginx closes when it takes up a
        new configuration, goes out once more: browsers do so, and aiohttp for GET."""
        url = self.url + path
        try:
            answer = await member.http.request(method, url, json=body)
        except (ClientOSError, ServerDisconnectedError) as error:
            if isinstance(error, ClientConnectorError):
                raise  # it was no kept one
            self.repeated += 1
            answer = await member.http.request(method, url, json=body)
        async with answer:
            await answer.read()
        return answer.status

    @staticmethod
    def _request(number: int) -> tuple[str, str, object]:
        if number % 10 == 0:
            return "/api/me", "PATCH", {"name": f"사람 {number}"}
        return ("/api/me", "/api/lives", "/api/config", "/api/feed")[number % 4], "GET", None

    async def vote(self, guest: Guest, room: str, nominees: list[str]) -> dict[str, bool]:
        """Change one's mind all the time; what was acknowledged last for each nominee."""
        mine: dict[str, bool] = {}
        for number in itertools.count():
            if self.over.is_set():
                return mine
            nominee, on = nominees[number % len(nominees)], number % 3 != 0
            await self._insist(guest, room, nominee, on)
            mine[nominee] = on
            await asyncio.sleep(0.1)
        raise AssertionError

    async def _insist(self, guest: Guest, room: str, nominee: str, on: bool) -> None:
        while True:
            try:
                if guest.closed_with is not None:
                    await self._come_back(guest, room)
                await guest.ask("votes", type="vote", nominee=nominee, on=on)
            except (AssertionError, ClientError, OSError) as lost:
                if guest.closed_with is None and not isinstance(lost, ClientError | OSError):
                    raise
            else:
                return

    async def _come_back(self, guest: Guest, room: str) -> None:
        lost_at = time.monotonic()
        while True:
            try:
                await guest.connect()
                await guest.join(room)
            except (AssertionError, Refused, ClientError, OSError):
                await asyncio.sleep(0.2)  # as browsers do, on average
            else:
                self.gaps.append(time.monotonic() - lost_at)
                return


@pytest.fixture
async def people(host: Host) -> AsyncIterator[Callable[[str], Guest]]:
    made: list[Guest] = []

    def make(name: str) -> Guest:
        made.append(Guest(host.url, name))
        return made[-1]

    yield make
    for each in made:
        await each.close()


@pytest.mark.timeout(600)
async def test_nobody_notices_five_deployments(host: Host, people: Callable[[str], Guest]) -> None:
    assert (await asyncio.to_thread(host.deploy)).returncode == 0
    members = [people(f"회원 {number}") for number in range(ASKING)]
    for member in members:
        await member.become_member()
    rooms = [await members[0].create_share_map(f"방 {number}") for number in range(ROOMS)]
    guests = [people(f"손님 {number}") for number in range(ROOMS * VOTERS)]
    for guest, room in zip(guests, itertools.cycle(rooms)):
        await guest.become_guest()
        await guest.join(room)
    ballots = {room: await nominees(guests[index]) for index, room in enumerate(rooms)}

    crowd = Crowd(host.url)
    asking = [asyncio.create_task(crowd.ask(member)) for member in members]
    voting = [
        asyncio.create_task(crowd.vote(guest, room, ballots[room]))
        for guest, room in zip(guests, itertools.cycle(rooms))
    ]
    seen = [host.serves()]
    for _ in range(FLIPS):
        deployed = await asyncio.to_thread(host.deploy)
        assert deployed.returncode == 0, deployed.stderr
        seen.append(host.serves())
        await asyncio.sleep(1.0)  # until the last one is back
    await eventually(crowd.asked_enough, f"{REQUESTS} requests", within=ASKED_WITHIN)
    crowd.over.set()
    await asyncio.gather(*asking)
    minds = await asyncio.gather(*voting)

    worst = max(crowd.gaps)
    print(
        f"figure: {FLIPS} deployments: {crowd.asked} requests, {len(crowd.failures)} failed, "
        f"{crowd.repeated} went out twice; "
        f"{len(crowd.gaps)} WebSockets came back, the last after {worst:.2f} s, "
        f"in the middle {sorted(crowd.gaps)[len(crowd.gaps) // 2]:.2f} s"
    )
    assert [a != b for a, b in itertools.pairwise(seen)] == [True] * FLIPS
    assert crowd.failures == []
    assert crowd.repeated <= FLIPS * ASKING, "each has one kept connection at a time"
    assert len(crowd.gaps) >= FLIPS * len(guests)
    assert worst < BACK_WITHIN
    await counts_are(rooms, guests, minds)


async def nominees(guest: Guest) -> list[str]:
    for name in ("을지면옥", "금돼지식당", "우래옥"):
        await guest.send(type="nominate", name=name, at=SPOT)

    def three(message: Message) -> bool:
        return message["type"] == "ballot" and len(message["ballot"]["nominees"]) == 3

    ballot = (await guest.hear(three))["ballot"]
    return [each["id"] for each in ballot["nominees"]]


async def counts_are(rooms: list[str], guests: list[Guest], minds: list[dict[str, bool]]) -> None:
    """Everybody is done, and each room's result is what its guests were told last."""
    for guest in guests:
        if guest.closed_with is not None:
            await guest.connect()
        room = rooms[guests.index(guest) % len(rooms)]
        await guest.join(room)
    for guest in guests:
        await guest.send(type="done", on=True)
    for index, _ in enumerate(rooms):
        wanted: Counter[str] = Counter()
        for mind in minds[index :: len(rooms)]:
            wanted.update(nominee for nominee, on in mind.items() if on)

        def over(message: Message) -> bool:
            return message["type"] == "ballot" and message["ballot"]["result"] is not None

        found = (await guests[index].hear(over))["ballot"]["result"]["counts"]
        assert Counter(found) == wanted


async def test_a_release_that_does_not_come_up_is_taken_back(
    host: Host, people: Callable[[str], Guest]
) -> None:
    assert (await asyncio.to_thread(host.deploy)).returncode == 0
    before = host.serves()
    broken = await asyncio.to_thread(
        host.deploy, WAGU_DATABASE_URL="postgresql://nobody@127.0.0.1:1/x"
    )
    assert broken.returncode == 1
    assert "blue serves as before" in broken.stderr
    assert host.serves() == before
    await people("지민").become_guest()
