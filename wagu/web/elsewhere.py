"""Requests about a room that is on another node: answered by that node, through this one.

Everything is checked over there, where the client's address comes by passport; here nothing is read
of the request but its room.
"""

from __future__ import annotations

from typing import Literal

from aiohttp import web
from multidict import CIMultiDict, CIMultiDictProxy

from wagu.cluster.arrivals import PASSPORT
from wagu.cluster.node import Node
from wagu.cluster.passport import HEADER
from wagu.cluster.ways import Reply, Traveller, Unreachable
from wagu.errors import Unavailable
from wagu.web import keys
from wagu.web.origin import client_address, is_https

Need = Literal["find", "claim"]
"""find: without its room there is nothing to do. claim: the room begins with this request."""

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


async def answer_elsewhere(
    request: web.Request, room: str, need: Need
) -> web.StreamResponse | None:
    """None: the room is here. Errors: Unavailable room.moving, room.nowhere, store.unavailable."""
    ownership = request.app[keys.OWNERSHIP]
    node = await (ownership.claim(room) if need == "claim" else ownership.find(room))
    if node is None:
        return None
    if PASSPORT in request:  # its sender knows no better than we do
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
    headers, body = _passed(request.headers), await request.read()
    path = request.raw_path
    return await request.app[keys.WAYS].ask(node, request.method, path, traveller, headers, body)


def _passed(headers: CIMultiDictProxy[str]) -> CIMultiDict[str]:
    kept = CIMultiDict(headers)
    for name in set(kept):
        if name.lower() in HOP_BY_HOP:
            kept.popall(name, None)
    return kept


def _moving() -> Unavailable:
    return Unavailable("room.moving", "방이 옮겨 가고 있어요. 곧 다시 시도해 주세요.")
