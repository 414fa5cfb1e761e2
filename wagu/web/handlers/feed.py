"""Posts as they come: my own, those of whom I follow, all that I may see."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from wagu.db.feed import Page, Scope
from wagu.db.keyset import Mark
from wagu.domain.person import MemberId
from wagu.domain.post import Category
from wagu.web import keys
from wagu.web.handlers.posts import CardView
from wagu.web.models import Query, View
from wagu.web.route import Call

PER_PAGE = 20

Limit = Annotated[int, Field(ge=1, le=50)]
After = Annotated[str | None, Field(max_length=40, description="`next` of the page before")]


class FeedQuery(Query):
    scope: Scope = Scope.EVERYONE
    category: Category | None = None
    after: After = None
    limit: Limit = PER_PAGE


class Cards(View):
    posts: list[CardView]
    next: Annotated[str | None, Field(description="`after` of the next page")]

    @classmethod
    def of(cls, page: Page, viewer: MemberId | None) -> Cards:
        cards = [CardView.of(card, viewer) for card in page.cards]
        return cls(posts=cards, next=None if page.next is None else str(page.next))


async def show(call: Call[FeedQuery]) -> Cards:
    query, viewer = call.input, call.viewer
    if query.scope is not Scope.EVERYONE:
        _, viewer = call.member
    page = await call[keys.FEED].page(
        scope=query.scope,
        viewer=viewer,
        category=query.category,
        after=mark(query.after),
        limit=query.limit,
    )
    return Cards.of(page, viewer)


def mark(text: str | None) -> Mark | None:
    return None if text is None else Mark.read(text)
