"""The composition root: builds every part once, hands it to those that need it, starts and stops
them in order. Nothing else in the application constructs services."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from functools import cache, partial

import structlog
from aiohttp import web

from wagu.ai.drafts import Drafts
from wagu.ai.service import Service
from wagu.app_cluster import build_cluster, join, leave, oversee, run_cluster
from wagu.bell import Bell
from wagu.cluster.arrivals import arrivals
from wagu.db.accounts import Accounts
from wagu.db.admins import Admins
from wagu.db.clusters import Clusters
from wagu.db.engine import Database
from wagu.db.export import Export
from wagu.db.feed import Feed
from wagu.db.footprint import Footprint
from wagu.db.identities import Identities
from wagu.db.lives import LiveRows
from wagu.db.members import MemberRows
from wagu.db.people import PeopleRows
from wagu.db.photos import PhotoRows
from wagu.db.places import PlaceRows
from wagu.db.posts import PostRows
from wagu.db.recordings import RecordingRows
from wagu.db.reports import Reports
from wagu.db.search import Search
from wagu.db.setup import SetupLink
from wagu.domain.turn import Turn
from wagu.ephemeral import open_store
from wagu.ephemeral.allowances import Allowances
from wagu.ephemeral.ballots import Ballots
from wagu.ephemeral.banned import BanList
from wagu.ephemeral.chats import Chats
from wagu.ephemeral.guest_list import GuestList
from wagu.ephemeral.locks import Locks
from wagu.ephemeral.restorations import Restorations
from wagu.ephemeral.sessions import Sessions
from wagu.ephemeral.share_maps import ShareMaps
from wagu.ephemeral.store import EphemeralStore
from wagu.ephemeral.tickets import Tickets
from wagu.images.photos import Photos
from wagu.media_backend.base import MediaBackend, RecordingLimits, unavailable
from wagu.media_backend.figures import GAUGES, totals
from wagu.places.choice import Access, provider_of
from wagu.places.directory import Directory
from wagu.places.provider import Provider as PlaceProvider
from wagu.realtime.crowd import Crowd
from wagu.realtime.endpoint import Endpoint
from wagu.realtime.hub import Hub
from wagu.recordings.keeper import Keeper
from wagu.recordings.objects import RecordingObjects
from wagu.settings import Settings
from wagu.sign_in.attempt import Attempts
from wagu.sign_in.gateway import Gateway
from wagu.sign_in.provider import Provider, providers_of
from wagu.web import keys
from wagu.web.admissions import Admissions
from wagu.web.album import Album
from wagu.web.client import find_client
from wagu.web.errors import errors
from wagu.web.farewell import Farewell
from wagu.web.handlers.config import product_version
from wagu.web.headers import security_headers
from wagu.web.metrics import Metrics
from wagu.web.observe import observe
from wagu.web.openapi import DOCUMENT, Document, document
from wagu.web.own_places import OwnPlaces
from wagu.web.pages import mount_client, pages
from wagu.web.passwords import Passwords
from wagu.web.pictures import Pictures
from wagu.web.rates import Rates, network_of
from wagu.web.route import mount
from wagu.web.routes import ROUTES
from wagu.web.stored import Stored
from wagu.web.viewers import ViewerCounts

log = structlog.get_logger("wagu.app")

LARGEST_BODY = 64 * 1024
"""Of any request: JSON and SDP are small, uploads come with their own way."""

PHOTO_LOCKED = 60.0
"""Seconds that a step between a photo's row and its files may take: it may be stored anew."""

DB = web.AppKey("db", Database)
STORE = web.AppKey("store", EphemeralStore)
HUB = web.AppKey("hub", Hub)
BELL = web.AppKey("bell", Bell)


def create_app(
    settings: Settings,
    *,
    clock: Callable[[], float] = time.time,
    backend: MediaBackend | None = None,
    providers: Sequence[Provider] | None = None,
) -> web.Application:
    """Everything, not started: aiohttp's start-up opens files, ports and connections."""
    app = web.Application(
        middlewares=[observe, errors, arrivals, pages], client_max_size=LARGEST_BODY
    )
    app[keys.SETTINGS] = settings
    app[keys.CLOCK] = clock
    app[STORE] = open_store(settings.redis_url, settings.data_dir, clock)
    build_cluster(app, settings, app[STORE], clock)
    _build_state(app, settings, clock)
    app[BELL] = bell = Bell(settings.own_dir)
    app[keys.MEDIA] = backend or _media(settings, bell.password, clock)
    _build_photos(app, settings, clock)
    _build_recordings(app, settings, clock)
    _build_drafts(app, settings)
    _build_directory(app, settings)
    chosen = providers_of(settings) if providers is None else providers
    app[keys.GATEWAY] = Gateway(chosen, clock)
    _build_web(app, settings)
    _build_realtime(app, settings, clock)
    oversee(app, settings, app[HUB])
    app.cleanup_ctx.extend((_run_state, partial(run_cluster, hub=app[HUB])))
    app.cleanup_ctx.extend((_run_photos, _run_drafts))
    # Media finishes its files when it closes, and the keeper closes after it.
    app.cleanup_ctx.extend((_run_keeper, _run_media))
    app.cleanup_ctx.extend((_run_gateway, _run_hub, _offer_setup))
    # Sockets are told before aiohttp waits for handlers, as theirs end only when they do.
    app.on_shutdown.append(_close_hub)
    app.on_response_prepare.append(_close_when_leaving)
    return app


def _build_state(app: web.Application, settings: Settings, clock: Callable[[], float]) -> None:
    app[DB] = db = Database(settings.database)
    store, bus = app[STORE], app[keys.BUS]
    app[keys.MEMBERS] = MemberRows(db)
    app[keys.ACCOUNTS] = Accounts(db)
    app[keys.ADMINS] = Admins(db)
    app[keys.IDENTITIES] = Identities(db)
    app[keys.EXPORT] = Export(db)
    app[keys.PEOPLE] = PeopleRows(db)
    app[keys.PLACES] = PlaceRows(db)
    app[keys.CLUSTERS] = Clusters(db)
    app[keys.POSTS] = PostRows(db)
    app[keys.FEED] = Feed(db)
    app[keys.SEARCH] = Search(db)
    app[keys.PHOTOS] = PhotoRows(db)
    app[keys.LIVES] = LiveRows(db)
    app[keys.RECORDINGS] = RecordingRows(db)
    app[keys.REPORTS] = Reports(db)
    app[keys.FOOTPRINT] = Footprint(db)
    app[keys.STORED] = Stored(settings.objects, clock)
    app[keys.SETUP] = SetupLink(db)
    app[keys.OFFER] = keys.Offer()
    app[keys.SESSIONS] = Sessions(store, clock)
    app[keys.ATTEMPTS] = Attempts(store)
    app[keys.RESTORATIONS] = Restorations(store)
    app[keys.SHARE_MAPS] = ShareMaps(store, clock)
    app[keys.TICKETS] = Tickets(store)
    app[keys.GUESTS] = GuestList(store)
    app[keys.BANS] = BanList(store, app[keys.SESSIONS])
    app[keys.TURN] = Turn(settings.turn_urls, settings.turn_secret, settings.turn_hours * 3600)
    app[keys.VIEWERS] = ViewerCounts(bus)
    app[keys.PICTURES] = Pictures(bus)
    app[keys.ADMISSIONS] = Admissions()


def _build_photos(app: web.Application, settings: Settings, clock: Callable[[], float]) -> None:
    def open_photos() -> Photos:
        return Photos.open(settings.objects, settings.own_dir / "scratch")

    uploads = settings.own_dir / "uploads"
    locked = partial(Locks(app[STORE]).locked, ttl=PHOTO_LOCKED)
    app[keys.ALBUM] = album = Album(app[keys.PHOTOS], open_photos, uploads, clock, locked)
    app[keys.FAREWELL] = Farewell(app[keys.ACCOUNTS], album, clock)


def _build_recordings(app: web.Application, settings: Settings, clock: Callable[[], float]) -> None:
    limits = RecordingLimits(
        settings.recording_hours * 3600, int(settings.recording_gigabytes * 1024**3)
    )
    app[keys.KEEPER] = Keeper(
        app[keys.RECORDINGS],
        app[keys.LIVES],
        app[keys.MEDIA],
        partial(RecordingObjects.open, settings.objects),
        folder=settings.own_dir.resolve() / "recordings",
        limits=limits,
        clock=clock,
        allowed=settings.recording == "on" and app[keys.MEDIA].capabilities.recording,
        ownership=app[keys.OWNERSHIP],
    )


def _build_drafts(app: web.Application, settings: Settings) -> None:
    service = None
    if settings.ai_base_url is not None:
        service = Service(
            base_url=settings.ai_base_url,
            model=settings.ai_model,
            api_key=settings.ai_api_key,
            vision=settings.ai_vision,
            timeout=settings.ai_timeout,
        )
    app[keys.DRAFTS] = Drafts(service)
    app[keys.DRAFTS_A_DAY] = Allowances(app[STORE], "drafts", settings.ai_daily_limit)


def _build_directory(app: web.Application, settings: Settings) -> None:
    outside = outside_places(settings)
    if outside is None:
        own = OwnPlaces(app[keys.SEARCH])
        app[keys.DIRECTORY] = Directory(own, time.monotonic, keep=False)
    else:
        app[keys.DIRECTORY] = Directory(outside, time.monotonic)


def outside_places(settings: Settings) -> PlaceProvider | None:
    """Who is asked for places that nobody here knows; None: nobody."""
    kind = settings.places_provider
    if kind == "own":
        return None
    access = Access(
        agent=f"wagu-book/{product_version()} ({settings.origin})",
        client_id=settings.places_client_id,
        key=settings.places_key,
        url=settings.places_url,
    )
    return provider_of(kind, access, time.monotonic)


def _build_web(app: web.Application, settings: Settings) -> None:
    app[keys.PASSWORDS] = Passwords()
    enabled = settings.rate_limits == "on"
    app[keys.RATES] = Rates(enabled=enabled, redis_url=settings.redis_url)
    app[keys.METRICS] = metrics = Metrics()
    app[keys.CLIENT] = client = find_client()
    checks: keys.Checks = {"database": app[DB].ping, "store": app[STORE].ping}
    app[keys.CHECKS] = checks
    # Chat, map and votes go on without a media server that is elsewhere.
    app[keys.SPARED] = frozenset() if settings.media == "embedded" else frozenset({"media"})
    describe: Callable[[], Document] = cache(
        partial(document, ROUTES, title=settings.name, version=product_version())
    )
    app[DOCUMENT] = describe
    media = app[keys.MEDIA]
    metrics.watch("wagu_media", lambda: totals(media.stats()), gauges=GAUGES)
    images = ("running", "waiting", "uploads")
    metrics.watch("wagu_images", app[keys.ALBUM].stats, gauges=images)
    metrics.watch("wagu_drafts", app[keys.DRAFTS].stats, gauges=("running",))
    mount(app, ROUTES)
    mount_client(app)
    app.on_response_prepare.append(security_headers(settings, client))
    if not client.is_complete:
        log.warning("x client incomplete: static/vendor is missing, run python hatch_build.py")


def _build_realtime(app: web.Application, settings: Settings, clock: Callable[[], float]) -> None:
    app[HUB] = hub = Hub(
        sessions=app[keys.SESSIONS],
        share_maps=app[keys.SHARE_MAPS],
        chats=Chats(app[STORE]),
        ballots=Ballots(app[STORE]),
        bans=app[keys.BANS],
        guests=app[keys.GUESTS],
        lives=app[keys.LIVES],
        places=app[keys.PLACES],
        media=app[keys.MEDIA],
        turn=app[keys.TURN],
        bus=app[keys.BUS],
        ownership=app[keys.OWNERSHIP],
        ways=app[keys.WAYS],
        clock=clock,
    )
    crowd = Crowd() if settings.rate_limits == "on" else None
    endpoint = Endpoint(hub, settings.public_url, partial(network_of, settings=settings), crowd)
    app.router.add_get("/ws", endpoint.handle)
    figures = ("sockets", "map_rooms", "live_rooms", "people")
    app[keys.METRICS].watch("wagu_realtime", hub.stats, gauges=figures)


def _media(settings: Settings, bell: str, clock: Callable[[], float]) -> MediaBackend:
    if settings.media == "embedded":
        return _embedded(settings, bell)
    # Its tokens alone take 60 ms to import.
    from wagu.media_backend.choice import elsewhere  # noqa: PLC0415 - see above

    return elsewhere(settings, clock)


def _embedded(settings: Settings, bell: str) -> MediaBackend:
    # 0.2 s and 10 MB: only a process that serves media pays for it.
    from media.sfu import SfuConfig  # noqa: PLC0415 - see above
    from wagu.media_backend.embedded import EmbeddedBackend  # noqa: PLC0415 - see above

    return EmbeddedBackend(
        SfuConfig(
            settings.host,
            settings.udp_port,
            announced=settings.media_addresses,
            tcp_port=settings.tcp_port,
            tcp_listen=settings.tcp_port != settings.port,
            snapshots=settings.snapshots,
            bell=bell,
            hls=settings.hls == "on",
        )
    )


async def _run_state(app: web.Application) -> AsyncIterator[None]:
    await app[DB].start()
    await app[STORE].start()
    yield
    app[keys.PASSWORDS].close()
    await app[keys.RATES].close()
    await app[STORE].close()
    await app[DB].close()


async def _run_photos(app: web.Application) -> AsyncIterator[None]:
    await app[keys.ALBUM].start()
    await app[keys.FAREWELL].start()
    yield
    await app[keys.FAREWELL].close()
    await app[keys.ALBUM].close()


async def _run_keeper(app: web.Application) -> AsyncIterator[None]:
    await app[keys.KEEPER].start()
    yield
    await app[keys.KEEPER].close()


async def _run_drafts(app: web.Application) -> AsyncIterator[None]:
    await app[keys.DRAFTS].start()
    yield
    await app[keys.DRAFTS].close()
    await app[keys.DIRECTORY].close()


async def _run_gateway(app: web.Application) -> AsyncIterator[None]:
    await app[keys.GATEWAY].start()
    yield
    await app[keys.GATEWAY].close()


async def _run_media(app: web.Application) -> AsyncIterator[None]:
    started = False

    async def check() -> None:
        if not started or not app[keys.MEDIA].answers:
            raise unavailable()

    app[keys.CHECKS]["media"] = check
    await app[keys.MEDIA].start()
    app[BELL].hang()
    started = True
    yield
    started = False
    app[BELL].take_down()
    await app[keys.MEDIA].close()


async def _run_hub(app: web.Application) -> AsyncIterator[None]:
    await app[HUB].start()
    await join(app)
    yield


async def _close_hub(app: web.Application) -> None:
    await app[HUB].close()


async def _offer_setup(app: web.Application) -> AsyncIterator[None]:
    """Without an admin: a fresh link at each start, for the greeting and no log."""
    token = await app[keys.SETUP].renew() if app[keys.SETTINGS].offers_setup else None
    if token is not None:
        app[keys.OFFER].url = f"{app[keys.SETTINGS].origin}/setup/{token}"
        log.info("= no admin yet: the greeting has the link that makes one")
    yield


async def leave_for_others(app: web.Application) -> None:
    """Before a stop that nobody shall notice: rooms and people go to other nodes, if there are."""
    await leave(app, app[HUB])


async def _close_when_leaving(request: web.Request, response: web.StreamResponse) -> None:
    """A proxy must not send its next request over a connection that is about to be closed."""
    if request.app[HUB].moves.leaving:
        response.force_close()
