"""`scripts/bench unit`: what single things cost a node and the Redis that nodes share: an errand of
somebody, a lease, a message on the bus, a socket whose room is on another node. scripts/bench scale
reckons with these.

Servers and Redis share a core, this process has the other. Processor time is what counts, so that a
busy machine spoils little.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from benches.apart import GENERATOR_CORE, check_cores, keep, middle
from benches.nodes.bus import Hearing, Telling, beat_of, event_of, hearing, telling
from benches.nodes.errands import Errand, Errands, idle
from benches.nodes.group import group
from benches.nodes.leases import Renewal, renewal
from benches.nodes.passing import Passing, at_home, passing

PEOPLE, ROOMS = 200, 20
"""Of those who move pointers."""


@click.command()
@click.option("--rounds", default=3, show_default=True)
@click.option("--times", default=100, show_default=True, help="Each errand, in each round.")
@click.option("--seconds", default=6.0, show_default=True, help="Of what goes on by itself.")
@click.option("--json", "kept", type=click.Path(path_type=Path), help="Where to keep all values.")
def unit(rounds: int, times: int, seconds: float, kept: Path | None) -> None:
    """What single things cost nodes and their Redis."""
    check_cores()
    os.sched_setaffinity(0, {GENERATOR_CORE})
    rows: dict[str, list[Any]] = {}
    for number in range(rounds):
        click.echo(f"round {number + 1} of {rounds}", err=True)
        for name, found in measured(times, seconds):
            rows.setdefault(name, []).append(found)
            click.echo(line(found), err=True)
    for name, found in rows.items():
        costs = " ".join(f"{COST[type(each)](each):.2f}" for each in found)
        click.echo(f"{name:28s} {line(middle(found))}   ({costs})")
    click.echo(f"{'a beat, an event':28s} {len(beat_of(1))}, {len(event_of(1))} bytes")
    if kept is not None:
        keep(kept, [each for found in rows.values() for each in found])


def measured(times: int, seconds: float) -> Iterator[tuple[str, Any]]:
    with group(1) as one:
        background = idle(one, seconds)
        for errand in Errands(one, times, background).all():
            yield errand.name, errand
        for leases in (1, 20, 200):
            yield f"{leases} leases", renewal(one, leases, 100)
        for listeners in (10, 100):
            yield f"to {listeners} listeners", telling(one, listeners, 500)
        for nodes in (100, 1000):  # the last thing: when these fall silent, the node looks round
            yield f"beats of {nodes} nodes", hearing(one, nodes, 4)
    with group(2) as two:
        background = idle(two, seconds)
        for measure in (at_home, passing):
            found = measure(two, PEOPLE, ROOMS, seconds, background)
            yield found.name, found


COST: dict[type, Callable[[Any], float]] = {
    Errand: lambda one: one.redis,
    Renewal: lambda one: one.redis,
    Telling: lambda one: one.cost,
    Hearing: lambda one: one.node,
    Passing: lambda one: one.room + one.between,
}
"""The figure of each round that is shown beside the medians."""


def line(one: Any) -> str:
    match one:
        case Errand():
            ops = " ".join(f"{name}:{count:.1f}" for name, count in one.ops.items())
            return (
                f"{one.node:7.0f} µs node {one.redis:6.1f} µs Redis {one.trips:5.2f} trips"
                f" {one.received:6.0f} + {one.sent:6.0f} bytes  {ops}"
            )
        case Renewal():
            return (
                f"{one.node:7.2f} µs node {one.redis:6.2f} µs Redis"
                f" {one.received:6.0f} + {one.sent:6.0f} bytes  {one.trips:.2f} trips a round"
            )
        case Telling():
            return f"{one.cost:7.2f} µs Redis {one.sent:6.0f} bytes to each"
        case Hearing():
            return f"{one.node:7.1f} µs node {one.redis:6.1f} µs Redis a beat"
        case Passing():
            return (
                f"{one.room:7.1f} µs room {one.between:6.1f} µs between a message,"
                f" {one.memory / 1000:.0f} kB a socket"
            )
    raise TypeError(one)
