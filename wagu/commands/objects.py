"""`wagu objects`: photos and recordings, from one place to another."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from wagu.commands.trouble import fail, read_settings

if TYPE_CHECKING:
    from obstore.store import ObjectStore


@click.group()
def objects() -> None:
    """Look after the files of photos and recordings."""


@objects.command("copy")
@click.option(
    "--from", "url", help="Another bucket, with the same keys; the data folder if left out."
)
def copy(url: str | None) -> None:
    """Copy all photos and recordings to where WAGU_OBJECTS_URL says.

    Works while a server is running, on either place. What is there already is left out: copy, start
    the server with its new WAGU_OBJECTS_URL, and copy once more what came in between.
    """
    from dataclasses import replace

    from obstore.exceptions import BaseError

    target = read_settings().objects
    source = replace(target, url=url)
    if source == target:
        fail("both places are the same: WAGU_OBJECTS_URL names where to copy to")
    if source.folder is not None and not source.folder.is_dir():
        fail(f"there is nothing to copy: no folder {source.folder}")
    try:
        click.echo(asyncio.run(_copy(source.open(), target.open())))
    except (BaseError, OSError, ValueError) as error:
        fail(f"copying stopped, and can be repeated: {str(error).splitlines()[0]}")


async def _copy(source: ObjectStore, target: ObjectStore) -> str:
    from wagu import objects as places

    total = 0
    async for found in source.list(chunk_size=200):
        total += sum(each["size"] for each in found)
    count = new = 0
    with click.progressbar(length=max(total, 1), label="Copying", width=0) as bar:
        async for copied in places.copy(source, target):
            count += 1
            new += copied.new
            bar.update(copied.size)
    return f"{count} objects ({total / 1e6:.1f} MB) are in both places, {new} of them are new there"
