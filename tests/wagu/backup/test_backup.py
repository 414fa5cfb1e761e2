"""A backup that is made while people write, and put back: everything is there again."""

from __future__ import annotations

import asyncio
import itertools
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from tests.wagu.web.conftest import Site, open_site
from wagu.app import DB
from wagu.backup import databases, service
from wagu.backup.archive import Backup, Damaged
from wagu.db.engine import Database
from wagu.db.schema import member
from wagu.settings import Settings

POST = {
    "place": {"name": "을지면옥", "at": [37.5662, 126.9915]},
    "category": "한식",
    "visibility": "public",
    "text": "국물이 맑다",
}

Opener = Callable[[], AbstractAsyncContextManager[Site]]


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> dict[str, Any]:
    return {"data_dir": tmp_path / "data", "database_url": database_url}


@pytest.fixture
def site(settings: dict[str, Any]) -> Opener:
    """Opens the site, as often as it is called."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Site]:
        data_dir = settings["data_dir"]
        async with open_site(data_dir, database_url=settings["database_url"]) as made:
            yield made

    return opened


async def eat(site: Site) -> tuple[str, str]:
    """(post, photo) of a new member."""
    host = await site.known("host")
    photo = await site.photo(host.member_id)
    menus = [{"name": "냉면", "photo_id": photo}]
    status, answer = await host.post("/api/posts", POST | {"menus": menus})
    assert status == 201, answer
    return answer["post"]["id"], photo


async def see(site: Site, post: str, photo: str) -> None:
    status, answer = await site.visitor().get(f"/api/posts/{post}")
    assert (status, answer["post"]["text"]) == (200, POST["text"])
    shown = await site.visitor().raw("GET", f"/photos/{photo}/512.webp")
    assert (shown.status, await shown.read()) == (200, b"photo 0")


async def back_up(settings: dict[str, Any], to: Path) -> int:
    return await asyncio.to_thread(back_up_now, settings, to)


def back_up_now(settings: dict[str, Any], to: Path) -> int:
    chosen = Settings(**settings)
    return service.make(to, chosen.database, chosen.objects, "1.2.3", lambda _: None)


async def restore(settings: dict[str, Any], file: Path) -> int:
    def put_back() -> int:
        chosen, backup = Settings(**settings), Backup.open(file)
        return service.put_back(backup, chosen.database, chosen.objects, lambda _: None)

    return await asyncio.to_thread(put_back)


@pytest.mark.sql
async def test_what_was_backed_up_while_people_wrote_is_there_again(
    settings: dict[str, Any], site: Opener, tmp_path: Path
) -> None:
    file = tmp_path / "wagu.tar"
    async with site() as here:
        post, photo = await eat(here)

        begun, done = asyncio.Event(), asyncio.Event()

        async def sign_up() -> None:
            for number in itertools.count():
                if done.is_set():
                    return
                await here.known(f"late{number}")
                begun.set()

        writing = asyncio.create_task(sign_up())
        await begun.wait()
        assert await back_up(settings, file) > 0
        done.set()
        await writing
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        async with here.app[DB].write() as connection:
            await connection.execute(member.delete())
        assert (await here.visitor().get(f"/api/posts/{post}"))[0] == 404
        folder = here.settings.objects.folder
        assert folder is not None
        for each in folder.rglob("512.webp"):
            each.unlink()
    await restore(settings, file)
    async with site() as here:
        await see(here, post, photo)
        async with here.app[DB].read() as connection:
            rows = await connection.execute(select(member.c.username).order_by(member.c.id))
            names = list(rows.scalars())
    # Of one moment: everybody up to somebody, and nobody after.
    assert names == ["host", *(f"late{number}" for number in range(len(names) - 1))]
    assert len(names) >= 2


async def test_a_backup_moves_to_another_machine(
    settings: dict[str, Any], site: Opener, tmp_path: Path
) -> None:
    file = tmp_path / "wagu.tar"
    async with site() as here:
        post, photo = await eat(here)
        await back_up(settings, file)
    elsewhere = tmp_path / "elsewhere"
    assert await restore({"data_dir": elsewhere}, file) > 0
    async with open_site(elsewhere) as there:
        await see(there, post, photo)


@pytest.fixture
async def file(settings: dict[str, Any], site: Opener, tmp_path: Path) -> Path:
    """A whole backup."""
    made = tmp_path / "wagu.tar"
    async with site() as here:
        await eat(here)
        await back_up(settings, made)
    return made


@pytest.mark.parametrize("where", [600, 50_000, -14_000])
def test_a_byte_that_changed_is_found(file: Path, where: int) -> None:
    content = bytearray(file.read_bytes())
    inside = where % len(content)
    while content[inside] == 0:  # between two members nothing is said, and nothing lost
        inside += 1
    content[inside] ^= 0x40
    file.write_bytes(content)
    with pytest.raises(Damaged):
        Backup.open(file)


def test_what_is_cut_off_or_no_backup_at_all_is_refused(file: Path) -> None:
    content = file.read_bytes()
    for part in (content[: len(content) // 2], b"", b"no tar", content[:-12_000]):
        file.write_bytes(part)
        with pytest.raises(Damaged):
            Backup.open(file)


def test_one_of_another_engine_or_of_the_future_is_refused(
    file: Path, settings: dict[str, Any]
) -> None:
    backup = Backup.open(file)
    newer = Backup(file, replace(backup.head, revision="9999"), backup.sums)
    place = Settings(**settings).objects
    for each, database in (
        (backup, "postgresql+asyncpg://wagu@127.0.0.1:1/wagu"),
        (newer, settings["database_url"]),
    ):
        with pytest.raises(service.Refused):
            service.put_back(each, database, place, lambda _: None)


async def test_a_dump_does_not_replace_a_schema_of_another_version(
    postgres_url: str, tmp_path: Path
) -> None:
    settings = {"data_dir": tmp_path / "data", "database_url": postgres_url}
    file = tmp_path / "wagu.tar"
    await back_up(settings, file)
    assert await restore(settings, file) == 0
    db = Database(Settings(**settings).database)
    async with db.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    await db.close()
    with pytest.raises(service.Refused):
        await restore(settings, file)


def test_a_backup_that_fails_leaves_the_one_before(
    file: Path, settings: dict[str, Any], tmp_path: Path
) -> None:
    before = file.read_bytes()
    nowhere = {"database_url": f"sqlite+aiosqlite:///{tmp_path}/not.db"}
    with pytest.raises(databases.CannotCopy):
        back_up_now(settings | nowhere, file)
    assert file.read_bytes() == before
    assert list(tmp_path.glob("*.partial")) == []
