"""People: profiles, follows, blocks, lists, search; and what blocks and friendship do to posts."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.sql

MEAL = {
    "place": {"name": "시장 떡볶이", "at": [37.5, 127.0]},
    "category": "분식",
    "text": "매워요",
    "menus": [{"name": "떡볶이"}],
}


async def look(visitor: Any, username: str) -> tuple[int, Any]:
    status, answer = await visitor.get(f"/api/members/{username}")
    return status, answer.get("member")


async def follow(visitor: Any, username: str) -> Any:
    status, answer = await visitor.call("PUT", f"/api/members/{username}/follow")
    assert status == 200, answer
    return answer["member"]


async def block(visitor: Any, username: str) -> None:
    assert (await visitor.call("PUT", f"/api/members/{username}/block"))[0] == 204


async def write(visitor: Any, visibility: str) -> int:
    status, answer = await visitor.post("/api/posts", MEAL | {"visibility": visibility})
    assert status == 201, answer
    return int(answer["post"]["id"])


async def names(visitor: Any, path: str) -> list[str]:
    status, answer = await visitor.get(path)
    assert status == 200, answer
    return [one["username"] for one in answer["people"]]


async def two(site: Any) -> tuple[Any, Any]:
    return await site.member("jimin"), await site.member("haneul")


async def test_a_profile_tells_who_it_is_and_what_we_are(site):
    jimin, haneul = await two(site)
    await follow(jimin, "haneul")
    assert await look(haneul, "jimin") == (
        200,
        {
            "id": "m_1",
            "username": "jimin",
            "name": "jimin",
            "photo": None,
            "bond": {
                "oneself": False,
                "follows": False,
                "followed": True,
                "friends": False,
                "blocks": False,
            },
            "bio": "",
            "posts": 0,
            "followers": 0,
            "followings": 1,
        },
    )
    assert (await look(jimin, "jimin"))[1]["bond"]["oneself"]
    anonymous = (await look(site.visitor(), "jimin"))[1]
    assert not any(anonymous["bond"].values())
    assert (await look(jimin, "nobody"))[0] == 404


async def test_following_is_idempotent_and_mutual_makes_friends(site):
    jimin, haneul = await two(site)
    assert (await follow(jimin, "haneul"))["followers"] == 1
    assert (await follow(jimin, "haneul"))["followers"] == 1
    assert (await follow(haneul, "jimin"))["bond"]["friends"]
    for _ in range(2):
        status, answer = await jimin.delete("/api/members/haneul/follow")
        assert (status, answer["member"]["bond"]["friends"]) == (200, False)
    assert (await look(haneul, "jimin"))[1]["bond"]["follows"]


@pytest.mark.parametrize("what", ["follow", "block"])
async def test_nobody_follows_or_blocks_themselves(site, what):
    jimin = await site.member("jimin")
    status, answer = await jimin.call("PUT", f"/api/members/jimin/{what}")
    assert (status, answer["error"]["code"]) == (409, "member.oneself")
    status, answer = await jimin.call("PUT", f"/api/members/nobody/{what}")
    assert (status, answer["error"]["code"]) == (404, "member.unknown")


async def test_blocking_cuts_follows_both_ways_and_hides_the_blocker(site):
    jimin, haneul = await two(site)
    await follow(jimin, "haneul")
    await follow(haneul, "jimin")
    await block(jimin, "haneul")
    await block(jimin, "haneul")
    assert (await look(haneul, "jimin"))[0] == 404
    for method, path in [
        ("PUT", "/api/members/jimin/follow"),
        ("DELETE", "/api/members/jimin/follow"),
        ("PUT", "/api/members/jimin/block"),
        ("GET", "/api/members/jimin/posts"),
        ("GET", "/api/members/jimin/followers"),
        ("GET", "/api/members/jimin/followings"),
    ]:
        assert (await haneul.call(method, path))[0] == 404, path
    status, profile = await look(jimin, "haneul")
    assert status == 200
    assert profile["bond"]["blocks"]
    assert not profile["bond"]["follows"]
    assert profile["followers"] == profile["followings"] == 0
    status, answer = await jimin.call("PUT", "/api/members/haneul/follow")
    assert (status, answer["error"]["code"]) == (409, "follow.blocked")
    assert await names(jimin, "/api/me/blocks") == ["haneul"]
    assert await names(jimin, "/api/members?q=haneul") == []
    assert await names(haneul, "/api/members?q=jimin") == []


async def test_unblocking_lets_them_find_each_other_as_strangers(site):
    jimin, haneul = await two(site)
    await follow(haneul, "jimin")
    await block(jimin, "haneul")
    for _ in range(2):
        assert (await jimin.delete("/api/members/haneul/block"))[0] == 204
    status, profile = await look(haneul, "jimin")
    assert (status, profile["bond"]["follows"]) == (200, False)
    assert await names(jimin, "/api/me/blocks") == []


async def test_who_blocked_each_other_can_both_take_it_back(site):
    jimin, haneul = await two(site)
    await block(jimin, "haneul")
    assert (await haneul.delete("/api/members/jimin/block"))[0] == 404
    assert (await jimin.delete("/api/members/haneul/block"))[0] == 204


async def test_lists_of_followers_come_in_pages(site):
    jimin = await site.member("jimin")
    for number in range(5):
        site.clock.now += 1 if number % 2 else 0  # some at the same time
        await follow(await site.member(f"fan{number}"), "jimin")
    seen: list[str] = []
    path = "/api/members/jimin/followers?limit=2"
    status, page = await jimin.get(path)
    while True:
        assert status == 200
        seen += [one["username"] for one in page["people"]]
        if page["next"] is None:
            break
        status, page = await jimin.get(path, params={"limit": 2, "after": page["next"]})
    assert seen == ["fan4", "fan3", "fan2", "fan1", "fan0"]
    assert await names(jimin, "/api/members/fan0/followings") == ["jimin"]
    assert (await jimin.get("/api/members/jimin/followers?after=x"))[0] == 422


async def test_a_list_hides_whom_the_reader_blocked_or_was_blocked_by(site):
    jimin, haneul = await two(site)
    star = await site.member("star")
    await follow(jimin, "star")
    await follow(haneul, "star")
    await block(jimin, "haneul")
    for reader, seen in ((jimin, ["jimin"]), (haneul, ["haneul"]), (star, ["haneul", "jimin"])):
        assert sorted(await names(reader, "/api/members/star/followers")) == seen


@pytest.mark.parametrize(
    "asked", ["jimin", "JIM", "김지민", "지민", "ㄱㅈㅁ", "ㅈㅁ", "김지", "지민 김", "ㅁ"]
)
async def test_people_are_found_as_one_types(site, asked):
    await site.visitor().sign_up("jimin", name="김지민")
    await site.visitor().sign_up("haneul", name="박하늘")
    reader = await site.member("reader")
    found = await names(reader, f"/api/members?q={asked}")
    assert found == ["jimin"]


async def test_half_a_syllable_is_on_the_way_to_it(site):
    await site.visitor().sign_up("jimin", name="김지민")
    reader = await site.member("reader")
    assert await names(reader, "/api/members?q=김짐") == ["jimin"]
    assert await names(reader, "/api/members?q=김진") == []


async def test_who_begins_with_it_is_found_first_in_pages(site):
    reader = await site.member("reader")
    for username, name in [("one", "김하늘"), ("two", "하늘이"), ("sky", "하늘")]:
        await site.visitor().sign_up(username, name=name)
    assert await names(reader, "/api/members?q=하늘") == ["two", "sky", "one"]
    _, first = await reader.get("/api/members?q=하늘&limit=2")
    assert first["next"] == 2
    assert await names(reader, "/api/members?q=하늘&limit=2&after=2") == ["one"]
    assert await names(reader, "/api/members?q=%25") == []


async def test_no_profile_hides_behind_a_route(site):
    body = {"username": "available", "password": "correct horse", "name": "x"}
    status, answer = await site.visitor().post("/api/members", body)
    assert (status, answer["error"]["code"]) == (422, "member.bad_username")


# ----------------------------------------------------------------- what it does to posts and feeds


async def sees(visitor: Any, post: int) -> bool:
    """Everywhere or nowhere: the post itself, the feed, the author's page, the place's page."""
    status, answer = await visitor.get(f"/api/posts/{post}")
    _, feed = await visitor.get("/api/feed?scope=everyone")
    _, theirs = await visitor.get("/api/members/author/posts")
    there = [status == 200, any(card["id"] == post for card in feed["posts"])]
    if "posts" in theirs:
        there.append(any(card["id"] == post for card in theirs["posts"]))
    assert len(set(there)) == 1, (there, answer)
    return there[0]


async def test_friends_alone_see_what_is_for_friends(site):
    author, friend, fan, idol = [
        await site.member(name) for name in ("author", "friend", "fan", "idol")
    ]
    await follow(author, "friend")
    await follow(friend, "author")
    await follow(fan, "author")
    await follow(author, "idol")
    post = await write(author, "friends")
    assert [await sees(one, post) for one in (author, friend, fan, idol, site.visitor())] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert [(await look(one, "author"))[1]["posts"] for one in (friend, fan)] == [1, 0]
    await friend.delete("/api/members/author/follow")
    assert not await sees(friend, post)


@pytest.mark.parametrize("who_blocks", ["author", "reader"])
async def test_a_block_hides_posts_from_both(site, who_blocks):
    author, reader = await site.member("author"), await site.member("reader")
    post, own = await write(author, "public"), await write(reader, "public")
    await follow(reader, "author")
    assert await sees(reader, post)
    blocker, other = (author, "reader") if who_blocks == "author" else (reader, "author")
    await block(blocker, other)
    assert not await sees(reader, post)
    assert not await sees(author, own) if who_blocks == "author" else True
    assert (await author.get(f"/api/posts/{own}"))[0] == 404
    _, following = await reader.get("/api/feed?scope=following")
    assert following["posts"] == []
    place = (await author.get(f"/api/posts/{post}"))[1]["post"]["place"]["id"]
    _, page = await reader.get(f"/api/places/{place}/posts")
    assert [card["id"] for card in page["posts"]] == [own]
    assert await sees(site.visitor(), post), "a public post stays public"
