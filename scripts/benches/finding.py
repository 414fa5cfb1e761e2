"""`scripts/bench finding`: feed, viewport and search at 50 requests a second each, against a real
server with 100,000 posts, 10,000 places and 5,000 members, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

import aiohttp
import click
import uvloop

from benches.machine import wait_until_quiet
from benches.open_loop import Ask, Run, run
from benches.questions import QUESTIONS, Question
from benches.serving import serving
from seeds.command import PASSWORD
from seeds.invent import Size
from seeds.plant import plant
from tests.postgres import Postgres, find_programs
from wagu.db.engine import Database
from wagu.web.passwords import Passwords

ENGINES = ("sqlite", "postgresql")
ASKERS = 20
"""Members who ask: the most followed one, who also eats most, and others of every kind."""

HEADER = "milliseconds  p50    p95    p99    max   cost  others  answers"
TARGET = 30.0  # milliseconds, for 95 of 100 answers


@dataclass(frozen=True, slots=True)
class How:
    rate: float
    seconds: float
    rounds: int
    patience: float
    raw: bool


@click.command()
@click.option("--engine", type=click.Choice(ENGINES), multiple=True, default=ENGINES)
@click.option("--rate", default=50.0, show_default=True, help="Requests a second of each kind.")
@click.option("--seconds", default=30.0, show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option("--patience", default=30.0, help="Seconds to wait for a quiet machine, each round.")
@click.option("--scale", default=1.0, help="Of the seeded rows.")
@click.option("--raw", is_flag=True, help="Print every request's milliseconds too.")
def finding(
    engine: tuple[str, ...],
    rate: float,
    seconds: float,
    rounds: int,
    patience: float,
    scale: float,
    raw: bool,
) -> None:
    """How long people wait for feeds, maps and search."""
    size = Size(int(5_000 * scale), int(10_000 * scale), int(100_000 * scale), pictures=0)
    how = How(rate, seconds, rounds, patience, raw)
    for name in engine:
        with tempfile.TemporaryDirectory(prefix="wagu-finding-") as folder:
            bench(name, Path(folder), size, how)


def bench(engine: str, data_dir: Path, size: Size, how: How) -> None:
    with ExitStack() as stack:
        url, servers = f"sqlite+aiosqlite:///{data_dir}/wagu.db", []
        if engine == "postgresql":
            server = stack.enter_context(closing(postgres()))
            url, servers = server.create("wagu"), [server.process.pid]
        click.echo(f"{engine}: seeding {size.posts:,} posts", err=True)
        uvloop.run(fill(url, size))
        site = stack.enter_context(serving(data_dir, WAGU_DATABASE_URL=url))
        uvloop.run(measure(engine, site.url, [site.pid, *servers], size, how))


def postgres() -> Postgres:
    """As Debian would run it."""
    programs = find_programs()
    if programs is None:
        raise click.ClickException("PostgreSQL is not installed: apt-get install postgresql")
    return Postgres(programs, settings={})


async def fill(url: str, size: Size) -> None:
    db = Database(url)
    try:
        await db.start()
        password_hash = await Passwords().hash(PASSWORD)
        await plant(db, size, password_hash=password_hash, digests=[], told=lambda *_: None)
    finally:
        await db.close()


async def measure(engine: str, url: str, servers: list[int], size: Size, how: How) -> None:
    async with aiohttp.ClientSession(url, cookie_jar=aiohttp.DummyCookieJar()) as client:
        cookies = await log_in(client, size.members)
        click.echo(f"{engine}, {how.rate:g} requests/s of each kind, {how.seconds:g} s a round")
        click.echo(HEADER)
        for name, question in QUESTIONS.items():
            for number in range(how.rounds):
                await asyncio.to_thread(wait_until_quiet, how.patience)
                one = asking(client, cookies, question, seed=number)
                done = await run(one, rate=how.rate, seconds=how.seconds, servers=servers)
                click.echo(line(name, done))
                if how.raw:
                    click.echo(" ".join(f"{value:.1f}" for value in done.millis))


async def log_in(client: aiohttp.ClientSession, members: int) -> list[str]:
    cookies = []
    for asker in range(ASKERS):
        number = 1 + asker * (members - 1) // (ASKERS - 1)
        body = {"username": f"seed{number:05d}", "password": PASSWORD}
        async with client.post("/api/session", json=body) as answer:
            answer.raise_for_status()
            cookies.append(answer.headers["Set-Cookie"].partition(";")[0])
    return cookies


def asking(
    client: aiohttp.ClientSession, cookies: list[str], question: Question, *, seed: int
) -> Ask:
    async def one(number: int) -> int:
        chance = Random(f"{seed} {number}")
        headers = {"Cookie": chance.choice(cookies)}
        async with client.get(question(chance), headers=headers) as answer:
            await answer.read()
            return answer.status

    return one


def line(name: str, done: Run) -> str:
    times = " ".join(f"{done.at(share):6.1f}" for share in (0.5, 0.95, 0.99, 1.0))
    statuses = ", ".join(f"{count} × {status}" for status, count in done.statuses.items())
    late = "" if done.at(0.95) < TARGET else f"  over {TARGET:g} ms"
    return f"{name:8s} {times} {done.cost:6.1f} {done.others:7.0%}  {statuses}{late}"
