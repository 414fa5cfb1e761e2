"""`wagu serve` and `wagu migrate`."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

import click

from wagu.commands.trouble import fail, read_settings

if TYPE_CHECKING:
    from wagu.settings import Settings

COLLECT_AFTER = 50_000
"""New objects; Python's own 700 are there after a few packets, and it took a fifth of the time."""


SWITCH_AFTER = 0.0005
"""Seconds for which a thread keeps the interpreter when another wants it. With Python's own 5 ms,
SQLite's make a hole in a voice."""


def tune_interpreter() -> None:
    """What was made at the start is out of the collector's sight from now on: looking through it
    takes 30 ms, in which no packet is forwarded. What media imports for its first peer comes later
    and adds 9. And threads take shorter turns."""
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 10, 10)
    gc.enable()
    sys.setswitchinterval(SWITCH_AFTER)


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Instead of WAGU_PORT.")
@click.option(
    "--lan",
    is_flag=True,
    help="Speak https with a certificate of our own, so that phones in the same Wi-Fi get their "
    "microphone and camera (WAGU_TLS=self-signed).",
)
@click.option(
    "--role",
    type=click.Choice(["all", "web", "media"]),
    help="web: rooms are on other servers. media: there for those. (WAGU_ROLE)",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes, for as many cores. More than one meet in a Redis (WAGU_REDIS_URL), and worker "
    "n has the port WAGU_PORT + n for its media.",
)
def serve(port: int | None, lan: bool, role: str | None, workers: int) -> None:
    """Serve until Ctrl-C.

    Everything it needs is made at the first start, in the folder WAGU_DATA_DIR. What it prints
    begins with the address to open; without an administrator yet, a link that makes one follows.

    \b
      wagu serve                          on http://localhost:8080, and on this machine's addresses
      wagu serve --lan                    by https for phones in the same network
      WAGU_NAME=우리집 wagu serve         with a setting; README.md has a table of all

    Ctrl-C ends it within three seconds: open rooms are told, and clients come back by themselves
    when it is there again. SIGTERM, too, unless other servers share its Redis: then rooms and
    people go over to those first, which takes up to eight.
    """
    gc.disable()  # 100,000 objects are about to be made that stay until the end
    settings = read_settings(port=port, tls="self-signed" if lan else None, role=role)
    if workers > 1:
        _serve_by_many(settings, workers)
        return
    import uvloop

    from wagu import log
    from wagu import serve as process

    def announce(setup_link: str | None) -> None:
        tune_interpreter()
        shown = process.picture(settings) if sys.stdout.isatty() else []
        for line in (*process.greeting(settings, setup_link), *shown):
            click.echo(line)

    log.configure(settings.log_level, settings.log_format)
    try:
        uvloop.run(process.serve(settings, announce))
    except process.CannotServe as error:
        fail(str(error))


def _serve_by_many(settings: Settings, workers: int) -> None:
    from wagu import log
    from wagu.serve import CannotServe
    from wagu.supervisor import Supervisor

    log.configure(settings.log_level, settings.log_format)
    try:
        Supervisor(settings, workers, tune_interpreter, click.echo).run()
    except CannotServe as error:
        fail(str(error))


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema.

    A server does so by itself when it starts. Before that it is of use to see whether it will
    succeed, or to have it done before the first of several servers is replaced: they wait for each
    other, and whoever comes second finds nothing left to do. It is one transaction, so a failure
    leaves the database as it was. There is no way back but a backup: make one first.
    """
    from wagu import admin

    try:
        click.echo(admin.migrate(read_settings()))
    except admin.CannotDo as error:
        fail(str(error))
