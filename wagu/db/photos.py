"""The rows of photos: whose they are, what shows them, who may see them. The pictures themselves
are with `wagu.images`, by digest.

A photo is used while a menu or a profile shows it. One that nothing shows any more is released, and
what is released is forgotten: the row first, then, when no row has its digest, the picture.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from wagu.db.engine import Database
from wagu.db.schema import member, menu, photo, post
from wagu.db.visibility import visible_to
from wagu.domain.person import MemberId
from wagu.domain.photo import UNUSED_MAX, Photo, PhotoId, unknown_photo
from wagu.errors import Conflict

SWEPT_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Sight:
    """A photo that the viewer may see; `everyone` may if somebody without an account may."""

    photo: Photo
    everyone: bool


class PhotoRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def check_room(self, owner: MemberId) -> None:
        """Conflict `photo.too_many_unused`."""
        async with self._db.read() as connection:
            await _check_room(connection, owner)

    async def create(
        self, *, owner: MemberId, digest: str, width: int, height: int, now: float
    ) -> Photo:
        """Conflict `photo.too_many_unused`."""
        photo_id = PhotoId(secrets.token_urlsafe(16))
        values = {
            "id": photo_id,
            "owner_id": owner,
            "digest": digest,
            "width": width,
            "height": height,
            "used": False,
            "created_at": now,
        }
        async with self._db.write() as connection:
            await _check_room(connection, owner)
            await connection.execute(insert(photo).values(values))
        return Photo(photo_id, owner, digest, width, height, used=False)

    async def seen(self, photo_id: PhotoId, viewer: MemberId | None) -> Sight:
        """NotFound `photo.unknown`, also for one that the viewer may not see."""
        for_all = _shown_to(None)
        seen = for_all if viewer is None else or_(photo.c.owner_id == viewer, _shown_to(viewer))
        query = select(photo, for_all.label("everyone")).where(photo.c.id == photo_id, seen)
        async with self._db.read() as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            raise unknown_photo()
        return Sight(_photo_of(row), everyone=bool(row.everyone))

    async def forget_unused(self, photo_id: PhotoId, owner: MemberId) -> str:
        """The digest of what was forgotten. NotFound `photo.unknown` unless it is the owner's,
        Conflict `photo.used`."""
        mine = and_(photo.c.id == photo_id, photo.c.owner_id == owner)
        async with self._db.write() as connection:
            row = (await connection.execute(select(photo).where(mine).with_for_update())).first()
            if row is None:
                raise unknown_photo()
            if row.used:
                raise Conflict("photo.used", "글이나 프로필에 쓴 사진이에요.")
            await connection.execute(delete(photo).where(mine))
        return str(row.digest)

    async def forget(self, photos: Collection[PhotoId]) -> set[str]:
        """Deletes those that are unused, whatever their age; the digests of what was deleted."""
        return await self._forget(photo.c.id.in_(photos)) if photos else set()

    async def sweep(self, before: float) -> set[str]:
        """Deletes some that were uploaded before that time and never used; their digests, none
        when there are no more."""
        old = and_(photo.c.used.is_(False), photo.c.created_at < before)
        some = select(photo.c.id).where(old).limit(SWEPT_AT_ONCE)
        return await self._forget(photo.c.id.in_(some))

    async def of_nobody(self, digests: Collection[str]) -> set[str]:
        """Those of `digests` that no photo has."""
        query = select(photo.c.digest).where(photo.c.digest.in_(digests))
        async with self._db.read() as connection:
            known = set((await connection.execute(query)).scalars())
        return set(digests) - known

    async def _forget(self, which: ColumnElement[bool]) -> set[str]:
        gone = delete(photo).where(which, photo.c.used.is_(False)).returning(photo.c.digest)
        async with self._db.write() as connection:
            return set((await connection.execute(gone)).scalars())


async def use(connection: AsyncConnection, owner: MemberId, photos: Collection[PhotoId]) -> bool:
    """Marks photos as shown; False, and nothing good to commit, if one is not the owner's."""
    if not photos:
        return True
    theirs = update(photo).where(photo.c.id.in_(photos), photo.c.owner_id == owner)
    return (await connection.execute(theirs.values(used=True))).rowcount == len(set(photos))


async def release(connection: AsyncConnection, photos: Sequence[PhotoId]) -> list[PhotoId]:
    """Marks those of `photos` as unused that nothing shows any more, and returns them: whoever
    commits this forgets them next."""
    if not photos:
        return []
    # Locked first: only then does PostgreSQL see what those who held the locks have committed.
    locked = select(photo.c.id).where(photo.c.id.in_(photos)).order_by(photo.c.id)
    await connection.execute(locked.with_for_update())
    idle = and_(
        photo.c.id.in_(photos),
        ~exists().where(menu.c.photo_id == photo.c.id),
        ~exists().where(member.c.photo_id == photo.c.id),
    )
    change = update(photo).where(idle).values(used=False).returning(photo.c.id)
    return [PhotoId(found) for found in (await connection.execute(change)).scalars()]


async def _check_room(connection: AsyncConnection, owner: MemberId) -> None:
    waiting = select(func.count()).where(photo.c.owner_id == owner, photo.c.used.is_(False))
    if (await connection.execute(waiting)).scalar_one() >= UNUSED_MAX:
        raise Conflict("photo.too_many_unused", "쓰지 않은 사진이 너무 많아요.")


def _shown_to(viewer: MemberId | None) -> ColumnElement[bool]:
    """Whether a profile shows it, or a post that the viewer may see."""
    shows = and_(menu.c.photo_id == photo.c.id, visible_to(viewer))
    in_post = exists().select_from(menu.join(post, post.c.id == menu.c.post_id)).where(shows)
    face = exists().where(member.c.photo_id == photo.c.id, member.c.deleted_at.is_(None))
    return or_(in_post, face)


def _photo_of(row: Row[*tuple[object, ...]]) -> Photo:
    return Photo(
        id=row.id,
        owner=row.owner_id,
        digest=row.digest,
        width=row.width,
        height=row.height,
        used=row.used,
    )
