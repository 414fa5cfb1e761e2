"""One contract for a folder, memory and buckets, ours and moto's; then what only a folder can get
wrong."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.wagu.images.bucket import Bucket
from wagu.errors import NotFound, Unavailable
from wagu.images.sizes import Digest
from wagu.images.store import PhotoObjects
from wagu.objects import Place

A, B = (Digest(hashlib.sha256(name).hexdigest()) for name in (b"a", b"b"))
CONTENT = b"pixels" * 1000


def at(url: str, endpoint: str) -> Place:
    return Place(Path("nowhere"), url, endpoint, region="somewhere", key="key", secret="secret")


@pytest.fixture
def bucket() -> Bucket:
    return Bucket()


@pytest.fixture(params=["folder", "memory", "s3", "moto"])
async def objects(
    request: pytest.FixtureRequest, tmp_path: Path, bucket: Bucket
) -> AsyncIterator[PhotoObjects]:
    if request.param == "folder":
        yield PhotoObjects.open(Place(tmp_path / "data"))
    elif request.param == "memory":
        yield PhotoObjects.open(Place(tmp_path / "data", "memory:///"))
    elif request.param == "moto":
        yield PhotoObjects.open(request.getfixturevalue("s3_bucket"))
    else:
        async with bucket.serving() as endpoint:
            yield PhotoObjects.open(at("s3://meals/here", endpoint))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def other_file(tmp_path: Path) -> Path:
    path = tmp_path / "other"
    path.write_bytes(b"other")
    return path


async def test_what_is_put_can_be_got(objects: PhotoObjects, file: Path) -> None:
    await objects.put(A, "source.jpg", file)
    assert await objects.get(A, "source.jpg") == CONTENT
    assert await objects.exists(A, "source.jpg")
    assert not await objects.exists(A, "256.webp")
    assert not await objects.exists(B, "source.jpg")


async def test_putting_again_replaces(objects: PhotoObjects, file: Path, other_file: Path) -> None:
    await objects.put(A, "256.webp", file)
    await objects.put(A, "256.webp", other_file)
    assert await objects.get(A, "256.webp") == b"other"


async def test_what_is_not_there_is_unknown(objects: PhotoObjects) -> None:
    with pytest.raises(NotFound) as missing:
        await objects.get(A, "source.jpg")
    assert missing.value.code == "image.unknown"


async def test_deleting_is_idempotent(objects: PhotoObjects, file: Path) -> None:
    await objects.put(A, "256.webp", file)
    for _ in range(2):
        await objects.delete(A, "256.webp")
        assert not await objects.exists(A, "256.webp")


async def test_forgetting_takes_everything_of_one_photo(objects: PhotoObjects, file: Path) -> None:
    names = ("source.jpg", "256.webp", "512-enlarged.jpg", "from-another-version.avif")
    for digest in (A, B):
        for name in names:
            await objects.put(digest, name, file)
    for _ in range(2):
        await objects.forget(A, first="source.jpg")
        assert not any([await objects.exists(A, name) for name in names])
    assert all([await objects.exists(B, name) for name in names])


@pytest.mark.parametrize("digest", ["", "..", "a" * 63, "A" * 64, "../" * 22, "a" * 64 + "\n"])
async def test_a_digest_that_is_none_leads_nowhere(
    digest: str, objects: PhotoObjects, file: Path
) -> None:
    for attempt in (
        objects.put(Digest(digest), "source.jpg", file),
        objects.get(Digest(digest), "source.jpg"),
        objects.exists(Digest(digest), "source.jpg"),
        objects.forget(Digest(digest), first="source.jpg"),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_a_store_that_fails_is_unavailable(
    tmp_path: Path, bucket: Bucket, file: Path
) -> None:
    async with bucket.serving() as endpoint:
        objects = PhotoObjects.open(at("s3://meals", endpoint))
        bucket.broken = True
        for attempt in (objects.put(A, "256.webp", file), objects.get(A, "256.webp")):
            with pytest.raises(Unavailable) as failed:
                await attempt
            assert failed.value.code == "image.unavailable"
            assert "secret" not in str(failed.value)


async def test_a_bucket_gets_our_key_and_keeps_to_the_prefix(
    tmp_path: Path, bucket: Bucket, file: Path
) -> None:
    async with bucket.serving() as endpoint:
        objects = PhotoObjects.open(at("s3://meals/here", endpoint))
        await objects.put(A, "source.jpg", file)
    assert list(bucket.objects) == [f"here/photos/{A[:2]}/{A}/source.jpg"]
    assert bucket.authorisations == {"AWS4-HMAC-SHA256 Credential=key"}


async def test_a_folder_holds_whole_files_only_and_no_others(tmp_path: Path, file: Path) -> None:
    objects = PhotoObjects.open(Place(tmp_path / "data"))
    contents = [bytes([n]) * 200_000 for n in range(8)]
    files = []
    for n, content in enumerate(contents):
        files.append(tmp_path / f"file-{n}")
        files[-1].write_bytes(content)
    puts = [asyncio.create_task(objects.put(A, "256.webp", each)) for each in files]
    await asyncio.wait(puts, return_when=asyncio.FIRST_COMPLETED)
    while not all(put.done() for put in puts):
        assert await objects.get(A, "256.webp") in contents
    await asyncio.gather(*puts)
    kept = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert [path.name for path in kept] == ["256.webp"]


async def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path, file: Path) -> None:
    objects = PhotoObjects.open(Place(tmp_path / "data"))
    (tmp_path / "data" / "objects" / "photos").write_text("a file where a folder should be")
    with pytest.raises(Unavailable):
        await objects.put(A, "256.webp", file)


async def test_forgetting_takes_what_a_killed_process_was_writing(
    tmp_path: Path, file: Path
) -> None:
    objects = PhotoObjects.open(Place(tmp_path / "data"))
    await objects.put(A, "source.jpg", file)
    folder = tmp_path / "data" / "objects" / "photos" / A[:2] / A
    (folder / "256.webp#1").write_bytes(b"half")
    await objects.forget(A, first="source.jpg")
    assert not folder.exists()


async def test_forgetting_leaves_no_empty_folders(tmp_path: Path, file: Path) -> None:
    objects = PhotoObjects.open(Place(tmp_path / "data"))
    await objects.put(A, "source.jpg", file)
    await objects.put(A, "256.webp", file)
    await objects.forget(A, first="source.jpg")
    assert list((tmp_path / "data" / "objects").iterdir()) == []
