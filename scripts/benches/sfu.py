"""`scripts/bench sfu`: what a forwarded packet costs, in a live (or a voice room) of a real
`wagu serve` and in a room of Janus, taking turns. Server and load generator each keep to a core.

The generator's peers speak ICE, DTLS and SRTP. Frames are noise, so snapshots are off.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import click

from benches.apart import GENERATOR_CORE, SERVER_CORE, apart, check_cores, keep, middle
from benches.flame import check_sampler, read
from benches.flame import draw as draw_flame
from benches.growth import draw
from benches.janus import janus, own_address
from benches.machine import REALTIME, go_first
from benches.rtc.peer import PROFILES, Profile
from benches.rtc.rooms import Server
from benches.rtc.scenarios import SCENARIOS, Scenario
from benches.rtc.trial import Plan, Result, measure
from benches.serving import Site, pinned, serving
from benches.visitors import visited

HEADER = (
    f"{'':12s} {'viewers':>7s} {'server':>7s} {'µs/packet':>9s} {'kernel':>6s}"
    f" {'loss':>7s} {'p50 ms':>7s} {'p99':>6s} {'kB/viewer':>9s} {'loaded':>6s} {'joins/s':>7s}"
    f" {'core':>5s} {'generator':>9s} {'waited':>6s} {'late ms':>7s}"
)


@click.command()
@click.option("--scenario", type=click.Choice([*SCENARIOS]), multiple=True, default=["video-paced"])
@click.option("--viewers", default="10,50,100", show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option("--seconds", default=5.0, show_default=True, help="Of each measurement.")
@click.option("--warm", default=1.5, show_default=True, help="Seconds before it.")
@click.option("--profile", type=click.Choice([*PROFILES]), default="gcm", show_default=True)
@click.option("--peer", type=click.Choice(["janus", "none"]), default="janus", show_default=True)
@click.option("--realtime", is_flag=True, help=REALTIME)
@click.option("--json", "kept", type=click.Path(path_type=Path), help="Where to keep all values.")
@click.option("--picture", type=click.Path(path_type=Path), help="Draw costs by viewers (SVG).")
@click.option("--flame", type=click.Path(path_type=Path), help="Draw where ours spends it (SVG).")
def sfu(
    scenario: Sequence[str],
    viewers: str,
    rounds: int,
    seconds: float,
    warm: float,
    profile: Profile,
    peer: str,
    realtime: bool,
    kept: Path | None,
    picture: Path | None,
    flame: Path | None,
) -> None:
    """What a forwarded packet costs.

    \b
    video-paced   one publisher, 990 packets of 1,200 bytes a second, evenly spaced
    video-bursts  the same in frames of 8 packets that come at once
    video-natural 30 frames a second of 10 packets or so, whose sizes vary as Chromium's do
    lossy         as video-paced; viewers ask for 2 % of the packets once more
    audio         five speakers, 50 packets of 100 bytes a second each; listeners are counted
    rooms         as many people as --viewers in rooms of four, who all speak and all listen
    simulcast     one publisher with layers of 0.12, 0.48 and 2.4 Mbit/s, viewers on each in turn
    idle          one packet a second: what viewers cost by being there
    joins         as audio, alone and beside people who come to a live as fast as they can
    mixed         as video-paced, alone and beside 50 feeds and 2 photos of 12 megapixels a second
    """
    check_cores()
    check_pictures(scenario, viewers, picture, flame)
    if realtime:
        go_first()
    found: list[Result] = []
    click.echo(HEADER)
    for name in scenario:
        sides = sides_of(SCENARIOS[name], peer == "janus")
        for count in (int(each) for each in viewers.split(",")):
            rows: dict[Side, list[Result]] = {side: [] for side in sides}
            for _ in range(rounds):
                for side in sides:
                    with running(side, SCENARIOS[name].mixed) as (site, address):
                        plan = Plan(
                            side.server,
                            site.url,
                            site.pid,
                            address,
                            name,
                            count,
                            warm,
                            seconds,
                            profile,
                            side.beside,
                            stacks_of(flame) if flame and side.server == "wagu" else None,
                        )
                        rows[side].append(apart(measure, plan, GENERATOR_CORE))
                    click.echo(line(rows[side][-1], "  "), err=True)
            for results in rows.values():
                click.echo(line(middle(results)))
                found += results
            if len(sides) == 2:
                click.echo(f"{name:12s} {count:7d}   {compared(*map(middle, rows.values()))}")
    if kept is not None:
        keep(kept, found)
    if picture is not None:
        picture.write_text(draw(f"{scenario[0]}: µs a forwarded packet", costs_of(found)))
    if flame is not None:
        stacks = stacks_of(flame)
        lines = stacks.read_text()
        stacks.unlink()
        flame.write_text(draw_flame(f"{scenario[0]} to {viewers} viewers", read(lines)))


def check_pictures(
    scenario: Sequence[str], viewers: str, picture: Path | None, flame: Path | None
) -> None:
    if picture is not None and len(scenario) != 1:
        raise click.UsageError("a picture is of one scenario")
    if flame is not None:
        check_sampler()
        if len(scenario) != 1 or "," in viewers:
            raise click.UsageError("a flame graph is of one scenario and one number of viewers")


class Side(NamedTuple):
    """One of those who take turns; `beside`: with what accompanies the scenario."""

    server: Server
    beside: bool


def sides_of(scenario: Scenario, janus: bool) -> list[Side]:
    """What happens beside the media is compared with nothing: that is ours alone."""
    if scenario.accompanied:
        return [Side("wagu", False), Side("wagu", True)]
    return [Side("wagu", False), *([Side("janus", False)] if janus else [])]


def stacks_of(flame: Path) -> Path:
    """What py-spy writes, of the last round."""
    return flame.with_suffix(".stacks")


def compared(first: Result, second: Result) -> str:
    if first.server != second.server:
        return f"{first.cost / second.cost:.2f} × Janus"
    said = f"p50 {first.p50:.1f} → {second.p50:.1f} ms, p99 {first.p99:.1f} → {second.p99:.1f} ms"
    if not second.came:
        return said
    each = (second.share - first.share) / second.came * 1000
    return f"{said}, {second.came:.0f} joins/s of {each:.1f} ms"


@contextmanager
def running(side: Side, mixed: bool) -> Iterator[tuple[Site, str]]:
    """A fresh server, and the address at which its peers sit."""
    with tempfile.TemporaryDirectory(prefix="wagu-sfu-") as folder:
        if mixed and not side.beside:
            with serving(Path(folder), WAGU_SNAPSHOTS="0") as site:
                yield site, "127.0.0.1"
        elif mixed:
            # On both cores: photos are prepared by processes of their own.
            with visited(Path(folder), WAGU_SNAPSHOTS="0") as site:
                yield site, "127.0.0.1"
        elif side.server == "wagu":
            under = pinned(SERVER_CORE)
            with serving(Path(folder), under=under, WAGU_SNAPSHOTS="0") as site:
                yield site, "127.0.0.1"
        else:
            address = own_address()
            with janus(Path(folder), address, SERVER_CORE) as site:
                yield site, address


def label(one: Result) -> str:
    """With a plus where something else went on."""
    return one.server + "+" * one.beside


def costs_of(results: Sequence[Result]) -> dict[str, dict[int, list[float]]]:
    """Of each side, by viewers."""
    costs: dict[str, dict[int, list[float]]] = {}
    for each in results:
        costs.setdefault(label(each), {}).setdefault(each.viewers, []).append(each.cost)
    return costs


def line(one: Result, before: str = "") -> str:
    return (
        f"{before + one.scenario:12s} {one.viewers:7d} {label(one):>7s} {one.cost:9.2f}"
        f" {one.kernel:6.2f} {one.loss:7.3%} {one.p50:7.2f} {one.p99:6.1f}"
        f" {one.joined:9.0f} {one.loaded:6.0f} {one.joins:7.0f}"
        f" {one.share:5.0%} {one.generator:9.0%} {one.waited:6.0%} {one.late:7.1f}"
    )
