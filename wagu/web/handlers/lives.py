"""Lives: announce one, find those that are on, get a ticket for the media, end it, look back."""

from __future__ import annotations

import secrets
from typing import Annotated, Any, Literal

from pydantic import Field

from wagu.bus import LiveCreated, LiveEnded
from wagu.db.keyset import LiveMark
from wagu.db.lives import LivePage, LiveScope
from wagu.domain.key import LARGEST_ID
from wagu.domain.live import Host, Live, LiveId, LiveState, live_id, live_title
from wagu.domain.people import addressed
from wagu.domain.person import Person, PersonId
from wagu.domain.place import PlaceId, place_id
from wagu.domain.recording import RecordingId
from wagu.domain.turn import IceServer
from wagu.ephemeral.banned import Visitor
from wagu.ephemeral.tickets import TicketClaims
from wagu.errors import Forbidden, Gone, Unauthenticated
from wagu.media_backend.base import PeerKey, Role, RoomKey, no_hls
from wagu.web import keys
from wagu.web.handlers.photos import photo_url
from wagu.web.handlers.places import PlaceView
from wagu.web.handlers.recordings import recording_url
from wagu.web.identity import session_token
from wagu.web.models import Body, Millis, Query, View, millis
from wagu.web.rates import network_of
from wagu.web.route import Call

TICKET_TTL = 12 * 3600.0
"""A ticket also ends what it began, so it outlives any one evening; the live itself ends it."""


PER_PAGE = 20


class NewLive(Body):
    title: str
    place_id: Annotated[int | None, Field(ge=1, le=LARGEST_ID)] = None
    record: Annotated[bool, Field(description="keep its video; viewers are told")] = False


class LivesQuery(Query):
    after: Annotated[str | None, Field(max_length=60, description="`next` of the page before")] = (
        None
    )
    limit: Annotated[int, Field(ge=1, le=50)] = PER_PAGE


class OnAirQuery(LivesQuery):
    scope: LiveScope = LiveScope.EVERYONE


class HostView(View):
    id: str
    name: str
    username: str
    photo: Annotated[str | None, Field(description="address of a small picture of their face")]

    @classmethod
    def of(cls, host: Host) -> HostView:
        return cls(
            id=host.id,
            name=host.name,
            username=host.username,
            photo=None if host.photo is None else photo_url(host.photo),
        )


class LiveView(View):
    id: str
    title: str
    host: HostView
    place: PlaceView | None
    state: LiveState
    viewers: int
    peak_viewers: int
    started_at: Millis | None
    ended_at: Millis | None
    recorded: Annotated[bool, Field(description="its host wants it recorded")]
    recording: Annotated[str | None, Field(description="address of its video, once it is there")]
    snapshot: Annotated[str | None, Field(description="address of a picture of it, while it is on")]


class OneLive(View):
    live: LiveView


class Lives(View):
    lives: list[LiveView]
    next: Annotated[str | None, Field(description="`after` of the next page")]


class TicketRequest(Body):
    role: Annotated[
        Literal["publish", "guest", "watch"],
        Field(description="guest: to publish beside the host, who invited them"),
    ]
    via: Annotated[
        Literal["webrtc", "hls"] | None,
        Field(description="how one watches already, or the only way that one can"),
    ] = None


class IceServerView(View):
    urls: list[str]
    username: str
    credential: str

    @classmethod
    def of(cls, server: IceServer) -> IceServerView:
        return cls(urls=list(server.urls), username=server.username, credential=server.credential)


class TicketView(View):
    kind: Annotated[
        Literal["embedded", "openvidu2", "livekit", "hls"],
        Field(
            description="hls: `url` is a playlist for anybody who sees the live; livekit and "
            "openvidu2: `url` and `token` are that server's"
        ),
    ]
    url: str
    token: Annotated[str, Field(description="none for HLS")]
    expires_at: Millis
    ice_servers: Annotated[
        list[IceServerView], Field(description="TURN servers, as an RTCPeerConnection takes them")
    ]


async def index(call: Call[OnAirQuery]) -> Lives:
    scope, viewer = call.input.scope, call.viewer
    if scope is LiveScope.FOLLOWING:
        _, viewer = call.member
    after, limit = _mark(call.input), call.input.limit
    found = await call[keys.LIVES].on(scope, viewer=viewer, after=after, limit=limit)
    return _lives(call, found)


async def of_member(call: Call[LivesQuery]) -> Lives:
    """Their lives that are on, and those that were."""
    username = addressed(call.path("username"))
    host = (await call[keys.PEOPLE].profile(username, call.viewer)).someone.id
    after, limit = _mark(call.input), call.input.limit
    found = await call[keys.LIVES].by(host, viewer=call.viewer, after=after, limit=limit)
    return _lives(call, found)


async def of_place(call: Call[LivesQuery]) -> Lives:
    """The lives from there that are on, and those that were."""
    place = await call[keys.PLACES].get(place_id(call.path("id")))
    after, limit = _mark(call.input), call.input.limit
    found = await call[keys.LIVES].at(place.id, viewer=call.viewer, after=after, limit=limit)
    return _lives(call, found)


async def create(call: Call[NewLive]) -> OneLive:
    _, member_id = call.member
    place = call.input.place_id
    live = await call[keys.LIVES].create(
        host=member_id,
        title=live_title(call.input.title),
        place_id=None if place is None else PlaceId(place),
        now=call.now,
        recorded=call.input.record and call[keys.KEEPER].allowed,
    )
    call[keys.BUS].publish(LiveCreated(live.id))
    return OneLive(live=live_view(call, live))


async def show(call: Call[None]) -> OneLive:
    return OneLive(live=live_view(call, await _live(call)))


async def end(call: Call[None]) -> None:
    """Idempotent. Whoever listens on the bus closes the rooms."""
    person, _ = call.member
    # An admin need not see it: somebody who did complained.
    live = await (call[keys.LIVES].get(_id(call)) if person.admin else _live(call))
    if live.host.id != person.id and not person.admin:
        raise _not_host()
    if await call[keys.LIVES].set_state(live.id, LiveState.ENDED, call.now):
        by_host = live.host.id == person.id
        call[keys.BUS].publish(LiveEnded(live.id, "by_host" if by_host else "by_admin"))


async def ticket(call: Call[TicketRequest]) -> TicketView:
    live, role = await _live(call), call.input.role
    if live.state is LiveState.ENDED:
        raise live_ended()
    person, room = call.person, f"live/{live.id}"
    await call[keys.BANS].check(room, visitor_of(call))
    if role == "publish":
        if person is None or person.id != live.host.id:
            raise _not_host()
        # One publisher a live: a host who reloads replaces their former self.
        peer = f"{person.id}:publish"
    elif role == "guest":
        if person is None:
            raise Unauthenticated("auth.required", "먼저 들어와 주세요.")
        await call[keys.GUESTS].check(room, person.id)
        peer = f"{person.id}:stage"
    elif _by_hls(call, live.id):
        expires_at = millis(call.now + TICKET_TTL)
        url = f"/api/lives/{live.id}/hls/index.m3u8"
        return TicketView(kind="hls", url=url, token="", expires_at=expires_at, ice_servers=[])
    else:
        person = person or _viewer()
        peer = f"{person.id}:{secrets.token_urlsafe(9)}"
    if call[keys.MEDIA].capabilities.negotiation == "token":
        return await _granted(call, RoomKey(room), PeerKey(peer), role)
    claims = TicketClaims(room=room, role=role, person=person, peer=peer)
    token = await call[keys.TICKETS].issue(claims, TICKET_TTL)
    return TicketView(
        kind=call[keys.MEDIA].capabilities.kind,
        url=f"/{'whep' if role == 'watch' else 'whip'}/{live.id}",
        token=token,
        expires_at=millis(call.now + TICKET_TTL),
        ice_servers=[
            IceServerView.of(server) for server in call[keys.TURN].servers(person.id, call.now)
        ],
    )


async def _granted(
    call: Call[TicketRequest], room: RoomKey, peer: PeerKey, role: Role
) -> TicketView:
    """The media server's own token; it knows its TURN servers, too."""
    grant = await call[keys.MEDIA].grant(room, peer, role)
    return TicketView(
        kind=call[keys.MEDIA].capabilities.kind,
        url=grant.url,
        token=grant.token,
        expires_at=millis(grant.expires_at),
        ice_servers=[],
    )


def _by_hls(call: Call[TicketRequest], live: LiveId) -> bool:
    """Whoever comes when many watch already gets HLS; who is there keeps what they have. A live
    that cannot be had by HLS is better watched with many than not at all."""
    room, via, after = RoomKey(f"live/{live}"), call.input.via, call[keys.SETTINGS].hls_after
    has_hls = call[keys.MEDIA].has_hls(room)
    if via == "hls" and not has_hls:
        raise no_hls()
    crowded = after > 0 and call[keys.MEDIA].viewers(room) >= after
    return via == "hls" or (via is None and has_hls and crowded)


def live_ended() -> Gone:
    return Gone("live.ended", "끝난 방송이에요.")


async def _live(call: Call[object]) -> Live:
    return await call[keys.LIVES].seen(_id(call), call.viewer)


def _id(call: Call[object]) -> LiveId:
    return live_id(call.path("id"))


def _mark(query: LivesQuery) -> LiveMark | None:
    return None if query.after is None else LiveMark.read(query.after)


def _lives(call: Call[object], page: LivePage) -> Lives:
    views = [live_view(call, live) for live in page.lives]
    return Lives(lives=views, next=None if page.next is None else str(page.next))


def _viewer() -> Person:
    return Person(PersonId(f"v_{secrets.token_urlsafe(9)}"), "viewer", "")


def visitor_of(call: Call[Any]) -> Visitor:
    """The sender as a room's door sees them."""
    network = network_of(call.request, call[keys.SETTINGS])
    return Visitor(call.person or _viewer(), network, session_token(call.request))


def _not_host() -> Forbidden:
    return Forbidden("live.not_host", "방송을 시작한 사람만 할 수 있어요.")


def _recording(live: Live) -> str | None:
    if live.recording is None or live.state is not LiveState.ENDED:
        return None
    return recording_url(live.id, RecordingId(live.recording))


def snapshot_of(call: Call[Any], live: LiveId) -> str | None:
    """The address of the newest picture of it, while there is one."""
    number = call[keys.PICTURES].of(live)
    return None if number is None else f"/api/lives/{live}/snapshot.webp?n={number}"


def live_view(call: Call[object], live: Live) -> LiveView:
    viewers = call[keys.VIEWERS].of(live.id)
    return LiveView(
        id=live.id,
        title=live.title,
        host=HostView.of(live.host),
        place=None if live.place is None else PlaceView.of(live.place),
        state=live.state,
        viewers=viewers,
        peak_viewers=max(live.peak_viewers, viewers),
        started_at=None if live.started_at is None else millis(live.started_at),
        ended_at=None if live.ended_at is None else millis(live.ended_at),
        recorded=live.recorded,
        recording=_recording(live),
        snapshot=None if live.state is LiveState.ENDED else snapshot_of(call, live.id),
    )
