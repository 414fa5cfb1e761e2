"""`scripts/bench start`: how soon a server is there, and what it takes while nobody comes."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import click

from benches.cost import memory, used
from benches.machine import REALTIME, go_first
from benches.serving import serving

SETTLING = 3.0
"""Seconds after which a server that just started has nothing left to do."""

BARE = [sys.executable, "-c", "pass"]
HELP = [sys.executable, "-m", "wagu", "--help"]
EVERYTHING = [sys.executable, "-c", "import wagu.cli, wagu.serve"]


@click.command()
@click.option("--rounds", default=5, show_default=True)
@click.option("--idle", default=10.0, show_default=True, help="Seconds of doing nothing.")
@click.option("--realtime", is_flag=True, help=REALTIME)
@click.option("--json", "kept", type=click.Path(path_type=Path), help="Where to keep all values.")
def start(rounds: int, idle: float, realtime: bool, kept: Path | None) -> None:
    """Imports, `wagu --help`, /readyz, and an idle server's memory and processor time."""
    if realtime:
        go_first()
    found: dict[str, list[float]] = {}

    def note(name: str, value: float) -> None:
        found.setdefault(name, []).append(value)

    for number in range(rounds):
        click.echo(f"round {number + 1} of {rounds}", err=True)
        note("python alone, s", seconds_of(BARE))
        note("wagu --help, s", seconds_of(HELP))
        note("all imports, s", seconds_of(EVERYTHING))
        _serve(idle, note)
    click.echo(f"{'':26s} {'median':>8s}   each round")
    for name, values in found.items():
        each = "  ".join(f"{value:.2f}" for value in values)
        click.echo(f"{name:26s} {median(values):8.2f}   {each}")
    if kept is not None:
        kept.write_text(json.dumps(found, indent=1))


def seconds_of(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def _serve(idle: float, note: Callable[[str, float], None]) -> None:
    """In an empty data directory, and once more in what the first start left there."""
    with tempfile.TemporaryDirectory(prefix="wagu-start-") as folder:
        for which in ("first", "second"):
            begun = time.perf_counter()
            with serving(Path(folder)) as site:
                note(f"/readyz, {which} start, s", time.perf_counter() - begun)
                if which == "first":
                    continue
                time.sleep(SETTLING)
                spent, begun = used(site.pid), time.perf_counter()
                time.sleep(idle)
                share = (used(site.pid) - spent) / (time.perf_counter() - begun)
                note("idle, % of a core", share * 100)
                note("idle, MB resident", memory(site.pid) / 1e6)
