"""What a model believes to see on photos of a meal, to fill a form with: a category and dishes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from wagu.ai.events import Failed
from wagu.domain.draft import PHOTOS_MAX, Language
from wagu.domain.post import Category
from wagu.errors import Conflict, RateLimited, Unavailable, WaguError
from wagu.web import keys
from wagu.web.handlers.drafts import photos_of, take_one
from wagu.web.models import Body, View
from wagu.web.route import Call

COME_BACK = 10.0
"""Seconds, where the endpoint does not say how many."""


class PhotosToSee(Body):
    photo_ids: Annotated[
        list[str],
        Field(min_length=1, max_length=PHOTOS_MAX, description="of uploads of one's own"),
    ]
    language: Language = Language.KOREAN


class SuggestionView(View):
    category: Category | None
    menus: Annotated[list[str], Field(description="names; none when it cannot tell")]


async def create(call: Call[PhotosToSee]) -> SuggestionView:
    """A guess, for the author to pick from. Counted as a draft is, unless nothing came of it."""
    _, member = call.member
    drafts, given = call[keys.DRAFTS], call.input
    if not drafts.sees_photos:
        raise Conflict("ai.blind", "이 서버의 AI는 사진을 보지 못해요.")
    photos = await photos_of(call, given.photo_ids, member)
    await take_one(call, member)
    found = await drafts.suggest(photos, given.language, member)
    if not isinstance(found, Failed):
        return SuggestionView(category=found.category, menus=list(found.dishes))
    if found.code != "ai.refused":
        await call[keys.DRAFTS_A_DAY].give_back(member)
    raise _error(found)


def _error(failure: Failed) -> WaguError:
    if failure.code == "ai.busy":
        wait = COME_BACK if failure.retry_after is None else failure.retry_after
        return RateLimited(failure.code, failure.message, retry_after=wait)
    kind = Conflict if failure.code == "ai.refused" else Unavailable
    return kind(failure.code, failure.message)
