"""The part of the composition root that is about other nodes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial

import structlog
from aiohttp import web

from wagu.bus import LocalBus
from wagu.cluster.address import own_url
from wagu.cluster.arrivals import PASSPORTS
from wagu.cluster.cluster import Cluster, Duties
from wagu.cluster.node import Beat, Node
from wagu.cluster.overview import Overview
from wagu.cluster.ownership import Alone
from wagu.cluster.passport import Passports
from wagu.cluster.ways import Ways
from wagu.ephemeral.leases import Leases
from wagu.ephemeral.store import EphemeralStore
from wagu.errors import Unavailable
from wagu.media_backend.base import MediaBackend, MediaEvent, RoomKey
from wagu.realtime.hub import Hub
from wagu.settings import Settings
from wagu.web import keys
from wagu.web.handlers.config import product_version

log = structlog.get_logger("wagu.cluster")

MOVE_WITHIN = 1.0
"""Seconds over which people are told to move, at most; each asks within half a second more."""
FOLLOW_WITHIN = 4.0
"""Seconds that media stays for those who have not moved yet."""

CLUSTER = web.AppKey("cluster", Cluster)


def build_cluster(
    app: web.Application, settings: Settings, store: EphemeralStore, clock: Callable[[], float]
) -> None:
    """Whoever shares a Redis shares the rooms; who has none is alone."""
    shared = settings.redis_url
    me = Node.new(settings.node_url or own_url(shared or "", settings.port))
    app[PASSPORTS] = passports = Passports(None if shared is None else store, clock)
    app[keys.WAYS] = Ways(me.id, passports, clock)
    if shared is None:
        app[keys.OWNERSHIP], app[keys.BUS] = Alone(), LocalBus()
        return
    from wagu.cluster.wire import RedisWire  # noqa: PLC0415 - 150 ms that memory need not pay

    app[CLUSTER] = cluster = Cluster(
        me,
        settings.role,
        RedisWire(shared),
        partial(Leases, store),
        version=product_version(),
    )
    app[keys.OWNERSHIP], app[keys.BUS] = cluster.ownership, cluster.bus


def oversee(app: web.Application, settings: Settings, hub: Hub) -> None:
    """What admins are told of all nodes; a process alone is one."""
    cluster = app.get(CLUSTER)
    if cluster is not None:
        app[keys.OVERVIEW] = Overview(cluster.beat, cluster.nodes, hub.people)
        return
    me, version = Node.new(settings.node_url or own_url("", settings.port)), product_version()

    def own() -> Beat:
        takes, rooms = not hub.moves.leaving, len(hub.people())
        return Beat(me, "all", takes, rooms, len(hub.delivery.clients()), version)

    app[keys.OVERVIEW] = Overview(own, None, hub.people)


async def run_cluster(app: web.Application, hub: Hub) -> AsyncIterator[None]:
    """Hears the others from the start; is heard from `join` on."""
    await app[PASSPORTS].start()
    await app[keys.WAYS].start()
    cluster = app.get(CLUSTER)
    if cluster is not None:
        await cluster.listen(_duties(hub, app[PASSPORTS]))
    yield
    if cluster is not None:
        await cluster.close()
    await app[keys.WAYS].close()


async def leave(app: web.Application, hub: Hub) -> None:
    """Give all rooms to the other nodes, and everybody in them a moment to follow. Nothing happens
    where there is no other node that takes rooms."""
    cluster = app.get(CLUSTER)
    if cluster is None or cluster.nodes.roomier() is None:
        return
    log.info("= leaving", rooms=cluster.ownership.rooms)
    app[keys.CHECKS]["staying"] = _is_leaving
    try:
        rooms = [RoomKey(room) for room in await cluster.leave()]
    except Unavailable as away:
        log.warning("x leases are left to expire", code=away.code)
        rooms = []
    await hub.moves.out_of_here(MOVE_WITHIN)
    try:
        await asyncio.wait_for(_are_left(app[keys.MEDIA], rooms), FOLLOW_WITHIN)
    except TimeoutError:
        log.info("= some stayed", rooms=sum(app[keys.MEDIA].has_room(each) for each in rooms))


async def _is_leaving() -> None:
    raise Unavailable("server.leaving", "이 서버는 곧 멈춰요. 다른 서버가 이어받아요.")


async def _are_left(media: MediaBackend, rooms: list[RoomKey]) -> None:
    loop, left = asyncio.get_running_loop(), asyncio.Event()

    def look() -> None:
        if not any(media.has_room(room) for room in rooms):
            left.set()

    def look_soon(_event: MediaEvent) -> None:
        loop.call_soon(look)  # a room is there until all are told of its last peer

    media.listen(look_soon)
    look()
    await left.wait()


async def join(app: web.Application) -> None:
    """Once everything is ready."""
    if (cluster := app.get(CLUSTER)) is not None:
        await cluster.join()


def _duties(hub: Hub, passports: Passports) -> Duties:
    return Duties(
        is_used=lambda room: hub.is_used(RoomKey(room)),
        used=lambda: [room.key for room in hub.rooms.all()],
        lost=lambda room: hub.move_out(RoomKey(room)),
        adopt=hub.adopt,
        keep=passports.keep,
        catch_up=hub.catch_up,
        sockets=lambda: len(hub.delivery.clients()),
    )
