"""Where photos and recordings are kept: a folder, a bucket, memory; and how one becomes another."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from PIL import Image

from tests.wagu.web.conftest import open_site
from wagu.domain.recording import RecordingId
from wagu.objects import Copied, Place, copy
from wagu.recordings import objects
from wagu.recordings.objects import RecordingObjects
from wagu.settings import Settings, SettingsError

NAME, OTHER = RecordingId("a" * 22), RecordingId("b" * 22)
PART = 1000


@pytest.fixture(params=["folder", "memory", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "bucket":
        bucket: Place = request.getfixturevalue("s3_bucket")
        return bucket
    return Place(tmp_path / "data", "memory:///" if request.param == "memory" else None)


@pytest.fixture
def recordings(place: Place, monkeypatch: pytest.MonkeyPatch) -> RecordingObjects:
    monkeypatch.setattr(objects, "PART", PART)
    return RecordingObjects.open(place)


async def read(store: RecordingObjects, start: int, end: int) -> bytes:
    return b"".join([piece async for piece in store.read(NAME, start, end)])


async def test_a_recording_is_parts_that_read_as_one(recordings: RecordingObjects) -> None:
    content = bytes(range(250)) * 10
    for part in (0, 2, 1):
        await recordings.put(NAME, part, content[part * PART : (part + 1) * PART])
    assert await recordings.size(NAME) == len(content)
    for start, end in ((0, 2500), (0, 1), (999, 1001), (1000, 2000), (2499, 2500), (7, 2300)):
        assert await read(recordings, start, end) == content[start:end]
    await recordings.put(NAME, 0, b"?" * PART)
    assert await read(recordings, 998, 1002) == b"??" + content[1000:1002]


async def test_what_comes_after_a_part_that_is_missing_does_not_count(
    recordings: RecordingObjects,
) -> None:
    for part in (0, 1, 3):
        await recordings.put(NAME, part, b"x" * PART)
    assert await recordings.size(NAME) == 2 * PART
    assert await recordings.size(OTHER) == 0


async def test_deleting_takes_all_parts_of_one(recordings: RecordingObjects) -> None:
    for name, part in ((NAME, 0), (NAME, 1), (OTHER, 0)):
        await recordings.put(name, part, b"x" * PART)
    await recordings.delete({NAME})
    await recordings.delete({NAME})
    assert {name async for names in recordings.names() for name in names} == {OTHER}


async def test_everything_is_copied_once(tmp_path: Path, s3_bucket: Place) -> None:
    disk = Place(tmp_path / "data")
    store = RecordingObjects.open(disk)
    for part in range(3):
        await store.put(NAME, part, bytes([part]) * 100)

    def copied() -> list[Copied]:
        return list(copy(disk, s3_bucket))

    first = copied()
    assert sorted(each.path for each in first) == [f"recordings/{NAME}/0000{n}" for n in range(3)]
    assert all(each.new and each.size == 100 for each in first)
    await store.put(NAME, 3, b"more")
    assert [each.path for each in copied() if each.new] == [f"recordings/{NAME}/00003"]
    written_again = disk.data_dir / "objects" / "recordings" / NAME / "00000"
    written_again.write_bytes(b"!" * 100)
    os.utime(written_again, (time.time() + 5, time.time() + 5))
    assert [each.path for each in copied() if each.new] == [f"recordings/{NAME}/00000"]
    bucket = RecordingObjects.open(s3_bucket)
    assert b"".join([piece async for piece in bucket.read(NAME, 0, 100)]) == b"!" * 100


async def test_a_server_keeps_photos_in_a_bucket(
    tmp_path: Path, s3_bucket: Place, s3_settings: dict[str, str]
) -> None:
    data = tmp_path / "data"
    async with open_site(data, **s3_settings) as site:
        host = await site.known("host")
        png = Image.new("RGB", (40, 30), "red")
        png.save(tmp_path / "red.png")
        answer = await host.raw(
            "POST",
            "/api/photos",
            data=(tmp_path / "red.png").read_bytes(),
            headers={"Content-Type": "image/png"},
        )
        photo = (await answer.json())["photo"]["id"]
        answer = await host.raw("GET", f"/photos/{photo}/256.webp")
        assert (answer.status, (await answer.read())[:4]) == (200, b"RIFF")
    stored = [found["path"] for found in s3_bucket.open().list().collect()]
    assert {path.split("/")[0] for path in stored} == {"photos"}
    assert not (data / "objects").exists()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"objects_url": "bucket"}, "WAGU_OBJECTS_URL must look like s3://bucket/folder"),
        ({"objects_url": "s3://b", "objects_key": "k"}, "WAGU_OBJECTS_SECRET and WAGU_OBJECTS_KEY"),
        ({"objects_url": "s3://b", "objects_endpoint": "s3.here"}, "WAGU_OBJECTS_ENDPOINT must"),
    ],
)
def test_settings_that_name_no_place_are_refused(wrong: dict[str, str], why: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.read(**wrong)
    assert str(refused.value).startswith(why)


def test_a_place_does_not_show_its_secret() -> None:
    chosen = Settings(objects_url="s3://b", objects_key="k", objects_secret="sesame")
    assert "sesame" not in f"{chosen!r} {chosen.objects!r}"
