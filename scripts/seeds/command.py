"""`scripts/seed`: a database like that of an instance that has been loved for two years."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

import click

from seeds.invent import Size
from seeds.pictures import keep
from seeds.plant import NotEmpty, plant
from wagu import log
from wagu.db.engine import Database, DatabaseUnavailable
from wagu.settings import Settings, SettingsError
from wagu.web.passwords import Passwords

PASSWORD = "wagu-seed"
"""Of everybody: seed00001, seed00002, … Not for an instance that others reach."""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--members", type=click.IntRange(1, 99_999), default=5_000, show_default=True)
@click.option("--places", type=click.IntRange(1), default=10_000, show_default=True)
@click.option("--posts", type=click.IntRange(0), default=100_000, show_default=True)
@click.option("--pictures", type=click.IntRange(0, 200), default=24, show_default=True)
def seed(members: int, places: int, posts: int, pictures: int) -> None:
    """Fill the database of WAGU_DATABASE_URL or WAGU_DATA_DIR, which must be empty.

    The same rows each time. Everybody's password is wagu-seed.
    """
    try:
        settings = Settings.read()
        log.configure("warning", "console")
        asyncio.run(_seed(settings, Size(members, places, posts, pictures)))
    except (SettingsError, DatabaseUnavailable) as error:
        raise click.ClickException(str(error)) from None
    except NotEmpty:
        raise click.ClickException("there are members already: seed an empty database") from None


async def _seed(settings: Settings, size: Size) -> None:
    begun = time.monotonic()
    written: Counter[str] = Counter()

    def told(what: str, count: int) -> None:
        written[what] += count
        click.echo(f"\r\033[K» {what}: {written[what]:,}", nl=False, err=True)

    db = Database(settings.database)
    try:
        await db.start()
        digests = await keep(settings.data_dir, size.pictures, lambda: told("pictures", 1))
        password_hash = await Passwords().hash(PASSWORD)
        await plant(db, size, password_hash=password_hash, digests=digests, told=told)
    finally:
        await db.close()
    rows = ", ".join(f"{count:,} {what}" for what, count in written.items())
    click.echo(f"\r\033[K{rows} in {time.monotonic() - begun:.0f} s", err=True)
    click.echo(f"log in as seed00001 … with the password {PASSWORD}", err=True)
