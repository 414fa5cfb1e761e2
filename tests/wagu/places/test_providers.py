"""Every provider: what it is asked, what comes of its answer, and one code for each failure."""

from __future__ import annotations

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes import places as fakes
from wagu.domain.place import Point
from wagu.domain.post import Category
from wagu.errors import RateLimited, WaguError
from wagu.places.categories import by_korean_words
from wagu.places.fetch import Fetch
from wagu.places.kakao import Kakao
from wagu.places.naver import Naver
from wagu.places.nominatim import Nominatim
from wagu.places.photon import Photon
from wagu.places.provider import Found

NEAR = Point(37.57, 126.98)
AT = Point(37.5731, 126.9888)


async def test_kakao(fake, providers):
    (place,) = await providers["kakao"].search("을지면옥", NEAR)
    assert place == Found("을지면옥", AT, Category.KOREAN, "서울 종로구 삼일대로30길 12")
    assert fake.asked == [
        {"query": "을지면옥", "size": "15", "x": "126.98000", "y": "37.57000"},
    ]


@pytest.mark.parametrize(
    ("group", "name", "category"),
    [
        ("FD6", "음식점 > 중식 > 중국요리", Category.CHINESE),
        ("FD6", "음식점 > 간식 > 제과,베이커리", Category.DESSERT),
        ("FD6", "음식점 > 패스트푸드", Category.OTHER),
        ("CE7", "음식점 > 카페 > 커피전문점", Category.CAFE),
        ("CE7", "음식점 > 카페 > 디저트카페", Category.DESSERT),
        ("MT1", "가정,생활 > 대형마트", None),
        ("", "", None),
    ],
)
async def test_categories_of_kakao(fake, providers, group, name, category):
    row = {**fakes.KAKAO_DOCUMENT, "category_group_code": group, "category_name": name}
    fake.rows = [row]
    assert (await providers["kakao"].search("x", None))[0].category is category


async def test_kakao_without_a_street_address(fake, providers):
    fake.rows = [{**fakes.KAKAO_DOCUMENT, "road_address_name": ""}]
    assert (await providers["kakao"].search("x", None))[0].address == "서울 종로구 낙원동 50"


async def test_naver(fake, providers):
    (place,) = await providers["naver"].search("을지", NEAR)
    address = "서울특별시 종로구 삼일대로30길 12"
    assert place == Found("을지면옥 & 냉면", AT, Category.KOREAN, address)
    assert fake.asked == [{"query": "을지", "display": "5"}]


async def test_naver_in_the_old_grid(fake, providers):
    """The point of Seoul City Hall in test_tm128."""
    fake.rows = [{**fakes.NAVER_ITEM, "mapx": 309961, "mapy": 552081}]
    (place,) = await providers["naver"].search("시청", None)
    assert (place.at.lat, place.at.lng) == pytest.approx((37.5666, 126.9785), abs=2e-4)


async def test_photon(fake, providers):
    (place,) = await providers["photon"].search("을지다방", NEAR)
    address = "서울특별시 종로구 삼일대로30길 12"
    assert place == Found("을지다방", AT, Category.CAFE, address)
    assert fake.asked == [{"q": "을지다방", "limit": "15", "lat": "37.57000", "lon": "126.98000"}]


async def test_nominatim(fake, providers):
    (place,) = await providers["nominatim"].search("을지면옥", NEAR)
    address = "12, 삼일대로30길, 종로구, 서울특별시, 대한민국"
    assert place == Found("을지면옥", AT, Category.OTHER, address)
    assert fake.asked[0]["viewbox"] == "126.88000,37.47000,127.08000,37.67000"
    assert fake.headers["User-Agent"] == "wagu-book/0 (test)"


async def test_nominatim_is_asked_once_a_second(fake, providers, time):
    for _ in range(3):
        await providers["nominatim"].search("x", None)
    assert time.slept == [1.0, 2.0]  # its clock stands still, so each waits for its own turn
    time.now += 60
    await providers["nominatim"].search("x", None)
    assert len(time.slept) == 2


async def test_nominatim_has_a_short_queue(fake, providers, time):
    for _ in range(5):
        await providers["nominatim"].search("x", None)
    with pytest.raises(RateLimited) as caught:
        await providers["nominatim"].search("x", None)
    assert (caught.value.code, caught.value.retry_after) == ("places.busy", 5.0)
    assert len(fake.asked) == 5


def test_what_may_be_asked_at_each_letter():
    assert not Nominatim.as_you_type
    assert all(kind.as_you_type for kind in (Kakao, Naver, Photon))
    assert "OpenStreetMap" in Photon.attribution
    assert "OpenStreetMap" in Nominatim.attribution


# ----------------------------------------------------------------------------------- bad answers

FAILURES = {
    "a wrong key": (fakes.with_status(401), "misconfigured"),
    "forbidden": (fakes.with_status(403), "misconfigured"),
    "bad request": (fakes.with_status(400), "misconfigured"),
    "elsewhere": (fakes.with_status(302, Location="http://127.0.0.1:9/"), "misconfigured"),
    "theirs": (fakes.with_status(500), "unavailable"),
    "overloaded": (fakes.with_status(503), "unavailable"),
    "hangs up": (fakes.hangs_up, "unavailable"),
    "html": (fakes.with_body(b"<html>hello</html>", "text/html"), "broken"),
    "nothing": (fakes.with_body(b""), "broken"),
    "not UTF-8": (fakes.with_body(b'{"documents": "\xff"}'), "broken"),
    "another shape": (fakes.with_body(b'{"documents": {}, "items": 7, "features": "x"}'), "broken"),
    "a number": (fakes.with_body(b"7"), "broken"),
    "deep": (fakes.with_body(b"[" * 200_000), "broken"),
    "endless": (fakes.for_ever, "broken"),
}


@pytest.mark.parametrize("name", FAILURES)
async def test_each_failure_has_its_code(fake, provider, name):
    fake.answer, code = FAILURES[name]
    with structlog.testing.capture_logs() as logs, pytest.raises(WaguError) as caught:
        await provider.search("x", None)
    assert caught.value.code == f"places.{code}"
    assert fakes.KEY not in f"{caught.value}{logs}"
    # aiohttp asks again, once, where a kept-alive connection ends without a word.
    assert len(fake.asked) == (2 if name == "hangs up" else 1)


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), ("soon", 10), ("99999", 3600)])
async def test_too_often(fake, provider, header, seconds):
    fake.answer = fakes.with_status(429, **{"Retry-After": header})
    with pytest.raises(RateLimited) as caught:
        await provider.search("x", None)
    assert (caught.value.code, caught.value.retry_after) == ("places.busy", seconds)


async def test_too_slow(fake):
    fake.answer = fakes.hangs
    fetch = Fetch({}, timeout=0.2)
    with pytest.raises(WaguError, match=r"places\.timeout"):
        await fetch.json(f"{fake.url}/api", {})
    await fetch.close()


async def test_nobody_there(fake):
    photon = Photon("wagu-book", "http://127.0.0.1:9")
    with pytest.raises(WaguError, match=r"places\.unavailable"):
        await photon.search("x", None)
    await photon.close()


async def test_the_wrong_key_is_refused_by_the_fake(fake):
    for provider in (Kakao("other", fake.url), Naver("other", "other", fake.url)):
        with pytest.raises(WaguError, match=r"places\.misconfigured"):
            await provider.search("x", None)
        await provider.close()


@pytest.mark.parametrize(
    "change",
    [
        {"place_name": "\u200b"},
        {"place_name": None},
        {"x": "east"},
        {"y": "91"},
        {"x": "nan"},
        {"x": None},
        {"category_name": 7},
    ],
)
async def test_a_bad_row_is_left_out(fake, providers, change):
    fake.rows = [{**fakes.KAKAO_DOCUMENT, **change}, fakes.KAKAO_DOCUMENT, 7, None]
    assert [place.name for place in await providers["kakao"].search("x", None)] == ["을지면옥"]


async def test_what_is_too_long_is_cut(fake, providers):
    long = {"place_name": "가" * 500, "road_address_name": "나\u202e" * 500}
    fake.rows = [{**fakes.KAKAO_DOCUMENT, **long}]
    (place,) = await providers["kakao"].search("x", None)
    assert (len(place.name), place.address) == (60, "나" * 200)


@given(st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_category_is_one_or_none(theirs):
    assert by_korean_words(theirs) in {*Category, None}
