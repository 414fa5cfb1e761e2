"""`scripts/bench votes`: many people vote at once in one room, on one real Redis: by our script,
under our spin lock, and as the original did it. These take turns; Redis and voters each keep to a
core.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from benches.apart import GENERATOR_CORE, SERVER_CORE, apart, check_cores, keep, middle
from benches.machine import REALTIME, go_first
from benches.serving import free_port
from benches.voting import SCHEMES, Plan, Result, Scheme, measure
from tests.redis_server import OwnRedis

HEADER = (
    f"{'':10s} {'voters':>6s} {'votes/s':>8s} {'p50 ms':>7s} {'p99':>7s} {'slowest':>7s}"
    f" {'lost':>6s} {'of':>7s} {'refused':>7s} {'µs Redis':>8s} {'trips':>5s} {'generator':>9s}"
    f" {'waited':>6s}"
)


@click.command()
@click.option("--voters", default="1,20,200", show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option("--seconds", default=5.0, show_default=True, help="Of each measurement.")
@click.option("--warm", default=1.0, show_default=True, help="Seconds before it.")
@click.option("--scheme", type=click.Choice(list(SCHEMES)), multiple=True, default=list(SCHEMES))
@click.option("--persists", is_flag=True, help="Redis syncs each write to the disk.")
@click.option("--realtime", is_flag=True, help=REALTIME)
@click.option("--json", "kept", type=click.Path(path_type=Path), help="Where to keep all values.")
def votes(
    voters: str,
    rounds: int,
    seconds: float,
    warm: float,
    scheme: Sequence[Scheme],
    persists: bool,
    realtime: bool,
    kept: Path | None,
) -> None:
    """How fast votes are, and whether all of them count."""
    check_cores()
    program = shutil.which("redis-server")
    if program is None:
        raise click.ClickException("Redis is not installed: apt-get install redis-server")
    if realtime:
        go_first()
    found: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="wagu-votes-") as folder:
        redis = OwnRedis(program, free_port(), Path(folder), persists=persists)
        redis.start()
        try:
            os.sched_setaffinity(redis.pid, {SERVER_CORE})
            click.echo(HEADER)
            for count in (int(each) for each in voters.split(",")):
                rows: dict[Scheme, list[Result]] = {each: [] for each in scheme}
                for _ in range(rounds):
                    for each in scheme:
                        plan = Plan(each, redis.url, redis.pid, count, warm, seconds)
                        rows[each].append(apart(measure, plan, GENERATOR_CORE))
                        click.echo(line(rows[each][-1], "  "), err=True)
                for results in rows.values():
                    click.echo(line(together(results)))
                    found += results
        finally:
            redis.kill()
    if kept is not None:
        keep(kept, found)
    if any(each.lost for each in found if each.scheme != "original"):
        raise click.ClickException("votes of ours were lost")


def together(results: Sequence[Result]) -> Result:
    """Medians, but all that were lost."""
    sums = {
        name: sum(getattr(each, name) for each in results)
        for name in ("lost", "answered", "refused")
    }
    return replace(middle(results), **sums)


def line(one: Result, before: str = "") -> str:
    return (
        f"{before + one.scheme:10s} {one.voters:6d} {one.rate:8,.0f} {one.p50:7.1f} {one.p99:7.1f}"
        f" {one.slowest:7.0f} {one.lost:6d} {one.answered:7d} {one.refused:7d} {one.cost:8.1f}"
        f" {one.trips:5.1f} {one.generator:9.0%} {one.waited:6.0%}"
    )
