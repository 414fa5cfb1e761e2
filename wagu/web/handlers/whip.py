"""WHIP (RFC 9725) and WHEP: one SDP offer in, one answer out, over HTTP; PATCH restarts ICE.

The entity tag is that of the ICE session (RFC 9725, 4.3.1). TURN servers are told by Link headers,
to those with a ticket (4.6).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from aiohttp import web
from multidict import CIMultiDict

from wagu.domain.live import LiveState, live_id
from wagu.domain.person import Person
from wagu.ephemeral.banned import Visitor
from wagu.ephemeral.tickets import TicketClaims
from wagu.errors import (
    BadRequest,
    Forbidden,
    NotAcceptable,
    NotFound,
    Stale,
    Unauthenticated,
    Unconditional,
    UnsupportedMedia,
)
from wagu.media_backend.base import PeerKey, RoomKey
from wagu.web import keys
from wagu.web.elsewhere import claim
from wagu.web.handlers.lives import live_ended
from wagu.web.route import Call

SDP = "application/sdp"
FRAGMENT = "application/trickle-ice-sdpfrag"
Side = Literal["publish", "watch"]
ROLES: Mapping[Side, frozenset[str]] = {
    "publish": frozenset({"publish", "guest"}),
    "watch": frozenset({"watch"}),
}
"""Which tickets open an address."""

TAG = re.compile(r'\s*(?:\*|"([^"]*)")\s*')


async def publish(call: Call[None]) -> web.StreamResponse:
    return await _negotiate(call, "publish")


async def watch(call: Call[None]) -> web.StreamResponse:
    return await _negotiate(call, "watch")


async def publish_options(call: Call[None]) -> web.Response:
    return await _options(call, "publish")


async def watch_options(call: Call[None]) -> web.Response:
    return await _options(call, "watch")


async def stop_publishing(call: Call[None]) -> web.Response:
    return await _leave(call, "publish")


async def stop_watching(call: Call[None]) -> web.Response:
    return await _leave(call, "watch")


async def restart_publishing(call: Call[None]) -> web.Response:
    return await _restart(call, "publish")


async def restart_watching(call: Call[None]) -> web.Response:
    return await _restart(call, "watch")


async def _negotiate(call: Call[None], side: Side) -> web.StreamResponse:
    request = call.request
    claims = await _ticket(call, side)
    if request.content_type != SDP:
        raise UnsupportedMedia("request.media_type", "SDP로 보내 주세요.")
    if not _takes_sdp(request):
        raise NotAcceptable("request.not_acceptable", "답은 SDP뿐이에요.")
    offer = await _offer(request)
    await call[keys.MEDIA].prepare()
    # By who it was given to: where that person was then, its giver has looked at.
    await call[keys.BANS].check(claims.room, Visitor(claims.person))
    if claims.role == "guest":
        await call[keys.GUESTS].check(claims.room, claims.person.id)
    # Asked last: all that may take its time, and the live may end meanwhile.
    live = await call[keys.LIVES].get(live_id(call.path("live")))
    if live.state is LiveState.ENDED:
        raise live_ended()
    room, peer = RoomKey(claims.room), PeerKey(claims.peer)
    if side == "publish" and (elsewhere := await claim(request, room)) is not None:
        return elsewhere
    answer = await call[keys.MEDIA].answer(room, peer, claims.role, offer)
    return web.Response(
        text=answer.sdp,
        status=201,
        content_type=SDP,
        headers=CIMultiDict(
            [
                ("Location", f"{request.path}/{answer.session}"),
                ("ETag", f'"{answer.tag}"'),
                ("Accept-Patch", FRAGMENT),
                ("Cache-Control", "no-store"),
                *_ice_servers(call, claims.person),
            ]
        ),
    )


async def _options(call: Call[None], side: Side) -> web.Response:
    """Also for clients that must know the TURN servers before they offer. Whoever has no ticket
    learns what every preflight does (wagu.web.headers)."""
    try:
        claims = await _ticket(call, side)
    except (Unauthenticated, Forbidden):
        return web.Response()
    headers = CIMultiDict([("Cache-Control", "no-store"), *_ice_servers(call, claims.person)])
    return web.Response(headers=headers)


def _ice_servers(call: Call[None], person: Person) -> list[tuple[str, str]]:
    """Nothing in them needs quoting: a user name is digits and an id, a credential is base64."""
    return [
        (
            "Link",
            f'<{url}>; rel="ice-server"; username="{server.username}"; '
            f'credential="{server.credential}"; credential-type="password"',
        )
        for server in call[keys.TURN].servers(person.id, call.now)
        for url in server.urls
    ]


async def _restart(call: Call[None], side: Side) -> web.Response:
    """Trickled candidates: 204, as ours are all in the answer. A restart: 200 with our side."""
    claims = await _ticket(call, side)
    if call.request.content_type != FRAGMENT:
        raise UnsupportedMedia("request.media_type", "ICE 조각으로 보내 주세요.")
    tag = _tag(call.request)
    fragment = await _offer(call.request)
    restarted = await call[keys.MEDIA].restart(
        RoomKey(claims.room),
        PeerKey(claims.peer),
        fragment,
        session=call.path("resource"),
        tag=tag,
    )
    if restarted is None:
        return web.Response(status=204)
    return web.Response(
        text=restarted.fragment,
        content_type=FRAGMENT,
        headers={"ETag": f'"{restarted.tag}"', "Cache-Control": "no-store"},
    )


def _takes_sdp(request: web.Request) -> bool:
    accepted = request.headers.get("Accept", "*/*").lower()
    ranges = {each.partition(";")[0].strip() for each in accepted.split(",")}
    return bool(ranges & {SDP, "application/*", "*/*"})


def _tag(request: web.Request) -> str:
    """`*`, or the one entity tag; a weak one matches nothing (RFC 9110, 13.1.1)."""
    said = request.headers.get("If-Match")
    if said is None:
        raise Unconditional("media.no_if_match", "If-Match가 필요해요.")
    found = TAG.fullmatch(said)
    if found is None:
        raise Stale("media.stale_session", "그 사이에 연결이 바뀌었어요.")
    return found[1] if found[1] is not None else "*"


async def _leave(call: Call[None], side: Side) -> web.Response:
    """Ends this session only: one that was replaced is gone already and ends nobody else's."""
    claims = await _ticket(call, side)
    room, peer = RoomKey(claims.room), PeerKey(claims.peer)
    if not await call[keys.MEDIA].leave(room, peer, call.path("resource")):
        raise NotFound("media.no_resource", "그런 연결은 없어요.")
    return web.Response(status=200)


async def _ticket(call: Call[None], side: Side) -> TicketClaims:
    scheme, _, token = call.request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    claims = None
    if scheme.lower() == "bearer" and token and token.isascii():
        claims = await call[keys.TICKETS].resolve(token)
    if claims is None:
        raise Unauthenticated("auth.bad_token", "입장권이 없거나 지났어요.")
    if claims.room != f"live/{call.path('live')}" or claims.role not in ROLES[side]:
        raise Forbidden("auth.wrong_token", "다른 방송의 입장권이에요.")
    return claims


async def _offer(request: web.Request) -> str:
    try:
        return (await request.read()).decode()
    except UnicodeDecodeError:
        raise BadRequest("media.bad_offer", "SDP is not UTF-8") from None
