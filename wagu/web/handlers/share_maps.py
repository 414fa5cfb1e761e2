"""Shared maps: make a link, resolve it, end it."""

from __future__ import annotations

from wagu.bus import ShareMapEnded
from wagu.domain.share_map import share_map_title
from wagu.ephemeral.share_maps import ShareMap
from wagu.errors import Forbidden
from wagu.web import keys
from wagu.web.models import Body, Millis, PersonRefView, View, millis
from wagu.web.origin import public_origin
from wagu.web.route import Call


class NewShareMap(Body):
    title: str | None = None
    require_account: bool = False


class ShareMapView(View):
    id: str
    url: str
    title: str
    host: PersonRefView
    require_account: bool
    expires_at: Millis


class OneShareMap(View):
    share_map: ShareMapView


class ShareMaps(View):
    share_maps: list[ShareMapView]


async def create(call: Call[NewShareMap]) -> OneShareMap:
    host, _ = call.member
    title = share_map_title(call.input.title, host.name)
    share_map = await call[keys.SHARE_MAPS].create(host, title, call.input.require_account)
    return OneShareMap(share_map=_view(call, share_map))


async def show(call: Call[None]) -> OneShareMap:
    """Looking does not keep a map alive; being in it does."""
    share_map = await call[keys.SHARE_MAPS].get(call.path("id"))
    return OneShareMap(share_map=_view(call, share_map))


async def mine(call: Call[None]) -> ShareMaps:
    host, _ = call.member
    hosted = await call[keys.SHARE_MAPS].hosted_by(host.id)
    return ShareMaps(share_maps=[_view(call, share_map) for share_map in hosted])


async def end(call: Call[None]) -> None:
    """Idempotent, as DELETE is (RFC 9110 §9.2.2): an answer that was lost is asked for again."""
    person, _ = call.member
    share_map = await call[keys.SHARE_MAPS].recall(call.path("id"))
    if share_map.host.id != person.id and not person.admin:
        raise Forbidden("share_map.not_host", "방장만 지도를 닫을 수 있어요.")
    if share_map.ended_at is not None:
        return
    await call[keys.SHARE_MAPS].end(share_map.id)
    call[keys.BUS].publish(ShareMapEnded(share_map.id))


def _view(call: Call[object], share_map: ShareMap) -> ShareMapView:
    return ShareMapView(
        id=share_map.id,
        url=f"{public_origin(call.request, call[keys.SETTINGS])}/map/{share_map.id}",
        title=share_map.title,
        host=PersonRefView.of(share_map.host),
        require_account=share_map.require_account,
        expires_at=millis(share_map.expires_at),
    )
