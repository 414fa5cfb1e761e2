"""What the client must know before it draws anything."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from wagu.domain.ballot import NOMINEES_MAX
from wagu.domain.draft import PHOTOS_MAX
from wagu.settings import Settings
from wagu.web import keys
from wagu.web.models import LatLng, View
from wagu.web.route import Call

PYPROJECT = Path(__file__).resolve().parents[3] / "pyproject.toml"
DEEPEST_RASTER_ZOOM = 19
DEEPEST_VECTOR_ZOOM = 20  # a PMTiles file is drawn, so its last level can be magnified


class Tiles(View):
    kind: Literal["none", "raster", "pmtiles"]
    url: str | None
    attribution: str
    max_zoom: int


class Media(View):
    kind: Literal["embedded", "openvidu2", "livekit"]
    slots: Annotated[int, Field(description="voices heard at once; 0: all")]
    simulcast: bool
    negotiation: Annotated[
        Literal["sdp", "token"],
        Field(description="token: media is at another server, which a ticket opens"),
    ]
    mute: Annotated[bool, Field(description="whoever is muted is silenced by the server")]


class SignIn(View):
    """A button that leads to /auth/{provider}/start."""

    provider: str
    name: str


class DraftsView(View):
    ai: Annotated[bool, Field(description="false: a template writes them")]
    vision: Annotated[bool, Field(description="photos are looked at, by whom the host has chosen")]
    photos_max: int


class PlaceSearch(View):
    """Who answers /api/places/external; `own`: nobody outside."""

    provider: str
    attribution: Annotated[str, Field(description="to be shown beside the places")]
    as_you_type: Annotated[bool, Field(description="false: only when asked to")]


class ConfigView(View):
    name: str
    version: str
    tiles: Tiles
    center: LatLng
    zoom: float
    nominees_max: int
    media: Media
    signup_open: bool
    recordings: Annotated[bool, Field(description="hosts may have their lives recorded")]
    drafts: DraftsView
    place_search: PlaceSearch
    sign_in: Annotated[list[SignIn], Field(description="elsewhere, besides with a password")]


async def show(call: Call[None]) -> ConfigView:
    settings, capabilities = call[keys.SETTINGS], call[keys.MEDIA].capabilities
    return ConfigView(
        name=settings.name,
        version=product_version(),
        tiles=_tiles(settings),
        center=settings.map_center,
        zoom=settings.map_zoom,
        nominees_max=NOMINEES_MAX,
        media=Media(
            kind=capabilities.kind,
            slots=capabilities.slots,
            simulcast=capabilities.simulcast,
            negotiation=capabilities.negotiation,
            mute=capabilities.mute,
        ),
        signup_open=settings.signup == "open",
        recordings=call[keys.KEEPER].allowed,
        drafts=_drafts(call),
        place_search=_place_search(call),
        sign_in=[
            SignIn(provider=one.key, name=one.name) for one in call[keys.GATEWAY].providers.values()
        ],
    )


def _drafts(call: Call[None]) -> DraftsView:
    drafts = call[keys.DRAFTS]
    return DraftsView(ai=drafts.by_ai, vision=drafts.sees_photos, photos_max=PHOTOS_MAX)


def _place_search(call: Call[None]) -> PlaceSearch:
    asked = call[keys.DIRECTORY].provider
    return PlaceSearch(
        provider=asked.name, attribution=asked.attribution, as_you_type=asked.as_you_type
    )


def product_version() -> str:
    """Of the installed package, or of the checkout that this is."""
    try:
        return version("wagu-book")
    except PackageNotFoundError:
        project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
        return str(project["version"])


def _tiles(settings: Settings) -> Tiles:
    attribution = settings.tile_attribution
    if settings.pmtiles is not None:
        return Tiles(
            kind="pmtiles",
            url="/tiles/map.pmtiles",
            attribution=attribution,
            max_zoom=DEEPEST_VECTOR_ZOOM,
        )
    if settings.tile_url is not None:
        return Tiles(
            kind="raster",
            url=settings.tile_url,
            attribution=attribution,
            max_zoom=DEEPEST_RASTER_ZOOM,
        )
    return Tiles(kind="none", url=None, attribution="", max_zoom=DEEPEST_RASTER_ZOOM)
