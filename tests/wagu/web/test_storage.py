"""How much room everything takes, for admins."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

from tests.wagu.web.conftest import Site
from wagu.domain.live import LiveId
from wagu.domain.recording import Recording, RecordingId
from wagu.errors import Unavailable
from wagu.objects import Place
from wagu.recordings.objects import RecordingObjects
from wagu.web import keys
from wagu.web.stored import KEPT, Stored

STORAGE = "/api/admin/storage"


async def record(site: Site, live: str, size: int) -> RecordingId:
    name = RecordingId(secrets.token_urlsafe(16))
    made = Recording(name, LiveId(live), "video/webm", 2.5, size, site.clock())
    await site.app[keys.RECORDINGS].add(made)
    return name


@pytest.mark.sql
async def test_the_database_says_its_size(site: Site, engine: str) -> None:
    admin = await site.known("boss", admin=True)
    _, told = await admin.get(STORAGE)
    assert told["database"] == engine
    assert told["database_size"] > 50_000
    if engine == "sqlite":
        file = site.settings.data_dir / "wagu.db"
        log = file.with_name("wagu.db-wal")
        assert told["database_size"] <= file.stat().st_size + log.stat().st_size


async def test_objects_are_counted_by_kind_and_not_at_every_question(site: Site) -> None:
    admin = await site.known("boss", admin=True)
    _, nothing = await admin.get(STORAGE)
    assert nothing["photos"] == nothing["recordings"] == {"count": 0, "size": 0}

    await site.photo(admin.member_id)
    recordings = RecordingObjects.open(site.settings.objects)
    await recordings.put(RecordingId("r"), 0, b"12345")
    await recordings.put(RecordingId("r"), 1, b"123")
    _, same = await admin.get(STORAGE)
    assert same == nothing | {"disk": same["disk"], "database_size": same["database_size"]}

    site.clock.now += KEPT
    _, told = await admin.get(STORAGE)
    assert told["recordings"] == {"count": 2, "size": 8}
    assert told["photos"]["size"] == told["photos"]["count"] * len("photo 0") > 0
    assert (told["objects"], told["counted_at"]) == ("folder", round(site.clock.now * 1000))
    assert told["disk"]["total"] == shutil.disk_usage(site.settings.data_dir).total
    assert 0 < told["disk"]["free"] <= told["disk"]["total"]


async def test_a_store_that_cannot_be_listed_is_said(tmp_path: Path) -> None:
    class Away(Place):
        def open(self) -> NoReturn:
            raise OSError("no route")

    with pytest.raises(Unavailable, match=r"storage\.unavailable"):
        await Stored(Away(tmp_path), lambda: 0.0).count()


@pytest.mark.sql
async def test_recordings_are_listed_newest_first_page_by_page(site: Site) -> None:
    admin, host = await site.known("boss", admin=True), await site.known("minsu")
    _, live = await host.post("/api/lives", {"title": "불 앞에서"})
    live_id, made = live["live"]["id"], []
    for size in (0, 10, 20, 30):
        site.clock.now += 1
        made.append(await record(site, live_id, size))

    _, first = await admin.get("/api/admin/recordings?limit=2")
    _, second = await admin.get(f"/api/admin/recordings?limit=2&after={first['next']}")
    listed = [*first["recordings"], *second["recordings"]]
    assert [one["id"] for one in listed] == made[:0:-1], "one is being made"
    assert second["next"] is None
    assert listed[0] == {
        "id": made[-1],
        "live": live_id,
        "title": "불 앞에서",
        "host": "minsu",
        "size": 30,
        "seconds": 2.5,
        "created_at": round(site.clock.now * 1000),
    }
    assert (await admin.get("/api/admin/recordings?after=x"))[0] == 422
