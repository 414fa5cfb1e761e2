"""Makes a backup and puts one back, step by step; whoever calls shows how far it is."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

from wagu.backup import databases
from wagu.backup.archive import DATABASE, OBJECTS, Backup, Head, Writer
from wagu.db.engine import Database
from wagu.db.migrate import head, revision
from wagu.objects import Place, everything

Progress = Callable[[int], None]
"""Told of bytes that were done."""


class Refused(Exception):
    """The text is one readable line."""


def make(to: Path, database: str, place: Place, version: str, progress: Progress) -> int:
    """Write the file, while servers run; how many objects it holds. The database first: what it
    names is in the store then, and what comes meanwhile belongs to the next backup. Raises
    databases.CannotCopy, OSError and obstore's errors; then there is no file."""
    engine = make_url(database).get_backend_name()
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    with _successor(to) as path, tempfile.TemporaryDirectory(dir=to.parent) as folder:
        dumped = Path(folder) / DATABASE
        databases.dump(database, dumped)
        with path.open("wb") as file:
            writer = Writer(file, Head(version, engine, head(), made_at))
            writer.add_file(DATABASE, dumped)
            count = _add_objects(writer, place, progress)
            writer.close()
            file.flush()
            os.fsync(file.fileno())
    return count


def put_back(backup: Backup, database: str, place: Place, progress: Progress) -> int:
    """Objects first, then the database that names them; how many objects. Nobody may use the
    database meanwhile, and whoever was signed in must not be afterwards: what counts members goes
    back, too, so that one of tomorrow may get the number of one of today. Raises Refused and as
    `make`."""
    engine = make_url(database).get_backend_name()
    if backup.head.engine != engine:
        raise Refused(f"the backup is of {backup.head.engine}, and the database is {engine}")
    if backup.head.revision > head():
        raise Refused(f"the backup is of a newer Wagu Book ({backup.head.version}): update first")
    if engine != "sqlite" and asyncio.run(_revision(database)) not in (None, backup.head.revision):
        # pg_restore drops what the backup names, and would leave what came since.
        raise Refused("the database is of another version than the backup: take an empty one")
    count = 0
    store = place.open()
    for path, content in backup.objects():
        store.put(path, content, use_multipart=False)
        count += 1
        progress(len(content))
    place.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.data_dir) as folder:
        dumped = Path(folder) / DATABASE
        backup.extract_database(dumped)
        databases.restore(database, dumped)
    return count


async def _revision(database: str) -> str | None:
    db = Database(database)
    try:
        async with db.read() as connection:
            return await connection.run_sync(revision)
    finally:
        await db.close()


def _add_objects(writer: Writer, place: Place, progress: Progress) -> int:
    count = 0
    store = place.open()
    for found in everything(place):
        try:
            content = bytes(store.get(found["path"]).bytes())
        except FileNotFoundError:
            continue  # deleted since the list was made
        writer.add(f"{OBJECTS}{found['path']}", content)
        count += 1
        progress(len(content))
    return count


@contextmanager
def _successor(to: Path) -> Iterator[Path]:
    """A file that takes the place of `to` when all went well, and goes otherwise. Nobody else may
    read it: it holds password hashes."""
    handle, name = tempfile.mkstemp(prefix=f"{to.name}.", suffix=".partial", dir=to.parent)
    os.close(handle)
    path = Path(name)
    try:
        yield path
        path.replace(to)
    finally:
        path.unlink(missing_ok=True)
