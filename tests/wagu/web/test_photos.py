"""Photos over HTTP, with real pictures: up, shown, cached, forgotten."""

from __future__ import annotations

import asyncio
from io import BytesIO

import pytest
from PIL import ExifTags, Image
from sqlalchemy import select

from tests.clients.waiting import eventually
from wagu.app import DB
from wagu.db.schema import photo as photos
from wagu.images.limits import LARGEST_FILE
from wagu.web import keys

PNG = {"Content-Type": "image/png"}
SIZES = {"256", "512", "1024", "2048"}


@pytest.fixture
async def owner(site):
    return await site.known("owner")


async def upload(who, data, content_type="image/png"):
    return await who.call("POST", "/api/photos", data=data, headers={"Content-Type": content_type})


async def uploaded(who, data) -> str:
    status, answer = await upload(who, data)
    assert status == 201, answer
    return answer["photo"]["id"]


async def post(who, *photos) -> str:
    body = {
        "place": {"name": "면옥", "at": [37.5, 127.0]},
        "category": "한식",
        "visibility": "public",
        "menus": [{"name": f"menu {at}", "photo_id": photo} for at, photo in enumerate(photos)],
    }
    status, answer = await who.post("/api/posts", body)
    assert status == 201, answer
    return f"/api/posts/{answer['post']['id']}"


def files(site) -> set[str]:
    """The digests of which there is anything on the disk, and what waits to be one."""
    root = site.settings.data_dir
    kept = {path.parent.name for path in (root / "objects").rglob("*.*")}
    return kept | {path.name for path in (root / "uploads").iterdir()}


def with_position(lat: float, lng: float) -> bytes:
    exif = Image.Exif()
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    for value, (sides, reference, position) in (
        (lat, ("NS", ExifTags.GPS.GPSLatitudeRef, ExifTags.GPS.GPSLatitude)),
        (lng, ("EW", ExifTags.GPS.GPSLongitudeRef, ExifTags.GPS.GPSLongitude)),
    ):
        gps[reference] = sides[value < 0]
        gps[position] = (int(abs(value)), 0.0, abs(value) % 1 * 3600)
    made = BytesIO()
    Image.new("RGB", (64, 48), "tomato").save(made, "JPEG", exif=exif)
    return made.getvalue()


@pytest.mark.sql
async def test_up_and_shown(site, owner, picture):
    status, answer = await upload(owner, picture(size=(60, 40)))
    assert status == 201
    photo = answer["photo"]
    assert answer["suggestion"] is None
    assert (photo["width"], photo["height"], photo["urls"].keys()) == (60, 40, SIZES)
    for side, url in photo["urls"].items():
        for address, content_type in ((url, "image/webp"), (url[:-4] + "jpg", "image/jpeg")):
            shown = await owner.raw("GET", address)
            assert (shown.status, shown.content_type) == (200, content_type)
            drawn = Image.open(BytesIO(await shown.read()))
            assert max(drawn.size) == min(int(side), 4 * 60), "larger, but four times at most"
    address = await post(owner, photo["id"])
    _, answer = await site.visitor().get(address)
    assert answer["post"]["menus"][0]["photo"] == photo
    _, feed = await site.visitor().get("/api/feed")
    assert feed["posts"][0]["photos"] == [photo]


async def test_where_it_was_taken_is_told_once(site, owner):
    status, answer = await upload(owner, with_position(37.5, -126.25), "image/jpeg")
    assert status == 201
    assert answer["suggestion"] == {"at": [37.5, -126.25]}
    for side in ("256", "2048"):
        shown = await owner.raw("GET", answer["photo"]["urls"][side])
        drawn = Image.open(BytesIO(await shown.read()))
        assert not drawn.getexif()
    async with site.app[DB].read() as connection:
        row = (await connection.execute(select(photos))).mappings().one()
    assert not {37.5, -126.25} & set(row.values())


@pytest.mark.parametrize(
    ("data", "content_type", "status", "code"),
    [
        (b"", "image/png", 415, "image.unknown_format"),
        (b"no picture", "image/png", 415, "image.unknown_format"),
        (b"<svg/>", "image/svg+xml", 415, "image.unknown_format"),
        (b"\x89PNG\r\n\x1a\n broken", "image/png", 422, "image.broken"),
        (b"{}", "application/json", 415, "request.media_type"),
        (b"x", "text/plain", 415, "request.media_type"),
        (b"x", "multipart/form-data; boundary=x", 415, "request.media_type"),
        (b"x", "", 415, "request.media_type"),
    ],
)
async def test_what_is_no_picture(site, owner, data, content_type, status, code):
    found, answer = await upload(owner, data, content_type)
    assert (found, answer["error"]["code"]) == (status, code)
    assert files(site) == set()


async def test_a_picture_is_one_whatever_it_is_called(owner, picture):
    assert (await upload(owner, picture(), "image/jpeg"))[0] == 201


@pytest.mark.parametrize("says_how_much", [True, False])
async def test_too_much(site, owner, says_how_much):
    async def chunks():
        for _ in range(26):
            yield bytes(1024 * 1024)

    data = bytes(LARGEST_FILE + 1) if says_how_much else chunks()
    status, answer = await upload(owner, data)
    assert (status, answer["error"]["code"]) == (413, "image.too_large")
    assert files(site) == set()


async def test_somebody_hangs_up_half_way(site, owner, picture):
    """Nothing is left of it, and it is no error of ours."""
    cookie = next(iter(owner.client.session.cookie_jar))
    head = (
        "POST /api/photos HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
        f"Cookie: {cookie.key}={cookie.value}\r\nContent-Length: 1000\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
    writer.write(head.encode() + picture()[:50])
    await writer.drain()
    await until(lambda: files(site) != set())
    writer.close()
    await until(lambda: files(site) == set())
    await reader.read()
    metrics = await (await site.visitor().raw("GET", "/metrics")).text()
    assert 'route="/api/photos",status="500"' not in metrics
    assert "wagu_images_uploads 0.0" in metrics


async def test_an_answer_is_kept_for_ever_and_asked_for_again_in_vain(site, owner, picture):
    photo = await uploaded(owner, picture())
    address = f"/photos/{photo}/512.webp"
    first = await owner.raw("GET", address)
    assert first.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert first.headers["Vary"] == "Cookie"
    tag = first.headers["ETag"]
    for known in (tag, f'"x", {tag}', f"W/{tag}", "*"):
        again = await owner.raw("GET", address, headers={"If-None-Match": known})
        assert (again.status, await again.read()) == (304, b"")
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
        assert again.headers["ETag"] == tag
    for unknown in ('"x"', "nonsense"):
        again = await owner.raw("GET", address, headers={"If-None-Match": unknown})
        assert again.status == 200
    assert (await owner.raw("GET", f"/photos/{photo}/512.jpg")).headers["ETag"] != tag
    stranger = await site.visitor().raw("GET", address, headers={"If-None-Match": tag})
    assert stranger.status == 404, "a tag is no ticket"
    await post(owner, photo)
    public = await site.visitor().raw("GET", address)
    assert public.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Vary" not in public.headers
    head = await site.visitor().raw("HEAD", address)
    assert (head.status, head.headers["ETag"]) == (200, tag)


@pytest.mark.parametrize(
    "name",
    [
        *("255.webp", "0.webp", "4096.webp", "256.png", "256.WEBP", "0256.webp", "256"),
        *("-256.webp", "256.webp.jpg", "%00.webp", "source.jpg", "256-enlarged.webp"),
    ],
)
async def test_only_certain_sizes_and_formats(owner, picture, name):
    photo = await uploaded(owner, picture())
    assert (await owner.raw("GET", f"/photos/{photo}/{name}")).status == 404


@pytest.mark.sql
@pytest.mark.parametrize("photo", ["x", "x" * 22, "%00" * 22, "..", "%2e%2e%2fwagu.db", "가" * 22])
async def test_photos_that_never_were(owner, photo):
    for method, path in (("GET", f"/photos/{photo}/256.webp"), ("DELETE", f"/api/photos/{photo}")):
        assert (await owner.raw(method, path)).status in (404, 405)


async def test_taking_one_back(site, owner, picture):
    unused, used = await uploaded(owner, picture(1)), await uploaded(owner, picture(2))
    await post(owner, used)
    assert (await owner.delete(f"/api/photos/{unused}"))[0] == 204
    status, answer = await owner.delete(f"/api/photos/{used}")
    assert (status, answer["error"]["code"]) == (409, "photo.used")
    status, answer = await owner.delete(f"/api/photos/{unused}")
    assert (status, answer["error"]["code"]) == (404, "photo.unknown")
    assert len(files(site)) == 1


async def test_photos_go_with_what_showed_them(site, owner, picture):
    first, second = await uploaded(owner, picture(1)), await uploaded(owner, picture(2))
    one, other = await post(owner, first, second), await post(owner, first)
    assert len(files(site)) == 2
    menus = {"menus": [{"name": "x", "photo_id": first}]}
    assert (await owner.patch(one, menus))[0] == 200
    assert len(files(site)) == 1
    await owner.delete(other)
    assert (await owner.raw("GET", f"/photos/{first}/256.webp")).status == 200
    await owner.delete(one)
    assert files(site) == set()
    assert (await owner.raw("GET", f"/photos/{first}/256.webp")).status == 404


async def test_one_picture_of_two_people(site, owner, picture):
    """They share its file, and know nothing of each other."""
    other = await site.known("other")
    mine, theirs = await uploaded(owner, picture()), await uploaded(other, picture())
    assert mine != theirs
    assert (await owner.raw("GET", f"/photos/{theirs}/256.webp")).status == 404
    assert (await owner.delete(f"/api/photos/{mine}"))[0] == 204
    assert (await other.raw("GET", f"/photos/{theirs}/256.webp")).status == 200
    assert (await other.delete(f"/api/photos/{theirs}"))[0] == 204
    assert files(site) == set()


async def test_what_nobody_used_goes_after_a_day(site, owner, picture):
    old, used = await uploaded(owner, picture(1)), await uploaded(owner, picture(2))
    await post(owner, used)
    site.clock.now += 23 * 3600
    young = await uploaded(owner, picture(3))
    assert await site.app[keys.ALBUM].sweep() == 0
    site.clock.now += 2 * 3600
    assert await site.app[keys.ALBUM].sweep() == 1
    for photo, status in ((old, 404), (used, 200), (young, 200)):
        assert (await owner.raw("GET", f"/photos/{photo}/256.webp")).status == status
    assert len(files(site)) == 2


async def test_only_so_many_wait(site, owner, picture, monkeypatch):
    monkeypatch.setattr("wagu.db.photos.UNUSED_MAX", 1)
    await uploaded(owner, picture(1))
    status, answer = await upload(owner, picture(2))
    assert (status, answer["error"]["code"]) == (409, "photo.too_many_unused")
    assert len(files(site)) == 1


async def until(condition) -> None:
    async def look() -> bool:
        return bool(condition())

    await eventually(look, "the files are as they should be")
