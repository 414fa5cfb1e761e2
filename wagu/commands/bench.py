"""`wagu bench`: the measurements of a checkout."""

from __future__ import annotations

import os
from pathlib import Path

import click

from wagu.commands.trouble import fail

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "bench"


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(arguments: tuple[str, ...]) -> None:
    """Measure what the documents claim: scripts/bench, in a checkout.

    It needs what developing needs (other servers to compare with, browsers, test tools), so an
    installed package and the image have none.
    """
    if not SCRIPT.is_file():
        fail("benches are in a checkout of the project only: scripts/bench there")
    os.execv(SCRIPT, [str(SCRIPT), *arguments])
