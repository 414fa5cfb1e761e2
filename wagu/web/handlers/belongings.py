"""Take everything of one's own along, and bring saved places from elsewhere."""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Any, Final

from aiohttp import web
from pydantic import Field

from wagu.domain.account import Account
from wagu.domain.geojson import collection, parse
from wagu.domain.person import MemberId
from wagu.domain.place import NewPlace, Point
from wagu.errors import NotFound, TooLarge, UnsupportedMedia
from wagu.web import keys
from wagu.web.archive import Archive
from wagu.web.models import View
from wagu.web.route import JSON, Call

ZIP: Final = "application/zip"
GEOJSON: Final = "application/geo+json"
LARGEST = 5 * 1024 * 1024
AT_ONCE = 50  # places of one transaction: others write in between


class Imported(View):
    added: int
    known: Annotated[int, Field(description="of the same name at the same spot")]
    skipped: Annotated[int, Field(description="without a name or a point")]


async def export(call: Call[None]) -> web.StreamResponse:
    """profile.json, people.json, posts.json, lives.json, places.geojson, photos/<id>.jpg."""
    _, me = call.member
    account = await call[keys.ACCOUNTS].get(me)
    day = datetime.datetime.fromtimestamp(call.now, datetime.UTC).date()
    name = f"wagu-{account.member.username}-{day}.zip"
    response = web.StreamResponse(
        headers={
            "Content-Type": ZIP,
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        }
    )
    await response.prepare(call.request)
    with suppress(ConnectionError):  # whoever left gets the rest another time
        await _fill(call, me, account, Archive(response.write))
        await response.write_eof()
    return response


async def _fill(call: Call[None], me: MemberId, account: Account, archive: Archive) -> None:
    source = call[keys.EXPORT]
    await archive.add_json("profile.json", _profile(account))
    await archive.add_json("people.json", await source.people(me))
    await archive.add_json("lives.json", await source.lives(me))
    places: dict[NewPlace, None] = {}
    await archive.add_list("posts.json", _noting(source.posts(me), places))
    await archive.add_json("places.geojson", collection(places))
    async for photo, digest in source.photos(me):
        try:
            content = await call[keys.ALBUM].source(digest)
        except NotFound:
            continue  # forgotten since the list was read
        await archive.add_stored(f"photos/{photo}.jpg", content)
    await archive.close()


async def bring(call: Call[None]) -> Imported:
    """A GeoJSON file, such as Takeout's saved places; they join the places that all know."""
    _, me = call.member
    if call.request.content_type not in (GEOJSON, JSON):
        raise UnsupportedMedia("request.media_type", "GeoJSON 파일을 보내 주세요.")
    parsed = parse(await _body(call.request))
    added = 0
    for start in range(0, len(parsed.places), AT_ONCE):
        batch = parsed.places[start : start + AT_ONCE]
        added += await call[keys.PLACES].learn(batch, by=me, now=call.now)
    return Imported(added=added, known=len(parsed.places) - added, skipped=parsed.skipped)


async def _noting(
    batches: AsyncIterator[list[dict[str, Any]]], places: dict[NewPlace, None]
) -> AsyncIterator[list[dict[str, Any]]]:
    async for batch in batches:
        for one in batch:
            where = one["place"]
            at = Point(*where["at"])
            places[NewPlace(where["name"], at, where["category"], where["address"])] = None
        yield batch


def _profile(account: Account) -> dict[str, Any]:
    return {
        "username": account.member.username,
        "name": account.member.name,
        "bio": account.bio,
        "photo": None if account.photo is None else f"photos/{account.photo}.jpg",
        "created_at": account.created_at,
        "sign_ins": [one.provider for one in account.identities],
    }


async def _body(request: web.Request) -> bytes:
    content = bytearray()
    async for piece in request.content.iter_any():
        content += piece
        if len(content) > LARGEST:
            raise TooLarge("import.too_large", "파일이 너무 커요.")
    return bytes(content)
