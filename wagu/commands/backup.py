"""`wagu backup` and `wagu restore`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from wagu.commands.trouble import fail, first_line, read_settings

T = TypeVar("T")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write the database, photos and recordings into FILE, a tar.

    \b
      wagu backup /backups/wagu-$(date +%F).tar     from a cron job, say

    Works while servers run, and needs the settings of the server: WAGU_DATA_DIR, or those of its
    database and its bucket. With PostgreSQL it calls pg_dump, which has to be as new as the server.
    Sessions, shared maps, chat and ballots are left out.

    FILE is readable by its owner alone, as it holds password hashes and private photos; one that is
    there is replaced once the new one is whole. Settings and secrets are not in it.
    """
    settings = read_settings()
    from wagu.backup import service
    from wagu.objects import everything
    from wagu.web.handlers.config import product_version

    if not file.parent.is_dir():
        fail(f"there is no folder {file.parent}")

    def work() -> int:
        total = sum(found["size"] for found in everything(settings.objects))
        with click.progressbar(length=max(total, 1), label="Photos, recordings") as bar:
            return service.make(
                file, settings.database, settings.objects, product_version(), bar.update
            )

    count = _run(work)
    size = file.stat().st_size / 1e6
    click.echo(f"{file}: the database and {count} photos and parts of recordings, {size:.1f} MB")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only say whether it is whole.")
@click.option("--replace", is_flag=True, help="Do not ask before a database is replaced.")
def restore(file: Path, check: bool, replace: bool) -> None:
    """Put back what `wagu backup` wrote into FILE.

    The servers have to be stopped. The database becomes what it was, of the same kind (SQLite or
    PostgreSQL); photos and recordings are added to those that are there. Everybody is signed out,
    and shared maps end.
    """
    settings = read_settings()
    from wagu.backup import service
    from wagu.backup.archive import Backup, Damaged
    from wagu.ephemeral import forget_all
    from wagu.ephemeral.journal import DataDirectoryInUse, alone

    with click.progressbar(length=file.stat().st_size, label="Checking") as bar:
        try:
            found = Backup.open(file, bar.update)
        except Damaged as error:
            damaged = str(error)
        else:
            damaged = ""
    if damaged:
        fail(damaged)
    objects = len(found.sums) - 2
    click.echo(f"{file} is whole: of {found.head.made_at}, {found.head.engine}, {objects} objects")
    if check:
        return
    if not replace:
        click.confirm(f"Replace the database {_shown(settings.database)}?", abort=True)

    def work() -> int:
        total = sum(each.size for each in found.sums.values())
        with click.progressbar(length=max(total, 1), label="Photos, recordings") as bar:
            return service.put_back(found, settings.database, settings.objects, bar.update)

    try:
        with alone(settings.data_dir):
            count = _run(work)
            _run(lambda: asyncio.run(forget_all(settings.redis_url, settings.data_dir)))
    except DataDirectoryInUse as error:
        fail(f"{error}: stop it first")
    click.echo(f"restored: the database and {count} photos and parts of recordings")


def _run(work: Callable[[], T]) -> T:
    from obstore.exceptions import BaseError
    from sqlalchemy.exc import DBAPIError

    from wagu.backup.databases import CannotCopy
    from wagu.backup.service import Refused
    from wagu.errors import WaguError

    try:
        return work()
    except (CannotCopy, Refused, WaguError, BaseError, DBAPIError, OSError, ValueError) as error:
        fail(first_line(error))


def _shown(database: str) -> str:
    from sqlalchemy import make_url

    return make_url(database).render_as_string(hide_password=True)
