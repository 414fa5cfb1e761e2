"""A site at which people read feeds and upload photos, while something else is measured."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from io import BytesIO
from multiprocessing.synchronize import Event
from pathlib import Path
from random import Random

import aiohttp
import click
import uvloop

from benches.finding import fill, log_in
from benches.questions import feed
from benches.scenes import photo
from benches.serving import Site, serving
from seeds.invent import Size

SEEDED = Size(300, 500, 5_000, pictures=0)
FEEDS, PHOTOS = 50.0, 2.0
"""Requests a second."""
TWELVE_MEGAPIXELS = (4000, 3000)
ENTERED_WITHIN, ANSWERED_WITHIN = 60.0, 3.0  # seconds

Visit = Callable[[], Coroutine[None, None, None]]


@contextmanager
def visited(data_dir: Path, **settings: str) -> Iterator[Site]:
    """A server with members and posts, and its visitors in a process of their own."""
    uvloop.run(fill(f"sqlite+aiosqlite:///{data_dir}/wagu.db", SEEDED))
    picture = BytesIO()
    photo(TWELVE_MEGAPIXELS).save(picture, "JPEG", quality=90)
    with serving(data_dir, **settings) as site:
        context = multiprocessing.get_context("fork")
        begun, over = context.Event(), context.Event()
        visitors = context.Process(target=_visit, args=(site, picture.getvalue(), begun, over))
        visitors.start()
        try:
            if not begun.wait(ENTERED_WITHIN):
                raise RuntimeError("the visitors cannot log in")
            yield site
        finally:
            over.set()
            visitors.join(10)
            visitors.kill()


def _visit(site: Site, picture: bytes, begun: Event, over: Event) -> None:
    uvloop.run(_come_and_go(site, picture, begun, over))


async def _come_and_go(site: Site, picture: bytes, begun: Event, over: Event) -> None:
    """At a steady rate, whether or not answers come."""
    statuses: Counter[str] = Counter()
    chance = Random(3)
    async with aiohttp.ClientSession(site.url, cookie_jar=aiohttp.DummyCookieJar()) as http:
        cookies = await log_in(http, SEEDED.members)
        begun.set()

        async def read() -> None:
            async with http.get(feed(chance), headers={"Cookie": chance.choice(cookies)}) as answer:
                await answer.read()
                statuses[f"{answer.status} for feeds"] += 1

        async def upload() -> None:
            headers = {"Cookie": chance.choice(cookies), "Content-Type": "image/jpeg"}
            async with http.post("/api/photos", data=picture, headers=headers) as answer:
                statuses[f"{answer.status} for photos"] += 1

        rates = ((read, FEEDS), (upload, PHOTOS))
        visits = await asyncio.gather(*(_steadily(visit, rate, over) for visit, rate in rates))
        _, unanswered = await asyncio.wait({*visits[0], *visits[1]}, timeout=ANSWERED_WITHIN)
        statuses["unanswered"] = len(unanswered)
        for each in unanswered:
            each.cancel()
    said = ", ".join(f"{count} × {status}" for status, count in statuses.items())
    click.echo(f"  meanwhile {said}", err=True)


async def _steadily(visit: Visit, rate: float, over: Event) -> list[asyncio.Task[None]]:
    """All that were begun until it was over."""
    begun: list[asyncio.Task[None]] = []
    due = time.perf_counter()
    while not over.is_set():
        begun.append(asyncio.create_task(visit()))
        due += 1 / rate
        await asyncio.sleep(due - time.perf_counter())
    return begun
