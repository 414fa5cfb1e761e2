"""Photos as rows and as pictures: what happens when two do something at the same time."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import StreamReader
from aiohttp.base_protocol import BaseProtocol

from tests.clients.waiting import eventually
from wagu.db.engine import Database
from wagu.db.members import MemberRows
from wagu.db.photos import PhotoRows
from wagu.domain.place import Point
from wagu.errors import BadRequest, Unavailable
from wagu.images.photos import Added
from wagu.images.sizes import Digest
from wagu.web.album import Album

pytestmark = pytest.mark.sql


@dataclass
class FakePhotos:
    """Keeps the content of files by digest, and lets a test hold an upload after it was kept."""

    kept: dict[str, bytes] = field(default_factory=dict)
    adding: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    broken: bool = False

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def add(self, upload: Path) -> Added:
        content = await asyncio.to_thread(upload.read_bytes)
        digest = Digest(content.decode().ljust(64, "0"))
        self.kept[digest] = content
        self.adding.set()
        await self.go_on.wait()
        return Added(digest, 4, 3, Point(1.0, 2.0))

    async def has(self, digest: Digest) -> bool:
        return digest in self.kept

    async def forget(self, digest: Digest) -> None:
        if self.broken:
            raise Unavailable("image.unavailable", "x")
        self.kept.pop(digest, None)

    def stats(self) -> dict[str, int]:
        return {"running": 0}


@pytest.fixture
def photos() -> FakePhotos:
    fake = FakePhotos()
    fake.go_on.set()
    return fake


@pytest.fixture
async def rows(tmp_path) -> AsyncIterator[PhotoRows]:
    db = Database(f"sqlite+aiosqlite:///{tmp_path}/wagu.db")
    await db.start()
    members = MemberRows(db)
    for name in ("one", "two"):
        await members.create(username=name, name=name, password_hash="x", now=1.0)
    yield PhotoRows(db)
    await db.close()


@pytest.fixture
async def album(photos, rows, tmp_path) -> AsyncIterator[Album]:
    folder = tmp_path / "uploads"
    folder.mkdir()
    (folder / "left by a crash").touch()
    one = Album(rows, lambda: photos, folder, lambda: 100.0, own_locks())
    await one.start()
    assert list(folder.iterdir()) == []
    yield one
    await one.close()
    assert list(folder.iterdir()) == []


def own_locks() -> Callable[[str], AbstractAsyncContextManager[object]]:
    """Of one process."""
    locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
    return locks.__getitem__


def body(content: bytes = b"a") -> StreamReader:
    reader = StreamReader(BaseProtocol(asyncio.get_running_loop()), 2**16)
    reader.feed_data(content)
    reader.feed_eof()
    return reader


async def test_an_upload_is_a_row_and_a_picture(album, photos):
    upload = await album.receive(1, body())
    assert (upload.photo.owner, upload.photo.width, upload.taken_at) == (1, 4, Point(1.0, 2.0))
    assert photos.kept.keys() == {upload.photo.digest}
    assert album.stats() == {"running": 0, "uploads": 0}


async def test_one_forgets_while_another_uploads_the_same(album, photos):
    """The picture was kept, then forgotten as the last row went, then it gets a row again."""
    first = await album.receive(1, body())
    photos.go_on.clear()
    photos.adding.clear()
    second = asyncio.create_task(album.receive(2, body()))
    await photos.adding.wait()
    await album.forget_unused(first.photo.id, 1)
    assert photos.kept == {}
    photos.go_on.set()
    assert (await second).photo.digest in photos.kept


async def test_what_another_row_has_stays(album, photos):
    first, second = await album.receive(1, body()), await album.receive(2, body())
    await album.forget([first.photo.id])
    assert photos.kept.keys() == {second.photo.digest}
    await album.forget([second.photo.id])
    assert photos.kept == {}


async def test_an_upload_that_gets_no_row_leaves_no_picture(album, photos, monkeypatch):
    monkeypatch.setattr("wagu.db.photos.UNUSED_MAX", 1)
    both = [album.receive(1, body(name)) for name in (b"a", b"b")]
    photos.go_on.clear()
    tasks = [asyncio.create_task(upload) for upload in both]
    await until(lambda: len(photos.kept) == 2)
    photos.go_on.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert sorted(isinstance(result, Exception) for result in results) == [False, True]
    assert len(photos.kept) == 1


async def test_a_store_that_fails_does_not_bring_a_row_back(album, photos, rows):
    upload = await album.receive(1, body())
    photos.broken = True
    await album.forget([upload.photo.id])
    assert await rows.of_nobody([upload.photo.digest]) == {upload.photo.digest}


async def test_a_body_that_ends_too_soon(album):
    reader = StreamReader(BaseProtocol(asyncio.get_running_loop()), 2**16)
    reader.feed_data(b"a")  # and then the connection is gone
    with pytest.raises(BadRequest, match=r"photo\.incomplete"):
        await album.receive(1, reader)
    reader.set_exception(ConnectionResetError())
    with pytest.raises(BadRequest, match=r"photo\.incomplete"):
        await album.receive(1, reader)


async def test_a_body_that_never_ends(album, monkeypatch):
    monkeypatch.setattr("wagu.web.album.PATIENCE", 0.01)
    protocol = BaseProtocol(asyncio.get_running_loop())
    protocol.connection_made(asyncio.Transport())
    reader = StreamReader(protocol, 2**16)
    reader.feed_data(b"a")
    with pytest.raises(BadRequest, match=r"photo\.incomplete"):
        await album.receive(1, reader)


async def test_more_than_a_piece(album, photos, monkeypatch):
    monkeypatch.setattr("wagu.web.album.PIECE", 3)
    upload = await album.receive(1, body(b"abcdefgh"))
    assert photos.kept[upload.photo.digest] == b"abcdefgh"


async def test_the_sweep_goes_on_after_a_failure(photos, rows, tmp_path, monkeypatch):
    times = []

    async def failing(_before: float) -> set[str]:
        times.append(1)
        raise RuntimeError("database away")

    monkeypatch.setattr(rows, "sweep", failing)
    monkeypatch.setattr("wagu.web.album.SWEEP_EVERY", 0.0)
    album = Album(rows, lambda: photos, tmp_path / "uploads", lambda: 1.0, own_locks())
    await album.start()
    await until(lambda: len(times) >= 3)
    await album.close()
    assert os.listdir(tmp_path / "uploads") == []


async def until(condition) -> None:
    async def look() -> bool:
        return bool(condition())

    await eventually(look, "as many as should be")
