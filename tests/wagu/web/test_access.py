"""Who may do what: every route and every rendition of a photo × everybody who may come, as one
table. A cell is the status that person gets. A route that is missing from the table fails.

What stands in a path is named after its route's parameters; see `stage.py` for what can be named.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count, product
from typing import Any

import pytest

from tests.wagu.web.stage import CAST, Stage
from wagu.domain.person import Person, PersonId
from wagu.errors import Forbidden, Unauthenticated
from wagu.images.sizes import FORMATS, SIDES
from wagu.web.route import Call
from wagu.web.routes import ROUTES

pytestmark = pytest.mark.sql

Cells = dict[str, int]
OWNER, PUBLIC, FRIENDS, PRIVATE = "username", "post:public", "post:friends", "post:private"
POST = {"place_id": 1, "category": "기타", "visibility": "public", "menus": [{"name": "x"}]}
REPORT = {"username": "{owner}", "reason": "spam"}
NEWCOMER = {"username": "{newcomer}", "password": "correct horse", "name": "new"}


@dataclass(frozen=True)
class Ask:
    """`names` says what stands for the parameters of the path. `body` may name the newcomer."""

    route: str
    cells: Cells
    names: dict[str, str] = field(default_factory=dict)
    query: str = ""
    body: Any = None

    @property
    def reads(self) -> bool:
        """It changes nothing for those who ask next."""
        return self.route.startswith("GET ")


def everyone(status: int, **others: int) -> Cells:
    return dict.fromkeys(CAST, status) | others


def members(status: int, **others: int) -> Cells:
    return everyone(status, anonymous=401, guest=403) | others


OWN_ONLY = everyone(404, owner=200)
TO_FRIENDS = everyone(404, friend=200, owner=200)
TO_ALL = everyone(200, blocked=404)
ADMINS, ADMINS_DO = members(403, admin=200), members(403, admin=204)

TABLE: list[Ask] = [
    Ask("GET /api/config", everyone(200)),
    Ask("GET /api/session", everyone(200)),
    Ask("POST /api/session", everyone(401), body={"username": "nobody", "password": "x" * 9}),
    Ask("DELETE /api/session", everyone(204)),
    Ask("POST /api/members", everyone(201), body=NEWCOMER),
    Ask("GET /api/members/available", everyone(200), query="?username=abc"),
    Ask("GET /api/members", members(200), query="?q=x"),
    Ask("GET /api/members/{username}", TO_ALL, {"username": OWNER}),
    Ask("GET /api/members/{username}/posts", TO_ALL, {"username": OWNER}),
    Ask("GET /api/members/{username}/lives", TO_ALL, {"username": OWNER}),
    Ask("GET /api/members/{username}/followers", members(200, blocked=404), {"username": OWNER}),
    Ask("GET /api/members/{username}/followings", members(200, blocked=404), {"username": OWNER}),
    Ask(
        "PUT /api/members/{username}/follow",
        members(200, blocked=404, owner=409),
        {"username": OWNER},
    ),
    Ask(
        "DELETE /api/members/{username}/follow",
        members(200, blocked=404, owner=409),
        {"username": OWNER},
    ),
    Ask(
        "PUT /api/members/{username}/block",
        members(204, blocked=404, owner=409),
        {"username": OWNER},
    ),
    Ask(
        "DELETE /api/members/{username}/block",
        members(204, blocked=404, owner=409),
        {"username": OWNER},
    ),
    Ask("GET /api/me", members(200)),
    Ask("PATCH /api/me", members(200), body={"bio": "x"}),
    Ask("POST /api/me/password", members(403), body={"new": "correct horse"}),
    Ask("DELETE /api/me", members(200), body={}),
    Ask("POST /api/me/restore", everyone(401)),
    Ask("GET /api/me/export", members(200)),
    Ask("POST /api/me/import", members(422), body={}),
    Ask("DELETE /api/me/identities/{provider}", members(404), {"provider": "provider"}),
    Ask("GET /api/me/blocks", members(200)),
    Ask("GET /auth/{provider}/start", everyone(404), {"provider": "provider"}),
    Ask("GET /auth/{provider}/callback", everyone(404), {"provider": "provider"}),
    Ask("GET /api/setup/{token}", everyone(200), {"token": "token"}),
    Ask("POST /api/guests", everyone(409, anonymous=201, guest=201), body={"name": "x"}),
    Ask("GET /api/places", everyone(200)),
    Ask("POST /api/places", members(201), body={"name": "x", "at": [1, 2]}),
    Ask("GET /api/places/clusters", everyone(200), query="?bbox=0,0,1,1&zoom=9"),
    Ask("GET /api/places/external", members(200), query="?q=x"),
    Ask("GET /api/places/{id}", everyone(200), {"id": "place"}),
    Ask("GET /api/places/{id}/posts", everyone(200), {"id": "place"}),
    Ask("GET /api/places/{id}/lives", everyone(200), {"id": "place"}),
    Ask("POST /api/photos", members(415), body={}),
    Ask("DELETE /api/photos/{id}", members(404, owner=204), {"id": "photo:unused"}),
    Ask("DELETE /api/photos/{id}", members(404, owner=409), {"id": "photo:public"}),
    Ask("POST /api/posts", members(201), body=POST),
    Ask("GET /api/posts/{id}", TO_ALL, {"id": PUBLIC}),
    Ask("GET /api/posts/{id}", TO_FRIENDS, {"id": FRIENDS}),
    Ask("GET /api/posts/{id}", OWN_ONLY, {"id": PRIVATE}),
    Ask("PATCH /api/posts/{id}", members(403, blocked=404, owner=200), {"id": PUBLIC}, body={}),
    Ask("PATCH /api/posts/{id}", members(404, friend=403, owner=200), {"id": FRIENDS}, body={}),
    Ask("PATCH /api/posts/{id}", members(404, owner=200), {"id": PRIVATE}, body={}),
    Ask("DELETE /api/posts/{id}", members(403, blocked=404, owner=204, admin=204), {"id": PUBLIC}),
    Ask("DELETE /api/posts/{id}", members(404, friend=403, owner=204, admin=204), {"id": FRIENDS}),
    Ask("DELETE /api/posts/{id}", members(404, owner=204, admin=204), {"id": PRIVATE}),
    Ask("GET /api/feed", everyone(200)),
    Ask("GET /api/feed", members(200), query="?scope=mine"),
    Ask("GET /api/feed", members(200), query="?scope=following"),
    Ask("GET /api/search", everyone(200), query="?q=x"),
    Ask("GET /api/search", members(200), query="?q=x&kind=records"),
    Ask("POST /api/drafts", members(200), body={"place": "x"}),
    Ask("POST /api/drafts/suggestion", members(409), body={"photo_ids": ["x"]}),
    Ask("GET /api/share-maps", members(200)),
    Ask("POST /api/share-maps", members(201), body={}),
    Ask("GET /api/share-maps/{id}", everyone(200), {"id": "map"}),
    Ask("DELETE /api/share-maps/{id}", members(403, owner=204, admin=204), {"id": "map"}),
    Ask("GET /api/lives", everyone(200)),
    Ask("GET /api/lives", members(200), query="?scope=following"),
    Ask("POST /api/lives", members(201), body={"title": "x"}),
    Ask("GET /api/lives/{id}", TO_ALL, {"id": "live"}),
    Ask("GET /api/lives/{id}", TO_ALL, {"id": "live:ended"}),
    Ask("GET /api/lives/{id}/recordings", TO_ALL, {"id": "live:ended"}),
    Ask(
        "GET /api/lives/{id}/recordings/{recording}",
        TO_ALL,
        {"id": "live:ended", "recording": "recording:ended"},
    ),
    Ask(
        "GET /api/lives/{id}/recordings/{recording}",
        everyone(404),
        {"id": "live:ended", "recording": "resource"},
    ),
    Ask("GET /api/lives/{id}/hls/index.m3u8", everyone(409, blocked=404), {"id": "live"}),
    Ask("GET /api/lives/{id}/hls/index.m3u8", everyone(410, blocked=404), {"id": "live:ended"}),
    Ask("GET /api/lives/{id}/hls/{file}", everyone(404), {"id": "live", "file": "resource"}),
    Ask(
        "GET /api/lives/{id}/recordings/{recording}",
        everyone(404),
        {"id": "live", "recording": "recording:ended"},
    ),
    Ask("GET /api/lives/{id}/snapshot.webp", TO_ALL, {"id": "live"}),
    Ask(
        "DELETE /api/lives/{id}/recordings",
        members(403, blocked=404, owner=204, admin=204),
        {"id": "live:ended"},
    ),
    Ask("DELETE /api/lives/{id}", members(403, blocked=404, owner=204, admin=204), {"id": "live"}),
    Ask(
        "POST /api/lives/{id}/tickets",
        everyone(403, blocked=404, owner=201),
        {"id": "live"},
        body={"role": "publish"},
    ),
    Ask(
        "POST /api/lives/{id}/tickets",
        everyone(201, blocked=404),
        {"id": "live"},
        body={"role": "watch"},
    ),
    Ask(
        "POST /api/lives/{id}/tickets",
        everyone(410, blocked=404),
        {"id": "live:ended"},
        body={"role": "watch"},
    ),
    Ask("OPTIONS /whip/{live}", everyone(200), {"live": "live"}),
    Ask("OPTIONS /whep/{live}", everyone(200), {"live": "live"}),
    Ask("POST /whip/{live}", everyone(401), {"live": "live"}),
    Ask("PATCH /whip/{live}/{resource}", everyone(401), {"live": "live", "resource": "resource"}),
    Ask("PATCH /whep/{live}/{resource}", everyone(401), {"live": "live", "resource": "resource"}),
    Ask("DELETE /whip/{live}/{resource}", everyone(401), {"live": "live", "resource": "resource"}),
    Ask("POST /whep/{live}", everyone(401), {"live": "live"}),
    Ask("DELETE /whep/{live}/{resource}", everyone(401), {"live": "live", "resource": "resource"}),
    Ask("GET /tiles/map.pmtiles", everyone(404)),
    Ask("GET /livez", everyone(200)),
    Ask("POST /api/media/webhook", everyone(404)),
    Ask("GET /readyz", everyone(200)),
    Ask("GET /metrics", everyone(200)),
    Ask("GET /api/media/stats", ADMINS),
    Ask("GET /api/admin/nodes", ADMINS),
    Ask("GET /api/admin/rooms", ADMINS),
    Ask("GET /api/admin/members", ADMINS),
    *(
        Ask(f"{method} /api/admin/members/{{username}}/{what}", ADMINS_DO, {"username": OWNER})
        for method in ("PUT", "DELETE")
        for what in ("suspension", "admin")
    ),
    Ask("GET /api/admin/storage", ADMINS),
    Ask("GET /api/admin/recordings", ADMINS),
    Ask("POST /api/reports", members(204, blocked=404, owner=409), body=REPORT),
    Ask("GET /api/admin/reports", ADMINS),
    Ask("DELETE /api/admin/reports/{id}", ADMINS_DO, {"id": "=1"}),
    Ask("GET /api/openapi.json", everyone(200)),
    Ask("GET /api/docs", everyone(200)),
]
SHOWN: dict[str, Cells] = {
    "photo:public": TO_ALL,
    "photo:friends": TO_FRIENDS,
    "photo:private": OWN_ONLY,
    "photo:unused": OWN_ONLY,
    "photo:face": everyone(200),  # whoever has its address
}
RENDITION = "GET /photos/{id}/{size}.{format}"
RENDITIONS = [
    Ask(RENDITION, cells, {"id": photo, "size": f"={side}", "format": f"={format_}"})
    for (photo, cells), side, format_ in product(SHOWN.items(), SIDES, FORMATS)
]
PARTS = 4
"""Of the table, each with a server of its own: several processes share the work."""

CODES = {
    401: ("auth.",),
    403: ("auth.", "share_map.not_host", "live.not_host", "post.not_author"),
    404: (),  # whatever is unknown
    409: ("member.", "photo.used", "guest.", "ai.blind", "live.no_hls"),
}


class Company:
    """Asks for all: those who only read share one stage, who acts gets a fresh one each time."""

    def __init__(self, site: Any) -> None:
        self._site = site
        self._numbers = count(1)
        self._readers = Stage(site, 0)

    async def answer(self, ask: Ask, who: str) -> tuple[int, Any]:
        stage = self._readers if ask.reads else Stage(self._site, next(self._numbers))
        method, _, template = ask.route.partition(" ")
        path = await stage.path(template, ask.names)
        visitor = await stage.enter(who)
        body = ask.body
        if body is NEWCOMER:
            body = body | {"username": await stage.thing("newcomer")}
        if body is REPORT:
            body = body | {"username": await stage.thing(OWNER)}
        rest = {} if body is None else {"json": body}
        return await visitor.call(method, path + ask.query, **rest)


@pytest.fixture
async def company(site):
    stage = Stage(site, -1)
    assert await stage.thing("place") == "1"  # where POST is eaten
    return Company(site)


async def asked(company: Company, asks: list[Ask]) -> list[str]:
    """A line for every cell that is not as the table says."""
    wrong = []
    for ask, who in product(asks, CAST):
        status, answer = await company.answer(ask, who)
        what = f"{ask.route}{ask.query} {ask.names or ''} as {who}"
        if status != ask.cells[who]:
            wrong.append(f"{what}: {status}, not {ask.cells[who]}: {answer}")
        elif (known := CODES.get(status)) and not answer["error"]["code"].startswith(known):
            wrong.append(f"{what}: {status} for {answer}")
    return wrong


@pytest.mark.parametrize("part", range(PARTS))
async def test_every_cell(company, part):
    assert await asked(company, TABLE[part::PARTS]) == []


async def test_every_rendition(company):
    assert await asked(company, RENDITIONS) == []


def test_the_table_has_every_route():
    rows = {ask.route for ask in (*TABLE, *RENDITIONS)}
    assert rows == {f"{route.method} {route.path}" for route in ROUTES}


async def test_a_session_that_is_over_is_nobody(site):
    member = await site.member("somebody")
    site.clock.now += 31 * 86_400
    assert (await member.get("/api/share-maps"))[0] == 401
    assert (await member.get("/api/session"))[1] == {"person": None}


def test_handlers_do_not_trust_their_route():
    """`Call.member` refuses by itself, should a route ever be declared too openly."""
    request: Any = None  # it looks at the person only
    guest = Person(PersonId("g_x"), "guest", "x")
    with pytest.raises(Unauthenticated):
        _ = Call(request, None, None).member
    with pytest.raises(Forbidden):
        _ = Call(request, None, guest).member
