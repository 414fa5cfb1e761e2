"""`scripts/bench images`: what wagu/images/README.md claims, measured here and now."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click
import pillow_heif
import structlog
import uvloop

from benches import enlarging, reducing
from benches.machine import Others, wait_until_quiet
from benches.sampler import HEADER, Round, lateness, line
from benches.scenes import photo
from wagu.commands.serving import tune_interpreter
from wagu.images.check import prepare_decoders
from wagu.images.jobs import SOURCE_NAME, Want
from wagu.images.photos import READY, Added, Photos
from wagu.images.source import make_source
from wagu.images.variants import render
from wagu.objects import Place

PHONE = (4032, 3024)
LATER = (Want(2048, "webp"), Want(2048, "jpg"), Want(512, "jpg"))
WORKERS = 2

Pair = tuple[Path, Path]
Work = Callable[[], Awaitable[object]]
After = Callable[[list[object]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class How:
    """How often to measure, and how many seconds to wait for other processes each time."""

    rounds: int
    patience: float


@click.group(invoke_without_command=True)
@click.pass_context
def images(context: click.Context) -> None:
    """Photos: stalls of the event loop (alone), `reduce`, `enlarge`."""
    if context.invoked_subcommand is None:
        context.invoke(stalls)


@images.command()
@click.option("--rounds", default=5, help="Of every measurement.")
@click.option("--patience", default=10.0, help="Seconds to wait for a quiet machine, each round.")
def stalls(rounds: int = 5, patience: float = 10.0) -> None:
    """By how much photos delay everything else: 12 MP uploads, two at once, and renditions."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as name:
        files = phone_photos(Path(name))
        click.echo(f"{os.cpu_count()} cores; in each round {WORKERS} photos at once")
        click.echo(HEADER)
        how = How(rounds, patience)
        tune_interpreter()  # as `wagu serve` does
        uvloop.run(quiet(how))
        for way in (with_processes, with_threads):
            for pair in files:
                uvloop.run(way(pair, how, Path(name)))


def phone_photos(folder: Path) -> list[tuple[Path, Path]]:
    """12 MP as phones and browsers send them, each in two versions that differ a little."""
    image = photo(PHONE)
    two = (image, image.crop((0, 0, PHONE[0], PHONE[1] - 16)))
    ways: dict[str, dict[str, Any]] = {
        "plain.jpg": {"quality": 92},
        "progressive.jpg": {"quality": 92, "progressive": True},
        "x.webp": {"quality": 85, "method": 2},
        "x.png": {"compress_level": 1},
        "x.avif": {"quality": 75, "speed": 10},
    }
    pairs: list[tuple[Path, Path]] = []
    for name, options in ways.items():
        one, other = folder / f"1-{name}", folder / f"2-{name}"
        for version, path in zip(two, (one, other), strict=True):
            version.save(path, **options)
        pairs.append((one, other))
    heic = (folder / "1-tiles.heic", folder / "2-tiles.heic")
    for version, path in zip(two, heic, strict=True):
        pillow_heif.from_pillow(version).save(path, quality=60, tile_size=512)
    return [*pairs, heic]


async def quiet(how: How) -> None:
    """What the machine does without us, and what two busy neighbours do to a process."""
    await measure("nothing", (lambda: asyncio.sleep(1),), how)
    with neighbours():
        await measure("beside two busy processes", (lambda: asyncio.sleep(1),), how)


@contextmanager
def neighbours() -> Iterator[None]:
    """As nice as photo workers are, and doing nothing but work."""
    code = "import os; os.nice(10)\nwhile True: pass"
    busy = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(WORKERS)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


async def with_processes(pair: Pair, how: How, folder: Path) -> None:
    """As the product does it, from the first photo on: starting the workers counts."""
    photos = Photos.open(Place(folder / "data"), folder / "scratch")
    await photos.start()

    async def add(file: Path) -> Added:
        added = await photos.add(file)
        for want in LATER:
            await photos.rendition(added.digest, want.side, want.format)
        return added

    async def forget(results: list[object]) -> None:
        for added in results:
            if isinstance(added, Added):
                await photos.forget(added.digest)

    try:
        works = [partial(add, file) for file in pair]
        await measure(f"processes: {pair[0].name[2:]}", works, how, forget)
    finally:
        await photos.close()


async def with_threads(pair: Pair, how: How, folder: Path) -> None:
    """The same work in two threads of the process that serves."""
    prepare_decoders()
    threads = ThreadPoolExecutor(WORKERS)

    def work(file: Path) -> None:
        with tempfile.TemporaryDirectory(dir=folder) as name:
            place = Path(name)
            make_source(file, place / SOURCE_NAME)
            render(place / SOURCE_NAME, (*READY, *LATER), place)

    async def one(file: Path) -> None:
        await asyncio.get_running_loop().run_in_executor(threads, work, file)

    try:
        works = [partial(one, file) for file in pair]
        await measure(f"threads: {pair[0].name[2:]}", works, how)
    finally:
        threads.shutdown()


async def measure(name: str, works: Sequence[Work], how: How, after: After | None = None) -> None:
    """All of `works` at once, as many times as there are rounds; prints a line."""
    done: list[Round] = []
    for _ in range(how.rounds):
        await asyncio.to_thread(wait_until_quiet, how.patience)
        begun, others = time.perf_counter(), Others()
        async with lateness() as late:
            results: list[object] = await asyncio.gather(*(work() for work in works))
        done.append(Round(late, time.perf_counter() - begun, others.share()))
        if after is not None:
            await after(results)
    click.echo(line(name, done))


@images.command()
def reduce() -> None:
    """Ways from a 12 MP JPEG to each rendition: time, and how close to Lanczos on all pixels."""
    click.echo(reducing.table())


@images.command()
@click.option("--side", default=768, help="Longest side of the pictures that are tried.")
def enlarge(side: int) -> None:
    """Ways to enlarge, by PSNR and SSIM of luma against the picture before it was reduced."""
    for row in enlarging.table(side):
        click.echo(row)
