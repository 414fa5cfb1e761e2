"""Lists of posts: who gets what, in which order, page by page, in how many queries."""

from __future__ import annotations

import asyncio

import pytest

from wagu.db.feed import Feed, Scope
from wagu.db.keyset import Mark
from wagu.domain.menu import NewMenu, menus_of
from wagu.domain.place import NewPlace, Point
from wagu.domain.post import EXCERPT, Category
from wagu.domain.visibility import Visibility
from wagu.errors import Invalid

pytestmark = pytest.mark.sql


@pytest.fixture
def feed(db) -> Feed:
    return Feed(db)


async def page(feed, viewer, scope=Scope.EVERYONE, category=None, after=None, limit=20):
    return await feed.page(scope=scope, viewer=viewer, category=category, after=after, limit=limit)


async def ids(feed, viewer, **rest) -> list[int]:
    return [card.id for card in (await page(feed, viewer, **rest)).cards]


async def all_pages(feed, viewer, limit, **rest) -> list[int]:
    found, after = [], None
    while True:
        one = await page(feed, viewer, limit=limit, after=after, **rest)
        found += [card.id for card in one.cards]
        after = one.next
        if after is None:
            return found


async def test_scopes(feed, scene):
    me, friend, idol, stranger = [await scene.member(name * 3) for name in "abcd"]
    await scene.befriend(me, friend)
    await scene.follow(me, idol)
    mine = await scene.post(me, now=1.0, visibility=Visibility.PRIVATE)
    friends = await scene.post(friend, now=2.0, visibility=Visibility.FRIENDS)
    idols = await scene.post(idol, now=3.0)
    await scene.post(idol, now=4.0, visibility=Visibility.FRIENDS)
    strangers = await scene.post(stranger, now=5.0)
    assert await ids(feed, me) == [strangers, idols, friends, mine]
    assert await ids(feed, me, scope=Scope.FOLLOWING) == [idols, friends]
    assert await ids(feed, me, scope=Scope.MINE) == [mine]
    assert await ids(feed, None) == [strangers, idols]
    assert await ids(feed, None, scope=Scope.MINE) == []
    assert await ids(feed, None, scope=Scope.FOLLOWING) == []
    assert [
        card.id for card in (await feed.by(friend, viewer=None, after=None, limit=9)).cards
    ] == []
    by_friend = await feed.by(friend, viewer=me, after=None, limit=9)
    assert [card.id for card in by_friend.cards] == [friends]


async def test_a_card(feed, scene):
    me = await scene.member("jimin")
    first, second = await scene.photo(me), await scene.photo(me)
    eaten = menus_of(
        [NewMenu("튀김", 3_000, "", first, False), NewMenu("떡볶이", 5_000, "", second, True)]
    )
    made = await scene.post(me, text="가" * 500, rating=4, menus=eaten, category=Category.SNACK)
    (card,) = (await page(feed, me)).cards
    assert (card.id, card.author.username, card.place.name) == (made, "jimin", "신당동 떡볶이")
    assert card.excerpt == "가" * EXCERPT
    assert (card.menu, card.price, card.rating) == ("떡볶이", 5_000, 4)
    assert [picture.id for picture in card.pictures] == [second, first], "the main menu's first"


async def test_by_category(feed, scene):
    me = await scene.member("jimin")
    snack = await scene.post(me, category=Category.SNACK)
    await scene.post(me, category=Category.CAFE)
    assert await ids(feed, me, category=Category.SNACK) == [snack]
    assert await ids(feed, me, category=Category.WESTERN) == []


async def test_pages_follow_each_other_also_at_one_moment(feed, scene):
    me = await scene.member("jimin")
    moments = [3.25, 1.0, 2.0, 2.0, 2.0, 5.000001, 5.0]
    made = [(now, await scene.post(me, now=now)) for now in moments]
    newest = [found for _, found in sorted(made, reverse=True)]
    for limit in (1, 2, 3, 7, 20):
        assert await all_pages(feed, me, limit) == newest
        assert await all_pages(feed, me, limit, scope=Scope.MINE) == newest


async def test_what_is_written_meanwhile_neither_repeats_nor_hides(feed, scene):
    """Pages are read while posts are written and deleted: each old one is seen exactly once."""
    me = await scene.member("jimin")
    old = [await scene.post(me, now=float(number)) for number in range(12)]
    seen: list[int] = []

    async def read() -> None:
        after = None
        while True:
            one = await page(feed, me, limit=2, after=after)
            seen.extend(card.id for card in one.cards)
            after = one.next
            if after is None:
                return

    async def write() -> None:
        for number in range(12):
            await scene.post(me, now=100.0 + number)

    await asyncio.gather(read(), write())
    assert [found for found in seen if found in old] == list(reversed(old))
    assert len(set(seen)) == len(seen)


async def test_at_a_place(feed, scene):
    me, other = await scene.member("jimin"), await scene.member("other")
    here = await scene.place()
    elsewhere = NewPlace("면옥", Point(1.0, 2.0))
    first = await scene.post(me, here, now=1.0, rating=5)
    second = await scene.post(other, here, now=2.0, rating=2)
    await scene.post(me, here, now=3.0, visibility=Visibility.PRIVATE, rating=1)
    await scene.post(me, elsewhere, now=4.0)
    at = await feed.at(here, viewer=other, after=None, limit=9)
    assert [card.id for card in at.cards] == [second, first]
    assert (await feed.at(here, viewer=other, after=at_end(at), limit=9)).cards == []
    for viewer, count, mean in ((None, 2, 3.5), (me, 3, 2.67)):
        summary = await feed.summary(here, viewer)
        assert (summary.count, summary.rating) == (count, mean)


async def test_a_place_nobody_rated(feed, scene):
    me = await scene.member("jimin")
    here = await scene.place()
    empty = await feed.summary(here, me)
    assert (empty.count, empty.rating) == (0, None)
    await scene.post(me, here)
    assert (await feed.summary(here, me)).rating is None


async def test_pictures_of_a_place(feed, scene):
    me = await scene.member("jimin")
    here = await scene.place()
    photos = [await scene.photo(me) for _ in range(4)]

    def eaten(*shown):
        menus = [NewMenu(f"menu {at}", None, "", one, at == 1) for at, one in enumerate(shown)]
        return {"menus": menus_of(menus)}

    old = await scene.post(me, here, now=1.0, **eaten(photos[0], photos[1]))
    await scene.post(me, here, now=2.0, visibility=Visibility.PRIVATE, **eaten(photos[2]))
    new = await scene.post(me, here, now=3.0, **eaten(None, photos[3]))
    shots = await feed.shots(here, None, limit=9)
    assert [(shot.picture.id, shot.post) for shot in shots] == [
        (photos[3], new),
        (photos[1], old),
        (photos[0], old),
    ]
    assert len(await feed.shots(here, None, limit=2)) == 2


@pytest.mark.parametrize("scope", Scope)
async def test_a_page_is_two_queries_however_long(feed, scene, queries, scope):
    me, friend = await scene.member("jimin"), await scene.member("friend")
    await scene.befriend(me, friend)
    for number in range(8):
        author = me if number % 2 else friend
        await scene.post(author, NewPlace(f"place {number}", Point(number, number)))
    for limit in (1, 8):
        with queries() as sent:
            found = await ids(feed, me, scope=scope, limit=limit)
        assert len(found) == min(limit, 8 if scope is Scope.EVERYONE else 4)
        assert len(sent) == 2


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "1", "1-", "-1", "1.5", "1e9-1", "nan-1", "inf-1", "1-1-1", "１-1", "1.5-1\n"),
        *("9" * 13 + "-1", "1-" + "9" * 17),
    ],
)
async def test_a_mark_that_no_answer_ever_said(text):
    with pytest.raises(Invalid) as refused:
        Mark.read(text)
    assert refused.value.field == "after"


async def test_a_mark_survives_its_trip():
    for mark in (Mark(1_795_000_000.1234567, 12), Mark(0.0, 0), Mark(1.0, 2**53)):
        assert Mark.read(str(mark)) == mark


def at_end(page) -> Mark:
    last = page.cards[-1]
    return Mark(last.created_at, last.id)
