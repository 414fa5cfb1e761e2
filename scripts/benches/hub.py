"""`scripts/bench hub`: a thousand people on shared maps, moving their pointers, in a real `wagu
serve` and in plain broadcasters, by aiohttp and by ws on Node.js, taking turns. Server and clients
each keep to a core.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from benches.apart import GENERATOR_CORE, SERVER_CORE, apart, check_cores, keep, middle
from benches.machine import REALTIME, go_first
from benches.serving import Site, pinned, serving
from benches.ws.peers import broadcasting
from benches.ws.trial import Plan, Result, Server, measure

PEERS: tuple[Server, ...] = ("aiohttp", "ws")

HEADER = (
    f"{'':8s} {'clients':>7s} {'rooms':>5s} {'messages/s':>10s} {'µs/message':>10s} {'p50 ms':>6s}"
    f" {'p99':>6s} {'chat p99':>8s} {'kB/client':>9s} {'generator':>9s} {'waited':>6s}"
)


@click.command()
@click.option("--clients", default=1000, show_default=True)
@click.option("--rooms", default="1,50", show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option("--seconds", default=6.0, show_default=True, help="Of each measurement.")
@click.option("--warm", default=2.0, show_default=True, help="Seconds before it.")
@click.option("--peer", type=click.Choice(PEERS), multiple=True, default=PEERS, show_default=True)
@click.option("--realtime", is_flag=True, help=REALTIME)
@click.option("--json", "kept", type=click.Path(path_type=Path), help="Where to keep all values.")
def hub(
    clients: int,
    rooms: str,
    rounds: int,
    seconds: float,
    warm: float,
    peer: Sequence[Server],
    realtime: bool,
    kept: Path | None,
) -> None:
    """What a message to everybody in a room costs."""
    check_cores()
    if realtime:
        go_first()
    servers: list[Server] = ["wagu", *peer]
    found: list[Result] = []
    click.echo(HEADER)
    for count in (int(each) for each in rooms.split(",")):
        rows: dict[Server, list[Result]] = {server: [] for server in servers}
        for _ in range(rounds):
            for server in servers:
                with running(server) as site:
                    plan = Plan(server, site.url, site.pid, clients, count, warm, seconds)
                    rows[server].append(apart(measure, plan, GENERATOR_CORE))
                click.echo(line(rows[server][-1], "  "), err=True)
        for results in rows.values():
            click.echo(line(middle(results)))
            found += results
        for each in peer:
            ratio = middle(rows["wagu"]).cost / middle(rows[each]).cost
            click.echo(f"{'':8s} {clients:7d} {count:5d}   {ratio:.2f} × {each}")
    if kept is not None:
        keep(kept, found)


@contextmanager
def running(server: Server) -> Iterator[Site]:
    """A fresh one."""
    with tempfile.TemporaryDirectory(prefix="wagu-hub-") as folder:
        if server == "wagu":
            with serving(Path(folder), under=pinned(SERVER_CORE)) as site:
                yield site
        else:
            with broadcasting(server, SERVER_CORE) as site:
                yield site


def line(one: Result, before: str = "") -> str:
    return (
        f"{before + one.server:8s} {one.clients:7d} {one.rooms:5d} {one.delivered:10,.0f}"
        f" {one.cost:10.2f} {one.p50:6.1f} {one.p99:6.1f} {one.chat_p99:8.1f} {one.memory:9.1f}"
        f" {one.generator:9.0%} {one.waited:6.0%}"
    )
