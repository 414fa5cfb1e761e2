"""`wagu objects`: photos and recordings, from one place to another."""

from __future__ import annotations

import click

from wagu.commands.trouble import fail, first_line, read_settings


@click.group()
def objects() -> None:
    """Look after the files of photos and recordings."""


@objects.command("copy")
@click.option(
    "--from", "url", help="Another bucket, with the same keys; the data folder if left out."
)
def copy(url: str | None) -> None:
    """Copy all photos and recordings to where WAGU_OBJECTS_URL says.

    What is there already is left out, so that most of it can be copied while the server runs: copy,
    stop the server, copy once more what came in between, and start it with its new
    WAGU_OBJECTS_URL. Then the old place can go.
    """
    from dataclasses import replace

    from obstore.exceptions import BaseError

    from wagu import objects as places

    target = read_settings().objects
    source = replace(target, url=url)
    if source == target:
        fail("both places are the same: WAGU_OBJECTS_URL names where to copy to")
    if source.folder is not None and not source.folder.is_dir():
        fail(f"there is nothing to copy: no folder {source.folder}")
    try:
        total = sum(found["size"] for found in places.everything(source))
        count = new = 0
        with click.progressbar(length=max(total, 1), label="Copying", width=0) as bar:
            for copied in places.copy(source, target):
                count += 1
                new += copied.new
                bar.update(copied.size)
    except (BaseError, OSError, ValueError) as error:
        fail(f"copying stopped, and can be repeated: {first_line(error)}")
    size = f"{total / 1e6:.1f} MB"
    click.echo(f"{count} objects ({size}) are in both places, {new} of them are new there")
