"""Recordings of lives over HTTP: wished for, kept, seen in ranges, forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.clients.waiting import eventually
from tests.wagu.web.conftest import Site, Visitor
from wagu.bus import PictureTaken
from wagu.domain.live import LiveId, LiveState
from wagu.domain.recording import RecordingId
from wagu.media_backend.base import (
    PeerKey,
    PublicationStarted,
    RecordingFinished,
    RecordingStarted,
    RoomKey,
    Snapshot,
)
from wagu.recordings import carrier, keeper, objects
from wagu.web import keys

CONTENT = bytes(range(256)) * 40
PART = 4096

pytestmark = pytest.mark.sql


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """CONTENT is two parts and a half, and they go at once."""
    monkeypatch.setattr(objects, "PART", PART)
    monkeypatch.setattr(carrier, "PART", PART)
    monkeypatch.setattr(keeper, "CARRY_EVERY", 0.01)


async def announce(host: Visitor, **wish: Any) -> dict[str, Any]:
    status, answer = await host.post("/api/lives", {"title": "냉면", **wish})
    assert status == 201
    live: dict[str, Any] = answer["live"]
    return live


async def on_air(site: Site, live: str) -> None:
    site.media.tell(PublicationStarted(RoomKey(f"live/{live}"), PeerKey("host")))
    await settled(site)


async def settled(site: Site) -> None:
    keeper = site.app[keys.KEEPER]
    await eventually(lambda: _none(keeper._tasks), "the keeper has done its work")


async def _none(tasks: set[asyncio.Task[None]]) -> bool:
    return not tasks


def file_of(site: Site, live: str) -> Path:
    file = site.settings.data_dir.resolve() / "recordings" / live / f"{live}.webm"
    file.parent.mkdir(parents=True, exist_ok=True)
    return file


async def finish(site: Site, live: str, content: bytes = CONTENT) -> Path:
    """Media has written a file."""
    file = file_of(site, live)
    file.write_bytes(content)
    site.media.tell(RecordingFinished(RoomKey(f"live/{live}"), str(file), 12.5))
    await settled(site)
    return file


async def carried(site: Site, live: str, size: int) -> None:
    """So many bytes of the file that media is writing are in the store."""
    store = site.app[keys.KEEPER].objects

    async def there() -> bool:
        return await store.size(RecordingId(live)) == size

    await eventually(there, f"{size} bytes are in the store")


async def half_made(site: Site, host: Visitor) -> tuple[str, Path]:
    """A live and the file that media is writing of it, whose whole parts are carried."""
    live = (await announce(host, record=True))["id"]
    file = file_of(site, live)
    site.media.tell(RecordingStarted(RoomKey(f"live/{live}"), str(file)))
    file.write_bytes(CONTENT)
    await carried(site, live, 2 * PART)
    return live, file


async def kept(site: Site, live: str) -> list[tuple[int, float | None]]:
    rows = await site.app[keys.RECORDINGS].of(LiveId(live))
    return [(each.size, each.seconds) for each in rows]


async def over(site: Site, live: str) -> None:
    rows = site.app[keys.LIVES]
    await rows.set_state(LiveId(live), LiveState.ON_AIR, site.clock())
    await rows.set_state(LiveId(live), LiveState.ENDED, site.clock())


async def test_nothing_is_recorded_without_the_hosts_wish(site: Site) -> None:
    host = await site.known("host")
    unwished, wished = await announce(host), await announce(host, record=True)
    assert (unwished["recorded"], wished["recorded"]) == (False, True)
    for live in (unwished, wished):
        await on_air(site, live["id"])
    begun = [call for call in site.media.calls if call[0] == "record"]
    assert [call[1] for call in begun] == [f"live/{wished['id']}"]


async def test_a_server_may_allow_none(site_with: Callable[..., Any]) -> None:
    async with site_with(recording="off") as site:
        live = await announce(await site.known("host"), record=True)
        assert live["recorded"] is False
        await on_air(site, live["id"])
        assert not [call for call in site.media.calls if call[0] == "record"]


async def test_what_was_written_is_kept_and_can_be_seen(site: Site) -> None:
    host = await site.known("host")
    live = (await announce(host, record=True))["id"]
    file = await finish(site, live)
    assert not file.exists()
    # While it goes on, the live itself is to be watched.
    assert (await host.get(f"/api/lives/{live}"))[1]["live"]["recording"] is None
    await over(site, live)
    address = (await host.get(f"/api/lives/{live}"))[1]["live"]["recording"]
    anybody = site.visitor()
    answer = await anybody.raw("GET", address)
    assert (answer.status, answer.content_type) == (200, "video/webm")
    assert await answer.read() == CONTENT
    _, told = await anybody.get(f"/api/lives/{live}/recordings")
    (one,) = told["recordings"]
    assert (one["url"], one["seconds"], one["size"]) == (address, 12.5, len(CONTENT))


async def test_a_bucket_keeps_what_was_written(
    site_with: Callable[..., Any], s3_settings: dict[str, str]
) -> None:
    async with site_with(**s3_settings) as site:
        host = await site.known("host")
        live = (await announce(host, record=True))["id"]
        await finish(site, live)
        await over(site, live)
        address = (await host.get(f"/api/lives/{live}"))[1]["live"]["recording"]
        answer = await host.raw("GET", address, headers={"Range": "bytes=4000-9000"})
        assert await answer.read() == CONTENT[4000:9001]
        assert not (site.settings.data_dir / "objects").exists()


@pytest.mark.parametrize(
    ("header", "status", "span"),
    [
        ("bytes=0-99", 206, (0, 100)),
        ("bytes=10000-", 206, (10000, 10240)),
        ("bytes=-10", 206, (10230, 10240)),
        ("bytes=5-99999999", 206, (5, 10240)),
        ("bytes=10240-", 416, None),
        ("bytes=9-3", 416, None),
        ("bytes=-0", 416, None),
        ("bytes=0-1,5-6", 206, (0, 10240)),
        ("metres=0-5", 206, (0, 10240)),
    ],
)
async def test_a_video_is_read_in_ranges(
    site: Site, header: str, status: int, span: tuple[int, int] | None
) -> None:
    host = await site.known("host")
    live = (await announce(host, record=True))["id"]
    await finish(site, live)
    await over(site, live)
    address = (await host.get(f"/api/lives/{live}"))[1]["live"]["recording"]
    answer = await host.raw("GET", address, headers={"Range": header})
    assert answer.status == status
    if span is None:
        assert answer.headers["Content-Range"] == "bytes */10240"
    else:
        assert await answer.read() == CONTENT[span[0] : span[1]]
        assert answer.headers["Content-Range"] == f"bytes {span[0]}-{span[1] - 1}/10240"


async def test_host_and_admin_delete_it_and_nobody_else(site: Site) -> None:
    host, other, admin = (
        await site.known("host"),
        await site.known("other"),
        await site.known("boss", admin=True),
    )
    for who, status in ((other, 403), (host, 204), (admin, 204)):
        live = (await announce(host, record=True))["id"]
        await finish(site, live)
        await over(site, live)
        address = (await host.get(f"/api/lives/{live}"))[1]["live"]["recording"]
        assert (await who.delete(f"/api/lives/{live}/recordings"))[0] == status
        gone = status == 204
        assert (await host.get(address))[0] == (404 if gone else 200)
        assert ((await host.get(f"/api/lives/{live}"))[1]["live"]["recording"] is None) == gone


async def test_what_a_killed_server_left_is_kept_at_the_next_start(
    site: Site, site_with: Callable[..., Any]
) -> None:
    host = await site.known("host")
    live = (await announce(host, record=True))["id"]
    folder = site.settings.data_dir.resolve() / "recordings" / live
    folder.mkdir(parents=True)
    (folder / "left.webm").write_bytes(CONTENT)
    (folder / "empty.webm").write_bytes(b"")
    await over(site, live)
    await site.app[keys.KEEPER].close()
    await site.app[keys.KEEPER].start()
    await settled(site)
    assert not folder.exists()
    _, told = await host.get(f"/api/lives/{live}/recordings")
    assert [(one["size"], one["seconds"]) for one in told["recordings"]] == [(len(CONTENT), None)]


async def test_what_is_being_written_is_carried_part_by_part(site: Site) -> None:
    host = await site.known("host")
    live = (await announce(host, record=True))["id"]
    file = file_of(site, live)
    site.media.tell(RecordingStarted(RoomKey(f"live/{live}"), str(file)))
    file.write_bytes(b"?" + CONTENT[1:5000])
    await carried(site, live, PART)
    file.write_bytes(b"?" + CONTENT[1:9000])
    await carried(site, live, 2 * PART)
    assert await site.app[keys.KEEPER].sweep() == 0
    assert await kept(site, live) == [], "it can be seen when it is whole"
    await finish(site, live)  # whose first byte is another, as where a WebM keeps its duration
    await over(site, live)
    address = (await host.get(f"/api/lives/{live}"))[1]["live"]["recording"]
    assert await (await host.raw("GET", address)).read() == CONTENT
    assert not file.exists()


async def test_what_a_machine_that_is_lost_had_carried_is_kept(site: Site) -> None:
    host = await site.known("host")
    live, file = await half_made(site, host)
    await site.app[keys.KEEPER].close()
    file.unlink()
    keeper = site.app[keys.KEEPER]
    keeper._followed.clear()  # as in another process
    await keeper.start()
    await settled(site)
    assert await kept(site, live) == [(2 * PART, None)]


async def test_a_recording_that_is_deleted_while_it_is_made_stays_deleted(site: Site) -> None:
    host = await site.known("host")
    live, file = await half_made(site, host)
    assert (await host.delete(f"/api/lives/{live}/recordings"))[0] == 204
    await finish(site, live)
    assert await kept(site, live) == []
    assert not file.exists()
    assert [names async for names in site.app[keys.KEEPER].objects.names()] == []


async def test_what_a_disk_lost_is_not_taken_from_what_was_carried(site: Site) -> None:
    host = await site.known("host")
    for left in (None, b"", CONTENT[:100]):
        live, file = await half_made(site, host)
        file.unlink()
        if left is not None:
            file.write_bytes(left)
        site.media.tell(RecordingFinished(RoomKey(f"live/{live}"), str(file), 12.5))
        await settled(site)
        assert await kept(site, live) == [(2 * PART, 12.5)]


async def test_what_a_killed_server_had_carried_is_not_carried_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = await site.known("host")
    live, _ = await half_made(site, host)
    keeper, put = site.app[keys.KEEPER], objects.RecordingObjects.put
    await keeper.close()
    keeper._followed.clear()  # as in another process
    again: list[int] = []

    async def noted(self: Any, name: RecordingId, part: int, data: bytes) -> None:
        again.append(part)
        await put(self, name, part, data)

    monkeypatch.setattr(objects.RecordingObjects, "put", noted)
    await keeper.start()
    await settled(site)
    assert await kept(site, live) == [(len(CONTENT), None)]
    assert again == [2, 0]


async def test_a_deleted_recording_does_not_come_back_when_the_store_is_away(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = await site.known("host")
    live, _ = await half_made(site, host)
    await site.app[keys.RECORDINGS].forget(LiveId(live))

    async def refuse(*_: object) -> None:
        raise OSError("the bucket is away")

    with monkeypatch.context() as broken:
        broken.setattr(objects.RecordingObjects, "delete", refuse)
        await finish(site, live)
    keeper = site.app[keys.KEEPER]
    await keeper.close()
    keeper._followed.clear()
    await keeper.start()
    await settled(site)
    assert await kept(site, live) == []
    assert await keeper.sweep() == 1


async def test_what_the_store_refuses_is_kept_later(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = await site.known("host")
    live = (await announce(host, record=True))["id"]

    async def refuse(*_: object) -> None:
        raise OSError("the bucket is away")

    with monkeypatch.context() as broken:
        broken.setattr(objects.RecordingObjects, "put", refuse)
        file = await finish(site, live)
    assert file.exists()
    assert await kept(site, live) == []
    await site.app[keys.KEEPER].retry()
    assert await kept(site, live) == [(len(CONTENT), 12.5)]
    assert not file.exists()


async def test_files_of_an_account_that_is_gone_are_swept(site: Site) -> None:
    host = await site.known("host")
    live = (await announce(host, record=True))["id"]
    await finish(site, live)
    keeper = site.app[keys.KEEPER]
    assert await keeper.sweep() == 0
    await site.app[keys.RECORDINGS].forget(LiveId(live))  # as the database does with its account
    assert await keeper.sweep() == 1
    assert await keeper.sweep() == 0


async def test_a_recording_of_a_live_that_is_gone_is_not_kept(site: Site) -> None:
    await finish(site, "a-live-of-nobody")
    assert await site.app[keys.KEEPER].sweep() == 0


async def test_a_picture_of_what_is_shown(site: Site) -> None:
    host = await site.known("host")
    live = (await announce(host))["id"]
    assert (await host.get(f"/api/lives/{live}/snapshot.webp"))[0] == 404
    site.media.pictures[f"live/{live}"] = Snapshot(b"RIFFwebp", 3)
    site.app[keys.BUS].publish(PictureTaken(LiveId(live), 3))
    address = (await host.get(f"/api/lives/{live}"))[1]["live"]["snapshot"]
    answer = await site.visitor().raw("GET", address)
    assert (answer.status, answer.content_type) == (200, "image/webp")
    assert await answer.read() == b"RIFFwebp"
    await over(site, live)
    assert (await host.get(f"/api/lives/{live}"))[1]["live"]["snapshot"] is None
