"""Drafts of a review: written while one watches, by a model if the host has one."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Sequence
from typing import Annotated

from aiohttp import web
from pydantic import Field

from wagu.ai.events import Delta, Done, Event, Failed
from wagu.domain.draft import PHOTOS_MAX, Brief, Dish, Language, Origin, Tone, meal_of
from wagu.domain.menu import MENUS_MAX
from wagu.domain.person import MemberId
from wagu.domain.photo import photo_id, unknown_photo
from wagu.domain.post import Category
from wagu.errors import Invalid, NotFound, RateLimited
from wagu.images.sizes import Side
from wagu.web import keys
from wagu.web.event_stream import frame, send_events
from wagu.web.models import Body, View
from wagu.web.route import Call

PHOTO_SIDE: Side = 512
"""Enough to see a dish, and what models bill as one tile."""


class DraftMenu(Body):
    name: str
    price: Annotated[int | None, Field(description="in won")] = None


class NewDraft(Body):
    place: Annotated[str, Field(description="its name")]
    category: Category | None = None
    menus: list[DraftMenu] = Field(default=[], description=f"{MENUS_MAX} at most")
    words: Annotated[str, Field(description="a few of one's own")] = ""
    tone: Tone = Tone.RECORD
    language: Language = Language.KOREAN
    photo_ids: list[str] = Field(
        default=[], max_length=PHOTOS_MAX, description="of uploads of one's own"
    )


class DeltaView(View):
    text: str


class DoneView(View):
    origin: Origin


class FailedView(View):
    code: str
    message: Annotated[str, Field(description="for people, in Korean")]
    retry_after: Annotated[int, Field(description="seconds, where they are known")] = 0


async def create(call: Call[NewDraft]) -> web.StreamResponse:
    """Events `delta` {text}, then one `done` {origin} or `error` {code, message, retry_after?}."""
    _, member = call.member
    given, drafts = call.input, call[keys.DRAFTS]
    meal = meal_of(
        given.place, given.category, [Dish(menu.name, menu.price) for menu in given.menus],
        given.words,
    )  # fmt: skip
    photos = await photos_of(call, given.photo_ids, member)
    brief = Brief(meal, given.tone, given.language, photos)
    if drafts.by_ai:
        await take_one(call, member)
    events = drafts.write(brief, member)
    return await send_events(call.request, _frames(call, events, member))


async def take_one(call: Call[object], member: MemberId) -> None:
    """Of what a member may ask for in a day. RateLimited `ai.limit`."""
    wait = await call[keys.DRAFTS_A_DAY].take(member)
    if wait is not None:
        raise RateLimited(
            "ai.limit",
            "오늘 쓸 수 있는 AI 초안을 다 썼어요. 내일 다시 해 주세요.",
            retry_after=wait,
        )


async def photos_of(call: Call[object], ids: Sequence[str], member: MemberId) -> tuple[bytes, ...]:
    """JPEG files of one's own photos. They are looked at even when no model sees them, so that a
    wrong id is one whatever the host has set. Invalid `photo.unknown`."""
    found = []
    for one in ids:
        try:
            seen = await call[keys.PHOTOS].seen(photo_id(one), member)
            if seen.photo.owner != member:
                raise unknown_photo()
        except NotFound as unknown:
            raise Invalid(unknown.code, unknown.message, field="photo_ids") from None
        found.append(seen.photo)
    if not call[keys.DRAFTS].sees_photos:
        return ()
    album = call[keys.ALBUM]
    return tuple([(await album.rendition(photo, PHOTO_SIDE, "jpg")).content for photo in found])


async def _frames(
    call: Call[NewDraft], events: AsyncGenerator[Event, None], member: MemberId
) -> AsyncGenerator[bytes, None]:
    """A draft that never began is not counted."""
    begun = False
    async with contextlib.aclosing(events):
        async for event in events:
            match event:
                case Delta():
                    begun = True
                    yield frame("delta", DeltaView(text=event.text))
                case Done():
                    yield frame("done", DoneView(origin=event.origin))
                case Failed():
                    if not begun and event.code != "ai.refused":
                        await call[keys.DRAFTS_A_DAY].give_back(member)
                    yield frame("error", _failed(event))


def _failed(event: Failed) -> FailedView:
    if event.retry_after is None:
        return FailedView(code=event.code, message=event.message)
    wait = round(event.retry_after)
    return FailedView(code=event.code, message=event.message, retry_after=wait)
