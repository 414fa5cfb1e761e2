"""`wagu serve` and `wagu migrate`."""

from __future__ import annotations

import gc
import sys

import click

from wagu.commands.trouble import fail, read_settings

COLLECT_AFTER = 50_000
"""New objects; Python's own 700 are there after a few packets, and it took a fifth of the time."""


def spare_what_stays() -> None:
    """Out of the collector's sight: looking through what was made at the start takes 30 ms, in
    which no packet is forwarded."""
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 10, 10)
    gc.enable()


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Instead of WAGU_PORT.")
@click.option(
    "--lan",
    is_flag=True,
    help="Speak https with a certificate of our own, so that phones in the same Wi-Fi get their "
    "microphone and camera (WAGU_TLS=self-signed).",
)
def serve(port: int | None, lan: bool) -> None:
    """Serve until Ctrl-C.

    Everything it needs is made at the first start, in the folder WAGU_DATA_DIR. What it prints
    begins with the address to open; without an administrator yet, a link that makes one follows.

    \b
      wagu serve                          on http://localhost:8080, and on this machine's addresses
      wagu serve --lan                    by https for phones in the same network
      WAGU_NAME=우리집 wagu serve         with a setting; README.md has a table of all

    SIGTERM and Ctrl-C end it within three seconds: open rooms are told, and clients come back by
    themselves when it is there again.
    """
    gc.disable()  # 100,000 objects are about to be made that stay until the end
    settings = read_settings(port=port, tls="self-signed" if lan else None)
    import uvloop

    from wagu import log
    from wagu import serve as process

    def announce(setup_link: str | None) -> None:
        spare_what_stays()
        shown = process.picture(settings) if sys.stdout.isatty() else []
        for line in (*process.greeting(settings, setup_link), *shown):
            click.echo(line)

    log.configure(settings.log_level, settings.log_format)
    try:
        uvloop.run(process.serve(settings, announce))
    except process.CannotServe as error:
        fail(str(error))


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema (serve does it too)."""
    from wagu import admin

    try:
        click.echo(admin.migrate(read_settings()))
    except admin.CannotDo as error:
        fail(str(error))
