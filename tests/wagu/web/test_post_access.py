"""Who may see what of somebody's posts: every person × every visibility × every way to look, and
who may change or delete. Routes are in `test_access.py`, the rule in `wagu.domain.visibility`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import update

from wagu.app import DB
from wagu.db.schema import member

pytestmark = pytest.mark.sql

PRIVATE, FRIENDS, PUBLIC = VISIBILITIES = ("private", "friends", "public")
SEES = {
    "anonymous": {PUBLIC},
    "guest": {PUBLIC},
    "stranger": {PUBLIC},
    "follower": {PUBLIC},
    "followed": {PUBLIC},
    "friend": {FRIENDS, PUBLIC},
    "blocked": set(),
    "blocker": set(),
    "admin": {PUBLIC},
    "owner": {PRIVATE, FRIENDS, PUBLIC},
}
RENDITIONS = [(side, format_) for side in (256, 512, 1024, 2048) for format_ in ("webp", "jpg")]


@dataclass
class Scene:
    people: dict[str, Any]
    posts: dict[str, int]
    photos: dict[str, str]


@pytest.fixture
async def scene(site) -> Scene:
    """The owner's three posts at one place, a photo in each, and everybody who looks at them."""
    members = ("owner", "stranger", "follower", "followed", "friend", "blocked", "blocker")
    people = {name: await site.known(name) for name in members}
    people["admin"] = await site.known("admin", admin=True)
    people |= {"guest": await site.guest(), "anonymous": site.visitor()}
    for one, verb, other in (
        ("follower", "follow", "owner"),
        ("owner", "follow", "followed"),
        ("friend", "follow", "owner"),
        ("owner", "follow", "friend"),
        ("owner", "block", "blocked"),
        ("blocker", "block", "owner"),
    ):
        status, answer = await people[one].call("PUT", f"/api/members/{other}/{verb}")
        assert status in (200, 204), answer
    photos = {}
    posts = {}
    for seed, visibility in enumerate(VISIBILITIES):
        photos[visibility] = await site.photo(people["owner"].member_id, seed)
        body = {
            "place": {"name": "면옥", "at": [37.5, 127.0]},
            "category": "한식",
            "visibility": visibility,
            "menus": [{"name": "냉면", "photo_id": photos[visibility]}],
        }
        status, answer = await people["owner"].post("/api/posts", body)
        assert status == 201, answer
        posts[visibility] = answer["post"]["id"]
    return Scene(people, posts, photos)


def which(scene: Scene, ids: list[int]) -> set[str]:
    return {name for name, number in scene.posts.items() if number in ids}


def listed(answer: dict[str, Any]) -> list[int]:
    return [card["id"] for card in answer["posts"]]


async def test_a_post_by_its_address(scene):
    for who, person in scene.people.items():
        for visibility, number in scene.posts.items():
            status, answer = await person.get(f"/api/posts/{number}")
            seen = visibility in SEES[who]
            assert status == (200 if seen else 404), (who, visibility)
            if not seen:
                assert answer["error"]["code"] == "post.unknown"
            else:
                assert answer["post"]["mine"] is (who == "owner")


async def test_its_photo_in_every_rendition(scene):
    for who, person in scene.people.items():
        for visibility, photo in scene.photos.items():
            seen = visibility in SEES[who]
            for side, format_ in RENDITIONS:
                answer = await person.raw("GET", f"/photos/{photo}/{side}.{format_}")
                assert answer.status == (200 if seen else 404), (who, visibility, side, format_)
                caching = answer.headers["Cache-Control"]
                if not seen:
                    assert caching == "no-store"
                    assert (await answer.json())["error"]["code"] == "photo.unknown"
                    continue
                assert caching.startswith("public" if visibility == PUBLIC else "private")
                assert ("Vary" in answer.headers) is (visibility != PUBLIC)


async def test_lists(scene):
    lists = (
        "/api/feed",
        "/api/feed?category=한식",
        "/api/places/1",
        "/api/places/1/posts",
        "/api/members/owner/posts",
    )
    for who, person in scene.people.items():
        for path in lists:
            status, answer = await person.get(path)
            if "members" in path and who == "blocked":
                assert status == 404, (who, path)
                continue
            assert status == 200, (who, path)
            assert which(scene, listed(answer)) == SEES[who], (who, path)


async def test_lists_of_ones_own(scene):
    for who, person in scene.people.items():
        if who in ("anonymous", "guest"):
            continue
        _, mine = await person.get("/api/feed?scope=mine")
        assert which(scene, listed(mine)) == (SEES["owner"] if who == "owner" else set()), who
        _, records = await person.get("/api/search?q=냉면&kind=records")
        found = which(scene, [card["id"] for card in records["records"]])
        assert found == (SEES["owner"] if who == "owner" else set()), who
        _, following = await person.get("/api/feed?scope=following")
        expected = SEES[who] if who in ("follower", "friend") else set()
        assert which(scene, listed(following)) == expected, who


async def test_the_page_of_the_place(scene):
    for who, person in scene.people.items():
        _, page = await person.get("/api/places/1")
        assert page["count"] == len(SEES[who]), who
        shown = {shot["photo"]["id"] for shot in page["photos"]}
        assert shown == {scene.photos[visibility] for visibility in SEES[who]}, who
        assert which(scene, [shot["post_id"] for shot in page["photos"]]) == SEES[who]


async def test_nobody_else_changes_it(scene):
    for who, person in scene.people.items():
        if who == "owner":
            continue
        for visibility, number in scene.posts.items():
            status, _ = await person.patch(f"/api/posts/{number}", {"text": "mine now"})
            if who in ("anonymous", "guest"):
                assert status == (401 if who == "anonymous" else 403)
            else:
                assert status == (403 if visibility in SEES[who] else 404), (who, visibility)
            status, _ = await person.delete(f"/api/photos/{scene.photos[visibility]}")
            assert status in (401, 403, 404), (who, visibility)
    owner = scene.people["owner"]
    for number in scene.posts.values():
        assert (await owner.get(f"/api/posts/{number}"))[1]["post"]["text"] == ""


async def test_its_owner_and_an_admin_delete_it(scene):
    for who, person in scene.people.items():
        if who in ("owner", "admin"):
            continue
        for visibility, number in scene.posts.items():
            status, _ = await person.delete(f"/api/posts/{number}")
            if who in ("anonymous", "guest"):
                assert status == (401 if who == "anonymous" else 403)
            else:
                assert status == (403 if visibility in SEES[who] else 404), (who, visibility)
    admin, owner = scene.people["admin"], scene.people["owner"]
    # Somebody who sees it complained: an admin deletes what they may not read.
    assert (await admin.delete(f"/api/posts/{scene.posts[FRIENDS]}"))[0] == 204
    assert (await owner.get(f"/api/posts/{scene.posts[FRIENDS]}"))[0] == 404
    for visibility in (PRIVATE, PUBLIC):
        assert (await owner.delete(f"/api/posts/{scene.posts[visibility]}"))[0] == 204
    assert (await admin.delete(f"/api/posts/{scene.posts[PUBLIC]}"))[0] == 404
    for who, person in scene.people.items():
        for photo in scene.photos.values():
            assert (await person.raw("GET", f"/photos/{photo}/256.webp")).status == 404, who


async def test_nobody_takes_anothers_photo(scene):
    for who in ("stranger", "friend", "admin"):
        for photo in scene.photos.values():
            body = {
                "place_id": 1,
                "category": "기타",
                "visibility": "public",
                "menus": [{"name": "x", "photo_id": photo}],
            }
            status, answer = await scene.people[who].post("/api/posts", body)
            assert (status, answer["error"]["code"]) == (422, "photo.unknown"), who


async def test_a_change_of_visibility_counts_at_once(scene):
    owner, anonymous = scene.people["owner"], scene.people["anonymous"]
    number, photo = scene.posts[PUBLIC], scene.photos[PUBLIC]
    for visibility, status in ((PRIVATE, 404), (FRIENDS, 404), (PUBLIC, 200)):
        assert (await owner.patch(f"/api/posts/{number}", {"visibility": visibility}))[0] == 200
        assert (await anonymous.get(f"/api/posts/{number}"))[0] == status
        assert (await anonymous.raw("GET", f"/photos/{photo}/256.webp")).status == status


async def test_a_closed_account_is_invisible(site, scene):
    async with site.app[DB].write() as connection:
        await connection.execute(
            update(member)
            .where(member.c.id == scene.people["owner"].member_id)
            .values(deleted_at=1.0)
        )
    for who, person in scene.people.items():
        if who == "owner":
            continue
        assert listed((await person.get("/api/feed"))[1]) == [], who
        assert (await person.get(f"/api/posts/{scene.posts[PUBLIC]}"))[0] == 404
        photo = await person.raw("GET", f"/photos/{scene.photos[PUBLIC]}/256.webp")
        assert photo.status == 404
