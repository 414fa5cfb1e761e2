"""The part of the composition root that is about other nodes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from functools import partial

from aiohttp import web

from wagu.bus import LocalBus
from wagu.cluster.address import own_url
from wagu.cluster.arrivals import PASSPORTS
from wagu.cluster.cluster import Cluster, Duties
from wagu.cluster.node import Node
from wagu.cluster.ownership import Alone
from wagu.cluster.passport import Passports
from wagu.cluster.ways import Ways
from wagu.ephemeral.leases import Leases
from wagu.ephemeral.store import EphemeralStore
from wagu.media_backend.base import RoomKey
from wagu.realtime.hub import Hub
from wagu.settings import Settings
from wagu.web import keys
from wagu.web.handlers.config import product_version

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


async def run_cluster(app: web.Application, hub: Hub) -> AsyncIterator[None]:
    """Hears the others from the start; is heard from `join` on."""
    await app[PASSPORTS].start()
    await app[keys.WAYS].start()
    cluster = app.get(CLUSTER)
    if cluster is not None:
        await cluster.listen(_duties(hub))
    yield
    if cluster is not None:
        await cluster.close()
    await app[keys.WAYS].close()


async def join(app: web.Application) -> None:
    """Once everything is ready."""
    if (cluster := app.get(CLUSTER)) is not None:
        await cluster.join()


def _duties(hub: Hub) -> Duties:
    return Duties(
        is_used=lambda room: hub.is_used(RoomKey(room)),
        lost=lambda room: hub.move_out(RoomKey(room)),
        adopt=hub.adopt,
        catch_up=hub.catch_up,
        sockets=lambda: len(hub.delivery.clients()),
    )
