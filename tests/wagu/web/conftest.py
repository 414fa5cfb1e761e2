"""The whole application behind a real HTTP server: a real database (SQLite, and in tests marked
`sql` PostgreSQL too), real store, real photos, a fake media backend.

site        a Site: the running app, its clock, its media, and visitors with cookie jars
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, CookieJar, web
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image

from tests.wagu.web.sign_in_lobby import Lobby, open_lobby
from wagu.app import create_app
from wagu.bus import Bus, Event
from wagu.domain.person import MemberId
from wagu.ephemeral.sessions import COOKIE
from wagu.errors import NotFound, Stale
from wagu.images.jobs import Want
from wagu.images.sizes import FORMATS, SIDES, Digest
from wagu.images.store import PhotoObjects
from wagu.media_backend.base import (
    Answer,
    Capabilities,
    Grant,
    Listener,
    MediaEvent,
    PeerKey,
    RecordingLimits,
    Restarted,
    Role,
    RoomKey,
    Snapshot,
    no_hls,
)
from wagu.settings import Settings
from wagu.sign_in.provider import Provider
from wagu.web import keys

PASSWORD = "correct horse"
ADMIN = "the.admin"
ELSEWHERE = {
    "media": "livekit",
    "media_url": "http://livekit:7880",
    "media_public_url": "https://livekit.example.org",
    "media_key": "APIwagu",
    "media_secret": "a-secret-of-thirty-two-characters",
}


class Clock:
    def __init__(self) -> None:
        self.now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now


async def _at_once() -> None: ...


@dataclass
class FakeMedia:
    """Answers every offer with one line, remembers who came and went; raises what it is told."""

    calls: list[tuple[str | None, ...]] = field(default_factory=list)
    sessions: dict[tuple[RoomKey, PeerKey], str] = field(default_factory=dict)
    refusal: Exception | None = None
    started: bool = False
    tag: str = "tag-0"
    figures: dict[str, Any] = field(default_factory=dict)
    pictures: dict[str, Snapshot] = field(default_factory=dict)
    listeners: list[Listener] = field(default_factory=list)
    watching: dict[str, int] = field(default_factory=dict)
    streams: dict[str, dict[str, bytes]] = field(default_factory=dict)

    capabilities = Capabilities("embedded", simulcast=True, slots=6)
    answers: bool = True
    while_preparing: Callable[[], Awaitable[object]] = field(default=_at_once)

    async def start(self) -> None:
        self.started = True

    async def close(self) -> None:
        self.started = False

    def listen(self, listener: Listener) -> None:
        self.listeners.append(listener)

    async def prepare(self) -> None:
        await self.while_preparing()

    async def answer(self, room: RoomKey, peer: PeerKey, role: Role, offer: str) -> Answer:
        if self.refusal is not None:
            raise self.refusal
        self.calls.append(("answer", room, peer, role, offer))
        self.sessions[room, peer] = session = f"session-{len(self.calls)}"
        return Answer(f"v=0 answer to {len(offer)}", session, tag=self.tag)

    async def grant(self, room: RoomKey, peer: PeerKey, role: Role) -> Grant:
        if self.refusal is not None:
            raise self.refusal
        self.calls.append(("grant", room, peer, role))
        return Grant("wss://media.example.org", f"token of {peer}", 1_795_000_600.0)

    async def hear(self, authorization: str, body: bytes) -> None:
        if authorization != "signed":
            raise NotFound("media.no_webhooks", "없어요")
        self.calls.append(("hear", body.decode()))

    async def restart(
        self,
        room: RoomKey,
        peer: PeerKey,
        fragment: str,
        *,
        session: str | None = None,
        tag: str = "*",
    ) -> Restarted | None:
        self.calls.append(("restart", room, peer, session, tag))
        if session != self.sessions.get((room, peer)):
            raise NotFound("media.no_resource", "없어요")
        if tag not in ("*", self.tag):
            raise Stale("media.stale_session", "바뀌었어요")
        if "restart" not in fragment:
            return None
        self.tag = f"tag-{len(self.calls)}"
        return Restarted("a=ice-ufrag:ours\r\n", self.tag)

    async def mute(self, room: RoomKey, peer: PeerKey, muted: bool) -> None: ...

    async def leave(self, room: RoomKey, peer: PeerKey, session: str | None = None) -> bool:
        self.calls.append(("leave", room, peer, session))
        if session not in (None, self.sessions.get((room, peer))):
            return False
        return self.sessions.pop((room, peer), None) is not None

    async def leave_person(self, room: RoomKey, person: str) -> None:
        self.calls.append(("leave_person", room, person))

    async def close_room(self, room: RoomKey) -> None: ...

    async def record(self, room: RoomKey, folder: Path, limits: RecordingLimits) -> None:
        self.calls.append(("record", room, str(folder)))

    async def stop_recording(self, room: RoomKey) -> None:
        self.calls.append(("stop_recording", room))

    def on_stage(self, room: RoomKey) -> tuple[PeerKey | None, ...]:
        return ()

    def snapshot(self, room: RoomKey) -> Snapshot | None:
        return self.pictures.get(room)

    def viewers(self, room: RoomKey) -> int:
        return self.watching.get(room, 0)

    def has_hls(self, room: RoomKey) -> bool:
        return room in self.streams

    async def hls_playlist(self, room: RoomKey, segment: int | None, part: int | None) -> str:
        self.calls.append(("hls", room, str(segment), str(part)))
        if room not in self.streams:
            raise no_hls()
        return "#EXTM3U\n"

    async def hls_file(self, room: RoomKey, name: str) -> bytes:
        found = self.streams.get(room, {}).get(name)
        if found is None:
            raise NotFound("media.no_segment", "없어요")
        return found

    def tell(self, event: MediaEvent) -> None:
        """Something happens in media."""
        for listener in self.listeners:
            listener(event)

    def stats(self) -> dict[str, Any]:
        return self.figures


class Visitor:
    """One browser: cookies of its own. Answers come as (status, body); `raw` gives all of it."""

    member_id: int  # of those that `Site.known` made

    def __init__(self, client: TestClient[web.Request, web.Application]) -> None:
        self.client = client

    async def raw(self, method: str, path: str, **rest: Any) -> ClientResponse:
        response = await self.client.request(method, path, allow_redirects=False, **rest)
        await response.read()
        return response

    async def call(self, method: str, path: str, **rest: Any) -> tuple[int, Any]:
        response = await self.raw(method, path, **rest)
        has_body = response.content_type == "application/json"
        return response.status, await response.json() if has_body else None

    async def get(self, path: str, **rest: Any) -> tuple[int, Any]:
        return await self.call("GET", path, **rest)

    async def post(self, path: str, body: Any, **rest: Any) -> tuple[int, Any]:
        return await self.call("POST", path, json=body, **rest)

    async def patch(self, path: str, body: Any) -> tuple[int, Any]:
        return await self.call("PATCH", path, json=body)

    async def delete(self, path: str) -> tuple[int, Any]:
        return await self.call("DELETE", path)

    async def sign_up(self, username: str, **rest: str) -> dict[str, Any]:
        body = {"username": username, "password": PASSWORD, "name": username, **rest}
        status, answer = await self.post("/api/members", body)
        assert status == 201, answer
        return answer["person"]


@dataclass
class Site:
    app: web.Application
    server: TestServer
    clock: Clock
    media: FakeMedia
    settings: Settings
    _clients: list[TestClient[web.Request, web.Application]] = field(default_factory=list)

    def visitor(self) -> Visitor:
        # As browsers do with localhost: Secure cookies come back although there is no TLS.
        trusted = self.server.make_url("/").origin()
        jar = CookieJar(unsafe=True, treat_as_secure_origin=trusted)
        client = TestClient(self.server, cookie_jar=jar)
        self._clients.append(client)
        return Visitor(client)

    async def member(self, username: str) -> Visitor:
        visitor = self.visitor()
        await visitor.sign_up(username)
        return visitor

    async def known(self, username: str, *, admin: bool = False) -> Visitor:
        """A member who never had to type a password: in milliseconds."""
        member = await self.app[keys.MEMBERS].create(
            username=username, name=username, password_hash="x", now=self.clock(), admin=admin
        )
        visitor = self.visitor()
        token = await self.app[keys.SESSIONS].start(member.person)
        visitor.client.session.cookie_jar.update_cookies({COOKIE: token}, self.server.make_url("/"))
        visitor.member_id = member.id
        return visitor

    async def photo(self, owner: int, seed: int = 0) -> str:
        """An unused photo whose renditions were made already (of no pixels: nobody decodes)."""
        digest = sha256(str(seed).encode()).hexdigest()
        file = self.settings.data_dir / "rendition"
        file.write_bytes(f"photo {seed}".encode())
        objects = PhotoObjects.open(self.settings.objects)
        for side in SIDES:
            for format_ in FORMATS:
                for name in (Want(side, format_).name, Want(side, format_, enlarged=True).name):
                    await objects.put(Digest(digest), name, file)
        made = await self.app[keys.PHOTOS].create(
            owner=MemberId(owner), digest=digest, width=1200, height=900, now=self.clock()
        )
        return made.id

    async def guest(self, name: str = "손님") -> Visitor:
        visitor = self.visitor()
        status, answer = await visitor.post("/api/guests", {"name": name})
        assert status == 201, answer
        return visitor

    async def admin(self) -> Visitor:
        token = await self.app[keys.SETUP].renew()
        assert token is not None
        visitor = self.visitor()
        person = await visitor.sign_up(ADMIN, setup_token=token)
        assert person["admin"]
        return visitor

    def events(self, *kinds: type[Any]) -> list[Event]:
        """A list that fills with what is published from now on."""
        heard: list[Event] = []
        bus: Bus = self.app[keys.BUS]
        for kind in kinds:
            bus.subscribe(kind, heard.append)
        return heard

    async def close(self) -> None:
        await asyncio.gather(*(client.session.close() for client in self._clients))


@asynccontextmanager
async def open_site(
    data_dir: Path, *, providers: Sequence[Provider] | None = None, **settings: Any
) -> AsyncIterator[Site]:
    values = {"data_dir": data_dir, "rate_limits": "off", **settings}
    chosen, clock, media = Settings(**values), Clock(), FakeMedia()
    app = create_app(chosen, clock=clock, backend=media, providers=providers)
    server = TestServer(app)
    await server.start_server()
    site = Site(app, server, clock, media, chosen)
    try:
        yield site
    finally:
        await site.close()
        await server.close()


@pytest.fixture
def storage(engine: str, request: pytest.FixtureRequest) -> dict[str, str]:
    """The settings that choose the database."""
    if engine == "postgresql":
        return {"database_url": str(request.getfixturevalue("postgres_url"))}
    return {}


@pytest.fixture
def data_dir(tmp_path: Path, sqlite_at_head: Path) -> Path:
    """A data directory whose database is migrated."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(sqlite_at_head, folder / "wagu.db")
    return folder


@pytest.fixture
async def site(data_dir: Path, storage: dict[str, str]) -> AsyncIterator[Site]:
    async with open_site(data_dir, **storage) as site:
        yield site


@pytest.fixture(scope="session")
def picture() -> Callable[..., bytes]:
    """`picture()`, `picture(seed=2, size=(300, 200))`: the bytes of a PNG, each seed another."""

    def draw(seed: int = 0, size: tuple[int, int] = (48, 32), format_: str = "PNG") -> bytes:
        made = BytesIO()
        colour = (seed * 37 % 256, seed * 91 % 256, 120)
        Image.new("RGB", size, colour).save(made, format_)
        return made.getvalue()

    return draw


@pytest.fixture
def site_with(data_dir: Path, storage: dict[str, str]) -> Callable[..., Any]:
    """Open a site with other settings: `async with site_with(signup="closed") as site`."""
    return lambda **settings: open_site(data_dir, **storage, **settings)


@pytest.fixture
async def lobby(site_with: Callable[..., Any]) -> AsyncIterator[Lobby]:
    """A site with all sign-in providers."""
    async with open_lobby(site_with) as made:
        yield made
