"""Somebody out of everything at once: an account that was closed, a member who was suspended."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from wagu.bus import LiveEnded, SessionEnded, ShareMapEnded
from wagu.domain.live import LiveId
from wagu.domain.person import Person
from wagu.web import keys
from wagu.web.route import Call


async def out_of_everything(
    call: Call[object],
    person: Person,
    lives: Iterable[LiveId],
    reason: Literal["by_host", "by_admin"],
) -> None:
    """`lives` are theirs, which the database has ended. Their shared maps and sessions end here."""
    for live in lives:
        call[keys.BUS].publish(LiveEnded(live, reason))
    for share_map in await call[keys.SHARE_MAPS].hosted_by(person.id):
        await call[keys.SHARE_MAPS].end(share_map.id)
        call[keys.BUS].publish(ShareMapEnded(share_map.id))
    await call[keys.SESSIONS].end_others(person, keep=None)
    call[keys.BUS].publish(SessionEnded(person.id))
