"""One port, several processes: rooms are spread, and one that crashes takes only its own along."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.guest import Guest
from tests.clients.waiting import eventually
from tests.conftest import ROOT, find_free_port
from tests.flows.conftest import MakeGuest, MakeTalker
from tests.server import Server, end, wait_until

WORKERS = 2


@pytest.fixture
def box(tmp_path: Path, redis_url: str) -> Iterator[Server]:
    """`wagu serve --workers 2`, on SQLite."""
    settings = {"WAGU_REDIS_URL": redis_url, "WAGU_RATE_LIMITS": "off"}
    made = Server(tmp_path, find_free_port(), settings)
    command = [sys.executable, "-m", "wagu", "serve", "--workers", str(WORKERS)]
    with made.log_file.open("ab") as log:
        made.process = subprocess.Popen(
            command, cwd=ROOT, env=made.environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        wait_until(lambda: made.log.count("media on") == WORKERS and made.ready(), 40, "all serve")
        yield made
    finally:
        end(made.process)


def pid_of(box: Server, worker: int) -> int:
    found = re.findall(rf"worker started .*pid=(\d+) worker={worker}", box.log)
    return int(found[-1])


async def test_rooms_are_spread_and_a_crash_touches_only_its_own(
    box: Server, guests: MakeGuest, talkers: MakeTalker
) -> None:
    ports: dict[int, list[Guest]] = {}
    for number in range(20):
        host = await guests(box, f"방장 {number}", member=True)
        await host.join(await host.create_share_map())
        talker = await talkers(host)
        ports.setdefault(talker.address[1], []).append(host)
        if len(ports) == WORKERS:
            break
    assert set(ports) == {box.port + 1, box.port + 2}, "each worker has rooms"

    crashed = box.port + 1
    others = [host for port, hosts in ports.items() if port != crashed for host in hosts]
    os.kill(pid_of(box, 1), signal.SIGKILL)
    for host in ports[crashed]:
        await host.hear_close()

    async def replaced() -> bool:
        return box.log.count("media on") == WORKERS + 1

    await eventually(replaced, "another process is there", within=40)
    for host in ports[crashed]:
        await host.connect()
        room = host.last("joined")["room"]
        assert (await host.join(room))["room"] == room
    for host in others:
        if (
            host.closed_with is None
        ):  # whose socket the crashed one passed on lost that, not the room
            await host.ask("pong", type="ping")


def test_ctrl_c_ends_all(box: Server) -> None:
    pids = [pid_of(box, number) for number in (1, 2)]
    box.interrupt()
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({}, "workers need a Redis"),
        (
            {"WAGU_REDIS_URL": "redis://127.0.0.1:1/0", "WAGU_TLS": "self-signed"},
            "do not speak TLS",
        ),
    ],
    ids=["no Redis", "TLS"],
)
def test_what_workers_need_is_said(
    settings: dict[str, str], why: str, tmp_path: Path, free_port: Callable[[], int]
) -> None:
    made: Any = Server(tmp_path, free_port(), settings)
    ended = subprocess.run(
        [sys.executable, "-m", "wagu", "serve", "--workers", "2"],
        cwd=ROOT,
        env=made.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 1
    assert why in ended.stderr
