"""The whole of it with real workers and a real folder: add, look, forget, at once and cancelled."""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import uvloop
from PIL import Image

from wagu.domain.place import Point
from wagu.errors import Invalid, NotFound, TooLarge, Unavailable, UnsupportedMedia
from wagu.images.limits import LARGEST_FILE
from wagu.images.photos import Added, Photos
from wagu.images.pool import Pool
from wagu.images.sizes import FORMATS, SIDES, Digest
from wagu.images.store import PhotoObjects
from wagu.objects import Place

Picture = Callable[..., Image.Image]
Encode = Callable[..., bytes]
Until = Callable[[Callable[[], object]], Awaitable[None]]

KEPT = {"source.jpg", "256.webp", "512.webp", "1024.webp"}


@pytest.fixture
async def photos(tmp_path: Path) -> AsyncIterator[Photos]:
    made = Photos.open(Place(tmp_path), tmp_path / "scratch")
    await made.start()
    yield made
    await made.close()
    assert list((tmp_path / "scratch").iterdir()) == [], "no temporary file is left by any test"


def stored(folder: Path, digest: Digest) -> set[str]:
    return {path.name for path in folder.glob(f"objects/photos/*/{digest}/*")}


def files(folder: Path) -> list[Path]:
    return [path for path in (folder / "objects").rglob("*") if path.is_file()]


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


async def test_a_photo_is_kept_with_what_feeds_show(
    photos: Photos, picture: Picture, encode: Encode, exif: Any, tmp_path: Path
) -> None:
    upload = encode(picture((1200, 800)), exif=exif(orientation=6))
    added = await photos.add(upload)
    assert (added.width, added.height) == (800, 1200)
    assert added.place_hint == Point(pytest.approx(37.5665), pytest.approx(126.978))  # type: ignore[arg-type]  # nearly equal
    assert stored(tmp_path, added.digest) == KEPT
    source = await photos.source(added.digest)
    assert hashlib.sha256(source).hexdigest() == added.digest
    assert opened(source).size == (800, 1200)


async def test_every_rendition_can_be_had(
    photos: Photos, picture: Picture, encode: Encode, exif: Any
) -> None:
    added = await photos.add(encode(picture((1500, 900)), exif=exif()))
    for side in SIDES:
        for format_ in FORMATS:
            rendition = await photos.rendition(added.digest, side, format_)
            image = opened(rendition.content)
            assert max(image.size) == min(side, 1500)
            assert rendition.content_type == {"webp": "image/webp", "jpg": "image/jpeg"}[format_]
            assert Image.MIME[image.format or ""] == rendition.content_type
            assert not image.getexif()
            assert b"Secret" not in rendition.content
    large = await photos.rendition(added.digest, 2048, "webp", enlarged=True)
    assert opened(large.content).size == (2048, 1229)


async def test_adding_again_changes_nothing(
    photos: Photos, picture: Picture, encode: Encode, tmp_path: Path
) -> None:
    upload = encode(picture())
    first = await photos.add(upload)
    before = await photos.rendition(first.digest, 256, "webp")
    assert await photos.add(upload) == first
    assert await photos.rendition(first.digest, 256, "webp") == before
    assert {path.parent.name for path in files(tmp_path)} == {first.digest}


async def test_many_at_once(photos: Photos, picture: Picture, encode: Encode) -> None:
    uploads = [encode(picture((200 + n, 100))) for n in range(6)]
    added = await asyncio.gather(*(photos.add(upload) for upload in uploads * 2))
    assert added[:6] == added[6:]
    assert [one.width for one in added[:6]] == [200 + n for n in range(6)]
    assert len({one.digest for one in added}) == 6


async def test_an_upload_by_path_stays_where_it_is(
    photos: Photos, picture: Picture, encode: Encode, upload: Callable[[bytes], Path]
) -> None:
    path = upload(encode(picture()))
    assert isinstance(await photos.add(path), Added)
    assert path.exists()


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (b"", UnsupportedMedia, "image.unknown_format"),
        (b"GIF89a", Invalid, "image.broken"),
        (b"\0" * (LARGEST_FILE + 1), TooLarge, "image.too_large"),
    ],
)
async def test_a_refused_upload_leaves_nothing(
    content: bytes, kind: type[Exception], code: str, photos: Photos, tmp_path: Path
) -> None:
    with pytest.raises(kind, match=code):
        await photos.add(content)
    assert files(tmp_path) == []
    large = tmp_path / "large"
    large.write_bytes(content)
    with pytest.raises(kind, match=code):
        await photos.add(large)


async def test_what_is_wanted_by_many_is_made_once(
    photos: Photos,
    picture: Picture,
    encode: Encode,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    added = await photos.add(encode(picture()))
    jobs: list[object] = []
    run = Pool.run

    async def counted(self: Pool, job: Any, *, urgent: bool = False) -> Any:
        jobs.append(job)
        return await run(self, job, urgent=urgent)

    monkeypatch.setattr(Pool, "run", counted)
    wanted = [photos.rendition(added.digest, 512, "jpg") for _ in range(10)]
    assert len({rendition.content for rendition in await asyncio.gather(*wanted)}) == 1
    await photos.rendition(added.digest, 512, "jpg")
    assert len(jobs) == 1


async def test_one_who_goes_away_does_not_take_it_from_the_others(
    photos: Photos, picture: Picture, encode: Encode
) -> None:
    added = await photos.add(encode(picture()))
    one, other = (
        asyncio.create_task(photos.rendition(added.digest, 2048, "jpg")) for _ in range(2)
    )
    await asyncio.sleep(0)
    one.cancel()
    assert opened((await other).content).size == (96, 64)
    assert one.cancelled()


@pytest.mark.parametrize("steps", [1, 2, 3, 5, 8, 13, 21, 34])
async def test_a_cancelled_upload_leaves_no_half_and_no_worker_hanging(
    steps: int, photos: Photos, picture: Picture, encode: Encode, tmp_path: Path
) -> None:
    """Cancelled after some turns of the loop, wherever it is by then."""
    upload = encode(picture((900, 700)))
    task = asyncio.create_task(photos.add(upload))
    for _ in range(steps):
        await asyncio.sleep(0.004)
    task.cancel()
    await asyncio.wait((task,))
    assert list((tmp_path / "scratch").iterdir()) == []
    assert photos.stats() == {"running": 0, "waiting": 0}
    for path in files(tmp_path):
        opened(path.read_bytes())
    added = await photos.add(upload)
    assert stored(tmp_path, added.digest) == KEPT


async def test_forgotten_is_gone(
    photos: Photos, picture: Picture, encode: Encode, tmp_path: Path
) -> None:
    added = await photos.add(encode(picture()))
    await photos.rendition(added.digest, 2048, "webp", enlarged=True)
    for _ in range(2):
        await photos.forget(added.digest)
        assert stored(tmp_path, added.digest) == set()
    for attempt in (photos.source(added.digest), photos.rendition(added.digest, 256, "webp")):
        with pytest.raises(NotFound, match=r"image\.unknown"):
            await attempt


async def test_forgotten_while_it_is_made_leaves_nothing(
    photos: Photos,
    picture: Picture,
    encode: Encode,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    added = await photos.add(encode(picture()))
    run = Pool.run

    async def slow(self: Pool, job: Any, *, urgent: bool = False) -> Any:
        reply = await run(self, job, urgent=urgent)
        await photos.forget(added.digest)
        return reply

    monkeypatch.setattr(Pool, "run", slow)
    with pytest.raises(NotFound):
        await photos.rendition(added.digest, 2048, "jpg")
    assert stored(tmp_path, added.digest) == set()


@pytest.mark.parametrize(("side", "format_"), [(300, "webp"), (256, "png"), (0, "jpg")])
async def test_other_renditions_do_not_exist(
    side: Any, format_: Any, photos: Photos, picture: Picture, encode: Encode
) -> None:
    added = await photos.add(encode(picture()))
    with pytest.raises(NotFound):
        await photos.rendition(added.digest, side, format_)


async def test_a_line_that_is_full_says_so(
    tmp_path: Path, picture: Picture, encode: Encode
) -> None:
    photos = Photos(PhotoObjects.open(Place(tmp_path)), Pool(1, 1), tmp_path / "scratch")
    await photos.start()
    uploads = [encode(picture((300 + n, 200))) for n in range(6)]
    results = await asyncio.gather(*map(photos.add, uploads), return_exceptions=True)
    busy = [result for result in results if isinstance(result, Unavailable)]
    assert {error.code for error in busy} == {"image.busy"}
    assert 1 <= len(busy) <= 4
    assert sum(isinstance(result, Added) for result in results) == 6 - len(busy)
    await photos.close()


async def test_closing_ends_what_is_going_on(
    tmp_path: Path, picture: Picture, encode: Encode, until: Until
) -> None:
    photos = Photos.open(Place(tmp_path), tmp_path / "scratch")
    await photos.start()
    adding = asyncio.create_task(photos.add(encode(picture((4000, 3000)), "PNG")))
    await until(lambda: photos.stats()["running"])
    await photos.close()
    with pytest.raises(Unavailable):
        await adding
    assert list((tmp_path / "scratch").iterdir()) == []


async def test_a_start_throws_away_what_a_kill_left(tmp_path: Path) -> None:
    (tmp_path / "scratch" / "old").mkdir(parents=True)
    (tmp_path / "scratch" / "old" / "upload").write_bytes(b"x")
    photos = Photos.open(Place(tmp_path), tmp_path / "scratch")
    await photos.start()
    assert list((tmp_path / "scratch").iterdir()) == []
    await photos.close()


def test_the_server_never_imports_a_decoder() -> None:
    """Start-up stays short, and strangers' bytes meet C code in workers only."""
    code = (
        "import sys, wagu.images.photos\n"
        "heavy = {'PIL', 'pillow_heif', 'obstore', 'numpy'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_it_works_on_the_loop_that_serves(tmp_path: Path, picture: Picture, encode: Encode) -> None:
    """uvloop starts and ends processes in its own way."""

    async def session() -> Added:
        photos = Photos.open(Place(tmp_path), tmp_path / "scratch")
        await photos.start()
        added = await photos.add(encode(picture()))
        await photos.close()
        with pytest.raises(Unavailable):
            await photos.add(encode(picture()))
        return added

    added = uvloop.run(session())
    assert stored(tmp_path, added.digest) == KEPT
