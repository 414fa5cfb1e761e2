"""Photon (github.com/komoot/photon): search as you type over OpenStreetMap; answers in GeoJSON."""

from __future__ import annotations

import msgspec

from wagu.domain.place import Point
from wagu.places.categories import by_osm_tag
from wagu.places.fetch import Fetch, rows
from wagu.places.provider import FOUND_MAX, Found, found

URL = "https://photon.komoot.io"


class _Geometry(msgspec.Struct, frozen=True):
    coordinates: tuple[float, float]  # longitude, latitude


class _Properties(msgspec.Struct, frozen=True):
    name: str
    osm_value: str = ""
    state: str = ""
    city: str = ""
    district: str = ""
    street: str = ""
    housenumber: str = ""


class _Feature(msgspec.Struct, frozen=True):
    geometry: _Geometry
    properties: _Properties


class Photon:
    name = "photon"
    attribution = "© OpenStreetMap contributors"
    as_you_type = True

    def __init__(self, agent: str, url: str | None = None) -> None:
        self._fetch = Fetch({"User-Agent": agent})
        self._url = f"{url or URL}/api"

    async def search(self, text: str, near: Point | None) -> list[Found]:
        params = {"q": text, "limit": str(FOUND_MAX)}
        if near is not None:
            params |= {"lat": f"{near.lat:.5f}", "lon": f"{near.lng:.5f}"}
        answer = await self._fetch.json(self._url, params)
        return [one for row in rows(answer, "features", _Feature) for one in _found(row)]

    async def close(self) -> None:
        await self._fetch.close()


def _found(row: _Feature) -> list[Found]:
    lng, lat = row.geometry.coordinates
    said = row.properties
    parts = (said.state, said.city, said.district, said.street, said.housenumber)
    address = " ".join(dict.fromkeys(part for part in parts if part))
    return list(found(said.name, lat, lng, by_osm_tag(said.osm_value), address))
