"""How much room everything takes, for admins: the database, objects by kind, each recording."""

from __future__ import annotations

import asyncio
import shutil
from typing import Annotated, Literal

from pydantic import Field

from wagu.db.keyset import LiveMark
from wagu.db.recordings import Kept
from wagu.web import keys
from wagu.web.handlers.feed import Limit
from wagu.web.models import Millis, Query, View, millis
from wagu.web.route import Call
from wagu.web.stored import Pile

PER_PAGE = 30
Bytes = Annotated[int, Field(description="bytes")]


class PileView(View):
    count: Annotated[
        int, Field(description="objects: a photo is several, a recording one per 8 MB")
    ]
    size: Bytes


class DiskView(View):
    free: Bytes
    total: Bytes


class StorageView(View):
    database: Literal["sqlite", "postgresql"]
    database_size: Bytes
    objects: Literal["folder", "bucket"]
    photos: PileView
    recordings: PileView
    counted_at: Annotated[Millis, Field(description="objects are counted once a minute at most")]
    disk: Annotated[
        DiskView | None, Field(description="of the data directory, if anything of this is there")
    ]


class RecordingsQuery(Query):
    limit: Limit = PER_PAGE
    after: Annotated[str | None, Field(max_length=60, description="`next` of the page before")] = (
        None
    )


class KeptView(View):
    id: str
    live: str
    title: str
    host: Annotated[str, Field(description="username")]
    size: Bytes
    seconds: float | None
    created_at: Millis


class KeptRecordings(View):
    """The newest first; those that are still being made are not among them."""

    recordings: list[KeptView]
    next: Annotated[str | None, Field(description="`after` of the next page")]


async def show(call: Call[None]) -> StorageView:
    settings = call[keys.SETTINGS]
    database, size = await call[keys.FOOTPRINT].measure()
    counted = await call[keys.STORED].count()
    objects_are_here = settings.objects.folder is not None
    disk = None
    if objects_are_here or database == "sqlite":
        usage = await asyncio.to_thread(shutil.disk_usage, settings.data_dir)
        disk = DiskView(free=usage.free, total=usage.total)
    return StorageView(
        database=database,
        database_size=size,
        objects="folder" if objects_are_here else "bucket",
        photos=_pile(counted.photos),
        recordings=_pile(counted.recordings),
        counted_at=millis(counted.at),
        disk=disk,
    )


async def recordings(call: Call[RecordingsQuery]) -> KeptRecordings:
    said = call.input.after
    after = None if said is None else LiveMark.read(said)
    page = await call[keys.RECORDINGS].page(after=after, limit=call.input.limit)
    end = None if page.next is None else str(page.next)
    return KeptRecordings(recordings=[_kept(one) for one in page.recordings], next=end)


def _pile(pile: Pile) -> PileView:
    return PileView(count=pile.count, size=pile.size)


def _kept(kept: Kept) -> KeptView:
    recording = kept.recording
    return KeptView(
        id=recording.id,
        live=recording.live,
        title=kept.title,
        host=kept.host,
        size=recording.size,
        seconds=recording.seconds,
        created_at=millis(recording.created_at),
    )
