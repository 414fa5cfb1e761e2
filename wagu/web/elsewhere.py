"""Requests about a room that is on another node: answered by that node, through this one.

Origin and rate are looked at by the node that the client came to, everything else by the one that
has the room, where the client's address comes by passport.
"""

from __future__ import annotations

from aiohttp import web
from multidict import CIMultiDict, CIMultiDictProxy

from wagu.cluster.arrivals import PASSPORT
from wagu.cluster.node import Node
from wagu.cluster.passport import HEADER
from wagu.cluster.ways import Reply, Traveller, Unreachable
from wagu.errors import Unavailable
from wagu.web import keys
from wagu.web.origin import client_address, is_https

HOP_BY_HOP = frozenset(
    {
        "connection",
        "content-length",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        HEADER.lower(),
    }
)
"""RFC 9110, 7.6.1; and the length, which is counted anew."""


BODY_ONLY = frozenset({"content-encoding"})
"""What was undone when the body was read."""


def is_passed_on(request: web.Request) -> bool:
    return PASSPORT in request


async def answer_elsewhere(request: web.Request, room: str) -> web.StreamResponse | None:
    """None: the room is here, or nobody's. Errors: Unavailable room.moving, store.unavailable."""
    node = await request.app[keys.OWNERSHIP].find(room)
    return None if node is None else await _forward(request, node)


async def claim(request: web.Request, room: str) -> web.StreamResponse | None:
    """The room begins with this request, all of which has been looked at. None: here.
    Errors: Unavailable room.moving, room.nowhere, store.unavailable."""
    node = await request.app[keys.OWNERSHIP].claim(room)
    return None if node is None else await _forward(request, node)


async def _forward(request: web.Request, node: Node) -> web.StreamResponse:
    if is_passed_on(request):  # its sender knows no better than we do
        raise _moving()
    try:
        reply = await ask(request, node)
    except Unreachable:
        raise _moving() from None
    return web.Response(body=reply.body, status=reply.status, headers=_passed(reply.headers))


async def ask(request: web.Request, node: Node) -> Reply:
    """The same of another node, in the name of the same client. Raises Unreachable."""
    settings = request.app[keys.SETTINGS]
    traveller = Traveller(client_address(request, settings), is_https(request, settings))
    headers, body = _passed(request.headers, BODY_ONLY), await request.read()
    path = request.rel_url.raw_path_qs
    return await request.app[keys.WAYS].ask(node, request.method, path, traveller, headers, body)


def _passed(headers: CIMultiDictProxy[str], but: frozenset[str] = frozenset()) -> CIMultiDict[str]:
    kept = CIMultiDict(headers)
    for name in set(kept):
        if name.lower() in HOP_BY_HOP | but:
            kept.popall(name, None)
    return kept


def _moving() -> Unavailable:
    return Unavailable("room.moving", "방이 옮겨 가고 있어요. 곧 다시 시도해 주세요.")
