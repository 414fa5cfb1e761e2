"""Real nodes on one real Redis, for a bench: each is `wagu serve`, all share a data folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from redis import Redis

from benches.apart import SERVER_CORE
from benches.nodes.uses import Uses
from benches.serving import Site, free_port, pinned, serving
from tests.redis_server import OwnRedis


@dataclass(frozen=True, slots=True)
class Group:
    nodes: list[Site]
    server: OwnRedis
    redis: Redis

    def uses(self) -> Uses:
        return Uses.so_far(self.redis, self.server.pid)


@contextmanager
def group(count: int) -> Iterator[Group]:
    """Redis keeps nothing on the disk. Servers and Redis share a core."""
    program = shutil.which("redis-server")
    if program is None:
        raise click.ClickException("Redis is not installed: apt-get install redis-server")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wagu-unit-")))
        server = OwnRedis(program, free_port(), folder, persists=False)
        server.start()
        stack.callback(server.kill)
        os.sched_setaffinity(server.pid, {SERVER_CORE})
        nodes = []
        for number in range(count):
            own = folder / f"node-{number}"
            own.mkdir()
            database = f"sqlite+aiosqlite:///{folder}/wagu.db"
            shared = {"WAGU_REDIS_URL": server.url, "WAGU_DATABASE_URL": database}
            nodes.append(stack.enter_context(serving(own, under=pinned(SERVER_CORE), **shared)))
        redis = stack.enter_context(Redis.from_url(server.url))
        yield Group(nodes, server, redis)
