"""Where the composition root puts what handlers need; `call[keys.MEMBERS]` takes it out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from wagu.ai.drafts import Drafts
from wagu.bus import Bus
from wagu.cluster.overview import Overview
from wagu.cluster.ownership import Ownership
from wagu.cluster.ways import Ways
from wagu.db.accounts import Accounts
from wagu.db.admins import Admins
from wagu.db.clusters import Clusters
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
from wagu.ephemeral.allowances import Allowances
from wagu.ephemeral.banned import BanList
from wagu.ephemeral.guest_list import GuestList
from wagu.ephemeral.restorations import Restorations
from wagu.ephemeral.sessions import Sessions
from wagu.ephemeral.share_maps import ShareMaps
from wagu.ephemeral.tickets import Tickets
from wagu.media_backend.base import MediaBackend
from wagu.places.directory import Directory
from wagu.recordings.keeper import Keeper
from wagu.settings import Settings
from wagu.sign_in.attempt import Attempts
from wagu.sign_in.gateway import Gateway
from wagu.web.admissions import Admissions
from wagu.web.album import Album
from wagu.web.client import Client
from wagu.web.farewell import Farewell
from wagu.web.metrics import Metrics
from wagu.web.passwords import Passwords
from wagu.web.pictures import Pictures
from wagu.web.rates import Rates
from wagu.web.stored import Stored
from wagu.web.viewers import ViewerCounts

Clock = Callable[[], float]
"""Seconds since the Unix epoch."""

Check = Callable[[], Awaitable[None]]
"""What /readyz asks: a check that raises says that this part is not ready."""

Checks = dict[str, Check]
Spared = frozenset[str]
"""Parts without which the rest goes on: they are told, and the process stays ready."""


@dataclass
class Offer:
    """What the start has to tell whoever started it: the link that makes the first admin."""

    url: str | None = None


SETTINGS = web.AppKey("settings", Settings)
CLOCK: web.AppKey[Clock] = web.AppKey("clock")
BUS = web.AppKey("bus", Bus)
OWNERSHIP = web.AppKey("ownership", Ownership)
WAYS = web.AppKey("ways", Ways)
OVERVIEW = web.AppKey("overview", Overview)
MEMBERS = web.AppKey("members", MemberRows)
ACCOUNTS = web.AppKey("accounts", Accounts)
ADMINS = web.AppKey("admins", Admins)
IDENTITIES = web.AppKey("identities", Identities)
EXPORT = web.AppKey("export", Export)
PEOPLE = web.AppKey("people", PeopleRows)
PLACES = web.AppKey("places", PlaceRows)
CLUSTERS = web.AppKey("clusters", Clusters)
POSTS = web.AppKey("posts", PostRows)
FEED = web.AppKey("feed", Feed)
SEARCH = web.AppKey("search", Search)
PHOTOS = web.AppKey("photos", PhotoRows)
ALBUM = web.AppKey("album", Album)
FAREWELL = web.AppKey("farewell", Farewell)
LIVES = web.AppKey("lives", LiveRows)
RECORDINGS = web.AppKey("recordings", RecordingRows)
REPORTS = web.AppKey("reports", Reports)
FOOTPRINT = web.AppKey("footprint", Footprint)
STORED = web.AppKey("stored", Stored)
KEEPER = web.AppKey("keeper", Keeper)
SETUP = web.AppKey("setup", SetupLink)
OFFER = web.AppKey("offer", Offer)
SESSIONS = web.AppKey("sessions", Sessions)
ATTEMPTS = web.AppKey("attempts", Attempts)
GATEWAY = web.AppKey("gateway", Gateway)
RESTORATIONS = web.AppKey("restorations", Restorations)
SHARE_MAPS = web.AppKey("share_maps", ShareMaps)
GUESTS = web.AppKey("guests", GuestList)
BANS = web.AppKey("bans", BanList)
TICKETS = web.AppKey("tickets", Tickets)
TURN = web.AppKey("turn", Turn)
DIRECTORY = web.AppKey("directory", Directory)
DRAFTS = web.AppKey("drafts", Drafts)
DRAFTS_A_DAY = web.AppKey("drafts_a_day", Allowances)
MEDIA = web.AppKey("media", MediaBackend)
PASSWORDS = web.AppKey("passwords", Passwords)
RATES = web.AppKey("rates", Rates)
ADMISSIONS = web.AppKey("admissions", Admissions)
PICTURES = web.AppKey("pictures", Pictures)
VIEWERS = web.AppKey("viewers", ViewerCounts)
METRICS = web.AppKey("metrics", Metrics)
CHECKS = web.AppKey("checks", Checks)
SPARED = web.AppKey("spared", Spared)
CLIENT = web.AppKey("client", Client)
