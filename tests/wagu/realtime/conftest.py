"""A hub behind a real aiohttp server: real stores, real SQLite, real sockets; only media is fake.

house       a running House: make people, maps and lives, connect sockets, move the clocks
make_house  the same, started by the test with other parts (a data directory to come back to)
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, web
from aiohttp.test_utils import TestServer

from tests.wagu.realtime.media import FakeMedia
from wagu.bus import LiveCreated, LocalBus
from wagu.db.engine import Database
from wagu.db.lives import LiveRows
from wagu.db.members import MemberRows
from wagu.db.places import PlaceRows
from wagu.domain.live import Live
from wagu.domain.person import Person, PersonId
from wagu.domain.turn import Turn
from wagu.ephemeral import open_store
from wagu.ephemeral.ballots import Ballots
from wagu.ephemeral.banned import BanList
from wagu.ephemeral.chats import Chats
from wagu.ephemeral.guest_list import GuestList
from wagu.ephemeral.sessions import Sessions
from wagu.ephemeral.share_maps import ShareMap, ShareMaps
from wagu.realtime import messages as m
from wagu.realtime.endpoint import Endpoint
from wagu.realtime.hub import Hub
from wagu.web.errors import errors

WITHIN = 5.0
SEOUL = [37.5662, 126.9915]

NO_TURN = Turn()


class Clock:
    """A real clock that a test can move forward."""

    def __init__(self, read: Callable[[], float]) -> None:
        self._read = read
        self.ahead = 0.0

    def __call__(self) -> float:
        return self._read() + self.ahead


@dataclass(frozen=True)
class Someone:
    """A person with the token of their session; an anonymous one has none."""

    person: Person
    token: str | None

    @property
    def id(self) -> PersonId:
        return self.person.id


class Talker:
    """One WebSocket of someone."""

    def __init__(self, ws: ClientWebSocketResponse) -> None:
        self.ws = ws
        self.heard: list[dict[str, Any]] = []

    async def send(self, type_: str, **fields: Any) -> None:
        await self.ws.send_str(json.dumps({"type": type_, **fields}))

    async def hear(self) -> dict[str, Any]:
        """The next message, whatever it is."""
        frame = await self.ws.receive(WITHIN)
        assert frame.type is WSMsgType.TEXT, f"{frame.type.name} {self.ws.close_code}"
        message: dict[str, Any] = json.loads(frame.data)
        self.heard.append(message)
        return message

    async def expect(self, type_: str, **fields: Any) -> dict[str, Any]:
        """Read on until a message of this type with these fields; others are kept in `heard`."""
        async with asyncio.timeout(WITHIN):
            while True:
                message = await self.hear()
                if message["type"] == type_ and fields.items() <= message.items():
                    return message

    async def ballot(self, where: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Read on until a ballot is like this."""
        while True:
            ballot: dict[str, Any] = (await self.expect("ballot"))["ballot"]
            if where(ballot):
                return ballot

    async def ask(self, type_: str, answer: str, **fields: Any) -> dict[str, Any]:
        await self.send(type_, **fields)
        return await self.expect(answer)

    async def refused(self, type_: str, **fields: Any) -> str:
        """The code of the error that answers this message."""
        error = await self.ask(type_, "error", **fields, n=77)
        assert error["n"] == 77
        code: str = error["code"]
        return code

    async def all_until_pong(self) -> list[dict[str, Any]]:
        """Everything that was on its way: the pong comes after it."""
        before = len(self.heard)
        await self.ask("ping", "pong")
        return self.heard[before:-1]

    async def join(self, room: str) -> dict[str, Any]:
        return await self.ask("join", "joined", room=room)

    async def closed(self) -> int | None:
        """The code that the server closed with, after whatever else it sent."""
        async with asyncio.timeout(WITHIN):
            while (frame := await self.ws.receive()).type is WSMsgType.TEXT:
                self.heard.append(json.loads(frame.data))
        return self.ws.close_code

    async def drop(self) -> None:
        """Lose the connection: no `leave`, no close frame."""
        connection = self.ws._response.connection
        assert connection is not None
        assert connection.transport is not None
        connection.transport.abort()


class House:
    def __init__(
        self,
        folder: Path,
        redis_url: str | None,
        encode: Callable[[m.ServerMessage], bytes],
        turn: Turn,
    ) -> None:
        self.clock = Clock(time.time)
        self.monotonic = Clock(time.monotonic)
        self.media = FakeMedia()
        self.turn = turn
        self.bus = LocalBus()
        self.db = Database(f"sqlite+aiosqlite:///{folder / 'wagu.db'}")
        self.store = open_store(redis_url, folder, self.clock)
        self.sessions = Sessions(self.store, self.clock)
        self.share_maps = ShareMaps(self.store, self.clock)
        self.lives = LiveRows(self.db)
        self.places = PlaceRows(self.db)
        self.hub = Hub(
            sessions=self.sessions,
            share_maps=self.share_maps,
            chats=Chats(self.store),
            ballots=Ballots(self.store),
            bans=BanList(self.store, self.sessions),
            guests=GuestList(self.store),
            lives=self.lives,
            places=self.places,
            media=self.media,
            turn=self.turn,
            bus=self.bus,
            clock=self.clock,
            monotonic=self.monotonic,
            encode=encode,
        )
        app = web.Application(middlewares=[errors])
        door = Endpoint(self.hub, "https://wagu.example.org", lambda r: r.headers.get("X-Network"))
        app.router.add_get("/ws", door.handle)
        self.server = TestServer(app)
        self._http: ClientSession | None = None
        self._talkers: list[Talker] = []
        self._numbers = iter(range(1, 10_000))

    async def start(self) -> None:
        await self.db.start()
        await self.store.start()
        await self.hub.start()
        await self.server.start_server()
        self._http = ClientSession()

    async def close(self) -> None:
        """The sockets first, like a network that goes away before the server does."""
        assert self._http is not None
        await self._http.close()
        await self.hub.close()
        await self.server.close()
        await self.store.close()
        await self.db.close()

    @property
    def http(self) -> ClientSession:
        assert self._http is not None
        return self._http

    # people

    async def guest(self, name: str = "하늘") -> Someone:
        person = Person(PersonId(f"g_{next(self._numbers)}"), "guest", name)
        return Someone(person, await self.sessions.start(person))

    async def member(self, name: str = "지민") -> Someone:
        username = f"user{next(self._numbers)}"
        member = await MemberRows(self.db).create(
            username=username, name=name, password_hash="", now=self.clock()
        )
        return Someone(member.person, await self.sessions.start(member.person))

    # rooms

    async def share_map(self, host: Someone, title: str = "금요일", **rules: bool) -> ShareMap:
        return await self.share_maps.create(host.person, title, rules.get("require_account", False))

    async def live(self, host: Someone, title: str = "을지로 노포") -> Live:
        assert host.person.member_id is not None
        live = await self.lives.create(
            host=host.person.member_id, title=title, place_id=None, now=self.clock()
        )
        self.bus.publish(LiveCreated(live.id))
        return live

    # sockets

    async def connect(self, who: Someone | None = None, **headers: str) -> Talker:
        if who is not None and who.token is not None:
            headers["Cookie"] = f"wagu_session={who.token}"
        url = self.server.make_url("/ws")
        talker = Talker(await self.http.ws_connect(url, headers=headers, max_msg_size=0))
        self._talkers.append(talker)  # one that nobody holds would be closed by the collector
        return talker

    async def enter(self, who: Someone | None, room: str, **headers: str) -> Talker:
        talker = await self.connect(who, **headers)
        await talker.join(room)
        return talker

    # time

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(WITHIN):
            while True:
                if condition():
                    return
                await asyncio.sleep(0.005)

    async def pass_time(self, seconds: float) -> None:
        """Move both clocks and let the heartbeat see it."""
        self.clock.ahead += seconds
        self.monotonic.ahead += seconds
        self.hub.tick(self.monotonic())
        await self.hub.settle()


MakeHouse = Callable[..., Any]


@pytest.fixture
def make_house(tmp_path: Path) -> MakeHouse:
    @asynccontextmanager
    async def running(
        folder: Path = tmp_path,
        redis_url: str | None = None,
        encode: Callable[[m.ServerMessage], bytes] = m.encode,
        turn: Turn = NO_TURN,
    ) -> AsyncIterator[House]:
        house = House(folder, redis_url, encode, turn)
        await house.start()
        try:
            yield house
        finally:
            await house.close()

    return running


@pytest.fixture
async def house(make_house: MakeHouse) -> AsyncIterator[House]:
    async with make_house() as house:
        yield house


@dataclass
class Table:
    """A shared map with its host at it."""

    house: House
    share_map: ShareMap
    host: Someone
    at_host: Talker

    @property
    def room(self) -> str:
        return f"map/{self.share_map.id}"

    async def sit(self, who: Someone | None = None) -> tuple[Someone, Talker]:
        """One more at the table; a guest if nobody is named."""
        who = who or await self.house.guest()
        talker = await self.house.enter(who, self.room)
        return who, talker


@pytest.fixture
async def table(house: House) -> Table:
    host = await house.member()
    share_map = await house.share_map(host)
    return Table(house, share_map, host, await house.enter(host, f"map/{share_map.id}"))


def renamed(person: Person, name: str) -> Person:
    return replace(person, name=name)
