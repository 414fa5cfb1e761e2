"""Makes a backup and puts one back, step by step; whoever calls shows how far it is."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

from wagu.backup import databases
from wagu.backup.archive import DATABASE, OBJECTS, Backup, Head, Writer
from wagu.db.migrate import head
from wagu.objects import Place

Progress = Callable[[int], None]
"""Told of bytes that were done."""


class Refused(Exception):
    """The text is one readable line."""


async def size_of(place: Place) -> int:
    """Bytes of all objects."""
    if place.folder is not None and not place.folder.is_dir():
        return 0
    total = 0
    async for found in place.open().list(chunk_size=200):
        total += sum(each["size"] for each in found)
    return total


async def make(to: Path, database: str, place: Place, version: str, progress: Progress) -> int:
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
            count = await _add_objects(writer, place, progress)
            writer.close()
            file.flush()
            os.fsync(file.fileno())
    return count


async def put_back(backup: Backup, database: str, place: Place, progress: Progress) -> int:
    """Objects first, then the database that names them; how many objects. Nobody may use the
    database meanwhile. Raises Refused and as `make`."""
    engine = make_url(database).get_backend_name()
    if backup.head.engine != engine:
        raise Refused(f"the backup is of {backup.head.engine}, and the database is {engine}")
    if backup.head.revision > head():
        raise Refused(f"the backup is of a newer Wagu Book ({backup.head.version}): update first")
    count = 0
    store = place.open()
    for path, content in backup.objects():
        await store.put_async(path, content, use_multipart=False)
        count += 1
        progress(len(content))
    with tempfile.TemporaryDirectory(dir=backup.path.parent) as folder:
        dumped = Path(folder) / DATABASE
        backup.extract_database(dumped)
        databases.restore(database, dumped)
    return count


async def _add_objects(writer: Writer, place: Place, progress: Progress) -> int:
    count = 0
    if place.folder is not None and not place.folder.is_dir():
        return count
    store = place.open()
    async for objects in store.list(chunk_size=200):
        for found in objects:
            try:
                content = bytes(await (await store.get_async(found["path"])).bytes_async())
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
    path = to.with_name(f"{to.name}.partial")
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield path
        path.replace(to)
    finally:
        path.unlink(missing_ok=True)
