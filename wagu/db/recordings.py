"""The rows of recordings. Their files are kept by `wagu.recordings`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import RowMapping, delete, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from wagu.db.engine import Database
from wagu.db.keyset import LiveMark
from wagu.db.schema import live as live_table
from wagu.db.schema import member, recording
from wagu.domain.live import LiveId
from wagu.domain.recording import Recording, RecordingId
from wagu.errors import NotFound


@dataclass(frozen=True, slots=True)
class Kept:
    """`title` is that of its live, `host` the username of whose it is."""

    recording: Recording
    title: str
    host: str


@dataclass(frozen=True, slots=True)
class KeptPage:
    recordings: list[Kept]
    next: LiveMark | None


class RecordingRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def add(self, new: Recording) -> bool:
        """False when its live is gone meanwhile, or the recording is there already."""
        values = {
            "id": new.id,
            "live_id": new.live,
            "media_type": new.media_type,
            "seconds": new.seconds,
            "size": new.size,
            "created_at": new.created_at,
        }
        try:
            async with self._db.write() as connection:
                await connection.execute(insert(recording).values(values))
        except IntegrityError:
            return False
        return True

    async def finish(self, recording_id: RecordingId, seconds: float | None, size: int) -> bool:
        """It can be seen from now on. False when it is gone meanwhile."""
        change = update(recording).where(recording.c.id == recording_id)
        async with self._db.write() as connection:
            done = await connection.execute(change.values(seconds=seconds, size=size))
            return bool(done.rowcount)

    async def drop(self, recording_id: RecordingId) -> None:
        async with self._db.write() as connection:
            await connection.execute(delete(recording).where(recording.c.id == recording_id))

    async def unfinished(self) -> list[tuple[RecordingId, LiveId]]:
        """Those that are being made, or were when their process ended."""
        query = select(recording.c.id, recording.c.live_id).where(recording.c.size == 0)
        async with self._db.read() as connection:
            found = (await connection.execute(query)).all()
        return [(RecordingId(name), LiveId(live)) for name, live in found]

    async def of(self, live: LiveId) -> list[Recording]:
        """The finished ones, in the order in which they were made."""
        query = select(recording).where(recording.c.live_id == live, recording.c.size > 0)
        query = query.order_by(recording.c.created_at, recording.c.id)
        async with self._db.read() as connection:
            return [_recording_of(row) for row in (await connection.execute(query)).mappings()]

    async def page(self, *, after: LiveMark | None, limit: int) -> KeptPage:
        """The finished ones of everybody, the newest first."""
        order = (recording.c.created_at, recording.c.id)
        joined = recording.join(live_table, live_table.c.id == recording.c.live_id)
        query = (
            select(recording, live_table.c.title, member.c.username)
            .select_from(joined.join(member, member.c.id == live_table.c.host_id))
            .where(recording.c.size > 0)
            .order_by(*(column.desc() for column in order))
            .limit(limit + 1)
        )
        if after is not None:
            query = query.where(tuple_(*order) < (after.created_at, after.id))
        async with self._db.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        kept = [Kept(_recording_of(row), row["title"], row["username"]) for row in rows[:limit]]
        last = kept[-1].recording if len(rows) > limit else None
        end = None if last is None else LiveMark(last.created_at, last.id)
        return KeptPage(kept, end)

    async def get(self, live: LiveId, recording_id: RecordingId) -> Recording:
        """NotFound `recording.unknown`."""
        found = [each for each in await self.of(live) if each.id == recording_id]
        if not found:
            raise NotFound("recording.unknown", "없는 녹화예요.")
        return found[0]

    async def forget(self, live: LiveId) -> list[RecordingId]:
        """All of a live; which those were."""
        async with self._db.write() as connection:
            gone = delete(recording).where(recording.c.live_id == live)
            rows = await connection.execute(gone.returning(recording.c.id))
            return [RecordingId(found) for found in rows.scalars()]

    async def known(self, among: Collection[RecordingId]) -> set[RecordingId]:
        """Those that have a row."""
        query = select(recording.c.id).where(recording.c.id.in_(among))
        async with self._db.read() as connection:
            return {RecordingId(found) for found in (await connection.execute(query)).scalars()}


def _recording_of(row: RowMapping) -> Recording:
    return Recording(
        id=RecordingId(row["id"]),
        live=LiveId(row["live_id"]),
        media_type=row["media_type"],
        seconds=row["seconds"],
        size=row["size"],
        created_at=row["created_at"],
    )
