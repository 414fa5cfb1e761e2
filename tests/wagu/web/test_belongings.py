"""Taking everything along as a zip, and bringing places from elsewhere."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from PIL import Image

pytestmark = pytest.mark.sql

MEAL = {
    "place": {"name": "시장 떡볶이", "at": [37.5, 127.0], "address": "서울 종로구"},
    "category": "분식",
    "visibility": "private",
    "text": "매워요",
}


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "orange").save(file, "JPEG")
    return file.getvalue()


async def upload(visitor: Any) -> str:
    headers = {"Content-Type": "image/jpeg"}
    status, answer = await visitor.call("POST", "/api/photos", data=picture(), headers=headers)
    assert status == 201, answer
    return str(answer["photo"]["id"])


async def archive(visitor: Any) -> tuple[Any, dict[str, bytes]]:
    response = await visitor.raw("GET", "/api/me/export")
    assert response.status == 200
    with zipfile.ZipFile(io.BytesIO(await response.read())) as opened:
        assert opened.testzip() is None
        return response, {name: opened.read(name) for name in opened.namelist()}


async def bring(visitor: Any, tree: Any, kind: str = "application/geo+json") -> tuple[int, Any]:
    content = tree if isinstance(tree, bytes) else json.dumps(tree).encode()
    headers = {"Content-Type": kind}
    return await visitor.call("POST", "/api/me/import", data=content, headers=headers)


def feature(name: str, lat: float, lng: float, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lng, lat]},
        "properties": {"name": name, **properties},
    }


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


async def test_everything_of_mine_and_nothing_of_others_is_in_the_archive(site):
    jimin, haneul = await site.member("jimin"), await site.member("haneul")
    await jimin.call("PUT", "/api/members/haneul/follow")
    photo = await upload(jimin)
    await jimin.call("PATCH", "/api/me", json={"bio": "맛집", "photo_id": photo})
    await jimin.post("/api/posts", MEAL | {"menus": [{"name": "떡볶이", "photo_id": photo}]})
    await haneul.post("/api/posts", MEAL | {"menus": [{"name": "순대"}], "text": "비밀"})
    await jimin.post("/api/lives", {"title": "먹방"})
    response, files = await archive(jimin)
    assert response.content_type == "application/zip"
    assert 'filename="wagu-jimin-2026-11-18.zip"' in response.headers["Content-Disposition"]
    assert response.headers["Cache-Control"] == "no-store"
    assert files.keys() == {
        "profile.json",
        "people.json",
        "posts.json",
        "lives.json",
        "places.geojson",
        f"photos/{photo}.jpg",
    }
    assert json.loads(files["profile.json"])["bio"] == "맛집"
    assert json.loads(files["people.json"])["followings"] == ["haneul"]
    assert [live["title"] for live in json.loads(files["lives.json"])] == ["먹방"]
    (post,) = json.loads(files["posts.json"])
    assert (post["text"], post["visibility"]) == ("매워요", "private")
    assert post["menus"][0]["photo"] == f"photos/{photo}.jpg"
    assert Image.open(io.BytesIO(files[f"photos/{photo}.jpg"])).size == (40, 30)
    everything = b"".join(files.values())
    assert "비밀".encode() not in everything
    assert b"argon2" not in everything


async def test_an_empty_account_has_an_archive_too(site):
    _, files = await archive(await site.member("jimin"))
    assert json.loads(files["posts.json"]) == []
    assert json.loads(files["places.geojson"]) == collection()


async def test_what_was_taken_along_can_be_brought_back(site):
    jimin = await site.member("jimin")
    await jimin.post("/api/posts", MEAL | {"menus": [{"name": "떡볶이"}]})
    _, files = await archive(jimin)
    saved = files["places.geojson"]
    assert (await bring(jimin, saved))[1] == {"added": 0, "known": 1, "skipped": 0}
    elsewhere = json.loads(saved)
    elsewhere["features"][0]["geometry"]["coordinates"][1] = 35.1
    status, answer = await bring(jimin, elsewhere)
    assert (status, answer) == (200, {"added": 1, "known": 0, "skipped": 0})
    _, places = await jimin.get("/api/places?q=떡볶이&bbox=35,126,36,128")
    assert [place["address"] for place in places["places"]] == ["서울 종로구"]


async def test_takeout_of_today_and_of_before_is_read(site):
    today = feature("", 37.57, 126.98)
    today["properties"] = {
        "date": "2024-05-01T09:30:00Z",
        "google_maps_url": "http://maps.google.com/?cid=1",
        "location": {"address": "서울 중구", "country_code": "KR", "name": "명동 국수"},
    }
    before = feature("", 37.58, 126.99)
    before["properties"] = {
        "Title": "을지로 골뱅이",
        "Location": {"Address": "서울 중구 을지로", "Business Name": "골뱅이"},
    }
    jimin = await site.member("jimin")
    status, answer = await bring(jimin, collection(today, before), "application/json")
    assert (status, answer["added"]) == (200, 2)
    _, found = await jimin.get("/api/places")
    assert {place["name"] for place in found["places"]} == {"명동 국수", "을지로 골뱅이"}


async def test_what_cannot_be_a_place_is_skipped_and_the_rest_is_not(site):
    jimin = await site.member("jimin")
    odd = [
        feature("영영", 0, 0),
        feature("", 37.5, 127),
        feature("x" * 61, 37.5, 127),
        feature("북극 너머", 91, 127),
        feature("a\u202eb", 37.5, 127),
        {"type": "Feature", "geometry": None, "properties": {"name": "어디"}},
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": ["a", True]}},
        {"type": "Feature", "properties": []},
        "junk",
        None,
    ]
    good = feature("분식집", 37.5, 127, address="x" * 999, category=7)
    status, answer = await bring(jimin, collection(*odd, good, good))
    assert (status, answer) == (200, {"added": 1, "known": 0, "skipped": len(odd)})


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "import.not_geojson"),
        (b"Title,Note,URL\n", 422, "import.not_geojson"),
        (b"[]", 422, "import.not_geojson"),
        (b'{"type":"FeatureCollection","features":{}}', 422, "import.not_geojson"),
        (b"[" * 100_000, 422, "import.not_geojson"),
        (b"\xff\xfe\x00", 422, "import.not_geojson"),
        (b" " * (5 * 1024 * 1024 + 1), 413, "import.too_large"),
        (json.dumps(collection(*[None] * 5_001)).encode(), 422, "import.too_many"),
    ],
    ids=["empty", "csv", "list", "object", "deep", "bytes", "large", "many"],
)
async def test_what_is_no_geojson_is_refused(site, content, status, code):
    jimin = await site.member("jimin")
    found, answer = await bring(jimin, content)
    assert (found, answer["error"]["code"]) == (status, code)


async def test_only_geojson_is_taken(site):
    status, answer = await bring(await site.member("jimin"), collection(), "text/plain")
    assert (status, answer["error"]["code"]) == (415, "request.media_type")
