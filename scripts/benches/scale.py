"""`scripts/bench scale`: from 1 node to 1,000 on paper. The same mix of rooms for each node is
placed by the real code, and what it costs is summed up from what `scripts/bench unit`, `sfu` and
`hub` measured. Nothing is measured here, and a seed makes the same tables again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from statistics import mean

import click
import structlog

from benches.paper.limits import Need, full_at, growing, needs
from benches.paper.load import NodeLoad, Shared, loads, shared
from benches.paper.meeting import meeting
from benches.paper.mix import MIX, rooms
from benches.paper.placement import place

MEETING = (3, 10, 30)
"""So many nodes are started at once."""


@dataclass(frozen=True, slots=True)
class Outcome:
    people: int
    rooms: int
    nodes: list[NodeLoad]
    common: Shared
    needs: list[Need]

    web: int

    @property
    def keepers(self) -> list[NodeLoad]:
        return self.nodes[self.web :]

    @property
    def doors(self) -> float:
        """Share of a core, of nodes that keep no rooms, in the mean."""
        return mean(node.busy for node in self.nodes[: self.web]) if self.web else 0.0


@click.command()
@click.option("--nodes", default="1,3,10,100,1000", show_default=True)
@click.option("--web", default=0.25, show_default=True, help="Share of nodes that keep no rooms.")
@click.option("--within", default=10.0, show_default=True, help="Seconds in which all come.")
@click.option("--seed", default=1, show_default=True)
def scale(nodes: str, web: float, within: float, seed: int) -> None:
    """Placement and bus from 1 node to 1,000, by measured costs of single things."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    found: list[tuple[int, str, Outcome]] = []
    for count in (int(each) for each in nodes.split(",")):
        ways = {"all": 0} if count < 3 else {"all": 0, "web": max(1, round(count * web))}
        for way, doors in ways.items():
            click.echo(f"{count} nodes, {way}", err=True)
            found.append((count, way, asyncio.run(simulate(count, doors, within, seed))))
    for head, row in TABLES.items():
        click.echo(head)
        for count, way, one in found:
            click.echo(f"{count:6,d} {way:4s} {row(one)}")
        click.echo()
    count, _, last = found[-1]
    click.echo("More than there is from so many nodes on, wherever rooms are:")
    for what, share in growing(last.common, count).items():
        click.echo(f"  {what:34s} {full_at(share) or 'never':>7}")
    click.echo("\nSaid until all know each other, if started at once; each is told to all:")
    for several in MEETING:
        click.echo(f"  {several:6d} nodes {asyncio.run(meeting(several)):7,d}")


async def simulate(count: int, web: int, within: float, seed: int) -> Outcome:
    chance = Random(seed)
    made = rooms(count, MIX, chance)
    placement = await place(made, count, chance, within=within, web=web)
    nodes, common = loads(made, placement, web), shared(made, count)
    people = sum(room.people for room in made)
    return Outcome(people, len(made), nodes, common, needs(nodes, common), web)


def of_nodes(one: Outcome) -> str:
    busy, sent = [n.busy for n in one.keepers], [n.sent * 8 / 1e6 for n in one.keepers]
    memory = [n.memory / 1e6 for n in one.nodes]
    return (
        f"{one.people:8,d} {one.rooms:7,d} {mean(busy):6.0%} {max(busy):6.0%}"
        f" {max(busy) / mean(busy):6.2f} {sum(each > 1 for each in busy):5d}"
        f" {one.doors:6.0%} {mean(memory):6.0f} {max(memory):6.0f}"
        f" {mean(sent):6.0f} {max(sent):6.0f} {mean(n.redis_ops for n in one.nodes):8.0f}"
        f" {mean(n.told for n in one.nodes) / 1000:8.1f}"
    )


def of_causes(one: Outcome) -> str:
    return " ".join(f"{mean(node.cpu[name] for node in one.nodes) * 100:8.2f}" for name in CAUSES)


def of_redis(one: Outcome) -> str:
    common = one.common
    parts = " ".join(f"{common.cpu[name] * 100:9.2f}" for name in REDIS_CAUSES)
    return (
        f"{common.ops:9,.0f} {common.told:8,.0f} {common.heard:12,.0f} {common.bus / 1e6:9.2f}"
        f" {common.busy:8.0%} {parts}"
    )


def of_needs(one: Outcome) -> str:
    return ", ".join(f"{need.what} {need.share:.0%}" for need in one.needs[:4])


CAUSES = ("media", "sockets", "passing", "errands", "requests", "beats", "events", "leases")
REDIS_CAUSES = ("joins", "requests", "votes", "chat", "leases", "beats", "events")

TABLES: dict[str, Callable[[Outcome], str]] = {
    f"{'nodes':11s} {'people':>8s} {'rooms':>7s} {'CPU':>6s} {'max':>6s} {'× mean':>6s}"
    f" {'> 1':>5s} {'doors':>6s} {'MB':>6s} {'max':>6s} {'Mbit/s':>6s} {'max':>6s}"
    f" {'Redis/s':>8s} {'bus kB/s':>8s}": of_nodes,
    f"{'% of core':11s} " + " ".join(f"{name:>8s}" for name in CAUSES): of_causes,
    f"{'Redis':11s} {'ops/s':>9s} {'said/s':>8s} {'heard/s':>12s} {'bus MB/s':>9s} {'CPU':>8s} "
    + " ".join(f"{name + ' %':>9s}" for name in REDIS_CAUSES): of_redis,
    "what is full first": of_needs,
}
"""CPU and Mbit/s are of nodes that keep rooms; `doors` is the CPU of the others in the mean."""
