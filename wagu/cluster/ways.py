"""The ways from this node to the others: HTTP and WebSockets, with a passport for each client."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ClientWebSocketResponse,
    ClientWSTimeout,
    DummyCookieJar,
)
from aiohttp.connector import TCPConnector
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from wagu.cluster.node import Node, NodeId
from wagu.cluster.passport import HEADER, Passport, Passports
from wagu.domain.person import PersonId

REACH_WITHIN = 2.0
ANSWER_WITHIN = 15.0
"""Seconds: a playlist of HLS is waited for."""
LOOK_EVERY = 4.0
"""Seconds between two pings; half of it is how long a pong may take."""
CLOSE_WITHIN = 1.0
LARGEST_MESSAGE = 4 * 1024 * 1024
LARGEST_ANSWER = 64 * 1024 * 1024


class Unreachable(Exception):
    """A node does not answer: it is gone, and its leases will be."""


@dataclass(frozen=True, slots=True)
class Traveller:
    """Whoever is passed on, as this node knows them."""

    address: str
    https: bool = False
    viewer: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: CIMultiDictProxy[str]
    body: bytes


class Ways:
    def __init__(self, me: NodeId, passports: Passports, clock: Callable[[], float]) -> None:
        self._me = me
        self._passports = passports
        self._clock = clock
        self._session: ClientSession | None = None

    async def start(self) -> None:
        self._session = ClientSession(
            connector=TCPConnector(limit=0),
            cookie_jar=DummyCookieJar(),
            timeout=ClientTimeout(total=ANSWER_WITHIN, connect=REACH_WITHIN),
            auto_decompress=False,
        )

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    @property
    def _http(self) -> ClientSession:
        assert self._session is not None, "not started"
        return self._session

    async def ask(
        self,
        node: Node,
        method: str,
        path: str,
        traveller: Traveller,
        headers: Mapping[str, str],
        body: bytes,
    ) -> Reply:
        """`path` with its query, percent-encoded. Raises Unreachable."""
        try:
            async with self._http.request(
                method,
                URL(node.url + path, encoded=True),
                headers=self._headers(method, path, traveller, headers),
                data=body,
                allow_redirects=False,
            ) as response:
                return Reply(response.status, response.headers, await _whole(response))
        except (ClientError, TimeoutError, OSError) as error:
            raise Unreachable(repr(error)) from error

    async def open(
        self, node: Node, path: str, traveller: Traveller, headers: Mapping[str, str]
    ) -> ClientWebSocketResponse:
        """Raises Unreachable."""
        try:
            return await self._http.ws_connect(
                URL(node.url + path, encoded=True),
                headers=self._headers("GET", path, traveller, headers),
                heartbeat=LOOK_EVERY,
                timeout=ClientWSTimeout(ws_close=CLOSE_WITHIN),
                max_msg_size=LARGEST_MESSAGE,
                compress=0,
            )
        except (ClientError, TimeoutError, OSError) as error:
            raise Unreachable(repr(error)) from error

    def _headers(
        self, method: str, path: str, traveller: Traveller, headers: Mapping[str, str]
    ) -> CIMultiDict[str]:
        passport = Passport(
            self._me,
            self._clock(),
            method,
            path,
            traveller.address,
            traveller.https,
            traveller.viewer,
        )
        sent = CIMultiDict(headers)
        sent[HEADER] = self._passports.issue(passport)
        return sent


async def _whole(response: ClientResponse) -> bytes:
    """Raises Unreachable for more than LARGEST_ANSWER."""
    answer = bytearray()
    async for piece in response.content.iter_any():
        answer += piece
        if len(answer) > LARGEST_ANSWER:
            raise Unreachable(f"answers with more than {LARGEST_ANSWER} bytes")
    return bytes(answer)
