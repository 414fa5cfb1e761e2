"""Finding in a browser: the feed, a place, search and the explore map, on phones and desktops."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.async_api import expect

from tests.browser.pages.finding import Explore, Home, Search, eat, eat_with_photo
from tests.browser.pages.live import Studio, Watch
from tests.browser.pages.parties import Arrive
from tests.browser.pages.people import join
from tests.browser.pages.pictures import take
from tests.browser.pages.visitor import DESKTOP, PHONE, Visitor
from tests.browser.pages.words import ko
from tests.clients.waiting import eventually
from tests.fakes.places import KEY, fake_places

pytestmark = [pytest.mark.browser, pytest.mark.pages]

SKY, SEA = ("kim.sky", "하늘"), ("bada", "바다")
CENTER = (37.5660, 126.9905)
TITLE = "을지로 노포에서 냉면"
A_PAGE = 20


@pytest.fixture
def here(server: Callable[..., Any]) -> Any:
    settings = {"WAGU_MAP_CENTER": f"{CENTER[0]},{CENTER[1]}", "WAGU_MAP_ZOOM": "15"}
    return server(WAGU_RATE_LIMITS="off", **settings)


@pytest.fixture
async def pair(here: Any, arrive: Arrive) -> tuple[Visitor, Visitor]:
    """하늘 on a phone, 바다 on a desktop, both members."""
    sky, sea = await arrive(here, SKY[1], PHONE), await arrive(here, SEA[1], DESKTOP)
    await asyncio.gather(join(sky, SKY[0]), join(sea, SEA[0]))
    return sky, sea


async def test_the_feed_goes_on_and_back_finds_it_again(
    pair: tuple[Visitor, Visitor], here: Any, arrive: Arrive, test_results: Path
) -> None:
    sky, sea = pair
    place = int((await sea.add_place("을지면옥", *CENTER, "한식"))["id"])
    for number in range(A_PAGE + 5):
        await eat(sea, place, f"냉면 {number}", "한식")
    await eat_with_photo(sea, place, "팥빙수", "디저트")

    home = Home(sky)
    await home.open()
    await expect(home.cards).to_have_count(A_PAGE)
    await take(sky, test_results, "home-phone")
    await home.cards.last.scroll_into_view_if_needed()
    await expect(home.cards).to_have_count(A_PAGE + 6)
    oldest = home.card("냉면 0")
    await oldest.scroll_into_view_if_needed()
    await oldest.get_by_role("link", name="을지면옥").click()
    await expect(sky.page).to_have_url(re.compile(r"/posts/\d+$"))
    await expect(sky.page.get_by_text("냉면 0, 또 먹고 싶다.")).to_be_visible()
    await sky.page.go_back()
    await expect(home.cards).to_have_count(A_PAGE + 6)
    await expect(oldest).to_be_in_viewport()

    await home.show(ko("map.category_dessert"))
    await expect(home.cards).to_have_count(1)
    await expect(home.card("팥빙수").locator("img").first).to_be_visible()
    await home.show(ko("finding.all"))
    await home.show(ko("feed.following"))
    await expect(home.cards).to_have_count(0)
    await take(sky, test_results, "home-following-none-phone")
    await sky.page.get_by_role("link", name=ko("feed.find_people")).click()
    await expect(sky.page).to_have_url(re.compile(r"/search\?tab=people$"))
    await sky.api("PUT", f"/api/members/{SEA[0]}/follow", {})
    await sky.page.go_back()
    await expect(home.card("팥빙수")).to_be_visible()

    stranger = await arrive(here, "손님", DESKTOP)
    at_home = Home(stranger)
    await at_home.open()
    await expect(at_home.card("팥빙수")).to_be_visible()
    await expect(stranger.page.get_by_role("link", name=ko("home.start_map"))).to_be_visible()
    await take(stranger, test_results, "home-stranger-desktop")
    await at_home.cards.last.scroll_into_view_if_needed()
    await expect(at_home.cards).to_have_count(A_PAGE + 6)


async def test_a_page_that_fails_can_be_asked_for_again(pair: tuple[Visitor, Visitor]) -> None:
    sky, _ = pair
    sky.troubles.expect("ERR_FAILED")
    place = int((await sky.add_place("을지면옥", *CENTER, "한식"))["id"])
    for number in range(A_PAGE + 1):
        await eat(sky, place, f"냉면 {number}")
    await sky.context.route("**/api/feed*after=*", lambda route: route.abort())
    home = Home(sky)
    await home.open()
    await home.cards.last.scroll_into_view_if_needed()
    pager = sky.page.get_by_test_id("pager")
    await expect(pager).to_contain_text(ko("error.network"))
    await sky.context.unroute("**/api/feed*after=*")
    await pager.get_by_role("button", name=ko("retry")).click()
    await expect(home.cards).to_have_count(A_PAGE + 1)


async def test_a_live_shows_up_at_home_at_its_place_and_on_the_map(
    pair: tuple[Visitor, Visitor], test_results: Path
) -> None:
    sky, sea = pair
    place = await sea.add_place("을지면옥", *CENTER, "한식")
    await sky.api("PUT", f"/api/members/{SEA[0]}/follow", {})
    for menu in ("물냉면", "비빔냉면", "수육"):
        await eat_with_photo(sea, place["id"], menu)
    studio = Studio(sea)
    await studio.prepare(TITLE, "을지면옥")
    path = await studio.go_live()
    watch = ko("live.open", host=SEA[1], title=TITLE)

    home = Home(sky)
    await home.open()
    await expect(home.friends_on_air.get_by_role("link", name=watch)).to_be_visible()
    await take(sky, test_results, "home-friend-live-phone")

    await sky.open(f"/places/{place['id']}")
    now = sky.page.get_by_role("region", name=ko("place.live_now"))
    await expect(now.get_by_role("link", name=watch)).to_be_visible()
    await take(sky, test_results, "place-live-phone")

    explore = Explore(sky)
    await explore.open()
    await sky.page.get_by_test_id("pin-live").click()
    await expect(explore.card.get_by_role("link", name=watch)).to_be_visible()
    await take(sky, test_results, "explore-live-phone")
    await explore.card.get_by_role("link", name=ko("explore.watch")).click()
    fan = Watch(sky)
    await fan.sees_picture()

    await sea.api("DELETE", f"/api{path.replace('live', 'lives', 1)}")
    await fan.is_told_it_ended()
    await studio.is_told_it_ended(mine=True)
    over = sky.page.get_by_test_id("live-ended")
    await expect(over.get_by_role("heading", name=TITLE)).to_be_visible()
    await sky.open(path)  # as whoever finds the link later
    await expect(over).to_contain_text(ko("live.peak", n=1))
    await take(sky, test_results, "live-past-phone")
    await over.get_by_role("link", name="을지면옥").click()
    past = sky.page.get_by_role("link", name=ko("live.look_back", host=SEA[1], title=TITLE))
    await expect(past).to_be_visible()
    await expect(now).to_have_count(0)


async def test_a_place_has_everything_of_it(
    pair: tuple[Visitor, Visitor], test_results: Path
) -> None:
    sky, sea = pair
    place = int((await sea.add_place("을지면옥", *CENTER, "한식"))["id"])
    first = await eat_with_photo(sea, place, "물냉면")
    await eat_with_photo(sea, place, "비빔냉면")
    await eat(sea, place, "수육")
    page = sea.page
    await sea.open(f"/places/{place}")
    await expect(page.get_by_role("heading", name="을지면옥", level=1)).to_be_visible()
    await expect(page.get_by_text(ko("place.count", n=3))).to_be_visible()
    await expect(Home(sea).cards).to_have_count(3)
    record = page.get_by_role("link", name=ko("place.record"))
    await expect(record).to_have_attribute("href", f"/posts/new?place={place}")
    await take(sea, test_results, "place-desktop")
    await page.get_by_role("button", name=ko("place.share")).click()
    await eventually(lambda: copied(sea, f"/places/{place}"), "the link on the clipboard")
    await page.get_by_test_id("photo-strip").get_by_role("link").last.click()
    await expect(page).to_have_url(f"{sea.url}/posts/{first}")
    await page.go_back()
    await page.get_by_role("link", name=ko("place.on_map")).click()
    explore = Explore(sea)
    await expect(explore.card.get_by_role("heading", name="을지면옥")).to_be_visible()

    sky.troubles.expect(r"404 GET \S*/api/places/4711", r"status of 404")
    await sky.open("/places/4711")
    await expect(sky.page.get_by_test_id("place-unknown")).to_be_visible()


async def copied(visitor: Visitor, path: str) -> bool:
    return await visitor.clipboard() == visitor.url + path


async def test_search_finds_places_records_and_people(
    pair: tuple[Visitor, Visitor], test_results: Path
) -> None:
    sky, _ = pair
    place = int((await sky.add_place("신당 떡볶이", *CENTER, "분식"))["id"])
    await sky.add_place("을지면옥", *CENTER, "한식")
    await eat_with_photo(sky, place, "즉석떡볶이", "분식")
    search = Search(sky)
    await sky.open("/")
    await search.open()
    for typed in ("ㄸㅂㅇ", "떡뽁이", "신당"):
        await search.field.fill(typed)
        await expect(sky.page).to_have_url(re.compile(rf"/search\?q={quote(typed)}"))
        await expect(search.row("신당 떡볶이")).to_be_visible()
        await expect(search.row("을지면옥")).to_have_count(0)
    await take(sky, test_results, "search-phone")
    await search.row("신당 떡볶이").click()
    await expect(sky.page.get_by_role("heading", name="신당 떡볶이", level=1)).to_be_visible()
    await sky.page.go_back()
    await expect(search.field).to_have_value("신당")
    await expect(search.row("신당 떡볶이")).to_be_visible()

    await search.field.fill("떡볶이")
    await search.show("records")
    await expect(Home(sky).card("즉석떡볶이")).to_be_visible()
    await search.show("people")
    await search.field.fill(SEA[1])
    await expect(search.row(SEA[1])).to_be_visible()
    follow = ko("people.follow_who", name=SEA[1])
    await sky.page.get_by_role("button", name=follow).click()
    await expect(sky.page.get_by_role("button", name=follow)).to_have_count(0)
    await search.field.fill("없는사람이에요")
    await expect(sky.page.get_by_test_id("search-none")).to_be_visible()

    await sky.page.get_by_role("button", name=ko("search.clear")).click()
    recent = sky.page.get_by_role("link", name="신당", exact=True)
    await expect(recent).to_be_visible()
    await take(sky, test_results, "search-recent-phone")
    await sky.page.get_by_role("button", name=ko("search.recent_remove", q="신당")).click()
    await expect(recent).to_have_count(0)


async def test_an_answer_that_was_overtaken_is_not_shown(pair: tuple[Visitor, Visitor]) -> None:
    _, sea = pair
    await sea.add_place("느린 국수", *CENTER, "한식")
    await sea.add_place("빠른 김밥", *CENTER, "분식")
    late = asyncio.Event()

    async def hold(route: Any) -> None:
        await late.wait()
        await route.continue_()

    await sea.context.route(re.compile(r"/api/search\?.*q=%EA%B5%AD"), hold)
    search = Search(sea)
    await sea.open("/search")
    async with sea.page.expect_request(re.compile(r"/api/search\?.*q=%EA%B5%AD")) as asked:
        await search.field.fill("국수")
    await search.field.fill("김밥")
    await expect(search.row("빠른 김밥")).to_be_visible()
    late.set()
    await (await asked.value).response()
    await expect(search.row("빠른 김밥")).to_be_visible()
    await expect(search.row("느린 국수")).to_have_count(0)


async def test_a_place_from_outside_becomes_one_of_ours(
    server: Callable[..., Any], arrive: Arrive, test_results: Path
) -> None:
    async with fake_places() as outside:
        asked = {"WAGU_PLACES_PROVIDER": "kakao", "WAGU_PLACES_URL": outside.url}
        one = server(WAGU_RATE_LIMITS="off", WAGU_PLACES_KEY=KEY, **asked)
        sky = await arrive(one, SKY[1], DESKTOP)
        await join(sky, SKY[0])
        search = Search(sky)
        await sky.open("/search?q=을지면옥")
        await expect(sky.page.get_by_test_id("search-none")).to_be_visible()
        take_it = sky.page.get_by_role("button", name=ko("outside.take_who", name="을지면옥"))
        await expect(take_it).to_be_visible()
        await take(sky, test_results, "search-outside-desktop")
        await take_it.click()
        await expect(sky.page.get_by_role("heading", name="을지면옥", level=1)).to_be_visible()
        await sky.page.go_back()
        await expect(search.row("을지면옥")).to_be_visible()


async def test_the_map_comes_apart_filters_and_remembers(
    pair: tuple[Visitor, Visitor], test_results: Path
) -> None:
    _, sea = pair
    lat, lng = CENTER
    for number in range(6):
        at = (lat + 0.0002 * (number // 3), lng + 0.0002 * (number % 3))
        await sea.add_place(f"골목 {number}호", *at, "한식")
    cafe = await sea.add_place("골목 커피", lat - 0.004, lng - 0.005, "카페")
    await eat_with_photo(sea, cafe["id"], "드립 커피", "카페")
    explore = Explore(sea)
    await explore.open()
    await expect(explore.pin("골목 커피")).to_be_visible()
    await expect(explore.heaps.first).to_be_visible()
    await expect(explore.pin("골목 0호")).to_have_count(0)
    await take(sea, test_results, "explore-desktop")
    await explore.heaps.first.click()
    await expect(explore.pin("골목 0호")).to_be_visible()
    await expect(explore.heaps).to_have_count(0)

    await explore.field.fill("골목 커")
    await sea.page.get_by_role("option", name=re.compile("골목 커피")).click()
    await expect(explore.card.get_by_role("heading", name="골목 커피")).to_be_visible()
    await expect(explore.card.get_by_test_id("photo-strip")).to_be_visible()
    await take(sea, test_results, "explore-place-desktop")
    await explore.card.get_by_role("link", name=ko("explore.open")).click()
    await expect(sea.page.get_by_role("heading", name="골목 커피", level=1)).to_be_visible()
    await sea.page.go_back()
    await expect(explore.card.get_by_role("heading", name="골목 커피")).to_be_visible()
    await explore.card.press("Escape")
    await expect(explore.card).to_have_count(0)

    await explore.open(f"?at={lat - 0.004},{lng - 0.005},16")
    kinds = sea.page.get_by_role("navigation", name=ko("map.category"))
    await kinds.get_by_role("link", name=ko("map.category_korean"), exact=True).click()
    await expect(explore.pin("골목 커피")).to_have_count(0)
    await kinds.get_by_role("link", name=ko("map.category_cafe"), exact=True).click()
    await expect(explore.pin("골목 커피")).to_be_visible()
